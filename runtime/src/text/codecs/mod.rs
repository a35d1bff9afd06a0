//! Codecs between bytes and text, as functions over bytes and code points: no object is touched.
//!
//! Text is generalised UTF-8 throughout (see [`codepoints`]). Source of the rules: the Python documentation, `codecs`,
//! "Standard Encodings" and "Error Handlers"; reasons and ranges of errors measured on 2.7.18.

mod bytes_escape;
mod errors;
mod narrow;
mod unicode_escape;
mod utf8;
mod wide;

pub use self::bytes_escape::{escape_bytes, from_hex, to_hex, unescape_bytes};
pub use self::errors::{EncodeFlaw, Errors};

use super::codepoints::{self, Malformed};
use crate::dialect::Dialect;
use wide::{ByteOrder, Width};

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ascii,
    Latin1,
    Utf8,
    /// UTF-8 with a mark before it.
    Utf8Sig,
    Wide(Width, ByteOrder),
    UnicodeEscape,
    RawUnicodeEscape,
}

impl Codec {
    /// ASCII: Python 2's default.
    pub const ASCII: Self = Self(Kind::Ascii);
    /// Latin-1: a byte is a code point.
    pub const LATIN_1: Self = Self(Kind::Latin1);
    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Utf8);
    /// `raw-unicode-escape`, the encoding of texts in pickles of protocol 0.
    pub const RAW_UNICODE_ESCAPE: Self = Self(Kind::RawUnicodeEscape);

    /// Finds an encoding by any of its names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let kind = match normalized(name).as_str() {
            "ascii" | "us_ascii" | "646" | "ansi_x3.4_1968" | "iso646_us" => Kind::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859"
            | "8859" | "cp819" | "iso_8859_1_1987" | "ibm819" => Kind::Latin1,
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" => Kind::Utf8,
            "utf_8_sig" => Kind::Utf8Sig,
            "utf_16" | "utf16" | "u16" => Kind::Wide(Width::Two, ByteOrder::Marked),
            "utf_16_le" | "utf_16le" => Kind::Wide(Width::Two, ByteOrder::Little),
            "utf_16_be" | "utf_16be" => Kind::Wide(Width::Two, ByteOrder::Big),
            "utf_32" | "utf32" | "u32" => Kind::Wide(Width::Four, ByteOrder::Marked),
            "utf_32_le" | "utf_32le" => Kind::Wide(Width::Four, ByteOrder::Little),
            "utf_32_be" | "utf_32be" => Kind::Wide(Width::Four, ByteOrder::Big),
            "unicode_escape" | "unicodeescape" => Kind::UnicodeEscape,
            "raw_unicode_escape" | "rawunicodeescape" => Kind::RawUnicodeEscape,
            _ => return None,
        };
        Some(Self(kind))
    }

    /// Returns the name that errors show.
    #[must_use]
    pub fn shown_name(self, dialect: Dialect) -> &'static str {
        match (self.0, dialect) {
            (Kind::Ascii, _) => "ascii",
            (Kind::Latin1, _) => "latin-1",
            (Kind::Utf8 | Kind::Utf8Sig, Dialect::Python2) => "utf8",
            (Kind::Utf8 | Kind::Utf8Sig, Dialect::Python3) => "utf-8",
            (Kind::Wide(Width::Two, _), Dialect::Python2) => "utf16",
            (Kind::Wide(Width::Four, _), Dialect::Python2) => "utf32",
            (Kind::Wide(width, order), Dialect::Python3) => wide::shown_name(width, order),
            (Kind::UnicodeEscape, _) => "unicodeescape",
            (Kind::RawUnicodeEscape, _) => "rawunicodeescape",
        }
    }

    /// Decodes bytes to generalised UTF-8.
    ///
    /// # Errors
    ///
    /// The first sequence that cannot be decoded and that `errors` does not deal with.
    pub fn decode(
        self,
        data: &[u8],
        errors: Errors,
        dialect: Dialect,
    ) -> Result<Vec<u8>, Malformed> {
        match self.0 {
            Kind::Ascii => narrow::decode_ascii(data, errors),
            Kind::Latin1 => Ok(narrow::decode_latin_1(data)),
            Kind::Utf8 => utf8::decode(data, errors, dialect),
            Kind::Utf8Sig => {
                let data = data.strip_prefix(utf8::MARK).unwrap_or(data);
                utf8::decode(data, errors, dialect)
            }
            Kind::Wide(width, order) => wide::decode(data, width, order, errors),
            Kind::UnicodeEscape => unicode_escape::decode(data, errors),
            Kind::RawUnicodeEscape => unicode_escape::decode_raw(data, errors),
        }
    }

    /// Encodes generalised UTF-8.
    ///
    /// # Errors
    ///
    /// The first run of code points that cannot be encoded and that `errors` does not deal with.
    pub fn encode(
        self,
        text: &[u8],
        errors: Errors,
        dialect: Dialect,
    ) -> Result<Vec<u8>, EncodeFlaw> {
        match self.0 {
            Kind::Ascii => narrow::encode(text, 128, "ordinal not in range(128)", errors),
            Kind::Latin1 => narrow::encode(text, 256, "ordinal not in range(256)", errors),
            Kind::Utf8 => utf8::encode(text, errors, dialect),
            Kind::Utf8Sig => {
                let mut encoded = utf8::MARK.to_vec();
                encoded.extend(utf8::encode(text, errors, dialect)?);
                Ok(encoded)
            }
            Kind::Wide(width, order) => wide::encode(text, width, order, errors, dialect),
            Kind::UnicodeEscape => Ok(unicode_escape::encode(text)),
            Kind::RawUnicodeEscape => Ok(unicode_escape::encode_raw(text)),
        }
    }
}

/// Spells a name as the table of encodings does: small letters, and runs of anything else as one underscore.
pub(crate) fn normalized(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || character == '.' {
            spelled.push(character.to_ascii_lowercase());
        } else if !spelled.is_empty() && !spelled.ends_with('_') {
            spelled.push('_');
        }
    }
    spelled.truncate(spelled.trim_end_matches('_').len());
    spelled
}

/// Appends a code point that is known to be one.
fn push(text: &mut Vec<u8>, point: u32) {
    let pushed = codepoints::push(text, point);
    debug_assert!(pushed.is_some(), "{point:#x} is no code point");
}
