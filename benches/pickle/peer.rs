//! serde-pickle, measured beside: in a process of its own, because some inputs make it abort.
//!
//! The bench program starts itself again with `--peer`. The child says `ready`, or why it refuses the input; then it
//! reads numbers of iterations and answers each with the nanoseconds that they took.

use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_pickle::{DeOptions, SerOptions, value_from_slice, value_to_vec};

/// The argument that makes this program the peer.
pub(crate) const ARGUMENT: &str = "--peer";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Direction {
    Load,
    Dump,
}

impl Direction {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Direction::Load => "load",
            Direction::Dump => "dump",
        }
    }
}

/// A child that has tried the input once and is ready to do it again.
pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a child on an input.
    ///
    /// # Errors
    /// What the peer said when it refused the input, or how it ended.
    pub(crate) fn start(direction: Direction, path: &Path) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([ARGUMENT, direction.name()])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut peer = Self { child, input, output: BufReader::new(output) };
        match peer.answer()?.as_str() {
            "ready" => Ok(peer),
            refusal => Err(io::Error::other(refusal.to_owned())),
        }
    }

    /// How long `iterations` take it.
    pub(crate) fn measure(&mut self, iterations: u64) -> io::Result<Duration> {
        writeln!(self.input, "{iterations}")?;
        let nanoseconds = self.answer()?;
        nanoseconds.parse().map(Duration::from_nanos).map_err(io::Error::other)
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other(format!("aborts: {}", self.child.wait()?)));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The child: `--peer DIRECTION PATH`.
pub(crate) fn serve(direction: &str, path: &str) -> io::Result<()> {
    let direction =
        if direction == Direction::Load.name() { Direction::Load } else { Direction::Dump };
    let stream = std::fs::read(path)?;
    match run(direction, &stream, 1) {
        Ok(_) => println!("ready"),
        Err(error) => {
            println!("refuses: {error}");
            return Ok(());
        }
    }
    for line in io::stdin().lines() {
        let iterations = line?.parse().map_err(io::Error::other)?;
        let took = run(direction, &stream, iterations).map_err(io::Error::other)?;
        println!("{}", took.as_nanos());
    }
    Ok(())
}

/// Loads, or dumps what was loaded, so many times. What is made is dropped within the time, as ours is.
fn run(
    direction: Direction,
    stream: &[u8],
    iterations: u64,
) -> Result<Duration, serde_pickle::Error> {
    if direction == Direction::Load {
        let start = Instant::now();
        for _ in 0..iterations {
            black_box(value_from_slice(black_box(stream), DeOptions::new())?);
        }
        return Ok(start.elapsed());
    }
    let value = value_from_slice(stream, DeOptions::new())?;
    let start = Instant::now();
    for _ in 0..iterations {
        black_box(value_to_vec(black_box(&value), SerOptions::new().proto_v2())?);
    }
    Ok(start.elapsed())
}
