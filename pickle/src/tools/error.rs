//! What can be wrong with a stream that is looked at.

use std::fmt;

use halfsour_runtime::Dialect;

use super::repr;
use crate::opcode::Opcode;

/// A stream that cannot be looked at further; `pickletools` raises ValueError.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Opcode, tools};
///
/// let error = tools::genops(b"NI12").find_map(Result::err).expect("the stream ends inside INT");
/// assert_eq!(error.offset(), 1);
/// assert_eq!(error.opcode(), Some(Opcode::INT));
/// assert_eq!(error.message(), "no newline found when trying to read stringnl");
/// assert_eq!(
///     error.to_string(),
///     "at offset 1, INT: no newline found when trying to read stringnl"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    offset: usize,
    opcode: Option<Opcode>,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A byte that stands for no opcode.
    UnknownOpcode(u8, Dialect),
    /// The stream ends where an opcode should be.
    Exhausted,
    /// Anything else, in the words of `pickletools` where it has some.
    Other(Box<str>),
}

impl Problem {
    #[cold]
    pub(crate) fn other(message: impl Into<Box<str>>) -> Self {
        Problem::Other(message.into())
    }
}

impl Error {
    /// An error where no opcode could be read.
    #[cold]
    pub(super) const fn new(offset: usize, problem: Problem) -> Self {
        Self { offset, opcode: None, problem }
    }

    /// An error of an opcode.
    #[cold]
    pub(super) const fn of(opcode: Opcode, offset: usize, problem: Problem) -> Self {
        Self { offset, opcode: Some(opcode), problem }
    }

    /// Returns where in the stream the opcode is, or should be, that is at fault.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the opcode that is at fault, `None` where there is none.
    pub const fn opcode(&self) -> Option<Opcode> {
        self.opcode
    }

    /// Returns what is wrong, without the place, in the words of Python's `pickletools`.
    pub fn message(&self) -> String {
        match &self.problem {
            Problem::UnknownOpcode(byte, dialect) => {
                let shown = repr::bytes(&[*byte], *dialect);
                format!("at position {}, opcode {shown} unknown", self.offset)
            }
            Problem::Exhausted => "pickle exhausted before seeing STOP".to_owned(),
            Problem::Other(message) => message.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}", self.offset)?;
        if let Some(opcode) = self.opcode {
            write!(f, ", {opcode}")?;
        }
        match &self.problem {
            Problem::UnknownOpcode(byte, _) => write!(f, ": byte {byte:#04x} is no opcode"),
            Problem::Exhausted => f.write_str(": the stream ends before STOP"),
            Problem::Other(message) => write!(f, ": {message}"),
        }
    }
}

impl std::error::Error for Error {}
