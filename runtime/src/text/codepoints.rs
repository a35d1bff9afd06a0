//! Generalised UTF-8: UTF-8 that also encodes surrogates, in three bytes, as CPython's `surrogatepass` does.

use crate::short_copy::short_copy;

/// What is wrong at a position of some bytes that should be generalised UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The offset of the first byte that is wrong.
    pub start: usize,
    /// The offset behind the last byte that is wrong.
    pub end: usize,
    /// CPython's words for it.
    pub reason: &'static str,
}

/// Checks that `data` is generalised UTF-8.
///
/// # Errors
///
/// The first malformed sequence, with the reason in the words of CPython's `utf-8` codec.
#[inline]
pub fn validate(data: &[u8]) -> Result<(), Malformed> {
    if is_ascii(data) { Ok(()) } else { validate_any(data) }
}

fn validate_any(data: &[u8]) -> Result<(), Malformed> {
    if is_utf8(data) {
        return Ok(());
    }
    let mut at = 0;
    while at < data.len() {
        at += sequence_length(data, at)?;
    }
    Ok(())
}

/// Whether the bytes are UTF-8 without surrogates. What is short gets NULs behind it, up to what is checked in one step.
fn is_utf8(data: &[u8]) -> bool {
    let mut step = [0; STEP];
    match short_copy(&mut step, data) {
        // A NUL ends what is cut off, too.
        Some(()) => simdutf8::basic::from_utf8(&step).is_ok(),
        None => simdutf8::basic::from_utf8(data).is_ok(),
    }
}

/// So many bytes are checked side by side; fewer are checked one after the other, which takes as long.
const STEP: usize = 64;

/// Whether every byte is below 128. Most texts are short, and the standard library's answer is made for long ones.
#[inline]
fn is_ascii(data: &[u8]) -> bool {
    // In up to 32 bytes the first and the last are all, some of them twice.
    if data.len() > 32 {
        data.is_ascii()
    } else if let (Some(first), Some(last)) = (data.first_chunk::<16>(), data.last_chunk::<16>()) {
        first.is_ascii() && last.is_ascii()
    } else if let (Some(first), Some(last)) = (data.first_chunk::<8>(), data.last_chunk::<8>()) {
        first.is_ascii() && last.is_ascii()
    } else {
        data.iter().all(u8::is_ascii)
    }
}

/// Returns the length of the well-formed sequence at `at`.
fn sequence_length(data: &[u8], at: usize) -> Result<usize, Malformed> {
    let malformed = |length: usize, reason| Malformed { start: at, end: at + length, reason };
    let lead = data[at];
    let (length, second) = match lead {
        0x00..=0x7F => return Ok(1),
        0xC2..=0xDF => (2, 0x80..=0xBF),
        0xE0 => (3, 0xA0..=0xBF),
        0xE1..=0xEF => (3, 0x80..=0xBF),
        0xF0 => (4, 0x90..=0xBF),
        0xF1..=0xF3 => (4, 0x80..=0xBF),
        0xF4 => (4, 0x80..=0x8F),
        _ => return Err(malformed(1, "invalid start byte")),
    };
    let rest = &data[at + 1..];
    for index in 0..length - 1 {
        let Some(&byte) = rest.get(index) else {
            return Err(malformed(rest.len() + 1, "unexpected end of data"));
        };
        let valid = if index == 0 { second.contains(&byte) } else { (0x80..=0xBF).contains(&byte) };
        if !valid {
            return Err(malformed(index + 1, "invalid continuation byte"));
        }
    }
    Ok(length)
}

/// Appends a code point; `None` if it is above 0x10FFFF.
pub fn push(data: &mut Vec<u8>, point: u32) -> Option<()> {
    let low = |shift: u32| 0x80 | ((point >> shift) & 0x3F) as u8;
    match point {
        0..=0x7F => data.push(point as u8),
        0x80..=0x7FF => data.extend([0xC0 | (point >> 6) as u8, low(0)]),
        0x800..=0xFFFF => data.extend([0xE0 | (point >> 12) as u8, low(6), low(0)]),
        0x1_0000..=0x10_FFFF => {
            data.extend([0xF0 | (point >> 18) as u8, low(12), low(6), low(0)]);
        }
        _ => return None,
    }
    Some(())
}

/// Appends the code points that bytes are in Latin-1.
pub fn push_latin_1(data: &mut Vec<u8>, bytes: &[u8]) {
    data.reserve(bytes.len() + bytes.iter().filter(|byte| !byte.is_ascii()).count());
    // In binary data nobody can guess which bytes are ASCII, so there is no branch on that: two bytes are written for each,
    // and the second of an ASCII character is written over.
    let mut text = [0; 2 * PIECE];
    for piece in bytes.chunks(PIECE) {
        let mut end = 0;
        for &byte in piece {
            let wide = !byte.is_ascii();
            let Some(place) = text.get_mut(end..end + 2) else { break };
            place
                .copy_from_slice(&[if wide { 0xC0 | byte >> 6 } else { byte }, 0x80 | byte & 0x3F]);
            end += 1 + usize::from(wide);
        }
        data.extend_from_slice(text.get(..end).unwrap_or_default());
    }
}

/// Returns the Latin-1 bytes of well-formed text, or `None` if there are other characters in it.
pub fn latin_1(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count(text)];
    let (mut end, mut highest) = (0, 0);
    // Without a branch on what cannot be guessed: behind a character of two bytes its second one is written too, and then
    // written over by the next character.
    for (at, &byte) in text.iter().enumerate() {
        let next = text.get(at + 1).copied().unwrap_or_default();
        if let Some(place) = bytes.get_mut(end) {
            *place = if byte.is_ascii() { byte } else { byte << 6 | next & 0x3F };
        }
        end += usize::from(byte & 0xC0 != 0x80);
        highest = byte.max(highest);
    }
    (highest <= 0xC3).then_some(bytes)
}

/// How many bytes are worked on at once.
const PIECE: usize = 128;

/// Returns the number of code points of generalised UTF-8.
#[must_use]
pub fn count(data: &[u8]) -> usize {
    data.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// The code points of generalised UTF-8.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    rest: &'a [u8],
}

impl<'a> CodePoints<'a> {
    /// Walks `data`, which must be generalised UTF-8.
    #[must_use]
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// Returns what is left to walk.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (&lead, mut rest) = self.rest.split_first()?;
        let (mut point, continuation) = match lead {
            0x00..=0x7F => (u32::from(lead), 0),
            0x80..=0xDF => (u32::from(lead & 0x1F), 1),
            0xE0..=0xEF => (u32::from(lead & 0x0F), 2),
            _ => (u32::from(lead & 0x07), 3),
        };
        for _ in 0..continuation {
            let (&byte, tail) = rest.split_first()?;
            point = point << 6 | u32::from(byte & 0x3F);
            rest = tail;
        }
        self.rest = rest;
        Some(point)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len() / 4, Some(self.rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_latin_1_and_back() {
        let all: Vec<u8> = (0..=255).cycle().take(3 * PIECE + 1).collect();
        for bytes in [&all[..], &all[1..], &[], b"a", b"\xff", &[0xE9; 2 * PIECE], &[b'a'; PIECE]] {
            let mut text = Vec::new();
            push_latin_1(&mut text, bytes);
            let expected: String = bytes.iter().copied().map(char::from).collect();
            assert_eq!(text, expected.as_bytes());
            assert_eq!(latin_1(&text).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn what_is_not_in_latin_1() {
        for text in ["\u{100}", "a\u{17F}", "\u{20AC}", "\u{FF}\u{1F600}"] {
            assert_eq!(latin_1(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn utf_8_of_any_length() {
        for character in ["é", "文", "😀"] {
            for before in 0..70 {
                let text = "x".repeat(before) + character;
                for end in before..=text.len() {
                    let cut = &text.as_bytes()[..end];
                    let whole = end == before || end == text.len();
                    assert_eq!(validate(cut).is_ok(), whole, "{end} bytes of {text}");
                    let more = [cut, b"x"].concat();
                    assert_eq!(validate(&more).is_ok(), whole, "{end} bytes of {text}, x");
                }
            }
        }
    }

    #[test]
    fn ascii_of_any_length() {
        for length in [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256] {
            let mut text = vec![b'~'; length];
            assert!(is_ascii(&text));
            for at in 0..length {
                text[at] = 0x80;
                assert!(!is_ascii(&text), "{at} of {length}");
                assert_eq!(validate(&text).map_err(|malformed| malformed.start), Err(at));
                text[at] = b'~';
            }
        }
    }
}
