//! Streams that are no pickles, or do harm: each ends in a value or an error, soon and without much memory.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use halfsour_corpus::{BadInput, WildFile, folder, wild_manifests};
use halfsour_pickle::serde::{Category, Classes, Cycles, Reader, Strings, from_slice};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::bytes::ByteBuf;

/// Types of many kinds.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Everything {
    #[serde(default)]
    a: Option<Vec<String>>,
    #[serde(default)]
    b: HashMap<String, f64>,
    #[serde(flatten)]
    rest: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
enum Choice {
    One,
    Two(i64),
    Three(u8, ByteBuf),
    Four { x: Box<Everything> },
}

/// Reads a stream into many types in many ways.
fn read_in_all_ways(bytes: &[u8]) -> bool {
    let strict = Reader::new();
    let lax = Reader::new()
        .classes(Classes::Any)
        .strings(Strings::Latin1)
        .cycles(Cycles::AsNone)
        .lossy_text(true)
        .text_keys(true)
        .repeats(10_000);
    let mut is_read = false;
    for reader in [strict, lax] {
        is_read |= reader.from_slice::<serde_json::Value>(bytes).is_ok();
        let _ = reader.from_slice::<Everything>(bytes);
        let _ = reader.from_slice::<Choice>(bytes);
        let _ = reader.from_slice::<Vec<ByteBuf>>(bytes);
        let _ = reader.from_slice::<(i128, &str)>(bytes);
        let ignored = reader.from_slice::<IgnoredAny>(bytes).is_ok();
        // What is read from a slice is read from a reader; that may leave more behind.
        let from_reader = reader.from_reader::<IgnoredAny>(bytes);
        assert!(!ignored || from_reader.is_ok(), "{from_reader:?}");
    }
    is_read
}

#[test]
fn malformed_streams() {
    let (mut read, mut refused) = (0, 0);
    for path in folder::bad_manifests(&folder::data()).unwrap() {
        for bad in BadInput::read_manifest(&path).unwrap() {
            let started = Instant::now();
            match read_in_all_ways(&bad.stream().unwrap()) {
                true => read += 1,
                false => refused += 1,
            }
            let took = started.elapsed();
            assert!(took < Duration::from_secs(10), "{} took {took:?}", bad.case);
        }
    }
    println!("malformed streams: {read} read as JSON, {refused} refused");
    assert!(read > 0 && refused > 1000);
}

#[test]
fn pickles_of_libraries() {
    let mut streams = 0;
    for path in wild_manifests(&folder::data()).unwrap() {
        for file in WildFile::read_manifest(&path).unwrap() {
            for stream in file.streams().unwrap() {
                let bytes = &stream.bytes[..];
                read_in_all_ways(bytes);
                let ignored = Reader::new().from_prefix::<IgnoredAny>(bytes);
                let (_, end) = ignored.unwrap_or_else(|error| panic!("{}: {error}", file.file));
                assert!(end == bytes.len() || stream.pickles > 1);
                streams += 1;
            }
        }
    }
    assert!(streams > 800, "{streams}");
}

#[test]
fn a_hostile_pickle_does_nothing() {
    for bytes in [
        &b"cos\nsystem\n(S'touch /nowhere'\ntR."[..],
        b"c__builtin__\neval\n(S'1/0'\ntR.",
        b"(S'touch /nowhere'\nios\nsystem\n.",
        b"c__builtin__\ngetattr\n(cos\nsystem\nS'__call__'\ntR(S'ls'\ntR.",
        b"c__builtin__\nmap\n(cos\nsystem\n(S'ls'\nltR.",
    ] {
        let error = from_slice::<serde_json::Value>(bytes).unwrap_err();
        assert_eq!(error.category(), Category::Class, "{error}");
    }
}

/// Any opcode, often with an argument that fits.
fn opcode() -> impl Strategy<Value = Vec<u8>> {
    let plain = prop::sample::select(
        &b"(.0125NQRabdehjlopqrstu)]}\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98"[..],
    );
    prop_oneof![
        plain.prop_map(|byte| vec![byte]),
        any::<u8>().prop_map(|byte| vec![b'K', byte]),
        (0_u8..4).prop_map(|number| vec![b'q', number]),
        (0_u8..4).prop_map(|number| vec![b'h', number]),
        prop::sample::select(&["a", "Point", "x", "latin1", "\u{e9}"][..]).prop_map(|text| {
            let mut bytes = vec![b'\x8c', text.len() as u8];
            bytes.extend(text.as_bytes());
            bytes
        }),
        prop::sample::select(
            &[
                "cm\nPoint\n",
                "ccollections\nOrderedDict\n",
                "ccollections\ndeque\n",
                "cdecimal\nDecimal\n",
                "cdatetime\ndatetime\n",
                "cdatetime\ntimezone\n",
                "cdatetime\ntimedelta\n",
                "cuuid\nUUID\n",
                "ccopy_reg\n_reconstructor\n",
                "ccopy_reg\n__newobj__\n",
                "ccopyreg\n__newobj_ex__\n",
                "c__builtin__\nobject\n",
                "c__builtin__\nset\n",
                "c__builtin__\ngetattr\n",
                "c_codecs\nencode\n",
                "cfractions\nFraction\n",
                "cpathlib\nPurePath\n",
                "C\x0a\x07\x68\x01\x01\x02\x03\x04\x05\x06\x07",
                "G\0\0\0\0\0\0\0\0",
            ][..]
        )
        .prop_map(|global| global.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn random_opcodes(opcodes in prop::collection::vec(opcode(), 1..60)) {
        let mut bytes = opcodes.concat();
        bytes.push(b'.');
        read_in_all_ways(&bytes);
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        read_in_all_ways(&bytes);
    }
}
