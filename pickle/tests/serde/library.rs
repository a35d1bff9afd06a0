//! Objects of Python's library, in streams of all protocols and in the heap.

use std::collections::BTreeMap;
use std::fmt::Debug;

use halfsour_pickle::serde::{Category, from_slice, from_value};
use halfsour_runtime::{Context, Runtime, Value};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Checks that an object, made in a runtime of either Python, is read as a value: from the heap, and from what is pickled of
/// it at each protocol.
fn check<T: DeserializeOwned + PartialEq + Debug>(
    module: &str,
    make: impl for<'gc> Fn(Context<'gc>, Value<'gc>) -> halfsour_runtime::Result<'gc>,
    expected: &T,
) {
    for (runtime, highest) in [(Runtime::python2(), 2), (Runtime::python3(), 5)] {
        let mut runtime = runtime;
        let checked = runtime.try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            halfsour_stdlib::install(ctx)?;
            let module = match ctx.import(module) {
                Ok(module) => module,
                // This Python has it not.
                Err(_) => return Ok(()),
            };
            let object = make(ctx, module)?;
            assert_eq!(from_value::<T>(ctx, object).unwrap(), *expected);
            for protocol in 0..=highest {
                let pickler = halfsour_pickle::Pickler::new().protocol(protocol);
                let bytes = pickler.dumps(ctx, object)?;
                let read = from_slice::<T>(&bytes);
                assert_eq!(read.unwrap(), *expected, "{}", bytes.escape_ascii());
            }
            Ok(())
        });
        checked.unwrap();
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn collections() {
    let entries = BTreeMap::from([(text("a"), 1), (text("b"), 2)]);
    check(
        "collections",
        |ctx, module| {
            let object = module.call_method(ctx, "OrderedDict", ())?;
            object.set_item(ctx, "b", 2)?;
            object.set_item(ctx, "a", 1)?;
            Ok(object)
        },
        &entries,
    );
    check(
        "collections",
        |ctx, module| {
            let object = module.call_method(ctx, "defaultdict", (ctx.types().int,))?;
            object.set_item(ctx, "b", 2)?;
            object.set_item(ctx, "a", 1)?;
            Ok(object)
        },
        &entries,
    );
    check("collections", |ctx, module| module.call_method(ctx, "Counter", ("abb",)), &entries);
    check(
        "collections",
        |ctx, module| module.call_method(ctx, "OrderedDict", ()),
        &BTreeMap::<u8, u8>::new(),
    );
    check(
        "collections",
        |ctx, module| module.call_method(ctx, "deque", (vec![1, 2, 3], 3)),
        &vec![1, 2, 3],
    );
    check("collections", |ctx, module| module.call_method(ctx, "deque", ()), &Vec::<u8>::new());
}

#[test]
fn named_tuples() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
        y: Option<String>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename = "Point")]
    struct Tuple(i64, Option<String>);
    fn point<'gc>(ctx: Context<'gc>, module: Value<'gc>) -> halfsour_runtime::Result<'gc> {
        let class = module.call_method(ctx, "namedtuple", ("Point", "x y"))?;
        class.set_attr(ctx, "__module__", "plane")?;
        let plane = ctx.new_module("plane")?;
        plane.set(ctx, "Point", class)?;
        class.call(ctx, (3, Value::None))
    }
    check("collections", point, &Point { x: 3, y: None });
    check("collections", point, &Tuple(3, None));
}

#[test]
fn numbers() {
    check("decimal", |ctx, module| module.call_method(ctx, "Decimal", ("1.50",)), &text("1.50"));
    check("fractions", |ctx, module| module.call_method(ctx, "Fraction", (1, 3)), &text("1/3"));
    check(
        "collections",
        |ctx, _| Ok(halfsour_runtime::Complex::new(ctx, 1.0, -2.0).into()),
        &(1.0, -2.0),
    );
    check("collections", |ctx, _| Value::from(ctx.types().set).call(ctx, ()), &Vec::<u8>::new());
}

#[test]
fn sets_and_bytes() {
    check(
        "collections",
        |ctx, _| Ok(halfsour_runtime::FrozenSet::from_items(ctx, &[Value::Int(7)])?.into()),
        &vec![7],
    );
    check(
        "collections",
        |ctx, _| Ok(halfsour_runtime::Set::from_items(ctx, &[Value::Int(7)])?.into()),
        &[7],
    );
    check(
        "collections",
        |ctx, _| Ok(halfsour_runtime::ByteArray::from_vec(ctx, vec![0, 200]).into()),
        &vec![0_u8, 200],
    );
}

/// A `datetime` of these fields and a time zone.
fn at<'gc>(
    ctx: Context<'gc>,
    module: Value<'gc>,
    fields: &[i64],
    zone: Value<'gc>,
) -> halfsour_runtime::Result<'gc> {
    let mut args: Vec<Value<'gc>> = fields.iter().map(|&field| Value::Int(field)).collect();
    args.push(zone);
    module.call_method(ctx, "datetime", &args[..])
}

#[test]
fn dates() {
    check(
        "datetime",
        |ctx, module| at(ctx, module, &[2024, 2, 29, 13, 5, 9, 70], Value::None),
        &text("2024-02-29T13:05:09.000070"),
    );
    check(
        "datetime",
        |ctx, module| module.call_method(ctx, "date", (33, 1, 2)),
        &text("0033-01-02"),
    );
    check("datetime", |ctx, module| module.call_method(ctx, "time", (1, 2)), &text("01:02:00"));
    check("datetime", |ctx, module| module.call_method(ctx, "timedelta", (-1, 3, 5)), &(-1, 3, 5));
}

#[test]
fn dates_with_time_zones() {
    let read = |hours: i64| {
        Runtime::python3()
            .try_enter(|ctx| {
                halfsour_copyreg::install(ctx)?;
                halfsour_stdlib::install(ctx)?;
                let module = ctx.import("datetime")?;
                let delta = module.call_method(ctx, "timedelta", (0, hours * 3600))?;
                let zone = module.call_method(ctx, "timezone", (delta,))?;
                let at = at(ctx, module, &[2024, 1, 2, 3, 4, 5, 0], zone)?;
                let read = from_value::<String>(ctx, at).unwrap();
                for protocol in 0..=5 {
                    let bytes =
                        halfsour_pickle::Pickler::new().protocol(protocol).dumps(ctx, at)?;
                    assert_eq!(from_slice::<String>(&bytes).unwrap(), read);
                }
                Ok(read)
            })
            .unwrap()
    };
    assert_eq!(read(0), "2024-01-02T03:04:05+00:00");
    assert_eq!(read(-5), "2024-01-02T03:04:05-05:00");
    // A zone that only its own class understands.
    let zone = b"\x80\x04\x8c\x08datetime\x8c\x08datetime\x93C\x0a\x07\xe8\x01\x02\x03\x04\x05\0\0\0\x8c\x04pytz\x8c\x02_p\x93\x8c\x0dEurope/Berlin\x85R\x86R.";
    let error = from_slice::<String>(zone).unwrap_err();
    assert_eq!(error.category(), Category::Unsupported);
    assert_eq!(error.message(), "the time zone of the class pytz._p has no fixed offset");
}

#[test]
fn uuids_and_paths() {
    check(
        "uuid",
        |ctx, module| module.call_method(ctx, "UUID", ("12345678-1234-5678-1234-567812345678",)),
        &text("12345678-1234-5678-1234-567812345678"),
    );
    check(
        "uuid",
        |ctx, module| module.call_method(ctx, "UUID", ("f2345678-1234-5678-1234-567812345678",)),
        &text("f2345678-1234-5678-1234-567812345678"),
    );
    check(
        "pathlib",
        |ctx, module| module.call_method(ctx, "PurePosixPath", ("/usr/lib", "a")),
        &text("/usr/lib/a"),
    );
}
