//! `weakref.ref`, and the module `weakref`.
//!
//! Source of the rules: the Python documentation of `weakref`; the texts were measured on 2.7.18.

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::convert::expected;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::value::Value;
use crate::weakref::{WeakRef, watch};

use super::arguments::{counted, operands};
use super::define::Define;

pub(super) fn install(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().weakref)
        .new_with(new)
        .special("__init__", init)
        .special("__call__", call)
        .special("__eq__", eq)
        .special("__hash__", hash);
}

/// Registers the module.
pub(super) fn install_module<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("weakref")?;
    for name in ["ref", "ReferenceType"] {
        module.set(ctx, name, ctx.types().weakref)?;
    }
    Ok(())
}

// DIFFERENCE: CPython gives the same object for every reference without callback to one target.
fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = counted(&args, "__new__", 1, 2)?;
    let target = given.first().copied().unwrap_or(Value::None);
    let callback = given.get(1).copied().filter(|it| !it.is_none());
    let Some(reference) = WeakRef::new(ctx, target, callback) else {
        let got = target.type_name(ctx);
        let message = format!("cannot create weak reference to '{got}' object");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let object = Instance::with_payload(ctx, class, Payload::WeakRef(reference));
    if callback.is_some() || crate::finalizers::may_come_back(ctx, target) {
        watch(ctx, object);
    }
    Ok(object.into())
}

fn init<'gc>(_: Context<'gc>, _: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    if !args.keywords().is_empty() {
        let message = "ref() does not take keyword arguments";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    counted(&args, "__init__", 1, 2)?;
    Ok(Value::None)
}

fn reference<'gc>(this: Value<'gc>) -> Option<WeakRef<'gc>> {
    match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::WeakRef(reference) => Some(reference),
            _ => None,
        },
        _ => None,
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, WeakRef<'gc>> {
    reference(this).ok_or_else(|| expected(ctx, "weakref", this))
}

/// The target, or None if it is gone.
fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = args.positional().len() + args.keywords().len();
    if given > 0 {
        let message = match ctx.dialect() {
            Dialect::Python2 => format!("__call__() takes at most 0 arguments ({given} given)"),
            Dialect::Python3 => format!("weakref expected 0 arguments, got {given}"),
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    Ok(own(ctx, this)?.target(ctx).unwrap_or(Value::None))
}

/// References to living targets are equal if these are; others only to themselves.
fn eq<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__eq__")?;
    let (Some(a), Some(b)) = (reference(this), reference(other)) else {
        return Ok(Value::NotImplemented);
    };
    match (a.target(ctx), b.target(ctx)) {
        (Some(a), Some(b)) => Ok(Value::Bool(a.equals(ctx, b)?)),
        _ => Ok(Value::Bool(this.is(other))),
    }
}

fn hash<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    operands::<0>(&args, "__hash__")?;
    let own = own(ctx, this)?;
    if let Some(hash) = own.0.hash.get() {
        return Ok(Value::Int(hash));
    }
    let Some(target) = own.target(ctx) else {
        return Err(Error::new(&exc::TYPE_ERROR, "weak object has gone away"));
    };
    let hash = target.hash(ctx)?;
    own.0.hash.set(Some(hash));
    Ok(Value::Int(hash))
}
