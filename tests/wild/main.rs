//! Pickles that other people's libraries wrote, without their classes: each loads with stand-ins, and goes back to the
//! same bytes.
//!
//! Every file of every manifest in a folder `wild` is opened, in `tests/data` and in the folders that `HALFSOUR_CORPUS`
//! names.

mod again;
mod edit;
mod frames;
mod graph;
mod live;
mod rule;
mod setup;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use halfsour_corpus::{Failures, Result, WildFile, folder, wild_manifests};
use libtest_mimic::{Arguments, Trial};

use live::Readers;
use rule::Rule;
use setup::Setup;

/// How many in a hundred files may differ by a rule.
const MOST_BY_RULE: usize = 2;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match manifests() {
        Ok(manifests) => manifests.into_iter().flat_map(trials_of).collect(),
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

fn trials_of(manifest: Manifest) -> [Trial; 2] {
    let manifest = Arc::new(manifest);
    let edited = manifest.clone();
    [
        Trial::test(format!("wild {} again", manifest.name), move || {
            check_again(&manifest).map_err(Into::into)
        }),
        Trial::test(format!("wild {} edited", edited.name), move || {
            check_edited(&edited).map_err(Into::into)
        }),
    ]
}

type Checked<T> = std::result::Result<T, String>;

/// Every pickle of a file, ready to be loaded.
fn setups(file: &WildFile) -> Result<Vec<Setup>> {
    file.streams()?.into_iter().map(|stream| Setup::new(file, stream)).collect()
}

/// Writes every file again, and prints the totals.
fn check_again(manifest: &Manifest) -> Checked<()> {
    let mut wrong = Failures::default();
    let (mut same, mut empty, mut pickles) = (0, 0, 0);
    let mut by_rule: BTreeMap<Rule, usize> = BTreeMap::new();
    for file in &manifest.files {
        let setups = match setups(file) {
            Ok(setups) => setups,
            Err(error) => {
                wrong.add(file.file.clone(), error.to_string());
                continue;
            }
        };
        empty += usize::from(setups.is_empty());
        pickles += setups.iter().map(|setup| setup.stream.pickles).sum::<usize>();
        match write_again(&setups) {
            Ok(None) => same += 1,
            Ok(Some(rule)) => *by_rule.entry(rule).or_default() += 1,
            Err(error) => wrong.add(file.file.clone(), error),
        }
    }
    let files = manifest.files.len();
    println!("wild {}: {same} of {files} the same bytes ({pickles} pickles)", manifest.name);
    for (rule, count) in &by_rule {
        println!("wild {}: {count} by the rule: {}", manifest.name, rule.text());
    }
    println!("wild {}: {empty} hold no pickle", manifest.name);
    wrong.into_result("files")?;
    let counted = by_rule.iter().filter(|(rule, _)| !rule.is_of_a_class()).map(|(_, count)| count);
    match counted.sum::<usize>() {
        count if count * 100 > files * MOST_BY_RULE => {
            Err(format!("{count} of {files} are not the same bytes"))
        }
        _ => Ok(()),
    }
}

/// Writes every pickle of a file again. Returns a rule by which one differs, if one does.
fn write_again(setups: &[Setup]) -> Checked<Option<Rule>> {
    let mut by_rule = None;
    for setup in setups {
        by_rule = by_rule.max(again::write_again(setup)?);
    }
    Ok(by_rule)
}

/// Edits every pickle that has a stand-in with a number or text, has the CPythons of this machine read what is written,
/// and prints the totals.
fn check_edited(manifest: &Manifest) -> Checked<()> {
    let mut wrong = Failures::default();
    let mut readers = Readers::start().map_err(|error| error.to_string())?;
    let (mut edited, mut nothing) = (0, 0);
    for file in &manifest.files {
        for setup in setups(file).map_err(|error| error.to_string())? {
            match edit::edit(&setup) {
                Ok(Some(stream)) => {
                    edited += 1;
                    let is_complete = file.buffers.is_empty() && setup.stream.pickles == 1;
                    readers
                        .read(&file.file, setup.dialect, &stream, is_complete)
                        .map_err(|error| error.to_string())?;
                }
                Ok(None) => nothing += 1,
                Err(error) => wrong.add(file.file.clone(), error),
            }
        }
    }
    let name = &manifest.name;
    println!("wild {name}: {edited} edited, {nothing} have no stand-in with a number or text");
    println!(
        "wild {name}: of the edited, CPython read {} and loaded {}; {} skipped, for want of a CPython",
        readers.read, readers.loaded, readers.skipped
    );
    wrong.into_result("edited pickles")?;
    readers.wrong.into_result("edited pickles")
}
