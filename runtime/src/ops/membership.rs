//! `item in x`.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns whether `item` is among the object's items (Python's `item in x`): asks `__contains__`, or iterates.
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no items; whatever a class's `__contains__`, `__iter__` or `__eq__` raises.
    pub fn contains(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
        match self.special(ctx, ctx.names().contains)? {
            Some(hook) => hook.call(ctx, (item,))?.truth(ctx),
            None => contains_by_iteration(ctx, self, item),
        }
    }
}

/// Looks for an item by iterating, as `in` does where there is no `__contains__`.
///
/// # Errors
///
/// `TypeError` if the object cannot be iterated over; whatever its `__iter__` or an `__eq__` raises.
fn contains_by_iteration<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, bool> {
    let items = match object.iter(ctx) {
        Ok(items) => items,
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
            let message = format!("argument of type '{}' is not iterable", object.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        Err(error) => return Err(error),
    };
    while let Some(candidate) = items.next(ctx)? {
        if candidate.is_or_equals(ctx, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
