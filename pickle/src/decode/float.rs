//! Floats in text.

use halfsour_runtime::int_text::trim;

use super::Malformed;
use super::malformed::quoted;
use crate::flavour::Flavour;

/// Returns the number in the line of a FLOAT.
///
/// `pickle.py` lets white space around it pass, the C implementations do not.
///
/// # Errors
/// ValueError when the line is no number.
pub(crate) fn float_line(line: &[u8], flavour: Flavour) -> Result<f64, Malformed> {
    let text = if flavour == Flavour::Pickle { trim(line) } else { line };
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    match number {
        // DIFFERENCE: where a number is too large, cPickle raises OverflowError; it is an infinity here as
        // in pickle.py.
        Some(number) if number.is_nan() => Ok(nan(text, flavour)),
        Some(number) => Ok(number),
        None => {
            Err(Malformed::value(format!("could not convert string to float: {}", quoted(line)))
                .or_damaged(line))
        }
    }
}

/// Returns the NaN of a text: Python 2.7's has the sign bit set, and `-nan` clears it (measured on x86-64).
fn nan(text: &[u8], flavour: Flavour) -> f64 {
    let negative = text.starts_with(b"-");
    let sign = negative == (flavour == Flavour::Python3);
    f64::NAN.copysign(if sign { -1.0 } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(line: &str, flavour: Flavour) -> Option<u64> {
        float_line(line.as_bytes(), flavour).ok().map(f64::to_bits)
    }

    #[test]
    fn what_is_a_float() {
        for line in ["1", "+1.5", ".5", "5.", "1e999", "inf", "-INF", "iNfInItY", "1E-5"] {
            let value: f64 = line.parse().unwrap();
            assert_eq!(bits(line, Flavour::Pickle), Some(value.to_bits()), "{line}");
            assert_eq!(bits(line, Flavour::CPickle), Some(value.to_bits()), "{line}");
        }
        for line in ["", ".", "1e", "1_0", "0x1p3", "nan(1)", "--1", "1e5L", "1\0", "\u{e9}"] {
            assert_eq!(bits(line, Flavour::Pickle), None, "{line}");
            assert_eq!(bits(line, Flavour::CPickle), None, "{line}");
        }
    }

    #[test]
    fn spaces_pass_in_pickle_only() {
        assert_eq!(bits(" 1.0\t", Flavour::Pickle), Some(1f64.to_bits()));
        assert_eq!(bits(" 1.0\t", Flavour::CPickle), None);
        assert_eq!(bits("1.0\r", Flavour::Python3), None);
    }

    #[test]
    fn the_sign_of_nan() {
        assert_eq!(bits("nan", Flavour::Pickle), Some(0xfff8_0000_0000_0000));
        assert_eq!(bits("-nan", Flavour::CPickle), Some(0x7ff8_0000_0000_0000));
        assert_eq!(bits("nan", Flavour::Python3), Some(0x7ff8_0000_0000_0000));
    }
}
