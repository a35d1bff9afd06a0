//! Python 2's codecs from byte strings to byte strings: `string_escape` and `hex`.

use super::errors::Errors;
use super::unicode_escape::octal;

/// Escapes bytes as they stand inside the quotes of Python 2's `repr` (`string_escape`).
#[must_use]
pub fn escape_bytes(data: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(data.len());
    for &byte in data {
        match byte {
            b'\\' | b'\'' => escaped.extend([b'\\', byte]),
            b'\t' => escaped.extend(b"\\t"),
            b'\n' => escaped.extend(b"\\n"),
            b'\r' => escaped.extend(b"\\r"),
            0x20..0x7F => escaped.push(byte),
            _ => escaped.extend(format!("\\x{byte:02x}").into_bytes()),
        }
    }
    escaped
}

/// Undoes the escapes of a byte string's literal (`string_escape`).
///
/// # Errors
///
/// CPython's words for the first escape that is cut short, unless `errors` deals with it.
pub fn unescape_bytes(data: &[u8], errors: Errors) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let Some((&letter, tail)) = rest.split_first() else {
            return Err("Trailing \\ in string");
        };
        rest = tail;
        let plain = match letter {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => letter,
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            b'0'..=b'7' => {
                let (value, length) = octal(&data[data.len() - rest.len() - 1..]);
                rest = &rest[length - 1..];
                // Three digits can say more than a byte holds; Python drops the excess.
                (value & 0xFF) as u8
            }
            b'x' => match hex_pair(rest) {
                Some(value) => {
                    rest = &rest[2..];
                    value
                }
                None => {
                    rest = after_bad_hex(rest, &mut bytes, errors)?;
                    continue;
                }
            },
            _ => {
                bytes.push(b'\\');
                letter
            }
        };
        bytes.push(plain);
    }
    Ok(bytes)
}

fn after_bad_hex<'a>(
    rest: &'a [u8],
    bytes: &mut Vec<u8>,
    errors: Errors,
) -> Result<&'a [u8], &'static str> {
    match errors {
        Errors::Ignore => {}
        Errors::Replace => bytes.push(b'?'),
        _ => return Err("invalid \\x escape"),
    }
    // A digit without a second one goes with the escape.
    let digits = usize::from(rest.first().is_some_and(u8::is_ascii_hexdigit));
    Ok(&rest[digits..])
}

fn hex_pair(data: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match data {
        [high, low, ..] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}

/// Writes bytes as hexadecimal digits (`hex`).
#[must_use]
pub fn to_hex(data: &[u8]) -> Vec<u8> {
    data.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// Reads pairs of hexadecimal digits (`hex`).
///
/// # Errors
///
/// CPython's words for what is wrong.
pub fn from_hex(data: &[u8]) -> Result<Vec<u8>, &'static str> {
    if !data.len().is_multiple_of(2) {
        return Err("Odd-length string");
    }
    data.chunks(2).map(|pair| hex_pair(pair).ok_or("Non-hexadecimal digit found")).collect()
}
