//! Arguments of opcodes as Python's `repr` writes them.

use std::borrow::Cow;

use halfsour_runtime::{Dialect, float_text, string_text};

use super::error::Problem;
use super::operand::{Operand, most_digits};
use crate::decode::Integer;

/// The `repr` of an argument; `None` for an opcode that has none.
///
/// # Errors
/// ValueError for an int that has more digits than Python 3 writes.
pub(super) fn operand(operand: &Operand<'_>, dialect: Dialect) -> Result<Option<String>, Problem> {
    Ok(Some(match operand {
        Operand::Absent => return Ok(None),
        Operand::Bool(true) => "True".to_owned(),
        Operand::Bool(false) => "False".to_owned(),
        Operand::Int(number) => integer(number, dialect)?,
        Operand::Long(number) => integer(number, dialect)? + dialect.pick("L", ""),
        Operand::Float(number) => float_text::repr(*number),
        Operand::Bytes(content) => bytes(content, dialect),
        Operand::ByteArray(content) => bytearray(content),
        Operand::Text(content) => text(content, dialect),
    }))
}

/// The `repr` of a byte string.
pub(super) fn bytes(content: &[u8], dialect: Dialect) -> String {
    let mut out = dialect.pick("", "b").as_bytes().to_vec();
    string_text::write_repr(&mut out, content);
    well_formed(out)
}

/// The `repr` of a bytearray.
fn bytearray(content: &[u8]) -> String {
    let mut out = b"bytearray(b".to_vec();
    string_text::write_bytearray_repr(&mut out, content);
    out.push(b')');
    well_formed(out)
}

/// What shows a string is ASCII, and characters that can be printed.
fn well_formed(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap_or_default()
}

fn integer(number: &Integer, dialect: Dialect) -> Result<String, Problem> {
    let big = match number {
        Integer::Small(small) => return Ok(small.to_string()),
        Integer::Big(big) => big,
    };
    // DIFFERENCE: Python 2 has no limit, and takes time that grows with the square of the length.
    let limit = most_digits(dialect);
    // A digit is at most four bits, so this many bits are more digits than the limit.
    let surely_too_long = big.bits() > 4 * limit as u64;
    let digits = if surely_too_long { String::new() } else { big.to_string() };
    if surely_too_long || digits.trim_start_matches('-').len() > limit {
        return Err(Problem::other(format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; use \
             sys.set_int_max_str_digits() to increase the limit"
        )));
    }
    Ok(digits)
}

fn text(content: &[u8], dialect: Dialect) -> String {
    let mut out = Vec::new();
    match dialect {
        Dialect::Python3 => string_text::write_printable_repr(&mut out, content),
        _ => {
            out.push(b'u');
            string_text::write_unicode_repr(&mut out, content);
        }
    }
    well_formed(out)
}

/// Names of bytes in code, as `repr(code)[1:-1]` gives them.
pub(super) fn code(byte: u8) -> Cow<'static, str> {
    match byte {
        b' '..=b'~' => Cow::Owned(char::from(byte).to_string()),
        _ => Cow::Owned(format!("\\x{byte:02x}")),
    }
}
