//! `==`.
//!
//! Source of the rules: the Python documentation, "Basic customization" (`__eq__`, `__cmp__`) and "Coercion rules" in
//! the data model; the order of the attempts was measured on 2.7.18.

use super::deep_equality::Comparison;
use super::hooks::may_have_hooks;
use super::number::Number;
use super::order;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Value;

/// Compares objects whose equality needs no call: `None` if it may need one.
///
/// Containers take an object to equal itself, whatever its class says; so does this.
pub(crate) fn plain_equality<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    plain_difference(ctx, a, b)
}

/// Compares atoms, strings and numbers by value: none of them runs code.
fn plain_difference<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Option<bool> {
    match (a, b) {
        (Value::Bytes(a), Value::Bytes(b)) => return Some(a.as_slice() == b.as_slice()),
        (Value::Unicode(a), Value::Unicode(b)) => {
            return Some(a.as_generalised_utf8() == b.as_generalised_utf8());
        }
        (Value::Bytes(bytes), Value::Unicode(text))
        | (Value::Unicode(text), Value::Bytes(bytes)) => {
            // Python 2 decodes byte strings as ASCII; what is not ASCII equals no text.
            let equal = ctx.dialect() == Dialect::Python2
                && bytes.as_slice().is_ascii()
                && bytes.as_slice() == text.as_generalised_utf8();
            return Some(equal);
        }
        _ => {}
    }
    match (Number::of(a), Number::of(b)) {
        (Some(a), Some(b)) => Some(a.equals(b)),
        _ if is_simple(a) && is_simple(b) => Some(a.is(b)),
        _ => None,
    }
}

/// Atoms, strings and numbers, and what equals only itself.
fn is_simple(value: Value<'_>) -> bool {
    Number::of(value).is_some()
        || matches!(
            value,
            Value::None
                | Value::Ellipsis
                | Value::NotImplemented
                | Value::Bytes(_)
                | Value::Unicode(_)
                | Value::Function(_)
                | Value::Module(_)
        )
}

impl<'gc> Value<'gc> {
    /// Returns whether two objects are equal (Python's `a == b`, as a truth value).
    ///
    /// # Errors
    ///
    /// Whatever a class's `__eq__` or `__cmp__` raises; `RuntimeError` if the objects nest too deep.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{IntoValue, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let ints = vec![1, 2].into_value(ctx);
    ///     let floats = vec![1.0, 2.0].into_value(ctx);
    ///     assert!(ints.equals(ctx, floats)?);
    ///     assert!(!Value::Float(f64::NAN).equals(ctx, Value::Float(f64::NAN))?);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn equals(self, ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc, bool> {
        if let Some(equal) = plain_difference(ctx, self, other) {
            return Ok(equal);
        }
        match by_hooks(ctx, self, other)? {
            Some(equal) => Ok(equal),
            None => Comparison::new(ctx).contents(self, other),
        }
    }

    /// Returns whether two objects are the same or equal, as containers compare their items: a NaN in a list equals
    /// itself.
    ///
    /// # Errors
    ///
    /// As [`equals`](Self::equals).
    pub fn is_or_equals(self, ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc, bool> {
        if self.is(other) { Ok(true) } else { self.equals(ctx, other) }
    }
}

/// Compares the built-in contents of two objects, whatever their classes say: what `list.__eq__(a, b)` gives.
/// `None` is `NotImplemented`: contents of these types are not compared with each other.
///
/// # Errors
///
/// Whatever comparing the items raises; `RuntimeError` if the objects nest too deep.
pub(crate) fn content_equal<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Option<bool>> {
    if !comparable(a, b) {
        return Ok(None);
    }
    Comparison::new(ctx).contents(a, b).map(Some)
}

/// Whether two contents are of types that compare by value.
pub(super) fn comparable<'gc>(a: Value<'gc>, b: Value<'gc>) -> bool {
    use Value::{
        Builtin, ByteArray, Bytes, Dict, FrozenSet, List, Method, Range, Set, Slice, Tuple, Unicode,
    };
    let (a, b) = (a.content(), b.content());
    matches!(
        (a, b),
        (Bytes(_) | Unicode(_), Bytes(_) | Unicode(_))
            | (ByteArray(_), ByteArray(_) | Bytes(_))
            | (Bytes(_), ByteArray(_))
            | (List(_), List(_))
            | (Tuple(_), Tuple(_))
            | (Dict(_), Dict(_))
            | (Set(_) | FrozenSet(_), Set(_) | FrozenSet(_))
            | (Slice(_), Slice(_))
            | (Range(_), Range(_))
            | (Method(_), Method(_))
            | (Builtin(_), Builtin(_))
    ) || (Number::of(a).is_some() && Number::of(b).is_some())
}

/// Asks the classes of two objects; `None` if the built-in contents decide.
pub(super) fn by_hooks<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Option<bool>> {
    if !may_have_hooks(a) && !may_have_hooks(b) {
        return Ok(None);
    }
    if let Some(answer) = order::ask_rich(ctx, a, b, order::Operator::Equal)? {
        return match answer {
            order::Answer::Object(result) => result.truth(ctx).map(Some),
            order::Answer::ByContent => Ok(None),
        };
    }
    match ctx.dialect() {
        Dialect::Python2 => Ok(order::ask_cmp(ctx, a, b)?.map(|order| order.is_eq())),
        // Python 3: != has the answer of == turned round, and there is no __cmp__.
        Dialect::Python3 => Ok(None),
    }
}
