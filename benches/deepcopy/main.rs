//! Deep copies of what pickles hold, with `copy.deepcopy` of CPython 2.7 and 3.13 beside, where they are found.
//!
//! `cargo bench --bench deepcopy` takes the inputs of the bench `pickle`, and makes them at the first run. What a CPython
//! cannot copy is printed instead of measured. `HALFSOUR_BENCH_SCALE=0.01` is for a glance.

mod cpython;
#[path = "../pickle/files.rs"]
mod files;
mod ours;

use std::io;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};
use halfsour_corpus::python::{find_python27, find_python313};

use cpython::CPython;

fn main() -> io::Result<()> {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let peers = [("CPython 2.7", find_python27()), ("CPython 3.13", find_python313())];
    for input in files::inputs()? {
        let mut group = criterion.benchmark_group(format!("deepcopy/{}", input.name));
        ours::bench(&mut group, &std::fs::read(&input.path)?);
        for (name, python) in &peers {
            match python {
                Some(python) => bench_peer(&mut group, name, CPython::start(python, &input.path)),
                None => println!("deepcopy/{}: no {name} found", input.name),
            }
        }
        group.finish();
    }
    criterion.final_summary();
    Ok(())
}

fn bench_peer(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, peer: io::Result<CPython>) {
    let mut peer = match peer {
        Ok(peer) => peer,
        Err(error) => return println!("{name}: {error}"),
    };
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| match peer.measure(iterations) {
            Ok(took) => took,
            Err(error) => panic!("{name} ended in the middle: {error}"),
        });
    });
}
