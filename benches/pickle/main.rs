//! Load and dump at protocol 2, over pickles that a CPython 2.7 made, with serde-pickle beside.
//!
//! `cargo bench --bench pickle` makes the inputs at the first run. What serde-pickle refuses, or aborts on, is printed
//! instead of measured. `HALFSOUR_BENCH_SCALE=0.01` is for a glance.

mod files;
mod ours;
mod peer;

use std::env;
use std::io;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};

use files::Input;
use peer::{Direction, Peer};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    if let [_, peer::ARGUMENT, direction, path] =
        arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        return peer::serve(direction, path);
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let inputs = files::inputs()?;
    for direction in [Direction::Load, Direction::Dump] {
        for input in &inputs {
            bench(&mut criterion, direction, input)?;
        }
    }
    criterion.final_summary();
    Ok(())
}

fn bench(criterion: &mut Criterion, direction: Direction, input: &Input) -> io::Result<()> {
    let stream = std::fs::read(&input.path)?;
    let mut group = criterion.benchmark_group(format!("{}/{}", direction.name(), input.name));
    group.throughput(Throughput::Bytes(stream.len() as u64));
    match direction {
        Direction::Load => ours::load(&mut group, &stream),
        Direction::Dump => ours::dump(&mut group, &stream),
    }
    bench_peer(&mut group, direction, input);
    group.finish();
    Ok(())
}

fn bench_peer(group: &mut BenchmarkGroup<'_, WallTime>, direction: Direction, input: &Input) {
    let mut peer = match Peer::start(direction, &input.path) {
        Ok(peer) => peer,
        Err(error) => {
            println!("{}/{}/serde-pickle: {error}", direction.name(), input.name);
            return;
        }
    };
    group.bench_function("serde-pickle", |bencher| {
        bencher.iter_custom(|iterations| match peer.measure(iterations) {
            Ok(took) => took,
            Err(error) => panic!("serde-pickle ended in the middle: {error}"),
        });
    });
}
