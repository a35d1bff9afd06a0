//! `str(x)`.

use super::hooks::own_hook;
use super::number_text;
use super::repr::{checked, string_of};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::types::Bytes;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns the text that `str(x)` gives, as a string object of the dialect.
    ///
    /// # Errors
    ///
    /// Whatever a class's `__str__` or `__repr__` raises; `TypeError` if that returns no string; in Python 2
    /// `UnicodeEncodeError` for a text that is not ASCII.
    pub fn str(self, ctx: Context<'gc>) -> Result<'gc> {
        match (self, ctx.dialect()) {
            (Value::Bytes(_), Dialect::Python2) | (Value::Unicode(_), Dialect::Python3) => {
                return Ok(self);
            }
            _ => {}
        }
        if let Some(hook) = own_hook(ctx, self, ctx.names().str)? {
            return checked(ctx, "__str__", hook.call(ctx, ())?);
        }
        content_str(ctx, self)
    }
}

/// Returns the text of the built-in content, whatever a class's `__str__` says: what `float.__str__(x)` and
/// `object.__str__(x)` give.
///
/// # Errors
///
/// As [`Value::str`].
pub(crate) fn content_str<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    let content = value.content();
    match (content, ctx.dialect()) {
        (Value::Bytes(_), Dialect::Python2) | (Value::Unicode(_), Dialect::Python3) => {
            return Ok(content);
        }
        (Value::Unicode(text), Dialect::Python2) => {
            return Ok(crate::text::ascii::encode(ctx, text)?.into());
        }
        (Value::ByteArray(array), Dialect::Python2) => {
            return Ok(Bytes::from_vec(ctx, array.to_vec()).into());
        }
        (Value::ClassicClass(class), _) => return Ok(ctx.str(&class.str_name(ctx))),
        // Python 3's numbers show themselves by repr, which a subclass may have changed.
        (_, Dialect::Python2) => {
            if let Some(text) = number_text::str(ctx, content) {
                return Ok(string_of(ctx, text.into_bytes()));
            }
        }
        _ => {}
    }
    match own_hook(ctx, value, ctx.names().repr)? {
        Some(hook) => checked(ctx, "__str__", hook.call(ctx, ())?),
        None => super::repr::content_repr(ctx, value),
    }
}
