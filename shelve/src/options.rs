//! [`Flag`], [`Engine`] and [`StoreOptions`]: how to open a store by its path.

use std::path::Path;

use crate::detect::{Format, which};
use crate::dumb::DumbStore;
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::store::Store;

/// How to open a database: the flags `'r'`, `'w'`, `'c'` and `'n'` of Python's `dbm` modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// `'r'`: for reading only.
    Read,
    /// `'w'`: for reading and writing; it must be there.
    Write,
    /// `'c'`: for reading and writing; it is made if it is not there.
    Create,
    /// `'n'`: a new one, in the place of what is there.
    New,
}

impl Flag {
    /// Reads Python's letter.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        match letter {
            "r" => Some(Flag::Read),
            "w" => Some(Flag::Write),
            "c" => Some(Flag::Create),
            "n" => Some(Flag::New),
            _ => None,
        }
    }
}

/// The engines that make new files. An existing file is opened by the one that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// redb: one file, every change a commit that survives a crash. The default.
    #[cfg(feature = "redb")]
    Redb,
    /// The format of `dumbdbm` and `dbm.dumb`, for exchange with CPython.
    Dumb,
    /// The format of `dbm.sqlite3`, the default of CPython 3.13.
    #[cfg(feature = "sqlite")]
    Sqlite,
}

impl Default for Engine {
    #[cfg(feature = "redb")]
    fn default() -> Self {
        Engine::Redb
    }

    #[cfg(not(feature = "redb"))]
    fn default() -> Self {
        Engine::Dumb
    }
}

/// How to open a store: the engine and the permissions of new files.
///
/// # Examples
/// ```
/// use halfsour_shelve::{Engine, Flag, StoreOptions};
///
/// let path = std::env::temp_dir().join(format!("halfsour-options-{}", std::process::id()));
/// let mut store = StoreOptions::new().engine(Engine::Dumb).open(&path, Flag::New)?;
/// store.put(b"dill", b"3")?;
/// store.close()?;
/// // What is there decides how it is opened.
/// assert_eq!(StoreOptions::new().open(&path, Flag::Read)?.get(b"dill")?, Some(b"3".to_vec()));
/// # for suffix in [".dat", ".dir", ".bak"] {
/// #     let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
/// # }
/// # Ok::<(), halfsour_shelve::StoreError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct StoreOptions {
    engine: Option<Engine>,
    mode: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl StoreOptions {
    /// Returns the default options.
    pub const fn new() -> Self {
        Self { engine: None, mode: 0o666 }
    }

    /// Sets what makes new files; by default [`Engine::default`].
    pub const fn engine(mut self, engine: Engine) -> Self {
        self.engine = Some(engine);
        self
    }

    /// Sets the permissions of new files, from which the system takes its umask; by default `0o666`.
    pub const fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Returns the permissions of new files.
    pub(crate) const fn permissions(&self) -> u32 {
        self.mode
    }

    /// Opens a database. Its format is that of the files at the path; a new one is made by the engine.
    ///
    /// # Errors
    /// NotFound, UnknownFormat, Unsupported for a format that this build has no code for, and what the engine reports.
    pub fn open(&self, path: impl AsRef<Path>, flag: Flag) -> StoreResult<Box<dyn Store>> {
        let path = path.as_ref();
        let found = which(path).map_err(|error| error.at(path))?;
        let engine = self.engine.unwrap_or_default();
        match (found, flag) {
            (None, Flag::Read | Flag::Write) => {
                Err(StoreError::new(ErrorKind::NotFound, "").at(path))
            }
            (Some(Format::Dumb), Flag::New) if engine != Engine::Dumb => {
                // Its files would be found before those of another engine.
                DumbStore::open(path, flag, self.mode)?.remove()?;
                self.make(engine, path, flag)
            }
            (None, _) | (_, Flag::New) => self.make(engine, path, flag),
            (Some(Format::Dumb), _) => self.make(Engine::Dumb, path, flag),
            #[cfg(feature = "redb")]
            (Some(Format::Redb), _) => self.make(Engine::Redb, path, flag),
            #[cfg(feature = "sqlite")]
            (Some(Format::Sqlite), _) => self.make(Engine::Sqlite, path, flag),
            (Some(Format::Unknown), _) => {
                Err(StoreError::new(ErrorKind::UnknownFormat, "").at(path))
            }
            (Some(format), _) => {
                let detail = format!("this build does not open the format {format:?}");
                Err(StoreError::new(ErrorKind::Unsupported, detail).at(path))
            }
        }
    }

    fn make(&self, engine: Engine, path: &Path, flag: Flag) -> StoreResult<Box<dyn Store>> {
        Ok(match engine {
            Engine::Dumb => Box::new(DumbStore::open(path, flag, self.mode)?),
            #[cfg(feature = "redb")]
            Engine::Redb => Box::new(crate::redb_store::RedbStore::open(path, flag, self.mode)?),
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => {
                Box::new(crate::sqlite_store::SqliteStore::open(path, flag, self.mode)?)
            }
        })
    }
}
