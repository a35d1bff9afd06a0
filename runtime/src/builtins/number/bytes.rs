//! `int.to_bytes` and `int.from_bytes` (Python 3).

use num_bigint::{BigInt, Sign};
use num_traits::Signed;

use crate::args::Args;
use crate::builtins::arguments::named;
use crate::builtins::buffer;
use crate::builtins::define::Define;
use crate::builtins::positions;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Bytes;
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define.method("to_bytes", to_bytes).class_method("from_bytes", from_bytes);
}

/// Whether the most significant byte comes first.
fn is_big<'gc>(ctx: Context<'gc>, order: Option<Value<'gc>>) -> Result<'gc, bool> {
    let order = order.map_or(Ok("big".to_owned()), |order| order.to::<String>(ctx))?;
    match order.as_str() {
        "big" => Ok(true),
        "little" => Ok(false),
        _ => {
            let message = "byteorder must be either 'little' or 'big'";
            Err(Error::new(&exc::VALUE_ERROR, message))
        }
    }
}

fn to_bytes<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [length, order, signed] = named(&args, "to_bytes", ["length", "byteorder", "signed"], 0)?;
    let length = length.map_or(Ok(1), |length| positions::count(ctx, length))?;
    let (is_big, signed) = (is_big(ctx, order)?, signed.is_some_and(|it| it.is(Value::Bool(true))));
    let number: BigInt = this.to(ctx)?;
    let refuse = |kind, message: &'static str| Err(Error::new(kind, message));
    let Ok(length) = usize::try_from(length) else {
        return refuse(&exc::VALUE_ERROR, "length argument must be non-negative");
    };
    if number.is_negative() && !signed {
        return refuse(&exc::OVERFLOW_ERROR, "can't convert negative int to unsigned");
    }
    let mut bytes = match (signed, number.sign()) {
        (_, Sign::NoSign) => Vec::new(),
        (true, _) => number.to_signed_bytes_le(),
        (false, _) => number.to_bytes_le().1,
    };
    if bytes.len() > length {
        return refuse(&exc::OVERFLOW_ERROR, "int too big to convert");
    }
    if bytes.try_reserve_exact(length - bytes.len()).is_err() {
        return Err(Error::bare(&exc::MEMORY_ERROR));
    }
    bytes.resize(length, if number.is_negative() { 0xff } else { 0 });
    if is_big {
        bytes.reverse();
    }
    Ok(Bytes::from_vec(ctx, bytes).into())
}

fn from_bytes<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [bytes, order, signed] = named(&args, "from_bytes", ["bytes", "byteorder", "signed"], 1)?;
    let (is_big, signed) = (is_big(ctx, order)?, signed.is_some_and(|it| it.is(Value::Bool(true))));
    let bytes = match bytes {
        Some(bytes) => buffer::required(ctx, bytes)?.into_owned(),
        None => Vec::new(),
    };
    let number = match (is_big, signed) {
        (true, true) => BigInt::from_signed_bytes_be(&bytes),
        (false, true) => BigInt::from_signed_bytes_le(&bytes),
        (true, false) => BigInt::from_bytes_be(Sign::Plus, &bytes),
        (false, false) => BigInt::from_bytes_le(Sign::Plus, &bytes),
    };
    let number = Value::int(ctx, number);
    if class.is(ctx.types().int.into()) {
        return Ok(number);
    }
    class.call(ctx, (number,))
}
