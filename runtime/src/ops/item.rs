//! Items: `x[key]`.

use crate::context::Context;
use crate::convert::{IntoValue, expected};
use crate::error::Result;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns an item (Python's `x[key]`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no items; `IndexError` or `KeyError` if it has not this one.
    pub fn get_item(self, ctx: Context<'gc>, key: impl IntoValue<'gc>) -> Result<'gc> {
        let key = key.into_value(ctx);
        match self.special(ctx, ctx.names().getitem)? {
            Some(hook) => hook.call(ctx, (key,)),
            None => Err(expected(ctx, "sequence", self)),
        }
    }
}
