//! Two million entries in one shelf of redb: how long that takes, how large the file is, and how much memory is needed.

use std::io;
use std::path::Path;
use std::time::Instant;

use halfsour::shelve::{Flag, Shelf, Walk};
use halfsour::{Runtime, Uncaught};

use crate::ours::{key, record};

const ENTRIES: usize = 2_000_000;

/// How many entries are written in one transaction.
const BATCH: usize = 20_000;

const READS: usize = 200_000;

pub(crate) fn run(folder: &Path) -> io::Result<()> {
    let path = folder.join("large");
    let mut shelf = Shelf::open(&path, Flag::New).map_err(io::Error::other)?;
    measure(&mut shelf, &path).map_err(io::Error::other)
}

fn measure(shelf: &mut Shelf, path: &Path) -> Result<(), Uncaught> {
    let mut runtime = Runtime::python3();
    let report = |what: &str, start: Instant| {
        let size = std::fs::metadata(path).map_or(0, |file| file.len() >> 20);
        println!("{what}: {:.1} s; file {size} MiB, {}", start.elapsed().as_secs_f64(), memory());
    };
    let start = Instant::now();
    for first in (0..ENTRIES).step_by(BATCH) {
        runtime.try_enter(|ctx| {
            shelf.transaction(ctx, |shelf| {
                let mut numbers = first..first + BATCH;
                numbers.try_for_each(|number| shelf.set(ctx, key(number), record(ctx, number)?))
            })
        })?;
    }
    report(&format!("fill with {ENTRIES} entries, {BATCH} in a transaction"), start);
    let start = Instant::now();
    for first in (0..READS).step_by(500) {
        runtime.try_enter(|ctx| {
            let mut numbers = (first..first + 500).map(|number| number * 7919 % ENTRIES);
            numbers.try_for_each(|number| shelf.get_item(ctx, key(number)).map(drop))
        })?;
    }
    report(&format!("{READS} random reads"), start);
    let start = Instant::now();
    let (mut walk, mut count, mut more) = (Walk::all(), 0, true);
    while more {
        runtime.try_enter(|ctx| {
            for _ in 0..500 {
                more = walk.next_item(ctx, shelf)?.is_some();
                count += usize::from(more);
            }
            Ok(())
        })?;
    }
    report(&format!("iteration over {count} entries"), start);
    let start = Instant::now();
    runtime.try_enter(|ctx| shelf.reorganize(ctx))?;
    report("reorganize", start);
    runtime.try_enter(|ctx| shelf.close(ctx))
}

/// The most memory that this process has had, where the system says so.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or("memory unknown".to_owned(), |peak| format!("peak memory {} MiB", peak >> 10))
}
