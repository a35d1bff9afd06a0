//! A program measured beside, in a process of its own that times itself.
//!
//! It says `ready`, or why it cannot do what it is started for; then it reads lines that say what to do, and answers each
//! with the nanoseconds that it took.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A child that is ready.
pub(crate) struct Timed {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Timed {
    /// Starts a program.
    ///
    /// # Errors
    /// What it said when it refused, or how it ended.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut peer = Self { child, input, output: BufReader::new(output) };
        match peer.answer()?.as_str() {
            "ready" => Ok(peer),
            refusal => Err(io::Error::other(refusal.to_owned())),
        }
    }

    /// How long something takes it.
    pub(crate) fn measure(&mut self, what: impl Display) -> io::Result<Duration> {
        writeln!(self.input, "{what}")?;
        self.number().map(Duration::from_nanos)
    }

    /// A number that it says without being asked.
    pub(crate) fn number(&mut self) -> io::Result<u64> {
        let answer = self.answer()?;
        answer.parse().map_err(|_| io::Error::other(answer))
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other(format!("aborts: {}", self.child.wait()?)));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the command that runs a script of this folder with a CPython, as it is without the user's settings.
#[allow(dead_code, reason = "not every bench has a CPython beside")]
pub(crate) fn python(python: &Path, script: &str) -> Command {
    let mut command = Command::new(python);
    command.args(["-E", "-s", "-B"]).arg(benches().join(script));
    command
}

/// The folder of the benches.
#[allow(dead_code, reason = "not every bench has a CPython beside")]
pub(crate) fn benches() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches")
}
