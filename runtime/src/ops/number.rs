//! Numbers of different types, compared and hashed by value.
//!
//! Source of the rules: the Python documentation, "Value comparisons", and `numbers`, "Notes for type implementors":
//! numbers of any types compare by their exact values, and equal numbers have equal hashes.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::{FromPrimitive, Signed, ToPrimitive};

use crate::context::Context;
use crate::value::Value;

/// The number that an int, long, bool, float or complex is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number<'a> {
    Int(i64),
    Long(&'a BigInt),
    Float(f64),
    Complex(Complex64),
}

impl<'gc> Number<'gc> {
    /// Reads a number; an instance of a subclass is none here.
    pub(crate) fn of(value: Value<'gc>) -> Option<Self> {
        Some(match value {
            Value::Bool(it) => Self::Int(it.into()),
            Value::Int(it) => Self::Int(it),
            Value::Long(it) => Self::Long(it.as_bigint()),
            Value::Float(it) => Self::Float(it),
            Value::Complex(it) => Self::Complex(it.get()),
            _ => return None,
        })
    }
}

impl Number<'_> {
    /// Whether both are the same number.
    pub(crate) fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Complex(a), Self::Complex(b)) => a == b,
            (Self::Complex(a), b) | (b, Self::Complex(a)) => {
                a.im == 0.0 && Self::Float(a.re).equals(b)
            }
            (a, b) => a.order(b) == Some(Ordering::Equal),
        }
    }

    /// The order of two real numbers; `None` if one is NaN or complex.
    pub(crate) fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Long(a), Self::Long(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Float(b)) => order_int_float(a, b),
            (Self::Float(a), Self::Int(b)) => order_int_float(b, a).map(Ordering::reverse),
            (Self::Long(a), Self::Float(b)) => order_long_float(a, b),
            (Self::Float(a), Self::Long(b)) => order_long_float(b, a).map(Ordering::reverse),
            (Self::Long(a), Self::Int(b)) => Some(order_long_int(a, b)),
            (Self::Int(a), Self::Long(b)) => Some(order_long_int(b, a).reverse()),
            (Self::Complex(_), _) | (_, Self::Complex(_)) => None,
        }
    }

    /// The hash: an int within 64 bits is its own, but for -1, which CPython's C interface reserves for errors.
    // DIFFERENCE: other numbers hash under the runtime's keys, so that nobody can make many of them collide.
    pub(crate) fn hash(self, ctx: Context<'_>) -> i64 {
        match self {
            Self::Int(-1) => -2,
            Self::Int(it) => it,
            Self::Long(it) => match it.to_i64() {
                Some(small) => Self::Int(small).hash(ctx),
                None => ctx.state.hash_one(it),
            },
            Self::Float(it) => hash_float(ctx, it),
            Self::Complex(it) if it.im == 0.0 => hash_float(ctx, it.re),
            Self::Complex(it) => ctx.state.hash_one((hash_float(ctx, it.re), it.im.to_bits())),
        }
    }
}

fn order_int_float(int: i64, float: f64) -> Option<Ordering> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= BOUND {
        return Some(Ordering::Less);
    }
    if float < -BOUND {
        return Some(Ordering::Greater);
    }
    // In these bounds the whole part is exact.
    let order = int.cmp(&(float.trunc() as i64));
    Some(order.then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)))
}

fn order_long_float(long: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    match BigInt::from_f64(float.trunc()) {
        Some(whole) => {
            let fraction = || 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal);
            Some(long.cmp(&whole).then_with(fraction))
        }
        None if float > 0.0 => Some(Ordering::Less),
        None => Some(Ordering::Greater),
    }
}

fn order_long_int(long: &BigInt, int: i64) -> Ordering {
    match long.to_i64() {
        Some(small) => small.cmp(&int),
        None if long.is_negative() => Ordering::Less,
        None => Ordering::Greater,
    }
}

fn hash_float(ctx: Context<'_>, float: f64) -> i64 {
    if float.fract() != 0.0 || !float.is_finite() {
        return ctx.state.hash_one(float.to_bits());
    }
    match BigInt::from_f64(float) {
        Some(whole) => Number::Long(&whole).hash(ctx),
        None => ctx.state.hash_one(float.to_bits()),
    }
}
