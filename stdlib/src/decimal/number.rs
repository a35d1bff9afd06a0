//! A decimal number as its text says it.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigUint;

/// A decimal number: a sign, and digits with an exponent, an infinity or a NaN.
///
/// Nothing of the text is lost but leading zeros: `1.50` and `1.5` are two numbers of equal value.
///
/// # Examples
///
/// ```
/// use halfsour_stdlib::decimal::{Kind, Number};
///
/// let number: Number = "-1.50e3".parse().unwrap();
/// assert!(number.negative);
/// assert_eq!(number.kind, Kind::Finite { exponent: 1 });
/// assert_eq!(number.digits, "150");
/// assert_eq!(number.to_string(), "-1.50E+3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Whether there is a minus; zero and NaN may have one too.
    pub negative: bool,
    /// The digits without leading zeros, `0` for zero; of a NaN its payload, of an infinity none.
    pub digits: String,
    /// What the digits are.
    pub kind: Kind,
}

/// What the digits of a [`Number`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number: digits times ten to the exponent.
    Finite {
        /// The exponent.
        exponent: i64,
    },
    /// An infinity.
    Infinity,
    /// Not a number.
    NotANumber {
        /// Whether operations refuse it.
        signaling: bool,
    },
}

/// The largest exponent that arithmetic has room for.
pub(super) const MOST_EXPONENT: i64 = 2_000_000_000_000_000_000;

/// The text is no decimal number, or its exponent has more than 18 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADecimal;

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number")
    }
}

impl std::error::Error for NotADecimal {}

impl Number {
    pub(super) fn finite(negative: bool, digits: &str, exponent: i64) -> Self {
        let digits = without_leading_zeros(digits);
        Self { negative, digits, kind: Kind::Finite { exponent } }
    }

    pub(super) fn of_coefficient(negative: bool, coefficient: &BigUint, exponent: i64) -> Self {
        Self::finite(negative, &coefficient.to_string(), exponent)
    }

    pub(super) fn infinity(negative: bool) -> Self {
        Self { negative, digits: String::new(), kind: Kind::Infinity }
    }

    pub(super) fn nan(negative: bool, payload: &str, signaling: bool) -> Self {
        let digits = payload.trim_start_matches('0').to_owned();
        Self { negative, digits, kind: Kind::NotANumber { signaling } }
    }

    /// The exponent of a finite number.
    pub(super) fn exponent(&self) -> Option<i64> {
        match self.kind {
            Kind::Finite { exponent } => Some(exponent),
            _ => None,
        }
    }

    pub(super) fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::NotANumber { .. })
    }

    pub(super) fn is_signaling(&self) -> bool {
        self.kind == Kind::NotANumber { signaling: true }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.exponent().is_some() && self.digits == "0"
    }

    pub(super) fn coefficient(&self) -> BigUint {
        self.digits.parse().unwrap_or_default()
    }

    /// The exponent of the first digit.
    pub(super) fn adjusted(&self) -> i64 {
        self.exponent().map_or(0, |exponent| exponent.saturating_add(self.n_digits() - 1))
    }

    pub(super) fn n_digits(&self) -> i64 {
        i64::try_from(self.digits.len()).unwrap_or(i64::MAX)
    }
}

fn without_leading_zeros(digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    }
}

/// What is before and behind a number's exponent, its sign apart.
struct Parts<'a> {
    negative: bool,
    body: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let negative = text.starts_with('-');
        Self { negative, body: text.strip_prefix(['-', '+']).unwrap_or(text) }
    }
}

impl FromStr for Number {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let Parts { negative, body } = Parts::of(text);
        let lower = body.to_ascii_lowercase();
        let all_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
        if lower == "inf" || lower == "infinity" {
            return Ok(Self::infinity(negative));
        }
        for (prefix, signaling) in [("nan", false), ("snan", true)] {
            if let Some(payload) = lower.strip_prefix(prefix) {
                if all_digits(payload) {
                    return Ok(Self::nan(negative, payload, signaling));
                }
                return Err(NotADecimal);
            }
        }
        let (digits, exponent) = match lower.split_once('e') {
            Some((digits, exponent)) => {
                let Parts { negative, body } = Parts::of(exponent);
                if body.is_empty() || !all_digits(body) {
                    return Err(NotADecimal);
                }
                let exponent: i64 = body.parse().map_err(|_| NotADecimal)?;
                (digits, if negative { -exponent } else { exponent })
            }
            None => (lower.as_str(), 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 {
            return Err(NotADecimal);
        }
        let behind = i64::try_from(fraction.len()).map_err(|_| NotADecimal)?;
        let exponent = exponent.checked_sub(behind).ok_or(NotADecimal)?;
        if exponent.unsigned_abs() > MOST_EXPONENT.unsigned_abs() {
            return Err(NotADecimal);
        }
        Ok(Self::finite(negative, &format!("{whole}{fraction}"), exponent))
    }
}

/// Scientific notation as the specification has it: without an exponent where that is short.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let exponent = match self.kind {
            Kind::Infinity => return f.write_str("Infinity"),
            Kind::NotANumber { signaling } => {
                return write!(f, "{}NaN{}", if signaling { "s" } else { "" }, self.digits);
            }
            Kind::Finite { exponent } => exponent,
        };
        let first = self.adjusted();
        if exponent <= 0 && first >= -6 {
            let behind = usize::try_from(-exponent).unwrap_or_default();
            let padded = format!("{:0>width$}", self.digits, width = behind + 1);
            let (whole, fraction) = padded.split_at(padded.len() - behind);
            f.write_str(whole)?;
            return if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction}") };
        }
        let (whole, fraction) = self.digits.split_at(1.min(self.digits.len()));
        f.write_str(whole)?;
        if !fraction.is_empty() {
            write!(f, ".{fraction}")?;
        }
        write!(f, "E{first:+}")
    }
}
