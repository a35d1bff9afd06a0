//! The manifests are what this crate takes them for: every line is read, every description is there, and the CPython
//! that wrote a stream describes it the way the manifest does.

use std::collections::{BTreeMap, HashSet};

use halfsour_corpus::python::{Described, Question, Session, find_python27};
use halfsour_corpus::{
    BadInput, Description, Descriptions, GoldenLine, Outcome, Recipes, Redump, Result, folder,
};
use halfsour_runtime::Dialect;
use sha2::{Digest, Sha256};

#[test]
fn golden_lines_have_their_streams_and_descriptions() -> Result<()> {
    for corpus in folder::corpora() {
        let descriptions = Descriptions::read_folder(&corpus.join("golden"))?;
        for manifest in folder::golden_manifests(&corpus)? {
            for line in GoldenLine::read_manifest(&manifest)? {
                check_golden(&line, &descriptions)?;
            }
        }
    }
    Ok(())
}

fn check_golden(line: &GoldenLine, descriptions: &Descriptions) -> Result<()> {
    assert_eq!(line.stream()?.is_none(), line.dump_error.is_some(), "{line:?}");
    let outcomes = [line.dump_error.is_some(), line.load_error.is_some(), line.desc.is_some()];
    assert_eq!(outcomes.iter().filter(|is| **is).count(), 1, "{line:?}");
    if let Some(key) = &line.desc {
        descriptions.get(key)?;
    }
    if let Some(Redump::Same(word)) = &line.redump {
        assert_eq!(word, "same");
    }
    assert_eq!(
        line.desc.is_some(),
        line.redumped()?.is_some() || line.redump_error().is_some(),
        "{line:?}"
    );
    Ok(())
}

#[test]
fn what_cannot_be_dumped_can_be_made() -> Result<()> {
    let golden = folder::data().join("golden");
    let recipes = Recipes::read_folder(&golden)?;
    let lines = GoldenLine::read_manifest(&golden.join("py27.jsonl.gz"))?;
    let loaded: HashSet<_> = lines
        .iter()
        .filter(|line| line.desc.is_some() && !line.changed)
        .map(|line| &line.case)
        .collect();
    for line in lines.iter().filter(|line| line.dump_error.is_some()) {
        assert!(
            loaded.contains(&line.case) || recipes.get(&line.case, Dialect::Python2).is_some(),
            "{}",
            line.case
        );
    }
    Ok(())
}

#[test]
fn bad_lines_have_their_streams_and_descriptions() -> Result<()> {
    for corpus in folder::corpora() {
        let descriptions = Descriptions::read_folder(&corpus.join("bad"))?;
        for manifest in folder::bad_manifests(&corpus)? {
            for line in BadInput::read_manifest(&manifest)? {
                line.stream()?;
                for by in ["pickle.py", "cPickle", "_loads", "loads"] {
                    if let Some(Outcome::Loaded(key)) = line.outcome(by) {
                        descriptions.get(&key)?;
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn keys_are_the_digests_of_canonical_texts() -> Result<()> {
    let descriptions = Descriptions::read_folder(&folder::data().join("golden"))?;
    assert!(!descriptions.is_empty());
    for (key, description) in descriptions.iter() {
        let digest = Sha256::digest(description.canonical_text());
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, key);
    }
    Ok(())
}

#[test]
fn a_real_python_describes_its_own_streams_as_the_manifest_does() -> Result<()> {
    let Some(python) = find_python27() else {
        println!("no CPython 2.7 found");
        return Ok(());
    };
    let mut session = Session::start(&python)?;
    let descriptions = Descriptions::read_folder(&folder::data().join("golden"))?;
    let lines = GoldenLine::read_manifest(&folder::data().join("golden/py27.jsonl.gz"))?;
    // One of each group is enough to see that question, script and answer fit together.
    let groups: BTreeMap<_, _> = lines.iter().map(|line| (line.group(), line)).collect();
    for line in groups.values() {
        let (Some(stream), Some(key)) = (line.stream()?, &line.desc) else { continue };
        let module = if line.implementation == "cPickle" { "cPickle" } else { "pickle" };
        let question = Question {
            module,
            stream: &stream,
            options: &line.options,
            loads: line.loads,
            buffers: &[],
        };
        let Described::Loaded(description) = session.ask(&question)? else {
            panic!("{} did not load", line.case);
        };
        let (expected, found) = (sorted(descriptions.get(key)?), sorted(&description));
        assert_eq!(expected, found, "{}", line.case);
    }
    Ok(())
}

/// The nodes' types without their order, which a reload by hash order may change.
fn sorted(description: &Description) -> Vec<String> {
    let mut types: Vec<_> = description.nodes.iter().map(|node| node["t"].to_string()).collect();
    types.sort();
    types
}
