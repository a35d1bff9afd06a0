//! Floats and complex numbers as text: what `float(text)` and `complex(text)` read.
//!
//! Source of the rules: the Python documentation, `float()` and `complex()`; measured on 2.7.18.

use std::borrow::Cow;

use num_complex::Complex64;

use super::int_text::trim;
use crate::dialect::Dialect;

/// Reads a float, with white space around it.
pub(crate) fn float(text: &[u8], dialect: Dialect) -> Option<f64> {
    let text = without_underscores(trim(text), dialect)?;
    let (value, length) = scan(&text, dialect)?;
    (length == text.len()).then_some(value)
}

/// Whether the text begins with a float, behind white space: then 2.7 has other words for what is wrong with it.
pub(crate) fn begins_with_float(text: &[u8]) -> bool {
    scan(trim(text), Dialect::Python2).is_some()
}

/// Reads a complex number, with white space and one pair of parentheses around it.
pub(crate) fn complex(text: &[u8], dialect: Dialect) -> Option<Complex64> {
    let text = trim(text);
    let text = match text {
        [b'(', inner @ .., b')'] => trim(inner),
        _ => text,
    };
    let text = without_underscores(text, dialect)?;
    let (first, rest) = scan_part(&text, dialect)?;
    match rest {
        [] => Some(Complex64::new(first?, 0.0)),
        [b'j' | b'J'] => Some(Complex64::new(0.0, first.unwrap_or_else(|| unit(&text)))),
        [b'+' | b'-', ..] => {
            let (second, end) = scan_part(rest, dialect)?;
            let imaginary = second.unwrap_or_else(|| unit(rest));
            matches!(end, [b'j' | b'J']).then_some(Complex64::new(first?, imaginary))
        }
        _ => None,
    }
}

/// A float at the front, or `None` with a sign alone or nothing before a `j`; and what is behind.
type Part<'a> = (Option<f64>, &'a [u8]);

fn scan_part(text: &[u8], dialect: Dialect) -> Option<Part<'_>> {
    if let Some((value, length)) = scan(text, dialect) {
        return Some((Some(value), text.get(length..)?));
    }
    let rest = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    matches!(rest, [b'j' | b'J', ..]).then_some((None, rest))
}

/// The one that a sign stands for before a `j`.
fn unit(text: &[u8]) -> f64 {
    if text.first() == Some(&b'-') { -1.0 } else { 1.0 }
}

/// Reads the longest float at the front; returns it with its length.
fn scan(text: &[u8], dialect: Dialect) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text, [b'+' | b'-', ..]));
    let body = text.get(sign..)?;
    let length = sign
        + match special_length(body) {
            0 => decimal_length(body)?,
            length => length,
        };
    let value: f64 = std::str::from_utf8(text.get(..length)?).ok()?.parse().ok()?;
    if value.is_nan() {
        return Some((nan(text, dialect), length));
    }
    Some((value, length))
}

/// The NaN of a text: that of Python 2.7 has the sign bit set, and `-nan` clears it (measured on x86-64).
fn nan(text: &[u8], dialect: Dialect) -> f64 {
    let is_negative = text.starts_with(b"-") == (dialect == Dialect::Python3);
    f64::NAN.copysign(if is_negative { -1.0 } else { 1.0 })
}

fn special_length(body: &[u8]) -> usize {
    let begins =
        |word: &[u8]| body.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    [b"infinity".as_slice(), b"inf", b"nan"]
        .into_iter()
        .find(|word| begins(word))
        .map_or(0, <[u8]>::len)
}

/// The length of digits, a point among them, and an exponent; `None` if there is no digit.
fn decimal_length(body: &[u8]) -> Option<usize> {
    let digits =
        |from: usize| body.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let mut length = whole;
    let mut n_digits = whole;
    if body.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        n_digits += fraction;
        length += 1 + fraction;
    }
    if n_digits == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = body.get(length) {
        let sign = usize::from(matches!(body.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    Some(length)
}

/// Python 3 lets underscores stand between digits.
fn without_underscores(text: &[u8], dialect: Dialect) -> Option<Cow<'_, [u8]>> {
    if dialect == Dialect::Python2 || !text.contains(&b'_') {
        return Some(Cow::Borrowed(text));
    }
    let is_digit =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let all_between_digits = text
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'_')
        .all(|(at, _)| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    all_between_digits
        .then(|| Cow::Owned(text.iter().copied().filter(|&byte| byte != b'_').collect()))
}

#[cfg(test)]
mod tests {
    use super::{begins_with_float, complex, float};
    use crate::dialect::Dialect::{Python2, Python3};

    #[test]
    fn floats() {
        let cases = [
            ("1.5", Some(1.5)),
            (" 1.5\n", Some(1.5)),
            ("5.", Some(5.0)),
            (".5", Some(0.5)),
            ("1e400", Some(f64::INFINITY)),
            ("-inf", Some(f64::NEG_INFINITY)),
            ("iNfInItY", Some(f64::INFINITY)),
            ("+1E-2", Some(0.01)),
            ("x", None),
            ("", None),
            (".", None),
            ("1e", None),
            ("1_0", None),
            ("0x10", None),
            ("1.5\0", None),
        ];
        for (text, expected) in cases {
            assert_eq!(float(text.as_bytes(), Python2), expected, "{text}");
        }
        assert_eq!(float(b"1_0.5", Python3), Some(10.5));
        assert_eq!(float(b"1__0", Python3), None);
        assert!(float(b"nan", Python2).is_some_and(|it| it.is_nan() && it.is_sign_negative()));
        assert!(float(b"nan", Python3).is_some_and(|it| it.is_nan() && it.is_sign_positive()));
        assert!(begins_with_float(b" 1_0") && !begins_with_float(b"x1"));
    }

    #[test]
    fn complex_numbers() {
        let cases = [
            ("1+2j", Some((1.0, 2.0))),
            (" (1+2j) ", Some((1.0, 2.0))),
            ("j", Some((0.0, 1.0))),
            ("-j", Some((0.0, -1.0))),
            ("1e5j", Some((0.0, 1e5))),
            ("1+j", Some((1.0, 1.0))),
            ("1-2.5J", Some((1.0, -2.5))),
            ("3", Some((3.0, 0.0))),
            ("1 + 2j", None),
            ("1+2", None),
            ("1+2jx", None),
            ("x", None),
            ("", None),
            ("+", None),
        ];
        for (text, expected) in cases {
            let found = complex(text.as_bytes(), Python2).map(|it| (it.re, it.im));
            assert_eq!(found, expected, "{text}");
        }
    }
}
