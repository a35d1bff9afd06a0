//! `dictproxy` (Python 3: `mappingproxy`): the namespace of a class, to be read only.

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::instance::{Instance, Payload};
use crate::types::Dict;
use crate::value::Value;

use super::define::{Define, MethodFn};

/// Returns the proxy of a class's namespace.
pub(super) fn of<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    let Value::Class(class) = class else {
        return Err(crate::convert::expected(ctx, "class", class));
    };
    let payload = Payload::DictProxy(class);
    Ok(Instance::with_payload(ctx, ctx.types().dictproxy, payload).into())
}

pub(super) fn install(ctx: Context<'_>) {
    let mut define = Define::new(ctx, ctx.types().dictproxy);
    for (name, code) in SPECIALS {
        define = define.special(name, *code);
    }
    for (name, code) in METHODS {
        define = define.method(name, *code);
    }
    if ctx.dialect() == Dialect::Python2 {
        for (name, code) in PYTHON2_METHODS {
            define = define.method(name, *code);
        }
    }
}

macro_rules! forward {
    ($name:literal) => {
        ($name, |ctx, this, args| Value::from(dict_of(ctx, this)?).call_method(ctx, $name, args))
    };
}

/// What the namespace, a dict, answers itself.
const SPECIALS: &[(&str, MethodFn)] = &[
    forward!("__getitem__"),
    forward!("__contains__"),
    forward!("__iter__"),
    forward!("__len__"),
    ("__repr__", repr),
    ("__eq__", eq),
];

const METHODS: &[(&str, MethodFn)] =
    &[forward!("get"), forward!("keys"), forward!("values"), forward!("items"), forward!("copy")];

const PYTHON2_METHODS: &[(&str, MethodFn)] =
    &[forward!("has_key"), forward!("iterkeys"), forward!("itervalues"), forward!("iteritems")];

fn dict_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::DictProxy(class) => Ok(Class::dict(class)),
            _ => Err(crate::convert::expected(ctx, "dictproxy", this)),
        },
        _ => Err(crate::convert::expected(ctx, "dictproxy", this)),
    }
}

fn repr<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let dict = Value::from(dict_of(ctx, this)?).repr(ctx)?.to::<String>(ctx)?;
    let name = this.type_name(ctx);
    Ok(ctx.str(&match ctx.dialect() {
        Dialect::Python2 => format!("dict_proxy({dict})"),
        Dialect::Python3 => format!("{name}({dict})"),
    }))
}

fn eq<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = super::arguments::operands(&args, "__eq__")?;
    let other = dict_of(ctx, other).map_or(other, Into::into);
    Ok(Value::Bool(Value::from(dict_of(ctx, this)?).equals(ctx, other)?))
}
