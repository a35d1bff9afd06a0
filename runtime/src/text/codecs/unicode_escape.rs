//! `unicode_escape`, the escapes of Python's text literals, and `raw_unicode_escape`, which has only `\u` and `\U`.

use super::errors::Errors;
use super::push;
use crate::text::codepoints::{self, CodePoints, Malformed};

/// Decodes bytes with the escapes of text literals; other bytes are Latin-1.
// DIFFERENCE: names of characters (`\N{BULLET}`) are unknown: the database of names is not here.
pub(super) fn decode(data: &[u8], errors: Errors) -> Result<Vec<u8>, Malformed> {
    let mut text = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        if byte == b'\\' {
            at = decode_escape(data, at, errors, &mut text)?;
        } else {
            push(&mut text, byte.into());
            at += 1;
        }
    }
    Ok(text)
}

/// Decodes the escape whose backslash is at `at`, and returns the offset behind it.
fn decode_escape(
    data: &[u8],
    at: usize,
    errors: Errors,
    text: &mut Vec<u8>,
) -> Result<usize, Malformed> {
    let Some(&letter) = data.get(at + 1) else {
        let flaw = Malformed { start: at, end: at + 1, reason: "\\ at end of string" };
        errors.undecodable(text, data, flaw)?;
        return Ok(at + 1);
    };
    let plain = match letter {
        b'\n' => return Ok(at + 2),
        b'\\' | b'\'' | b'"' => letter,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        b'0'..=b'7' => {
            let (value, length) = octal(&data[at + 1..]);
            push(text, value);
            return Ok(at + 1 + length);
        }
        b'x' => return hexadecimal(data, at, 2, "truncated \\xXX escape", errors, text),
        b'u' => return hexadecimal(data, at, 4, "truncated \\uXXXX escape", errors, text),
        b'U' => return hexadecimal(data, at, 8, "truncated \\UXXXXXXXX escape", errors, text),
        b'N' => {
            let reason = "malformed \\N character escape";
            errors.undecodable(text, data, Malformed { start: at, end: at + 2, reason })?;
            return Ok(at + 2);
        }
        _ => {
            text.push(b'\\');
            push(text, letter.into());
            return Ok(at + 2);
        }
    };
    text.push(plain);
    Ok(at + 2)
}

/// Reads up to three octal digits.
pub(super) fn octal(digits: &[u8]) -> (u32, usize) {
    let length = digits.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let value = digits[..length].iter().fold(0, |value, digit| value * 8 + u32::from(digit - b'0'));
    (value, length)
}

fn hexadecimal(
    data: &[u8],
    at: usize,
    digits: usize,
    truncated: &'static str,
    errors: Errors,
    text: &mut Vec<u8>,
) -> Result<usize, Malformed> {
    let (value, valid) = hexadecimal_digits(&data[at + 2..], digits);
    let end = at + 2 + valid;
    let reason = if valid < digits { truncated } else { "illegal Unicode character" };
    if valid < digits || codepoints::push(text, value).is_none() {
        errors.undecodable(text, data, Malformed { start: at, end, reason })?;
    }
    Ok(end)
}

/// Reads up to `most` hexadecimal digits: their value and their number.
fn hexadecimal_digits(data: &[u8], most: usize) -> (u32, usize) {
    let values = data.iter().take(most).map_while(|&byte| char::from(byte).to_digit(16));
    values.fold((0, 0), |(value, count), digit| (value << 4 | digit, count + 1))
}

/// Decodes Latin-1 in which `\uXXXX` and `\UXXXXXXXX`, behind an odd number of backslashes, are code points.
pub(super) fn decode_raw(data: &[u8], errors: Errors) -> Result<Vec<u8>, Malformed> {
    let mut text = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        let digits = match (byte, data.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', Some(&next)) => {
                text.push(byte);
                push(&mut text, next.into());
                at += 2;
                continue;
            }
            _ => {
                push(&mut text, byte.into());
                at += 1;
                continue;
            }
        };
        let (value, valid) = hexadecimal_digits(&data[at + 2..], digits);
        let end = at + 2 + valid;
        let reason = if valid < digits { "truncated \\uXXXX" } else { "\\Uxxxxxxxx out of range" };
        if valid < digits || codepoints::push(&mut text, value).is_none() {
            errors.undecodable(&mut text, data, Malformed { start: at, end, reason })?;
        }
        at = end;
    }
    Ok(text)
}

/// Encodes as ASCII with escapes.
pub(super) fn encode(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len());
    for point in CodePoints::new(text) {
        match point {
            0x09 => encoded.extend(b"\\t"),
            0x0A => encoded.extend(b"\\n"),
            0x0D => encoded.extend(b"\\r"),
            0x5C => encoded.extend(b"\\\\"),
            0x20..0x7F => encoded.push(point as u8),
            0..=0xFF => encoded.extend(format!("\\x{point:02x}").into_bytes()),
            _ => push_wide(&mut encoded, point),
        }
    }
    encoded
}

/// Encodes as Latin-1, with `\uXXXX` or `\UXXXXXXXX` for what that has not.
pub(super) fn encode_raw(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len());
    for point in CodePoints::new(text) {
        match u8::try_from(point) {
            Ok(byte) => encoded.push(byte),
            Err(_) => push_wide(&mut encoded, point),
        }
    }
    encoded
}

fn push_wide(encoded: &mut Vec<u8>, point: u32) {
    let escape = match point {
        0..=0xFFFF => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    };
    encoded.extend(escape.into_bytes());
}
