//! [`RedbStore`]: the default store, one file of the redb engine.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{
    Builder, Database, DatabaseError, ReadOnlyDatabase, ReadOnlyTable, ReadableDatabase,
    ReadableTableMetadata, StorageError, TableDefinition, TableError,
};

use crate::dumb::{sync_directory, with_mode};
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::options::Flag;
use crate::store::{Caps, Op, Page, Scan, Store};

type Entries = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The one table of a shelf.
const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("shelf");

/// How many bytes of a file are kept in memory. The system keeps what it has room for, too.
const DEFAULT_CACHE: usize = 1 << 28;

/// A database of the redb engine: one file, ordered, one process at a time.
///
/// Each batch is a commit of its own, which survives a crash and the loss of power. Many changes are best made in few
/// batches.
#[derive(Debug)]
pub struct RedbStore {
    path: PathBuf,
    /// `None` when closed.
    database: Option<Opened>,
    /// What reads use between two writes.
    entries: RefCell<Option<Table>>,
}

enum Opened {
    ReadOnly(ReadOnlyDatabase),
    Writable(Database),
}

struct Table(Entries);

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table")
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Opened::ReadOnly(_) => "ReadOnly",
            Opened::Writable(_) => "Writable",
        })
    }
}

impl RedbStore {
    /// Opens a file; a new one gets the permissions `mode`, less the umask.
    ///
    /// # Errors
    /// NotFound, Locked, NeedsRepair for a reader after a crash of a writer, Corrupt, and Io.
    pub fn open(path: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        Self::open_with_cache(path, flag, mode, DEFAULT_CACHE)
    }

    /// As [`open`](Self::open), with so many bytes for pages of the file in memory.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_with_cache(path: &Path, flag: Flag, mode: u32, cache: usize) -> StoreResult<Self> {
        let mut builder = Database::builder();
        builder.set_cache_size(cache);
        let opened = guarded(|| match flag {
            Flag::Read => open_read_only(&builder, path),
            Flag::Write => Ok(Opened::Writable(builder.open(path)?)),
            Flag::Create if path.exists() => Ok(Opened::Writable(builder.open(path)?)),
            Flag::Create => create(&builder, path, mode),
            Flag::New => {
                // Not what somebody else is using.
                if let Err(DatabaseError::DatabaseAlreadyOpen) = builder.open(path) {
                    return Err(DatabaseError::DatabaseAlreadyOpen.into());
                }
                fs::remove_file(path).or_else(|error| match error.kind() {
                    io::ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                })?;
                create(&builder, path, mode)
            }
        });
        let database = Some(opened.map_err(|error| error.at(path))?);
        Ok(Self { path: path.to_owned(), database, entries: RefCell::new(None) })
    }

    /// Opens a database on storage of a test's own, or makes it.
    #[cfg(test)]
    pub(crate) fn on_backend(backend: impl redb::StorageBackend) -> StoreResult<Self> {
        let database = guarded(|| {
            let database = Database::builder().create_with_backend(backend)?;
            let transaction = database.begin_write()?;
            transaction.open_table(TABLE)?;
            transaction.commit()?;
            Ok(database)
        })?;
        let database = Some(Opened::Writable(database));
        Ok(Self { path: PathBuf::from("store"), database, entries: RefCell::new(None) })
    }

    fn database(&self) -> StoreResult<&Opened> {
        self.database.as_ref().ok_or_else(|| StoreError::new(ErrorKind::Closed, ""))
    }

    /// Reads from the table, as the last commit has left it.
    fn read<T>(&self, read: impl FnOnce(&Entries) -> StoreResult<T>) -> StoreResult<T> {
        let read = || {
            let database = self.database()?;
            let mut entries = self.entries.borrow_mut();
            let table = match entries.take() {
                Some(table) => table,
                None => Table(match database {
                    Opened::ReadOnly(database) => database.begin_read()?.open_table(TABLE)?,
                    Opened::Writable(database) => database.begin_read()?.open_table(TABLE)?,
                }),
            };
            let result = read(&table.0);
            *entries = Some(table);
            result
        };
        guarded(read).map_err(|error| error.at(&self.path))
    }

    fn write(&mut self, batch: &[Op]) -> StoreResult<()> {
        *self.entries.borrow_mut() = None;
        let Opened::Writable(database) = self.database()? else {
            return Err(StoreError::new(ErrorKind::ReadOnly, ""));
        };
        guarded(|| {
            let transaction = database.begin_write()?;
            {
                let mut table = transaction.open_table(TABLE)?;
                for op in batch {
                    match op {
                        Op::Put { key, value } => {
                            table.insert(key.as_slice(), value.as_slice()).map(drop)
                        }
                        Op::Delete { key } => table.remove(key.as_slice()).map(drop),
                    }
                    .map_err(|error| StoreError::from(error).with_key(op.key()))?;
                }
            }
            Ok(transaction.commit()?)
        })
    }

    fn compact(&mut self) -> StoreResult<()> {
        *self.entries.borrow_mut() = None;
        match &mut self.database {
            None => Err(StoreError::new(ErrorKind::Closed, "")),
            Some(Opened::ReadOnly(_)) => Err(StoreError::new(ErrorKind::ReadOnly, "")),
            Some(Opened::Writable(database)) => {
                guarded(|| database.compact().map(drop).map_err(|error| other(&error)))
            }
        }
    }
}

/// Makes a file with an empty table. It gets its name when it is complete, so that a crash leaves no half of one.
fn create(builder: &Builder, path: &Path, mode: u32) -> StoreResult<Opened> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.new", std::process::id()));
    let partial = PathBuf::from(partial);
    let made = create_at(&partial, mode).and_then(|()| match fs::hard_link(&partial, path) {
        // Somebody else was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error.into()),
        Err(_) => Ok(fs::rename(&partial, path)?),
        Ok(()) => Ok(()),
    });
    let _ = fs::remove_file(&partial);
    made?;
    sync_directory(path)?;
    Ok(Opened::Writable(builder.open(path)?))
}

fn create_at(path: &Path, mode: u32) -> StoreResult<()> {
    with_mode(mode).write(true).create(true).truncate(true).open(path)?;
    let database = Database::create(path)?;
    let transaction = database.begin_write()?;
    transaction.open_table(TABLE)?;
    transaction.commit()?;
    Ok(database.close()?)
}

/// Opens for reading; what a crash has left is mended first, where that is allowed.
fn open_read_only(builder: &Builder, path: &Path) -> StoreResult<Opened> {
    match builder.open_read_only(path) {
        Err(DatabaseError::RepairAborted) => {}
        other => return Ok(Opened::ReadOnly(other?)),
    }
    match builder.open(path) {
        Ok(database) => database.close()?,
        Err(error) => return Err(StoreError::new(ErrorKind::NeedsRepair, error.to_string())),
    }
    Ok(Opened::ReadOnly(builder.open_read_only(path)?))
}

/// Runs the engine, which panics on some damaged files.
fn guarded<T>(work: impl FnOnce() -> StoreResult<T>) -> StoreResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(StoreError::new(ErrorKind::Corrupt, "the engine gave up on what it found"))
    })
}

impl Store for RedbStore {
    fn caps(&self) -> Caps {
        Caps::new(matches!(self.database, Some(Opened::ReadOnly(_))))
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        let get = |table: &Entries| Ok(table.get(key)?.map(|value| value.value().to_vec()));
        self.read(get).map_err(|error| error.with_key(key))
    }

    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        self.read(|table| Ok(table.get(key)?.is_some())).map_err(|error| error.with_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        self.read(|table| Ok(table.len()?))
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let Some(bounds) = scan.remaining() else { return Ok(Page::default()) };
        self.read(|table| {
            let mut items = Vec::new();
            for entry in table.range::<&[u8]>(bounds)?.take(scan.max) {
                let (key, value) = entry?;
                let value = if scan.values { value.value().to_vec() } else { Vec::new() };
                items.push((key.value().to_vec(), value));
            }
            Ok(Page::ordered(items, scan.max))
        })
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.write(batch).map_err(|error| error.at(&self.path))
    }

    fn sync(&mut self) -> StoreResult<()> {
        self.database().map(drop).map_err(|error| error.at(&self.path))
    }

    fn reorganize(&mut self) -> StoreResult<()> {
        self.compact().map_err(|error| error.at(&self.path))
    }

    fn close(&mut self) -> StoreResult<()> {
        *self.entries.borrow_mut() = None;
        guarded(|| match self.database.take() {
            None => Ok(()),
            Some(Opened::ReadOnly(database)) => Ok(database.close()?),
            Some(Opened::Writable(database)) => Ok(database.close()?),
        })
        .map_err(|error| error.at(&self.path))
    }
}

impl From<StorageError> for StoreError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Io(error) => error.into(),
            StorageError::ValueTooLarge(_) => {
                StoreError::new(ErrorKind::TooLarge, error.to_string())
            }
            other => StoreError::new(ErrorKind::Corrupt, other.to_string()),
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Storage(error) => error.into(),
            DatabaseError::DatabaseAlreadyOpen => StoreError::new(ErrorKind::Locked, ""),
            DatabaseError::RepairAborted => StoreError::new(ErrorKind::NeedsRepair, ""),
            other => StoreError::new(ErrorKind::Unsupported, other.to_string()),
        }
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            // A redb file of another program.
            other => StoreError::new(ErrorKind::UnknownFormat, other.to_string()),
        }
    }
}

impl From<redb::TransactionError> for StoreError {
    fn from(error: redb::TransactionError) -> Self {
        match error {
            redb::TransactionError::Storage(error) => error.into(),
            error => other(&error),
        }
    }
}

impl From<redb::CommitError> for StoreError {
    fn from(error: redb::CommitError) -> Self {
        match error {
            redb::CommitError::Storage(error) => error.into(),
            error => other(&error),
        }
    }
}

fn other(error: &dyn std::error::Error) -> StoreError {
    StoreError::new(ErrorKind::Io, error.to_string())
}
