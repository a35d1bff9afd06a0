//! Edited pickles, read by the CPython whose pickles they are.

use std::path::Path;

use halfsour_corpus::python::{Dialogue, find_python27, find_python313};
use halfsour_corpus::{Failures, Result, encode_base64};
use halfsour_runtime::Dialect;
use serde::{Deserialize, Serialize};

/// The CPythons of this machine, and what they have said.
pub(crate) struct Readers {
    python2: Option<Dialogue>,
    python3: Option<Dialogue>,
    pub(crate) read: usize,
    pub(crate) loaded: usize,
    pub(crate) skipped: usize,
    pub(crate) wrong: Failures,
}

#[derive(Serialize)]
struct Question {
    stream: String,
    load: bool,
}

#[derive(Deserialize)]
struct Answer {
    error: Option<String>,
    loaded: bool,
}

impl Readers {
    pub(crate) fn start() -> Result<Self> {
        let start = |python: Option<&Path>| {
            python.map(|python| Dialogue::start(python, "read_edited.py")).transpose()
        };
        Ok(Self {
            python2: start(find_python27().as_deref())?,
            python3: start(find_python313().as_deref())?,
            read: 0,
            loaded: 0,
            skipped: 0,
            wrong: Failures::default(),
        })
    }

    /// Has a stream read to its end, and loaded if it needs nothing beside the stream.
    pub(crate) fn read(
        &mut self,
        label: &str,
        dialect: Dialect,
        stream: &[u8],
        is_complete: bool,
    ) -> Result<()> {
        let reader =
            if dialect == Dialect::Python2 { &mut self.python2 } else { &mut self.python3 };
        let Some(reader) = reader else {
            self.skipped += 1;
            return Ok(());
        };
        let question = Question { stream: encode_base64(stream), load: is_complete };
        let answer: Answer = reader.ask(&question)?;
        self.read += 1;
        self.loaded += usize::from(answer.loaded);
        if let Some(error) = answer.error {
            self.wrong.add(label.to_owned(), error);
        }
        Ok(())
    }
}
