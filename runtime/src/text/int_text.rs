//! Whole numbers as text: what `int(text, base)` and Python 2's `long(text, base)` read.
//!
//! Source of the rules: the Python documentation, "Integer and long integer literals"; measured on 2.7.18.

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};

/// A whole number taken apart, its digits checked but not yet counted up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// Whether a minus stands before it.
    pub is_negative: bool,
    /// The base, between 2 and 36.
    pub base: u32,
    /// The digits, at least one, without prefix or underscores.
    pub digits: Cow<'a, [u8]>,
    /// Whether it ends in Python 2's `L`.
    pub is_long: bool,
}

/// The text is no number; in the base that was given or that its prefix told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber {
    /// The base.
    pub base: u32,
}

impl Literal<'_> {
    /// Returns the number.
    #[must_use]
    pub fn value(&self) -> BigInt {
        let magnitude = match self.base {
            10 => decimal(&self.digits),
            base => in_base(&self.digits, base),
        };
        if self.is_negative { -magnitude } else { magnitude }
    }
}

/// Takes a number apart as Python 2's `long(text, base)` does; no base means that of the prefix.
///
/// # Errors
///
/// [`NotANumber`].
pub fn python2(text: &[u8], base: Option<u32>) -> Result<Literal<'_>, NotANumber> {
    let (is_negative, text) = split_sign(trim(text));
    let text = trim_start(text);
    let (base, digits) = match (base, text) {
        (None | Some(16), [b'0', b'x' | b'X', digits @ ..]) => (16, digits),
        (None | Some(8), [b'0', b'o' | b'O', digits @ ..]) => (8, digits),
        (None | Some(2), [b'0', b'b' | b'B', digits @ ..]) => (2, digits),
        (Some(base), _) => (base, text),
        (None, [b'0', _, ..]) => (8, text),
        (None, _) => (10, text),
    };
    let (digits, is_long) = match digits {
        // In a larger base it is a digit.
        [digits @ .., b'L' | b'l'] if base <= 21 => (digits, true),
        _ => (digits, false),
    };
    checked(is_negative, base, Cow::Borrowed(digits), is_long)
}

/// Takes a number apart as Python 3's `int(text, base)` does: with underscores between digits; no base means that of
/// the prefix, and then no zeros may lead.
///
/// # Errors
///
/// [`NotANumber`].
pub fn python3(text: &[u8], base: Option<u32>) -> Result<Literal<'_>, NotANumber> {
    let (is_negative, text) = split_sign(trim(text));
    let after_prefix = |digits: &'_ [u8]| digits.strip_prefix(b"_").map_or(2, |_| 3);
    let (prefix, base) = match (base, text) {
        (None | Some(16), [b'0', b'x' | b'X', digits @ ..]) => (after_prefix(digits), 16),
        (None | Some(8), [b'0', b'o' | b'O', digits @ ..]) => (after_prefix(digits), 8),
        (None | Some(2), [b'0', b'b' | b'B', digits @ ..]) => (after_prefix(digits), 2),
        (Some(base), _) => (0, base),
        (None, [b'0', rest @ ..]) if rest.iter().any(|byte| !matches!(byte, b'0' | b'_')) => {
            return Err(NotANumber { base: 0 });
        }
        (None, _) => (0, 10),
    };
    let digits = text.get(prefix..).unwrap_or_default();
    if !digits.contains(&b'_') {
        return checked(is_negative, base, Cow::Borrowed(digits), false);
    }
    if digits.split(|&byte| byte == b'_').any(<[u8]>::is_empty) {
        return Err(NotANumber { base });
    }
    let digits = digits.iter().copied().filter(|&byte| byte != b'_').collect();
    checked(is_negative, base, Cow::Owned(digits), false)
}

fn checked(
    is_negative: bool,
    base: u32,
    digits: Cow<'_, [u8]>,
    is_long: bool,
) -> Result<Literal<'_>, NotANumber> {
    let are_digits = (2..=36).contains(&base)
        && !digits.is_empty()
        && digits.iter().all(|&byte| char::from(byte).is_digit(base));
    if !are_digits {
        return Err(NotANumber { base });
    }
    Ok(Literal { is_negative, base, digits, is_long })
}

/// How many digits are read in one go; their number squared is the work that takes.
const DIGITS_AT_ONCE: usize = 512;

/// Returns the number with these decimal digits, which have been checked.
///
/// Halves are read by themselves and put together by one multiplication, which for long numbers is far
/// less work than digit by digit. The depth is the logarithm of the length.
#[must_use]
pub fn decimal(digits: &[u8]) -> BigInt {
    if digits.len() <= DIGITS_AT_ONCE {
        return in_base(digits, 10);
    }
    let mut power = BigInt::from(10).pow(DIGITS_AT_ONCE as u32);
    let mut parts: Vec<BigInt> =
        digits.rchunks(DIGITS_AT_ONCE).map(|chunk| in_base(chunk, 10)).collect();
    while parts.len() > 1 {
        parts = parts
            .chunks(2)
            .map(|pair| match pair {
                [low, high] => high * &power + low,
                rest => rest.iter().sum(),
            })
            .collect();
        power = &power * &power;
    }
    parts.into_iter().sum()
}

/// Returns the number with these digits, which have been checked.
fn in_base(digits: &[u8], base: u32) -> BigInt {
    let values: Vec<u8> = digits
        .iter()
        .filter_map(|&byte| char::from(byte).to_digit(base))
        .map(|digit| digit as u8)
        .collect();
    BigInt::from_radix_be(Sign::Plus, &values, base).unwrap_or_default()
}

/// Takes the sign off.
#[must_use]
pub fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// Takes white space off both ends.
#[must_use]
pub fn trim(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(0, |last| last + 1);
    trim_start(text.get(..end).unwrap_or_default())
}

/// Takes white space off the front.
#[must_use]
pub fn trim_start(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// Whether C calls a byte white space; Rust leaves out the vertical tab.
fn is_space(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || *byte == 0x0b
}

#[cfg(test)]
mod tests {
    use super::{python2, python3};

    fn read2(text: &str, base: Option<u32>) -> Option<String> {
        python2(text.as_bytes(), base).ok().map(|it| it.value().to_string())
    }

    fn read3(text: &str, base: Option<u32>) -> Option<String> {
        python3(text.as_bytes(), base).ok().map(|it| it.value().to_string())
    }

    /// Each outcome is that of 2.7.18's `long(text, base)`.
    #[test]
    fn python_2_reads_these() {
        let cases = [
            ("12", Some(10), Some("12")),
            (" -12\n", Some(10), Some("-12")),
            ("- 5", Some(10), Some("-5")),
            ("12L", Some(10), Some("12")),
            ("0x10", Some(16), Some("16")),
            ("0x10", None, Some("16")),
            ("010", None, Some("8")),
            ("010", Some(10), Some("10")),
            ("0", None, Some("0")),
            ("0b10", None, Some("2")),
            ("zz", Some(36), Some("1295")),
            ("1l", Some(36), Some("57")),
            ("9", Some(8), None),
            ("0x10", Some(10), None),
            ("1_0", Some(10), None),
            ("", Some(10), None),
            ("L", Some(10), None),
            ("0x", None, None),
        ];
        for (text, base, expected) in cases {
            assert_eq!(read2(text, base).as_deref(), expected, "{text}");
        }
    }

    /// Each outcome is that of 3.13.0's `int(text, base)`.
    #[test]
    fn python_3_reads_these() {
        let cases = [
            ("1_000", Some(10), Some("1000")),
            ("0x_10", None, Some("16")),
            ("0_0", None, Some("0")),
            ("010", None, None),
            ("010", Some(10), Some("10")),
            ("_1", Some(10), None),
            ("1__0", Some(10), None),
            ("12L", Some(10), None),
            ("- 5", Some(10), None),
        ];
        for (text, base, expected) in cases {
            assert_eq!(read3(text, base).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn many_digits_are_read_in_halves() {
        let digits = "1234567890".repeat(500);
        assert_eq!(read2(&digits, Some(10)), Some(digits));
    }
}
