//! A process that does one job over and over and times itself, for each who is compared.
//!
//! The child says `ready`, or why it refuses the job; then it reads numbers of iterations and answers each with the
//! nanoseconds that they took. A child that holds says the kilobytes that its process took at most, and ends.

use std::env;
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::job::{Job, Task, Who};
use crate::{floor, ours, serde};

/// The argument that makes this program a child; who and the job follow.
pub(crate) const ARGUMENT: &str = "--child";

/// A child that has done its job once and is ready to do it again.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts a child.
    ///
    /// # Errors
    /// What it said when it refused the job, or how it ended.
    pub(crate) fn start(who: Who, python: &Path, job: &Job) -> io::Result<Self> {
        let mut command = if who == Who::CPython {
            let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
            let mut command = Command::new(python);
            command
                .args(["-E", "-s", "-B"])
                .arg(benches.join("compare/peer.py"))
                .arg(benches.join("generator"));
            command
        } else {
            let mut command = Command::new(env::current_exe()?);
            command.args([ARGUMENT, who.name()]);
            command
        };
        let mut child = command
            .args(job.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut worker = Self { child, input, output: BufReader::new(output) };
        match worker.answer()?.as_str() {
            "ready" => Ok(worker),
            refusal => Err(io::Error::other(refusal.to_owned())),
        }
    }

    /// How long `iterations` take it.
    pub(crate) fn measure(&mut self, iterations: u64) -> io::Result<Duration> {
        writeln!(self.input, "{iterations}")?;
        self.number().map(Duration::from_nanos)
    }

    /// How many kilobytes its process took at most, for [`Task::Hold`].
    pub(crate) fn memory(&mut self) -> io::Result<u64> {
        self.number()
    }

    fn number(&mut self) -> io::Result<u64> {
        self.answer()?.parse().map_err(io::Error::other)
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other(format!("aborts: {}", self.child.wait()?)));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
