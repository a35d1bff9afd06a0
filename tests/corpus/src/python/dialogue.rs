//! One running CPython that answers questions: a line of JSON for a line of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{CorpusError, Result, folder};

/// A running CPython.
#[derive(Debug)]
pub struct Dialogue {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Dialogue {
    /// Starts `python` on a script in `tests/data/live`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(python: &Path, script: &str) -> Result<Self> {
        let mut child = Command::new(python)
            .args(["-E", "-s", "-B"])
            .arg(folder::data().join("live").join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| CorpusError::Python(error.to_string()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| CorpusError::Python("no pipes".to_owned()))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// Asks a question.
    ///
    /// # Errors
    /// When the CPython ended, or answered with something else.
    pub fn ask<Q: Serialize, A: DeserializeOwned>(&mut self, question: &Q) -> Result<A> {
        let failed = |error: &dyn std::fmt::Display| CorpusError::Python(error.to_string());
        let mut text = serde_json::to_string(question).map_err(|error| failed(&error))?;
        text.push('\n');
        self.input.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
        let mut answer = String::new();
        self.output.read_line(&mut answer).map_err(|error| failed(&error))?;
        serde_json::from_str(&answer).map_err(|error| failed(&format!("{error} in {answer:?}")))
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        // It ends by itself when its input does, but nobody shall wait for one that hangs; if it has ended already,
        // there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
