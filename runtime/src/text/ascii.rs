//! Python 2's implicit decoding of byte strings as ASCII.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Bytes;
use crate::value::Value;

/// Checks that a byte string can be taken for text.
///
/// # Errors
///
/// `UnicodeDecodeError` at the first byte that is not ASCII.
pub(crate) fn check<'gc>(ctx: Context<'gc>, bytes: Bytes<'gc>) -> Result<'gc, ()> {
    let Some(at) = bytes.as_slice().iter().position(|byte| !byte.is_ascii()) else {
        return Ok(());
    };
    // A position in memory fits 63 bits.
    let at = at as i64;
    let args = [
        ctx.str("ascii"),
        bytes.into(),
        Value::Int(at),
        Value::Int(at + 1),
        ctx.str("ordinal not in range(128)"),
    ];
    Err(Error::with_args(&exc::UNICODE_DECODE_ERROR, &args))
}
