//! [`DumbStore`]: the files of Python's `dumbdbm`, now `dbm.dumb`, written so that a crash loses nothing.
//!
//! `NAME.dat` has the values, each at a multiple of 512 bytes; `NAME.dir` has a line for each key with the place of its
//! value. CPython overwrites values where they are, and writes the index when the database is closed, so that a crash
//! between leaves keys with parts of other values. Here a value is appended and synced first, and then its line is;
//! a later line for the same key takes precedence, in CPython too. What is overwritten costs space until
//! [`reorganize`](crate::Store::reorganize).

mod disk;
mod entry;
mod files;

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::sync::Arc;

#[cfg(test)]
pub(crate) use self::disk::Disk;
pub(crate) use self::disk::{DiskFile, Open, Stamp, SystemDisk};
#[allow(unused_imports, reason = "a build with no other engine needs less")]
pub(crate) use self::disk::{remove_if_there, sync_directory, with_mode};
use self::entry::Extent;
use self::files::Files;
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::options::Flag;
use crate::store::{Caps, Op, Page, Scan, Store};

/// Values begin at multiples of this.
const BLOCK: u64 = 512;

/// A database in the format of `dumbdbm` and `dbm.dumb`, which every CPython reads and writes.
///
/// The index is in memory. One opener writes at a time, or several read; CPython knows of no lock, so do not let it
/// write at the same time.
#[derive(Debug)]
pub struct DumbStore {
    files: Files,
    mode: u32,
    read_only: bool,
    /// `None` when closed. The lock is on it.
    dat: Option<Box<dyn DiskFile>>,
    index: BTreeMap<Vec<u8>, Extent>,
    /// Where the `.dat` file ends.
    end: u64,
    /// Whether the index in the file has lines to tidy.
    modified: bool,
    /// What the index looked like when it was read or written last.
    stamp: Option<Stamp>,
}

impl DumbStore {
    /// Opens the database `NAME.dat` and `NAME.dir`; new files get the permissions `mode`, less the umask.
    ///
    /// # Errors
    /// NotFound, Locked, Malformed for an index that cannot be read, and Io.
    pub fn open(name: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        let files = Files::new(Arc::new(SystemDisk), name);
        Self::open_files(files, flag, mode).map_err(|error| error.at(name))
    }

    fn open_files(files: Files, flag: Flag, mode: u32) -> StoreResult<Self> {
        let read_only = flag == Flag::Read;
        if read_only && files.disk.exists(&files.new_dir) {
            // Only who has the lock of a writer may end what a crash has interrupted.
            Self::open_files(files.clone(), Flag::Write, mode).map_err(|error| {
                match error.kind() {
                    ErrorKind::Io => StoreError::new(ErrorKind::NeedsRepair, error.to_string()),
                    _ => error,
                }
            })?;
        }
        let create = matches!(flag, Flag::Create | Flag::New);
        let how = Open { write: !read_only, create, ..Open::new(mode) };
        let open = || -> StoreResult<Box<dyn DiskFile>> {
            let dat = files.disk.open(&files.dat, &how)?;
            lock(&*dat, read_only)?;
            Ok(dat)
        };
        let mut dat = open()?;
        let replaced = match flag {
            Flag::New => files.remove().map(|()| true)?,
            Flag::Read => false,
            Flag::Write | Flag::Create => files.roll_forward()?,
        };
        if replaced {
            // The lock of the file that was there would be in the way of our own.
            drop(dat);
            dat = open()?;
        }
        let end = dat.len()?;
        let mut store = Self {
            files,
            mode,
            read_only,
            dat: Some(dat),
            index: BTreeMap::new(),
            end,
            modified: false,
            stamp: None,
        };
        store.read_index(create)?;
        Ok(store)
    }

    /// Opens a database on another disk.
    #[cfg(test)]
    pub(crate) fn on_disk(disk: Arc<dyn Disk>, name: &Path, flag: Flag) -> StoreResult<Self> {
        Self::open_files(Files::new(disk, name), flag, 0o666)
    }

    /// Closes the database and deletes its files.
    pub(crate) fn remove(mut self) -> StoreResult<()> {
        self.dat = None;
        self.files.remove().map_err(|error| StoreError::from(error).at(&self.files.name))
    }

    /// Reads the index, or makes an empty one.
    fn read_index(&mut self, create: bool) -> StoreResult<()> {
        let disk = Arc::clone(&self.files.disk);
        let found = match disk.read(&self.files.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            other => Some(other?),
        };
        // CPython renames the index before it writes another; a crash between leaves the old one.
        let (text, recovered) = match found {
            Some(text) => (text, false),
            None => match disk.read(&self.files.bak) {
                Ok(text) => (text, true),
                Err(error) if create && error.kind() == io::ErrorKind::NotFound => {
                    (Vec::new(), true)
                }
                Err(_) => disk.read(&self.files.dir).map(|text| (text, false))?,
            },
        };
        let whole = self.parse_index(&text)?;
        if self.read_only {
            return Ok(());
        }
        if recovered {
            let index = self.index_text();
            self.files.replace_index(&index, self.mode)?;
        } else if whole < text.len() {
            let dir =
                disk.open(&self.files.dir, &Open { create: false, ..Open::new(self.mode) })?;
            dir.set_len(whole as u64)?;
            dir.sync()?;
        }
        self.restamp()
    }

    /// Reads lines; returns how many bytes they are without a last line that a crash has torn.
    fn parse_index(&mut self, text: &[u8]) -> StoreResult<usize> {
        let mut whole = 0;
        let mut lines = text.split_inclusive(|&byte| byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            match entry::parse(line) {
                Some((key, extent)) => self.index.insert(key, extent),
                // Nobody writes a zero: a sector between the others of the last line was lost.
                None if !line.ends_with(b"\n") || lines.peek().is_none() && line.contains(&0) => {
                    return Ok(whole);
                }
                // DIFFERENCE: of a line that is cut short or empty CPython raises SyntaxError.
                None => {
                    let line = line.trim_ascii_end().escape_ascii().to_string();
                    return Err(StoreError::new(ErrorKind::Malformed, line));
                }
            };
            whole = line.len().saturating_add(whole);
        }
        Ok(whole)
    }

    fn index_text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for (key, &extent) in &self.index {
            entry::write(&mut text, key, extent);
        }
        text
    }

    fn restamp(&mut self) -> StoreResult<()> {
        self.stamp = Some(self.files.disk.stamp(&self.files.dir)?);
        Ok(())
    }

    fn dat(&self) -> StoreResult<&dyn DiskFile> {
        self.dat.as_deref().ok_or_else(|| self.error(ErrorKind::Closed))
    }

    fn error(&self, kind: ErrorKind) -> StoreError {
        StoreError::new(kind, "").at(&self.files.name)
    }

    fn value(&self, key: &[u8], extent: Extent) -> StoreResult<Vec<u8>> {
        let dat = self.dat()?;
        let end = extent.start.checked_add(extent.size);
        if extent.size > 0 && end.is_none_or(|end| end > self.end) {
            let detail = "the value lies outside of the file";
            return Err(StoreError::new(ErrorKind::Corrupt, detail).with_key(key));
        }
        let mut value = vec![0; extent.size as usize];
        dat.read_at(extent.start, &mut value)?;
        Ok(value)
    }

    /// Appends the values of a batch, and returns the index with them.
    fn append_values(&mut self, batch: &[Op]) -> StoreResult<Vec<Extent>> {
        let mut extents = Vec::new();
        let mut bytes = Vec::new();
        let begin = self.end.next_multiple_of(BLOCK);
        for op in batch {
            if let Op::Put { value, .. } = op {
                bytes.resize(bytes.len().next_multiple_of(BLOCK as usize), 0);
                extents.push(Extent {
                    start: begin.saturating_add(bytes.len() as u64),
                    size: value.len() as u64,
                });
                bytes.extend(value);
            }
        }
        if extents.is_empty() {
            return Ok(extents);
        }
        let dat = self.dat()?;
        dat.set_len(begin)?;
        dat.write_at(begin, &bytes)?;
        dat.sync()?;
        self.end = begin.saturating_add(bytes.len() as u64);
        Ok(extents)
    }

    /// Appends a line to the index. A line that was written in part is taken back.
    fn append_line(&self, key: &[u8], extent: Extent) -> StoreResult<()> {
        let dir = self.files.disk.open(&self.files.dir, &Open::new(self.mode))?;
        let end = dir.len()?;
        let mut line = Vec::new();
        if let Some(at) = end.checked_sub(1) {
            let mut last = [0];
            dir.read_at(at, &mut last)?;
            if last != *b"\n" {
                line.push(b'\n');
            }
        }
        entry::write(&mut line, key, extent);
        let written = dir.write_at(end, &line).and_then(|()| dir.sync());
        if let Err(error) = written {
            dir.set_len(end)?;
            return Err(error.into());
        }
        Ok(())
    }

    fn check_writable(&self) -> StoreResult<()> {
        self.dat()?;
        if self.read_only {
            return Err(self.error(ErrorKind::ReadOnly));
        }
        let now = self.files.disk.stamp(&self.files.dir).ok();
        if now.is_some() && now != self.stamp {
            return Err(self.error(ErrorKind::Conflict));
        }
        Ok(())
    }

    fn apply_batch(&mut self, batch: &[Op]) -> StoreResult<()> {
        let mut extents = self.append_values(batch)?.into_iter();
        if let [Op::Put { key, .. }] = batch
            && let Some(extent) = extents.next()
        {
            self.append_line(key, extent)?;
            self.index.insert(key.clone(), extent);
        } else {
            let before = self.index.clone();
            for op in batch {
                match op {
                    Op::Put { key, .. } => {
                        extents.next().map(|extent| self.index.insert(key.clone(), extent))
                    }
                    Op::Delete { key } => Some(self.index.remove(key)),
                };
            }
            let index = self.index_text();
            if let Err(error) = self.files.replace_index(&index, self.mode) {
                self.index = before;
                return Err(error.into());
            }
        }
        self.modified = true;
        self.restamp()
    }

    fn rewrite(&mut self) -> StoreResult<()> {
        let how = Open { truncate: true, ..Open::new(self.mode) };
        let dat = self.files.disk.open(&self.files.new_dat, &how)?;
        lock(&*dat, false)?;
        let mut index = BTreeMap::new();
        let mut end = 0_u64;
        for (key, &extent) in &self.index {
            let value = self.value(key, extent)?;
            let start = end.next_multiple_of(BLOCK);
            dat.set_len(start)?;
            dat.write_at(start, &value)?;
            index.insert(key.clone(), Extent { start, size: extent.size });
            end = start.saturating_add(extent.size);
        }
        dat.sync()?;
        let before = std::mem::replace(&mut self.index, index);
        let text = self.index_text();
        if let Err(error) = self.files.write_new_index(&text, self.mode) {
            self.index = before;
            return Err(error.into());
        }
        (self.dat, self.end) = (Some(dat), end);
        self.files.roll_forward()?;
        self.restamp()
    }
}

/// Takes the lock of a reader or of the writer, at once or not at all.
// DIFFERENCE: CPython takes no lock, and two that write destroy each other's work.
pub(crate) fn lock(file: &dyn DiskFile, shared: bool) -> StoreResult<()> {
    match file.lock(shared) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::new(ErrorKind::Locked, "")),
        // A file system without locks, such as some of the network.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

impl Store for DumbStore {
    fn caps(&self) -> Caps {
        Caps::new(self.read_only)
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.files.name)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        self.dat()?;
        let value = self.index.get(key).map(|&extent| self.value(key, extent));
        value.transpose().map_err(|error| error.at(&self.files.name).with_key(key))
    }

    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        self.dat()?;
        Ok(self.index.contains_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        self.dat()?;
        Ok(self.index.len() as u64)
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        self.dat()?;
        let Some(bounds) = scan.remaining() else { return Ok(Page::default()) };
        let mut items = Vec::new();
        for (key, &extent) in self.index.range::<[u8], _>(bounds).take(scan.max) {
            let value = if scan.values { self.value(key, extent) } else { Ok(Vec::new()) };
            items.push((key.clone(), value.map_err(|error| error.at(&self.files.name))?));
        }
        Ok(Page::ordered(items, scan.max))
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.check_writable()?;
        if batch.is_empty() {
            return Ok(());
        }
        self.apply_batch(batch).map_err(|error| match batch {
            [op] => error.at(&self.files.name).with_key(op.key()),
            _ => error.at(&self.files.name),
        })
    }

    fn sync(&mut self) -> StoreResult<()> {
        self.dat()?;
        if !self.modified {
            return Ok(());
        }
        self.check_writable()?;
        let index = self.index_text();
        self.files
            .replace_index(&index, self.mode)
            .map_err(|error| StoreError::from(error).at(&self.files.name))?;
        self.modified = false;
        self.restamp()
    }

    fn reorganize(&mut self) -> StoreResult<()> {
        self.check_writable()?;
        self.rewrite().map_err(|error| error.at(&self.files.name))
    }

    fn close(&mut self) -> StoreResult<()> {
        if self.dat.is_none() {
            return Ok(());
        }
        let synced = self.sync();
        self.dat = None;
        synced
    }
}
