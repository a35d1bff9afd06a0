//! The text of numbers: what `repr` and `str` write.

use num_complex::Complex64;

use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::text::float_text;
use crate::value::Value;

/// Returns the text that shows a number, or `None` if it is none.
pub(crate) fn repr<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Option<String> {
    if let Value::Bool(it) = value {
        return Some(if it { "True" } else { "False" }.to_owned());
    }
    Some(match (Number::of(value)?, ctx.dialect()) {
        (Number::Int(it), _) => it.to_string(),
        (Number::Long(it), Dialect::Python2) => format!("{it}L"),
        (Number::Long(it), Dialect::Python3) => it.to_string(),
        (Number::Float(it), _) => float_text::repr(it),
        (Number::Complex(it), _) => complex(it, float_text::shortest_part),
    })
}

/// Returns the text of `str` for a number, or `None` if it is none. Python 2 rounds floats, and leaves the `L` of a long
/// out.
pub(crate) fn str<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Option<String> {
    if ctx.dialect() == Dialect::Python3 || matches!(value, Value::Bool(_)) {
        return repr(ctx, value);
    }
    Some(match Number::of(value)? {
        Number::Int(it) => it.to_string(),
        Number::Long(it) => it.to_string(),
        Number::Float(it) => float_text::twelve_digits(it),
        Number::Complex(it) => complex(it, |part| float_text::general(part, 12)),
    })
}

/// Without a real part there are no parentheses; a real part of minus zero counts.
fn complex(number: Complex64, text: impl Fn(f64) -> String) -> String {
    let imaginary = text(number.im);
    if number.re == 0.0 && number.re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", text(number.re))
}
