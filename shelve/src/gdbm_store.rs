//! [`GdbmStore`]: files of GNU dbm, and of an ndbm that is built on it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use gdbm_native::{CharSign, Endian, Error, Gdbm, OpenOptions};

use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::journaled::{Base, JournaledStore, Pending};
use crate::options::Flag;

/// The file that ndbm has beside that with the entries: a word, and the version of the GNU dbm that made it.
const NDBM_DIR: &[u8; 16] = b"GDBM\x00\x00\x00\x01\x00\x00\x00\x17\x00\x00\x00\x00";

/// A database of GNU dbm, as Python's `gdbm`, now `dbm.gnu`, has it.
///
/// GNU dbm writes into its file in several places for one change, and a crash between leaves a file that nobody opens. So
/// it is not written into: see [`JournaledStore`], which says what lasts when, and how to share the file with others.
/// The lock is the one that GNU dbm takes.
pub type GdbmStore = JournaledStore<GdbmFile>;

impl GdbmStore {
    /// Opens a file; a new one gets the permissions `mode`, less the umask.
    ///
    /// # Errors
    /// NotFound, Locked, UnknownFormat, Corrupt, Conflict and Io.
    pub fn open(path: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        Self::open_named(path, "", None, flag, mode)
    }

    /// Opens `NAME.pag` and `NAME.dir`, which are an ndbm where GNU dbm stands in for it: Python's `dbm`, now `dbm.ndbm`,
    /// on Fedora and others.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_ndbm(name: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        Self::open_named(name, ".pag", Some((".dir", NDBM_DIR)), flag, mode)
    }
}

/// A file of GNU dbm that is read.
pub struct GdbmFile {
    file: Gdbm,
    /// How many bytes it has.
    size: u64,
}

impl fmt::Debug for GdbmFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

/// How far a sound file may claim to go on behind its end, if it is shorter than that.
const UNWRITTEN: u64 = 1 << 20;

/// A file up to that size may be as wasteful as it likes.
const WASTE: u64 = 1 << 20;

/// Checks that a file does not claim to be much longer than it is, and returns how long that is. It would become so long when
/// it is written.
fn check_end(path: &Path, file: &Gdbm) -> StoreResult<u64> {
    let mut head = Vec::new();
    let opened = File::open(path)?;
    let size = opened.metadata()?.len();
    opened.take(40).read_to_end(&mut head)?;
    let wide = file.magic().offset_bits() == 64;
    let field = head.get(if wide { 32..40 } else { 28..32 }).unwrap_or_default();
    let mut bytes = field.to_vec();
    if file.endian() == Endian::Big {
        bytes.reverse();
    }
    let end = bytes.iter().rfold(0_u64, |end, &byte| end << 8 | u64::from(byte));
    if end.saturating_sub(size) > UNWRITTEN.max(size) {
        return Err(StoreError::new(ErrorKind::Corrupt, "the file is cut short"));
    }
    Ok(size)
}

/// Returns options for a file that nobody else has: the lock is the store's.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.lock(false);
    options
}

impl Base for GdbmFile {
    fn open(path: &Path) -> StoreResult<Self> {
        let file = options().open(path)?;
        let size = check_end(path, &file)?;
        Ok(Self { file, size })
    }

    fn create(path: &Path) -> StoreResult<()> {
        // As the GNU dbm of this machine does, in the form that every version and `whichdb` know.
        let endian = if cfg!(target_endian = "big") { Endian::Big } else { Endian::Little };
        let signed = std::ffi::c_char::MIN < 0;
        let char_sign = if signed { CharSign::Signed } else { CharSign::Unsigned };
        let mut options = options();
        options.create(true).numsync(false).endian(endian).char_sign(char_sign);
        Ok(options.open(path)?.close()?)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        Ok(self.file.get(key)?)
    }

    fn keys(&self) -> StoreResult<BTreeSet<Vec<u8>>> {
        let (mut keys, mut left) = (BTreeSet::new(), self.size);
        for key in self.file.keys::<Vec<u8>>() {
            let key = key?;
            // A few large ones could be many in different places, and take far more memory than the file has bytes.
            let overlap = || StoreError::new(ErrorKind::Corrupt, "keys are longer than the file");
            left = left.checked_sub(key.len() as u64).ok_or_else(overlap)?;
            keys.insert(key);
        }
        Ok(keys)
    }

    fn write(
        &self,
        old: &Path,
        changes: &Pending<'_>,
        new: &Path,
        compact: bool,
    ) -> StoreResult<()> {
        let mut file = changed(old, changes, new)?;
        if compact {
            file.compact()?;
        } else if is_wasteful(&file, new) && file.compact().is_err() {
            // It was nobody's wish, so do without.
            file = changed(old, changes, new)?;
        }
        Ok(file.close()?)
    }
}

/// Copies a file, and changes the copy.
fn changed(old: &Path, changes: &Pending<'_>, new: &Path) -> StoreResult<Gdbm> {
    fs::copy(old, new)?;
    let mut file = options().write(true).open(new)?;
    for (key, _) in changes.iter() {
        match changes.get(key).transpose()?.flatten() {
            Some(value) => file.insert(key, &value).map(drop),
            None => file.remove(key).map(drop),
        }
        .map_err(|error| StoreError::from(error).with_key(key))?;
    }
    Ok(file)
}

/// Whether the most of a file is space that nothing uses. GNU dbm does not join what is freed, so that it finds less and
/// less room in it.
fn is_wasteful(file: &Gdbm, path: &Path) -> bool {
    let size = fs::metadata(path).map_or(0, |metadata| metadata.len());
    let free = || file.verify().map_or(0, |report| report.free_bytes);
    size > WASTE && free() > size / 2
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::Io(error)
                if error.kind() != io::ErrorKind::UnexpectedEof
                    && error.kind() != io::ErrorKind::InvalidData =>
            {
                return error.into();
            }
            Error::BadMagic { .. } => ErrorKind::UnknownFormat,
            Error::RecordTooLarge { .. }
            | Error::FileTooLarge { .. }
            | Error::DirectoryOverflow { .. } => ErrorKind::TooLarge,
            Error::Locked => ErrorKind::Locked,
            Error::ReadOnly => ErrorKind::ReadOnly,
            _ => ErrorKind::Corrupt,
        };
        StoreError::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Format, which};
    use crate::store::Store;

    /// Files of machines with another order of bytes or narrower offsets stay what they are.
    #[test]
    fn files_of_other_machines() {
        use gdbm_native::Layout;
        let path = std::env::temp_dir().join(format!("halfsour-gdbm-{}", std::process::id()));
        for (layout, endian) in [
            (Layout::Off64Align8, Endian::Big),
            (Layout::Off64Align4, Endian::Little),
            (Layout::Off32, Endian::Big),
            (Layout::Off32, Endian::Little),
        ] {
            let mut options = options();
            let mut made = options
                .create(true)
                .numsync(false)
                .layout(layout)
                .endian(endian)
                .open(&path)
                .expect("it is made");
            made.insert("dill", "3").expect("it writes");
            made.close().expect("it closes");
            assert_eq!(which(&path).expect("it looks"), Some(Format::Gdbm));
            let mut store = GdbmStore::open(&path, Flag::Write, 0o666).expect("it opens");
            assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
            store.put(b"\xff", b"4").expect("it writes");
            store.close().expect("it closes");
            let file = options.open(&path).expect("it opens");
            assert_eq!((file.layout(), file.endian()), (layout, endian));
            assert_eq!(file.get::<_, Vec<u8>>(b"\xff").expect("it reads"), Some(b"4".to_vec()));
            drop(file);
            fs::remove_file(&path).expect("it is deleted");
        }
    }
}
