//! A line of a cross manifest: what one CPython made of a pickle that another one wrote.

use std::path::Path;

use serde::Deserialize;

use crate::{Refusal, Result, folder, json_lines};

/// What one reader, or several, made of a pickle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossLine {
    /// The manifest that has the pickle, without its ending.
    pub from: String,
    /// The pickle's case,
    pub case: String,
    /// the implementation that wrote it,
    #[serde(rename = "impl")]
    pub implementation: String,
    /// and its protocol.
    #[serde(rename = "proto")]
    pub protocol: i32,
    /// The version of the interpreter that read it.
    #[serde(rename = "py")]
    pub python: String,
    /// The readers: `all`, implementations, or in Python 3 implementations with an encoding, `Pickler/latin1`.
    pub by: Vec<String>,
    /// The key of the description of what loading gave,
    pub desc: Option<String>,
    /// or why it failed.
    pub error: Option<Refusal>,
}

impl CrossLine {
    /// The lines of every cross manifest of a corpus, with the manifest's name.
    ///
    /// # Errors
    /// When a file cannot be read or a line is not a cross line.
    pub fn read_corpus(corpus: &Path) -> Result<Vec<(String, Vec<Self>)>> {
        let manifests = folder::manifests(&corpus.join("golden"))?;
        let cross = manifests.iter().filter(|path| folder::name(path).starts_with("cross_"));
        cross.map(|path| Ok((folder::name(path), json_lines::read(path)?))).collect()
    }

    /// What to call it in a message.
    pub fn label(&self) -> String {
        let Self { from, case, implementation, protocol, by, .. } = self;
        format!("{case} of {from} {implementation} protocol {protocol} by {}", by.join(", "))
    }

    /// Whether a reader was one of those that this line is about.
    pub fn is_by(&self, reader: &str) -> bool {
        self.by.iter().any(|by| by == "all" || by == reader)
    }
}
