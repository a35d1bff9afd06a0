//! The tool over the corpora: every file that a library wrote, and every malformed stream, ends with a status that is
//! documented and, if that is an error's, with a short message; never with a panic or a signal.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use halfsour_corpus::{BadInput, Failures, WildFile, folder, wild_manifests};

use crate::child::{READING, each, run_on};
use crate::fixtures::Folder;

/// What is done with each file besides.
const CONVERT: &[&str] = &["convert", "FILE", "-", "--protocol", "4", "--encoding", "latin-1"];

/// What is done with each file.
fn commands() -> Vec<Words> {
    READING.into_iter().chain([CONVERT]).collect()
}

type Words = &'static [&'static str];

/// A file of a corpus.
struct Case {
    name: String,
    bytes: Vec<u8>,
}

#[test]
fn every_file_of_a_library() {
    let mut cases = Vec::new();
    for corpus in folder::corpora() {
        for manifest in wild_manifests(&corpus).unwrap() {
            for file in WildFile::read_manifest(&manifest).unwrap() {
                // That of a database need not be there.
                if let Ok(bytes) = file.bytes() {
                    cases.push(Case { name: file.file, bytes });
                }
            }
        }
    }
    assert!(cases.len() > 500, "{} files", cases.len());
    let statuses = run_all("wild", &cases, &|_| commands());
    println!("files of libraries: {statuses:?}");
    let all: usize = statuses
        .iter()
        .filter(|((command, _), _)| *command == "show")
        .map(|(_, count)| count)
        .sum();
    let shown = statuses.get(&("show", 0)).copied().unwrap_or_default();
    // What is no pickle, and its like, are few.
    assert!(shown * 100 >= all * 95, "{shown} of {all} are shown");
}

#[test]
fn every_malformed_stream() {
    let mut cases = Vec::new();
    for corpus in folder::corpora() {
        for manifest in folder::bad_manifests(&corpus).unwrap() {
            for input in BadInput::read_manifest(&manifest).unwrap() {
                cases.push(Case { bytes: input.stream().unwrap(), name: input.case });
            }
        }
    }
    assert!(cases.len() > 5000, "{} streams", cases.len());
    // Each is shown, and goes through one of the others in turn.
    let all = commands();
    let statuses =
        run_all("bad", &cases, &|number| vec![all[0], all[1 + number % (all.len() - 1)]]);
    println!("malformed streams: {statuses:?}");
    let failed = statuses.get(&("show", 2)).copied().unwrap_or_default();
    assert!(failed * 2 > cases.len(), "{failed} of {} streams are refused", cases.len());
}

/// How often each command ended with each status.
type Statuses = BTreeMap<(&'static str, i32), usize>;

/// Runs commands over all cases, on every processor.
fn run_all(
    name: &str,
    cases: &[Case],
    commands: &(dyn Fn(usize) -> Vec<Words> + Sync),
) -> Statuses {
    let folder = Folder::new(name);
    let outcome = Mutex::new((Statuses::new(), Failures::default()));
    each(cases, |number, case| {
        let file = number.to_string();
        fs::write(folder.path().join(&file), &case.bytes).unwrap();
        for command in commands(number) {
            let ended = run_on(folder.path(), command, &file);
            let (statuses, wrong) = &mut *outcome.lock().unwrap();
            if let Some(fault) = ended.fault() {
                wrong.add(case.name.clone(), format!("{}: {fault}", command.join(" ")));
            }
            *statuses.entry((command[0], ended.status.unwrap_or(-1))).or_default() += 1;
        }
        let _ = fs::remove_file(folder.path().join(&file));
    });
    let (statuses, wrong) = outcome.into_inner().unwrap();
    wrong.into_result("files").unwrap();
    statuses
}
