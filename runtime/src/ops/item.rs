//! Items: `x[key]`, `x[key] = value`, `del x[key]`.

use super::hooks::own_hook;
use super::{assignment, sequence};
use crate::context::Context;
use crate::convert::IntoValue;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::types::Dict;
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
        match own_hook(ctx, self, ctx.names().getitem)? {
            Some(hook) => hook.call(ctx, (key,)),
            None => content_get_item(ctx, self, key),
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
        match own_hook(ctx, self, ctx.names().setitem)? {
            Some(hook) => hook.call(ctx, (key, value)).map(drop),
            None => content_set_item(ctx, self, key, value),
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
        match own_hook(ctx, self, ctx.names().delitem)? {
            Some(hook) => hook.call(ctx, (key,)).map(drop),
            None => content_del_item(ctx, self, key),
        }
    }
}

/// Returns an item of the built-in content, whatever the class says: what `list.__getitem__(x, key)` gives.
///
/// # Errors
///
/// As [`Value::get_item`].
pub(crate) fn content_get_item<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    key: Value<'gc>,
) -> Result<'gc> {
    match object.content() {
        Value::Dict(dict) => match dict.get(ctx, key)? {
            Some(value) => Ok(value),
            None => missing(ctx, object, key),
        },
        _ => match sequence::get(ctx, object, key)? {
            Some(item) => Ok(item),
            None => Err(no_items(ctx, object)),
        },
    }
}

/// What a dict without the key gives: the answer of a subclass's `__missing__`.
fn missing<'gc>(ctx: Context<'gc>, object: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    match own_hook(ctx, object, ctx.names().missing)? {
        Some(hook) => hook.call(ctx, (key,)),
        None => Err(Error::with_args(&exc::KEY_ERROR, &[key])),
    }
}

/// Sets an item of the built-in content, whatever the class says: what `list.__setitem__(x, key, value)` does.
///
/// # Errors
///
/// As [`Value::set_item`].
pub(crate) fn content_set_item<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    key: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    match object.content() {
        Value::Dict(dict) => dict.insert(ctx, key, value),
        Value::List(list) => assignment::set_in_list(ctx, list, key, value),
        Value::ByteArray(array) => assignment::set_in_bytearray(ctx, array, key, value),
        _ => Err(no_hook(ctx, object, ctx.names().setitem)),
    }
}

/// Deletes an item of the built-in content, whatever the class says: what `list.__delitem__(x, key)` does.
///
/// # Errors
///
/// As [`Value::del_item`].
pub(crate) fn content_del_item<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    key: Value<'gc>,
) -> Result<'gc, ()> {
    match object.content() {
        Value::Dict(dict) => delete_key(ctx, dict, key),
        Value::List(list) => assignment::delete_in_list(ctx, list, key),
        Value::ByteArray(array) => assignment::delete_in_bytearray(ctx, array, key),
        _ => Err(no_hook(ctx, object, ctx.names().delitem)),
    }
}

fn delete_key<'gc>(ctx: Context<'gc>, dict: Dict<'gc>, key: Value<'gc>) -> Result<'gc, ()> {
    match dict.remove(ctx, key)? {
        Some(_) => Ok(()),
        None => Err(Error::with_args(&exc::KEY_ERROR, &[key])),
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
