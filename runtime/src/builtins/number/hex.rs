//! Floats in hexadecimal: `float.hex()` and `float.fromhex()`.
//!
//! Source of the rules: the Python documentation, `float.hex` and `float.fromhex`.

use num_bigint::{BigInt, Sign};

use super::whole::nearest;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::text::int_text::{split_sign, trim};

/// Returns the text of `float.hex()`.
pub(super) fn write(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_owned();
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float.is_infinite() {
        return format!("{sign}inf");
    }
    if float == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = float.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (whole, exponent) = match (bits >> 52 & 0x7FF) as i64 {
        0 => (0, -1022),
        biased => (1, biased - 1023),
    };
    format!("{sign}0x{whole}.{fraction:013x}p{exponent:+}")
}

/// Reads the text that `float.fromhex()` takes.
///
/// # Errors
///
/// `ValueError` if it is none; `OverflowError` if the number is too large.
pub(super) fn read<'gc>(text: &str) -> Result<'gc, f64> {
    let malformed = || Error::new(&exc::VALUE_ERROR, "invalid hexadecimal floating-point string");
    let (is_negative, unsigned) = split_sign(trim(text.as_bytes()));
    let magnitude = match unsigned.to_ascii_lowercase().as_slice() {
        b"inf" | b"infinity" => f64::INFINITY,
        b"nan" => f64::NAN,
        unsigned => {
            let (mantissa, exponent) = parts(unsigned).ok_or_else(malformed)?;
            nearest(&mantissa, exponent, false).ok_or_else(|| {
                let message = "hexadecimal value too large to represent as a float";
                Error::new(&exc::OVERFLOW_ERROR, message)
            })?
        }
    };
    Ok(if is_negative { -magnitude } else { magnitude })
}

/// Takes `0x1.8p+0` apart: all digits as one number, and the power of two to multiply it with.
fn parts(text: &[u8]) -> Option<(BigInt, i64)> {
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let (digits, exponent) = match text.iter().position(|&byte| byte == b'p') {
        Some(at) => (text.get(..at)?, exponent(text.get(at + 1..)?)?),
        None => (text, 0),
    };
    let (whole, fraction) = match digits.iter().position(|&byte| byte == b'.') {
        Some(at) => (digits.get(..at)?, digits.get(at + 1..)?),
        None => (digits, &[][..]),
    };
    let values: Vec<u8> = [whole, fraction]
        .concat()
        .iter()
        .map(|&byte| char::from(byte).to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    if values.is_empty() {
        return None;
    }
    let mantissa = BigInt::from_radix_be(Sign::Plus, &values, 16)?;
    let behind_point = i64::try_from(fraction.len()).ok()?.checked_mul(4)?;
    Some((mantissa, exponent.saturating_sub(behind_point)))
}

/// Reads a decimal exponent; what no float reaches is cut to what is far beyond.
fn exponent(text: &[u8]) -> Option<i64> {
    const FAR: i64 = 1 << 40;
    let (is_negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude: i64 = std::str::from_utf8(digits).ok()?.parse::<i64>().unwrap_or(FAR).min(FAR);
    Some(if is_negative { -magnitude } else { magnitude })
}
