//! The golden streams: what CPython's picklers wrote loads to exactly the graph that it meant, and is written back byte for
//! byte: 2.7's `pickle.py` and `cPickle`, 3.13's `Pickler`.
//!
//! Of 3.13's `_Pickler`, the pure one, the graphs are checked alone, as its bytes differ from those of the C one. Of 3.8
//! the bytes and errors are checked that are those of 3.13 too.
//!
//! The cross manifests say what 3.13 makes of 2.7's pickles, and 2.7 of 3.13's: the same graph, or an exception of the same
//! class.
//!
//! Every line of every manifest is checked, in `tests/data` and in the folders that `HALFSOUR_CORPUS` names.

mod cross;
mod line;
mod manifest;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use line::Route;
use manifest::Manifest;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    match manifest::all() {
        Ok(manifests) => trials.extend(manifests.into_iter().flat_map(trials_of)),
        Err(error) => {
            trials.push(Trial::test("golden manifests", move || Err(error.to_string().into())));
        }
    }
    match cross::all() {
        Ok(manifests) => trials.extend(manifests.into_iter().map(cross_trial)),
        Err(error) => {
            trials.push(Trial::test("cross manifests", move || Err(error.to_string().into())));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn cross_trial(manifest: cross::Cross) -> Trial {
    let name = format!("golden {}", manifest.name);
    Trial::test(name, move || manifest.check().map_err(Into::into))
}

/// A test for each implementation that wrote lines of the manifest, and for those that both wrote alike: by the Rust API,
/// and through the modules that Python-shaped code imports.
fn trials_of(manifest: Manifest) -> Vec<Trial> {
    let manifest = std::sync::Arc::new(manifest);
    let trial = |implementation: String, route: Route| {
        let manifest = manifest.clone();
        let through = if route == Route::Modules { " through the modules" } else { "" };
        let name = format!("golden {} {implementation}{through}", manifest.name);
        Trial::test(name, move || manifest.check(&implementation, route).map_err(Into::into))
    };
    let mut trials = Vec::new();
    for implementation in manifest.implementations() {
        trials.push(trial(implementation.clone(), Route::Rust));
        if manifest.has_modules() {
            trials.push(trial(implementation, Route::Modules));
        }
    }
    trials
}
