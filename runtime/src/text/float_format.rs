//! Floats as the conversions `e`, `f` and `g` of `%` write them.
//!
//! Source of the rules: the Python documentation, "String Formatting Operations".

/// No float has more digits behind the point than this; what is asked beyond it are zeros.
const MOST_DIGITS: usize = 1100;

/// How to write a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// `e`: with an exponent.
    Exponent,
    /// `f`: without one.
    Fixed,
    /// `g`: whichever is shorter, without zeros at the end.
    General,
}

/// Writes a float, signed if it is negative; `alternate` keeps the point and, in `g`, the zeros at the end.
pub(crate) fn format_float(
    number: f64,
    notation: Notation,
    precision: usize,
    alternate: bool,
) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    match notation {
        Notation::Exponent => exponent(number, precision, alternate),
        Notation::Fixed => fixed(number, precision, alternate),
        Notation::General => general(number, precision.max(1), alternate),
    }
}

fn fixed(number: f64, precision: usize, alternate: bool) -> String {
    let digits = precision.min(MOST_DIGITS);
    let mut text = format!("{number:.digits$}");
    text.extend(std::iter::repeat_n('0', precision - digits));
    if alternate && precision == 0 {
        text.push('.');
    }
    text
}

fn exponent(number: f64, precision: usize, alternate: bool) -> String {
    let (mut mantissa, exponent) = scientific(number, precision);
    if alternate && precision == 0 {
        mantissa.push('.');
    }
    with_exponent(&mantissa, exponent)
}

/// The mantissa with so many digits behind the point, and the exponent.
fn scientific(number: f64, precision: usize) -> (String, i32) {
    let digits = precision.min(MOST_DIGITS);
    let text = format!("{number:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut mantissa = mantissa.to_owned();
    mantissa.extend(std::iter::repeat_n('0', precision - digits));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn with_exponent(mantissa: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

fn general(number: f64, precision: usize, alternate: bool) -> String {
    let (mantissa, exponent) = scientific(number, precision - 1);
    let is_small = exponent < -4;
    let is_large = i64::from(exponent) >= i64::try_from(precision).unwrap_or(i64::MAX);
    if is_small || is_large {
        let mantissa = if alternate { mantissa } else { without_last_zeros(mantissa) };
        return with_exponent(&mantissa, exponent);
    }
    let behind_point = (precision as i64 - 1 - i64::from(exponent)).max(0);
    let text = fixed(number, usize::try_from(behind_point).unwrap_or(0), alternate);
    if alternate { text } else { without_last_zeros(text) }
}

fn without_last_zeros(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
