//! `repr(x)` and `str(x)`.

use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns the text that `repr(x)` gives, as a string object of the dialect.
    ///
    /// # Errors
    ///
    /// Whatever a class's `__repr__` raises; `TypeError` if that returns no string.
    pub fn repr(self, ctx: Context<'gc>) -> Result<'gc> {
        match self {
            Value::Int(it) => Ok(ctx.str(&it.to_string())),
            _ => Ok(ctx.str(&format!("<{} object>", self.type_name(ctx)))),
        }
    }

    /// Returns the text that `str(x)` gives, as a string object of the dialect.
    ///
    /// # Errors
    ///
    /// Whatever a class's `__str__` or `__repr__` raises; `TypeError` if that returns no string.
    pub fn str(self, ctx: Context<'gc>) -> Result<'gc> {
        match self {
            Value::Bytes(_) => Ok(self),
            _ => self.repr(ctx),
        }
    }
}
