//! The arguments of opcodes as `pickletools` reads them.
//!
//! It is stricter than the loaders in places and laxer in others, and its two versions differ: Python 3's
//! takes byte strings for Latin-1 text and undoes escapes even in the names of globals.

mod line;
mod number;

pub(super) use self::line::plain;
pub(super) use self::number::most_digits;

use std::borrow::Cow;

use halfsour_runtime::{Dialect, codepoints};

use super::error::Problem;
use crate::decode::{Integer, Malformed, long_bytes, unicode_line};
use crate::opcode::{Argument, Opcode};

/// The value of an argument.
#[derive(Debug, PartialEq)]
pub(super) enum Operand<'a> {
    /// The opcode has no argument.
    Absent,
    Bool(bool),
    Int(Integer),
    /// An int that Python 2 calls a long.
    Long(Integer),
    Float(f64),
    /// Python 2's `str` or Python 3's `bytes`.
    Bytes(Cow<'a, [u8]>),
    ByteArray(&'a [u8]),
    /// Generalised UTF-8, in which surrogates may stand alone.
    Text(Cow<'a, [u8]>),
}

impl<'a> Operand<'a> {
    /// Reads the argument of an opcode, given without its length and the newline that ends it.
    pub(super) fn read(
        opcode: Opcode,
        argument: &'a [u8],
        dialect: Dialect,
    ) -> Result<Self, Problem> {
        Ok(match opcode.argument() {
            Argument::None => Operand::Absent,
            Argument::DecimalLine => number::short_line(argument, dialect)?,
            Argument::LongLine => number::long_line(argument, dialect)?,
            Argument::FloatLine => Operand::Float(number::float_line(argument, dialect)?),
            Argument::QuotedLine => line::quoted(argument, dialect)?,
            Argument::PlainLine => line::plain(argument, dialect)?,
            Argument::TwoLines => line::pair(argument, dialect)?,
            Argument::UnicodeLine => {
                Operand::Text(unicode_line(argument).map_err(|flaw| in_words_of(dialect, flaw))?)
            }
            Argument::Uint1 | Argument::Uint2 | Argument::Uint8 => unsigned(argument),
            Argument::Uint4 if dialect == Dialect::Python3 => unsigned(argument),
            Argument::Int4 | Argument::Uint4 => Operand::Int(long_bytes(argument)),
            Argument::Float8 => {
                Operand::Float(f64::from_be_bytes(*argument.first_chunk().unwrap_or(&[0; 8])))
            }
            Argument::Long1 | Argument::Long4 => Operand::Long(long_bytes(argument)),
            Argument::String1 | Argument::String4 => match dialect {
                Dialect::Python2 => Operand::Bytes(Cow::Borrowed(argument)),
                _ => Operand::Text(latin1(argument)),
            },
            Argument::Bytes1 | Argument::Bytes4 | Argument::Bytes8 => {
                Operand::Bytes(Cow::Borrowed(argument))
            }
            Argument::ByteArray8 => Operand::ByteArray(argument),
            Argument::Unicode1 | Argument::Unicode4 | Argument::Unicode8 => {
                Operand::Text(utf8(argument).map_err(|flaw| in_words_of(dialect, flaw))?)
            }
        })
    }
}

/// A little-endian number without sign.
fn unsigned(bytes: &[u8]) -> Operand<'static> {
    // One more byte, of zero, keeps the highest bit from being taken for a sign.
    let mut extended = [0; 9];
    for (to, from) in extended.iter_mut().zip(bytes) {
        *to = *from;
    }
    Operand::Int(long_bytes(&extended))
}

/// Text of which every byte is a character.
fn latin1(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.is_ascii() {
        return Cow::Borrowed(bytes);
    }
    let text: String = bytes.iter().copied().map(char::from).collect();
    Cow::Owned(text.into_bytes())
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    match codepoints::validate(bytes) {
        Ok(()) => Ok(Cow::Borrowed(bytes)),
        Err(_) => Err(Malformed::no_utf8(bytes)),
    }
}

/// Where Python 2 sees the end of what is no UTF-8: behind all bytes that could go on, but for the last.
fn end_in_python2(bytes: &[u8], start: usize) -> usize {
    let further = match bytes.get(start) {
        Some(0xe0..=0xef) => 1,
        Some(0xf0..=0xf4) => 2,
        _ => 0,
    };
    let next = start.saturating_add(1);
    let rest = bytes.get(next..).unwrap_or_default();
    let continuing = rest.iter().take(further).take_while(|byte| **byte & 0xc0 == 0x80);
    next.saturating_add(continuing.count())
}

/// The text of a codec's error, which the two Pythons word a little differently.
fn in_words_of(dialect: Dialect, flaw: Malformed) -> Problem {
    let (codec, bytes, start, end, reason) = match flaw {
        Malformed::Flaw { message, .. } => return Problem::other(message.into_owned()),
        Malformed::Undecodable { codec, bytes, start, end, reason } => {
            (codec, bytes, start, end, reason)
        }
    };
    let codec = if codec == "utf8" { dialect.pick("utf8", "utf-8") } else { codec };
    let reason = match (reason, bytes.get(start.saturating_add(1))) {
        ("truncated \\uXXXX", Some(b'U')) => dialect.pick(reason, "truncated \\UXXXXXXXX escape"),
        ("truncated \\uXXXX", _) => dialect.pick(reason, "truncated \\uXXXX escape"),
        _ => reason,
    };
    let end = if codec == "utf8" { end.max(end_in_python2(&bytes, start)) } else { end };
    let last = end.saturating_sub(1);
    Problem::other(match bytes.get(start) {
        Some(byte) if start == last => {
            format!("'{codec}' codec can't decode byte {byte:#04x} in position {start}: {reason}")
        }
        _ => format!("'{codec}' codec can't decode bytes in position {start}-{last}: {reason}"),
    })
}
