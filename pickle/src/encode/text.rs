//! Text as protocol 0 writes it: raw-unicode-escape.

use halfsour_runtime::codepoints::CodePoints;

/// Which control characters raw-unicode-escape hides, beside the newline that ends the argument.
///
/// Python 3.7 began to escape what text mode and terminals change; 2.7 writes them as they are (measured).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Controls {
    /// 2.7: only `\n`.
    Raw,
    /// 3.7 and later: also NUL, `\r` and `\x1a`.
    Escaped,
}

/// Appends WTF-8 text as raw-unicode-escape: Latin-1 as single bytes, the rest as `\uXXXX` or `\UXXXXXXXX`.
pub(crate) fn write_raw_unicode_escape(out: &mut Vec<u8>, wtf8: &[u8], controls: Controls) {
    let is_hidden = |byte: u8| match byte {
        b'\\' | b'\n' => true,
        0x00 | b'\r' | 0x1a => controls == Controls::Escaped,
        _ => false,
    };
    let mut rest = wtf8;
    while !rest.is_empty() {
        let plain = rest.iter().take_while(|&&byte| byte.is_ascii() && !is_hidden(byte)).count();
        let (ascii, others) = rest.split_at(plain);
        out.extend_from_slice(ascii);
        let mut others = CodePoints::new(others);
        if let Some(code_point) = others.next() {
            match u8::try_from(code_point) {
                Ok(byte) if !is_hidden(byte) => out.push(byte),
                _ => write_escaped(out, code_point),
            }
        }
        rest = others.rest();
    }
}

fn write_escaped(out: &mut Vec<u8>, code_point: u32) {
    let (escape, digits) = if code_point < 0x1_0000 { (b"\\u", 4) } else { (b"\\U", 8) };
    out.extend_from_slice(escape);
    write_hex(out, code_point, digits);
}

/// Joins each surrogate pair of a WTF-8 text into one four-byte sequence, as 2.7's UTF-8 encoder does.
///
/// Lone surrogates keep their three bytes. `None` when there is no pair, which is nearly always.
pub(crate) fn join_surrogate_pairs(text: &[u8]) -> Option<Vec<u8>> {
    let mut joined: Option<Vec<u8>> = None;
    let mut copied = 0;
    for start in memchr::memchr_iter(0xed, text) {
        let Some(pair) = text.get(start..).and_then(|rest| rest.first_chunk::<6>()) else { break };
        let Some(code_point) = pair_code_point(*pair) else { continue };
        if start < copied {
            continue;
        }
        let out = joined.get_or_insert_with(|| Vec::with_capacity(text.len()));
        out.extend_from_slice(text.get(copied..start).unwrap_or_default());
        out.extend_from_slice(code_point.encode_utf8(&mut [0; 4]).as_bytes());
        copied = start + pair.len();
    }
    let mut out = joined?;
    out.extend_from_slice(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// The character that a high and a low surrogate, three bytes each, stand for.
fn pair_code_point(pair: [u8; 6]) -> Option<char> {
    let [0xed, high @ 0xa0..=0xaf, high_tail, 0xed, low @ 0xb0..=0xbf, low_tail] = pair else {
        return None;
    };
    let half = |lead: u8, tail: u8| u32::from(lead & 0x0f) << 6 | u32::from(tail & 0x3f);
    char::from_u32(0x1_0000 + (half(high, high_tail) << 10) + half(low & 0x0f, low_tail))
}

fn write_hex(out: &mut Vec<u8>, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number >> (4 * place) & 0xf;
        out.extend(char::from_digit(digit, 16).map(|digit| digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use halfsour_runtime::codepoints;

    use super::{Controls, join_surrogate_pairs, write_raw_unicode_escape};

    fn escaped(code_points: &[u32], controls: Controls) -> Vec<u8> {
        let (mut text, mut out) = (Vec::new(), Vec::new());
        for &code_point in code_points {
            codepoints::push(&mut text, code_point).unwrap();
        }
        write_raw_unicode_escape(&mut out, &text, controls);
        out
    }

    #[test]
    fn raw_unicode_escape_hides_what_ends_a_line() {
        let text = [0xd808, 0xdf45, 0x78, 0, 0x0d, 0x1a, 0x0a, 0x5c, 0xe9, 0x1_2345];
        assert_eq!(
            escaped(&text, Controls::Raw),
            b"\\ud808\\udf45x\0\r\x1a\\u000a\\u005c\xe9\\U00012345"
        );
        assert_eq!(
            escaped(&text, Controls::Escaped),
            b"\\ud808\\udf45x\\u0000\\u000d\\u001a\\u000a\\u005c\xe9\\U00012345"
        );
    }

    #[test]
    fn surrogate_pairs_are_joined_and_lone_ones_kept() {
        assert_eq!(join_surrogate_pairs("plain \u{d7ff}".as_bytes()), None);
        assert_eq!(join_surrogate_pairs(b"\xed\xa0\x88\xed"), None);
        assert_eq!(
            join_surrogate_pairs(b"\xed\xa0\x88\xed\xa0\x88\xed\xbd\x85\xed\xa0\x88x").as_deref(),
            Some(&b"\xed\xa0\x88\xf0\x92\x8d\x85\xed\xa0\x88x"[..])
        );
    }
}
