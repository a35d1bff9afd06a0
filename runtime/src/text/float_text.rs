//! The text of a float: what `repr` writes, and the `%g` formats.
//!
//! `str()` of Python 2 takes twelve digits, `cPickle` seventeen (measured on 2.7.18), `repr` the shortest digits that
//! read back as the same float.

/// Returns `repr(value)`: the shortest digits that give `value` back, with an exponent below 1e-4 and from 1e16.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::float_text;
///
/// assert_eq!(float_text::repr(0.1), "0.1");
/// assert_eq!(float_text::repr(1e16), "1e+16");
/// ```
#[must_use]
pub fn repr(value: f64) -> String {
    shortest(value, Fraction::Always)
}

/// Returns `'%.{digits}g' % value`: significant digits without trailing zeros.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::float_text;
///
/// assert_eq!(float_text::general(0.1, 17), "0.10000000000000001");
/// assert_eq!(float_text::general(2.0, 17), "2");
/// ```
#[must_use]
pub fn general(value: f64, digits: u8) -> String {
    rounded(value, digits, Fraction::WhenNeeded)
}

/// Returns `str(value)` of Python 2: twelve significant digits.
pub(crate) fn twelve_digits(value: f64) -> String {
    rounded(value, 12, Fraction::Always)
}

/// The shortest digits, as the parts of a complex number show them: whole numbers without a fraction.
pub(crate) fn shortest_part(value: f64) -> String {
    shortest(value, Fraction::WhenNeeded)
}

fn shortest(value: f64, fraction: Fraction) -> String {
    match special(value) {
        Some(name) => name.to_owned(),
        None => shortest_digits(value).layout(16, fraction),
    }
}

/// The shortest digits that give a float back; of those the nearest to it, and of two as near the even one, as CPython
/// chooses. Rust chooses the higher one.
fn shortest_digits(value: f64) -> Decimal {
    let shortest = Decimal::parse(&format!("{value:e}"));
    if !may_be_halfway(value) {
        return shortest;
    }
    let behind_point = shortest.digits.len() - 1;
    let nearest = format!("{value:.behind_point$e}");
    // Near a power of two the nearest decimal may belong to the next float.
    if nearest.parse() == Ok(value) { Decimal::parse(&nearest) } else { shortest }
}

/// Whether a float may lie in the middle between two decimals of 17 digits: its own digits would end soon behind them.
fn may_be_halfway(value: f64) -> bool {
    const LOWEST: i64 = -18;
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64 - 1075;
    let trailing_zeros = i64::from((bits | 1 << 52).trailing_zeros());
    exponent + trailing_zeros >= LOWEST
}

fn rounded(value: f64, digits: u8, fraction: Fraction) -> String {
    if let Some(name) = special(value) {
        return name.to_owned();
    }
    let behind_point = usize::from(digits.max(1) - 1);
    let decimal = Decimal::parse(&format!("{value:.behind_point$e}"));
    // The zero behind the point that marks a float counts as a digit.
    let limit = i32::from(digits) - i32::from(fraction == Fraction::Always);
    decimal.layout(limit, fraction)
}

/// Python names the floats that have no digits; a NaN's sign is not shown.
fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        None
    }
}

/// Whether a whole number shows a fraction of zero.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fraction {
    Always,
    WhenNeeded,
}

/// `0.d1d2d3... * 10 ** (exponent + 1)`, without trailing zeros.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl Decimal {
    /// Takes Rust's `{:e}` apart: `-1.25e-7`.
    fn parse(scientific: &str) -> Self {
        let (negative, unsigned) = match scientific.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, scientific),
        };
        let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
        let mut digits: String = mantissa.chars().filter(|c| *c != '.').collect();
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
        Self { negative, digits, exponent: exponent.parse().unwrap_or(0) }
    }

    /// Writes positional notation for exponents from -4 to below `limit`, else scientific.
    fn layout(&self, limit: i32, fraction: Fraction) -> String {
        let mut text = String::with_capacity(24);
        if self.negative {
            text.push('-');
        }
        if (-4..limit).contains(&self.exponent) {
            self.positional(&mut text, fraction);
        } else {
            self.scientific(&mut text);
        }
        text
    }

    fn positional(&self, text: &mut String, fraction: Fraction) {
        let Ok(exponent) = usize::try_from(self.exponent) else {
            text.push_str("0.");
            text.extend((1..-self.exponent).map(|_| '0'));
            text.push_str(&self.digits);
            return;
        };
        let whole = exponent + 1;
        if self.digits.len() > whole {
            let (before, after) = self.digits.split_at(whole);
            text.extend([before, ".", after]);
            return;
        }
        text.push_str(&self.digits);
        text.extend((self.digits.len()..whole).map(|_| '0'));
        if fraction == Fraction::Always {
            text.push_str(".0");
        }
    }

    fn scientific(&self, text: &mut String) {
        let (first, rest) = self.digits.split_at(1);
        text.push_str(first);
        if !rest.is_empty() {
            text.extend([".", rest]);
        }
        let sign = if self.exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", self.exponent.unsigned_abs()));
    }
}

#[cfg(test)]
mod tests {
    use super::{general, repr, twelve_digits};

    #[test]
    fn repr_is_the_shortest_text() {
        let cases: [(f64, &str); 20] = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (2.0, "2.0"),
            (123456789.0, "123456789.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (0.00001, "1e-05"),
            (-1.25e-7, "-1.25e-07"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
            // In the middle between two decimals.
            (143_165_003_412_946.0 + 0.125, "143165003412946.12"),
            (939_572_335_435_684.0 + 0.25, "939572335435684.2"),
            (-1_589_623_100_331_756.0 - 0.25, "-1589623100331756.2"),
            (5e22, "5e+22"),
        ];
        for (value, text) in cases {
            assert_eq!(repr(value), text);
        }
    }

    /// Each text is what 2.7.18's `'%.17g'` prints.
    #[test]
    fn seventeen_digits_are_those_of_cpython() {
        let cases: [(f64, &str); 11] = [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.10000000000000001"),
            (2.0, "2"),
            (1e16, "10000000000000000"),
            (1e17, "1e+17"),
            (1.5, "1.5"),
            (1e-5, "1.0000000000000001e-05"),
            (1e300, "1.0000000000000001e+300"),
            (5e-324, "4.9406564584124654e-324"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(general(value, 17), text);
        }
    }

    /// Each text is what 2.7.18's `str` prints.
    #[test]
    fn twelve_digits_are_those_of_str() {
        let cases: [(f64, &str); 8] = [
            (0.1, "0.1"),
            (1.0 / 3.0, "0.333333333333"),
            (123_456_789_012.5, "1.23456789012e+11"),
            (1e11, "1e+11"),
            (12_345_678_901.0, "12345678901.0"),
            (1e16, "1e+16"),
            (-0.0, "-0.0"),
            (2.0, "2.0"),
        ];
        for (value, text) in cases {
            assert_eq!(twelve_digits(value), text);
        }
    }
}
