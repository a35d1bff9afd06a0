//! Order and hash of decimals, also beside ints, floats and fractions.

use std::cmp::Ordering;

use halfsour_runtime::{Context, Operator, Result, Value};
use num_bigint::BigInt;

use super::number::{Kind, Number};
use super::{invalid, source, to_number};
use crate::fractions;
use crate::support::python3;

/// Beyond such exponents a number is not turned into a fraction of ints, which would fill any memory.
const MOST_EXPONENT: i64 = 20_000;

pub(super) fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let own = to_number(ctx, this)?;
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let other = match (source::operand(ctx, other)?, other.content()) {
        (Some(other), _) => other,
        (None, Value::Float(other)) => source::of_float(other),
        (None, _) => match source::ratio(ctx, other)? {
            Some(ratio) => return compare_ratio(ctx, &own, &ratio, operator),
            None => return Ok(Value::NotImplemented),
        },
    };
    if own.is_nan() || other.is_nan() {
        let signaling = own.is_signaling() || other.is_signaling();
        if signaling && python3(ctx) || !equality {
            return Err(invalid(ctx, "comparison involving NaN", "InvalidOperation"));
        }
        return Ok(Value::Bool(operator == Operator::NotEqual));
    }
    Ok(Value::Bool(operator.holds(order(&own, &other))))
}

/// The order of two numbers that are no NaNs.
pub(super) fn order(left: &Number, right: &Number) -> Ordering {
    let sign = |number: &Number| match number.kind {
        _ if number.is_zero() => 0,
        _ if number.negative => -1,
        _ => 1,
    };
    let (left_sign, right_sign) = (sign(left), sign(right));
    if left_sign != right_sign || left_sign == 0 {
        return left_sign.cmp(&right_sign);
    }
    let size = match (left.exponent(), right.exponent()) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        _ => left.adjusted().cmp(&right.adjusted()).then_with(|| by_digits(left, right)),
    };
    if left_sign < 0 { size.reverse() } else { size }
}

/// The order of the digits of two numbers whose first digits are at the same place.
fn by_digits(left: &Number, right: &Number) -> Ordering {
    let trimmed = |number: &Number| number.digits.trim_end_matches('0').to_owned();
    trimmed(left).cmp(&trimmed(right))
}

fn compare_ratio<'gc>(
    ctx: Context<'gc>,
    own: &Number,
    (numerator, denominator): &(BigInt, BigInt),
    operator: Operator,
) -> Result<'gc> {
    if own.is_nan() {
        return match operator {
            Operator::Equal | Operator::NotEqual => Ok(Value::Bool(operator == Operator::NotEqual)),
            _ => Err(invalid(ctx, "comparison involving NaN", "InvalidOperation")),
        };
    }
    // own ? n/d is own * d ? n, exactly.
    let Some(exponent) = own.exponent() else {
        let order = if own.negative { Ordering::Less } else { Ordering::Greater };
        return Ok(Value::Bool(operator.holds(order)));
    };
    let product = own.coefficient() * denominator.magnitude();
    let scaled = Number::of_coefficient(own.negative, &product, exponent);
    Ok(Value::Bool(operator.holds(order(&scaled, &source::of_int(numerator)))))
}

/// The number as a fraction in lowest terms, unless it is too large or small to write out.
pub(super) fn ratio(number: &Number) -> Option<(BigInt, BigInt)> {
    let exponent = number.exponent().filter(|exponent| exponent.abs() <= MOST_EXPONENT)?;
    let power = num_traits::pow(BigInt::from(10), usize::try_from(exponent.abs()).ok()?);
    let coefficient = BigInt::from(number.coefficient());
    let coefficient = if number.negative { -coefficient } else { coefficient };
    Some(if exponent >= 0 {
        (coefficient * power, BigInt::from(1))
    } else {
        fractions::lowest(coefficient, power)
    })
}

/// Equal numbers have equal hashes, whatever their types.
pub(super) fn hash<'gc>(ctx: Context<'gc>, number: &Number) -> Result<'gc, i64> {
    match number.kind {
        Kind::NotANumber { signaling: true } => {
            let message = "Cannot hash a signaling NaN value";
            Err(crate::support::type_error(
                ctx.dialect().pick("Cannot hash a signaling NaN value.", message),
            ))
        }
        Kind::NotANumber { .. } => Ok(0),
        Kind::Infinity => {
            let infinity = if number.negative { f64::NEG_INFINITY } else { f64::INFINITY };
            Value::Float(infinity).hash(ctx)
        }
        Kind::Finite { .. } if number.is_zero() => Ok(0),
        Kind::Finite { exponent } => match ratio(number) {
            Some((numerator, denominator)) => fractions::hash(ctx, &numerator, &denominator),
            None => {
                let digits = number.digits.trim_end_matches('0');
                let dropped = number.digits.len() - digits.len();
                let exponent = exponent.saturating_add(i64::try_from(dropped).unwrap_or(0));
                let parts = [Value::Bool(number.negative), ctx.str(digits), Value::Int(exponent)];
                crate::support::tuple(ctx, &parts).hash(ctx)
            }
        },
    }
}
