//! [`SqliteStore`]: the file of Python 3.13's `dbm.sqlite3`.

use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params_from_iter};

use crate::dumb::with_mode;
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::options::Flag;
use crate::store::{Caps, Op, Page, Scan, Store};

/// A database in the format of `dbm.sqlite3`, which may be shared with CPython while both have it open.
///
/// A writer waits up to five seconds for another, as CPython does.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    read_only: bool,
    /// `None` when closed.
    connection: Option<Connection>,
}

impl SqliteStore {
    /// Opens a file; a new one gets the permissions `mode`, less the umask.
    ///
    /// # Errors
    /// NotFound, UnknownFormat, and what SQLite reports.
    pub fn open(path: &Path, flag: Flag, mode: u32) -> StoreResult<Self> {
        let connection = Self::connect(path, flag, mode).map_err(|error| error.at(path))?;
        let connection = Some(connection);
        Ok(Self { path: path.to_owned(), read_only: flag == Flag::Read, connection })
    }

    fn connect(path: &Path, flag: Flag, mode: u32) -> StoreResult<Connection> {
        let create = matches!(flag, Flag::Create | Flag::New);
        if flag == Flag::New {
            for suffix in ["", "-wal", "-shm"] {
                let mut name = path.as_os_str().to_owned();
                name.push(suffix);
                match std::fs::remove_file(PathBuf::from(name)) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
        }
        if create {
            // SQLite takes an empty file for a new database.
            with_mode(mode).append(true).create(true).open(path)?;
        }
        let access = match flag {
            Flag::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            _ => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let connection = Connection::open_with_flags(path, access)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        if flag != Flag::Read {
            // As in CPython, a journal of another kind does too.
            let _ = connection.pragma_update(None, "journal_mode", "wal");
        }
        if create {
            let table =
                "CREATE TABLE IF NOT EXISTS Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)";
            connection.execute(table, [])?;
        }
        Ok(connection)
    }

    fn connection(&self) -> StoreResult<&Connection> {
        let closed = || StoreError::new(ErrorKind::Closed, "").at(&self.path);
        self.connection.as_ref().ok_or_else(closed)
    }

    fn located(&self, error: impl Into<StoreError>) -> StoreError {
        error.into().at(&self.path)
    }

    fn write(&mut self, batch: &[Op]) -> Result<(), rusqlite::Error> {
        let Some(connection) = &mut self.connection else { return Ok(()) };
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut put = transaction.prepare_cached(
                "REPLACE INTO Dict (key, value) VALUES (CAST(? AS BLOB), CAST(? AS BLOB))",
            )?;
            let mut delete =
                transaction.prepare_cached("DELETE FROM Dict WHERE key = CAST(? AS BLOB)")?;
            for op in batch {
                match op {
                    Op::Put { key, value } => put.execute((key, value))?,
                    Op::Delete { key } => delete.execute((key,))?,
                };
            }
        }
        transaction.commit()
    }
}

impl Store for SqliteStore {
    fn caps(&self) -> Caps {
        Caps::new(self.read_only)
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        let get = || {
            let query = "SELECT CAST(value AS BLOB) FROM Dict WHERE key = CAST(? AS BLOB)";
            let mut statement = self.connection()?.prepare_cached(query)?;
            Ok(statement.query_row((key,), |row| row.get(0)).optional()?)
        };
        get().map_err(|error: StoreError| self.located(error).with_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        let query = "SELECT COUNT (key) FROM Dict";
        let count = self.connection()?.query_row(query, [], |row| row.get::<_, i64>(0));
        count.map(|count| count.unsigned_abs()).map_err(|error| self.located(error))
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let Some((start, end)) = scan.remaining() else { return Ok(Page::default()) };
        let value = if scan.values { "CAST(value AS BLOB)" } else { "x''" };
        let mut query = format!("SELECT CAST(key AS BLOB), {value} FROM Dict WHERE 1");
        let mut bounds = Vec::new();
        for (bound, included, excluded) in [(start, ">=", ">"), (end, "<=", "<")] {
            let (key, sign) = match bound {
                Bound::Included(key) => (key, included),
                Bound::Excluded(key) => (key, excluded),
                Bound::Unbounded => continue,
            };
            query.push_str(&format!(" AND key {sign} ?"));
            bounds.push(SqlValue::Blob(key.to_vec()));
        }
        query.push_str(&format!(" ORDER BY key LIMIT {}", scan.max));
        let rows = || {
            let mut statement = self.connection()?.prepare_cached(&query)?;
            let entry = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let rows = statement.query_map(params_from_iter(bounds.iter()), entry)?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let items = rows().map_err(|error: StoreError| self.located(error))?;
        Ok(Page::ordered(items, scan.max))
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.connection()?;
        if self.read_only {
            return Err(StoreError::new(ErrorKind::ReadOnly, "").at(&self.path));
        }
        self.write(batch).map_err(|error| self.located(error))
    }

    fn sync(&mut self) -> StoreResult<()> {
        self.connection().map(drop)
    }

    fn reorganize(&mut self) -> StoreResult<()> {
        if self.read_only {
            return Err(StoreError::new(ErrorKind::ReadOnly, "").at(&self.path));
        }
        let done = self.connection()?.execute("VACUUM", []).map(drop);
        done.map_err(|error| self.located(error))
    }

    fn close(&mut self) -> StoreResult<()> {
        match self.connection.take().map(Connection::close) {
            Some(Err((_, error))) => Err(self.located(error)),
            _ => Ok(()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Locked,
            Some(ErrorCode::ReadOnly) => ErrorKind::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => ErrorKind::Corrupt,
            Some(ErrorCode::NotADatabase) => ErrorKind::UnknownFormat,
            Some(ErrorCode::TooBig) => ErrorKind::TooLarge,
            _ => ErrorKind::Io,
        };
        StoreError::new(kind, error.to_string())
    }
}
