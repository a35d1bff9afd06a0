//! A line of a golden manifest: what one CPython's pickler wrote, and what that means.

use std::path::Path;

use serde::Deserialize;

use crate::stream::decode;
use crate::{Result, json_lines};

/// One pickle, or the refusal to make one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenLine {
    /// Its name, `group/what`; the same in every line about the same object.
    pub case: String,
    /// The interpreter's version.
    #[serde(rename = "py")]
    pub python: String,
    /// `pickle.py`, `cPickle`, `_Pickler`, `Pickler`, or `both` of that interpreter's.
    #[serde(rename = "impl")]
    pub implementation: String,
    /// The protocol.
    #[serde(rename = "proto")]
    pub protocol: i32,
    /// How pickler and unpickler were set up.
    #[serde(rename = "opts", default)]
    pub options: Options,
    pickle: Option<String>,
    parts: Option<Vec<(String, usize)>>,
    /// The key of the description of what loading gives.
    pub desc: Option<String>,
    /// Loading gives another graph than was dumped.
    #[serde(default)]
    pub changed: bool,
    /// How many loads one unpickler does; the description is of the list of the results.
    pub loads: Option<usize>,
    /// Groups of occurrences of strings, by number in the order of visits, that are one object.
    #[serde(default)]
    pub same_strings: Vec<Vec<usize>>,
    /// What dumping the loaded graph again gives.
    pub redump: Option<Redump>,
    /// The key that the description would have with the pairs of dicts sorted: for a reader that orders dicts by hash,
    /// which we do not.
    pub sorted: Option<String>,
    /// The dump fails so, and there is no pickle.
    pub dump_error: Option<Refusal>,
    /// The load fails so.
    pub load_error: Option<Refusal>,
    /// The out-of-band buffers, in order.
    #[serde(default)]
    pub buffers: Vec<Buffer>,
}

/// How a pickler and an unpickler were set up. What is absent was left at its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Objects with `is_persistent_ref` go by `persistent_id`, and come back by `persistent_load`.
    pub pid: bool,
    /// Entries of the extension registry: module, name, code.
    pub ext: Vec<(String, String, i64)>,
    /// `pickler.fast = 1`.
    pub fast: bool,
    /// `fix_imports`.
    pub fix_imports: Option<bool>,
    /// Several objects were dumped by one pickler into one stream.
    pub multi: bool,
    /// The indexes of the objects before which `clear_memo()` was called.
    pub clear: Vec<usize>,
    /// What `buffer_callback` did: `all`, `inband` or `alternate`.
    pub oob: Option<String>,
    /// `reducer_override` was there.
    pub reducer_override: bool,
    /// A private `dispatch_table` was there.
    pub dispatch_table: bool,
    /// `sys.set_int_max_str_digits()` was called with this.
    pub int_digits: Option<u32>,
}

/// The type of an exception, with its module unless that is the built-in one, and its text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Refusal(pub String, pub String);

/// What dumping a loaded graph again gives, as manifests say it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Redump {
    /// The word `same`: the bytes that were loaded.
    Same(String),
    /// An exception.
    Error {
        /// Which.
        error: Refusal,
    },
    /// Other bytes.
    Other {
        /// In base64,
        pickle: Option<String>,
        /// or in pieces of it, each with how often it is repeated.
        parts: Option<Vec<(String, usize)>>,
    },
}

/// An out-of-band buffer.
#[derive(Clone, Debug, Deserialize)]
pub struct Buffer {
    pickle: Option<String>,
    parts: Option<Vec<(String, usize)>>,
    /// Whether it is read-only.
    #[serde(rename = "ro")]
    pub read_only: bool,
}

impl GoldenLine {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When the file cannot be read or a line is not a golden line.
    pub fn read_manifest(path: &Path) -> Result<Vec<Self>> {
        json_lines::read(path)
    }

    /// The part of the case's name before the `/`.
    pub fn group(&self) -> &str {
        self.case.split('/').next().unwrap_or_default()
    }

    /// What to call it in a message.
    pub fn label(&self) -> String {
        format!("{} {} protocol {}", self.case, self.implementation, self.protocol)
    }

    /// The pickle, if one was made.
    ///
    /// # Errors
    /// When it is not base64.
    pub fn stream(&self) -> Result<Option<Vec<u8>>> {
        decode(self.pickle.as_deref(), self.parts.as_deref())
    }

    /// The bytes that dumping the loaded graph again gives; `None` when it raises, or when the line does not say.
    ///
    /// # Errors
    /// When they are not base64.
    pub fn redumped(&self) -> Result<Option<Vec<u8>>> {
        match &self.redump {
            Some(Redump::Same(_)) => self.stream(),
            Some(Redump::Other { pickle, parts }) => decode(pickle.as_deref(), parts.as_deref()),
            Some(Redump::Error { .. }) | None => Ok(None),
        }
    }

    /// The exception that dumping the loaded graph again raises, if it does.
    pub fn redump_error(&self) -> Option<&Refusal> {
        match &self.redump {
            Some(Redump::Error { error }) => Some(error),
            _ => None,
        }
    }
}

impl Buffer {
    /// What is in it.
    ///
    /// # Errors
    /// When it is not base64.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        Ok(decode(self.pickle.as_deref(), self.parts.as_deref())?.unwrap_or_default())
    }
}
