//! `__dict__` and `__weakref__` of instances: attributes of the class that first gives its instances one.

use gc_arena::Gc;

use super::Class;
use crate::context::Context;
use crate::descriptor::{GetSet, Getter, Setter};
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

fn get_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
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
