//! Sums, products and quotients to 28 digits.

use halfsour_runtime::{Context, Result};
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

use super::number::Number;
use super::{OVERFLOW, division_by_zero, invalid};
use crate::support::python3;

/// The digits of a result.
const PRECISION: i64 = 28;
/// The largest exponent of a result.
const MOST: i64 = 999_999;
const MOST_IN_2: i64 = 999_999_999;

/// A binary operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
}

/// What an operation on two numbers gives.
pub(super) fn apply<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    left: &Number,
    right: &Number,
) -> Result<'gc, Number> {
    if let Some(nan) = of_nans(ctx, &[left, right])? {
        return Ok(nan);
    }
    let negative = left.negative != right.negative;
    match operation {
        Operation::Add => add(ctx, left, right),
        Operation::Subtract => {
            let right = Number { negative: !right.negative, ..right.clone() };
            add(ctx, left, &right)
        }
        Operation::Multiply => multiply(ctx, left, right, negative),
        Operation::Divide => divide(ctx, left, right, negative),
        Operation::FloorDivide | Operation::Remainder => {
            whole_divide(ctx, left, right, negative, operation)
        }
    }
}

/// A NaN among the operands is the result; a signaling one is an error.
pub(super) fn of_nans<'gc>(ctx: Context<'gc>, operands: &[&Number]) -> Result<'gc, Option<Number>> {
    if operands.iter().any(|operand| operand.is_signaling()) {
        return Err(invalid(ctx, "sNaN", "InvalidOperation"));
    }
    Ok(operands.iter().find(|operand| operand.is_nan()).map(|nan| (*nan).clone()))
}

fn ten_to(exponent: i64) -> BigUint {
    num_traits::pow(BigUint::from(10_u8), exponent.to_usize().unwrap_or_default())
}

/// Rounds to the precision, a half to even.
pub(super) fn rounded<'gc>(ctx: Context<'gc>, number: Number) -> Result<'gc, Number> {
    let Some(exponent) = number.exponent() else { return Ok(number) };
    let most = if python3(ctx) { MOST } else { MOST_IN_2 };
    // Numbers too small for all digits keep those above the least exponent.
    let least = 1 - most - PRECISION;
    let drop = (number.n_digits() - PRECISION).max(least - exponent);
    let number = if drop > 0 { shortened(&number, drop, exponent) } else { number };
    if number.adjusted() > most && !number.is_zero() {
        let message = if python3(ctx) { "[<class 'decimal.Overflow'>]" } else { "above Emax" };
        return Err(halfsour_runtime::Error::new(&OVERFLOW, message));
    }
    Ok(number)
}

/// The number without its last digits, rounded.
pub(super) fn shortened(number: &Number, drop: i64, exponent: i64) -> Number {
    let keep = number.n_digits() - drop;
    if keep < 0 {
        return Number::finite(number.negative, "0", exponent + drop);
    }
    let (kept, dropped) = number.digits.split_at(keep.to_usize().unwrap_or_default());
    let mut coefficient: BigUint = kept.parse().unwrap_or_default();
    let half = dropped.starts_with('5') && dropped.bytes().skip(1).all(|digit| digit == b'0');
    let up = if half { coefficient.is_odd() } else { dropped >= "5" };
    if up {
        coefficient += 1_u8;
    }
    let made = Number::of_coefficient(number.negative, &coefficient, exponent + drop);
    // 999 became 1000.
    if made.n_digits() > keep && keep > 0 {
        return Number::finite(
            number.negative,
            made.digits.get(..keep.to_usize().unwrap_or_default()).unwrap_or_default(),
            exponent + drop + 1,
        );
    }
    made
}

fn add<'gc>(ctx: Context<'gc>, left: &Number, right: &Number) -> Result<'gc, Number> {
    let (Some(left_exponent), Some(right_exponent)) = (left.exponent(), right.exponent()) else {
        return match (left.exponent(), right.exponent()) {
            (None, None) if left.negative != right.negative => {
                Err(invalid(ctx, "-INF + INF", "InvalidOperation"))
            }
            (None, _) => Ok(left.clone()),
            _ => Ok(right.clone()),
        };
    };
    let exponent = left_exponent.min(right_exponent);
    if left.is_zero() || right.is_zero() {
        return add_zero(ctx, left, right, exponent);
    }
    let (left, right) = near(left, right);
    let exponent = left.exponent().unwrap_or(exponent).min(right.exponent().unwrap_or(exponent));
    let signed = |number: &Number| {
        let shift = number.exponent().unwrap_or_default() - exponent;
        let scaled = BigInt::from(number.coefficient() * ten_to(shift));
        if number.negative { -scaled } else { scaled }
    };
    let sum = signed(&left) + signed(&right);
    let negative = if sum.is_zero() {
        left.negative && right.negative
    } else {
        sum.sign() == num_bigint::Sign::Minus
    };
    rounded(ctx, Number::of_coefficient(negative, sum.magnitude(), exponent))
}

fn add_zero<'gc>(
    ctx: Context<'gc>,
    left: &Number,
    right: &Number,
    exponent: i64,
) -> Result<'gc, Number> {
    if left.is_zero() && right.is_zero() {
        return Ok(Number::finite(left.negative && right.negative, "0", exponent));
    }
    let other = if left.is_zero() { right } else { left };
    let own = other.exponent().unwrap_or(exponent);
    // The exponent of the zero counts as far as there is room for more digits.
    let exponent = exponent.max(own - (PRECISION - other.n_digits()).max(0));
    let digits =
        other.digits.clone() + &"0".repeat((own - exponent).max(0).to_usize().unwrap_or_default());
    rounded(ctx, Number::finite(other.negative, &digits, own.min(exponent)))
}

/// Two numbers so near that their digits can be laid side by side: one that is far below the other's last digit only
/// decides how that is rounded.
fn near(left: &Number, right: &Number) -> (Number, Number) {
    let (large, small) =
        if left.adjusted() >= right.adjusted() { (left, right) } else { (right, left) };
    let exponent = large.exponent().unwrap_or_default();
    let lowest = exponent + (-1_i64).min(large.n_digits() - PRECISION - 2);
    if small.adjusted() >= lowest {
        return (large.clone(), small.clone());
    }
    (large.clone(), Number::finite(small.negative, "1", lowest))
}

fn multiply<'gc>(
    ctx: Context<'gc>,
    left: &Number,
    right: &Number,
    negative: bool,
) -> Result<'gc, Number> {
    let (Some(left_exponent), Some(right_exponent)) = (left.exponent(), right.exponent()) else {
        if left.is_zero() || right.is_zero() {
            return Err(invalid(ctx, "0 * (+-)INF", "InvalidOperation"));
        }
        return Ok(Number::infinity(negative));
    };
    let product = left.coefficient() * right.coefficient();
    let exponent = left_exponent.saturating_add(right_exponent);
    rounded(ctx, Number::of_coefficient(negative, &product, exponent))
}

fn divide<'gc>(
    ctx: Context<'gc>,
    left: &Number,
    right: &Number,
    negative: bool,
) -> Result<'gc, Number> {
    let (Some(left_exponent), Some(right_exponent)) = (left.exponent(), right.exponent()) else {
        return match (left.exponent(), right.exponent()) {
            (None, None) => Err(invalid(ctx, "(+-)INF/(+-)INF", "InvalidOperation")),
            (None, _) => Ok(Number::infinity(negative)),
            _ => Ok(Number::finite(negative, "0", -1_000_000 - PRECISION + 2)),
        };
    };
    if right.is_zero() {
        if left.is_zero() {
            return Err(invalid(ctx, "0 / 0", "DivisionUndefined"));
        }
        return Err(division_by_zero(ctx, "x / 0"));
    }
    let ideal = left_exponent.saturating_sub(right_exponent);
    if left.is_zero() {
        return Ok(Number::finite(negative, "0", ideal));
    }
    let shift = right.n_digits() - left.n_digits() + PRECISION + 1;
    let (mut above, mut below) = (left.coefficient(), right.coefficient());
    if shift >= 0 {
        above *= ten_to(shift);
    } else {
        below *= ten_to(-shift);
    }
    let (mut quotient, rest) = above.div_rem(&below);
    let mut exponent = ideal.saturating_sub(shift);
    if rest.is_zero() {
        // An exact quotient has as few digits as its exponent allows.
        while exponent < ideal {
            let (shorter, digit) = quotient.div_rem(&BigUint::from(10_u8));
            if !digit.is_zero() {
                break;
            }
            (quotient, exponent) = (shorter, exponent + 1);
        }
    } else if (&quotient % 5_u8).is_zero() {
        // The rest must not look like a half.
        quotient += 1_u8;
    }
    rounded(ctx, Number::of_coefficient(negative, &quotient, exponent))
}

/// The whole part of a quotient, towards zero, or what remains, with the sign of the left operand.
fn whole_divide<'gc>(
    ctx: Context<'gc>,
    left: &Number,
    right: &Number,
    negative: bool,
    operation: Operation,
) -> Result<'gc, Number> {
    let remainder = operation == Operation::Remainder;
    let Some(left_exponent) = left.exponent() else {
        if remainder {
            return Err(invalid(ctx, "INF % x", "InvalidOperation"));
        }
        return match right.exponent() {
            None => Err(invalid(ctx, "INF // INF", "InvalidOperation")),
            Some(_) => Ok(Number::infinity(negative)),
        };
    };
    let Some(right_exponent) = right.exponent() else {
        if remainder {
            return rounded(ctx, left.clone());
        }
        return Ok(Number::finite(negative, "0", 0));
    };
    if right.is_zero() {
        return Err(match (left.is_zero(), remainder) {
            (true, _) => invalid(ctx, "0 // 0", "DivisionUndefined"),
            (false, true) => invalid(ctx, "x % 0", "InvalidOperation"),
            (false, false) => division_by_zero(ctx, "x // 0"),
        });
    }
    let exponent = left_exponent.min(right_exponent);
    if left.adjusted() - right.adjusted() > PRECISION {
        return Err(invalid(ctx, "quotient too large in //, % or divmod", "DivisionImpossible"));
    }
    if left.is_zero() || left.adjusted() < right.adjusted() - 1 {
        let zero = Number::finite(negative, "0", 0);
        return if remainder { rounded(ctx, left.clone()) } else { Ok(zero) };
    }
    let scaled = |number: &Number, own: i64| number.coefficient() * ten_to(own - exponent);
    let (quotient, rest) = scaled(left, left_exponent).div_rem(&scaled(right, right_exponent));
    if quotient.to_string().len() as i64 > PRECISION {
        return Err(invalid(ctx, "quotient too large in //, % or divmod", "DivisionImpossible"));
    }
    if remainder {
        return rounded(ctx, Number::of_coefficient(left.negative, &rest, exponent));
    }
    Ok(Number::of_coefficient(negative, &quotient, 0))
}
