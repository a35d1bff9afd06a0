//! [`Long`] and [`Complex`]: the numbers that do not fit a [`Value`].

use gc_arena::{Collect, Gc};
use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::ToPrimitive;

use crate::context::Context;
use crate::convert::IntoValue;
use crate::dialect::Dialect;
use crate::handle::handle;
use crate::value::Value;

handle! {
    /// Python 2's `long` of any size; in Python 3 an `int` beyond 64 bits.
    Long(LongInner), "long"
}

#[derive(Collect)]
#[collect(require_static)]
pub(crate) struct LongInner(BigInt);

impl<'gc> Long<'gc> {
    /// Returns a `long`, also for a small number: Python 2 keeps `1` and `1L` apart.
    ///
    /// Use [`Value::int`] where either type will do.
    #[must_use]
    pub fn new(ctx: Context<'gc>, number: impl Into<BigInt>) -> Self {
        Self(Gc::new(ctx.mc, LongInner(number.into())))
    }

    /// Returns the number.
    #[must_use]
    pub fn as_bigint(self) -> &'gc BigInt {
        &self.0.as_ref().0
    }
}

impl<'gc> Value<'gc> {
    /// Returns Python's int for a number of any size: `Int` within 64 bits, else `Long`.
    #[must_use]
    pub fn int(ctx: Context<'gc>, number: BigInt) -> Self {
        match number.to_i64() {
            Some(small) => Self::Int(small),
            None => Long::new(ctx, number).into(),
        }
    }

    /// Returns Python 2's `long`, or Python 3's `int`, for a number of any size.
    #[must_use]
    pub fn long(ctx: Context<'gc>, number: BigInt) -> Self {
        match ctx.dialect() {
            Dialect::Python2 => Long::new(ctx, number).into(),
            Dialect::Python3 => Self::int(ctx, number),
        }
    }
}

impl<'gc> IntoValue<'gc> for BigInt {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        Value::int(ctx, self)
    }
}

handle! {
    /// A `complex`.
    Complex(ComplexInner), "complex"
}

#[derive(Collect)]
#[collect(require_static)]
pub(crate) struct ComplexInner(Complex64);

impl<'gc> Complex<'gc> {
    /// Returns a `complex`.
    #[must_use]
    pub fn new(ctx: Context<'gc>, real: f64, imaginary: f64) -> Self {
        Self(Gc::new(ctx.mc, ComplexInner(Complex64::new(real, imaginary))))
    }

    /// Returns the number.
    #[must_use]
    pub fn get(self) -> Complex64 {
        self.0.0
    }
}
