//! What the tests of the tools share: the streams to look at, and what we make of them.

use std::collections::HashSet;

use halfsour_corpus::{BadInput, GoldenLine, Result, folder};
use halfsour_pickle::tools::{self, Disassembler};
use halfsour_pickle::{Opcode, StackItem};
use halfsour_runtime::Dialect;

/// A stream of a corpus.
pub(crate) struct Stream {
    /// `golden/py27.jsonl inst/point`: the manifest and the case.
    pub(crate) name: String,
    /// Whether a CPython wrote it.
    pub(crate) is_golden: bool,
    /// Whether the CPython that wrote it loads it, too.
    pub(crate) loads: bool,
    pub(crate) bytes: Vec<u8>,
}

/// What the tools make of a stream, in the form of `tests/data/live/pickletools_answers.py`.
#[derive(Debug, Default, PartialEq, serde::Deserialize)]
pub(crate) struct Answer {
    pub(crate) dis: String,
    pub(crate) dis_error: Option<String>,
    pub(crate) optimized: Option<String>,
    pub(crate) optimize_error: Option<String>,
}

/// Every stream of every corpus. Of those that are equal only the first is given, under the name that it has there.
pub(crate) fn streams() -> Result<Vec<Stream>> {
    let mut seen = HashSet::new();
    let mut found = all_streams()?;
    found.retain(|stream| seen.insert(stream.bytes.clone()));
    Ok(found)
}

fn all_streams() -> Result<Vec<Stream>> {
    let mut found = Vec::new();
    for corpus in folder::corpora() {
        for manifest in folder::golden_manifests(&corpus)? {
            let name = folder::name(&manifest);
            for line in GoldenLine::read_manifest(&manifest)? {
                let Some(bytes) = line.stream()? else { continue };
                let name = format!("golden/{name} {}", line.case);
                found.push(Stream { name, is_golden: true, loads: line.desc.is_some(), bytes });
            }
        }
        for manifest in folder::bad_manifests(&corpus)? {
            let name = folder::name(&manifest);
            for line in BadInput::read_manifest(&manifest)? {
                let bytes = line.stream()?;
                let name = format!("bad/{name} {}", line.case);
                found.push(Stream { name, is_golden: false, loads: false, bytes });
            }
        }
    }
    Ok(found)
}

/// Whether so many marks are open at once that we stop indenting, and CPython writes gigabytes.
pub(crate) fn is_too_deep(stream: &[u8]) -> bool {
    let mut open: usize = 0;
    tools::genops(stream).flatten().any(|operation| {
        if operation.opcode == Opcode::MARK {
            open += 1;
        } else if operation.opcode.before().contains(&StackItem::Mark) {
            open = open.saturating_sub(1);
        }
        open > 1000
    })
}

/// What is wrong with the first argument that this Python refuses, which its `optimize` reads and ours does not.
pub(crate) fn refused_argument(stream: &[u8], dialect: Dialect) -> Option<String> {
    let refusals =
        tools::genops(stream).map(|operation| operation?.argument_repr(dialect).map(|_| ()));
    Some(refusals.filter_map(std::result::Result::err).next()?.message())
}

/// The message of our `optimize` for a GET of what was never stored. CPython 3.13 writes `gNone` for one in text, and
/// fails with a TypeError for others.
pub(crate) const NEVER_STORED: &str = "no PUT wrote what it asks for";

/// Asks our tools.
pub(crate) fn answer(stream: &[u8], dialect: Dialect) -> Answer {
    let mut answer = Answer::default();
    for line in Disassembler::new(dialect).lines(stream) {
        match line {
            Ok(line) => {
                answer.dis.push_str(&line);
                answer.dis.push('\n');
            }
            Err(error) => answer.dis_error = Some(error.message()),
        }
    }
    match tools::optimize(stream, dialect) {
        Ok(optimized) => answer.optimized = Some(halfsour_corpus::encode_base64(&optimized)),
        Err(error) => answer.optimize_error = Some(error.message()),
    }
    answer
}
