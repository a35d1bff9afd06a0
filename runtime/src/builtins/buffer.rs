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

impl<'gc> Value<'gc> {
    /// Runs Rust code over the bytes of a byte string, a bytearray or a memoryview, without a copy; returns `None` if
    /// the object is none of these.
    ///
    /// Nothing else may touch the object meanwhile.
    pub fn with_bytes<R>(self, read: impl FnOnce(&[u8]) -> R) -> Option<R> {
        match self.content() {
            Value::Bytes(bytes) => Some(read(bytes.as_slice())),
            Value::ByteArray(bytes) => Some(bytes.with(read)),
            other => super::memoryview::with_bytes(other, read),
        }
    }

    /// Returns whether the bytes of a byte string, a bytearray or a memoryview can only be read; `None` if the object is
    /// none of these.
    #[must_use]
    pub fn has_read_only_bytes(self) -> Option<bool> {
        match self.content() {
            Value::Bytes(_) => Some(true),
            Value::ByteArray(_) => Some(false),
            other => super::memoryview::is_read_only(other),
        }
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
    if let Some(bytes) = bytes_of(value) {
        return Ok(bytes);
    }
    let view = ctx.exported_view(value)?.map(Value::from);
    view.and_then(bytes_of).ok_or_else(|| no_buffer(ctx, value))
}
