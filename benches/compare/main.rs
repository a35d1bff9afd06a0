//! Load, dump, deep copy, memory: Halfsour beside CPython's C code and serde-pickle, in one run.
//!
//! `cargo bench --bench compare` measures everything, where CPython 3.13 or 2.7 are installed, which make the inputs at
//! the first run. Everybody works in a process of his own and times himself; rounds are interleaved, and what is shown are
//! medians. `HALFSOUR_BENCH_SCALE=0.1` is quicker.
//!
//! `cargo bench --bench compare -- dump/p4 records` measures what has all these words in its label, such as
//! `dump/p4/py3/records_50k`. `--rounds 15` measures longer; `--save` writes the results into `README.md` and
//! `benches/RESULTS.md`, with a chart.

mod chart;
mod child;
mod floor;
mod growth;
mod inputs;
mod job;
mod machine;
mod measure;
mod options;
mod ours;
mod pause;
mod report;
mod serde;
mod series;
#[path = "../peers/timed.rs"]
mod timed;

use std::env;
use std::io;

use options::Options;
use report::Report;

/// What programs that make many objects choose. CPython has an allocator of its own for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [child, who, job @ ..] if child == child::ARGUMENT => return child::serve(who, job),
        [child, rest @ ..] if child == pause::ARGUMENT => return pause::serve(rest),
        _ => {}
    }
    let Some(options) = Options::read(&arguments)? else {
        println!("it takes minutes, and `cargo bench --bench compare` to begin");
        return Ok(());
    };
    let mut report = Report::new(machine::describe());
    println!("{}", report.machine);
    for series in series::all() {
        report.add(series.measure(&options)?);
    }
    report.growth = growth::measure(&options)?;
    report.pauses = pause::measure(&options)?;
    report.print_summary();
    if options.save {
        report.save()?;
    }
    Ok(())
}
