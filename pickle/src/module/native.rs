//! What the native objects of the modules hold: attributes of their own, and Rust data.

use halfsour_runtime::{
    Class, Context, Dict, Error, Instance, IntoValue, Result, Traced, Value, exc,
};

/// Makes an object with the attributes that code outside of it has no name for.
pub(super) fn allocate<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    data: impl std::any::Any,
) -> Value<'gc> {
    let content = Traced::new(ctx, data);
    content.push(ctx, Dict::new(ctx).into());
    Instance::native(ctx, class, content).into()
}

/// Returns an object's content.
///
/// # Errors
/// TypeError for an object that is none of the modules'.
pub(super) fn content<'gc>(this: Value<'gc>) -> Result<'gc, Traced<'gc>> {
    let content = match this {
        Value::Instance(instance) => instance.native_content(),
        _ => None,
    };
    content.ok_or_else(|| Error::new(&exc::TYPE_ERROR, "a Pickler or Unpickler is needed"))
}

/// Returns an attribute, if it was set.
pub(super) fn get<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    name: &str,
) -> Result<'gc, Option<Value<'gc>>> {
    Ok(attributes(this)?.get_name(ctx, ctx.intern(name)))
}

/// Sets an attribute, or takes it away.
pub(super) fn set_or_remove<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    name: &str,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    match value {
        Some(value) => set(ctx, this, name, value),
        None => {
            attributes(this)?.remove_name(ctx, ctx.intern(name));
            Ok(())
        }
    }
}

/// Sets an attribute.
pub(super) fn set<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    name: &str,
    value: impl IntoValue<'gc>,
) -> Result<'gc, ()> {
    attributes(this)?.insert_name(ctx, ctx.intern(name), value.into_value(ctx))
}

fn attributes<'gc>(this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    match content(this)?.get(0) {
        Some(Value::Dict(attributes)) => Ok(attributes),
        _ => Err(Error::new(&exc::TYPE_ERROR, "the object was not made by its class")),
    }
}
