//! The objects that one opcode describes with its argument.

use std::borrow::Cow;

use super::Cell;
use crate::decode::{
    Integer, Malformed, Number, float_line, int_line, long_bytes, long_line, quoted_line,
    unicode_line,
};
use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::opcode::Opcode;
use crate::tools::{Operation, Problem};

/// As which implementation arguments are read.
const FLAVOUR: Flavour = Flavour::Python3;

/// Returns the object that an opcode pushes by its argument; `None` for an opcode that does something else.
#[inline]
pub(super) fn atom<'a>(
    operation: &Operation<'a>,
    limits: &Limits,
) -> Result<Option<Cell<'a>>, Problem> {
    let argument = operation.argument;
    Ok(Some(match operation.opcode {
        Opcode::BININT2 => Cell::Int(unsigned(argument)),
        Opcode::BININT | Opcode::LONG1 | Opcode::LONG4 => integer(long_bytes(argument)),
        Opcode::BINFLOAT => {
            Cell::Float(f64::from_be_bytes(*argument.first_chunk().unwrap_or(&[0; 8])))
        }
        Opcode::BINUNICODE | Opcode::SHORT_BINUNICODE | Opcode::BINUNICODE8 => {
            Cell::Text(Cow::Borrowed(short_enough(argument, limits)?))
        }
        Opcode::BINSTRING | Opcode::SHORT_BINSTRING => {
            Cell::Native(Cow::Borrowed(short_enough(argument, limits)?))
        }
        Opcode::BINBYTES | Opcode::SHORT_BINBYTES | Opcode::BINBYTES8 | Opcode::BYTEARRAY8 => {
            Cell::Bytes(short_enough(argument, limits)?)
        }
        Opcode::INT | Opcode::LONG | Opcode::FLOAT | Opcode::STRING | Opcode::UNICODE => {
            line(operation, limits).map_err(|flaw| Problem::other(flaw.message()))?
        }
        _ => return Ok(None),
    }))
}

/// What a line of text means.
fn line<'a>(operation: &Operation<'a>, limits: &Limits) -> Result<Cell<'a>, Malformed> {
    let line = operation.argument;
    let digits = limits.digits_for(FLAVOUR);
    Ok(match operation.opcode {
        Opcode::INT => match int_line(line, FLAVOUR, digits)? {
            Number::Bool(value) => Cell::Bool(value),
            Number::Int(value) => Cell::Int(value),
            Number::Long(value) => integer(value),
        },
        Opcode::LONG => integer(long_line(line, FLAVOUR, digits)?),
        Opcode::FLOAT => Cell::Float(float_line(line, FLAVOUR)?),
        Opcode::STRING => Cell::Native(quoted_line(checked(line, limits)?, FLAVOUR)?),
        _ => Cell::Text(unicode_line(checked(line, limits)?)?),
    })
}

fn checked<'a>(string: &'a [u8], limits: &Limits) -> Result<&'a [u8], Malformed> {
    if string.len() > limits.string_length {
        return Err(Malformed::too_long(string.len() as u64, limits.string_length));
    }
    Ok(string)
}

#[inline]
fn short_enough<'a>(string: &'a [u8], limits: &Limits) -> Result<&'a [u8], Problem> {
    checked(string, limits).map_err(|flaw| Problem::other(flaw.message()))
}

fn integer(value: Integer) -> Cell<'static> {
    match value {
        Integer::Small(small) => Cell::Int(small),
        Integer::Big(big) => Cell::Big(Box::new(big)),
    }
}

/// A little-endian number without sign, of few bytes.
fn unsigned(bytes: &[u8]) -> i64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | i64::from(byte))
}
