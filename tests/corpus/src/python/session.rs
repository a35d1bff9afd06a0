//! One running CPython that loads streams and describes what it got.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Dialogue;
use crate::golden::{Options, Refusal};
use crate::{Description, Result, encode_base64};

/// A running CPython.
#[derive(Debug)]
pub struct Session(Dialogue);

/// A stream, and how to load it.
#[derive(Debug)]
pub struct Question<'a> {
    /// `pickle` or `cPickle`; of Python 3 `pickle`, or `_pickle` for the implementation in Python.
    pub module: &'a str,
    /// The bytes.
    pub stream: &'a [u8],
    /// How the unpickler is set up: `pid` and `ext` count.
    pub options: &'a Options,
    /// How many loads one unpickler does; if given, the description is of the list of the results.
    pub loads: Option<usize>,
    /// The out-of-band buffers, each with whether it is read-only; Python 3 alone takes any.
    pub buffers: &'a [(Vec<u8>, bool)],
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
    buffers: Vec<(String, bool)>,
}

impl Session {
    /// Starts a Python 3 on its script in `tests/data/live`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_python3(python: &Path) -> Result<Self> {
        Dialogue::start(python, "load_and_describe3.py").map(Self)
    }

    /// Starts a Python 2 on the script in `tests/data/live`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(python: &Path) -> Result<Self> {
        Dialogue::start(python, "load_and_describe.py").map(Self)
    }

    /// Has a stream loaded and described.
    ///
    /// # Errors
    /// When the CPython ended, or answered with something else.
    pub fn ask(&mut self, question: &Question<'_>) -> Result<Described> {
        self.0.ask(&Line {
            module: question.module,
            stream: encode_base64(question.stream),
            pid: question.options.pid,
            ext: &question.options.ext,
            loads: question.loads,
            buffers: question
                .buffers
                .iter()
                .map(|(bytes, read_only)| (encode_base64(bytes), *read_only))
                .collect(),
        })
    }
}
