//! The CPython 2.7 that `test_xpickle` sends pickles to.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use halfsour_corpus::python::{Dialogue, find_python27};
use halfsour_corpus::{decode_base64, encode_base64};
use serde::{Deserialize, Serialize};

use crate::modules::Module;

/// A CPython that loads pickles and writes them again, started when the first comes.
pub(crate) struct Worker {
    python: PathBuf,
    running: Mutex<Option<Dialogue>>,
}

#[derive(Serialize)]
struct Question {
    module: &'static str,
    protocol: i32,
    stream: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Dumped(String),
    Raised(String),
}

impl Worker {
    /// A worker, if there is a CPython 2.7.
    pub(crate) fn find() -> Option<Arc<Self>> {
        let python = find_python27()?;
        Some(Arc::new(Self { python, running: Mutex::new(None) }))
    }

    /// Has a pickle loaded and dumped again by the worker's `module`.
    ///
    /// # Errors
    /// The traceback, when it could not be loaded or dumped.
    pub(crate) fn bounce(
        &self,
        module: Module,
        stream: &[u8],
        protocol: i32,
    ) -> Result<Vec<u8>, String> {
        let question = Question { module: module.name(), protocol, stream: encode_base64(stream) };
        match self.ask(&question).map_err(|error| error.to_string())? {
            Answer::Dumped(stream) => decode_base64(&stream).map_err(|error| error.to_string()),
            Answer::Raised(traceback) => Err(traceback),
        }
    }

    fn ask(&self, question: &Question) -> halfsour_corpus::Result<Answer> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let mut dialogue = match running.take() {
            Some(dialogue) => dialogue,
            None => Dialogue::start(&self.python, "bounce.py")?,
        };
        let answer = dialogue.ask(question)?;
        *running = Some(dialogue);
        Ok(answer)
    }
}
