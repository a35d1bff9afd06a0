//! The values on the right of `%`.

use crate::builtins::string::kind::is_string;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The values still to be formatted.
#[derive(Debug)]
pub(super) struct Arguments<'gc> {
    rest: Vec<Value<'gc>>,
    /// What keys are looked up in: any object with items that is neither a tuple nor a string.
    mapping: Option<Value<'gc>>,
}

impl<'gc> Arguments<'gc> {
    pub(super) fn new(ctx: Context<'gc>, values: Value<'gc>) -> Result<'gc, Self> {
        if let Some(tuple) = values.as_tuple() {
            let rest = tuple.as_slice().iter().rev().copied().collect();
            return Ok(Self { rest, mapping: None });
        }
        let is_mapping = !is_string(values) && values.special(ctx, ctx.names().getitem)?.is_some();
        Ok(Self { rest: vec![values], mapping: is_mapping.then_some(values) })
    }

    /// Takes the next value.
    pub(super) fn next(&mut self) -> Result<'gc> {
        self.rest
            .pop()
            .ok_or_else(|| Error::new(&exc::TYPE_ERROR, "not enough arguments for format string"))
    }

    /// Makes the value of a key the next one.
    pub(super) fn look_up(&mut self, ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, ()> {
        let Some(mapping) = self.mapping else {
            return Err(Error::new(&exc::TYPE_ERROR, "format requires a mapping"));
        };
        self.rest = vec![mapping.get_item(ctx, key)?];
        Ok(())
    }

    /// Checks that no value is left over.
    pub(super) fn finish(self) -> Result<'gc, ()> {
        if self.rest.is_empty() || self.mapping.is_some() {
            return Ok(());
        }
        let message = "not all arguments converted during string formatting";
        Err(Error::new(&exc::TYPE_ERROR, message))
    }
}
