//! `classobj` and `instance`, the types of Python 2's classic classes and their instances.
//!
//! Source of the texts: measured on 2.7.18.

use crate::args::Args;
use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::ClassicInstance;
use crate::value::Value;

use super::arguments::named;
use super::define::Define;
use super::function_type::call;

pub(super) fn install(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().classobj).new_with(new_class).special("__call__", call);
    Define::new(ctx, ctx.types().instance).new_with(new_instance).special("__call__", call);
}

#[cold]
fn refuse<'gc>(message: impl Into<std::borrow::Cow<'static, str>>) -> Result<'gc> {
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// `types.ClassType(name, bases, dict)`.
fn new_class<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let parts = named(&args, "function", ["name", "bases", "dict"], 0)?;
    for (position, (part, name)) in parts.iter().zip(["name", "bases", "dict"]).enumerate() {
        if part.is_none() {
            let position = position + 1;
            return refuse(format!("Required argument '{name}' (pos {position}) not found"));
        }
    }
    let [name, bases, dict] = parts.map(|part| part.unwrap_or(Value::None));
    if name.as_bytes().is_none() {
        return refuse(format!("argument 1 must be string, not {}", name.type_name(ctx)));
    }
    let Some(own_dict) = dict.as_dict() else {
        return refuse("PyClass_New: dict must be a dictionary");
    };
    let Some(own_bases) = bases.as_tuple() else {
        return refuse("PyClass_New: bases must be a tuple");
    };
    for base in own_bases.as_slice() {
        match base {
            Value::ClassicClass(_) => {}
            // A base of another kind makes the class by its own metaclass.
            _ if Value::from(base.type_of(ctx)).is_callable(ctx) => {
                return Value::from(base.type_of(ctx)).call(ctx, (name, bases, dict));
            }
            _ => return refuse("PyClass_New: base must be a class"),
        }
    }
    let doc = ctx.names().doc;
    if own_dict.get_name(ctx, doc).is_none() {
        own_dict.insert_name(ctx, doc, Value::None)?;
    }
    Ok(ClassicClass::new(ctx, name, own_bases, own_dict).into())
}

/// `types.InstanceType(class[, dict])`: `__init__` does not run.
fn new_instance<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (class, dict): (Value<'gc>, Option<Value<'gc>>) = args.parse(ctx, "instance")?;
    let Value::ClassicClass(own) = class else {
        return refuse(format!(
            "instance() argument 1 must be classobj, not {}",
            class.type_name(ctx)
        ));
    };
    let instance = ClassicInstance::bare(ctx, own);
    match dict.map(|dict| dict.as_dict()) {
        None => {}
        Some(Some(dict)) => instance.set_dict(ctx, dict),
        Some(None) => return refuse("instance() second arg must be dictionary or None"),
    }
    Ok(instance.into())
}
