//! Objects with a Rust value: making them, and reaching the value.

use std::any::TypeId;
use std::cell::{Ref, RefMut};

use super::{NativeClass, NativeObject, no_value};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::value::Value;

/// What the content of an object with a value is.
struct Held(Box<dyn NativeObject>);

pub(super) fn make<'gc, T: NativeClass>(ctx: Context<'gc>, value: T) -> Result<'gc> {
    let class = ctx.class_of::<T>()?;
    let content = Traced::new(ctx, Held(Box::new(value)));
    Ok(Instance::native(ctx, class, content).into())
}

/// Gives an object its value, in the place of the one it has.
pub(super) fn hold<'gc, T: NativeClass>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: T,
) -> Result<'gc, ()> {
    match content(this) {
        Some(content) if this.type_of(ctx).is_subclass_of(ctx.class_of::<T>()?) => {
            content.replace(Held(Box::new(value)))
        }
        _ => Err(wrong_class::<T>(ctx, this)),
    }
}

impl<'gc> Value<'gc> {
    /// Borrows the Rust value of an object of a native class, or of one derived from it.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is of another class; `AttributeError` if it has no value yet; `RuntimeError` while a method
    /// has it as `&mut`.
    pub fn native<T: NativeClass>(self, ctx: Context<'gc>) -> Result<'gc, Ref<'gc, T>> {
        let content = content(self).ok_or_else(|| wrong_class::<T>(ctx, self))?;
        if content.holds::<()>() {
            return Err(no_value(ctx, self));
        }
        Ref::filter_map(content.data::<Held>()?, |held| {
            held.0.part(TypeId::of::<T>())?.downcast_ref()
        })
        .map_err(|_| wrong_class::<T>(ctx, self))
    }

    /// Borrows the Rust value of an object of a native class, or of one derived from it, to change it.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is of another class; `AttributeError` if it has no value yet; `RuntimeError` while it is
    /// borrowed otherwise.
    pub fn native_mut<T: NativeClass>(self, ctx: Context<'gc>) -> Result<'gc, RefMut<'gc, T>> {
        let content = content(self).ok_or_else(|| wrong_class::<T>(ctx, self))?;
        if content.holds::<()>() {
            return Err(no_value(ctx, self));
        }
        RefMut::filter_map(content.data_mut::<Held>()?, |held| {
            held.0.part_mut(TypeId::of::<T>())?.downcast_mut()
        })
        .map_err(|_| wrong_class::<T>(ctx, self))
    }
}

fn content(value: Value<'_>) -> Option<Traced<'_>> {
    match value {
        Value::Instance(instance) => instance.native_content(),
        _ => None,
    }
}

#[cold]
fn wrong_class<'gc, T: NativeClass>(ctx: Context<'gc>, got: Value<'gc>) -> Error<'gc> {
    let (wanted, got) = (T::NAME, got.type_name(ctx));
    Error::new(&exc::TYPE_ERROR, format!("expected {wanted}, got {got}"))
}
