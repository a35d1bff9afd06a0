//! The one error of this crate: a corpus or a helper program that is not as it should be.

use std::io;
use std::path::PathBuf;

/// A `Result` whose error is [`CorpusError`].
pub type Result<T> = std::result::Result<T, CorpusError>;

/// What can be wrong with a corpus, or with a CPython that was asked something.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line of a manifest is not what the manifest's format says.
    #[error("{path} line {line}: {source}")]
    Line {
        /// The manifest.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// Base64 text that is none.
    #[error("not base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// A file is not what its line in the manifest says.
    #[error("{file}: {what}")]
    Container {
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// A line refers to a description that its corpus does not have.
    #[error("no description {0} in the corpus")]
    NoDescription(String),
    /// The text that says how to make an object is not of the form for it.
    #[error("recipe `{text}`: expected {expected} at {at}")]
    Recipe {
        /// The text.
        text: String,
        /// Where it is wrong.
        at: usize,
        /// What should be there.
        expected: String,
    },
    /// A runtime could not be given the modules and classes of a corpus.
    #[error("preparing the runtime: {0}")]
    Runtime(String),
    /// A CPython ended, or answered something else than what was asked.
    #[error("CPython: {0}")]
    Python(String),
}
