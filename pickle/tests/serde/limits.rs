//! How deep, how often and how long.

use halfsour_pickle::Limits;
use halfsour_pickle::serde::{
    Category, Cycles, Reader, Sharing, from_reader, from_slice, from_value,
};
use halfsour_runtime::{List, Runtime};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Debug, PartialEq, Deserialize)]
struct Nested(Vec<Nested>);

#[test]
fn nesting_is_limited() {
    let nested =
        |levels: usize| [&b"]".repeat(levels)[..], &b"a".repeat(levels - 1), b"."].concat();
    from_slice::<Nested>(&nested(128)).unwrap();
    let error = from_slice::<Nested>(&nested(129)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert_eq!(error.message(), "objects are nested deeper than 128");
    assert!(error.path().unwrap().starts_with("root[0][0]"));
    assert_eq!(from_slice::<Nested>(&nested(1 << 20)).unwrap_err().category(), Category::Limit);
    assert_eq!(
        Reader::new().nesting(3).from_slice::<Nested>(&nested(4)).unwrap_err().category(),
        Category::Limit
    );
    // What is not looked at may be nested as deep as it likes.
    from_slice::<IgnoredAny>(&nested(1 << 20)).unwrap();
    let error = from_slice::<serde_json::Value>(&nested(1 << 20)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
}

/// Thirty lists, each of which holds the one before twice.
fn laughs(levels: usize) -> Vec<u8> {
    let mut bytes = b"]q\0".to_vec();
    for _ in 0..levels {
        bytes.extend(b"(h\0h\0lq\0");
    }
    bytes.push(b'.');
    bytes
}

#[test]
fn shared_objects_are_copied_within_a_limit() {
    let small = from_slice::<Nested>(&laughs(10)).unwrap();
    assert_eq!(small.0.len(), 2);
    let error = from_slice::<Nested>(&laughs(60)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert!(error.hint().unwrap().contains("Reader::repeats"));
    assert_eq!(
        Reader::new().repeats(100).from_slice::<Nested>(&laughs(10)).unwrap_err().category(),
        Category::Limit
    );
    let error =
        Reader::new().sharing(Sharing::Refused).from_slice::<Nested>(&laughs(1)).unwrap_err();
    assert_eq!(error.message(), "the object is shared");
    assert_eq!(error.path().unwrap(), "root[1]");
    // DUP
    let dup = [&b"]"[..], &b"2\x86".repeat(100)[..], b"."].concat();
    assert_eq!(from_slice::<serde_json::Value>(&dup).unwrap_err().category(), Category::Limit);
}

/// A long string, referred to many times.
#[test]
fn shared_strings_are_copied_within_a_limit() {
    let mut bytes = b"\x80\x02]q\0(X\0\0\x10\0".to_vec();
    bytes.extend(vec![b'x'; 1 << 20]);
    bytes.extend(b"q\x01");
    bytes.extend(b"h\x01".repeat(1 << 18));
    bytes.extend(b"e.");
    let error = from_slice::<Vec<String>>(&bytes).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    let few = [&bytes[..11 + (1 << 20) + 2], b"h\x01h\x01e."].concat();
    assert_eq!(from_slice::<Vec<&str>>(&few).unwrap().len(), 3);
}

#[test]
fn shared_keys_are_no_matter() {
    let mut bytes = b"\x80\x02]q\0(".to_vec();
    bytes.extend(b"}U\x04nameq\x01K\x01s");
    bytes.extend(b"}h\x01K\x01s".repeat(300_000));
    bytes.extend(b"e.");
    #[derive(Deserialize)]
    struct Row {
        name: u8,
    }
    let rows = from_slice::<Vec<Row>>(&bytes).unwrap();
    assert_eq!(rows.len(), 300_001);
    assert!(rows.iter().all(|row| row.name == 1));
}

#[test]
fn objects_that_contain_themselves() {
    let list = b"]q\0(K\x01h\0e.";
    let error = from_slice::<serde_json::Value>(list).unwrap_err();
    assert_eq!(error.category(), Category::Cycle);
    assert_eq!(error.path().unwrap(), "root[1]");
    assert!(error.hint().unwrap().contains("Cycles::AsNone"));
    let reader = Reader::new().cycles(Cycles::AsNone);
    assert_eq!(reader.from_slice::<serde_json::Value>(list).unwrap(), serde_json::json!([1, null]));
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Node {
        name: String,
        parent: IgnoredAny,
    }
    let node = b"\x80\x02cm\nNode\n)\x81q\0}(U\x04nameU\x01aU\x06parenth\0ub.";
    assert_eq!(from_slice::<Node>(node).unwrap().name, "a");
    // An object that is its own state, its own argument or its own class.
    for bytes in [
        &b"\x80\x02cm\nNode\n)\x81q\0h\0b."[..],
        b"\x80\x02cm\nNode\n)\x81q\0}U\x04nameh\0sb.",
        b"\x80\x02cm\nNode\n)\x81q\0h\0h\0\x86b.",
        b"\x80\x02cm\nNode\n)\x81q\0h\0a.",
        b"cm\nNode\n(tRp0\nN(g0\ntR.",
    ] {
        let any = Reader::new().classes(halfsour_pickle::serde::Classes::Any);
        assert!(any.from_slice::<serde_json::Value>(bytes).is_err(), "{}", bytes.escape_ascii());
        assert!(any.from_slice::<Node>(bytes).is_err(), "{}", bytes.escape_ascii());
    }
    Runtime::python3()
        .try_enter(|ctx| {
            let list = List::new(ctx);
            list.push(ctx, list.into());
            let error = from_value::<serde_json::Value>(ctx, list.into()).unwrap_err();
            assert_eq!(error.category(), Category::Cycle);
            Ok(())
        })
        .unwrap();
}

/// What makes an object is made by an object, and so on.
#[test]
fn calls_of_what_was_called() {
    let decimals =
        [&b"cdecimal\nDecimal\n".repeat(500)[..], b"U\x011", &b"\x85R".repeat(500), b"."].concat();
    let any = Reader::new().classes(halfsour_pickle::serde::Classes::Any);
    assert_eq!(any.from_slice::<String>(&decimals).unwrap_err().category(), Category::Limit);
    let getattrs = [
        &b"c__builtin__\ngetattr\n".repeat(500)[..],
        b"cm\nA\n",
        &b"U\x01B\x86R".repeat(500),
        b".",
    ]
    .concat();
    assert_eq!(any.from_slice::<String>(&getattrs).unwrap_err().category(), Category::Limit);
    let called = [&b"cm\nA\n"[..], &b")R".repeat(100_000), b"."].concat();
    assert!(any.from_slice::<serde_json::Value>(&called).is_err());
}

#[test]
fn lengths_are_claims() {
    for bytes in [
        &b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7fx"[..],
        b"\x8d\0\0\0\0\xff\0\0\0x",
        b"X\xff\xff\xff\xffx",
        b"T\xff\xff\xff\x7fx",
        b"\x8b\xff\xff\xff\x7fx",
        b"\x95\xff\xff\xff\xff\xff\xff\xff\xffK\x01",
    ] {
        assert_eq!(from_slice::<IgnoredAny>(bytes).unwrap_err().category(), Category::Stream);
        // A reader is not asked for more than the limit allows.
        let category = from_reader::<IgnoredAny>(bytes).unwrap_err().category();
        assert!(matches!(category, Category::Stream | Category::Limit), "{category:?}");
    }
}

#[test]
fn limits_on_streams() {
    let reader = Reader::new().limits(Limits::new().string_length(3).memo_entries(1).digits(2));
    assert_eq!(reader.from_slice::<&str>(b"U\x03abc.").unwrap(), "abc");
    for bytes in
        [&b"U\x04abcd."[..], b"S'abcd'\n.", b"\x80\x04\x96\x04\0\0\0\0\0\0\0abcd.", b"L123L\n."]
    {
        assert!(reader.from_slice::<IgnoredAny>(bytes).is_err(), "{}", bytes.escape_ascii());
        assert!(reader.from_reader::<IgnoredAny>(bytes).is_err(), "{}", bytes.escape_ascii());
    }
    let memo = reader.from_slice::<IgnoredAny>(b"Np0\np1\n.").unwrap_err();
    assert_eq!((memo.category(), memo.offset()), (Category::Limit, Some(4)));
}

#[test]
fn what_follows_a_pickle() {
    let error = from_slice::<u8>(b"K\x07.K\x08.").unwrap_err();
    assert_eq!((error.category(), error.offset()), (Category::Stream, Some(3)));
    let error = from_slice::<u8>(b"").unwrap_err();
    assert_eq!(error.category(), Category::Eof);
    let error = from_slice::<u8>(b"K\x07").unwrap_err();
    assert_eq!((error.category(), error.offset()), (Category::Stream, Some(2)));
    let error = from_slice::<u8>(b"\x1f\x8b").unwrap_err();
    assert_eq!((error.category(), error.offset()), (Category::Stream, Some(0)));
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("unplugged"))
        }
    }
    let error = from_reader::<u8>(Broken).unwrap_err();
    assert_eq!((error.category(), error.message()), (Category::Io, "unplugged"));
}
