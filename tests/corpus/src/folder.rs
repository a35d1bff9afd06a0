//! Where corpora are.

use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::{CorpusError, Result};

/// The file of the descriptions that the manifests of a folder share.
pub(crate) const DESCRIPTIONS: &str = "descs.jsonl";

/// The file that says how to make what no pickle can hold.
pub(crate) const RECIPES: &str = "objects.jsonl";

/// The file that lists the lines which are known not to come out exactly.
pub(crate) const LISTED: &str = "exceptions.jsonl";

/// The repository's own corpus, `tests/data`.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

/// Every corpus to run over: the repository's own, then the folders that `HALFSOUR_CORPUS` names (in the form of
/// `PATH`).
pub fn corpora() -> Vec<PathBuf> {
    let further = env::var_os("HALFSOUR_CORPUS").unwrap_or_default();
    let further = env::split_paths(&further).filter(|path| !path.as_os_str().is_empty());
    [data()].into_iter().chain(further).collect()
}

/// The files of a name in a folder of a corpus, behind those in the repository's own folder of that name: what the
/// repository knows of a case holds wherever the case comes from.
pub(crate) fn shared(folder: &Path, file: &str) -> Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    if let Some(own) = folder.file_name().map(|name| data().join(name)).filter(|it| it != folder) {
        folders.insert(0, own);
    }
    let mut found = Vec::new();
    for folder in folders {
        found.extend(manifests(&folder)?.into_iter().filter(|path| name(path) == file));
    }
    Ok(found)
}

/// The `*.jsonl` and `*.jsonl.gz` of a folder, sorted by name. A folder that is not there has none.
pub(crate) fn manifests(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |source| CorpusError::Read { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.to_string_lossy().trim_end_matches(".gz").ends_with(".jsonl") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The golden manifests of a corpus: what is in its folder `golden`, without the files that they share, and without the
/// manifests of what one interpreter makes of another's pickles.
///
/// # Errors
/// When the folder is there but cannot be read.
pub fn golden_manifests(corpus: &Path) -> Result<Vec<PathBuf>> {
    let mut found = manifests(&corpus.join("golden"))?;
    found.retain(|path| {
        let name = name(path);
        ![DESCRIPTIONS, RECIPES, LISTED].contains(&name.as_str()) && !name.starts_with("cross_")
    });
    Ok(found)
}

/// The manifests of malformed streams of a corpus: what is in its folder `bad`, without the descriptions.
///
/// # Errors
/// When the folder is there but cannot be read.
pub fn bad_manifests(corpus: &Path) -> Result<Vec<PathBuf>> {
    let mut found = manifests(&corpus.join("bad"))?;
    found.retain(|path| name(path) != DESCRIPTIONS);
    Ok(found)
}

/// A manifest's name without folder and compression: `py27.jsonl`.
pub fn name(manifest: &Path) -> String {
    let name = manifest.file_name().unwrap_or_default().to_string_lossy();
    name.trim_end_matches(".gz").to_owned()
}

/// The text of a file, which is compressed if its name ends in `.gz`.
///
/// # Errors
/// When it cannot be read.
pub fn read_text(path: &Path) -> Result<String> {
    let unreadable = |source| CorpusError::Read { path: path.to_owned(), source };
    if path.extension().is_none_or(|extension| extension != "gz") {
        return fs::read_to_string(path).map_err(unreadable);
    }
    let mut text = String::new();
    let mut file = GzDecoder::new(fs::File::open(path).map_err(unreadable)?);
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}
