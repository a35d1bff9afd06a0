//! The text of a string: what `repr` writes.

use super::codepoints::{self, CodePoints};

/// Appends Python 2's `repr` of a byte string: single quotes, unless the text has those and no double ones.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::string_text;
///
/// let mut out = Vec::new();
/// string_text::write_repr(&mut out, b"it's\n");
/// assert_eq!(out, br#""it's\n""#);
/// ```
pub fn write_repr(out: &mut Vec<u8>, text: &[u8]) {
    let quote = quote_for(text);
    out.reserve(text.len() + 2);
    out.push(quote);
    for &byte in text {
        write_byte(out, byte, byte == quote);
    }
    out.push(quote);
}

/// Appends the string inside of a bytearray's `repr`, in which single quotes are always escaped.
pub fn write_bytearray_repr(out: &mut Vec<u8>, data: &[u8]) {
    let quote = quote_for(data);
    out.push(quote);
    for &byte in data {
        write_byte(out, byte, byte == b'\'');
    }
    out.push(quote);
}

fn quote_for(text: &[u8]) -> u8 {
    if text.contains(&b'\'') && !text.contains(&b'"') { b'"' } else { b'\'' }
}

fn write_byte(out: &mut Vec<u8>, byte: u8, is_escaped_quote: bool) {
    match byte {
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b' '..=b'~' if is_escaped_quote => out.extend_from_slice(&[b'\\', byte]),
        b' '..=b'~' => out.push(byte),
        _ => {
            out.extend_from_slice(b"\\x");
            write_hex(out, u32::from(byte), 2);
        }
    }
}

/// Appends Python 2's `repr` of a text, generalised UTF-8, without the `u` before it: everything beyond ASCII is
/// escaped.
pub fn write_unicode_repr(out: &mut Vec<u8>, text: &[u8]) {
    write_text(out, text, |_| false);
}

/// Appends Python 3's `repr` of a text, generalised UTF-8: what can be printed stays as it is.
pub fn write_printable_repr(out: &mut Vec<u8>, text: &[u8]) {
    write_text(out, text, is_printable);
}

fn write_text(out: &mut Vec<u8>, text: &[u8], is_shown: impl Fn(u32) -> bool) {
    let quote = quote_for(text);
    out.reserve(text.len() + 2);
    out.push(quote);
    for point in CodePoints::new(text) {
        match u8::try_from(point) {
            Ok(byte) if byte.is_ascii() => write_byte(out, byte, byte == quote),
            _ if is_shown(point) => {
                // A code point of a text fits.
                let _ = codepoints::push(out, point);
            }
            _ => write_escape(out, point),
        }
    }
    out.push(quote);
}

/// Appends the shortest of `\\xXX`, `\\uXXXX` and `\\UXXXXXXXX`.
pub(crate) fn write_escape(out: &mut Vec<u8>, point: u32) {
    let (letter, digits) = match point {
        0..=0xFF => (b'x', 2),
        0x100..=0xFFFF => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
    write_hex(out, point, digits);
}

/// Whether Python 3 shows a character beyond ASCII as it is (`str.isprintable`): Rust's rule for `escape_debug` is the
/// same.
// DIFFERENCE: characters that Unicode has had only since 3.13's version 15.1 are shown.
fn is_printable(point: u32) -> bool {
    let Some(character) = char::from_u32(point) else {
        return false;
    };
    // Alone, a character that joins the one before it would be escaped.
    let joined = ['a', character].iter().collect::<String>();
    joined.escape_debug().nth(1) == Some(character)
}

fn write_hex(out: &mut Vec<u8>, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number >> (4 * place) & 0xf;
        out.extend(char::from_digit(digit, 16).map(|digit| digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::{write_bytearray_repr, write_printable_repr, write_repr, write_unicode_repr};

    fn text(write: impl Fn(&mut Vec<u8>, &[u8]), text: &[u8]) -> String {
        let mut out = Vec::new();
        write(&mut out, text);
        String::from_utf8(out).expect("the text is well formed")
    }

    #[test]
    fn byte_strings_are_quoted_and_escaped() {
        assert_eq!(text(write_repr, b"it's"), r#""it's""#);
        assert_eq!(text(write_repr, b"'\""), r#"'\'"'"#);
        assert_eq!(text(write_repr, b"\x00\xff\\\n\r\t\x7f"), r"'\x00\xff\\\n\r\t\x7f'");
        assert_eq!(text(write_repr, b""), "''");
        assert_eq!(text(write_bytearray_repr, b"a'b\xff"), r#""a\'b\xff""#);
        assert_eq!(text(write_bytearray_repr, b"a\"'"), r#"'a"\''"#);
    }

    #[test]
    fn text_is_quoted_and_escaped() {
        let sample = "\u{e9}\u{1234}\u{12345}\n\t\0\u{7f}'\u{200b}\u{ad}".as_bytes();
        assert_eq!(
            text(write_unicode_repr, sample),
            r#""\xe9\u1234\U00012345\n\t\x00\x7f'\u200b\xad""#
        );
        assert_eq!(
            text(write_printable_repr, sample),
            "\"\u{e9}\u{1234}\u{12345}\\n\\t\\x00\\x7f'\\u200b\\xad\""
        );
        assert_eq!(text(write_printable_repr, "e\u{301}".as_bytes()), "'e\u{301}'");
        assert_eq!(text(write_printable_repr, b"\xed\xa0\x80"), r"'\ud800'");
    }
}
