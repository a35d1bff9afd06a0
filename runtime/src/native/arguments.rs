//! Arguments of native methods, one by one.

use super::NativeValue;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Returns an argument that must be there, after [`Args::bind`](crate::Args::bind).
///
/// # Errors
///
/// `TypeError` if it is missing.
pub fn required<'gc>(argument: &Option<Value<'gc>>, function: &str) -> Result<'gc> {
    argument.ok_or_else(|| {
        Error::new(&exc::TYPE_ERROR, format!("{function}() is missing a required argument"))
    })
}

/// Converts an argument, after [`Args::bind`](crate::Args::bind).
///
/// # Errors
///
/// `TypeError` if it is missing, or of another type; `OverflowError` if a number does not fit.
pub fn argument<'gc, T: NativeValue<'gc>>(
    ctx: Context<'gc>,
    argument: Option<Value<'gc>>,
    function: &str,
) -> Result<'gc, T> {
    match (argument, T::if_missing()) {
        (Some(given), _) => T::from_object(ctx, given),
        (None, Some(missing)) => Ok(missing),
        (None, None) => required(&None, function).and_then(|given| T::from_object(ctx, given)),
    }
}
