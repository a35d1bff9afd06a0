//! The short form of fuzzing: the functions of `tests/targets` with streams of the corpora, and with random edits of those.
//!
//! `HALFSOUR_FUZZ_CASES` says how many edits each function gets, 300 by default. The long form is `fuzz/`.

use halfsour_corpus::Result;
use halfsour_targets as targets;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The longest stream that is edited.
const LONGEST: usize = 512;

/// A change of a stream.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Double(Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let opcodes: Vec<u8> = halfsour::pickle::Opcode::ALL.iter().map(|it| it.byte()).collect();
    let byte = prop_oneof![2 => select(opcodes), 1 => any::<u8>()].boxed();
    prop_oneof![
        3 => (any::<Index>(), byte.clone()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        3 => (any::<Index>(), vec(byte, 1..4)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => (any::<Index>(), 1..8_usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        1 => (any::<Index>(), 1..16_usize).prop_map(|(at, count)| Edit::Double(at, count)),
    ]
}

fn edited(mut stream: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let end = |at: usize, count: usize| stream.len().min(at + count);
        match edit {
            Edit::Replace(at, byte) if !stream.is_empty() => {
                let at = at.index(stream.len());
                stream[at] = *byte;
            }
            Edit::Insert(at, bytes) => {
                let at = at.index(stream.len() + 1);
                stream.splice(at..at, bytes.iter().copied());
            }
            Edit::Remove(at, count) => {
                let at = at.index(stream.len() + 1);
                stream.drain(at..end(at, *count));
            }
            Edit::Double(at, count) => {
                let at = at.index(stream.len() + 1);
                let part = stream[at..end(at, *count)].to_vec();
                stream.splice(at..at, part);
            }
            Edit::Replace(..) => {}
        }
    }
    stream
}

fn runner() -> TestRunner {
    let cases = std::env::var("HALFSOUR_FUZZ_CASES").ok().and_then(|it| it.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(300),
        max_shrink_iters: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    match cases {
        // Whoever asks for more wants other edits each time.
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

/// Replays a part of the corpora, and as many edited streams.
fn replay(target: fn(&[u8])) -> Result<()> {
    let seeds = targets::seeds(LONGEST)?;
    let step = seeds.len() / 500 + 1;
    for stream in seeds.iter().step_by(step) {
        if std::panic::catch_unwind(|| target(stream)).is_err() {
            panic!("it is this stream: {}", stream.escape_ascii());
        }
    }
    let streams = (select(seeds), vec(edit(), 1..6));
    let checked = runner().run(&streams, |(stream, edits)| {
        target(&edited(stream, &edits));
        Ok(())
    });
    if let Err(failure) = checked {
        panic!("{failure}");
    }
    Ok(())
}

/// Runs a target with bytes that describe what to do.
fn describe(target: fn(&[u8])) {
    let checked = runner().run(&vec(any::<u8>(), 0..400), |bytes| {
        target(&bytes);
        Ok(())
    });
    if let Err(failure) = checked {
        panic!("{failure}");
    }
}

#[test]
fn load() -> Result<()> {
    replay(targets::load)
}

#[test]
fn tools_agree() -> Result<()> {
    replay(targets::tools_agree)
}

#[test]
fn roundtrip() -> Result<()> {
    replay(targets::roundtrip)
}

#[test]
fn cpython() -> Result<()> {
    replay(|bytes| {
        targets::cpython(bytes);
    })?;
    if !targets::cpython(b"N.") {
        println!("fuzzing against CPython is skipped: none was found");
    }
    Ok(())
}

#[test]
fn graph() {
    describe(targets::graph_of_bytes);
}

#[test]
fn shelf() {
    describe(targets::shelf);
}

/// `HALFSOUR_SEEDS` names a folder to which the streams of the corpora are written, a file each: seeds for `fuzz/`.
#[test]
fn seeds_are_written_where_asked_for() -> Result<()> {
    let seeds = targets::seeds(4096)?;
    assert!(seeds.len() > 5000, "{} streams", seeds.len());
    let Some(folder) = std::env::var_os("HALFSOUR_SEEDS").map(std::path::PathBuf::from) else {
        return Ok(());
    };
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for (number, stream) in seeds.iter().enumerate() {
        std::fs::write(folder.join(format!("{number:06}")), stream).expect("it can be written");
    }
    Ok(())
}
