//! [`Long`] and [`Complex`]: the numbers that do not fit a [`Value`].

use std::cell::OnceCell;

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
pub(crate) enum LongInner {
    /// Most are small, in Python 2: their digits are made apart only for whoever asks for them.
    Small(i64, OnceCell<Box<BigInt>>),
    Big(BigInt),
}

impl<'gc> Long<'gc> {
    /// Returns a `long`, also for a small number: Python 2 keeps `1` and `1L` apart.
    ///
    /// Use [`Value::int`] where either type will do.
    #[must_use]
    pub fn new(ctx: Context<'gc>, number: impl Into<BigInt>) -> Self {
        Self(Gc::new(ctx.mc, LongInner::Big(number.into())))
    }

    /// Returns a `long` for a number within 64 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Long, Runtime};
    ///
    /// Runtime::python2().enter(|ctx| {
    ///     let seven = Long::small(ctx, 7);
    ///     assert_eq!((seven.to_i64(), seven.as_bigint()), (Some(7), &7.into()));
    /// });
    /// ```
    #[must_use]
    pub fn small(ctx: Context<'gc>, number: i64) -> Self {
        Self(Gc::new(ctx.mc, LongInner::Small(number, OnceCell::new())))
    }

    /// Returns the number.
    #[must_use]
    pub fn as_bigint(self) -> &'gc BigInt {
        match self.0.as_ref() {
            LongInner::Small(number, digits) => {
                digits.get_or_init(|| Box::new(BigInt::from(*number)))
            }
            LongInner::Big(number) => number,
        }
    }

    /// Returns the number, if it fits 64 bits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        match self.0.as_ref() {
            LongInner::Small(number, _) => Some(*number),
            LongInner::Big(number) => number.to_i64(),
        }
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
