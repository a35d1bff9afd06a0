//! [`Flag`], [`Engine`] and [`StoreOptions`]: how to open a store by its path.

use std::path::Path;

#[cfg(feature = "bdb")]
use crate::bdb::BerkeleyStore;
use crate::detect::{self, Format, describe, which};
use crate::dumb::DumbStore;
use crate::error::{ErrorKind, StoreError, StoreResult};
#[cfg(feature = "gdbm")]
use crate::gdbm_store::GdbmStore;
#[cfg(feature = "redb")]
use crate::redb_store::RedbStore;
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
    /// GNU dbm, the format of `gdbm` and `dbm.gnu`.
    #[cfg(feature = "gdbm")]
    Gdbm,
    /// The files `NAME.pag` and `NAME.dir`: `dbm.ndbm` where GNU dbm stands in for it, as on Fedora.
    #[cfg(feature = "gdbm")]
    GdbmNdbm,
    /// A hash file of Berkeley DB, the format of `dbhash`.
    #[cfg(feature = "bdb")]
    Berkeley,
    /// The file `NAME.db`: `dbm.ndbm` where Berkeley DB stands in for it, as on Debian.
    #[cfg(feature = "bdb")]
    BerkeleyNdbm,
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
    cache: Option<usize>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl StoreOptions {
    /// Returns the default options.
    pub const fn new() -> Self {
        Self { engine: None, mode: 0o666, cache: None }
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

    /// Sets how many bytes of a file redb keeps in memory, at most; by default 256 MiB. The other engines keep none, or all.
    pub const fn cache(mut self, bytes: usize) -> Self {
        self.cache = Some(bytes);
        self
    }

    /// Opens a database. Its format is that of the files at the path; a new one is made by the engine.
    ///
    /// # Errors
    /// NotFound, UnknownFormat, Unsupported for a format that this build has no code for, and what the engine reports.
    pub fn open(&self, path: impl AsRef<Path>, flag: Flag) -> StoreResult<Box<dyn Store>> {
        let path = path.as_ref();
        let found = which(path).map_err(|error| error.at(path))?;
        let engine = self.engine.unwrap_or_default();
        let own = found.and_then(|format| engine_of(format, path));
        match (found, own, flag) {
            (None, _, Flag::Read | Flag::Write) => {
                Err(StoreError::new(ErrorKind::NotFound, "").at(path))
            }
            // DIFFERENCE: CPython makes a new database beside a `dumbdbm` whose index it does not recognise.
            (None, _, Flag::Create) if has_unknown_index(path) => {
                Err(StoreError::new(ErrorKind::UnknownFormat, "").at(path))
            }
            (Some(_), Some(other), Flag::New) if other != engine => {
                // Its files could be found before those of another engine.
                self.remove(other, path)?;
                self.make(engine, path, flag)
            }
            (None, ..) | (.., Flag::New) => self.make(engine, path, flag),
            (_, Some(engine), _) => self.make(engine, path, flag),
            (Some(Format::Unknown), ..) => {
                Err(StoreError::new(ErrorKind::UnknownFormat, describe(path)).at(path))
            }
            (Some(format), ..) => {
                let detail = format!("this build does not open the format {format:?}");
                Err(StoreError::new(ErrorKind::Unsupported, detail).at(path))
            }
        }
    }

    fn make(&self, engine: Engine, path: &Path, flag: Flag) -> StoreResult<Box<dyn Store>> {
        Ok(match engine {
            Engine::Dumb => Box::new(DumbStore::open(path, flag, self.mode)?),
            #[cfg(feature = "redb")]
            Engine::Redb => Box::new(match self.cache {
                Some(bytes) => RedbStore::open_with_cache(path, flag, self.mode, bytes)?,
                None => RedbStore::open(path, flag, self.mode)?,
            }),
            #[cfg(feature = "sqlite")]
            Engine::Sqlite => {
                Box::new(crate::sqlite_store::SqliteStore::open(path, flag, self.mode)?)
            }
            #[cfg(feature = "gdbm")]
            Engine::Gdbm => Box::new(GdbmStore::open(path, flag, self.mode)?),
            #[cfg(feature = "gdbm")]
            Engine::GdbmNdbm => Box::new(GdbmStore::open_ndbm(path, flag, self.mode)?),
            #[cfg(feature = "bdb")]
            Engine::Berkeley => Box::new(BerkeleyStore::open(path, flag, self.mode)?),
            #[cfg(feature = "bdb")]
            Engine::BerkeleyNdbm => Box::new(BerkeleyStore::open_ndbm(path, flag, self.mode)?),
        })
    }

    /// Deletes a database that nobody has open, where the file of another engine would not take its place.
    fn remove(&self, engine: Engine, path: &Path) -> StoreResult<()> {
        let flag = Flag::New;
        match engine {
            Engine::Dumb => DumbStore::open(path, flag, self.mode)?.remove(),
            #[cfg(feature = "gdbm")]
            Engine::Gdbm => GdbmStore::open(path, flag, self.mode)?.remove(),
            #[cfg(feature = "gdbm")]
            Engine::GdbmNdbm => GdbmStore::open_ndbm(path, flag, self.mode)?.remove(),
            #[cfg(feature = "bdb")]
            Engine::Berkeley => BerkeleyStore::open(path, flag, self.mode)?.remove(),
            #[cfg(feature = "bdb")]
            Engine::BerkeleyNdbm => BerkeleyStore::open_ndbm(path, flag, self.mode)?.remove(),
            #[allow(unreachable_patterns, reason = "there is no other in some builds")]
            _ => Ok(()),
        }
    }
}

/// Returns the engine that opens a format, if this build has it.
fn engine_of(format: Format, path: &Path) -> Option<Engine> {
    match format {
        Format::Dumb => Some(Engine::Dumb),
        #[cfg(feature = "redb")]
        Format::Redb => Some(Engine::Redb),
        #[cfg(feature = "sqlite")]
        Format::Sqlite => Some(Engine::Sqlite),
        #[cfg(feature = "gdbm")]
        Format::Gdbm => Some(Engine::Gdbm),
        #[cfg(feature = "bdb")]
        Format::BerkeleyHash => Some(Engine::Berkeley),
        Format::Ndbm => match detect::ndbm(path) {
            #[cfg(feature = "gdbm")]
            detect::Ndbm::Gdbm => Some(Engine::GdbmNdbm),
            #[cfg(feature = "bdb")]
            detect::Ndbm::Berkeley => Some(Engine::BerkeleyNdbm),
            _ => None,
        },
        _ => None,
    }
}

/// Whether there are a `.dat` and a `.dir`, of which nothing is known since the index begins with no key.
fn has_unknown_index(path: &Path) -> bool {
    [".dat", ".dir"].into_iter().all(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        Path::new(&name).exists()
    })
}
