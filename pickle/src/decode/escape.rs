//! The strings of protocol 0: `repr` for byte strings, `raw-unicode-escape` for texts.

use std::borrow::Cow;

use halfsour_runtime::codepoints;
use memchr::memchr;

use super::Malformed;
use crate::flavour::Flavour;

/// Returns the bytes of the line of a STRING: a `repr`, in quotes of either kind.
///
/// cPickle drops blanks behind the closing quote, and with them whatever a signed char makes negative.
///
/// # Errors
/// ValueError when the line is not quoted or has an escape that Python does not know.
pub(crate) fn quoted_line(line: &[u8], flavour: Flavour) -> Result<Cow<'_, [u8]>, Malformed> {
    let trimmed = match flavour {
        Flavour::CPickle => trim_end_signed(line),
        Flavour::Pickle | Flavour::Python3 => line,
    };
    let content = match trimmed {
        [b'\'', content @ .., b'\''] | [b'"', content @ .., b'"'] => content,
        _ => return Err(unquoted(flavour).or_damaged(line)),
    };
    unescape(content)
}

fn unquoted(flavour: Flavour) -> Malformed {
    match flavour {
        Flavour::Pickle | Flavour::CPickle => Malformed::value("insecure string pickle"),
        Flavour::Python3 => Malformed::unpickling("the STRING opcode argument must be quoted"),
    }
}

fn trim_end_signed(line: &[u8]) -> &[u8] {
    let last = line.iter().rposition(|&byte| (b'!'..0x80).contains(&byte));
    last.and_then(|last| line.get(..=last)).unwrap_or_default()
}

/// Undoes the escapes of a byte string's `repr`.
pub(crate) fn unescape(content: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    if memchr(b'\\', content).is_none() {
        return Ok(Cow::Borrowed(content));
    }
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, escape)) = split_at_backslash(rest) {
        bytes.extend_from_slice(before);
        rest = unescape_one(escape, &mut bytes)?;
    }
    bytes.extend_from_slice(rest);
    Ok(Cow::Owned(bytes))
}

/// What stands before the next backslash, and what behind it.
fn split_at_backslash(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, escape) = text.split_at_checked(memchr(b'\\', text)?)?;
    Some((before, escape.get(1..)?))
}

/// Undoes one escape, given what follows its backslash, and returns what follows the escape.
fn unescape_one<'a>(escape: &'a [u8], bytes: &mut Vec<u8>) -> Result<&'a [u8], Malformed> {
    let Some((&first, rest)) = escape.split_first() else {
        return Err(Malformed::value("Trailing \\ in string"));
    };
    let byte = match first {
        b'\\' | b'\'' | b'"' => first,
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        b'0'..=b'7' => return Ok(unescape_octal(escape, bytes)),
        b'x' => return unescape_hex(rest, bytes),
        _ => {
            bytes.push(b'\\');
            first
        }
    };
    bytes.push(byte);
    Ok(rest)
}

fn unescape_octal<'a>(digits: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let length = digits.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (digits, rest) = digits.split_at(length);
    // Three digits can say more than a byte holds; Python drops the excess.
    bytes.push(digits.iter().fold(0u8, |value, digit| value.wrapping_mul(8) | (digit & 7)));
    rest
}

fn unescape_hex<'a>(digits: &'a [u8], bytes: &mut Vec<u8>) -> Result<&'a [u8], Malformed> {
    let Some((&digits, rest)) = digits.split_first_chunk::<2>() else { return Err(bad_hex()) };
    let Some(value) = hexadecimal(&digits) else { return Err(bad_hex()) };
    bytes.push(value as u8);
    Ok(rest)
}

fn bad_hex() -> Malformed {
    Malformed::value("invalid \\x escape")
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, &digit| {
        Some(value.checked_mul(16)? | char::from(digit).to_digit(16)?)
    })
}

/// Returns the text of the line of a UNICODE in generalised UTF-8. The line is in `raw-unicode-escape`: bytes
/// are code points, except for `\uXXXX` and `\UXXXXXXXX` behind an odd number of backslashes.
///
/// # Errors
/// UnicodeDecodeError when an escape is cut short or beyond the last code point.
pub(crate) fn unicode_line(line: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    if line.is_ascii() && memchr(b'\\', line).is_none() {
        return Ok(Cow::Borrowed(line));
    }
    let mut text = Vec::with_capacity(line.len());
    let mut position = 0;
    while let Some(rest) = line.get(position..).filter(|rest| !rest.is_empty()) {
        let plain = memchr(b'\\', rest).unwrap_or(rest.len());
        codepoints::push_latin_1(&mut text, rest.get(..plain).unwrap_or_default());
        position = position.saturating_add(plain);
        let digits = match line.get(position.saturating_add(1)) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'\\') => {
                text.extend_from_slice(br"\\");
                position = position.saturating_add(2);
                continue;
            }
            // Another escape is a backslash and what comes behind it, the last backslash of a line too.
            _ => {
                text.extend(line.get(position));
                position = position.saturating_add(1);
                continue;
            }
        };
        position = unescape_code_point(line, position, digits, &mut text)?;
    }
    Ok(Cow::Owned(text))
}

/// Undoes the escape that begins at `start`; returns where it ends.
fn unescape_code_point(
    line: &[u8],
    start: usize,
    digits: usize,
    text: &mut Vec<u8>,
) -> Result<usize, Malformed> {
    let fail =
        |end, reason| Err(Malformed::undecodable("rawunicodeescape", line, start..end, reason));
    let first = start.saturating_add(2);
    let written = line.get(first..).unwrap_or_default();
    let valid = written.iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let Some(written) = written.get(..digits).filter(|_| valid == digits) else {
        return fail(first.saturating_add(valid), "truncated \\uXXXX");
    };
    let end = first.saturating_add(digits);
    match hexadecimal(written).and_then(|point| codepoints::push(text, point)) {
        Some(()) => Ok(end),
        None => fail(end, "\\Uxxxxxxxx out of range"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(line: &[u8], flavour: Flavour) -> Result<Vec<u8>, String> {
        quoted_line(line, flavour).map(Cow::into_owned).map_err(|malformed| malformed.message())
    }

    #[test]
    fn escapes_of_byte_strings() {
        for (line, expected) in [
            (&br"'it\'s'"[..], &b"it's"[..]),
            (br#""'""#, b"'"),
            (br"'a'b'", b"a'b"),
            (br"'\400\777\8\1x\08'", b"\x00\xff\\8\x01x\x008"),
            (br"'\x41\\\z\N\u0041'", b"A\\\\z\\N\\u0041"),
            (br"'\a\b\f\v\t\r\n'", b"\x07\x08\x0c\x0b\t\r\n"),
            (b"''", b""),
        ] {
            for flavour in [Flavour::Pickle, Flavour::CPickle, Flavour::Python3] {
                assert_eq!(string(line, flavour).as_deref(), Ok(expected), "{line:?}");
            }
        }
    }

    #[test]
    fn flaws_of_byte_strings() {
        for (line, message) in [
            (&b"abc"[..], "insecure string pickle"),
            (b"'abc", "insecure string pickle"),
            (b"'abc\"", "insecure string pickle"),
            (b"'", "insecure string pickle"),
            (b"", "insecure string pickle"),
            (b" 'abc'", "insecure string pickle"),
            (br"'\x4'", "invalid \\x escape"),
            (br"'\x4g'", "invalid \\x escape"),
            (br"'\'", "Trailing \\ in string"),
        ] {
            for flavour in [Flavour::Pickle, Flavour::CPickle] {
                assert_eq!(string(line, flavour), Err(message.to_owned()), "{line:?}");
            }
        }
    }

    #[test]
    fn blanks_behind_the_quote_pass_in_cpickle_only() {
        for line in [&b"'abc' "[..], b"'abc'\xff", b"'abc'\0", b"'abc'\r"] {
            assert_eq!(string(line, Flavour::CPickle).as_deref(), Ok(&b"abc"[..]));
            assert!(string(line, Flavour::Pickle).is_err());
        }
        assert!(string(b"'abc'\r", Flavour::Pickle).unwrap_err().contains("CR LF"));
    }

    #[test]
    fn escapes_of_texts() {
        for (line, expected) in [
            (&br"\u0041"[..], "A"),
            (br"\\u0041", r"\\u0041"),
            (br"\\\u0041", r"\\A"),
            (br"\x41\", r"\x41\"),
            (b"\xe9\\U0010ffff", "\u{e9}\u{10ffff}"),
            (b"\xe9\0\r", "\u{e9}\0\r"),
            (b"", ""),
        ] {
            assert_eq!(unicode_line(line).as_deref(), Ok(expected.as_bytes()), "{line:?}");
        }
        let pair = unicode_line(br"\ud800\udc00");
        assert_eq!(pair.as_deref(), Ok(&b"\xed\xa0\x80\xed\xb0\x80"[..]));
    }

    #[test]
    fn flaws_of_texts() {
        for (line, place, reason) in [
            (&br"abc\u12"[..], 3..7, "truncated \\uXXXX"),
            (br"\u004g", 0..5, "truncated \\uXXXX"),
            (br"\u", 0..2, "truncated \\uXXXX"),
            (br"\U00110000", 0..10, "\\Uxxxxxxxx out of range"),
            (br"\Uffffffff", 0..10, "\\Uxxxxxxxx out of range"),
        ] {
            let expected = Malformed::undecodable("rawunicodeescape", line, place, reason);
            assert_eq!(unicode_line(line), Err(expected), "{line:?}");
        }
    }
}
