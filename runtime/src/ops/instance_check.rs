//! `isinstance(x, class)` and `issubclass(class, base)`.
//!
//! Source of the rules: the Python documentation, "Built-in Functions" and "Customizing instance and subclass checks".

use super::hooks::own_hook;
use crate::class::is_subclass;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::types::Tuple;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns whether the object is an instance of a class, or of one of a tuple of classes (Python's
    /// `isinstance(x, class)`): asks `__instancecheck__`.
    ///
    /// # Errors
    ///
    /// `TypeError` if `class` is no class; whatever a metaclass's `__instancecheck__` raises.
    pub fn is_instance(self, ctx: Context<'gc>, class: impl Into<Value<'gc>>) -> Result<'gc, bool> {
        any_class(ctx, class.into(), " in __instancecheck__", |class| {
            if Value::from(self.type_of(ctx)).is(class) {
                return Ok(true);
            }
            match ask(ctx, class, ctx.names().instancecheck, self)? {
                Some(answer) => Ok(answer),
                None => content_is_instance(ctx, self, class),
            }
        })
    }

    /// Returns whether a class is, or derives from, another, or one of a tuple of classes (Python's
    /// `issubclass(class, base)`): asks `__subclasscheck__`.
    ///
    /// # Errors
    ///
    /// `TypeError` if one of both is no class; whatever a metaclass's `__subclasscheck__` raises.
    pub fn is_subclass(self, ctx: Context<'gc>, base: impl Into<Value<'gc>>) -> Result<'gc, bool> {
        any_class(ctx, base.into(), " in __subclasscheck__", |base| {
            match ask(ctx, base, ctx.names().subclasscheck, self)? {
                Some(answer) => Ok(answer),
                None => content_is_subclass(ctx, self, base),
            }
        })
    }
}

/// Tests a class, or each of a tuple of classes, in which tuples may nest.
fn any_class<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    place: &str,
    mut test: impl FnMut(Value<'gc>) -> Result<'gc, bool>,
) -> Result<'gc, bool> {
    let limit = ctx.recursion_limit().saturating_sub(ctx.depth());
    let mut pending = vec![(class, 0)];
    while let Some((class, depth)) = pending.pop() {
        let Value::Tuple(classes) = class.content() else {
            if test(class)? {
                return Ok(true);
            }
            continue;
        };
        if depth >= limit {
            return Err(ctx.too_deep_at(place));
        }
        pending.extend(classes.as_slice().iter().rev().map(|&class| (class, depth + 1)));
    }
    Ok(false)
}

/// Asks the hook of a class, if its metaclass has one of its own.
fn ask<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    hook: Name<'gc>,
    argument: Value<'gc>,
) -> Result<'gc, Option<bool>> {
    // A classic class's instances are no classes, and it has no metaclass of its own.
    if let Value::ClassicInstance(_) | Value::ClassicClass(_) = class {
        return Ok(None);
    }
    match own_hook(ctx, class, hook)? {
        Some(hook) => hook.call(ctx, (argument,))?.truth(ctx).map(Some),
        None => Ok(None),
    }
}

/// What `type.__instancecheck__(class, object)` gives: the object's type counts, and its `__class__`.
///
/// # Errors
///
/// `TypeError` if `class` is no class.
pub(crate) fn content_is_instance<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    class: Value<'gc>,
) -> Result<'gc, bool> {
    match (object, class) {
        (Value::ClassicInstance(instance), Value::ClassicClass(_)) => {
            Ok(is_subclass(instance.class().into(), class))
        }
        (_, Value::Class(_)) => {
            if is_subclass(object.type_of(ctx).into(), class) {
                return Ok(true);
            }
            match object.find_attr(ctx, ctx.names().class)? {
                Some(shown @ Value::Class(_)) => Ok(is_subclass(shown, class)),
                _ => Ok(false),
            }
        }
        _ => {
            if bases_of(ctx, class)?.is_none() {
                let message = ctx.dialect().pick(
                    "isinstance() arg 2 must be a class, type, or tuple of classes and types",
                    "isinstance() arg 2 must be a type, a tuple of types, or a union",
                );
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            match object.find_attr(ctx, ctx.names().class)? {
                Some(shown) => derives(ctx, shown, class),
                None => Ok(false),
            }
        }
    }
}

/// What `type.__subclasscheck__(base, class)` gives.
///
/// # Errors
///
/// `TypeError` if one of both is no class.
pub(crate) fn content_is_subclass<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    base: Value<'gc>,
) -> Result<'gc, bool> {
    if is_class(class) && is_class(base) {
        return Ok(is_subclass(class, base));
    }
    if bases_of(ctx, class)?.is_none() {
        return Err(Error::new(&exc::TYPE_ERROR, "issubclass() arg 1 must be a class"));
    }
    if bases_of(ctx, base)?.is_none() {
        let message = ctx.dialect().pick(
            "issubclass() arg 2 must be a class or tuple of classes",
            "issubclass() arg 2 must be a class, a tuple of classes, or a union",
        );
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    derives(ctx, class, base)
}

fn is_class(value: Value<'_>) -> bool {
    matches!(value, Value::Class(_) | Value::ClassicClass(_))
}

/// The `__bases__` of anything that behaves like a class.
fn bases_of<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc, Option<Tuple<'gc>>> {
    match class {
        Value::Class(class) => Ok(Some(class.bases())),
        Value::ClassicClass(class) => Ok(Some(class.bases())),
        _ => Ok(class.find_attr(ctx, ctx.names().bases)?.and_then(|bases| bases.as_tuple())),
    }
}

/// Whether `base` is found by following `__bases__`, each class once.
fn derives<'gc>(ctx: Context<'gc>, class: Value<'gc>, base: Value<'gc>) -> Result<'gc, bool> {
    let mut known: Vec<Value<'gc>> = Vec::new();
    let mut pending = vec![class];
    while let Some(class) = pending.pop() {
        if class.is(base) {
            return Ok(true);
        }
        if known.iter().any(|it| it.is(class)) {
            continue;
        }
        known.push(class);
        // An object whose `__bases__` are made anew each time has no end.
        if known.len() > ctx.recursion_limit() {
            return Err(ctx.too_deep_at(" in __subclasscheck__"));
        }
        if let Some(bases) = bases_of(ctx, class)? {
            pending.extend(bases.as_slice().iter().rev());
        }
    }
    Ok(false)
}
