//! Arithmetic of two numbers of any types.

use num_bigint::BigInt;

use super::conversion::real_to_float;
use super::{complex, float, whole};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::ops::number::Number;
use crate::value::Value;

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    /// `/` without `from __future__ import division`.
    Divide,
    TrueDivide,
    FloorDivide,
    Modulo,
    DivMod,
    Power,
    ShiftLeft,
    ShiftRight,
    And,
    Or,
    Xor,
}

/// Computes with two objects, `None` if the type of `this` does not compute with the other's.
pub(super) fn compute<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    this: Value<'gc>,
    other: Value<'gc>,
    is_reflected: bool,
) -> Result<'gc, Option<Value<'gc>>> {
    let (this, other) = (this.content(), other.content());
    let (Some(own), Some(foreign)) = (Number::of(this), Number::of(other)) else {
        return Ok(None);
    };
    if !takes(ctx, own, foreign) {
        return Ok(None);
    }
    if let (Value::Bool(a), Value::Bool(b)) = (this, other)
        && let Some(result) = of_bools(operation, a, b)
    {
        return Ok(Some(Value::Bool(result)));
    }
    let (a, b) = if is_reflected { (foreign, own) } else { (own, foreign) };
    of_numbers(ctx, operation, a, b).map(Some)
}

/// Whether a type computes with another: a long with an int, but not an int with a long, and so on up.
fn takes(ctx: Context<'_>, own: Number<'_>, other: Number<'_>) -> bool {
    match (own, other) {
        (_, Number::Int(_)) | (Number::Complex(_), _) => true,
        (Number::Int(_), Number::Long(_)) => ctx.dialect() == Dialect::Python3,
        (Number::Long(_) | Number::Float(_), Number::Long(_)) => true,
        (Number::Float(_), Number::Float(_)) => true,
        _ => false,
    }
}

fn of_bools(operation: Operation, a: bool, b: bool) -> Option<bool> {
    match operation {
        Operation::And => Some(a & b),
        Operation::Or => Some(a | b),
        Operation::Xor => Some(a ^ b),
        _ => None,
    }
}

fn of_numbers<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    a: Number<'gc>,
    b: Number<'gc>,
) -> Result<'gc> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(result) = whole::compute_small(operation, a, b)
    {
        return Ok(Value::Int(result));
    }
    if matches!(a, Number::Complex(_)) || matches!(b, Number::Complex(_)) {
        let (a, b) = (complex::of_number(ctx, a)?, complex::of_number(ctx, b)?);
        return complex::compute(ctx, operation, a, b);
    }
    if matches!(a, Number::Float(_)) || matches!(b, Number::Float(_)) {
        let (a, b) = (real_to_float(ctx, a)?, real_to_float(ctx, b)?);
        return float::compute(ctx, operation, a, b);
    }
    let is_long = matches!(a, Number::Long(_)) || matches!(b, Number::Long(_));
    match (whole_number(a), whole_number(b)) {
        (Some(a), Some(b)) => whole::compute(ctx, operation, &a, &b, is_long),
        _ => Ok(Value::NotImplemented),
    }
}

/// Returns the number if it is an int or a long.
pub(super) fn whole_number(number: Number<'_>) -> Option<BigInt> {
    match number {
        Number::Int(it) => Some(it.into()),
        Number::Long(it) => Some(it.clone()),
        _ => None,
    }
}
