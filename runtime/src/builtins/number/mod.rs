//! The numeric types: int, bool, long, float, complex.
//!
//! Every text and every outcome was measured on 2.7.18.

mod arithmetic;
mod bytes;
mod complex;
mod conversion;
mod float;
mod hex;
mod int;
mod operators;
mod whole;

use crate::class::Class;
use crate::context::Context;
use crate::instance::Instance;
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    int::install(ctx);
    float::install(ctx);
    complex::install(ctx);
}

/// Makes what `__new__` of a numeric type gives: the number itself, or an instance of a subclass with it.
fn instance_of<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    own: Class<'gc>,
    number: Value<'gc>,
) -> Value<'gc> {
    if class.is(own) { number } else { Instance::with_content(ctx, class, number).into() }
}
