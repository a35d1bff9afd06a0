//! Lines of text: strings in quotes, persistent ids, names of globals.

use std::borrow::Cow;

use halfsour_runtime::Dialect;

use super::{Operand, in_words_of};
use crate::decode::{Malformed, unescape};
use crate::tools::error::Problem;
use crate::tools::repr;

/// The line of a STRING: in quotes, with escapes.
pub(super) fn quoted(line: &[u8], dialect: Dialect) -> Result<Operand<'_>, Problem> {
    let quote = match line.first() {
        Some(b'\'') => b'\'',
        Some(b'"') => b'"',
        _ => {
            let shown = repr::bytes(line, dialect);
            return Err(Problem::other(format!("no string quotes around {shown}")));
        }
    };
    if line.last() != Some(&quote) {
        // The misspelling is Python's.
        return Err(Problem::other(format!(
            "strinq quote {} not found at both ends of {}",
            repr::bytes(&[quote], dialect),
            repr::bytes(line, dialect)
        )));
    }
    // A single quote is both ends of an empty string to `pickletools`, and to no loader.
    let content = line.get(1..line.len().saturating_sub(1)).unwrap_or_default();
    match dialect {
        Dialect::Python2 => Ok(Operand::Bytes(unescaped(content, dialect)?)),
        _ => Ok(Operand::Text(ascii(unescaped(content, dialect)?)?)),
    }
}

/// The line of a PERSID.
pub(in crate::tools) fn plain(line: &[u8], dialect: Dialect) -> Result<Operand<'_>, Problem> {
    match dialect {
        Dialect::Python2 => Ok(Operand::Bytes(Cow::Borrowed(line))),
        _ => Ok(Operand::Text(ascii(unescaped(line, dialect)?)?)),
    }
}

/// The two lines of a GLOBAL or an INST, with one space between them.
pub(super) fn pair(lines: &[u8], dialect: Dialect) -> Result<Operand<'_>, Problem> {
    let mut joined = Vec::with_capacity(lines.len());
    for (index, line) in lines.splitn(2, |&byte| byte == b'\n').enumerate() {
        if index > 0 {
            joined.push(b' ');
        }
        match plain(line, dialect)? {
            Operand::Text(text) => joined.extend_from_slice(&text),
            _ => joined.extend_from_slice(line),
        }
    }
    let joined = Cow::Owned(joined);
    Ok(if dialect == Dialect::Python2 { Operand::Bytes(joined) } else { Operand::Text(joined) })
}

fn unescaped(content: &[u8], dialect: Dialect) -> Result<Cow<'_, [u8]>, Problem> {
    unescape(content).map_err(|flaw| match bad_hex(content) {
        Some(position) if dialect == Dialect::Python3 => {
            Problem::other(format!("invalid \\x escape at position {position}"))
        }
        _ => in_words_of(dialect, flaw),
    })
}

/// Where the first `\x` is that two digits do not follow.
fn bad_hex(content: &[u8]) -> Option<usize> {
    let mut position = 0;
    while let Some(rest) = content.get(position..).filter(|rest| !rest.is_empty()) {
        let length = match rest {
            [b'\\', b'x', first, second, ..]
                if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() =>
            {
                4
            }
            [b'\\', b'x', ..] => return Some(position),
            [b'\\', _, ..] => 2,
            _ => 1,
        };
        position = position.saturating_add(length);
    }
    None
}

fn ascii(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, [u8]>, Problem> {
    if bytes.is_ascii() {
        return Ok(bytes);
    }
    Err(in_words_of(Dialect::Python3, Malformed::no_ascii(&bytes)))
}
