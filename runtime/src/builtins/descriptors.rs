//! `property`, `staticmethod`, `classmethod`, and the attributes of the other descriptors.
//!
//! Source of the rules: the Python documentation, "Implementing Descriptors" and the built-in functions; the texts were
//! measured on 2.7.18.

use gc_arena::Gc;

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::convert::expected;
use crate::descriptor::{self, Property, PropertyParts};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::name::Name;
use crate::value::Value;

use super::arguments::{counted, named, one, operands, refuse_keywords};
use super::define::Define;
use super::function_type::{call, get_attribute_of};

pub(super) fn install(ctx: Context<'_>) {
    install_property(ctx);
    install_wrappers(ctx);
    let types = ctx.types();
    for class in [types.member_descriptor, types.getset_descriptor] {
        named_descriptor(ctx, class)
            .special("__set__", set_hook)
            .special("__delete__", delete_hook);
    }
    let methods = [types.method_descriptor, types.wrapper_descriptor, types.classmethod_descriptor];
    for class in methods {
        let define = named_descriptor(ctx, class).special("__call__", call);
        // A class method would come back bound to its class.
        if ctx.dialect() == Dialect::Python3 && !class.is(types.classmethod_descriptor) {
            define.method("__reduce__", |ctx, this, _| {
                let (class, name) = class_and_name(ctx, this)?;
                get_attribute_of(ctx, class.into(), name.value())
            });
        }
    }
}

fn named_descriptor<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Define<'gc> {
    Define::new(ctx, class)
        .special("__get__", get_hook)
        .member("__name__", |ctx, this| Ok(class_and_name(ctx, this)?.1.value()))
        .member("__objclass__", |ctx, this| Ok(class_and_name(ctx, this)?.0.into()))
        .getset("__doc__", |_, _| Ok(Value::None), None)
}

/// The class that a descriptor belongs to, and its name there.
fn class_and_name<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
) -> Result<'gc, (Class<'gc>, Name<'gc>)> {
    let payload = match this {
        Value::Instance(descriptor) => descriptor.payload(),
        _ => Payload::Object,
    };
    match payload {
        Payload::Member(it) => Ok((it.class, it.name)),
        Payload::GetSet(it) => Ok((it.class, it.name)),
        Payload::MethodDescriptor(it) => Ok((it.class, it.name)),
        _ => Err(expected(ctx, "descriptor", this)),
    }
}

/// `descriptor.__get__(object[, class])`.
pub(super) fn get_hook<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = counted(&args, "", 1, 2)?;
    let instance = given.first().copied().filter(|it| !it.is_none());
    let owner = given.get(1).copied().filter(|it| !it.is_none());
    match (instance, owner) {
        (None, None) => Err(Error::new(&exc::TYPE_ERROR, "__get__(None, None) is invalid")),
        (instance, Some(owner)) => descriptor::get(ctx, this, instance, owner),
        (Some(it), None) => descriptor::get(ctx, this, instance, it.class_of(ctx)),
    }
}

fn set_hook<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [instance, value] = operands(&args, "__set__")?;
    assign(ctx, this, instance, Some(value))
}

fn delete_hook<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [instance] = operands(&args, "__delete__")?;
    assign(ctx, this, instance, None)
}

fn assign<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc> {
    match descriptor::set(ctx, this, instance, value) {
        Some(done) => done.map(Into::into),
        None => Err(expected(ctx, "data descriptor", this)),
    }
}

fn install_property(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().property)
        .new_with(|ctx, class, _| {
            let none = Value::None;
            let parts = PropertyParts { get: none, set: none, delete: none, doc: none };
            Ok(Property::instance(ctx, class, parts))
        })
        .special("__init__", init_property)
        .special("__get__", get_hook)
        .special("__set__", set_hook)
        .special("__delete__", delete_hook)
        .method("getter", |ctx, this, args| {
            let get = one(&args, "getter")?;
            changed(ctx, this, |parts| PropertyParts { get, ..parts })
        })
        .method("setter", |ctx, this, args| {
            let set = one(&args, "setter")?;
            changed(ctx, this, |parts| PropertyParts { set, ..parts })
        })
        .method("deleter", |ctx, this, args| {
            let delete = one(&args, "deleter")?;
            changed(ctx, this, |parts| PropertyParts { delete, ..parts })
        })
        .member("fget", |ctx, this| Ok(property(ctx, this)?.parts.get().get))
        .member("fset", |ctx, this| Ok(property(ctx, this)?.parts.get().set))
        .member("fdel", |ctx, this| Ok(property(ctx, this)?.parts.get().delete))
        .member("__doc__", |ctx, this| Ok(property(ctx, this)?.parts.get().doc));
}

fn property<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Gc<'gc, Property<'gc>>> {
    match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::Property(property) => Ok(property),
            _ => Err(expected(ctx, "property", this)),
        },
        _ => Err(expected(ctx, "property", this)),
    }
}

fn init_property<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [get, set, delete, doc] = named(&args, "property", ["fget", "fset", "fdel", "doc"], 0)?
        .map(|it| it.unwrap_or(Value::None));
    let doc = match (doc, get) {
        (Value::None, Value::None) => Value::None,
        (Value::None, get) => get.find_attr(ctx, ctx.names().doc)?.unwrap_or(Value::None),
        (doc, _) => doc,
    };
    let parts = PropertyParts { get, set, delete, doc };
    Property::set_parts(ctx, property(ctx, this)?, parts);
    Ok(Value::None)
}

/// A property of the same class with one part replaced.
fn changed<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    change: impl FnOnce(PropertyParts<'gc>) -> PropertyParts<'gc>,
) -> Result<'gc> {
    let parts = change(property(ctx, this)?.parts.get());
    let class = Value::from(this.type_of(ctx));
    class.call(ctx, (parts.get, parts.set, parts.delete, parts.doc))
}

fn install_wrappers(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().staticmethod)
        .new_with(|ctx, class, args| wrap(ctx, class, &args, Payload::StaticMethod))
        .special("__init__", |ctx, _, args| {
            refuse_keywords(ctx, &args, "staticmethod")?;
            counted(&args, "staticmethod", 1, 1).map(|_| Value::None)
        })
        .special("__get__", get_hook)
        .member("__func__", wrapped);
    Define::new(ctx, ctx.types().classmethod)
        .new_with(|ctx, class, args| wrap(ctx, class, &args, Payload::ClassMethod))
        .special("__init__", |ctx, _, args| {
            refuse_keywords(ctx, &args, "classmethod")?;
            counted(&args, "classmethod", 1, 1).map(|_| Value::None)
        })
        .special("__get__", get_hook)
        .member("__func__", wrapped);
}

/// The function comes with `__new__`, where CPython sets it in `__init__`.
fn wrap<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    args: &Args<'gc>,
    payload: fn(Value<'gc>) -> Payload<'gc>,
) -> Result<'gc> {
    let function = args.positional().first().copied().unwrap_or(Value::None);
    Ok(Instance::with_payload(ctx, class, payload(function)).into())
}

fn wrapped<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::StaticMethod(function) | Payload::ClassMethod(function) => Ok(function),
            _ => Err(expected(ctx, "method", this)),
        },
        _ => Err(expected(ctx, "method", this)),
    }
}
