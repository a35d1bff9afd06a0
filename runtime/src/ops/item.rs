//! Items: `x[key]`, `x[key] = value`, `del x[key]`.

use crate::context::Context;
use crate::convert::IntoValue;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns an item (Python's `x[key]`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no items; `IndexError` or `KeyError` if it has not this one; whatever a class's
    /// `__getitem__` or `__missing__` raises.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{IntoValue, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let list = vec![1, 2, 3].into_value(ctx);
    ///     assert!(list.get_item(ctx, -1)?.is(Value::Int(3)));
    ///     list.set_item(ctx, 0, "one")?;
    ///     list.del_item(ctx, 1)?;
    ///     assert_eq!(list.len(ctx)?, 2);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn get_item(self, ctx: Context<'gc>, key: impl IntoValue<'gc>) -> Result<'gc> {
        let key = key.into_value(ctx);
        if let Some(item) = plain_item(self, key) {
            return Ok(item);
        }
        match self.special(ctx, ctx.names().getitem)? {
            Some(hook) => hook.call(ctx, (key,)),
            None => Err(no_items(ctx, self)),
        }
    }

    /// Sets an item (Python's `x[key] = value`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object's items cannot be set; `IndexError` if it has not this one; whatever a class's
    /// `__setitem__` raises.
    pub fn set_item(
        self,
        ctx: Context<'gc>,
        key: impl IntoValue<'gc>,
        value: impl IntoValue<'gc>,
    ) -> Result<'gc, ()> {
        let (key, value) = (key.into_value(ctx), value.into_value(ctx));
        if let Value::Dict(dict) = self {
            return dict.insert(ctx, key, value);
        }
        match self.special(ctx, ctx.names().setitem)? {
            Some(hook) => hook.call(ctx, (key, value)).map(drop),
            None => Err(no_hook(ctx, self, ctx.names().setitem)),
        }
    }

    /// Deletes an item (Python's `del x[key]`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the object's items cannot be deleted; `IndexError` or `KeyError` if it has not this one;
    /// whatever a class's `__delitem__` raises.
    pub fn del_item(self, ctx: Context<'gc>, key: impl IntoValue<'gc>) -> Result<'gc, ()> {
        let key = key.into_value(ctx);
        match self.special(ctx, ctx.names().delitem)? {
            Some(hook) => hook.call(ctx, (key,)).map(drop),
            None => Err(no_hook(ctx, self, ctx.names().delitem)),
        }
    }
}

/// Returns the item of an exact list or tuple at an index from the front: the common case, without a call.
fn plain_item<'gc>(object: Value<'gc>, key: Value<'gc>) -> Option<Value<'gc>> {
    let Value::Int(index) = key else {
        return None;
    };
    let index = usize::try_from(index).ok()?;
    match object {
        Value::List(list) => list.get(index),
        Value::Tuple(tuple) => tuple.as_slice().get(index).copied(),
        _ => None,
    }
}

/// The exception for an object without items.
#[cold]
fn no_items<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Error<'gc> {
    if let Value::ClassicInstance(_) = object {
        return crate::attr::no_attribute(ctx, object, ctx.names().getitem);
    }
    let name = object.type_name(ctx);
    let message = match (object, ctx.dialect()) {
        (_, Dialect::Python3) => format!("'{name}' object is not subscriptable"),
        // What CPython's C types call a sequence without indexing.
        (Value::Instance(_) | Value::Set(_) | Value::FrozenSet(_), Dialect::Python2) => {
            format!("'{name}' object does not support indexing")
        }
        (_, Dialect::Python2) => format!("'{name}' object has no attribute '__getitem__'"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// The exception for an object whose items cannot be set or deleted.
#[cold]
fn no_hook<'gc>(ctx: Context<'gc>, object: Value<'gc>, hook: Name<'gc>) -> Error<'gc> {
    if let Value::ClassicInstance(_) = object {
        return crate::attr::no_attribute(ctx, object, hook);
    }
    let is_sequence =
        super::truth::content_len(object).is_some() || matches!(object, Value::Instance(_));
    let refusal = match (hook.is(ctx.names().setitem), is_sequence) {
        (true, _) => "does not support item assignment",
        (false, true) => "doesn't support item deletion",
        (false, false) => "does not support item deletion",
    };
    Error::new(&exc::TYPE_ERROR, format!("'{}' object {refusal}", object.type_name(ctx)))
}
