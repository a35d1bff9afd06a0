//! A process that does one job over and over and times itself, for each who is compared.
//!
//! The child says `ready`, or why it refuses the job; then it reads numbers of iterations and answers each with the
//! nanoseconds that they took. A child that holds says the kilobytes that its process took at most, and ends.

use std::env;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::job::{Job, Task, Who};
use crate::timed::{self, Timed};
use crate::{floor, ours, serde};

/// The argument that makes this program a child; who and the job follow.
pub(crate) const ARGUMENT: &str = "--child";

/// Starts a child that does a job: one of CPython's, or this program again.
///
/// # Errors
/// What it said when it refused the job, or how it ended.
pub(crate) fn start(who: Who, python: &Path, job: &Job) -> io::Result<Timed> {
    let mut command = if who == Who::CPython {
        let mut command = timed::python(python, "compare/peer.py");
        command.arg(timed::benches().join("generator"));
        command
    } else {
        let mut command = Command::new(env::current_exe()?);
        command.args([ARGUMENT, who.name()]);
        command
    };
    Timed::start(command.args(job.arguments()))
}

/// The child: does what the arguments say.
pub(crate) fn serve(who: &str, job: &[String]) -> io::Result<()> {
    let (Some(who), Some(job)) = (Who::from_name(who), Job::from_arguments(job)) else {
        return Err(io::Error::other("no such job"));
    };
    let stream = std::fs::read(&job.path)?;
    let served = match who {
        Who::Halfsour => ours::serve(&job, &stream),
        Who::SerdePickle => serde::serve(&job, &stream),
        Who::Floor => floor::serve(&job, &stream),
        Who::CPython => Err("another program does that".into()),
    };
    if let Err(refusal) = served {
        println!("refuses: {}", refusal.to_string().replace('\n', " "));
    }
    Ok(())
}

/// What a job can fail with.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Tries what is measured, says `ready`, and does it as often as it is asked to.
pub(crate) fn answer_all<T>(task: Task, mut work: impl FnMut() -> Outcome<T>) -> Outcome {
    let first = work()?;
    if task == Task::Hold {
        println!("ready");
        println!("{}", peak_memory()?);
        black_box(first);
        return Ok(());
    }
    drop(first);
    println!("ready");
    for line in io::stdin().lines() {
        let iterations: u64 = line?.parse()?;
        let start = Instant::now();
        for _ in 0..iterations {
            black_box(work()?);
        }
        println!("{}", start.elapsed().as_nanos());
    }
    Ok(())
}

/// The most memory that this process ever had, in kilobytes.
fn peak_memory() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("the system does not say")?.parse()?)
}
