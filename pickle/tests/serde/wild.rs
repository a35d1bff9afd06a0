//! Pickles that other people's libraries wrote, as types.

use std::collections::HashMap;
use std::sync::OnceLock;

use halfsour_corpus::{WildFile, folder, wild_manifests};
use halfsour_pickle::serde::{Classes, Parts, Reader, from_slice};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::bytes::ByteBuf;

/// The files by their name, each with its pickles.
fn files() -> &'static HashMap<String, Vec<Vec<u8>>> {
    static FILES: OnceLock<HashMap<String, Vec<Vec<u8>>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = HashMap::new();
        for path in wild_manifests(&folder::data()).unwrap() {
            for file in WildFile::read_manifest(&path).unwrap() {
                let streams = file.streams().unwrap();
                files.insert(file.file, streams.into_iter().map(|stream| stream.bytes).collect());
            }
        }
        files
    })
}

/// Reads the pickle of each file into a type that is called as the class.
fn read<T: DeserializeOwned>(names: &[&str]) -> Vec<T> {
    let read = |name: &&str| {
        let read = from_slice(&files()[*name][0]);
        read.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    names.iter().map(read).collect()
}

/// Reads the pickle of each file into a type, whatever the class is called.
fn read_any<T: DeserializeOwned>(names: &[&str]) -> Vec<T> {
    let reader = Reader::new().classes(Classes::Any);
    let read = |name: &&str| {
        let read = reader.from_slice(&files()[*name][0]);
        read.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    names.iter().map(read).collect()
}

/// numpy's arrays: a function makes them, and the state has what they hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Array(i32, Vec<usize>, Dtype, bool, ByteBuf);

/// numpy's element types: the first argument names one, the second item of the state is its byte order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    from = "Parts<(String, IgnoredAny, IgnoredAny), (i32, String, IgnoredAny, IgnoredAny, IgnoredAny, i32, i32, i32)>"
)]
struct Dtype {
    name: String,
    order: String,
}

type DtypeParts = Parts<
    (String, IgnoredAny, IgnoredAny),
    (i32, String, IgnoredAny, IgnoredAny, IgnoredAny, i32, i32, i32),
>;

impl From<DtypeParts> for Dtype {
    fn from(parts: DtypeParts) -> Self {
        let order = parts.state.map(|state| state.1).unwrap_or_default();
        Self { name: parts.args.0, order }
    }
}

impl Array {
    fn floats(&self) -> Vec<f64> {
        assert_eq!((self.2.name.as_str(), self.2.order.as_str()), ("f8", "<"));
        let number = |bytes: &[u8]| f64::from_le_bytes(bytes.try_into().unwrap());
        self.4.0.chunks_exact(8).map(number).collect()
    }
}

#[test]
fn numpy_dtypes_arrays_and_scalars() {
    for dtype in read::<Dtype>(&[
        "numpy-dtype.py27.p0.pkl",
        "numpy-dtype.py313.p2.pkl",
        "numpy-dtype.py38.p4.pkl",
    ]) {
        assert_eq!(dtype, Dtype { name: "f8".into(), order: "<".into() });
    }
    for array in read_any::<Array>(&[
        "numpy-array-bigendian.py27.p2.pkl",
        "numpy-array-bigendian.py27.p1.pkl",
    ]) {
        assert_eq!(array.1, [4]);
        assert_eq!(array.2, Dtype { name: "i4".into(), order: ">".into() });
        assert_eq!(array.4.0, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);
    }
    #[derive(Deserialize)]
    #[serde(rename = "scalar")]
    struct Scalar(Dtype, ByteBuf);
    for scalar in read::<Scalar>(&["numpy-scalar-i8.py27.p2.pkl", "numpy-scalar-i8.py313.p4.pkl"]) {
        assert_eq!(scalar.0.name, "i8");
        assert_eq!(i64::from_le_bytes(scalar.1.0.try_into().unwrap()), -3);
    }
}

#[test]
fn scikit_learn_models() {
    #[derive(Deserialize)]
    struct LinearRegression {
        fit_intercept: bool,
        coef_: Array,
    }
    let reader = Reader::new().classes(Classes::Any);
    let bytes = &files()["sklearn-LinearRegression.py38.p4.pkl"][0];
    let model: LinearRegression = reader.from_slice(bytes).unwrap();
    assert!(model.fit_intercept);
    assert_eq!(model.coef_.floats().len(), 4);
    assert!((model.coef_.floats()[0] - 0.323663).abs() < 1e-4, "{:?}", model.coef_.floats());
    #[derive(Deserialize)]
    struct LabelEncoder {
        classes_: Array,
        _sklearn_version: String,
    }
    let encoder = &read_any::<LabelEncoder>(&["sklearn-LabelEncoder.py313.p4.pkl"])[0];
    assert_eq!((encoder.classes_.2.name.as_str(), &encoder.classes_.1[..]), ("U1", &[3][..]));
    assert_eq!(encoder._sklearn_version, "1.9.1");
    #[derive(Deserialize)]
    struct GaussianNB {
        var_smoothing: f64,
        theta_: Array,
    }
    let model = &read_any::<GaussianNB>(&["sklearn-GaussianNB.py27.p2.pkl"])[0];
    assert_eq!(model.var_smoothing, 1e-9);
    assert_eq!((model.theta_.1.as_slice(), model.theta_.floats().len()), (&[2, 4][..], 8));
}

#[test]
fn django_models_and_rows() {
    #[derive(Deserialize)]
    struct ModelState {
        adding: bool,
        db: String,
    }
    #[derive(Deserialize)]
    #[serde(rename = "model_unpickle")]
    struct User {
        id: u32,
        username: String,
        email: String,
        date_joined: String,
        last_login: Option<String>,
        _state: ModelState,
    }
    for user in read::<User>(&[
        "django-model.py27.p2.pkl",
        "django-model.py27.p0.pkl",
        "django-model.py313.p4.pkl",
        "django-model.py313.p2.pkl",
    ]) {
        assert_eq!((user.id, user.username.as_str()), (2, "u1"));
        assert_eq!(user.email, "u1@ex\u{e4}mple.org");
        assert_eq!(user.date_joined, "2020-01-02T00:00:00+00:00");
        assert_eq!(user.last_login, None);
        assert_eq!((user._state.adding, user._state.db.as_str()), (false, "default"));
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        username: String,
        is_active: bool,
    }
    for rows in read::<Vec<Row>>(&["django-values.py27.p0.pkl", "django-values.py313.p4.pkl"]) {
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[2], Row { username: "u2".into(), is_active: true });
    }
    #[derive(Deserialize)]
    struct Session {
        _auth_user_id: String,
        cart: (u8, u8, HashMap<String, String>),
        when: String,
        n: u128,
    }
    let session = &read::<Session>(&["django-session-dict.py313.p4.pkl"])[0];
    assert_eq!(session._auth_user_id, "1");
    assert_eq!(session.cart.2["sku"], "\u{e4}");
    assert_eq!(session.when, "2020-01-01T00:00:00");
    assert_eq!(session.n, 100_000_000_000_000_000_000);
    #[derive(Debug, PartialEq, Deserialize)]
    struct SafeString(String);
    let safe = read::<SafeString>(&["django-safestring.py313.p4.pkl"]);
    assert_eq!(safe, [SafeString("<b>".into())]);
}

#[test]
fn celery_and_kombu() {
    #[derive(Debug, Deserialize)]
    #[serde(rename = "signature")]
    struct Signature {
        task: String,
        args: Vec<i64>,
        kwargs: HashMap<String, serde_json::Value>,
        immutable: bool,
    }
    for signature in read::<Signature>(&[
        "celery-signature.py27.p2.pkl",
        "celery-signature.py313.p2.pkl",
        "celery-signature.py313.p4.pkl",
    ]) {
        assert_eq!((signature.task.as_str(), &signature.args[..]), ("wild.add", &[1][..]));
        assert_eq!(signature.kwargs["y"], 2);
        assert!(!signature.immutable);
    }
    #[derive(Deserialize)]
    struct Exchange {
        name: String,
        durable: bool,
        delivery_mode: Option<u8>,
    }
    for (class, exchange) in read_any::<(String, Exchange)>(&[
        "kombu-Exchange.py27.p2.pkl",
        "kombu-Exchange.py313.p4.pkl",
    ]) {
        assert_eq!(class, "kombu.entity.Exchange");
        assert_eq!(
            (exchange.name.as_str(), exchange.durable, exchange.delivery_mode),
            ("e", true, None)
        );
    }
}

#[test]
fn graphs_trees_and_counts() {
    #[derive(Deserialize)]
    struct DiGraph {
        _node: HashMap<u32, IgnoredAny>,
        _adj: HashMap<u32, HashMap<u32, IgnoredAny>>,
    }
    for graph in
        read::<DiGraph>(&["networkx-DiGraph.py313.p2.pkl", "networkx-DiGraph.py313.p5.pkl"])
    {
        assert_eq!(graph._node.len(), 2);
        assert!(graph._adj[&1].contains_key(&2) && graph._adj[&2].contains_key(&1));
    }
    #[derive(Deserialize)]
    struct Length(u32);
    for length in read::<Length>(&["btrees-Length.py27.p0.pkl", "btrees-Length.py313.p4.pkl"]) {
        assert_eq!(length.0, 3);
    }
    // Keys and values in turn, in a tuple of buckets of a tree of one bucket.
    type Bucket<T> = (((T,),),);
    let trees = read_any::<Bucket<(String, u8, String, u8)>>(&[
        "btrees-OOBTree.py27.p2.pkl",
        "btrees-OOBTree.py313.p2.pkl",
    ]);
    assert_eq!(trees[0].0.0.0, ("a".into(), 1, "b".into(), 2));
    assert_eq!(trees[0], trees[1]);
    #[derive(Debug, PartialEq, Deserialize)]
    struct FreqDist(HashMap<String, u32>);
    for counts in read::<FreqDist>(&["nltk-FreqDist.py27.p2.pkl", "nltk-FreqDist.py313.p2.pkl"]) {
        assert_eq!((counts.0.len(), counts.0["a"]), (5, 5));
    }
    #[derive(Deserialize)]
    struct ConditionalFreqDist(HashMap<u32, FreqDist>);
    let counts = &read::<ConditionalFreqDist>(&["nltk-ConditionalFreqDist.py313.p4.pkl"])[0];
    assert_eq!(counts.0[&1].0["a"], 2);
}

#[test]
fn dates_and_numbers_of_libraries() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename = "_unpickle_timestamp")]
    struct Timestamp(i64, IgnoredAny, Option<String>, #[serde(default)] u8);
    for stamp in
        read::<Timestamp>(&["pandas-Timestamp.py313.p2.pkl", "pandas-Timestamp.py313.p4.pkl"])
    {
        assert_eq!((stamp.0, stamp.2), (1_577_934_245_678_000, None));
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct MonthEnd(i32, bool);
    assert_eq!(read::<MonthEnd>(&["pandas-offset.py313.p4.pkl"]), [MonthEnd(2, false)]);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Rational(i64, i64);
    for third in read::<Rational>(&["sympy-rational.py313.p2.pkl", "sympy-rational.py313.p4.pkl"]) {
        assert_eq!(third, Rational(1, 3));
    }
}

#[test]
fn the_standard_library() {
    #[derive(Deserialize)]
    struct Arguments {
        a: u8,
        b: Vec<String>,
    }
    for arguments in
        read::<Arguments>(&["stdlib-argparse-ns.py311.p2.pkl", "stdlib-argparse-ns.py313.p5.pkl"])
    {
        assert_eq!((arguments.a, arguments.b), (1, vec!["x".to_owned()]));
    }
    #[derive(Deserialize)]
    struct UserDict {
        data: HashMap<String, u8>,
    }
    for dict in read::<UserDict>(&[
        "stdlib-UserDict.py27.p0.pkl",
        "stdlib-UserDict.py27.p1.pkl",
        "stdlib-UserDict.py27.p2.pkl",
    ]) {
        assert_eq!(dict.data["a"], 1);
    }
    #[derive(Deserialize)]
    struct ModuleSpec {
        name: String,
        origin: Option<String>,
        _uninitialized_submodules: Vec<String>,
    }
    let spec = &read::<ModuleSpec>(&["stdlib-ModuleSpec.py313.p4.pkl"])[0];
    assert_eq!((spec.name.as_str(), &spec.origin), ("m", &None));
    assert!(spec._uninitialized_submodules.is_empty());
    #[derive(Deserialize)]
    #[serde(rename = "rebuild_exc")]
    struct Raised(Parts<(String,)>, String);
    let raised = &read::<Raised>(&["stdlib-mp-exception.py313.p4.pkl"])[0];
    assert_eq!(
        (raised.0.class.as_str(), raised.0.args.0.as_str()),
        ("builtins.KeyError", "worker 3")
    );
    assert!(raised.1.contains("KeyError"));
}
