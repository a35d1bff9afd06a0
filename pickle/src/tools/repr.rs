//! Arguments of opcodes as Python's `repr` writes them.

use std::borrow::Cow;
use std::fmt::Write;

use halfsour_runtime::Dialect;
use halfsour_runtime::codepoints::CodePoints;

use super::error::Problem;
use super::operand::{Operand, most_digits};
use crate::decode::Integer;
use crate::encode::{float_repr, write_repr};

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
        Operand::Float(number) => float_repr(*number),
        Operand::Bytes(content) => bytes(content, dialect),
        Operand::ByteArray(content) => format!("bytearray({})", bytes(content, dialect)),
        Operand::Text(content) => text(content, dialect),
    }))
}

/// The `repr` of a byte string.
pub(super) fn bytes(content: &[u8], dialect: Dialect) -> String {
    let mut out = dialect.pick("", "b").as_bytes().to_vec();
    write_repr(&mut out, content);
    // All of it is ASCII.
    String::from_utf8(out).unwrap_or_default()
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
    let quote = if content.contains(&b'\'') && !content.contains(&b'"') { '"' } else { '\'' };
    let mut out = String::with_capacity(content.len() + 3);
    out.push_str(dialect.pick("u", ""));
    out.push(quote);
    for point in CodePoints::new(content) {
        match char::from_u32(point) {
            Some(character) if character == quote || character == '\\' => {
                out.push('\\');
                out.push(character);
            }
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(character @ ' '..='~') => out.push(character),
            Some(character) if dialect == Dialect::Python3 && is_printable(character) => {
                out.push(character);
            }
            _ => write_escape(&mut out, point),
        }
    }
    out.push(quote);
    out
}

fn write_escape(out: &mut String, point: u32) {
    // Writing to a String cannot fail.
    let _ = match point {
        0..=0xff => write!(out, "\\x{point:02x}"),
        0x100..=0xffff => write!(out, "\\u{point:04x}"),
        _ => write!(out, "\\U{point:08x}"),
    };
}

/// Whether Python 3 shows a character in a `repr`, as `str.isprintable` says.
///
/// Rust's `escape_debug` goes by the same categories of Unicode, of a newer version of it; behind another
/// character it does not hide combining ones.
// DIFFERENCE: characters that Unicode has had only since 3.13's version 15.1 are shown.
fn is_printable(character: char) -> bool {
    let mut pair = String::from("a");
    pair.push(character);
    pair.escape_debug().nth(1) == Some(character)
}

/// Names of bytes in code, as `repr(code)[1:-1]` gives them.
pub(super) fn code(byte: u8) -> Cow<'static, str> {
    match byte {
        b' '..=b'~' => Cow::Owned(char::from(byte).to_string()),
        _ => Cow::Owned(format!("\\x{byte:02x}")),
    }
}
