//! `float`.

use num_bigint::BigInt;

use super::arithmetic::Operation;
use super::conversion::{to_float, truncate};
use super::{hex, instance_of, operators};
use crate::args::Args;
use crate::builtins::arguments::{named, none, operands};
use crate::builtins::comparison;
use crate::builtins::define::Define;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::number_text;
use crate::types::Tuple;
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().float).new_with(new);
    comparison::install(define);
    comparison::install_hash(define);
    operators::install_arithmetic(define);
    let truth = ctx.dialect().pick("__nonzero__", "__bool__");
    define
        .special("__repr__", |ctx, this, args| {
            operands::<0>(&args, "__repr__")?;
            Ok(ctx.str(&number_text::repr(ctx, this.content()).unwrap_or_default()))
        })
        .special(truth, |ctx, this, _| Ok(Value::Bool(own(ctx, this)? != 0.0)))
        .special("__neg__", |ctx, this, _| Ok(Value::Float(-own(ctx, this)?)))
        .special("__pos__", |ctx, this, _| own(ctx, this).map(Value::Float))
        .special("__abs__", |ctx, this, _| Ok(Value::Float(own(ctx, this)?.abs())))
        .special("__float__", |ctx, this, _| own(ctx, this).map(Value::Float))
        .special("__int__", |ctx, this, _| Ok(Value::int(ctx, truncate(own(ctx, this)?)?)))
        .method("__trunc__", |ctx, this, _| Ok(Value::int(ctx, truncate(own(ctx, this)?)?)))
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            Ok(Tuple::new(ctx, &[own(ctx, this)?.into()]).into())
        })
        .method("conjugate", |ctx, this, args| {
            none(&args, "conjugate")?;
            own(ctx, this).map(Value::Float)
        })
        .method("is_integer", |ctx, this, args| {
            none(&args, "is_integer")?;
            let float = own(ctx, this)?;
            Ok(Value::Bool(float.is_finite() && float.fract() == 0.0))
        })
        .method("hex", |ctx, this, args| {
            none(&args, "hex")?;
            Ok(ctx.str(&hex::write(own(ctx, this)?)))
        })
        .method("as_integer_ratio", ratio)
        .class_method("fromhex", from_hex)
        .getset("real", |ctx, this| own(ctx, this).map(Value::Float), None)
        .getset("imag", |_, _| Ok(Value::Float(0.0)), None);
    if ctx.dialect() == Dialect::Python2 {
        define
            .special("__str__", |ctx, this, args| {
                operands::<0>(&args, "__str__")?;
                Ok(ctx.str(&number_text::str(ctx, this.content()).unwrap_or_default()))
            })
            .special("__long__", |ctx, this, _| Ok(Value::long(ctx, truncate(own(ctx, this)?)?)))
            .special("__coerce__", |ctx, this, args| {
                let [other] = operands(&args, "__coerce__")?;
                match super::conversion::find_float(ctx, other.content()) {
                    Ok(Some(other)) => {
                        Ok(Tuple::new(ctx, &[own(ctx, this)?.into(), other.into()]).into())
                    }
                    _ => Ok(Value::NotImplemented),
                }
            });
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, f64> {
    match this.content() {
        Value::Float(float) => Ok(float),
        _ => Err(crate::convert::expected(ctx, "float", this)),
    }
}

fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [value] = named(&args, "float", ["x"], 0)?;
    let float = match value {
        None => 0.0,
        Some(Value::Float(float)) => float,
        Some(value) => to_float(ctx, value)?,
    };
    Ok(instance_of(ctx, class, ctx.types().float, float.into()))
}

fn from_hex<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (text,): (String,) = args.parse(ctx, "fromhex")?;
    let float = hex::read(&text)?;
    if class.is(ctx.types().float.into()) {
        return Ok(float.into());
    }
    class.call(ctx, (float,))
}

/// `as_integer_ratio()`: the float as an exact fraction.
fn ratio<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    none(&args, "as_integer_ratio")?;
    let float = own(ctx, this)?;
    let refuse = |class, python2: &'static str, python3: &'static str| {
        Err(Error::new(class, ctx.dialect().pick(python2, python3)))
    };
    if float.is_nan() {
        return refuse(
            &exc::VALUE_ERROR,
            "Cannot pass NaN to float.as_integer_ratio.",
            "cannot convert NaN to integer ratio",
        );
    }
    if float.is_infinite() {
        return refuse(
            &exc::OVERFLOW_ERROR,
            "Cannot pass infinity to float.as_integer_ratio.",
            "cannot convert Infinity to integer ratio",
        );
    }
    let (mut numerator, mut exponent) = (float, 0_u32);
    // Doubling is exact, and ends with the last bit before the point.
    while numerator.fract() != 0.0 {
        numerator *= 2.0;
        exponent += 1;
    }
    let pair = [truncate(numerator)?, BigInt::from(1) << exponent].map(|it| Value::int(ctx, it));
    Ok(Tuple::new(ctx, &pair).into())
}

/// Computes with two floats.
pub(super) fn compute<'gc>(ctx: Context<'gc>, operation: Operation, a: f64, b: f64) -> Result<'gc> {
    let result = match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        Operation::Divide | Operation::TrueDivide => {
            check_divisor(ctx, b, "float division by zero", "division by zero")?;
            a / b
        }
        Operation::FloorDivide => {
            check_divisor(ctx, b, "float divmod()", "float floor division by zero")?;
            floor_divide(a, b).0
        }
        Operation::Modulo => {
            check_divisor(ctx, b, "float modulo", "float modulo by zero")?;
            floor_divide(a, b).1
        }
        Operation::DivMod => {
            check_divisor(ctx, b, "float divmod()", "float divmod()")?;
            let (quotient, remainder) = floor_divide(a, b);
            return Ok(Tuple::new(ctx, &[quotient.into(), remainder.into()]).into());
        }
        Operation::Power => return power(ctx, a, b).map(Value::Float),
        _ => return Ok(Value::NotImplemented),
    };
    Ok(Value::Float(result))
}

fn check_divisor<'gc>(
    ctx: Context<'gc>,
    divisor: f64,
    python2: &'static str,
    python3: &'static str,
) -> Result<'gc, ()> {
    if divisor == 0.0 {
        let message = ctx.dialect().pick(python2, python3);
        return Err(Error::new(&exc::ZERO_DIVISION_ERROR, message));
    }
    Ok(())
}

/// Divides, rounding down; the remainder has the sign of the divisor, also if it is zero.
fn floor_divide(a: f64, b: f64) -> (f64, f64) {
    let remainder = a % b;
    let mut quotient = (a - remainder) / b;
    let remainder = if remainder == 0.0 {
        0.0_f64.copysign(b)
    } else if (b < 0.0) != (remainder < 0.0) {
        quotient -= 1.0;
        remainder + b
    } else {
        remainder
    };
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), remainder);
    }
    let whole = quotient.floor();
    (if quotient - whole > 0.5 { whole + 1.0 } else { whole }, remainder)
}

/// `a ** b`.
///
/// # Errors
///
/// `ZeroDivisionError` for a negative power of zero; `ValueError` for a fractional power of a negative number;
/// `OverflowError` if the result is too large.
pub(super) fn power<'gc>(ctx: Context<'gc>, a: f64, b: f64) -> Result<'gc, f64> {
    if a == 0.0 && b < 0.0 {
        let message = "0.0 cannot be raised to a negative power";
        return Err(Error::new(&exc::ZERO_DIVISION_ERROR, message));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        // DIFFERENCE: Python 3 gives a complex number.
        let message = "negative number cannot be raised to a fractional power";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        let args = [Value::Int(34), ctx.str("Numerical result out of range")];
        return Err(Error::with_args(&exc::OVERFLOW_ERROR, &args));
    }
    Ok(result)
}
