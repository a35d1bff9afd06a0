//! Hostile files deny nobody their service: each is read in every way that there is, in a process of its own with 1 GiB of
//! address space, and none takes a second or 100 MB.
//!
//! The process is this same program, started again. Its time is that of the processor, which says the same on a busy
//! machine; its memory is the most that it held, as Linux tells it.

mod child;
mod files;
mod parent;

use std::process::ExitCode;

use halfsour_corpus::{BadInput, Result, folder};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if std::env::var_os(child::VARIABLE).is_some() {
        return child::serve();
    }
    if !parent::can_limit() {
        println!("tests of denial are skipped: there is no shell here that limits memory");
        return ExitCode::SUCCESS;
    }
    let mut trials: Vec<_> = files::hostile()
        .into_iter()
        .map(|file| {
            let check = move || Ok(parent::check(std::slice::from_ref(&file.bytes))?);
            Trial::test(file.name, check)
        })
        .collect();
    trials.push(Trial::test("the malformed streams", || {
        let streams = malformed().map_err(|error| error.to_string())?;
        Ok(parent::check_many(&streams)?)
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Every malformed stream of the corpora.
fn malformed() -> Result<Vec<Vec<u8>>> {
    let mut streams = Vec::new();
    for corpus in folder::corpora() {
        for path in folder::bad_manifests(&corpus)? {
            for input in BadInput::read_manifest(&path)? {
                streams.push(input.stream()?);
            }
        }
    }
    Ok(streams)
}
