//! The files of a database that is replaced as a whole: their names, the lock, and a new file in the place of an old.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use crate::detect::with_suffix;
use crate::dumb::{lock, remove_if_there, sync_directory, with_mode};
use crate::error::{ErrorKind, StoreError, StoreResult};

/// How often to look for a database that is replaced between its opening and its locking.
const ATTEMPTS: u32 = 100;

/// The names of the files of a database.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// The name by which it was opened.
    pub(super) name: PathBuf,
    /// The file with the entries.
    pub(super) base: PathBuf,
    /// What the base has not got yet.
    pub(super) journal: PathBuf,
    /// The base that is to be.
    pub(super) new: PathBuf,
    /// A file that has to lie beside, and its content.
    companion: Option<(PathBuf, &'static [u8])>,
}

impl Files {
    /// Returns the names for a database whose file has a suffix, and maybe another file with one.
    pub(super) fn new(name: &Path, suffix: &str, companion: Option<(&str, &'static [u8])>) -> Self {
        let base = with_suffix(name, suffix);
        // What is replaced is the file, not a link to it.
        let base = fs::canonicalize(&base).unwrap_or(base);
        Self {
            name: name.to_owned(),
            journal: with_suffix(&base, ".journal"),
            new: with_suffix(&base, ".new"),
            base,
            companion: companion.map(|(suffix, content)| (with_suffix(name, suffix), content)),
        }
    }

    /// Opens the base and takes the lock of a reader or of the writer.
    // DIFFERENCE: Berkeley DB takes no lock for CPython, and two that write destroy each other's work; here the second is
    // refused.
    pub(super) fn open_locked(&self, read_only: bool) -> StoreResult<File> {
        for _ in 0..ATTEMPTS {
            let file = OpenOptions::new().read(true).write(!read_only).open(&self.base)?;
            lock(&file, read_only)?;
            if is_at(&file, &self.base)? {
                return Ok(file);
            }
        }
        Err(StoreError::new(ErrorKind::Locked, ""))
    }

    /// Gives a new database its name, unless there is one meanwhile; `partial` is complete.
    pub(super) fn publish(&self, partial: &Path, mode: u32) -> StoreResult<()> {
        self.write_companion(mode)?;
        match fs::hard_link(partial, &self.base) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error.into()),
            // A file system without links.
            Err(_) => fs::rename(partial, &self.base)?,
            Ok(()) => {}
        }
        Ok(sync_directory(&self.base)?)
    }

    /// Puts the new base, which is complete, in the place of the old. Nobody else gets the lock meanwhile: `lock` is of
    /// the new base.
    pub(super) fn replace(&self, mode: u32) -> StoreResult<()> {
        self.write_companion(mode)?;
        Ok(fs::rename(&self.new, &self.base)?)
    }

    fn write_companion(&self, mode: u32) -> StoreResult<()> {
        if let Some((path, content)) = &self.companion
            && !path.exists()
        {
            let mut file = with_mode(mode).write(true).create(true).truncate(true).open(path)?;
            io::Write::write_all(&mut file, content)?;
            file.sync_all()?;
        }
        Ok(())
    }

    /// Deletes the database. The journal goes first: without its base it would belong to the next one of that name.
    pub(super) fn remove(&self) -> StoreResult<()> {
        let companion = self.companion.as_ref().map(|(path, _)| path);
        let files = [Some(&self.journal), Some(&self.new), Some(&self.base), companion];
        Ok(files.into_iter().flatten().try_for_each(|path| remove_if_there(path))?)
    }
}

/// Whether a file is still the one of that name.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (opened, named) = (file.metadata()?, fs::metadata(path)?);
        Ok((opened.dev(), opened.ino()) == (named.dev(), named.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        Ok(true)
    }
}

/// How to notice that somebody else has written a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Nanoseconds since 1970; 0 where the system keeps no times.
    pub(super) modified: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = since.map(|since: Duration| since.as_nanos());
        let modified = modified.and_then(|nanos| u64::try_from(nanos).ok()).unwrap_or(0);
        Self { size: metadata.len(), modified }
    }

    /// Whether both may be of one file. A copy may have kept whole seconds only.
    pub(super) fn matches(self, other: Self) -> bool {
        const SECOND: u64 = 1_000_000_000;
        let rounded = |at: u64| at.is_multiple_of(SECOND);
        let near = self.modified / SECOND == other.modified / SECOND
            && (rounded(self.modified) || rounded(other.modified));
        self.size == other.size && (self.modified == other.modified || near)
    }
}
