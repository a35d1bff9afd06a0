//! The methods of `object`.
//!
//! Source of the rules: the Python documentation, "Basic customization" and "Customizing attribute access"; the texts
//! were measured on 2.7.18 and 3.13.0.

use crate::args::Args;
use crate::attr::{generic_assign, generic_get};
use crate::call::call_found;
use crate::class::{Class, Layout};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::name::Name;
use crate::payload::Traced;
use crate::reduce;
use crate::value::Value;

use super::arguments::{none, operands};
use super::define::Define;

pub(super) fn install(ctx: Context<'_>) {
    let object = ctx.types().object;
    let define = Define::new(ctx, object)
        .new_with(new)
        .special("__init__", init)
        .special("__repr__", repr)
        .special("__str__", str)
        .special("__hash__", hash)
        .special("__getattribute__", get_attribute)
        .special("__setattr__", set_attribute)
        .special("__delattr__", delete_attribute)
        .method("__reduce__", reduce_method)
        .method("__reduce_ex__", reduce_ex)
        .method("__format__", format)
        .class_method("__subclasshook__", |_, _, _| Ok(Value::NotImplemented))
        .getset("__class__", class, Some(super::class_assignment::set_class))
        .attr("__doc__", "The most base type");
    if ctx.dialect() == Dialect::Python3 {
        define
            .special("__eq__", eq)
            .special("__ne__", ne)
            .special("__lt__", no_order)
            .special("__le__", no_order)
            .special("__gt__", no_order)
            .special("__ge__", no_order)
            .method("__getstate__", |ctx, this, args| {
                none(&args, "object.__getstate__")?;
                reduce::default_state(ctx, this)
            })
            .class_method("__init_subclass__", |_, _, _| Ok(Value::None));
    }
}

/// Returns the function that `object` itself has under a name.
fn of_object<'gc>(ctx: Context<'gc>, name: Name<'gc>) -> Option<Value<'gc>> {
    ctx.types().object.dict().get_name(ctx, name)
}

/// Whether a class has a method of its own instead of `object`'s.
fn overrides<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: Name<'gc>) -> bool {
    match (class.lookup(ctx, name), of_object(ctx, name)) {
        (Some(found), Some(own)) => !found.is(own),
        _ => false,
    }
}

/// Arguments are refused unless only the other one of `__new__` and `__init__` is overridden, which takes them.
// DIFFERENCE: where both are, 2.7 takes them with a DeprecationWarning; there are no warnings here.
fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    if !args.is_empty() {
        let own_new = overrides(ctx, class, ctx.names().new);
        let own_init = overrides(ctx, class, ctx.names().init);
        let refusal = match (ctx.dialect(), own_new, own_init) {
            (Dialect::Python2, true, true) | (_, false, true) => None,
            (Dialect::Python2, ..) => Some("object() takes no parameters".to_owned()),
            (Dialect::Python3, true, _) => Some(
                "object.__new__() takes exactly one argument (the type to instantiate)".to_owned(),
            ),
            (Dialect::Python3, false, false) => {
                Some(format!("{}() takes no arguments", class.name()))
            }
        };
        if let Some(message) = refusal {
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    }
    if class.layout() == Layout::Module {
        return super::module_type::new(ctx, class, Args::default());
    }
    if class.traits().held {
        return Ok(Instance::native(ctx, class, Traced::new(ctx, ())).into());
    }
    Ok(Instance::bare(ctx, class).into())
}

fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    if args.is_empty() {
        return Ok(Value::None);
    }
    let class = this.type_of(ctx);
    let own_new = overrides(ctx, class, ctx.names().new);
    let own_init = overrides(ctx, class, ctx.names().init);
    let message = match (ctx.dialect(), own_new, own_init) {
        (Dialect::Python2, true, true) | (_, true, false) => return Ok(Value::None),
        (Dialect::Python2, ..) => "object.__init__() takes no parameters".to_owned(),
        (Dialect::Python3, _, true) => {
            "object.__init__() takes exactly one argument (the instance to initialize)".to_owned()
        }
        (Dialect::Python3, false, false) => {
            let class = class.name();
            format!("{class}.__init__() takes exactly one argument (the instance to initialize)")
        }
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// The text that shows an object whose class says nothing about it.
fn repr<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    operands::<0>(&args, "__repr__")?;
    Ok(ctx.str(&crate::ops::describe::object_text(ctx, this)))
}

fn str<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    operands::<0>(&args, "__str__")?;
    this.repr(ctx)
}

fn hash<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    operands::<0>(&args, "__hash__")?;
    Ok(Value::Int(ctx.state.hash_one(this.addr())))
}

fn eq<'gc>(_: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__eq__")?;
    Ok(if this.is(other) { Value::Bool(true) } else { Value::NotImplemented })
}

fn ne<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__ne__")?;
    match this.call_method(ctx, ctx.names().eq, (other,))? {
        Value::NotImplemented => Ok(Value::NotImplemented),
        equal => Ok(Value::Bool(!equal.truth(ctx)?)),
    }
}

fn no_order<'gc>(_: Context<'gc>, _: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [_] = operands(&args, "__lt__")?;
    Ok(Value::NotImplemented)
}

/// Reads the name of an attribute.
pub(super) fn attribute_name<'gc>(ctx: Context<'gc>, name: Value<'gc>) -> Result<'gc, Name<'gc>> {
    ctx.name_of(name).ok_or_else(|| {
        let message = format!("attribute name must be string, not '{}'", name.type_name(ctx));
        Error::new(&exc::TYPE_ERROR, message)
    })
}

pub(super) fn get_attribute<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let [name] = operands(&args, "__getattribute__")?;
    generic_get(ctx, this, attribute_name(ctx, name)?)
}

fn set_attribute<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name, value] = operands(&args, "__setattr__")?;
    not_for_classes(ctx, this, "__setattr__")?;
    generic_assign(ctx, this, attribute_name(ctx, name)?, Some(value)).map(Into::into)
}

fn delete_attribute<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name] = operands(&args, "__delattr__")?;
    not_for_classes(ctx, this, "__delattr__")?;
    generic_assign(ctx, this, attribute_name(ctx, name)?, None).map(Into::into)
}

/// `object`'s methods would go past what a class does when it changes.
fn not_for_classes<'gc>(ctx: Context<'gc>, this: Value<'gc>, name: &str) -> Result<'gc, ()> {
    let Value::Class(_) = this else {
        return Ok(());
    };
    let message = format!("can't apply this {name} to {} object", ctx.types().type_.name());
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn class<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(this.class_of(ctx))
}

/// 2.7 takes a protocol here too.
fn reduce_method<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let protocol = match ctx.dialect() {
        Dialect::Python2 => protocol_of(ctx, &args, "__reduce__")?,
        Dialect::Python3 => {
            none(&args, "object.__reduce__")?;
            0
        }
    };
    reduce::default_reduce(ctx, this, protocol)
}

/// A class that overrides only `__reduce__` is called through here too.
fn reduce_ex<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let protocol = match (ctx.dialect(), args.positional().len()) {
        (Dialect::Python3, 1) | (Dialect::Python2, _) => protocol_of(ctx, &args, "__reduce_ex__")?,
        (Dialect::Python3, given) => {
            let message =
                format!("object.__reduce_ex__() takes exactly one argument ({given} given)");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    let names = ctx.names();
    // Mostly no hook has to be asked what the class has.
    let class = this.type_of(ctx);
    if let Some(found) = this.function_of_class(ctx, names.reduce)
        && class.metaclass().is(ctx.types().type_)
        && class.leaves_to_object(ctx, names.class)
    {
        return match class.leaves_to_object(ctx, names.reduce) {
            true => reduce::default_reduce(ctx, this, protocol),
            false => call_found(ctx, found, this, class, Args::new(&[])),
        };
    }
    if let Ok(reduce) = this.get_attr(ctx, names.reduce) {
        let class = match ctx.dialect() {
            // An object that lies about its class is judged by what it says.
            Dialect::Python2 => this.get_attr(ctx, names.class)?,
            Dialect::Python3 => this.type_of(ctx).into(),
        };
        let in_class = class.get_attr(ctx, names.reduce)?;
        if !of_object(ctx, names.reduce).is_some_and(|own| own.is(in_class)) {
            return reduce.call(ctx, ());
        }
    }
    reduce::default_reduce(ctx, this, protocol)
}

fn protocol_of<'gc>(ctx: Context<'gc>, args: &Args<'gc>, function: &str) -> Result<'gc, i64> {
    let (protocol,): (Option<Value<'gc>>,) = args.parse(ctx, function)?;
    let Some(protocol) = protocol else {
        return Ok(0);
    };
    protocol.to::<i64>(ctx).map_err(|_| {
        Error::new(
            &exc::TYPE_ERROR,
            match ctx.dialect() {
                Dialect::Python2 => "an integer is required".to_owned(),
                Dialect::Python3 => {
                    let got = protocol.type_name(ctx);
                    format!("'{got}' object cannot be interpreted as an integer")
                }
            },
        )
    })
}

/// Only the empty format is known here: it is `str(x)`.
fn format<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (spec,): (Value<'gc>,) = args.parse(ctx, "__format__")?;
    if spec.truth(ctx)? {
        let message = match ctx.dialect() {
            // DIFFERENCE: 2.7 formats str(x) by the specification.
            Dialect::Python2 => "Unknown format code for object of type 'str'".to_owned(),
            Dialect::Python3 => {
                let class = this.type_name(ctx);
                format!("unsupported format string passed to {class}.__format__")
            }
        };
        let class = ctx.dialect().pick(&exc::VALUE_ERROR, &exc::TYPE_ERROR);
        return Err(Error::new(class, message));
    }
    this.str(ctx)
}
