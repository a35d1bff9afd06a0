//! Pickles that other people's libraries wrote, without their classes: each loads with stand-ins, and goes back to the
//! same bytes.
//!
//! Every file of every manifest in a folder `wild` is opened, in `tests/data` and in the folders that `HALFSOUR_CORPUS`
//! names.

mod again;

use std::process::ExitCode;

use halfsour_corpus::{Failures, Result, WildFile, folder, wild_manifests};
use libtest_mimic::{Arguments, Trial};

use again::{Written, write_again};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match manifests() {
        Ok(manifests) => manifests.into_iter().map(trial).collect(),
        Err(error) => vec![Trial::test("wild manifests", move || Err(error.to_string().into()))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

struct Manifest {
    name: String,
    files: Vec<WildFile>,
}

fn manifests() -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for corpus in folder::corpora() {
        for path in wild_manifests(&corpus)? {
            let files = WildFile::read_manifest(&path)?;
            manifests.push(Manifest { name: folder::name(&path), files });
        }
    }
    Ok(manifests)
}

fn trial(manifest: Manifest) -> Trial {
    Trial::test(format!("wild {}", manifest.name), move || check(&manifest).map_err(Into::into))
}

/// Checks every file and prints the totals.
fn check(manifest: &Manifest) -> std::result::Result<(), String> {
    let mut wrong = Failures::default();
    let mut same = 0;
    for file in &manifest.files {
        match check_file(file) {
            Ok(()) => same += 1,
            Err(error) => wrong.add(file.file.clone(), error),
        }
    }
    println!("wild {}: {same} of {} the same bytes", manifest.name, manifest.files.len());
    wrong.into_result("files")
}

fn check_file(file: &WildFile) -> std::result::Result<(), String> {
    for stream in file.streams().map_err(|error| error.to_string())? {
        match write_again(file, &stream)? {
            Written::Same => {}
            Written::Other(found) => return Err(again::different(&stream.bytes, &found)),
        }
    }
    Ok(())
}
