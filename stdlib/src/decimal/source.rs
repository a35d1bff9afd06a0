//! What a Decimal is made of: text, ints, floats, tuples.

use halfsour_runtime::{Context, Result, Value};
use num_bigint::BigInt;

use super::{Number, invalid};
use crate::fractions::ratio_of_float;
use crate::support::{data, python3, repr, text, type_error, value_error};

/// The largest exponent of Python 3's C code.
const MOST_EXPONENT: i64 = 999_999_999_999_999_999;

/// The number that `Decimal(value)` is.
pub(super) fn number<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Number> {
    if let Some(number) = data(value) {
        return Ok(number);
    }
    match value.content() {
        Value::Unicode(_) => of_text(ctx, value),
        Value::Bytes(_) if !python3(ctx) => of_text(ctx, value),
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => Ok(of_int(&value.to::<BigInt>(ctx)?)),
        Value::Float(number) => Ok(of_float(number)),
        Value::List(_) | Value::Tuple(_) => of_parts(ctx, value),
        _ if python3(ctx) => {
            let found = value.type_name(ctx);
            Err(type_error(format!("conversion from {found} to Decimal is not supported")))
        }
        _ => Err(type_error(format!("Cannot convert {} to Decimal", repr(ctx, value)?))),
    }
}

/// Text, with white space around it, and in Python 3 underscores anywhere.
// DIFFERENCE: digits of other scripts than ours are not read, nor exponents of more than 18 digits.
fn of_text<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Number> {
    let given = text(value);
    let mut trimmed = given.trim().to_owned();
    if python3(ctx) {
        trimmed.retain(|character| character != '_');
    }
    let Ok(number) = trimmed.parse::<Number>() else {
        let message = format!("Invalid literal for Decimal: {}", repr(ctx, value)?);
        return Err(invalid(ctx, message, "ConversionSyntax"));
    };
    if python3(ctx) && number.exponent().is_some() && number.adjusted().abs() > MOST_EXPONENT {
        return Err(invalid(ctx, "exponent out of range", "InvalidOperation"));
    }
    Ok(number)
}

pub(super) fn of_int(number: &BigInt) -> Number {
    let negative = number.sign() == num_bigint::Sign::Minus;
    Number::of_coefficient(negative, number.magnitude(), 0)
}

/// The exact value of a float.
pub(super) fn of_float(number: f64) -> Number {
    let negative = number.is_sign_negative();
    if number.is_nan() {
        return Number::nan(false, "", false);
    }
    let Some((numerator, denominator)) = ratio_of_float(number) else {
        return Number::infinity(negative);
    };
    // The denominator is a power of two, so that as many powers of five make it one of ten.
    let twos = denominator.bits() - 1;
    let five = num_traits::pow(num_bigint::BigUint::from(5_u8), usize::try_from(twos).unwrap_or(0));
    let exponent = -i64::try_from(twos).unwrap_or_default();
    Number::of_coefficient(negative, &(numerator.magnitude() * five), exponent)
}

/// A sign, the digits and an exponent, as `as_tuple()` gives them.
fn of_parts<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Number> {
    let parts = value.iter(ctx)?.collect_vec(ctx)?;
    let [sign, digits, exponent] = parts[..] else {
        let message = "Invalid tuple size in creation of Decimal from list or tuple.  The list or \
                       tuple should have exactly three elements.";
        return Err(value_error(
            ctx.dialect().pick(message, "argument must be a sequence of length 3"),
        ));
    };
    let negative = match sign {
        Value::Int(0) | Value::Bool(false) => false,
        Value::Int(1) | Value::Bool(true) => true,
        _ => {
            let message = "Invalid sign.  The first value in the tuple should be an integer; \
                           either 0 for a positive number or 1 for a negative number.";
            return Err(value_error(
                ctx.dialect().pick(message, "sign must be an integer with the value 0 or 1"),
            ));
        }
    };
    let mut written = String::new();
    for digit in digits.iter(ctx)?.collect_vec(ctx)? {
        match digit {
            Value::Int(digit @ 0..=9) => written.push_str(&digit.to_string()),
            _ => {
                let message = "The second value in the tuple must be composed of integers in the \
                               range 0 through 9.";
                let python3 = "coefficient must be a tuple of digits";
                return Err(value_error(ctx.dialect().pick(message, python3)));
            }
        }
    }
    match exponent.content() {
        Value::Int(exponent) if exponent.unsigned_abs() <= MOST_EXPONENT.unsigned_abs() => {
            Ok(Number::finite(negative, &written, exponent))
        }
        Value::Bytes(_) | Value::Unicode(_) => match text(exponent).as_str() {
            "F" => Ok(Number::infinity(negative)),
            "n" => Ok(Number::nan(negative, &written, false)),
            "N" => Ok(Number::nan(negative, &written, true)),
            _ => Err(bad_exponent(ctx)),
        },
        _ => Err(bad_exponent(ctx)),
    }
}

#[cold]
fn bad_exponent<'gc>(ctx: Context<'gc>) -> halfsour_runtime::Error<'gc> {
    let message =
        "The third value in the tuple must be an integer, or one of the strings 'F', 'n', 'N'.";
    value_error(ctx.dialect().pick(message, "exponent must be an integer"))
}

/// An operand of an operator: a Decimal or an int.
pub(super) fn operand<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<Number>> {
    if let Some(number) = data(value) {
        return Ok(Some(number));
    }
    match value.content() {
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
            Ok(Some(of_int(&value.to::<BigInt>(ctx)?)))
        }
        _ => Ok(None),
    }
}

/// Whether an object is a Fraction, whose parts are returned.
pub(super) fn ratio<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<(BigInt, BigInt)>> {
    // Nobody has a Fraction who did not import the module.
    let known = ctx.modules().get_name(ctx, ctx.intern("fractions"));
    match known {
        Some(_) if python3(ctx) => crate::fractions::parts(ctx, value),
        _ => Ok(None),
    }
}
