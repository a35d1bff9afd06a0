//! Arithmetic of ints and longs.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::arithmetic::Operation;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Tuple;
use crate::value::Value;

/// A number of more bits is not made: it is an accident, or an attack.
const MOST_BITS: u64 = 1 << 33;

/// Computes with two whole numbers; a result of Python 2 is a long if an operand was, or if it does not fit an int.
pub(super) fn compute<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    a: &BigInt,
    b: &BigInt,
    is_long: bool,
) -> Result<'gc> {
    let whole = |number| make(ctx, number, is_long);
    Ok(whole(match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        Operation::And => a & b,
        Operation::Or => a | b,
        Operation::Xor => a ^ b,
        Operation::ShiftLeft => shift_left(ctx, a, b)?,
        Operation::ShiftRight => shift_right(ctx, a, b)?,
        Operation::Modulo => divide(ctx, operation, a, b, is_long)?.1,
        Operation::FloorDivide | Operation::Divide if is_floor(ctx, operation) => {
            divide(ctx, operation, a, b, is_long)?.0
        }
        Operation::DivMod => {
            let (quotient, remainder) = divide(ctx, operation, a, b, is_long)?;
            return Ok(Tuple::new(ctx, &[whole(quotient), whole(remainder)]).into());
        }
        Operation::Divide | Operation::TrueDivide | Operation::FloorDivide => {
            return true_divide(ctx, a, b).map(Value::Float);
        }
        Operation::Power => return power(ctx, a, b, is_long),
    }))
}

/// Computes with two ints where the result fits: the common case, without big numbers.
pub(super) fn compute_small(operation: Operation, a: i64, b: i64) -> Option<i64> {
    match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::And => Some(a & b),
        Operation::Or => Some(a | b),
        Operation::Xor => Some(a ^ b),
        _ => None,
    }
}

pub(super) fn make<'gc>(ctx: Context<'gc>, number: BigInt, is_long: bool) -> Value<'gc> {
    if is_long { Value::long(ctx, number) } else { Value::int(ctx, number) }
}

/// Python 2's `/` of whole numbers rounds down.
fn is_floor(ctx: Context<'_>, operation: Operation) -> bool {
    operation == Operation::FloorDivide || ctx.dialect() == Dialect::Python2
}

/// Divides, rounding down; the remainder has the sign of the divisor.
fn divide<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    a: &BigInt,
    b: &BigInt,
    is_long: bool,
) -> Result<'gc, (BigInt, BigInt)> {
    if b.is_zero() {
        let message = match (ctx.dialect(), is_long, operation) {
            (Dialect::Python2, true, _) => "long division or modulo by zero",
            (Dialect::Python3, _, Operation::Modulo) => "integer modulo by zero",
            _ => "integer division or modulo by zero",
        };
        return Err(Error::new(&exc::ZERO_DIVISION_ERROR, message));
    }
    let (quotient, remainder) = (a / b, a % b);
    if !remainder.is_zero() && remainder.is_negative() != b.is_negative() {
        return Ok((quotient - 1, remainder + b));
    }
    Ok((quotient, remainder))
}

fn true_divide<'gc>(ctx: Context<'gc>, a: &BigInt, b: &BigInt) -> Result<'gc, f64> {
    if b.is_zero() {
        return Err(Error::new(&exc::ZERO_DIVISION_ERROR, "division by zero"));
    }
    // Enough bits that those behind the last one only decide the rounding.
    let shift = 66 + b.bits() as i64 - a.bits() as i64;
    let scaled = if shift >= 0 { a.abs() << shift } else { a.abs() };
    let divisor = if shift < 0 { b.abs() << -shift } else { b.abs() };
    let (quotient, remainder) = (&scaled / &divisor, &scaled % &divisor);
    let Some(magnitude) = nearest(&quotient, -shift, !remainder.is_zero()) else {
        let message = ctx.dialect().pick(
            "integer division result too large for a float",
            "integer division result too large for a float",
        );
        return Err(Error::new(&exc::OVERFLOW_ERROR, message));
    };
    Ok(if a.is_negative() == b.is_negative() { magnitude } else { -magnitude })
}

/// Returns the float nearest to `number * 2**exponent`, ties to even; `None` if it is too large. `number` is not
/// negative; `has_more` says that a little is missing from it.
pub(super) fn nearest(number: &BigInt, exponent: i64, has_more: bool) -> Option<f64> {
    const LOWEST: i64 = -1074;
    let n_bits = number.bits() as i64;
    if n_bits == 0 {
        return Some(0.0);
    }
    // The lowest bit kept: 53 of them, or less near zero.
    let dropped = (n_bits - 53).max(LOWEST - exponent).max(0);
    if dropped > n_bits + 1 {
        return Some(0.0);
    }
    let mut kept = number >> dropped;
    if dropped > 0 {
        let lost = number - (&kept << dropped);
        let half = BigInt::one() << (dropped - 1);
        let rounds_up = match lost.cmp(&half) {
            Ordering::Greater => true,
            Ordering::Equal => has_more || (&kept & BigInt::one()).is_one(),
            Ordering::Less => false,
        };
        if rounds_up {
            kept += 1;
        }
    }
    let value = scale(kept.to_f64()?, exponent + dropped);
    value.is_finite().then_some(value)
}

/// `value * 2**exponent`, in steps that are exact as long as the result is.
fn scale(mut value: f64, mut exponent: i64) -> f64 {
    while exponent > 0 && value.is_finite() {
        let step = exponent.min(1000);
        value *= 2.0_f64.powi(step as i32);
        exponent -= step;
    }
    while exponent < 0 && value != 0.0 {
        let step = exponent.max(-1000);
        value *= 2.0_f64.powi(step as i32);
        exponent -= step;
    }
    value
}

fn shift_left<'gc>(ctx: Context<'gc>, number: &BigInt, count: &BigInt) -> Result<'gc, BigInt> {
    check_count(ctx, count)?;
    if number.is_zero() {
        return Ok(BigInt::ZERO);
    }
    match count.to_u64() {
        Some(count) if count < MOST_BITS => Ok(number << count),
        _ => Err(Error::bare(&exc::MEMORY_ERROR)),
    }
}

fn shift_right<'gc>(ctx: Context<'gc>, number: &BigInt, count: &BigInt) -> Result<'gc, BigInt> {
    check_count(ctx, count)?;
    Ok(match count.to_u64() {
        Some(count) => number >> count,
        None if number.is_negative() => BigInt::from(-1),
        None => BigInt::ZERO,
    })
}

fn check_count<'gc>(ctx: Context<'gc>, count: &BigInt) -> Result<'gc, ()> {
    if ctx.dialect() == Dialect::Python2 && count.to_i64().is_none() {
        return Err(Error::new(&exc::OVERFLOW_ERROR, "long int too large to convert to int"));
    }
    if count.is_negative() {
        return Err(Error::new(&exc::VALUE_ERROR, "negative shift count"));
    }
    Ok(())
}

fn power<'gc>(ctx: Context<'gc>, base: &BigInt, exponent: &BigInt, is_long: bool) -> Result<'gc> {
    if exponent.is_negative() {
        let base = super::conversion::long_to_float(ctx, base)?;
        let exponent = super::conversion::long_to_float(ctx, exponent)?;
        return super::float::power(ctx, base, exponent).map(Value::Float);
    }
    // 0, 1 and -1 stay small whatever the exponent is.
    if base.bits() <= 1 {
        let is_odd = exponent.bit(0);
        let result = match (base.is_zero(), exponent.is_zero(), is_odd) {
            (_, true, _) => BigInt::one(),
            (true, ..) => BigInt::ZERO,
            (_, _, true) => base.clone(),
            _ => BigInt::one(),
        };
        return Ok(make(ctx, result, is_long));
    }
    match exponent.to_u32() {
        Some(small) if base.bits().saturating_mul(small.into()) < MOST_BITS => {
            Ok(make(ctx, base.pow(small), is_long))
        }
        _ => Err(Error::bare(&exc::MEMORY_ERROR)),
    }
}

/// `pow(base, exponent, modulus)`.
pub(super) fn power_modulo<'gc>(
    ctx: Context<'gc>,
    base: &BigInt,
    exponent: &BigInt,
    modulus: &BigInt,
    is_long: bool,
) -> Result<'gc> {
    if exponent.is_negative() {
        // DIFFERENCE: Python 3.8 and later compute the inverse.
        let message = "pow() 2nd argument cannot be negative when 3rd argument specified";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    if modulus.is_zero() {
        return Err(Error::new(&exc::VALUE_ERROR, "pow() 3rd argument cannot be 0"));
    }
    Ok(make(ctx, base.modpow(exponent, modulus), is_long))
}
