//! [`Disk`]: what a database does with files, so that a test can take the power away.

use std::fmt::Debug;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

/// The files of a system.
pub(crate) trait Disk: Debug + Send + Sync {
    /// Opens a file.
    fn open(&self, path: &Path, how: &Open) -> io::Result<Box<dyn DiskFile>>;

    /// Returns the content of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Returns what tells that somebody has written a file.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;

    /// Returns whether there is a file.
    fn exists(&self, path: &Path) -> bool;

    /// Gives a file another name, and takes that from what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a further name, or what is in it, where files have one name only.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Takes the name of a file away, if there is one.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a file's directory last.
    fn sync_directory(&self, file: &Path) -> io::Result<()>;
}

/// An open file.
pub(crate) trait DiskFile: Debug + Send {
    /// Returns how long it is.
    fn len(&self) -> io::Result<u64>;

    /// Cuts it off, or lengthens it by zeros.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Reads as many bytes as there is room for.
    fn read_at(&self, start: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes bytes at a place.
    fn write_at(&self, start: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was written last.
    fn sync(&self) -> io::Result<()>;

    /// Takes the lock of a reader or of the writer, at once or not at all; it is given back with the file.
    fn lock(&self, shared: bool) -> Result<(), TryLockError>;
}

/// How to open a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    /// The permissions of a new one.
    pub(crate) mode: u32,
    pub(crate) write: bool,
    pub(crate) create: bool,
    pub(crate) truncate: bool,
}

impl Open {
    /// For reading and writing; it is made if it is not there.
    pub(crate) const fn new(mode: u32) -> Self {
        Self { mode, write: true, create: true, truncate: false }
    }
}

/// How to notice that somebody else has written a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(pub(crate) u64, pub(crate) Option<SystemTime>);

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self(metadata.len(), metadata.modified().ok())
    }
}

/// The files of the operating system.
#[derive(Debug)]
pub(crate) struct SystemDisk;

impl Disk for SystemDisk {
    fn open(&self, path: &Path, how: &Open) -> io::Result<Box<dyn DiskFile>> {
        let mut options = with_mode(how.mode);
        options.read(true).write(how.write).create(how.create).truncate(how.truncate);
        Ok(Box::new(options.open(path)?))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        fs::metadata(path).map(|metadata| Stamp::of(&metadata))
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        remove_if_there(path)
    }

    fn sync_directory(&self, file: &Path) -> io::Result<()> {
        sync_directory(file)
    }
}

impl DiskFile for File {
    fn len(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        File::set_len(self, len)
    }

    fn read_at(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    }

    fn write_at(&self, start: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(start))?;
        file.write_all(bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn lock(&self, shared: bool) -> Result<(), TryLockError> {
        if shared { self.try_lock_shared() } else { self.try_lock() }
    }
}

/// Returns options to make files with permissions, from which the system takes its umask.
pub(crate) fn with_mode(mode: u32) -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only there files have permissions"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options
}

/// Deletes a file, if there is one.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the names in a file's directory last.
pub(crate) fn sync_directory(file: &Path) -> io::Result<()> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
