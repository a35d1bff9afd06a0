//! The tools over every stream of the corpora: none panics, every error has its place, and all see the same opcodes.

use halfsour_corpus::{BadInput, Outcome, Result, folder};
use halfsour_pickle::tools::{self, Disassembler, Use};
use halfsour_pickle::{Argument, Opcode};
use halfsour_runtime::Dialect;

use crate::streams::{is_too_deep, streams};

#[test]
fn every_error_has_an_offset_and_an_opcode() -> Result<()> {
    for stream in streams()? {
        let Some(error) = tools::genops(&stream.bytes).find_map(std::result::Result::err) else {
            continue;
        };
        assert!(error.offset() <= stream.bytes.len(), "{}: {error}", stream.name);
        let byte = stream.bytes.get(error.offset());
        // Where there is no opcode there is the end of the stream, or a byte that is none.
        let expected = byte.and_then(|byte| Opcode::from_byte(*byte));
        assert_eq!(error.opcode(), expected, "{}: {error}", stream.name);
    }
    Ok(())
}

#[test]
fn opcodes_and_their_arguments_are_all_of_a_stream() -> Result<()> {
    for stream in streams()? {
        let mut listed = Vec::new();
        let mut operations = tools::genops(&stream.bytes);
        for operation in operations.by_ref().flatten() {
            assert_eq!(operation.offset, listed.len(), "{}", stream.name);
            assert_eq!(operation.bytes.first(), Some(&operation.opcode.byte()));
            assert_eq!(
                operation.argument.is_empty() && operation.bytes.len() == 1,
                operation.opcode.argument() == Argument::None
            );
            listed.extend_from_slice(operation.bytes);
        }
        assert_eq!(listed, stream.bytes.get(..operations.offset()).unwrap_or_default());
    }
    Ok(())
}

#[test]
fn dis_sees_the_opcodes_that_genops_sees() -> Result<()> {
    for stream in streams()? {
        let lines = Disassembler::new(Dialect::Python3).deepest_indent(10).lines(&stream.bytes);
        let listed = tools::genops(&stream.bytes).flatten();
        for (line, operation) in lines.map_while(std::result::Result::ok).zip(listed) {
            let (offset, rest) = line.split_once(": ").unwrap_or_default();
            assert_eq!(offset.trim().parse(), Ok(operation.offset), "{}", stream.name);
            let name = rest.split_whitespace().nth(1);
            assert_eq!(name, Some(operation.opcode.name()), "{}", stream.name);
        }
    }
    Ok(())
}

#[test]
fn globals_follows_every_golden_stream() -> Result<()> {
    let mut followed = 0;
    for stream in streams()?.iter().filter(|stream| stream.loads) {
        let found = match tools::globals(&stream.bytes) {
            Ok(found) => found,
            Err(incomplete) => panic!("{}: {incomplete}", stream.name),
        };
        assert!(found.is_resolved(), "{}", stream.name);
        let named = tools::genops(&stream.bytes)
            .flatten()
            .filter(|it| names_something(it.opcode))
            .map(|it| it.offset);
        let referenced = found.events().filter(|it| it.usage == Use::Referenced);
        assert!(named.eq(referenced.map(|it| it.offset)), "{}", stream.name);
        followed += 1;
    }
    println!("globals golden: {followed} of {followed}");
    Ok(())
}

const fn names_something(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::GLOBAL
            | Opcode::STACK_GLOBAL
            | Opcode::INST
            | Opcode::EXT1
            | Opcode::EXT2
            | Opcode::EXT4
            | Opcode::PERSID
            | Opcode::BINPERSID
    )
}

/// Not to be followed is what only Python 2 loads, by reaching below a mark, and memo keys that it tells apart and
/// Python 3 does not.
#[test]
fn globals_follows_what_loads() -> Result<()> {
    let (mut followed, mut loaded) = (0, 0);
    for corpus in folder::corpora() {
        for manifest in folder::bad_manifests(&corpus)? {
            for line in BadInput::read_manifest(&manifest)? {
                let loads = |by: &&str| matches!(line.outcome(by), Some(Outcome::Loaded(_)));
                let by: Vec<&str> =
                    ["pickle.py", "cPickle", "_loads", "loads"].into_iter().filter(loads).collect();
                if by.is_empty() {
                    continue;
                }
                loaded += 1;
                let Err(incomplete) = tools::globals(&line.stream()?) else {
                    followed += 1;
                    continue;
                };
                let message = incomplete.error().message();
                assert!(is_read_differently(incomplete.error()), "{}: {incomplete}", line.case);
                let by_python3 = by.contains(&"loads") && BELOW_A_MARK.contains(&&*message);
                assert!(!by_python3, "{}: {incomplete}, loaded by {by:?}", line.case);
            }
        }
    }
    println!("globals bad, of what some CPython loads: {followed} of {loaded}");
    Ok(())
}

/// Whether a scan has ended because not all Pythons read a stream in one way.
pub(crate) fn is_read_differently(error: &tools::Error) -> bool {
    let message = error.message();
    BELOW_A_MARK.contains(&&*message)
        || message.ends_with("is not the same to all Pythons")
        || message.starts_with("two objects were stored under this memo key")
}

const BELOW_A_MARK: [&str; 2] =
    ["it takes objects from below a mark", "it takes more objects than are on the stack"];

#[test]
fn optimized_streams_are_as_good_as_before() -> Result<()> {
    for stream in streams()?.iter().filter(|stream| stream.loads) {
        for dialect in [Dialect::Python2, Dialect::Python3] {
            let Ok(optimized) = tools::optimize(&stream.bytes, dialect) else { continue };
            if dialect == Dialect::Python3 {
                let end = tools::globals(&optimized).map(|it| it.end());
                assert_eq!(end.ok(), Some(optimized.len()), "{}", stream.name);
            }
            // Nothing is left to drop.
            let again = tools::optimize(&optimized, dialect);
            assert_eq!(again.as_ref(), Ok(&optimized), "{}", stream.name);
        }
    }
    Ok(())
}

#[test]
fn hostile_streams_cost_no_more_than_their_length() {
    let long_name = [&b"X"[..], &1_000_000u32.to_le_bytes(), &[b'a'; 1_000_000], b"q\0"].concat();
    let many_names =
        [&b"\x80\x04"[..], &long_name, &b"0h\0h\0\x930".repeat(20_000), b"N."].concat();
    let new_names =
        [&b"\x80\x04"[..], &long_name, &b"0h\0\x8c\x01x\x930".repeat(20_000), b"N."].concat();
    let calls = [&b"cm\nn\n)R"[..], &b")R".repeat(100_000), b"."].concat();
    for stream in [
        b"(".repeat(200_000),
        b"N\x94".repeat(100_000),
        [&b"N"[..], &b"\x94".repeat(200_000)].concat(),
        [&b"N"[..], &b"r\xff\xff\xff\xff".repeat(20_000)].concat(),
        [&b"N"[..], &b"2".repeat(200_000)].concat(),
        b"(t".repeat(100_000),
        many_names,
        new_names,
        calls,
    ] {
        let events = match tools::globals(&stream) {
            Ok(found) => found.events().count(),
            Err(incomplete) => incomplete.found().events().count(),
        };
        assert!(events <= stream.len());
        assert!(!is_too_deep(&stream) || stream[0] == b'(');
    }
}
