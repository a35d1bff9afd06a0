//! [`StoreError`]: what goes wrong in a store, and the Python exception that it becomes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use halfsour_runtime::{Args, Context, Dialect, Error, ExceptionType, Location, Value, exc};

/// The result of an operation on a store.
pub type StoreResult<T> = Result<T, StoreError>;

/// `anydbm.error` of Python 2.
static ANYDBM_ERROR: ExceptionType = ExceptionType::new("anydbm", "error", &exc::EXCEPTION);

/// `dbm.error` of Python 3.
static DBM_ERROR: ExceptionType = ExceptionType::new("dbm", "error", &exc::EXCEPTION);

/// Returns the exception that the module which opens databases by path defines.
pub(crate) fn dbm_error(dialect: Dialect) -> &'static ExceptionType {
    dialect.pick(&ANYDBM_ERROR, &DBM_ERROR)
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no database at the path, and the flag does not make one.
    NotFound,
    /// Another opener has it.
    Locked,
    /// It was opened for reading only.
    ReadOnly,
    /// It was closed.
    Closed,
    /// The files at the path are of no known format.
    UnknownFormat,
    /// The store cannot do that, or this build has no code for the format.
    Unsupported,
    /// A crash left work that only an opener with write access can do.
    NeedsRepair,
    /// The files contradict themselves.
    Corrupt,
    /// A line of a text index is no entry.
    Malformed,
    /// A key or a value is larger than the engine takes.
    TooLarge,
    /// Somebody else has changed the files meanwhile.
    Conflict,
    /// A server cannot be reached, or is not ready; it may be soon.
    Unavailable,
    /// The system refused.
    Io,
}

impl ErrorKind {
    /// Returns whether the same may succeed when it is tried again later. A change that was Unavailable may have been made.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, ErrorKind::Locked | ErrorKind::Unavailable)
    }
}

/// An error of a store: its kind, and as far as they are known the path of the database and the key.
///
/// Inside the heap it becomes a Python exception ([`into_exception`](Self::into_exception)).
///
/// # Examples
/// ```
/// use halfsour_shelve::{ErrorKind, Flag, StoreOptions};
///
/// let error = StoreOptions::new().open("no/such/place", Flag::Read).err();
/// assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::NotFound));
/// ```
pub struct StoreError(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    detail: String,
    path: Option<PathBuf>,
    key: Option<Vec<u8>>,
    source: Option<io::Error>,
}

impl StoreError {
    /// Returns an error of a kind; `detail` says more, or is empty.
    #[cold]
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self(Box::new(Repr { kind, detail, path: None, key: None, source: None }))
    }

    /// Notes the path of the database; what was noted before stays.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.0.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Notes the key; what was noted before stays.
    #[must_use]
    pub fn with_key(mut self, key: &[u8]) -> Self {
        self.0.key.get_or_insert_with(|| key.to_owned());
        self
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the path of the database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Returns the key at fault.
    #[must_use]
    pub fn key(&self) -> Option<&[u8]> {
        self.0.key.as_deref()
    }

    /// Returns the exception that Python raises for it, with path and key as its location.
    ///
    /// No database and an unknown format are `anydbm.error` (Python 3: `dbm.error`), a line that cannot be read is
    /// ValueError, the rest IOError, which in Python 3 is OSError.
    #[must_use]
    pub fn into_exception<'gc>(self, ctx: Context<'gc>) -> Error<'gc> {
        let place = place(self.path(), self.key());
        let Repr { kind, detail, source, path, .. } = *self.0;
        let error = match (kind, source) {
            (ErrorKind::Io | ErrorKind::NotFound, Some(source)) => system(ctx, source, path),
            (ErrorKind::NotFound | ErrorKind::UnknownFormat, _) => {
                Error::new(dbm_error(ctx.dialect()), text(kind, &detail, ctx.dialect()))
            }
            (ErrorKind::Malformed, _) => {
                Error::new(&exc::VALUE_ERROR, text(kind, &detail, ctx.dialect()))
            }
            // DIFFERENCE: of a closed `dumbdbm` 2.7 raises TypeError or AttributeError, about its None.
            _ => Error::new(&exc::IO_ERROR, text(kind, &detail, ctx.dialect())),
        };
        error.at(Location { path: Some(place), ..Location::default() })
    }
}

/// Returns the exception for an error of the system: with a number, the text and the path, as `open()` raises it.
fn system<'gc>(ctx: Context<'gc>, source: io::Error, path: Option<PathBuf>) -> Error<'gc> {
    let Some(number) = source.raw_os_error() else { return Error::from(source) };
    let text = source.to_string();
    let text = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
    let mut args = vec![Value::from(number), ctx.str(text)];
    args.extend(path.map(|path| ctx.str(&path.to_string_lossy())));
    // The class is called, since in Python 3 the number decides which of its subclasses is made.
    let class = Value::from(ctx.exception_class(&exc::IO_ERROR));
    class.call(ctx, Args::new(&args)).map_or_else(|error| error, Error::raise)
}

/// Shows where in which database something is: `jars.db['dill']`.
pub(crate) fn place(path: Option<&Path>, key: Option<&[u8]>) -> String {
    let name = path.map_or("shelf".into(), |path| path.to_string_lossy());
    match key {
        Some(key) => format!("{name}['{}']", key.escape_ascii()),
        None => name.into_owned(),
    }
}

/// The words for a kind, CPython's where it has some.
fn text(kind: ErrorKind, detail: &str, dialect: Dialect) -> String {
    let words = match kind {
        ErrorKind::NotFound => dialect.pick(
            "need 'c' or 'n' flag to open new db",
            "db file doesn't exist; use 'c' or 'n' flag to create a new db",
        ),
        ErrorKind::UnknownFormat => "db type could not be determined",
        ErrorKind::ReadOnly => "The database is opened for reading only",
        ErrorKind::Closed => "DBM object has already been closed",
        ErrorKind::Locked => "the database is in use by another opener",
        ErrorKind::Unsupported => "not supported",
        ErrorKind::NeedsRepair => "the database needs repair: open it with write access once",
        ErrorKind::Corrupt => "the database is damaged",
        ErrorKind::Malformed => "malformed node or string",
        ErrorKind::TooLarge => "a key or value is too large",
        ErrorKind::Conflict => "the files were changed by somebody else",
        ErrorKind::Unavailable => "the server is not available",
        ErrorKind::Io => "input or output failed",
    };
    if detail.is_empty() { words.to_owned() } else { format!("{words}: {detail}") }
}

impl From<io::Error> for StoreError {
    fn from(source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            _ => ErrorKind::Io,
        };
        let detail = source.to_string();
        Self(Box::new(Repr { kind, detail, path: None, key: None, source: Some(source) }))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr { kind, detail, path, key, .. } = &*self.0;
        f.write_str(&text(*kind, detail, Dialect::Python3))?;
        if path.is_some() || key.is_some() {
            write!(f, " ({})", place(path.as_deref(), key.as_deref()))?;
        }
        Ok(())
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({:?}: {self})", self.0.kind)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
