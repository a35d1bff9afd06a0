//! A line of a manifest of malformed streams: what each implementation of CPython said to it.

use std::path::Path;

use serde::Deserialize;

use crate::golden::Refusal;
use crate::stream::decode;
use crate::{Result, json_lines};

/// One stream and its outcomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BadInput {
    /// Its name, `group/what`.
    pub case: String,
    pickle: Option<String>,
    parts: Option<Vec<(String, usize)>>,
    out: Vec<Said>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    by: Vec<String>,
    ok: Option<String>,
    error: Option<Refusal>,
}

/// What one implementation made of a stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It loaded, to the graph whose description has this key.
    Loaded(String),
    /// It raised.
    Raised(Refusal),
}

impl BadInput {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When the file cannot be read or a line is not of this form.
    pub fn read_manifest(path: &Path) -> Result<Vec<Self>> {
        json_lines::read(path)
    }

    /// The stream.
    ///
    /// # Errors
    /// When it is not base64.
    pub fn stream(&self) -> Result<Vec<u8>> {
        Ok(decode(self.pickle.as_deref(), self.parts.as_deref())?.unwrap_or_default())
    }

    /// What the implementation of that name (`pickle.py`, `cPickle`, `_loads`, `loads`) made of it; `None` when it was
    /// not asked.
    pub fn outcome(&self, implementation: &str) -> Option<Outcome> {
        let said = self.out.iter().find(|said| said.by.iter().any(|by| by == implementation))?;
        match (&said.ok, &said.error) {
            (Some(key), _) => Some(Outcome::Loaded(key.clone())),
            (None, Some(error)) => Some(Outcome::Raised(error.clone())),
            (None, None) => None,
        }
    }
}
