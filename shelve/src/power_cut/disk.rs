//! [`TestDisk`]: a disk in memory that forgets what was not synced when the power goes.
//!
//! Each sector of 512 bytes that was written since the last sync has, after a cut, what it had at any of the writes since
//! or before them, independently of the others; the length of a file is any that it had. Names that were not made to last
//! are there in part: some first ones of the changes, or any of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::dumb::{Disk, DiskFile, Open, Stamp};

const SECTOR: usize = 512;

/// Numbers that look random, and are the same in every run.
#[derive(Clone, Debug)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        let mut numbers = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        numbers.below(2);
        numbers
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % limit.max(1) as u64) as usize
    }
}

/// A disk. Clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct TestDisk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    files: Vec<Content>,
    names: BTreeMap<PathBuf, usize>,
    lasting_names: BTreeMap<PathBuf, usize>,
    renamings: Vec<Renaming>,
    /// How many changes there may be until the power goes.
    left: Option<usize>,
    /// Whether it says that it syncs, and does not.
    lies: bool,
    time: u64,
}

#[derive(Clone, Debug, Default)]
struct Content {
    lasting: Vec<u8>,
    now: Vec<u8>,
    changes: Vec<Change>,
    time: u64,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    SetLen(usize),
}

#[derive(Clone, Debug)]
enum Renaming {
    Set(PathBuf, usize),
    Remove(PathBuf),
    Move(PathBuf, PathBuf, usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::SetLen(len) => bytes.resize(*len, 0),
            Change::Write(start, new) => {
                let end = start + new.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*start..end].copy_from_slice(new);
            }
        }
    }

    fn length_after(&self, before: usize) -> usize {
        match self {
            Change::SetLen(len) => *len,
            Change::Write(start, new) => before.max(start + new.len()),
        }
    }

    /// Does what there is of it in one sector, of which the begin is given.
    fn apply_within(&self, begin: usize, sector: &mut [u8; SECTOR]) {
        match self {
            Change::SetLen(len) => {
                let kept = len.saturating_sub(begin).min(SECTOR);
                sector[kept..].fill(0);
            }
            Change::Write(start, new) => {
                let from = (*start).max(begin);
                let to = (start + new.len()).min(begin + SECTOR);
                if from < to {
                    sector[from - begin..to - begin]
                        .copy_from_slice(&new[from - start..to - start]);
                }
            }
        }
    }
}

impl Content {
    /// What is left of it after a cut.
    fn after_cut(&self, numbers: &mut Numbers) -> Vec<u8> {
        let mut lengths = vec![self.lasting.len()];
        let mut touched = BTreeSet::new();
        for change in &self.changes {
            let before = *lengths.last().expect("there is one");
            lengths.push(change.length_after(before));
            let (from, to) = match change {
                Change::Write(start, new) => (*start, start + new.len()),
                Change::SetLen(len) => (*len.min(&before), before.max(*len)),
            };
            touched.extend(from / SECTOR..to.div_ceil(SECTOR));
        }
        let mut left = self.lasting.clone();
        left.resize(lengths[numbers.below(lengths.len())], 0);
        for number in touched {
            let begin = number * SECTOR;
            let mut sector = [0; SECTOR];
            let known = self.lasting.get(begin..).unwrap_or_default();
            let known = &known[..known.len().min(SECTOR)];
            sector[..known.len()].copy_from_slice(known);
            let done = numbers.below(self.changes.len() + 1);
            self.changes[..done].iter().for_each(|it| it.apply_within(begin, &mut sector));
            let end = left.len().min(begin + SECTOR);
            if begin < end {
                left[begin..end].copy_from_slice(&sector[..end - begin]);
            }
        }
        left
    }
}

impl TestDisk {
    pub(super) fn new(lies: bool) -> Self {
        Self(Arc::new(Mutex::new(State { lies, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the power go after so many changes: the last is perhaps done, and everything fails from there on.
    pub(super) fn cut_after(&self, changes: usize) {
        self.state().left = Some(changes);
    }

    /// Whether the power has gone.
    pub(super) fn is_cut(&self) -> bool {
        self.state().left == Some(0)
    }

    /// Returns the disk as a cut would leave it now.
    pub(super) fn after_cut(&self, numbers: &mut Numbers) -> TestDisk {
        let state = self.state();
        let mut names = state.lasting_names.clone();
        let first_ones = numbers.below(2) == 0;
        let count = numbers.below(state.renamings.len() + 1);
        for (place, renaming) in state.renamings.iter().enumerate() {
            let lasts = if first_ones { place < count } else { numbers.below(2) == 0 };
            match renaming {
                _ if !lasts => continue,
                Renaming::Set(path, file) => drop(names.insert(path.clone(), *file)),
                Renaming::Remove(path) => drop(names.remove(path)),
                Renaming::Move(from, to, file) => {
                    names.remove(from);
                    names.insert(to.clone(), *file);
                }
            }
        }
        let files = state.files.iter().map(|file| {
            let lasting = file.after_cut(numbers);
            Content { now: lasting.clone(), lasting, ..Content::default() }
        });
        let left = State {
            files: files.collect(),
            lasting_names: names.clone(),
            names,
            lies: state.lies,
            ..State::default()
        };
        TestDisk(Arc::new(Mutex::new(left)))
    }

    /// Opens a file, which is made if it is not there.
    pub(super) fn file(&self, path: &Path) -> io::Result<TestFile> {
        let mut state = self.state();
        let number = match state.names.get(path) {
            Some(&number) => number,
            None => {
                state.change()?;
                state.files.push(Content::default());
                let number = state.files.len() - 1;
                state.rename(Renaming::Set(path.to_owned(), number));
                number
            }
        };
        drop(state);
        Ok(TestFile { disk: self.clone(), number })
    }
}

fn no_power() -> io::Error {
    io::Error::other("the power is gone")
}

impl State {
    /// Counts a change, unless the power is gone.
    fn change(&mut self) -> io::Result<()> {
        self.time += 1;
        match &mut self.left {
            Some(0) => Err(no_power()),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn rename(&mut self, renaming: Renaming) {
        match &renaming {
            Renaming::Set(path, file) => drop(self.names.insert(path.clone(), *file)),
            Renaming::Remove(path) => drop(self.names.remove(path)),
            Renaming::Move(from, to, file) => {
                self.names.remove(from);
                self.names.insert(to.clone(), *file);
            }
        }
        self.renamings.push(renaming);
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Disk for TestDisk {
    fn open(&self, path: &Path, how: &Open) -> io::Result<Box<dyn DiskFile>> {
        if !how.create {
            self.state().find(path)?;
        }
        let file = self.file(path)?;
        if how.truncate {
            file.set_len(0)?;
        }
        Ok(Box::new(file))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        Ok(state.files[state.find(path)?].now.clone())
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let state = self.state();
        let file = &state.files[state.find(path)?];
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(file.time);
        Ok(Stamp(file.now.len() as u64, Some(time)))
    }

    fn exists(&self, path: &Path) -> bool {
        self.state().find(path).is_ok()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let file = state.find(from)?;
        state.change()?;
        state.rename(Renaming::Move(from.to_owned(), to.to_owned(), file));
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let file = state.find(from)?;
        state.change()?;
        state.rename(Renaming::Set(to.to_owned(), file));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if state.find(path).is_ok() {
            state.change()?;
            state.rename(Renaming::Remove(path.to_owned()));
        }
        Ok(())
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        if !state.lies {
            state.lasting_names = state.names.clone();
            state.renamings.clear();
        }
        Ok(())
    }
}

/// An open file of a [`TestDisk`].
#[derive(Clone, Debug)]
pub(super) struct TestFile {
    disk: TestDisk,
    number: usize,
}

impl TestFile {
    fn change(&self, change: Change) -> io::Result<()> {
        let mut state = self.disk.state();
        state.change()?;
        let time = state.time;
        let file = &mut state.files[self.number];
        change.apply(&mut file.now);
        file.changes.push(change);
        file.time = time;
        Ok(())
    }
}

impl DiskFile for TestFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.state().files[self.number].now.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(Change::SetLen(len as usize))
    }

    fn read_at(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let state = self.disk.state();
        let now = &state.files[self.number].now;
        let found = now.get(start as usize..start as usize + bytes.len());
        bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, start: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Change::Write(start as usize, bytes.to_vec()))
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.change()?;
        if !state.lies {
            let file = &mut state.files[self.number];
            for change in std::mem::take(&mut file.changes) {
                change.apply(&mut file.lasting);
            }
        }
        Ok(())
    }

    fn lock(&self, _: bool) -> Result<(), TryLockError> {
        Ok(())
    }
}

#[cfg(feature = "redb")]
impl redb::StorageBackend for TestFile {
    fn len(&self) -> io::Result<u64> {
        DiskFile::len(self)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read_at(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        DiskFile::set_len(self, len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.write_at(offset, data)
    }
}
