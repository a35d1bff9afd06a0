//! Binary operators over any two objects: `a + b` asks the classes of both.
//!
//! Source of the rules: the Python documentation, "Emulating numeric types".

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::value::Value;

/// A binary operator: its special method, the one with swapped operands, and what messages call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BinaryOperator {
    method: &'static str,
    reflected: &'static str,
    shown: &'static str,
}

pub(super) const ADD: BinaryOperator =
    BinaryOperator { method: "__add__", reflected: "__radd__", shown: "+" };
pub(super) const DIVMOD: BinaryOperator =
    BinaryOperator { method: "__divmod__", reflected: "__rdivmod__", shown: "divmod()" };
pub(super) const POWER: BinaryOperator =
    BinaryOperator { method: "__pow__", reflected: "__rpow__", shown: "** or pow()" };

impl BinaryOperator {
    /// Applies the operator.
    ///
    /// # Errors
    ///
    /// `TypeError` if neither operand's class knows the other; whatever a special method raises.
    pub(super) fn apply<'gc>(
        self,
        ctx: Context<'gc>,
        left: Value<'gc>,
        right: Value<'gc>,
    ) -> Result<'gc> {
        let (method, reflected) = (ctx.intern(self.method), ctx.intern(self.reflected));
        let made = if reflects_first(ctx, left, right, reflected) {
            match ask(ctx, right, reflected, left)? {
                None => ask(ctx, left, method, right)?,
                answer => answer,
            }
        } else {
            match ask(ctx, left, method, right)? {
                None => ask(ctx, right, reflected, left)?,
                answer => answer,
            }
        };
        made.ok_or_else(|| self.unsupported(ctx, left, right))
    }

    #[cold]
    fn unsupported<'gc>(
        self,
        ctx: Context<'gc>,
        left: Value<'gc>,
        right: Value<'gc>,
    ) -> Error<'gc> {
        let message = format!(
            "unsupported operand type(s) for {}: '{}' and '{}'",
            self.shown,
            left.type_name(ctx),
            right.type_name(ctx)
        );
        Error::new(&exc::TYPE_ERROR, message)
    }
}

/// A right operand of a class derived from the left one's is asked first, if it has a method of its own.
fn reflects_first<'gc>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    right: Value<'gc>,
    reflected: Name<'gc>,
) -> bool {
    let (left, right) = (left.type_of(ctx), right.type_of(ctx));
    if left.is(right) || !right.is_subclass_of(left) {
        return false;
    }
    match (left.lookup(ctx, reflected), right.lookup(ctx, reflected)) {
        (Some(inherited), Some(own)) => !inherited.is(own),
        (None, Some(_)) => true,
        _ => false,
    }
}

fn ask<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    method: Name<'gc>,
    operand: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let Some(hook) = object.special(ctx, method)? else {
        return Ok(None);
    };
    match hook.call(ctx, (operand,))? {
        Value::NotImplemented => Ok(None),
        answer => Ok(Some(answer)),
    }
}
