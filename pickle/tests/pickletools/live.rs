//! Our tools and the `pickletools` of the CPythons of this machine say the same to every stream of the corpora.

use std::collections::HashMap;

use halfsour_corpus::python::{self, Dialogue};
use halfsour_corpus::{Result, encode_base64};
use halfsour_runtime::Dialect;

use crate::streams::{
    Answer, NEVER_STORED, Stream, answer, is_too_deep, refused_argument, streams,
};

#[derive(serde::Serialize)]
struct Question {
    stream: String,
}

#[test]
fn python27_says_the_same() -> Result<()> {
    compare(python::find_python27(), "2.7", Dialect::Python2)
}

#[test]
fn python313_says_the_same() -> Result<()> {
    compare(python::find_python313(), "3.13", Dialect::Python3)
}

fn compare(python: Option<std::path::PathBuf>, version: &str, dialect: Dialect) -> Result<()> {
    let Some(python) = python else {
        println!("no CPython {version} found");
        return Ok(());
    };
    let mut dialogue = Dialogue::start(&python, "pickletools_answers.py")?;
    let mut tally: HashMap<(bool, &str), (usize, usize)> = HashMap::new();
    let mut shown = 0;
    for stream in streams()? {
        if is_too_deep(&stream.bytes) {
            println!("pickletools {version}: left out {}, which nests too deep", stream.name);
            continue;
        }
        let expected: Answer = dialogue.ask(&Question { stream: encode_base64(&stream.bytes) })?;
        let mut found = answer(&stream.bytes, dialect);
        if expected.optimize_error.is_some()
            && expected.optimize_error == refused_argument(&stream.bytes, dialect)
        {
            // DIFFERENCE: arguments that have nothing to do with the memo are copied, whatever they are.
            found.optimize_error.clone_from(&expected.optimize_error);
            found.optimized = None;
        }
        if found.optimize_error.as_deref() == Some(NEVER_STORED) {
            assert!(expected.optimized.is_some() || expected.optimize_error.is_some());
            found.optimized.clone_from(&expected.optimized);
            found.optimize_error.clone_from(&expected.optimize_error);
        }
        let parts = [
            ("dis", found.dis == expected.dis),
            ("dis error", found.dis_error == expected.dis_error),
            ("optimized", found.optimized == expected.optimized),
            ("optimize error", found.optimize_error == expected.optimize_error),
        ];
        for (part, agrees) in parts {
            let (same, all) = tally.entry((stream.is_golden, part)).or_default();
            *same += usize::from(agrees);
            *all += 1;
        }
        if parts.iter().any(|(_, agrees)| !agrees) && shown < 100 {
            shown += 1;
            show(&stream, &expected, &found);
        }
    }
    let mut lines: Vec<_> = tally.into_iter().collect();
    lines.sort();
    for ((is_golden, part), (same, all)) in &lines {
        let corpus = if *is_golden { "golden" } else { "bad" };
        println!("pickletools {version} {corpus} {part}: {same} of {all}");
    }
    for ((is_golden, part), (same, all)) in lines {
        assert!(same == all, "{part} of golden={is_golden}: {same} of {all}");
    }
    Ok(())
}

fn show(stream: &Stream, expected: &Answer, found: &Answer) {
    let bytes: String = stream.bytes.escape_ascii().map(char::from).take(200).collect();
    println!("--- {} {bytes}", stream.name);
    let lines = expected.dis.lines().zip(found.dis.lines());
    for (expected, found) in lines.filter(|(expected, found)| expected != found).take(1) {
        println!("  line {expected:?}\n  ours {found:?}");
    }
    println!("  lines {} ours {}", expected.dis.lines().count(), found.dis.lines().count());
    println!("  error {:?}\n  ours  {:?}", expected.dis_error, found.dis_error);
    if expected.optimized != found.optimized || expected.optimize_error != found.optimize_error {
        println!("  opt {:?} {:?}", expected.optimized, expected.optimize_error);
        println!("  our {:?} {:?}", found.optimized, found.optimize_error);
    }
}
