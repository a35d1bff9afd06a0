//! Malformed streams: where both implementations of a CPython, 2.7 or 3.13, load one to the same graph, so do we; where both
//! raise, so do we, with an exception that says where; where they differ, either will do. No stream panics, overflows
//! the stack, takes more than 10 seconds or more than a gigabyte.
//!
//! The streams are loaded in a child process with limited memory: this same program, started again. A child that dies
//! or hangs is a failure of the stream that it was given, and another is started for the next.

mod child;
mod judge;
mod parent;

use std::process::ExitCode;
use std::sync::Arc;

use halfsour_corpus::{BadInput, Descriptions, Result, folder};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if std::env::var_os(child::VARIABLE).is_some() {
        return child::serve();
    }
    let arguments = Arguments::from_args();
    let trials = match manifests() {
        Ok(manifests) => manifests.into_iter().flat_map(trials_of).collect(),
        Err(error) => vec![Trial::test("bad manifests", move || Err(error.to_string().into()))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A manifest with its descriptions.
pub(crate) struct Manifest {
    name: String,
    inputs: Vec<BadInput>,
    descriptions: Descriptions,
}

fn manifests() -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::bad_manifests(&corpus)? {
            let inputs = BadInput::read_manifest(&path)?;
            let descriptions = Descriptions::read_folder(&corpus.join("bad"))?;
            manifests.push(Manifest { name: folder::name(&path), inputs, descriptions });
        }
    }
    Ok(manifests)
}

fn trials_of(manifest: Manifest) -> Vec<Trial> {
    let manifest = Arc::new(manifest);
    let trial = |implementation: &'static str| {
        let manifest = manifest.clone();
        let name = format!("bad {} {implementation}", manifest.name);
        Trial::test(name, move || parent::check(&manifest, implementation).map_err(Into::into))
    };
    ["pickle.py", "cPickle", "loads"].into_iter().map(trial).collect()
}
