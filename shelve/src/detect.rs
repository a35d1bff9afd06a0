//! [`which`]: what made the files at a path, as Python's `whichdb` guesses it, and more.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use halfsour_runtime::Dialect;

use crate::error::StoreResult;

/// A format of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A redb file.
    Redb,
    /// `dumbdbm`, `dbm.dumb`.
    Dumb,
    /// `dbm.sqlite3`.
    Sqlite,
    /// GNU dbm: `gdbm`, `dbm.gnu`.
    Gdbm,
    /// ndbm: `dbm`, `dbm.ndbm`.
    Ndbm,
    /// A hash of Berkeley DB: `dbhash`.
    BerkeleyHash,
    /// A hash of Berkeley DB 1.85: `bsddb185`.
    BerkeleyHash185,
    /// There is a file, and nothing that is known here has made it.
    Unknown,
}

impl Format {
    /// Returns the name that Python's `whichdb` gives: of the module, or the empty string.
    ///
    /// # Examples
    /// ```
    /// use halfsour_runtime::Dialect;
    /// use halfsour_shelve::Format;
    ///
    /// assert_eq!(Format::Dumb.module_name(Dialect::Python2), "dumbdbm");
    /// assert_eq!(Format::Dumb.module_name(Dialect::Python3), "dbm.dumb");
    /// ```
    #[must_use]
    pub const fn module_name(self, dialect: Dialect) -> &'static str {
        match self {
            Format::Redb => "redb",
            Format::Dumb => dialect.pick("dumbdbm", "dbm.dumb"),
            Format::Sqlite => "dbm.sqlite3",
            Format::Gdbm => dialect.pick("gdbm", "dbm.gnu"),
            Format::Ndbm => dialect.pick("dbm", "dbm.ndbm"),
            Format::BerkeleyHash => "dbhash",
            Format::BerkeleyHash185 => "bsddb185",
            Format::Unknown => "",
        }
    }
}

/// What an ndbm is built on.
pub(crate) enum Ndbm {
    /// GNU dbm, in `NAME.pag`.
    Gdbm,
    /// Berkeley DB, in `NAME.db`.
    Berkeley,
    /// Itself, as on old Unixes.
    Other,
}

/// Returns what the ndbm at a path is built on.
pub(crate) fn ndbm(path: &Path) -> Ndbm {
    match head(&with_suffix(path, ".pag")) {
        Ok(None) => Ndbm::Berkeley,
        Ok(Some(head)) if of_head(&head) == Format::Gdbm => Ndbm::Gdbm,
        _ => Ndbm::Other,
    }
}

/// Returns what is known about a file of an unknown format.
pub(crate) fn describe(path: &Path) -> &'static str {
    #[cfg(feature = "bdb")]
    if let Ok(Some(head)) = head(path)
        && let Some(what) = crate::bdb::describe(&head)
    {
        return what;
    }
    let _ = path;
    ""
}

/// Returns the format of the database at a path; `None` if there is nothing to read.
///
/// The order is that of Python's `whichdb`. Besides, it finds redb files, Berkeley DB at `NAME.db`, files of machines
/// with the other order of bytes, and a `dumbdbm` whose index a crash of CPython has left as `.bak`.
///
/// # Errors
/// Io, if a file cannot be read.
pub fn which(path: &Path) -> StoreResult<Option<Format>> {
    let with = |suffix: &str| with_suffix(path, suffix);
    if head(&with(".pag"))?.is_some() && head(&with(".dir"))?.is_some() {
        return Ok(Some(Format::Ndbm));
    }
    if let Some(head) = head(&with(".db"))?
        && of_head(&head) == Format::BerkeleyHash
    {
        return Ok(Some(Format::Ndbm));
    }
    if with(".dat").exists() {
        let index = match head(&with(".dir"))? {
            Some(index) => Some(index),
            None => head(&with(".bak"))?,
        };
        if index.is_some_and(|index| matches!(index.first(), None | Some(b'\'' | b'"'))) {
            return Ok(Some(Format::Dumb));
        }
    }
    Ok(head(path)?.map(|head| of_head(&head)))
}

/// Returns a path with something added to its last name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Reads the beginning of a file; `None` if there is none.
fn head(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut head = Vec::new();
    match file.take(16).read_to_end(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(None),
        other => other.map(|_| Some(head)),
    }
}

fn of_head(head: &[u8]) -> Format {
    if head.starts_with(b"SQLite format 3\0") {
        return Format::Sqlite;
    }
    if head.starts_with(b"redb\x1a\x0a\xa9\x0d\x0a") {
        return Format::Redb;
    }
    let word = |at: usize| head.get(at..)?.first_chunk().copied().map(u32::from_le_bytes);
    let is = |at: usize, magics: &[u32]| {
        word(at).is_some_and(|word| magics.contains(&word) || magics.contains(&word.swap_bytes()))
    };
    match () {
        () if is(0, &[0x1357_9ace, 0x1357_9acd, 0x1357_9acf, 0x1357_9ad0, 0x1357_9ad1]) => {
            Format::Gdbm
        }
        () if is(0, &[0x0006_1561]) => Format::BerkeleyHash185,
        () if is(12, &[0x0006_1561]) => Format::BerkeleyHash,
        () => Format::Unknown,
    }
}
