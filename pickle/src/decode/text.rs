//! Text in UTF-8, lone surrogates allowed.

use std::borrow::Cow;

use super::Malformed;

/// A text. Python's may hold surrogates, which no `str` of Rust can.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    Utf8(Cow<'a, str>),
    CodePoints(Vec<u32>),
}

/// Returns the text that these bytes are in UTF-8. Surrogates are let pass, as Python 2 does, and Python 3
/// with the error handler `surrogatepass`.
///
/// # Errors
/// UnicodeDecodeError when the bytes are no UTF-8.
#[inline]
pub(crate) fn utf8(bytes: &[u8]) -> Result<Text<'_>, Malformed> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Text::Utf8(Cow::Borrowed(text))),
        Err(_) => with_surrogates(bytes),
    }
}

#[cold]
fn with_surrogates(bytes: &[u8]) -> Result<Text<'_>, Malformed> {
    let mut points = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                points.extend(text.chars().map(u32::from));
                return Ok(Text::CodePoints(points));
            }
            Err(error) => {
                let (text, after) = rest.split_at(error.valid_up_to());
                // The bytes before the flaw are known to be UTF-8.
                points.extend(String::from_utf8_lossy(text).chars().map(u32::from));
                let [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, after @ ..] = after else {
                    let start = bytes.len() - after.len();
                    return Err(undecodable(bytes, start, error.error_len()));
                };
                points.push(0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f));
                rest = after;
            }
        }
    }
}

fn undecodable(bytes: &[u8], start: usize, length: Option<usize>) -> Malformed {
    let reason = match (length, bytes.get(start)) {
        (None, _) => "unexpected end of data",
        (_, Some(0x80..=0xc1 | 0xf5..=0xff)) => "invalid start byte",
        _ => "invalid continuation byte",
    };
    let end = length.map_or(bytes.len(), |length| start + length);
    decode_error("utf8", bytes, start..end, reason)
}

/// Returns the error of a codec, with the text of Python's UnicodeDecodeError.
pub(super) fn decode_error(
    codec: &str,
    bytes: &[u8],
    place: std::ops::Range<usize>,
    reason: &str,
) -> Malformed {
    let (start, last) = (place.start, place.end.saturating_sub(1));
    Malformed::unicode_decode(match bytes.get(start) {
        Some(byte) if start == last => {
            format!("'{codec}' codec can't decode byte {byte:#04x} in position {start}: {reason}")
        }
        _ => format!("'{codec}' codec can't decode bytes in position {start}-{last}: {reason}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_pass() {
        assert_eq!(utf8("aé😀".as_bytes()), Ok(Text::Utf8("aé😀".into())));
        let pair = b"x\xed\xa0\x80\xed\xb0\x80\xed\xbf\xbf\xc3\xa9";
        assert_eq!(utf8(pair), Ok(Text::CodePoints(vec![0x78, 0xd800, 0xdc00, 0xdfff, 0xe9])));
    }

    #[test]
    fn what_is_no_utf8() {
        for (bytes, message) in [
            (&b"\xff"[..], "'utf8' codec can't decode byte 0xff in position 0: invalid start byte"),
            (b"\xc0\x80", "'utf8' codec can't decode byte 0xc0 in position 0: invalid start byte"),
            (
                b"a\xe2\x82",
                "'utf8' codec can't decode bytes in position 1-2: unexpected end of data",
            ),
            (
                b"\xe2\x82A",
                "'utf8' codec can't decode bytes in position 0-1: invalid continuation byte",
            ),
            (b"\xc3", "'utf8' codec can't decode byte 0xc3 in position 0: unexpected end of data"),
        ] {
            assert_eq!(utf8(bytes), Err(Malformed::unicode_decode(message)), "{bytes:?}");
        }
        assert!(utf8(b"\xed\xa0").is_err());
        assert!(utf8(b"\xed\xa0\x80\xff").is_err());
    }
}
