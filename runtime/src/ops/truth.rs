//! Truth and length.

use super::hooks::own_hook;
use super::index::integer_required;
use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns whether the object counts as true (Python's `bool(x)`).
    ///
    /// # Errors
    ///
    /// Whatever a class's `__nonzero__` (Python 3: `__bool__`) or `__len__` raises.
    pub fn truth(self, ctx: Context<'gc>) -> Result<'gc, bool> {
        let name = ctx.dialect().pick(ctx.names().nonzero, ctx.names().bool_python3);
        if let Some(hook) = own_hook(ctx, self, name)? {
            return truth_of_result(ctx, self, hook.call(ctx, ())?);
        }
        if let Some(hook) = own_hook(ctx, self, ctx.names().len)? {
            let length = hook.call(ctx, ())?;
            return match self {
                Value::ClassicInstance(_) => truth_of_result(ctx, self, length),
                _ => Ok(length_of_result(ctx, self, length)? > 0),
            };
        }
        Ok(content_truth(self))
    }

    /// Returns the number of items (Python's `len(x)`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no length; whatever a class's `__len__` raises.
    pub fn len(self, ctx: Context<'gc>) -> Result<'gc, usize> {
        if let Some(hook) = own_hook(ctx, self, ctx.names().len)? {
            return length_of_result(ctx, self, hook.call(ctx, ())?);
        }
        if let Some(length) = content_len(self) {
            return Ok(length);
        }
        if let Value::ClassicInstance(_) = self {
            return Err(crate::attr::no_attribute(ctx, self, ctx.names().len));
        }
        let message = format!("object of type '{}' has no len()", self.type_name(ctx));
        Err(Error::new(&exc::TYPE_ERROR, message))
    }
}

/// Returns the number of items of the built-in content, if it has any.
pub(crate) fn content_len(value: Value<'_>) -> Option<usize> {
    Some(match value.content() {
        Value::Bytes(it) => it.len(),
        Value::Unicode(it) => it.len(),
        Value::ByteArray(it) => it.len(),
        Value::Tuple(it) => it.len(),
        Value::List(it) => it.len(),
        Value::Dict(it) => it.len(),
        Value::Set(it) => it.len(),
        Value::FrozenSet(it) => it.len(),
        Value::Range(it) => usize::try_from(it.len()).unwrap_or(usize::MAX),
        _ => return None,
    })
}

/// Whether the built-in content counts as true: not zero, not empty, not None.
pub(crate) fn content_truth(value: Value<'_>) -> bool {
    let content = value.content();
    match Number::of(content) {
        Some(Number::Int(it)) => it != 0,
        Some(Number::Long(it)) => it.sign() != num_bigint::Sign::NoSign,
        Some(Number::Float(it)) => it != 0.0,
        Some(Number::Complex(it)) => it.re != 0.0 || it.im != 0.0,
        None => !content.is_none() && content_len(content) != Some(0),
    }
}

/// Reads what `__nonzero__` or `__bool__` returned.
fn truth_of_result<'gc>(
    ctx: Context<'gc>,
    receiver: Value<'gc>,
    result: Value<'gc>,
) -> Result<'gc, bool> {
    let is_classic = matches!(receiver, Value::ClassicInstance(_));
    match (result.content(), ctx.dialect()) {
        (Value::Bool(it), _) => Ok(it),
        (Value::Int(it), Dialect::Python2) if is_classic && it < 0 => {
            Err(Error::new(&exc::VALUE_ERROR, "__nonzero__ should return >= 0"))
        }
        (Value::Int(it), Dialect::Python2) => Ok(it != 0),
        (_, Dialect::Python2) if is_classic => {
            Err(Error::new(&exc::TYPE_ERROR, "__nonzero__ should return an int"))
        }
        (_, dialect) => {
            let rule = dialect.pick(
                "__nonzero__ should return bool or int, returned",
                "__bool__ should return bool, returned",
            );
            Err(Error::new(&exc::TYPE_ERROR, format!("{rule} {}", result.type_name(ctx))))
        }
    }
}

/// Reads what `__len__` returned.
fn length_of_result<'gc>(
    ctx: Context<'gc>,
    receiver: Value<'gc>,
    result: Value<'gc>,
) -> Result<'gc, usize> {
    let length = match Number::of(result.content()) {
        Some(Number::Int(it)) => Some(it),
        Some(Number::Long(it)) => num_traits::ToPrimitive::to_i64(it),
        _ if matches!(receiver, Value::ClassicInstance(_)) => {
            return Err(Error::new(&exc::TYPE_ERROR, "__len__() should return an int"));
        }
        _ => return Err(integer_required(ctx, result)),
    };
    let Some(length) = length else {
        let message = ctx.dialect().pick(
            "long int too large to convert to int",
            "cannot fit 'int' into an index-sized integer",
        );
        return Err(Error::new(&exc::OVERFLOW_ERROR, message));
    };
    usize::try_from(length)
        .map_err(|_| Error::new(&exc::VALUE_ERROR, "__len__() should return >= 0"))
}
