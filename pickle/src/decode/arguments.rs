//! Reading the argument of an opcode from an input.

use super::Malformed;
use crate::flavour::Flavour;
use crate::source::{Input, Line};

/// Why an argument could not be read.
#[derive(Debug)]
pub(crate) enum Fault<E> {
    /// The input could not be read.
    Input(E),
    /// The stream is flawed.
    Stream(Box<Malformed>),
}

impl<E> From<Malformed> for Fault<E> {
    #[cold]
    fn from(malformed: Malformed) -> Self {
        Fault::Stream(Box::new(malformed))
    }
}

type Read<T, S> = Result<T, Fault<<S as Input>::Error>>;

/// The binary arguments of opcodes, read from any input.
pub(crate) trait Arguments: Input {
    /// Reads an opcode's byte.
    #[inline(always)]
    fn opcode_byte(&mut self) -> Read<u8, Self> {
        match self.next() {
            Ok(Some(byte)) => Ok(byte),
            Ok(None) => Err(Malformed::eof("the stream ends without STOP").into()),
            Err(error) => Err(Fault::Input(error)),
        }
    }

    /// Reads the argument of BININT1, BINGET and their like.
    #[inline(always)]
    fn uint1(&mut self) -> Read<u8, Self> {
        whole(self.next())
    }

    /// Reads the argument of BININT2 and EXT2.
    #[inline(always)]
    fn uint2(&mut self) -> Read<u16, Self> {
        whole(self.array()).map(u16::from_le_bytes)
    }

    /// Reads the argument of BININT and EXT4.
    #[inline(always)]
    fn int4(&mut self) -> Read<i32, Self> {
        whole(self.array()).map(i32::from_le_bytes)
    }

    /// Reads the argument of LONG_BINGET and LONG_BINPUT.
    #[inline(always)]
    fn uint4(&mut self) -> Read<u32, Self> {
        whole(self.array()).map(u32::from_le_bytes)
    }

    /// Reads the argument of FRAME.
    #[inline(always)]
    fn uint8(&mut self) -> Read<u64, Self> {
        whole(self.array()).map(u64::from_le_bytes)
    }

    /// Reads the argument of BINFLOAT.
    #[inline(always)]
    fn float8(&mut self) -> Read<f64, Self> {
        whole(self.array()).map(f64::from_be_bytes)
    }

    /// Reads as many bytes as a length in the stream says.
    ///
    /// # Errors
    /// UnpicklingError when that is more than `limit`, or more than any memory; EOFError when it is more
    /// than there are.
    #[inline(always)]
    fn bytes(&mut self, length: impl Into<u64>, limit: usize) -> Read<&[u8], Self> {
        let length = length.into();
        match usize::try_from(length) {
            Ok(count) if count <= limit => whole(self.take(count)),
            _ => Err(Malformed::too_long(length, limit).into()),
        }
    }

    /// Reads a line of text.
    #[inline]
    fn text_line(&mut self) -> Read<&[u8], Self> {
        text_of(self.line())
    }

    /// Reads the line of GET. To Python 2 the end of the stream ends a line too, and the last byte is its line feed:
    /// that nothing is stored under such a key is noticed before the end of the stream is.
    #[inline]
    fn key_line(&mut self, flavour: Flavour) -> Read<&[u8], Self> {
        match self.line() {
            Ok(Line::Cut([key @ .., _])) if flavour != Flavour::Python3 && !key.is_empty() => {
                Ok(key)
            }
            line => text_of(line),
        }
    }
}

impl<S: Input> Arguments for S {}

#[inline]
fn text_of<E>(line: Result<Line<'_>, E>) -> Result<&[u8], Fault<E>> {
    match line {
        Ok(Line::Whole(line)) => Ok(line),
        Ok(Line::Cut(start)) => Err(Malformed::cut_line(start).into()),
        Err(error) => Err(Fault::Input(error)),
    }
}

#[inline(always)]
fn whole<T, E>(read: Result<Option<T>, E>) -> Result<T, Fault<E>> {
    match read {
        Ok(Some(argument)) => Ok(argument),
        Ok(None) => Err(truncated().into()),
        Err(error) => Err(Fault::Input(error)),
    }
}

#[cold]
fn truncated() -> Malformed {
    Malformed::truncated("the stream ends inside the argument of an opcode")
}
