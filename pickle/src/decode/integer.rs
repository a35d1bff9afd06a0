//! Ints and longs, in text and in binary.

use std::borrow::Cow;

use halfsour_runtime::int_text::{self, Literal, NotANumber, split_sign, trim, trim_start};
use num_bigint::BigInt;

use super::Malformed;
use super::malformed::quoted;
use crate::flavour::Flavour;

/// A whole number of any size; as an `i64` where it fits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Integer {
    Small(i64),
    Big(BigInt),
}

/// What the line of an INT may hold. Python 2 tells an int from a long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Bool(bool),
    Int(i64),
    Long(Integer),
}

/// Returns the number in the line of an INT.
///
/// `pickle.py` reads it in base 10 and knows the bools by their text. The C implementations go by the
/// prefix, as in a C literal, and take any two characters that mean 0 or 1 for a bool.
///
/// # Errors
/// ValueError when the line is no number or has more than `limit` digits.
pub(crate) fn int_line(line: &[u8], flavour: Flavour, limit: usize) -> Result<Number, Malformed> {
    if let Some(int) = plain_decimal(line, limit) {
        return Ok(Number::Int(int));
    }
    let number = match (flavour, line) {
        (_, b"00") => Ok(Number::Bool(false)),
        (_, b"01") => Ok(Number::Bool(true)),
        (Flavour::Pickle, _) => int_of_pickle(line, limit),
        (Flavour::CPickle | Flavour::Python3, _) => int_of_c(line, flavour, limit),
    };
    number.map_err(|flaw| flaw.or_damaged(line))
}

fn int_of_pickle(line: &[u8], limit: usize) -> Result<Number, Malformed> {
    let (number, suffix) = python2_literal(line, Some(10), limit).map_err(|flaw| match flaw {
        Flaw::Syntax { .. } => Malformed::value(format!(
            "invalid literal for long() with base 10: {}",
            quoted(&[line, b"\n"].concat())
        )),
        Flaw::TooLong(malformed) => malformed,
    })?;
    Ok(match (number, suffix) {
        (Integer::Small(int), false) => Number::Int(int),
        (number, _) => Number::Long(number),
    })
}

fn int_of_c(line: &[u8], flavour: Flavour, limit: usize) -> Result<Number, Malformed> {
    let c_string = match flavour {
        // 3.13 takes a NUL for the end; 2.7 leaves such a line to the reader of longs.
        Flavour::Python3 => until_nul(line),
        _ => line,
    };
    // C's `strtol` finds zero in nothing.
    let nothing = c_string.is_empty() && !line.is_empty();
    if let Some(int) = if nothing { Some(0) } else { strtol(c_string) } {
        return Ok(match int {
            0 | 1 if line.len() == 2 => Number::Bool(int == 1),
            _ => Number::Int(int),
        });
    }
    let text = until_nul(line);
    let number = match flavour {
        Flavour::Python3 => python3_literal(text, limit),
        _ => python2_literal(text, None, limit).map(|(number, _)| number),
    };
    number.map(Number::Long).map_err(|flaw| match flaw {
        Flaw::Syntax { .. } => Malformed::value("could not convert string to int"),
        Flaw::TooLong(malformed) => malformed,
    })
}

/// Returns the number in the line of a LONG, whose base goes by its prefix.
///
/// # Errors
/// ValueError when the line is no number or has more than `limit` digits.
pub(crate) fn long_line(line: &[u8], flavour: Flavour, limit: usize) -> Result<Integer, Malformed> {
    if let Some(long) = plain_decimal(line.strip_suffix(b"L").unwrap_or(line), limit) {
        return Ok(Integer::Small(long));
    }
    let number = match flavour {
        // The text may not hold a NUL, which ends no Python string.
        Flavour::Pickle => python2_literal(line, None, limit).map(|(number, _)| number),
        Flavour::CPickle => python2_literal(until_nul(line), None, limit).map(|(number, _)| number),
        Flavour::Python3 => {
            python3_literal(until_nul(line.strip_suffix(b"L").unwrap_or(line)), limit)
        }
    };
    number.map_err(|flaw| match flaw {
        Flaw::Syntax { base } => Malformed::value(format!(
            "invalid literal for {}() with base {base}: {}",
            if flavour == Flavour::Python3 { "int" } else { "long" },
            quoted(line)
        ))
        .or_damaged(line),
        Flaw::TooLong(malformed) => malformed,
    })
}

/// Returns the number in the line of a GET or PUT as Python 3 reads it, in the form in which Python writes it.
///
/// # Errors
/// ValueError when the line is no number, or a negative one.
pub(crate) fn memo_number(line: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    let (negative, digits) = split_sign(trim(line));
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Malformed::value(format!(
            "invalid literal for int() with base 10: {}",
            quoted(line)
        )));
    }
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    match digits.get(zeros..).unwrap_or_default() {
        [] => Ok(Cow::Borrowed(b"0")),
        _ if negative => Err(Malformed::value("negative PUT argument")),
        number => Ok(Cow::Borrowed(number)),
    }
}

/// Returns the number that LONG1 and LONG4 write: little-endian two's complement of any length.
#[inline]
pub(crate) fn long_bytes(bytes: &[u8]) -> Integer {
    match word(bytes) {
        Some(word) => Integer::Small(word),
        None => Integer::from(BigInt::from_signed_bytes_le(bytes)),
    }
}

/// Returns the number of up to eight bytes of two's complement, which is zero of none.
#[inline]
fn word(bytes: &[u8]) -> Option<i64> {
    let word = match (bytes.first_chunk(), bytes.last_chunk(), bytes) {
        // Two halves, which overlap: nobody can guess the length, so there is no loop over it.
        (Some(&low), Some(&high), _) => {
            let shift = match bytes.len() {
                4 => 0,
                5 => 8,
                6 => 16,
                7 => 24,
                8 => 32,
                _ => return None,
            };
            let high = i64::from(i32::from_le_bytes(high)) << shift;
            high | i64::from(u32::from_le_bytes(low))
        }
        (.., &[a, b, c]) => i64::from(i32::from_le_bytes([0, a, b, c]) >> 8),
        (.., &[a, b]) => i64::from(i16::from_le_bytes([a, b])),
        (.., &[a]) => i64::from(a.cast_signed()),
        _ => 0,
    };
    Some(word)
}

impl From<BigInt> for Integer {
    fn from(big: BigInt) -> Self {
        match i64::try_from(&big) {
            Ok(small) => Integer::Small(small),
            Err(_) => Integer::Big(big),
        }
    }
}

/// Why a literal is no number.
enum Flaw {
    Syntax { base: u32 },
    TooLong(Malformed),
}

/// Reads a number as every pickler writes it, of up to 18 digits and without a leading zero: all readers agree
/// about those.
#[inline]
fn plain_decimal(text: &[u8], limit: usize) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        _ => (false, text),
    };
    if !matches!(digits, [b'1'..=b'9', ..]) || digits.len() > limit.min(18) {
        return None;
    }
    // As many digits do not overflow.
    let value = digits.iter().try_fold(0_i64, |value, digit| match digit {
        b'0'..=b'9' => Some(value.wrapping_mul(10).wrapping_add(i64::from(digit & 15))),
        _ => None,
    })?;
    Some(if negative { value.wrapping_neg() } else { value })
}

/// Reads what C's `strtol` reads with base 0, when it is all of the text and fits.
fn strtol(text: &[u8]) -> Option<i64> {
    let (negative, text) = split_sign(trim_start(text));
    let (base, digits) = match text {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', ..] => (8, text),
        _ => (10, text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for &byte in digits {
        let digit = i64::from(char::from(byte).to_digit(base)?);
        // Downwards, because the lowest number has no positive counterpart.
        value = value.checked_mul(i64::from(base))?.checked_sub(digit)?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// Reads a number as Python 2's `long(text, base)` does; no base means that of the prefix. Also tells whether it ends
/// in `L`.
fn python2_literal(text: &[u8], base: Option<u32>, limit: usize) -> Result<(Integer, bool), Flaw> {
    let literal = int_text::python2(text, base)?;
    Ok((within_limit(&literal, limit)?, literal.is_long))
}

/// Reads a number as Python 3's `int(text, 0)` does.
fn python3_literal(text: &[u8], limit: usize) -> Result<Integer, Flaw> {
    within_limit(&int_text::python3(text, None)?, limit)
}

fn within_limit(literal: &Literal<'_>, limit: usize) -> Result<Integer, Flaw> {
    if literal.base == 10 && literal.digits.len() > limit {
        return Err(Flaw::TooLong(Malformed::value(format!(
            "an int of {} digits exceeds the limit of {limit} (Limits::digits raises it)",
            literal.digits.len()
        ))));
    }
    Ok(Integer::from(literal.value()))
}

impl From<NotANumber> for Flaw {
    fn from(NotANumber { base }: NotANumber) -> Self {
        Self::Syntax { base }
    }
}

/// Returns the text up to the NUL that ends a string of C.
fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 100_000;

    fn int(line: &str, flavour: Flavour) -> String {
        match int_line(line.as_bytes(), flavour, LIMIT) {
            Ok(Number::Bool(bool)) => format!("{bool}"),
            Ok(Number::Int(int)) => format!("{int}"),
            Ok(Number::Long(Integer::Small(long))) => format!("{long}L"),
            Ok(Number::Long(Integer::Big(long))) => format!("{long}L"),
            Err(malformed) => malformed.message(),
        }
    }

    fn long(line: &str, flavour: Flavour) -> String {
        match long_line(line.as_bytes(), flavour, LIMIT) {
            Ok(Integer::Small(long)) => format!("{long}"),
            Ok(Integer::Big(long)) => format!("{long}"),
            Err(malformed) => malformed.message(),
        }
    }

    /// What the three implementations make of the line of an INT, measured on 2.7.18 and 3.13.0.
    #[test]
    fn int_lines() {
        const INVALID: &str = "could not convert string to int";
        let base10 = |line: &str| format!("invalid literal for long() with base 10: '{line}\\n'");
        for (line, pickle, cpickle, python3) in [
            ("00", "false", "false", "false"),
            ("01", "true", "true", "true"),
            ("+1", "1", "true", "true"),
            (" 1", "1", "true", "true"),
            ("-0", "0", "false", "false"),
            ("000", "0", "0", "0"),
            ("010", "10", "8", "8"),
            ("08", "8", INVALID, INVALID),
            ("0x10", &base10("0x10"), "16", "16"),
            ("0b11", &base10("0b11"), "3L", "3L"),
            ("1L", "1L", "1L", INVALID),
            (" 5 ", "5", "5L", "5L"),
            ("- 1", "-1", "-1L", INVALID),
            ("--1", &base10("--1"), INVALID, INVALID),
            ("1x", &base10("1x"), INVALID, INVALID),
            ("", &base10(""), INVALID, INVALID),
            ("1_000", &base10("1_000"), INVALID, "1000L"),
            ("1\u{b}", "1", "1L", "1L"),
            (
                "9223372036854775807",
                "9223372036854775807",
                "9223372036854775807",
                "9223372036854775807",
            ),
            (
                "9223372036854775808",
                "9223372036854775808L",
                "9223372036854775808L",
                "9223372036854775808L",
            ),
            (
                "-9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775808",
            ),
        ] {
            assert_eq!(int(line, Flavour::Pickle), pickle, "{line:?} by pickle");
            assert_eq!(int(line, Flavour::CPickle), cpickle, "{line:?} by cPickle");
            assert_eq!(int(line, Flavour::Python3), python3, "{line:?} by Python 3");
        }
    }

    #[test]
    fn a_nul_ends_what_3_13_reads_as_a_c_string() {
        let read = |line: &[u8]| int_line(line, Flavour::Python3, 4300).ok();
        assert_eq!(read(b"1\0"), Some(Number::Bool(true)));
        assert_eq!(read(b"01\0"), Some(Number::Int(1)));
        assert_eq!(read(b"7\0x"), Some(Number::Int(7)));
        assert_eq!(read(b"\0"), Some(Number::Int(0)));
        assert_eq!(read(b" \0"), None);
    }

    #[test]
    fn long_lines() {
        for (line, python2, python3) in [
            ("1L", "1", "1"),
            ("1", "1", "1"),
            ("1l", "1", "invalid literal for int() with base 10: '1l'"),
            ("0x10L", "16", "16"),
            ("010L", "8", "invalid literal for int() with base 0: '010L'"),
            ("0L", "0", "0"),
            (" 1 ", "1", "1"),
            (
                "08",
                "invalid literal for long() with base 8: '08'",
                "invalid literal for int() with base 0: '08'",
            ),
            (
                "1LL",
                "invalid literal for long() with base 10: '1LL'",
                "invalid literal for int() with base 10: '1LL'",
            ),
        ] {
            assert_eq!(long(line, Flavour::Pickle), python2, "{line:?} by pickle");
            assert_eq!(long(line, Flavour::CPickle), python2, "{line:?} by cPickle");
            assert_eq!(long(line, Flavour::Python3), python3, "{line:?} by Python 3");
        }
    }

    #[test]
    fn a_carriage_return_is_told() {
        assert!(int("1x\r", Flavour::Pickle).contains("CR LF"));
        assert!(long("x\r", Flavour::CPickle).contains("CR LF"));
    }

    #[test]
    fn binary_longs() {
        for (bytes, expected) in [
            (&b""[..], "0"),
            (b"\x80", "-128"),
            (b"\x80\x00", "128"),
            (b"\x7f\xff", "-129"),
            (b"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", "1"),
            (b"\x00\x00\x00\x00\x00\x00\x00\x80", "-9223372036854775808"),
            (b"\x00\x00\x00\x00\x00\x00\x00\x80\x00", "9223372036854775808"),
        ] {
            let text = match long_bytes(bytes) {
                Integer::Small(small) => small.to_string(),
                Integer::Big(big) => big.to_string(),
            };
            assert_eq!(text, expected, "{bytes:?}");
        }
    }

    #[test]
    fn bytes_of_any_length_are_the_number_that_the_library_reads() {
        let edges = [0_u8, 1, 0x7F, 0x80, 0xFF];
        for length in (0..=25).chain([255, 256, 257]) {
            for (first, last) in edges.into_iter().flat_map(|a| edges.map(|b| (a, b))) {
                let mut bytes = vec![first.wrapping_mul(7); length];
                for (place, byte) in [(0, first), (length.wrapping_sub(1), last)] {
                    if let Some(place) = bytes.get_mut(place) {
                        *place = byte;
                    }
                }
                let number = match long_bytes(&bytes) {
                    Integer::Small(small) => small.into(),
                    Integer::Big(big) => big,
                };
                assert_eq!(number, BigInt::from_signed_bytes_le(&bytes), "{bytes:?}");
            }
        }
    }

    #[test]
    fn many_digits_exceed_the_limit() {
        let over = "1".repeat(LIMIT + 1);
        assert!(long(&over, Flavour::Pickle).contains("exceeds the limit of 100000"));
    }
}
