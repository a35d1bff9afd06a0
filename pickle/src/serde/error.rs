//! What can go wrong between pickles and Rust's types.

use std::fmt;
use std::io;

use halfsour_runtime::{Error as Exception, Uncaught, exc};

use crate::tools;

/// The result of reading or writing.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a pickle was not read into a type, or a value not written.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::{Category, from_slice};
///
/// // {'jars': [3, 'four']}, as CPython 2.7 writes it.
/// let error = from_slice::<std::collections::HashMap<String, Vec<i64>>>(
///     b"\x80\x02}U\x04jars](K\x03U\x04foures.",
/// )
/// .unwrap_err();
/// assert_eq!(error.category(), Category::Data);
/// assert_eq!(error.path().as_deref(), Some("root['jars'][1]"));
/// assert_eq!(
///     error.to_string(),
///     "at root['jars'][1]: invalid type: string \"four\", expected i64"
/// );
/// ```
pub struct Error(Box<Report>);

#[derive(Debug)]
struct Report {
    category: Category,
    message: String,
    offset: Option<usize>,
    /// The steps to the place at fault, the last one first.
    path: Vec<Step>,
    in_data: bool,
    hint: Option<&'static str>,
    source: Option<Source>,
}

#[derive(Debug)]
enum Source {
    Io(io::Error),
    Python(Uncaught),
}

/// A step from an object to a part of it.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Index(usize),
    /// The value of a key, which is shown as it is written in Python.
    Item(String),
    Attribute(String),
    /// The key itself, by its place.
    Key(usize),
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// Nothing is there to be read: the reader is at its end.
    Eof,
    /// The reader or the writer failed.
    Io,
    /// The bytes are no sound pickle.
    Stream,
    /// It costs more than a limit allows.
    Limit,
    /// An object contains itself, which no tree of Rust's can.
    Cycle,
    /// A class was not expected, or is not allowed.
    Class,
    /// There is no counterpart for it on the other side.
    Unsupported,
    /// The data are sound, and not those that the type wants.
    Data,
    /// An object of a runtime raised an exception.
    Python,
}

impl Error {
    #[cold]
    pub(super) fn new(category: Category, message: impl Into<String>) -> Self {
        Self(Box::new(Report {
            category,
            message: message.into(),
            offset: None,
            path: Vec::new(),
            in_data: false,
            hint: None,
            source: None,
        }))
    }

    #[cold]
    pub(super) fn python(raised: Uncaught) -> Self {
        let message = raised.to_string();
        let mut error = Self::new(Category::Python, message);
        error.0.source = Some(Source::Python(raised));
        error
    }

    #[must_use]
    pub(super) fn with_hint(mut self, hint: &'static str) -> Self {
        self.0.hint.get_or_insert(hint);
        self
    }

    #[must_use]
    pub(super) fn at_offset(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Notes the step that leads to where it went wrong; called from the inside out.
    #[must_use]
    pub(super) fn behind(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self.in_data()
    }

    /// Notes that it is about data, so that it has a path, if only to the root.
    #[must_use]
    pub(super) fn in_data(mut self) -> Self {
        self.0.in_data = true;
        self
    }

    /// Returns what kind of thing went wrong.
    #[must_use]
    pub fn category(&self) -> Category {
        self.0.category
    }

    /// Returns what went wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns where in the stream it went wrong, if it is the stream that is at fault.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// Returns the way to the object at fault as a Python expression, if it is the data that are:
    /// `root['users'][3].name`.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        const SHOWN: usize = 16;
        if !self.0.in_data {
            return None;
        }
        let steps = &self.0.path;
        let mut path = "root".to_owned();
        for (depth, step) in steps.iter().rev().enumerate() {
            let is_long = steps.len() > 2 * SHOWN;
            if is_long && depth == SHOWN {
                path.push_str(" ... ");
            }
            if !is_long || depth < SHOWN || depth >= steps.len() - SHOWN {
                path.push_str(&step.to_string());
            }
        }
        Some(path)
    }

    /// Returns what would mend it, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match &self.0.source {
            Some(Source::Python(raised)) => self.0.hint.or_else(|| raised.hint()),
            _ => self.0.hint,
        }
    }

    /// Returns the exception that an object of a runtime raised, if that is what went wrong.
    #[must_use]
    pub fn exception(&self) -> Option<&Uncaught> {
        match &self.0.source {
            Some(Source::Python(raised)) => Some(raised),
            _ => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Item(key) => write!(f, "[{key}]"),
            Self::Attribute(name) => write!(f, ".{name}"),
            Self::Key(index) => write!(f, ".keys()[{index}]"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(offset) = self.0.offset {
            write!(f, "at offset {offset}: ")?;
        }
        if let Some(path) = self.path().filter(|_| !self.0.path.is_empty()) {
            write!(f, "at {path}: ")?;
        }
        f.write_str(&self.0.message)?;
        match self.hint() {
            Some(hint) if self.exception().is_none() => write!(f, "\n  hint: {hint}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("category", &self.0.category)
            .field("message", &self.0.message)
            .field("offset", &self.0.offset)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.source {
            Some(Source::Io(error)) => Some(error),
            Some(Source::Python(raised)) => Some(raised),
            None => None,
        }
    }
}

impl ::serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Category::Data, message.to_string()).in_data()
    }
}

impl ::serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Category::Data, message.to_string())
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        let mut report = Self::new(Category::Io, error.to_string());
        report.0.source = Some(Source::Io(error));
        report
    }
}

impl From<tools::Error> for Error {
    fn from(error: tools::Error) -> Self {
        let message = match error.opcode() {
            Some(opcode) => format!("{opcode}: {}", error.message()),
            None => error.message(),
        };
        Self::new(Category::Stream, message).at_offset(error.offset())
    }
}

/// Inside of a runtime it is a ValueError, or an OSError where the reader or the writer failed.
impl From<Error> for Exception<'_> {
    fn from(error: Error) -> Self {
        match error.0.source {
            Some(Source::Io(error)) => error.into(),
            _ => {
                let hint = error.0.hint;
                let message = match error.path().filter(|_| !error.0.path.is_empty()) {
                    Some(path) => format!("at {path}: {}", error.0.message),
                    None => error.0.message,
                };
                let exception = Exception::new(&exc::VALUE_ERROR, message);
                hint.into_iter().fold(exception, Exception::with_hint)
            }
        }
    }
}
