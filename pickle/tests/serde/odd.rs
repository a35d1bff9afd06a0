//! What the two sides do not have in common: big ints, broken text, strings that may be bytes, keys of any type.

use std::collections::BTreeMap;

use halfsour_pickle::Limits;
use halfsour_pickle::serde::{BigInts, Category, Reader, Strings, from_slice};
use serde::Deserialize;

use crate::bytes::ByteBuf;

#[test]
fn big_ints() {
    // 2 ** 128
    let mut bytes = b"\x80\x02\x8a\x11".to_vec();
    bytes.extend([0; 16]);
    bytes.extend(b"\x01.");
    let error = from_slice::<u128>(&bytes).unwrap_err();
    assert_eq!(error.category(), Category::Unsupported);
    assert_eq!(error.message(), "the int of 129 bits fits no type of Rust's");
    let reader = Reader::new().big_ints(BigInts::AsText);
    let digits = reader.from_slice::<String>(&bytes).unwrap();
    assert_eq!(digits, "340282366920938463463374607431768211456");
    assert_eq!(from_slice::<f64>(&bytes).unwrap(), 2_f64.powi(128));
    let many = format!("L1{}L\n.", "0".repeat(4000));
    assert_eq!(reader.from_slice::<String>(many.as_bytes()).unwrap().len(), 4001);
    let few = reader.clone().limits(Limits::new().digits(50));
    let mut huge = b"\x80\x02\x8b\0\x10\0\0".to_vec();
    huge.extend([0x7f; 0x1000]);
    huge.push(b'.');
    assert_eq!(few.from_slice::<String>(&huge).unwrap_err().category(), Category::Limit);
    let error = from_slice::<u8>(b"M\x00\x01.").unwrap_err();
    assert_eq!(error.message(), "invalid value: integer `256`, expected u8");
    assert_eq!(from_slice::<f32>(b"K\x07.").unwrap(), 7.0);
    // A float is no int, a bool no number.
    assert!(from_slice::<i64>(b"G?\xf0\0\0\0\0\0\0.").is_err());
    assert!(from_slice::<i64>(b"\x88.").is_err());
}

#[test]
fn surrogates_that_stand_alone() {
    let bytes = b"\x80\x03X\x05\0\0\0a\xed\xa0\x80b.";
    let error = from_slice::<String>(bytes).unwrap_err();
    assert_eq!(error.category(), Category::Unsupported);
    let lossy = Reader::new().lossy_text(true);
    assert_eq!(lossy.from_slice::<String>(bytes).unwrap(), "a\u{fffd}b");
    assert_eq!(from_slice::<ByteBuf>(bytes).unwrap().0, b"a\xed\xa0\x80b");
    assert_eq!(from_slice::<String>(b"V\\ud800\n.").unwrap_err().category(), Category::Unsupported);
    assert_eq!(from_slice::<String>(b"V\\u00e9\n.").unwrap(), "\u{e9}");
    assert_eq!(from_slice::<String>(b"X\x01\0\0\0\xff.").unwrap_err().category(), Category::Stream);
}

#[test]
fn strings_of_python_2() {
    let (text, raw): (&[u8], &[u8]) = (b"U\x05Caf\xc3\xa9.", b"U\x04Caf\xe9.");
    assert_eq!(from_slice::<String>(text).unwrap(), "Caf\u{e9}");
    assert_eq!(from_slice::<&str>(text).unwrap(), "Caf\u{e9}");
    assert_eq!(from_slice::<ByteBuf>(text).unwrap().0, b"Caf\xc3\xa9");
    assert_eq!(from_slice::<ByteBuf>(raw).unwrap().0, b"Caf\xe9");
    assert_eq!(from_slice::<&[u8]>(raw).unwrap(), b"Caf\xe9");
    assert!(from_slice::<String>(raw).is_err());
    let latin1 = Reader::new().strings(Strings::Latin1);
    assert_eq!(latin1.from_slice::<String>(raw).unwrap(), "Caf\u{e9}");
    assert_eq!(latin1.from_slice::<String>(text).unwrap(), "Caf\u{c3}\u{a9}");
    let bytes = Reader::new().strings(Strings::Bytes);
    assert_eq!(bytes.from_slice::<Vec<u8>>(text).unwrap(), b"Caf\xc3\xa9");
    assert_eq!(bytes.from_slice::<String>(text).unwrap(), "Caf\u{e9}");
    assert_eq!(from_slice::<char>(b"S'\\xc3\\xa9'\n.").unwrap(), '\u{e9}');
}

#[test]
fn bytes_as_sequences() {
    assert_eq!(from_slice::<Vec<u8>>(b"\x80\x03C\x02\x01\xff.").unwrap(), [1, 255]);
    assert_eq!(from_slice::<[u8; 2]>(b"\x80\x03C\x02\x01\xff.").unwrap(), [1, 255]);
    assert_eq!(
        from_slice::<Vec<u8>>(b"\x80\x05\x96\x02\0\0\0\0\0\0\0\x01\xff.").unwrap(),
        [1, 255]
    );
}

#[test]
fn keys_of_any_type() {
    // {1: 'a', 'x': 'b', None: 'c', (1, 2): 'd'}
    let bytes = b"(dI1\nS'a'\nsS'x'\nS'b'\nsNS'c'\ns(I1\nI2\ntS'd'\ns.";
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[serde(untagged)]
    enum Key {
        Int(i64),
        Text(String),
        Nothing,
        Pair(i64, i64),
    }
    let map: BTreeMap<Key, char> = from_slice(bytes).unwrap();
    assert_eq!(map.len(), 4);
    assert_eq!(map[&Key::Pair(1, 2)], 'd');
    let numbers = b"(dI1\nS'a'\nsI01\nS'b'\nsF1.5\nS'c'\ns.";
    let error = from_slice::<serde_json::Value>(numbers).unwrap_err();
    assert_eq!(error.path().unwrap(), "root.keys()[0]");
    let json = Reader::new().text_keys(true).from_slice::<serde_json::Value>(numbers).unwrap();
    assert_eq!(json, serde_json::json!({"1": "a", "True": "b", "1.5": "c"}));
    // A field may be called as an int.
    #[derive(Deserialize)]
    struct Numbered {
        #[serde(rename = "1")]
        one: char,
    }
    assert_eq!(from_slice::<Numbered>(b"(dI1\nS'a'\ns.").unwrap().one, 'a');
}

#[test]
fn missing_and_further_fields() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        a: u8,
    }
    assert_eq!(from_slice::<Strict>(b"(dS'a'\nI1\ns.").unwrap().a, 1);
    let further = from_slice::<Strict>(b"(dS'b'\nI1\ns.").unwrap_err();
    assert_eq!(further.message(), "unknown field `b`, expected `a`");
    let missing = from_slice::<Strict>(b"(d.").unwrap_err();
    assert_eq!(missing.message(), "missing field `a`");
    assert_eq!(missing.path().unwrap(), "root");
    let long = from_slice::<(u8, u8)>(b"(I1\nI2\nI3\nt.").unwrap_err();
    assert_eq!(long.message(), "invalid length 3, expected 2 items");
    let short = from_slice::<(u8, u8)>(b"(I1\nt.").unwrap_err();
    assert!(short.message().starts_with("invalid length 1"));
}

#[test]
fn variants_that_do_not_fit() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Shape {
        Point,
        Circle(f64),
    }
    for bytes in [
        &b"S'Circle'\n."[..],
        b"(dS'Circle'\nI1\nsS'Point'\nNs.",
        b"(dS'Point'\nI1\ns.",
        b"I7\n.",
        b"(S'Circle'\nI1\nI2\nt.",
        b"(d.",
        b"N.",
    ] {
        let error = from_slice::<Shape>(bytes).unwrap_err();
        assert_eq!(error.category(), Category::Data, "{error}");
    }
    assert_eq!(from_slice::<Shape>(b"(dS'Point'\nNs.").unwrap(), Shape::Point);
    assert_eq!(from_slice::<Shape>(b"(S'Circle'\nI1\nt.").unwrap(), Shape::Circle(1.0));
}
