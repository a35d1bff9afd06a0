//! One running CPython that loads streams and describes what it got: a line of JSON for a line of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::golden::{Options, Refusal};
use crate::{CorpusError, Description, Result, encode_base64, folder};

/// A running CPython.
#[derive(Debug)]
pub struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// A stream, and how to load it.
#[derive(Debug)]
pub struct Question<'a> {
    /// `pickle` or `cPickle`.
    pub module: &'a str,
    /// The bytes.
    pub stream: &'a [u8],
    /// How the unpickler is set up: `pid` and `ext` count.
    pub options: &'a Options,
    /// How many loads one unpickler does; if given, the description is of the list of the results.
    pub loads: Option<usize>,
}

/// What the CPython made of it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Described {
    /// It loaded, to this graph; the pairs of its dicts are sorted.
    Loaded(Description),
    /// It raised.
    Raised(Refusal),
}

#[derive(Serialize)]
struct Line<'a> {
    module: &'a str,
    stream: String,
    pid: bool,
    ext: &'a [(String, String, i64)],
    loads: Option<usize>,
}

impl Session {
    /// Starts `python` on the script in `tests/data/live`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(python: &Path) -> Result<Self> {
        let mut child = Command::new(python)
            .args(["-E", "-s", "-B"])
            .arg(folder::data().join("live/load_and_describe.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| CorpusError::Python(error.to_string()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| CorpusError::Python("no pipes".to_owned()))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// Has a stream loaded and described.
    ///
    /// # Errors
    /// When the CPython ended, or answered with something else.
    pub fn ask(&mut self, question: &Question<'_>) -> Result<Described> {
        let line = Line {
            module: question.module,
            stream: encode_base64(question.stream),
            pid: question.options.pid,
            ext: &question.options.ext,
            loads: question.loads,
        };
        let failed = |error: &dyn std::fmt::Display| CorpusError::Python(error.to_string());
        let mut text = serde_json::to_string(&line).map_err(|error| failed(&error))?;
        text.push('\n');
        self.input.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
        let mut answer = String::new();
        self.output.read_line(&mut answer).map_err(|error| failed(&error))?;
        serde_json::from_str(&answer).map_err(|error| failed(&format!("{error} in {answer:?}")))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It ends by itself when its input does, but nobody shall wait for one that hangs; if it has ended already,
        // there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
