//! With real CPythons: what is written loads there to the equal object, and what they write is read.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use halfsour_corpus::python::{find_python27, find_python313};
use halfsour_pickle::Flavour;
use halfsour_pickle::serde::{Writer, from_slice};
use serde::{Deserialize, Serialize};

use crate::bytes::ByteBuf;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Recipe {
    title: String,
    jars: Vec<(String, u16)>,
    rating: Option<f64>,
    photo: ByteBuf,
    tags: BTreeMap<String, Kind>,
    big: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Spicy(u8),
    Mixed { parts: Vec<i64> },
}

fn recipe() -> Recipe {
    Recipe {
        title: "Cornichons \u{e0} la cr\u{e8}me".into(),
        jars: vec![("dill".into(), 500), ("salt".into(), 40)],
        rating: Some(4.5),
        photo: ByteBuf((0..=255).collect()),
        tags: BTreeMap::from([
            ("a".into(), Kind::Plain),
            ("b".into(), Kind::Spicy(3)),
            ("c".into(), Kind::Mixed { parts: vec![-1, 1 << 40] }),
        ]),
        big: u64::MAX,
    }
}

/// Reads a pickle, compares it with what it should be, and writes it at a protocol; an instance as one.
const PROGRAM: &str = r#"
import sys, pickle
stdin, stdout = getattr(sys.stdin, 'buffer', sys.stdin), getattr(sys.stdout, 'buffer', sys.stdout)
class Recipe(object):
    pass
read = pickle.loads(stdin.read())
data = read if isinstance(read, dict) else read.__dict__
assert (type(read) is Recipe) == (sys.argv[2] == 'instance'), type(read)
photo = data['photo']
assert photo == bytes(bytearray(range(256))), photo
assert data == {
    'title': b'Cornichons \xc3\xa0 la cr\xc3\xa8me'.decode('utf-8'),
    'jars': [('dill', 500), ('salt', 40)],
    'rating': 4.5,
    'photo': photo,
    'tags': {'a': 'Plain', 'b': {'Spicy': 3}, 'c': {'Mixed': {'parts': [-1, 1 << 40]}}},
    'big': (1 << 64) - 1,
}, data
stdout.write(pickle.dumps(read, int(sys.argv[1])))
"#;

fn through(python: &Path, bytes: &[u8], protocol: i32, form: &str) -> Vec<u8> {
    let mut child = Command::new(python)
        .args(["-E", "-s", "-B", "-c", PROGRAM, &protocol.to_string(), form])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "protocol {protocol}, {form}: {}", bytes.escape_ascii());
    output.stdout
}

#[test]
fn there_and_back() {
    let mut skipped = Vec::new();
    let pythons = [("2.7", find_python27(), 2), ("3.13", find_python313(), 5)];
    for (version, python, highest) in pythons {
        let Some(python) = python else {
            skipped.push(version);
            continue;
        };
        for protocol in 0..=highest {
            let writer = Writer::new().protocol(protocol);
            let mut written = vec![
                ("dict", writer.to_vec(&recipe())),
                (
                    "instance",
                    Writer::new().protocol(protocol).classes_in("__main__").to_vec(&recipe()),
                ),
            ];
            if version == "2.7" {
                let writer = Writer::new().protocol(protocol).flavour(Flavour::CPickle);
                written.push(("dict", writer.to_vec(&recipe())));
                let writer = Writer::new().protocol(protocol).flavour(Flavour::CPickle);
                written.push(("instance", writer.classes_in("__main__").to_vec(&recipe())));
            }
            for (form, bytes) in written {
                let back = through(&python, &bytes.unwrap(), protocol, form);
                assert_eq!(
                    from_slice::<Recipe>(&back).unwrap(),
                    recipe(),
                    "{}",
                    back.escape_ascii()
                );
            }
        }
    }
    if !skipped.is_empty() {
        println!("skipped, for want of a CPython {}", skipped.join(" and a "));
    }
}

/// Objects of the library and classes of all kinds, as a CPython writes them.
#[test]
fn what_cpython_writes() {
    const PROGRAM: &str = r#"
import sys, pickle, collections, datetime, decimal, fractions, uuid, enum, dataclasses, pathlib, types
class Color(enum.Enum):
    RED = 'red'
class Size(enum.IntEnum):
    L = 2
class Old:
    def __init__(self): self.x = 1
class Slots:
    __slots__ = ('a', 'b')
@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: int
    b: str
@dataclasses.dataclass
class Data:
    a: int
    b: str
Point = collections.namedtuple('Point', 'x y')
class Outer:
    class Inner:
        pass
slots = Slots()
slots.a, slots.b = 1, 'two'
inner = Outer.Inner()
inner.name = 'in'
utc = datetime.timezone.utc
everything = {
    'color': Color.RED, 'size': Size.L, 'old': Old(), 'slots': slots, 'frozen': Frozen(1, 'two'), 'data': Data(1, 'two'),
    'point': Point(1, 'two'), 'inner': inner, 'ordered': collections.OrderedDict([('z', 1), ('a', 2)]),
    'counter': collections.Counter('abb'), 'deque': collections.deque([1, 2], 5), 'set': {1}, 'frozenset': frozenset([2]),
    'default': collections.defaultdict(list, {'k': [1]}),
    'when': datetime.datetime(2024, 2, 29, 23, 59, 58, 7, tzinfo=utc), 'day': datetime.date(2024, 2, 29),
    'time': datetime.time(1, 2, 3), 'delta': datetime.timedelta(1, 2, 3), 'decimal': decimal.Decimal('1.10'),
    'fraction': fractions.Fraction(1, 3), 'uuid': uuid.UUID(int=5), 'path': pathlib.PurePosixPath('/a/b'),
    'space': types.SimpleNamespace(n=1), 'bytes': b'\xff', 'array': bytearray(b'\x01'), 'complex': 1+2j,
}
sys.stdout.buffer.write(pickle.dumps(everything, int(sys.argv[1])))
"#;
    #[derive(Debug, PartialEq, Deserialize)]
    enum Color {
        #[serde(rename = "red")]
        Red,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    enum Size {
        #[serde(rename = "2")]
        L,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Old {
        x: u8,
    }
    macro_rules! pairs {
        ($($name:ident),*) => {$(
            #[derive(Debug, PartialEq, Deserialize)]
            struct $name {
                a: u8,
                b: String,
            }
        )*};
    }
    pairs!(Slots, Frozen, Data);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: u8,
        y: String,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        name: String,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Space {
        n: u8,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Everything {
        color: Color,
        size: Size,
        old: Old,
        slots: Slots,
        frozen: Frozen,
        data: Data,
        point: Point,
        inner: Inner,
        ordered: BTreeMap<String, u8>,
        counter: BTreeMap<char, u8>,
        deque: (u8, u8),
        set: Vec<u8>,
        frozenset: [u8; 1],
        default: BTreeMap<String, Vec<u8>>,
        when: String,
        day: String,
        time: String,
        delta: (i32, u32, u32),
        decimal: String,
        fraction: String,
        uuid: String,
        path: String,
        space: Space,
        bytes: ByteBuf,
        array: ByteBuf,
        complex: (f64, f64),
    }
    let Some(python) = find_python313() else {
        println!("skipped, for want of a CPython 3.13");
        return;
    };
    // Below protocol 2 objects with slots cannot be pickled.
    for protocol in 2..=5 {
        let output = Command::new(&python)
            .args(["-E", "-s", "-B", "-c", PROGRAM, &protocol.to_string()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read = from_slice::<Everything>(&output.stdout);
        let read = read.unwrap_or_else(|error| panic!("protocol {protocol}: {error}"));
        let two = || "two".to_owned();
        let expected = Everything {
            color: Color::Red,
            size: Size::L,
            old: Old { x: 1 },
            slots: Slots { a: 1, b: two() },
            frozen: Frozen { a: 1, b: two() },
            data: Data { a: 1, b: two() },
            point: Point { x: 1, y: two() },
            inner: Inner { name: "in".into() },
            ordered: BTreeMap::from([("z".into(), 1), ("a".into(), 2)]),
            counter: BTreeMap::from([('a', 1), ('b', 2)]),
            deque: (1, 2),
            set: vec![1],
            frozenset: [2],
            default: BTreeMap::from([("k".into(), vec![1])]),
            when: "2024-02-29T23:59:58.000007+00:00".into(),
            day: "2024-02-29".into(),
            time: "01:02:03".into(),
            delta: (1, 2, 3),
            decimal: "1.10".into(),
            fraction: "1/3".into(),
            uuid: "00000000-0000-0000-0000-000000000005".into(),
            path: "/a/b".into(),
            space: Space { n: 1 },
            bytes: ByteBuf(vec![0xff]),
            array: ByteBuf(vec![1]),
            complex: (1.0, 2.0),
        };
        assert_eq!(read, expected, "protocol {protocol}");
    }
}
