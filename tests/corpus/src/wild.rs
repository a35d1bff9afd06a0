//! Pickles of libraries that nobody here wrote, in the containers in which those keep them.

mod container;
mod joblib;

use std::fs;
use std::path::{Path, PathBuf};

use halfsour_runtime::Dialect;
use serde::Deserialize;

use crate::stream::decode_base64;
use crate::{CorpusError, Result, folder, json_lines};

pub use container::WildStream;

/// A line of a manifest of `wild`: a file that some library wrote.
#[derive(Clone, Debug, Deserialize)]
pub struct WildFile {
    /// Its name, which says what is in it, and by which Python.
    pub file: String,
    /// The library.
    pub maker: String,
    /// The version of the Python that wrote it, as far as that is known.
    pub python: String,
    /// In what the pickles are.
    pub container: String,
    /// The out-of-band buffers, in order.
    #[serde(default)]
    pub buffers: Vec<WildBuffer>,
    /// The pickles of a database: where they are given, the file need not be.
    #[serde(default)]
    records: Vec<Record>,
    /// The file in base64, if it is not in the folder `files` beside the manifest.
    content: Option<String>,
    #[serde(skip)]
    folder: PathBuf,
}

/// An out-of-band buffer.
#[derive(Clone, Debug, Deserialize)]
pub struct WildBuffer {
    b64: String,
    /// Whether it is read-only.
    #[serde(rename = "ro")]
    pub read_only: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Record {
    pickle: String,
}

impl WildFile {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When the file cannot be read or a line is not of this form.
    pub fn read_manifest(path: &Path) -> Result<Vec<Self>> {
        let mut files: Vec<Self> = json_lines::read(path)?;
        for file in &mut files {
            file.folder = path.with_file_name("files");
        }
        Ok(files)
    }

    /// The pickles in it.
    ///
    /// # Errors
    /// When the file is not there, or is not what its line says.
    pub fn streams(&self) -> Result<Vec<WildStream>> {
        if self.records.is_empty() {
            return container::open(&self.container, &self.bytes()?)
                .map_err(|what| CorpusError::Container { file: self.file.clone(), what });
        }
        let mut streams = Vec::new();
        for record in &self.records {
            streams.push(WildStream::over_one_memo(decode_base64(&record.pickle)?));
        }
        Ok(streams)
    }

    /// The dialect of the Python that wrote it; where that is not known, of one that would have written such a stream.
    pub fn dialect(&self, stream: &WildStream) -> Dialect {
        match self.python.chars().next() {
            Some('2') => Dialect::Python2,
            Some('3') => Dialect::Python3,
            _ if stream.protocol() < 3 && stream.has_byte_strings() => Dialect::Python2,
            _ => Dialect::Python3,
        }
    }

    /// The file itself. That of a database need not be there.
    ///
    /// # Errors
    /// When it is not there, or is not base64.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        match &self.content {
            Some(content) => decode_base64(content),
            None => {
                let path = self.folder.join(&self.file);
                fs::read(&path).map_err(|source| CorpusError::Read { path, source })
            }
        }
    }
}

impl WildBuffer {
    /// What is in it.
    ///
    /// # Errors
    /// When it is not base64.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        decode_base64(&self.b64)
    }
}

/// The manifests of a corpus that are of this kind: what is in its folder `wild`.
///
/// # Errors
/// When the folder is there but cannot be read.
pub fn wild_manifests(corpus: &Path) -> Result<Vec<PathBuf>> {
    folder::manifests(&corpus.join("wild"))
}
