//! `hash(x)`.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The `TypeError` for an object that has no hash.
#[cold]
pub(crate) fn unhashable<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let message = format!("unhashable type: '{}'", value.type_name(ctx));
    Error::new(&exc::TYPE_ERROR, message)
}

impl<'gc> Value<'gc> {
    /// Returns the object's hash (Python's `hash(x)`).
    ///
    /// # Errors
    ///
    /// `TypeError` if it has none; whatever a class's `__hash__` raises.
    // DIFFERENCE: strings hash under keys of the runtime, as in Python 3, also in Python 2.
    pub fn hash(self, ctx: Context<'gc>) -> Result<'gc, i64> {
        match self {
            Value::Bytes(it) => Ok(it.hash(ctx)),
            Value::Unicode(it) => Ok(it.hash(ctx)),
            Value::Int(it) => Ok(it),
            Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::ByteArray(_) => {
                Err(unhashable(ctx, self))
            }
            _ => Ok(ctx.state.hash_one(self.addr())),
        }
    }
}
