//! `__dict__` and `__weakref__` of instances: attributes of the class that first gives its instances one.

use gc_arena::Gc;

use super::{Class, Layout};
use crate::context::Context;
use crate::descriptor::{self, GetSet, Getter, Setter};
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::value::Value;

/// Adds the attributes that `class` has and its base has not.
pub(super) fn add<'gc>(ctx: Context<'gc>, class: Class<'gc>, base: Class<'gc>) -> Result<'gc, ()> {
    let (own, inherited) = (class.traits(), base.traits());
    if own.has_dict && !inherited.has_dict {
        add_getset(ctx, class, "__dict__", get_dict, Some(set_dict))?;
    }
    if own.has_weakref && !inherited.has_weakref {
        add_getset(ctx, class, "__weakref__", get_weakref, None)?;
    }
    Ok(())
}

fn add_getset<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    name: &str,
    get: Getter,
    set: Option<Setter>,
) -> Result<'gc, ()> {
    let name = ctx.intern(name);
    if class.dict().get_name(ctx, name).is_some() {
        return Ok(());
    }
    let payload = Payload::GetSet(Gc::new(ctx.mc, GetSet { class, name, get, set }));
    let descriptor = Instance::with_payload(ctx, ctx.types().getset_descriptor, payload);
    class.dict().insert_name(ctx, name, descriptor.into())
}

/// The `__dict__` of a built-in type with one, such as `module`, that the object's class derives from: it knows better.
fn builtin_dict<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Option<Value<'gc>> {
    let class = object.type_of(ctx);
    if class.layout() == Layout::Object {
        return None;
    }
    class.mro().as_slice().iter().find_map(|entry| match entry {
        Value::Class(class) if !class.is_heap_type() => {
            class.dict().get_name(ctx, ctx.names().dict)
        }
        _ => None,
    })
}

fn get_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    if let Some(attribute) = builtin_dict(ctx, this) {
        return descriptor::get(ctx, attribute, Some(this), this.type_of(ctx).into());
    }
    match crate::attr::dict_of(ctx, this) {
        Some(dict) => Ok(dict.into()),
        None => Err(Error::new(&exc::ATTRIBUTE_ERROR, "This object has no __dict__")),
    }
}

/// A deleted `__dict__` is empty when it is next looked at.
fn set_dict<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    if let Some(attribute) = builtin_dict(ctx, this)
        && let Some(done) = descriptor::set(ctx, attribute, this, value)
    {
        return done;
    }
    let Value::Instance(instance) = this else {
        return Err(Error::new(&exc::ATTRIBUTE_ERROR, "This object has no __dict__"));
    };
    let Some(value) = value else {
        instance.forget_dict(ctx);
        return Ok(());
    };
    let Some(dict) = value.as_dict() else {
        let got = value.type_name(ctx);
        let message = format!("__dict__ must be set to a dictionary, not a '{got}'");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    instance.set_dict(ctx, dict);
    Ok(())
}

// DIFFERENCE: CPython returns one of the weak references to the object, if there are any.
fn get_weakref<'gc>(_: Context<'gc>, _: Value<'gc>) -> Result<'gc> {
    Ok(Value::None)
}
