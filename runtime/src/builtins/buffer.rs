//! Bytes wherever they lie: byte strings, bytearrays and memoryviews (the "buffer" interface).

use std::borrow::Cow;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Returns the bytes of an object that has any.
pub(super) fn bytes_of(value: Value<'_>) -> Option<Cow<'_, [u8]>> {
    match value.content() {
        Value::Bytes(bytes) => Some(Cow::Borrowed(bytes.as_slice())),
        Value::ByteArray(bytes) => Some(Cow::Owned(bytes.to_vec())),
        other => super::memoryview::bytes_of(other),
    }
}

/// The `TypeError` for an object without bytes.
#[cold]
pub(super) fn no_buffer<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let name = value.type_name(ctx);
    let message = match ctx.dialect() {
        crate::dialect::Dialect::Python2 => format!("Type {name} doesn't support the buffer API"),
        crate::dialect::Dialect::Python3 => {
            format!("a bytes-like object is required, not '{name}'")
        }
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// Returns the bytes of an object that must have some.
///
/// # Errors
///
/// `TypeError` if it has none.
pub(super) fn required<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
    bytes_of(value).ok_or_else(|| no_buffer(ctx, value))
}
