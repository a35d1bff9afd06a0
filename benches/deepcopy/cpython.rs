//! A CPython, measured beside, in a process of its own that times itself.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A child that has copied the input once and is ready to do it again.
pub(crate) struct CPython {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl CPython {
    /// Starts a CPython on a pickle.
    ///
    /// # Errors
    /// Why it cannot copy the object, or how it ended.
    pub(crate) fn start(python: &Path, pickle: &Path) -> io::Result<Self> {
        let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
        let mut child = Command::new(python)
            .args(["-E", "-s", "-B"])
            .arg(benches.join("deepcopy/peer.py"))
            .arg(benches.join("generator"))
            .arg(pickle)
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

impl Drop for CPython {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
