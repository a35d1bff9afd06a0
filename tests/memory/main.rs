//! Memory for any input is at most 64 times its size and 16 MiB: of everything in the corpora, of the hostile files, of small
//! streams that are repeated until the 16 MiB are the lesser part, and of calls of built-in types with what is large.
//!
//! What is measured is the most that was allocated at once, beyond what was there before. `HALFSOUR_FUZZ_CORPUS` names a
//! folder of further streams, such as the corpora of `fuzz/`; `HALFSOUR_REPEATED` says of how many kinds there are streams
//! that repeat something, a part of all by default.

#[allow(dead_code, reason = "they have names, too")]
#[path = "../denial/files.rs"]
mod files;
mod meter;
mod streams;

use std::process::ExitCode;

use halfsour_corpus::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use peak_alloc::PeakAlloc;

use meter::{Meter, Readings};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They are measured by what the process allocates.
    arguments.test_threads = Some(1);
    let trials = vec![
        trial("the corpora", Readings::All, || halfsour_targets::seeds(usize::MAX)),
        trial("the hostile files", Readings::All, || {
            Ok(files::hostile().into_iter().map(|file| file.bytes).collect())
        }),
        trial("small streams, repeated", Readings::Loads, streams::repeated),
        trial("calls of built-in types", Readings::PlainLoads, streams::calls),
        trial("corpora of fuzzing", Readings::All, streams::fuzzed),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Measures every stream, prints the worst, and fails if one took more than it may.
fn trial(name: &'static str, readings: Readings, streams: fn() -> Result<Vec<Vec<u8>>>) -> Trial {
    Trial::test(name, move || {
        let streams = streams().map_err(|error| error.to_string())?;
        let mut meter = Meter::new(readings);
        streams.iter().for_each(|stream| meter.measure(stream));
        println!("memory of {name}: {meter}");
        if meter.is_exceeded() { Err(Failed::from(meter.to_string())) } else { Ok(()) }
    })
}
