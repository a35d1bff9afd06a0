//! Truth and length.

use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns whether the object counts as true (Python's `bool(x)`).
    ///
    /// # Errors
    ///
    /// Whatever a class's `__nonzero__` (Python 3: `__bool__`) or `__len__` raises.
    pub fn truth(self, ctx: Context<'gc>) -> Result<'gc, bool> {
        let _ = ctx;
        Ok(!matches!(self, Value::None | Value::Bool(false) | Value::Int(0)))
    }
}
