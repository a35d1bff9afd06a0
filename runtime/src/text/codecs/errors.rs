//! Error handlers: what a codec does with what it cannot translate.

use super::push;
use crate::text::codepoints::Malformed;

/// What a codec does with what it cannot translate: the second argument of `encode` and `decode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Raises.
    Strict,
    /// Leaves it out.
    Ignore,
    /// Puts U+FFFD, or a question mark when encoding.
    Replace,
    /// Encodes as `&#1234;`.
    XmlCharRef,
    /// Puts `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
    Backslash,
    /// Keeps bytes as lone surrogates (Python 3).
    SurrogateEscape,
    /// Lets surrogates pass through UTF-8 and wider (Python 3).
    SurrogatePass,
}

/// Code points that an encoding does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeFlaw {
    /// The index of the first of them.
    pub start: usize,
    /// The index behind the last of them.
    pub end: usize,
    /// CPython's words for it.
    pub reason: &'static str,
}

impl Errors {
    /// Finds a handler by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "xmlcharrefreplace" => Self::XmlCharRef,
            "backslashreplace" => Self::Backslash,
            "surrogateescape" => Self::SurrogateEscape,
            "surrogatepass" => Self::SurrogatePass,
            _ => return None,
        })
    }

    /// Deals with bytes that cannot be decoded.
    pub(super) fn undecodable(
        self,
        text: &mut Vec<u8>,
        data: &[u8],
        flaw: Malformed,
    ) -> Result<(), Malformed> {
        let bytes = data.get(flaw.start..flaw.end).unwrap_or_default();
        match self {
            Self::Ignore => {}
            Self::Replace => push(text, 0xFFFD),
            Self::Backslash => {
                for byte in bytes {
                    text.extend(format!("\\x{byte:02x}").into_bytes());
                }
            }
            Self::SurrogateEscape if bytes.iter().all(|byte| !byte.is_ascii()) => {
                for &byte in bytes {
                    push(text, 0xDC00 + u32::from(byte));
                }
            }
            _ => return Err(flaw),
        }
        Ok(())
    }

    /// Deals with code points that cannot be encoded.
    pub(super) fn unencodable(
        self,
        encoded: &mut Vec<u8>,
        points: &[u32],
        flaw: EncodeFlaw,
    ) -> Result<(), EncodeFlaw> {
        match self {
            Self::Ignore => {}
            Self::Replace => encoded.extend(points.iter().map(|_| b'?')),
            Self::XmlCharRef => {
                for point in points {
                    encoded.extend(format!("&#{point};").into_bytes());
                }
            }
            Self::Backslash => {
                for &point in points {
                    encoded.extend(backslashed(point).into_bytes());
                }
            }
            Self::SurrogateEscape if points.iter().all(|it| (0xDC80..0xDD00).contains(it)) => {
                encoded.extend(points.iter().map(|point| (point & 0xFF) as u8));
            }
            _ => return Err(flaw),
        }
        Ok(())
    }
}

fn backslashed(point: u32) -> String {
    match point {
        0..=0xFF => format!("\\x{point:02x}"),
        0x100..=0xFFFF => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}
