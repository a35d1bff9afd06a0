//! `==`.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use crate::context::Context;
use crate::dialect::Dialect;
use crate::value::Value;

/// Compares objects whose equality needs no call: `None` if it may need one.
pub(crate) fn plain_equality<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    match (a, b) {
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.as_slice() == b.as_slice()),
        (Value::Unicode(a), Value::Unicode(b)) => {
            Some(a.as_generalised_utf8() == b.as_generalised_utf8())
        }
        (Value::Bytes(bytes), Value::Unicode(text))
        | (Value::Unicode(text), Value::Bytes(bytes)) => {
            // Python 2 decodes byte strings as ASCII; what is not ASCII equals no text.
            let equal = ctx.dialect() == Dialect::Python2
                && bytes.as_slice().is_ascii()
                && bytes.as_slice() == text.as_generalised_utf8();
            Some(equal)
        }
        _ if is_number(a) && is_number(b) => Some(numbers_equal(a, b)),
        _ if is_simple(a) && is_simple(b) => Some(false),
        _ => None,
    }
}

/// Atoms, strings and numbers: none of them equals one of another kind, and none runs code.
fn is_simple(value: Value<'_>) -> bool {
    is_number(value)
        || matches!(
            value,
            Value::None
                | Value::Ellipsis
                | Value::NotImplemented
                | Value::Bytes(_)
                | Value::Unicode(_)
                | Value::Function(_)
                | Value::Builtin(_)
                | Value::Module(_)
        )
}

fn is_number(value: Value<'_>) -> bool {
    matches!(
        value,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Long(_) | Value::Complex(_)
    )
}

fn numbers_equal<'gc>(a: Value<'gc>, b: Value<'gc>) -> bool {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => return a == b,
        (Some(int), None) => return equals_integer(b, &int),
        (None, Some(int)) => return equals_integer(a, &int),
        (None, None) => {}
    }
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a.get() == b.get(),
        (Value::Complex(c), Value::Float(f)) | (Value::Float(f), Value::Complex(c)) => {
            c.get().im == 0.0 && c.get().re == f
        }
        _ => false,
    }
}

fn integer(value: Value<'_>) -> Option<BigInt> {
    match value {
        Value::Bool(it) => Some(i64::from(it).into()),
        Value::Int(it) => Some(it.into()),
        Value::Long(it) => Some(it.as_bigint().clone()),
        _ => None,
    }
}

/// Whether a float or complex is exactly this int: no rounding.
fn equals_integer(value: Value<'_>, int: &BigInt) -> bool {
    let float = match value {
        Value::Float(float) => float,
        Value::Complex(complex) if complex.get().im == 0.0 => complex.get().re,
        _ => return false,
    };
    match int.to_i64() {
        Some(int) if int.unsigned_abs() <= 1 << 53 => float == int as f64,
        _ => BigInt::from_f64(float).is_some_and(|it| it == *int && float.fract() == 0.0),
    }
}

impl<'gc> Value<'gc> {
    /// Returns whether two objects are equal (Python's `a == b`, as a truth value).
    ///
    /// # Errors
    ///
    /// Whatever a class's `__eq__` or `__cmp__` raises; `RuntimeError` if the objects nest too deep.
    pub fn equals(self, ctx: Context<'gc>, other: Value<'gc>) -> crate::error::Result<'gc, bool> {
        Ok(plain_equality(ctx, self, other).unwrap_or(false))
    }

    /// Returns an item (Python's `x[key]`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no items; `IndexError` or `KeyError` if it has not this one.
    pub fn get_item(
        self,
        ctx: Context<'gc>,
        key: impl crate::convert::IntoValue<'gc>,
    ) -> crate::error::Result<'gc> {
        let key = key.into_value(ctx);
        match self.special(ctx, ctx.names().getitem)? {
            Some(hook) => hook.call(ctx, (key,)),
            None => Err(crate::convert::expected(ctx, "sequence", self)),
        }
    }
}
