//! The options of a dump that functions and the class `Pickler` share.

use halfsour_runtime::{Context, Error, Result, Value, exc};
use num_traits::ToPrimitive;

use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::pickler::Pickler;

/// Returns the encoder for the protocol that a caller asks for.
///
/// # Errors
/// TypeError for what is no int, OverflowError for one that no C long holds, ValueError for a protocol that there is not,
/// or one that has no buffers for a callback.
pub(super) fn encoder<'gc>(
    ctx: Context<'gc>,
    protocol: Option<Value<'gc>>,
    buffer_callback: Option<Value<'gc>>,
) -> Result<'gc, Encoder> {
    let pickler = Pickler::new().flavour(Flavour::Python3);
    let encoder = match protocol.filter(|protocol| !protocol.is_none()) {
        None => pickler.encoder(ctx)?,
        Some(protocol) => {
            let limits = (i64::from(i32::MIN), i64::from(i32::MAX));
            let protocol = c_long(ctx, protocol)?.clamp(limits.0, limits.1);
            pickler.protocol(i32::try_from(protocol).unwrap_or(i32::MAX)).encoder(ctx)?
        }
    };
    if buffer_callback.is_some() && encoder.protocol() < 5 {
        return Err(Error::new(&exc::VALUE_ERROR, "buffer_callback needs protocol >= 5"));
    }
    Ok(encoder)
}

/// Reads an int, as C code does.
///
/// # Errors
/// TypeError for what is none, OverflowError for one that is too large.
pub(super) fn c_long<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, i64> {
    let number = match value.index(ctx)?.content() {
        Value::Bool(number) => Some(i64::from(number)),
        Value::Int(number) => Some(number),
        Value::Long(number) => number.as_bigint().to_i64(),
        _ => None,
    };
    number.ok_or_else(|| {
        Error::new(&exc::OVERFLOW_ERROR, "Python int too large to convert to C long")
    })
}

/// Whether an option is on, which is if nothing is said.
pub(super) fn is_on<'gc>(ctx: Context<'gc>, option: Option<Value<'gc>>) -> Result<'gc, bool> {
    option.map_or(Ok(true), |option| option.truth(ctx))
}

/// An option that is given, and is not None.
pub(super) fn given(option: Option<Value<'_>>) -> Option<Value<'_>> {
    option.filter(|option| !option.is_none())
}
