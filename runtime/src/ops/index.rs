//! Objects as whole numbers where a position or count is wanted (`__index__`).

use crate::builtins::positions;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The `TypeError` where CPython's C code wants an int.
#[cold]
pub(crate) fn integer_required<'gc>(ctx: Context<'gc>, got: Value<'gc>) -> Error<'gc> {
    let message = match ctx.dialect() {
        Dialect::Python2 => "an integer is required".to_owned(),
        Dialect::Python3 => {
            format!("'{}' object cannot be interpreted as an integer", got.type_name(ctx))
        }
    };
    Error::new(&exc::TYPE_ERROR, message)
}

impl<'gc> Value<'gc> {
    /// Returns the int or long that the object stands for (Python's `operator.index(x)`), which `__index__` gives.
    ///
    /// # Errors
    ///
    /// `TypeError` if it stands for none; whatever a class's `__index__` raises.
    pub fn index(self, ctx: Context<'gc>) -> Result<'gc> {
        match positions::as_index(ctx, self)? {
            Some(index) => Ok(index),
            None => Err(positions::not_an_index(ctx, self)),
        }
    }
}
