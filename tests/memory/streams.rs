//! Streams that are not in the corpora as they are.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use halfsour::pickle::{Opcode, tools};
use halfsour_corpus::Result;

/// How long a repeated stream is: long enough for 64 bytes for each of its own to be more than 16 MiB.
const REPEATED: usize = 600_000;

/// The longest stream that is repeated.
const LONGEST: usize = 48;

/// Small streams of the corpora without their end, again and again, so that what each makes stays on the stack. Of those with
/// the same opcodes there is one.
pub(crate) fn repeated() -> Result<Vec<Vec<u8>>> {
    let mut kinds: BTreeMap<Vec<Opcode>, Vec<u8>> = BTreeMap::new();
    for stream in halfsour_targets::seeds(LONGEST)? {
        let opcodes: Vec<Opcode> = tools::genops(&stream).flatten().map(|it| it.opcode).collect();
        if let ([.., Opcode::STOP], Some((b'.', begin))) = (&*opcodes, stream.split_last()) {
            kinds.entry(opcodes).or_insert_with(|| begin.to_vec());
        }
    }
    let all = kinds.into_values().filter(|it| !it.is_empty());
    let some = some_of(all.collect(), 24).into_iter();
    Ok(some.map(|it| [it.repeat(REPEATED / it.len()), b".".to_vec()].concat()).collect())
}

/// As many of the streams as `HALFSOUR_REPEATED` says, or a number that takes no minute.
fn some_of(streams: Vec<Vec<u8>>, by_default: usize) -> Vec<Vec<u8>> {
    let asked = env::var("HALFSOUR_REPEATED").ok().and_then(|it| it.parse().ok());
    let step = streams.len().div_ceil(asked.unwrap_or(by_default).max(1));
    streams.into_iter().step_by(step.max(1)).collect()
}

/// How often something is called: often enough to exceed every limit with what is made of `LARGE` bytes each time.
const CALLS: usize = 3000;

/// How large it is.
const LARGE: usize = 20_000;

/// What is called, in the words of Python 2; the last five take an encoding.
const CALLED: [&str; 34] = [
    "__builtin__\nlist",
    "__builtin__\ntuple",
    "__builtin__\nset",
    "__builtin__\nfrozenset",
    "__builtin__\ndict",
    "__builtin__\nenumerate",
    "__builtin__\nreversed",
    "__builtin__\nxrange",
    "__builtin__\nslice",
    "__builtin__\nmap",
    "__builtin__\nfilter",
    "__builtin__\nzip",
    "__builtin__\nmemoryview",
    "__builtin__\ntype",
    "__builtin__\nproperty",
    "__builtin__\nsuper",
    "__builtin__\nint",
    "__builtin__\nfloat",
    "array\narray",
    "collections\nCounter",
    "collections\nOrderedDict",
    "collections\ndefaultdict",
    "collections\ndeque",
    "decimal\nDecimal",
    "fractions\nFraction",
    "io\nBytesIO",
    "io\nStringIO",
    "itertools\nchain",
    "itertools\ncycle",
    "__builtin__\nbytearray",
    "__builtin__\nbytes",
    "__builtin__\nstr",
    "__builtin__\nunicode",
    "_codecs\nencode",
];

const ENCODINGS: [&str; 9] = [
    "utf-8",
    "utf-16",
    "utf-32",
    "utf-7",
    "latin1",
    "unicode_escape",
    "raw_unicode_escape",
    "hex",
    "string_escape",
];

/// Calls of built-in types and functions with something large that is there, a few bytes for each, of which all that is made
/// stays.
pub(crate) fn calls() -> Result<Vec<Vec<u8>>> {
    let sized =
        |opcode: &[u8], bytes: &[u8]| [opcode, &(bytes.len() as u32).to_le_bytes(), bytes].concat();
    let text = |text: &str| sized(b"X", text.repeat(LARGE / text.len()).as_bytes());
    let pairs = (0..LARGE as u16 / 8).flat_map(|it| [b"(M", &it.to_le_bytes()[..], b"Nt"].concat());
    let numbers = (0..LARGE as u16 / 4).flat_map(|it| [b"M", &it.to_le_bytes()[..]].concat());
    let entries = (0..LARGE as u16 / 8).flat_map(|it| [b"M", &it.to_le_bytes()[..], b"N"].concat());
    let large: [Vec<u8>; 8] = [
        text("1"),
        text("\u{7}"),
        text("\u{4e00}"),
        sized(b"T", &[0xe9; LARGE]),
        [&b"("[..], &b"N".repeat(LARGE), b"l"].concat(),
        [b"(".to_vec(), pairs.collect(), b"l".to_vec()].concat(),
        [b"(".to_vec(), numbers.collect(), b"l".to_vec()].concat(),
        [b"(".to_vec(), entries.collect(), b"d".to_vec()].concat(),
    ];
    let mut streams = Vec::new();
    for large in &large {
        for (at, called) in CALLED.iter().enumerate() {
            let named = [b"\x80\x02c", called.as_bytes(), b"\nq\0", large, b"q\x01"].concat();
            let mut add = |more: &[u8], call: &[u8]| {
                streams.push([&named, more, &call.repeat(CALLS), b"t."].concat());
            };
            add(b"(", b"h\0h\x01\x85R");
            for encoding in &ENCODINGS[..if at + 5 < CALLED.len() { 0 } else { ENCODINGS.len() }] {
                let named = [b"V", encoding.as_bytes(), b"\nq\x02"].concat();
                add(&[&named, &b"("[..]].concat(), b"h\0h\x01h\x02\x86R");
                let errors = [&named, &b"Vxmlcharrefreplace\nq\x03("[..]].concat();
                add(&errors, b"h\0h\x01h\x02h\x03\x87R");
            }
        }
    }
    Ok(some_of(streams, 150))
}

/// The files below the folder that `HALFSOUR_FUZZ_CORPUS` names.
pub(crate) fn fuzzed() -> Result<Vec<Vec<u8>>> {
    let mut folders: Vec<PathBuf> =
        env::var_os("HALFSOUR_FUZZ_CORPUS").map(PathBuf::from).into_iter().collect();
    let mut streams = Vec::new();
    while let Some(folder) = folders.pop() {
        // What a fuzzer has just replaced is not missed.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                streams.extend(fs::read(path));
            }
        }
    }
    Ok(streams)
}
