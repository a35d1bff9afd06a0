//! Objects as whole numbers where a position or count is wanted (`__index__`).

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::hooks::own_hook;
use super::number::Number;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The `TypeError` where CPython's C code wants an int.
#[cold]
pub(crate) fn integer_required<'gc>(ctx: Context<'gc>, got: Value<'gc>) -> Error<'gc> {
    let message = match ctx.dialect() {
        crate::dialect::Dialect::Python2 => "an integer is required".to_owned(),
        crate::dialect::Dialect::Python3 => {
            format!("'{}' object cannot be interpreted as an integer", got.type_name(ctx))
        }
    };
    Error::new(&exc::TYPE_ERROR, message)
}

impl<'gc> Value<'gc> {
    /// Returns the whole number that the object stands for (Python's `operator.index(x)`): an int, a long, or what
    /// `__index__` gives.
    ///
    /// # Errors
    ///
    /// `TypeError` if it stands for none; whatever a class's `__index__` raises.
    pub fn index(self, ctx: Context<'gc>) -> Result<'gc, BigInt> {
        match self.find_index(ctx)? {
            Some(index) => Ok(index),
            None => {
                let name = self.type_name(ctx);
                let message = format!("'{name}' object cannot be interpreted as an index");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    /// Returns the whole number that the object stands for; `None` if it stands for none.
    pub(crate) fn find_index(self, ctx: Context<'gc>) -> Result<'gc, Option<BigInt>> {
        if let Some(index) = integer(self) {
            return Ok(Some(index));
        }
        let Some(hook) = own_hook(ctx, self, ctx.names().index)? else {
            return Ok(None);
        };
        let result = hook.call(ctx, ())?;
        match integer(result) {
            Some(index) => Ok(Some(index)),
            None => {
                let name = result.type_name(ctx);
                let message = match ctx.dialect() {
                    crate::dialect::Dialect::Python2 => {
                        format!("__index__ returned non-(int,long) (type {name})")
                    }
                    crate::dialect::Dialect::Python3 => {
                        format!("__index__ returned non-int (type {name})")
                    }
                };
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }
}

fn integer(value: Value<'_>) -> Option<BigInt> {
    match Number::of(value.content()) {
        Some(Number::Int(it)) => Some(it.into()),
        Some(Number::Long(it)) => Some(it.clone()),
        _ => None,
    }
}

/// The number as an offset; what does not fit is as far away as an offset can be.
pub(crate) fn clamp(index: &BigInt) -> i64 {
    index.to_i64().unwrap_or(if index.is_negative() { i64::MIN } else { i64::MAX })
}
