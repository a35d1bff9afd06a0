//! [`JournaledStore`]: a file that is replaced as a whole, and a journal of what it has not got yet.
//!
//! The libraries that made these formats write into the file where they please, so that a crash leaves it half written.
//! Here the file is only read. A batch is appended to a journal beside it, with one sync, and is safe then. At `sync()` and
//! `close()`, and when the journal is larger than the file, a new file is written that has everything, and takes the name
//! of the old one. So at any time there is a whole file, which the libraries can open; after a crash it lacks what the
//! journal has, until it is opened here again.

mod files;
mod journal;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::path::Path;

use self::files::{Files, Stamp};
use self::journal::{Changes, Journal};
use crate::detect::with_suffix;
use crate::dumb::{lock, remove_if_there, sync_directory, with_mode};
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::options::Flag;
use crate::store::{Caps, Op, Page, Scan, Store};

/// A journal may be so long, also if the file is shorter.
const JOURNAL_LIMIT: u64 = 64 << 20;
/// What keys and values of a record may have together: in both formats, lengths are C's `int`s.
const MAX_RECORD: usize = i32::MAX as usize;

/// A file of a format, opened to be read.
pub trait Base: Send + Sized {
    /// Opens a file.
    ///
    /// # Errors
    /// UnknownFormat, Unsupported, Corrupt and Io.
    fn open(path: &Path) -> StoreResult<Self>;

    /// Writes a new file without entries. There is an empty one of that name, with its permissions.
    ///
    /// # Errors
    /// Io.
    fn create(path: &Path) -> StoreResult<()>;

    /// Returns a key's value.
    ///
    /// # Errors
    /// Unsupported, Corrupt and Io.
    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>>;

    /// Returns all keys.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn keys(&self) -> StoreResult<BTreeSet<Vec<u8>>>;

    /// Writes a file with the entries of `old`, changed; where `compact` is asked for, without space that nothing uses.
    ///
    /// # Errors
    /// As [`get`](Self::get), and TooLarge.
    fn write(
        &self,
        old: &Path,
        changes: &Pending<'_>,
        new: &Path,
        compact: bool,
    ) -> StoreResult<()>;
}

/// The changes that a new file gets.
#[derive(Debug)]
pub struct Pending<'a> {
    changes: &'a Changes,
    journal: &'a Journal,
}

impl Pending<'_> {
    /// Returns every key that is changed, with the size of its value; `None` if it is deleted.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Option<u64>)> {
        self.changes.iter().map(|(key, value)| (key.as_slice(), value.map(|value| value.size())))
    }

    /// Returns whether a key is changed.
    pub fn has(&self, key: &[u8]) -> bool {
        self.changes.contains_key(key)
    }

    /// Returns what became of a key; `None` if it is not changed.
    pub fn get(&self, key: &[u8]) -> Option<StoreResult<Option<Vec<u8>>>> {
        let extent = self.changes.get(key)?;
        Some(extent.map(|extent| self.journal.read(extent)).transpose())
    }
}

/// A database whose file is replaced as a whole: `GdbmStore` or `BerkeleyStore`.
///
/// A batch is one durable append to `FILE.journal`. The file itself is written at `sync()`, at `close()` and when the store
/// is dropped; then there is no journal. Each time costs as much as the file is large.
///
/// Whoever opens the file by another program sees what was there at the last `sync()`. If that program writes while the
/// store is open, or before what a crash has left is opened here, the next `sync()` or opening reports Conflict. So copy what
/// a crash has left with its times.
pub struct JournaledStore<B: Base> {
    files: Files,
    mode: u32,
    read_only: bool,
    /// `None` when closed.
    opened: Option<Opened<B>>,
    journal: Journal,
    changes: Changes,
    /// All keys, once somebody asks for them.
    keys: OnceCell<BTreeSet<Vec<u8>>>,
    /// How long the journal may become before the file is written.
    limit: u64,
}

struct Opened<B> {
    /// The lock is on it.
    _lock: File,
    base: B,
    stamp: Stamp,
}

impl<B: Base> fmt::Debug for JournaledStore<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournaledStore")
            .field("name", &self.files.name)
            .field("read_only", &self.read_only)
            .field("changes", &self.changes.len())
            .finish_non_exhaustive()
    }
}

impl<B: Base> JournaledStore<B> {
    /// Opens the database whose file has the name and a suffix; `companion` is another file that belongs to it.
    pub(crate) fn open_named(
        name: &Path,
        suffix: &str,
        companion: Option<(&str, &'static [u8])>,
        flag: Flag,
        mode: u32,
    ) -> StoreResult<Self> {
        let files = Files::new(name, suffix, companion);
        Self::open_files(files, flag, mode).map_err(|error| error.at(name))
    }

    fn open_files(files: Files, flag: Flag, mode: u32) -> StoreResult<Self> {
        let read_only = flag == Flag::Read;
        match flag {
            Flag::New if files.base.exists() => {
                let _lock = files.open_locked(false)?;
                remove_if_there(&files.journal)?;
                make::<B>(&files.new, mode)?;
                files.replace(mode)?;
                sync_directory(&files.base)?;
            }
            Flag::New | Flag::Create if !files.base.exists() => {
                remove_if_there(&files.journal)?;
                let partial = with_suffix(&files.base, &format!(".{}.new", std::process::id()));
                let made = make::<B>(&partial, mode).and_then(|()| files.publish(&partial, mode));
                let _ = fs::remove_file(&partial);
                made?;
            }
            _ => {}
        }
        let file = files.open_locked(read_only)?;
        let metadata = file.metadata()?;
        let (stamp, mode) = (Stamp::of(&metadata), permissions(&metadata, mode));
        let base = B::open(&files.base)?;
        let (journal, changes) = Journal::open(files.journal.clone(), mode, read_only, stamp)?;
        Ok(Self {
            mode,
            read_only,
            opened: Some(Opened { _lock: file, base, stamp }),
            journal,
            changes,
            keys: OnceCell::new(),
            limit: JOURNAL_LIMIT.max(stamp.size),
            files,
        })
    }

    /// Closes the database and deletes its files.
    pub(crate) fn remove(mut self) -> StoreResult<()> {
        let removed = self.files.remove().map_err(|error| error.at(&self.files.name));
        self.opened = None;
        removed
    }

    fn opened(&self) -> StoreResult<&Opened<B>> {
        self.opened.as_ref().ok_or_else(|| StoreError::new(ErrorKind::Closed, ""))
    }

    fn located<T>(&self, result: StoreResult<T>) -> StoreResult<T> {
        result.map_err(|error| error.at(&self.files.name))
    }

    fn pending(&self) -> Pending<'_> {
        Pending { changes: &self.changes, journal: &self.journal }
    }

    /// Returns all keys; they are kept from the first time on.
    fn keys(&self) -> StoreResult<&BTreeSet<Vec<u8>>> {
        let opened = self.opened()?;
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let mut keys = opened.base.keys()?;
        for (key, value) in &self.changes {
            match value {
                Some(_) => keys.insert(key.clone()),
                None => keys.remove(key),
            };
        }
        Ok(self.keys.get_or_init(|| keys))
    }

    fn check_writable(&self) -> StoreResult<()> {
        self.opened()?;
        match self.read_only {
            true => Err(StoreError::new(ErrorKind::ReadOnly, "")),
            false => Ok(()),
        }
    }

    fn apply_batch(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.check_writable()?;
        for op in batch {
            if let Op::Put { key, value } = op
                && key.len().saturating_add(value.len()) > MAX_RECORD
            {
                return Err(StoreError::new(ErrorKind::TooLarge, "").with_key(key));
            }
        }
        let stamp = self.opened()?.stamp;
        // DIFFERENCE: CPython's libraries write into the file, which a crash may destroy; here others see it at `sync()`.
        for (key, value) in self.journal.append(stamp, batch)? {
            if let Some(keys) = self.keys.get_mut() {
                match value {
                    Some(_) => keys.insert(key.clone()),
                    None => keys.remove(&key),
                };
            }
            self.changes.insert(key, value);
        }
        if self.journal.len() > self.limit && self.write_file(false).is_err() {
            // What was asked for is done. The next `sync()` says what is wrong.
            self.limit = self.journal.len().saturating_mul(2);
        }
        Ok(())
    }

    /// Writes a file that has everything, in the place of the old one.
    fn write_file(&mut self, compact: bool) -> StoreResult<()> {
        let opened = self.opened()?;
        let before = fs::metadata(&self.files.base)?;
        if Stamp::of(&before) != opened.stamp {
            return Err(StoreError::new(ErrorKind::Conflict, ""));
        }
        remove_if_there(&self.files.new)?;
        with_mode(self.mode).write(true).create_new(true).open(&self.files.new)?;
        fs::set_permissions(&self.files.new, before.permissions())?;
        opened.base.write(&self.files.base, &self.pending(), &self.files.new, compact)?;
        let file = File::options().read(true).write(true).open(&self.files.new)?;
        lock(&file, false)?;
        file.sync_all()?;
        let stamp = Stamp::of(&file.metadata()?);
        let base = B::open(&self.files.new)?;
        self.journal.done(opened.stamp, stamp)?;
        self.files.replace(self.mode)?;
        self.opened = Some(Opened { _lock: file, base, stamp });
        self.limit = JOURNAL_LIMIT.max(stamp.size);
        sync_directory(&self.files.base)?;
        self.journal.remove()?;
        self.changes.clear();
        Ok(())
    }
}

/// Returns what the files beside an existing one may permit.
fn permissions(metadata: &Metadata, default: u32) -> u32 {
    #[cfg(unix)]
    {
        let _ = default;
        std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        default
    }
}

/// Makes a file without entries, which is complete when this returns.
fn make<B: Base>(path: &Path, mode: u32) -> StoreResult<()> {
    with_mode(mode).write(true).create(true).truncate(true).open(path)?;
    B::create(path)?;
    Ok(File::open(path)?.sync_all()?)
}

impl<B: Base> Store for JournaledStore<B> {
    fn caps(&self) -> Caps {
        Caps::new(self.read_only)
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.files.name)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        let get = || {
            let opened = self.opened()?;
            self.pending().get(key).unwrap_or_else(|| opened.base.get(key))
        };
        self.located(get()).map_err(|error| error.with_key(key))
    }

    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        let contains = || {
            let opened = self.opened()?;
            match (self.keys.get(), self.changes.get(key)) {
                (Some(keys), _) => Ok(keys.contains(key)),
                (None, Some(change)) => Ok(change.is_some()),
                (None, None) => Ok(opened.base.get(key)?.is_some()),
            }
        };
        self.located(contains()).map_err(|error| error.with_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        self.located(self.keys().map(|keys| keys.len() as u64))
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let keys = self.located(self.keys())?;
        let Some(bounds) = scan.remaining() else { return Ok(Page::default()) };
        let mut items = Vec::new();
        for key in keys.range::<[u8], _>(bounds).take(scan.max) {
            let value = if scan.values { self.get(key)? } else { Some(Vec::new()) };
            let Some(value) = value else {
                let detail = "a key is listed, and not found where it belongs";
                let error = StoreError::new(ErrorKind::Corrupt, detail).with_key(key);
                return self.located(Err(error));
            };
            items.push((key.clone(), value));
        }
        Ok(Page::ordered(items, scan.max))
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        let applied =
            if batch.is_empty() { self.check_writable() } else { self.apply_batch(batch) };
        self.located(applied)
    }

    fn sync(&mut self) -> StoreResult<()> {
        let synced = match self.changes.is_empty() {
            true => self.opened().map(drop),
            false if self.read_only => Ok(()),
            false => self.write_file(false),
        };
        self.located(synced)
    }

    fn reorganize(&mut self) -> StoreResult<()> {
        let reorganized = self.check_writable().and_then(|()| self.write_file(true));
        self.located(reorganized)
    }

    fn close(&mut self) -> StoreResult<()> {
        if self.opened.is_none() {
            return Ok(());
        }
        let synced = self.sync();
        self.opened = None;
        synced
    }
}

impl<B: Base> Drop for JournaledStore<B> {
    fn drop(&mut self) {
        // What it could not write is in the journal.
        let _ = self.close();
    }
}
