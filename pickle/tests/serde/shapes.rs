//! Every shape of serde's data model, in both directions: what it is in Python, and back from a slice, a reader and the heap.

use std::collections::BTreeMap;
use std::fmt::Debug;

use halfsour_pickle::serde::{Enums, Writer, from_reader, from_slice, from_value, to_value};
use halfsour_pickle::{Flavour, Unpickler};
use halfsour_runtime::{Context, Runtime, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::bytes::ByteBuf;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Meters(f64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i8, String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Jar {
    label: String,
    grams: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box(i32, i32),
    Text { text: String, at: (u8, u8) },
}

fn repr<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> halfsour_runtime::Result<'gc, String> {
    value.repr(ctx)?.to(ctx)
}

/// Checks one value: that it is `python` in Python 3 at every protocol, and comes back from there.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T, python: &str) {
    for protocol in 0..=5 {
        check_with(&Writer::new().protocol(protocol), &value, python);
    }
    for flavour in [Flavour::Pickle, Flavour::CPickle] {
        for protocol in 0..=2 {
            let writer = Writer::new().flavour(flavour).protocol(protocol);
            let bytes = writer.to_vec(&value).unwrap();
            assert_eq!(from_slice::<T>(&bytes).unwrap(), value, "{bytes:?}");
            Runtime::python2()
                .try_enter(|ctx| {
                    let loaded = halfsour_pickle::loads(ctx, &bytes)?;
                    assert_eq!(from_value::<T>(ctx, loaded).unwrap(), value);
                    let made = to_value(ctx, &value).unwrap();
                    assert_eq!(from_value::<T>(ctx, made).unwrap(), value);
                    assert!(made.equals(ctx, loaded)? || python.contains("nan"));
                    Ok(())
                })
                .unwrap();
        }
    }
    let made = Runtime::python3().try_enter(|ctx| {
        let made = to_value(ctx, &value).unwrap();
        assert_eq!(from_value::<T>(ctx, made).unwrap(), value);
        repr(ctx, made)
    });
    assert_eq!(made.unwrap(), python);
}

fn check_with<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    writer: &Writer<'_>,
    value: &T,
    python: &str,
) {
    let bytes = writer.to_vec(value).unwrap();
    let mut written = Vec::new();
    writer.to_writer(&mut written, value).unwrap();
    assert_eq!(written, bytes);
    assert_eq!(from_slice::<T>(&bytes).unwrap(), *value, "{bytes:?}");
    // A reader that goes on behind the pickle is left there.
    let mut more = [&bytes[..], b"rest"].concat();
    let mut reader = &more[..];
    assert_eq!(from_reader::<T>(&mut reader).unwrap(), *value);
    assert_eq!(reader, b"rest");
    more.clear();
    let shown = Runtime::python3().try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        let loaded = Unpickler::new().loads(ctx, &bytes)?;
        assert_eq!(from_value::<T>(ctx, loaded).unwrap(), *value);
        repr(ctx, loaded)
    });
    assert_eq!(shown.unwrap(), python, "{bytes:?}");
}

#[test]
fn bools_and_ints() {
    check(true, "True");
    check(false, "False");
    check(i8::MIN, "-128");
    check(i16::MIN, "-32768");
    check(i32::MIN, "-2147483648");
    check(i64::MIN, "-9223372036854775808");
    check(i64::MAX, "9223372036854775807");
    check(i128::MIN, "-170141183460469231731687303715884105728");
    check(u8::MAX, "255");
    check(u16::MAX, "65535");
    check(u32::MAX, "4294967295");
    check(u64::MAX, "18446744073709551615");
    check(u128::MAX, "340282366920938463463374607431768211455");
    check(-1_i64, "-1");
    check(1_u64 << 63, "9223372036854775808");
}

#[test]
fn floats() {
    check(1.5_f32, "1.5");
    check(-0.0_f64, "-0.0");
    check(0.1_f64, "0.1");
    check(f64::MAX, "1.7976931348623157e+308");
    check(f64::INFINITY, "inf");
    check(f64::NEG_INFINITY, "-inf");
    for protocol in 0..=5 {
        let bytes = Writer::new().protocol(protocol).to_vec(&f64::NAN).unwrap();
        assert!(from_slice::<f64>(&bytes).unwrap().is_nan());
    }
}

#[test]
fn text_and_bytes() {
    check('a', "'a'");
    check('\u{1F952}', "'\u{1F952}'");
    check(String::new(), "''");
    check("d\u{ef}ll\n\\ \u{1F952}".to_owned(), "'d\u{ef}ll\\n\\\\ \u{1F952}'");
    check("x".repeat(300), &format!("'{}'", "x".repeat(300)));
    check(ByteBuf(b"\0\xff'".to_vec()), "b\"\\x00\\xff'\"");
    check(ByteBuf(Vec::new()), "b''");
}

#[test]
fn options_and_units() {
    check(None::<u8>, "None");
    check(Some(7), "7");
    check((), "None");
    check(Unit, "None");
    check(Meters(2.5), "2.5");
}

#[test]
fn sequences_and_tuples() {
    check(Vec::<u8>::new(), "[]");
    check(vec![Some(1), None], "[1, None]");
    check(vec![vec!['a'], vec![]], "[['a'], []]");
    check((1,), "(1,)");
    check((1, 'b'), "(1, 'b')");
    check((1, 'b', 2.5), "(1, 'b', 2.5)");
    check((1, 'b', 2.5, ()), "(1, 'b', 2.5, None)");
    check([0_u8; 0], "()");
    check([3, 4], "(3, 4)");
    check(Pair(-1, "one".into()), "(-1, 'one')");
}

#[test]
fn maps_and_structs() {
    check(BTreeMap::<String, u8>::new(), "{}");
    check(BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]), "{'a': 1, 'b': 2}");
    check(BTreeMap::from([(1, 'a')]), "{1: 'a'}");
    check(BTreeMap::from([((1, true), 'a')]), "{(1, True): 'a'}");
    // No list can be a key: it is a tuple there.
    check(BTreeMap::from([(vec![1, 2], 'a')]), "{(1, 2): 'a'}");
    check(BTreeMap::from([(Some('k'), vec![1, 2]), (None, vec![])]), "{None: [], 'k': [1, 2]}");
    let jar = Jar { label: "Dill".into(), grams: Some(500) };
    check(jar.clone(), "{'label': 'Dill', 'grams': 500}");
    check(
        vec![jar.clone(), Jar { grams: None, ..jar }],
        "[{'label': 'Dill', 'grams': 500}, {'label': 'Dill', 'grams': None}]",
    );
}

#[test]
fn variants() {
    let text = Shape::Text { text: "x".into(), at: (1, 2) };
    check(Shape::Point, "'Point'");
    check(Shape::Circle(0.5), "{'Circle': 0.5}");
    check(Shape::Box(1, 2), "{'Box': [1, 2]}");
    check(text.clone(), "{'Text': {'text': 'x', 'at': (1, 2)}}");
    for protocol in 0..=5 {
        let writer = Writer::new().protocol(protocol).enums(Enums::Tuples);
        check_with(&writer, &Shape::Point, "('Point',)");
        check_with(&writer, &Shape::Circle(0.5), "('Circle', 0.5)");
        check_with(&writer, &Shape::Box(1, 2), "('Box', [1, 2])");
        check_with(&writer, &text, "('Text', {'text': 'x', 'at': (1, 2)})");
    }
}

#[test]
fn tagged_enums_and_flattened_structs() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Small { size: u8 },
        Large { size: i64, more: Option<String> },
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Int(i64),
        Float(f64),
        Text(String),
        Pair(i64, Box<Untagged>),
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Flat {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, Untagged>,
    }
    check(Tagged::Small { size: 7 }, "{'kind': 'Small', 'size': 7}");
    check(
        Tagged::Large { size: 1 << 40, more: Some("m".into()) },
        "{'kind': 'Large', 'size': 1099511627776, 'more': 'm'}",
    );
    check(
        Untagged::Pair(1, Box::new(Untagged::Pair(2, Box::new(Untagged::Text("t".into()))))),
        "[1, [2, 't']]".replace('[', "(").replace(']', ")").as_str(),
    );
    let rest = BTreeMap::from([("x".to_owned(), Untagged::Float(0.5))]);
    check(Flat { id: 1, rest }, "{'id': 1, 'x': 0.5}");
}

/// More items than one opcode adds, and more bytes than one frame has.
#[test]
fn long_sequences() {
    let numbers: Vec<u32> = (0..2500).collect();
    let python = format!("{numbers:?}");
    check(numbers, &python);
    let map: BTreeMap<u32, String> = (0..2500).map(|n| (n, "abcdefgh".repeat(8))).collect();
    let shown: Vec<String> = map.iter().map(|(key, text)| format!("{key}: '{text}'")).collect();
    check(map, &format!("{{{}}}", shown.join(", ")));
    let long = vec!["y".repeat(1 << 17), "z".to_owned()];
    let python = format!("['{}', 'z']", long[0]);
    check(long, &python);
}

#[test]
fn what_is_borrowed_from_a_slice_and_from_the_heap() {
    let bytes = b"\x80\x03X\x04\0\0\0dillC\x02\x01\x02U\x03old\x87.";
    let (text, raw, old): (&str, &[u8], &str) = from_slice(bytes).unwrap();
    assert_eq!((text, raw, old), ("dill", &[1, 2][..], "old"));
    assert!(bytes.as_ptr_range().contains(&text.as_ptr()));
    assert!(bytes.as_ptr_range().contains(&raw.as_ptr()));
    Runtime::python3()
        .try_enter(|ctx| {
            let value = halfsour_pickle::loads(ctx, bytes)?;
            let (text, raw, old): (&str, &[u8], &str) = from_value(ctx, value).unwrap();
            assert_eq!((text, raw, old), ("dill", &[1, 2][..], "old"));
            Ok(())
        })
        .unwrap();
}

#[test]
fn json() {
    let json = serde_json::json!({"a": [1, -2.5, null, true, "x"], "b": {"c": []}});
    let bytes = halfsour_pickle::serde::to_vec(&json).unwrap();
    assert_eq!(from_slice::<serde_json::Value>(&bytes).unwrap(), json);
    let big = halfsour_pickle::serde::to_vec(&u64::MAX).unwrap();
    assert_eq!(from_slice::<serde_json::Value>(&big).unwrap(), serde_json::json!(u64::MAX));
}

#[test]
fn what_is_no_key() {
    let map = BTreeMap::from([(BTreeMap::from([(1, 2)]), 3)]);
    let error = halfsour_pickle::serde::to_vec(&map).unwrap_err();
    assert_eq!(error.message(), "a dict cannot be the key of a dict");
}

#[test]
fn there_is_no_such_protocol() {
    let error = Writer::new().protocol(6).to_vec(&1).unwrap_err();
    assert_eq!(error.message(), "pickle protocol must be <= 5");
    let python2 = Writer::new().flavour(Flavour::Pickle);
    assert_eq!(
        python2.protocol(3).to_vec(&1).unwrap_err().message(),
        "pickle protocol must be <= 2"
    );
    assert_eq!(Writer::new().protocol(-1).to_vec(&1).unwrap()[..2], *b"\x80\x05");
}
