//! Shelves on every engine, with `shelve` of CPython 3.13 and 2.7 beside, where they are found.
//!
//! `cargo bench --bench shelve` keeps the same objects in each, in rounds in which each has its turn, and prints the medians;
//! with the feature `sqlite` that engine, too. `HALFSOUR_BENCH_SCALE=0.01` is for a glance. `cargo bench --bench shelve --
//! --large` fills one shelf of redb with two million entries instead, and says what that takes.

mod large;
mod ours;
#[path = "../peers/timed.rs"]
mod timed;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use halfsour::shelve::Engine;
use halfsour_corpus::python::{find_python27, find_python313};

use ours::Ours;
use timed::Timed;

/// What programs that make many objects choose. CPython has an allocator of its own for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many entries a shelf has at full scale.
const ENTRIES: f64 = 100_000.0;

const ROUNDS: usize = 5;

/// Something that is measured: its name, what it is, and of how many entries for a shelf of so many.
type Phase = (&'static str, &'static str, fn(usize) -> usize);

const PHASES: [Phase; 5] = [
    ("bulk", "bulk load in one transaction", |entries| entries),
    ("reads", "random reads", |entries| entries / 5),
    ("iteration", "iteration over keys and objects", |entries| entries),
    ("puts", "durable puts, each for itself", |_| ours::PUTS),
    ("transactions", "durable puts, 20 in a transaction", |_| ours::TRANSACTIONS * ours::BATCH),
];

/// Whom a phase is measured of.
enum Contender {
    Ours(Box<Ours>),
    CPython(Timed),
}

impl Contender {
    fn measure(&mut self, phase: &str) -> io::Result<Duration> {
        match self {
            Contender::Ours(ours) => ours.measure(phase),
            Contender::CPython(peer) => peer.measure(phase),
        }
    }
}

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-shelve");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let arguments: Vec<String> = std::env::args().collect();
    let done = match arguments.iter().any(|argument| argument == "--large") {
        true => large::run(&folder),
        false => compare(&folder),
    };
    std::fs::remove_dir_all(&folder)?;
    done
}

fn compare(folder: &Path) -> io::Result<()> {
    let scale = std::env::var("HALFSOUR_BENCH_SCALE").ok().and_then(|scale| scale.parse().ok());
    let entries = (ENTRIES * scale.unwrap_or(1.0_f64)).max(100.0) as usize;
    let (names, mut contenders): (Vec<_>, Vec<_>) =
        contenders(folder, entries)?.into_iter().unzip();
    let mut times = vec![vec![Vec::new(); contenders.len()]; PHASES.len()];
    for round in 0..ROUNDS {
        for contender in &mut contenders {
            contender.measure("open")?;
        }
        for (phase, times) in PHASES.iter().zip(&mut times) {
            for turn in 0..contenders.len() {
                // Nobody is always the first.
                let turn = (turn + round) % contenders.len();
                times[turn].push(contenders[turn].measure(phase.0)?);
            }
            if phase.0 == "bulk" {
                // Who reads a shelf seldom has all its objects in memory, for a collector to look through.
                for contender in &mut contenders {
                    contender.measure("let_go")?;
                }
            }
        }
    }
    println!("\nMicroseconds for one entry, of {entries}; medians of {ROUNDS} rounds.\n");
    println!("| | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len()));
    let medians: Vec<Vec<f64>> = PHASES
        .iter()
        .zip(&mut times)
        .map(|((_, _, count), times)| {
            let count = count(entries) as f64;
            times.iter_mut().map(|times| median(times) * 1e6 / count).collect()
        })
        .collect();
    for ((_, what, _), medians) in PHASES.iter().zip(&medians) {
        let cells: Vec<String> = medians.iter().map(|median| format!("{median:.2}")).collect();
        println!("| {what} | {} |", cells.join(" | "));
    }
    let peers: Vec<usize> =
        (0..names.len()).filter(|&at| matches!(contenders[at], Contender::CPython(_))).collect();
    println!("\n{} against the others: how many times faster it is.\n", names[0]);
    for ((_, what, _), medians) in PHASES.iter().zip(&medians) {
        let ratio = |&peer: &usize| format!("{:.2} ({})", medians[peer] / medians[0], names[peer]);
        println!("- {what}: {}", peers.iter().map(ratio).collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// Starts everybody who is there; says who is not.
fn contenders(folder: &Path, entries: usize) -> io::Result<Vec<(String, Contender)>> {
    let mut all = Vec::new();
    let engines = [
        ("redb", Some(Engine::Redb)),
        ("dumb", Some(Engine::Dumb)),
        #[cfg(feature = "sqlite")]
        ("sqlite", Some(Engine::Sqlite)),
        ("memory", None),
    ];
    for (name, engine) in engines {
        let ours = Ours::new(engine, folder.join(name), entries)?;
        all.push((format!("Halfsour {name}"), Contender::Ours(Box::new(ours))));
    }
    if cfg!(not(feature = "sqlite")) {
        println!("Halfsour sqlite: needs the feature `sqlite`");
    }
    let peers: [(&str, Option<PathBuf>, &str); 3] = [
        ("CPython 3.13", find_python313(), "dbm.sqlite3"),
        ("CPython 3.13", find_python313(), "dbm.dumb"),
        ("CPython 2.7", find_python27(), "dumbdbm"),
    ];
    for (number, (version, python, module)) in peers.into_iter().enumerate() {
        let Some(python) = python else {
            println!("{version} {module}: no {version} found");
            continue;
        };
        let own = folder.join(format!("peer{number}"));
        std::fs::create_dir_all(&own)?;
        let mut command = timed::python(&python, "shelve/peer.py");
        match Timed::start(command.arg(module).arg(own).arg(entries.to_string())) {
            Ok(peer) => all.push((format!("{version} {module}"), Contender::CPython(peer))),
            Err(error) => println!("{version} {module}: {error}"),
        }
    }
    Ok(all)
}
