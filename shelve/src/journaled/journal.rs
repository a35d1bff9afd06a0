//! [`Journal`]: the batches that a database's file has not got yet, in a file beside it.
//!
//! The file begins with a word and the stamp of the base that it belongs to. Then come records: their length, a checksum,
//! and changes. A record that a crash has cut off does not agree with its checksum, and nobody was told of it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::files::Stamp;
use crate::dumb::{remove_if_there, sync_directory, with_mode};
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::store::Op;

const MAGIC: &[u8; 16] = b"halfsour journal";
/// The size of the word, of a stamp, and of their checksum.
const HEADER: usize = 16 + 16 + 8;
/// The size of a record's length and checksum.
const RECORD: u64 = 16;

/// The kinds of changes.
const DELETE: u8 = 0;
const PUT: u8 = 1;
/// The base of this stamp has all the records before.
const DONE: u8 = 2;

/// Where a value lies in the journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    start: u64,
    size: u64,
}

impl Extent {
    pub(super) fn size(self) -> u64 {
        self.size
    }
}

/// What became of keys: a value, or deleted.
pub(super) type Changes = BTreeMap<Vec<u8>, Option<Extent>>;

/// The file, which is made when there is something to write.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    mode: u32,
    file: Option<File>,
    /// Where the last whole record ends.
    end: u64,
}

impl Journal {
    /// Opens a journal, if there is one, and returns what it says about a base of that stamp.
    ///
    /// # Errors
    /// Conflict for the journal of a base that somebody else has changed, and Io.
    pub(super) fn open(
        path: PathBuf,
        mode: u32,
        read_only: bool,
        base: Stamp,
    ) -> StoreResult<(Self, Changes)> {
        let file = match OpenOptions::new().read(true).write(!read_only).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            other => Some(other?),
        };
        let mut journal = Self { path, mode, file, end: 0 };
        let changes = match &journal.file {
            None => Changes::new(),
            Some(file) => {
                let (end, changes) = replay(file, base)?;
                journal.end = end;
                if !read_only && file.metadata()?.len() > end {
                    file.set_len(end)?;
                }
                changes.ok_or_else(|| journal.conflict())?
            }
        };
        Ok((journal, changes))
    }

    fn conflict(&self) -> StoreError {
        let detail = format!(
            "{} has writes for the database as it was before somebody else changed it; \
             delete it to give them up",
            self.path.display()
        );
        StoreError::new(ErrorKind::Conflict, detail)
    }

    /// Returns how long the file is.
    pub(super) fn len(&self) -> u64 {
        self.end
    }

    /// Writes a batch durably, and returns what becomes of the keys.
    pub(super) fn append(
        &mut self,
        base: Stamp,
        batch: &[Op],
    ) -> StoreResult<Vec<(Vec<u8>, Option<Extent>)>> {
        let start = if self.end == 0 { HEADER as u64 } else { self.end };
        let mut changes = Vec::with_capacity(batch.len());
        let mut record = Vec::new();
        for op in batch {
            match op {
                Op::Put { key, value } => {
                    record.push(PUT);
                    write_number(&mut record, key.len() as u64);
                    write_number(&mut record, value.len() as u64);
                    record.extend(key);
                    let place = start.saturating_add(RECORD);
                    let extent = Extent {
                        start: place.saturating_add(record.len() as u64),
                        size: value.len() as u64,
                    };
                    record.extend(value);
                    changes.push((key.clone(), Some(extent)));
                }
                Op::Delete { key } => {
                    record.push(DELETE);
                    write_number(&mut record, key.len() as u64);
                    record.extend(key);
                    changes.push((key.clone(), None));
                }
            }
        }
        self.write(base, &record)?;
        Ok(changes)
    }

    /// Notes that the base which gets its name next has everything so far.
    pub(super) fn done(&mut self, base: Stamp, next: Stamp) -> StoreResult<()> {
        if self.end == 0 {
            return Ok(());
        }
        let mut record = vec![DONE];
        write_number(&mut record, next.size);
        write_number(&mut record, next.modified);
        self.write(base, &record)
    }

    /// Appends a record. One that was written in part is taken back.
    fn write(&mut self, base: Stamp, record: &[u8]) -> StoreResult<()> {
        let mut bytes = Vec::new();
        if self.end == 0 {
            bytes.extend(MAGIC);
            write_number(&mut bytes, base.size);
            write_number(&mut bytes, base.modified);
            let sum = checksum(&bytes);
            write_number(&mut bytes, sum);
        }
        write_number(&mut bytes, record.len() as u64);
        write_number(&mut bytes, checksum(record));
        bytes.extend(record);
        let mut file = match self.file.take() {
            Some(file) => file,
            None => {
                let mut options = with_mode(self.mode);
                options.read(true).write(true).create(true).truncate(true).open(&self.path)?
            }
        };
        let written = file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| file.write_all(&bytes))
            .and_then(|()| file.sync_data())
            .and_then(|()| if self.end == 0 { sync_directory(&self.path) } else { Ok(()) });
        let undone = match &written {
            // Behind it may be what another attempt has left.
            Ok(()) => Ok(()),
            Err(_) => file.set_len(self.end).and_then(|()| file.sync_data()),
        };
        self.file = Some(file);
        undone.and(written)?;
        self.end = self.end.saturating_add(bytes.len() as u64);
        Ok(())
    }

    /// Reads a value.
    pub(super) fn read(&self, extent: Extent) -> StoreResult<Vec<u8>> {
        let Some(mut file) = self.file.as_ref() else { return Ok(Vec::new()) };
        file.seek(SeekFrom::Start(extent.start))?;
        let mut value = vec![0; extent.size as usize];
        file.read_exact(&mut value)?;
        Ok(value)
    }

    /// Deletes the file: the base has everything.
    pub(super) fn remove(&mut self) -> StoreResult<()> {
        if self.file.take().is_none() {
            return Ok(());
        }
        self.end = 0;
        remove_if_there(&self.path)?;
        Ok(sync_directory(&self.path)?)
    }
}

/// Reads a journal: where its last whole record ends, and what it says about a base of that stamp; `None` if it is not the
/// journal of that base.
fn replay(file: &File, base: Stamp) -> StoreResult<(u64, Option<Changes>)> {
    let size = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let mut header = Vec::new();
    file.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
    let Some(written_for) = read_header(&header) else { return Ok((0, Some(Changes::new()))) };
    let mut belongs = written_for.matches(base);
    let mut changes = Changes::new();
    let mut end = HEADER as u64;
    while let Some(record) = next_record(&mut file, size.saturating_sub(end))? {
        let next = end.saturating_add(RECORD).saturating_add(record.len() as u64);
        let mut rest = record.as_slice();
        while let Some(change) = next_change(&mut rest) {
            match change {
                Change::Put(key, size) => {
                    // The record ends at `next`, the value where what is left of it begins.
                    let behind = size.saturating_add(rest.len() as u64);
                    changes.insert(key, Some(Extent { start: next.saturating_sub(behind), size }))
                }
                Change::Delete(key) => changes.insert(key, None),
                Change::Done(stamp) => {
                    if stamp.matches(base) {
                        belongs = true;
                        changes.clear();
                    }
                    None
                }
            };
        }
        end = next;
    }
    // A crash may have come between the header and the first record, of which nobody was told.
    let empty = end == HEADER as u64;
    Ok((if empty { 0 } else { end }, (belongs || empty).then_some(changes)))
}

fn read_header(header: &[u8]) -> Option<Stamp> {
    let (content, sum) = header.split_at_checked(HEADER - 8)?;
    let mut rest = content.strip_prefix(MAGIC)?;
    if read_number(&mut &*sum)? != checksum(content) {
        return None;
    }
    Some(Stamp { size: read_number(&mut rest)?, modified: read_number(&mut rest)? })
}

/// Reads the next whole record of what is left.
fn next_record(file: &mut impl Read, left: u64) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    file.take(RECORD).read_to_end(&mut head)?;
    let mut rest = head.as_slice();
    let (Some(length), Some(sum)) = (read_number(&mut rest), read_number(&mut rest)) else {
        return Ok(None);
    };
    if length > left.saturating_sub(RECORD) {
        return Ok(None);
    }
    let mut record = Vec::new();
    file.take(length).read_to_end(&mut record)?;
    Ok((record.len() as u64 == length && checksum(&record) == sum).then_some(record))
}

enum Change {
    /// A key, and the size of the value that ends where the change does.
    Put(Vec<u8>, u64),
    Delete(Vec<u8>),
    Done(Stamp),
}

/// Takes a change off a record that agrees with its checksum.
fn next_change(rest: &mut &[u8]) -> Option<Change> {
    let take = |rest: &mut &[u8], size: u64| {
        let (taken, left) = rest.split_at_checked(usize::try_from(size).ok()?)?;
        *rest = left;
        Some(taken.to_vec())
    };
    let (&kind, left) = rest.split_first()?;
    *rest = left;
    match kind {
        PUT => {
            let (key, value) = (read_number(rest)?, read_number(rest)?);
            let key = take(rest, key)?;
            take(rest, value)?;
            Some(Change::Put(key, value))
        }
        DELETE => {
            let key = read_number(rest)?;
            Some(Change::Delete(take(rest, key)?))
        }
        DONE => {
            Some(Change::Done(Stamp { size: read_number(rest)?, modified: read_number(rest)? }))
        }
        _ => None,
    }
}

fn write_number(out: &mut Vec<u8>, number: u64) {
    out.extend(number.to_le_bytes());
}

fn read_number(rest: &mut &[u8]) -> Option<u64> {
    let (number, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(u64::from_le_bytes(*number))
}

/// FNV-1a, which tells what a crash has torn from what is whole.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
