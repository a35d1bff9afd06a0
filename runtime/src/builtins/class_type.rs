//! The methods and attributes of `type`.
//!
//! Source of the rules: the Python documentation, "Customizing class creation" and "Special Attributes"; the texts were
//! measured on 2.7.18 and 3.13.0.

use crate::args::Args;
use crate::attr::generic_assign;
use crate::call::instantiate;
use crate::class::{
    Class, Native, base_of, is_subclass, linearize, most_derived_metaclass, new_class, text_of,
};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{List, Tuple};
use crate::value::Value;

use super::arguments::{none, one, operands};
use super::class_bases::set_bases;
use super::define::Define;
use super::object::{attribute_name, get_attribute};

pub(super) fn install(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().type_)
        .new_with(new)
        .special("__init__", init)
        .special("__call__", call)
        .special("__getattribute__", get_attribute)
        .special("__setattr__", set_attribute)
        .special("__delattr__", delete_attribute)
        .method("mro", mro)
        .method("__subclasses__", subclasses)
        .method("__instancecheck__", instance_check)
        .method("__subclasscheck__", subclass_check)
        .getset("__name__", name, Some(set_name))
        .getset("__module__", module, Some(set_module))
        .getset("__bases__", |_, this| Ok(class_of(this)?.bases().into()), Some(set_bases))
        .getset("__base__", base, None)
        .getset("__mro__", |_, this| Ok(class_of(this)?.mro().into()), None)
        .getset("__dict__", |ctx, this| super::dictproxy::of(ctx, this), None)
        .getset("__doc__", doc, doc_setter(ctx.dialect()))
        .getset("__flags__", flags, None);
    if ctx.dialect() == Dialect::Python3 {
        define.getset("__qualname__", |_, this| Ok(class_of(this)?.qualname()), Some(set_qualname));
    }
}

pub(super) fn class_of<'gc>(this: Value<'gc>) -> Result<'gc, Class<'gc>> {
    match this {
        Value::Class(class) => Ok(class),
        _ => Err(Error::new(&exc::TYPE_ERROR, "a class is needed")),
    }
}

/// `type(name, bases, dict)`; a metaclass of the bases that is more derived, with a `__new__` of its own, is asked.
fn new<'gc>(ctx: Context<'gc>, metaclass: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let function = ctx.dialect().pick("type()", "type.__new__()");
    let &[name, bases, dict] = args.positional() else {
        let given = args.positional().len();
        return refuse(match ctx.dialect() {
            Dialect::Python2 => "type() takes 1 or 3 arguments".to_owned(),
            Dialect::Python3 => {
                format!("type.__new__() takes exactly 3 arguments ({given} given)")
            }
        });
    };
    let wrong = |position: usize, wanted: &str, got: Value<'gc>| {
        let got = got.type_name(ctx);
        refuse(format!("{function} argument {position} must be {wanted}, not {got}"))
    };
    let Some(class_name) = ctx.name_of(name) else {
        return wrong(1, ctx.dialect().pick("string", "str"), name);
    };
    let Some(own_bases) = bases.as_tuple() else {
        return wrong(2, "tuple", bases);
    };
    let Some(own_dict) = dict.as_dict() else {
        return wrong(3, "dict", dict);
    };
    if class_name.as_slice().contains(&0) {
        let message = "type name must not contain null characters";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    let winner = most_derived_metaclass(metaclass, own_bases)?;
    if !winner.is(metaclass) && has_own_new(ctx, winner) {
        return winner_new(ctx, winner, &args);
    }
    let own_bases = match own_bases.is_empty() {
        true => Tuple::new(ctx, &[ctx.types().object.into()]),
        false => own_bases,
    };
    Ok(new_class(ctx, winner, name, own_bases, own_dict, Native::default())?.into())
}

fn has_own_new<'gc>(ctx: Context<'gc>, metaclass: Class<'gc>) -> bool {
    let names = ctx.names();
    match (metaclass.lookup(ctx, names.new), ctx.types().type_.lookup(ctx, names.new)) {
        (Some(found), Some(own)) => !found.is(own),
        _ => false,
    }
}

fn winner_new<'gc>(ctx: Context<'gc>, winner: Class<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let new = Value::from(winner).get_attr(ctx, ctx.names().new)?;
    new.call(ctx, args.clone().prepend(winner.into()))
}

fn init<'gc>(ctx: Context<'gc>, _: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    if ctx.dialect() == Dialect::Python2 && !args.keywords().is_empty() {
        return Err(Error::new(&exc::TYPE_ERROR, "type.__init__() takes no keyword arguments"));
    }
    match args.positional().len() {
        1 | 3 => Ok(Value::None),
        _ => Err(Error::new(&exc::TYPE_ERROR, "type.__init__() takes 1 or 3 arguments")),
    }
}

fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    instantiate(ctx, class_of(this)?, args)
}

fn set_attribute<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name, value] = operands(&args, "__setattr__")?;
    generic_assign(ctx, this, attribute_name(ctx, name)?, Some(value)).map(Into::into)
}

fn delete_attribute<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name] = operands(&args, "__delattr__")?;
    generic_assign(ctx, this, attribute_name(ctx, name)?, None).map(Into::into)
}

fn mro<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    none(&args, "mro")?;
    let class = class_of(this)?;
    let order = linearize(ctx, this, class.bases().as_slice())?;
    Ok(List::from_vec(ctx, order).into())
}

fn subclasses<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    none(&args, "__subclasses__")?;
    let alive = class_of(this)?.subclasses(ctx).into_iter().map(Into::into).collect();
    Ok(List::from_vec(ctx, alive).into())
}

/// What `isinstance` does for a class whose metaclass says nothing else.
fn instance_check<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let object = one(&args, "__instancecheck__")?;
    if is_subclass(object.type_of(ctx).into(), this) {
        return Ok(Value::Bool(true));
    }
    let shown = object.find_attr(ctx, ctx.names().class)?;
    Ok(Value::Bool(shown.is_some_and(|class| is_subclass(class, this))))
}

/// What `issubclass` does for a class whose metaclass says nothing else.
fn subclass_check<'gc>(_: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = one(&args, "__subclasscheck__")?;
    match class {
        Value::Class(_) | Value::ClassicClass(_) => Ok(Value::Bool(is_subclass(class, this))),
        _ => Err(Error::new(&exc::TYPE_ERROR, "issubclass() arg 1 must be a class")),
    }
}

fn name<'gc>(_: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(class_of(this)?.name_value())
}

fn set_name<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = class_of(this)?;
    let value = checked_name(ctx, class, "__name__", value)?;
    class.set_name(ctx, value);
    Class::changed(ctx);
    Ok(())
}

fn set_qualname<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = class_of(this)?;
    let value = checked_name(ctx, class, "__qualname__", value)?;
    class.set_qualname(ctx, value);
    Class::changed(ctx);
    Ok(())
}

fn checked_name<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    attribute: &str,
    value: Option<Value<'gc>>,
) -> Result<'gc> {
    let own = class.name();
    let Some(value) = value else {
        return Err(cannot_delete(ctx, class, attribute));
    };
    let is_string = match ctx.dialect() {
        Dialect::Python2 => value.as_bytes().is_some(),
        Dialect::Python3 => value.as_unicode().is_some(),
    };
    if !is_string {
        let got = value.type_name(ctx);
        let message = format!("can only assign string to {own}.{attribute}, not '{got}'");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    if text_of(value).contains('\0') {
        let message = "type name must not contain null characters";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    Ok(value)
}

#[cold]
fn cannot_delete<'gc>(ctx: Context<'gc>, class: Class<'gc>, attribute: &str) -> Error<'gc> {
    let own = class.name();
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("can't delete {own}.{attribute}"),
        Dialect::Python3 => {
            format!("cannot delete '{attribute}' attribute of immutable type '{own}'")
        }
    };
    Error::new(&exc::TYPE_ERROR, message)
}

fn module<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    class_of(this)?.module(ctx).ok_or_else(|| Error::new(&exc::ATTRIBUTE_ERROR, "__module__"))
}

fn set_module<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = class_of(this)?;
    match value {
        Some(value) => class.define(ctx, ctx.names().module, value),
        None => Err(cannot_delete(ctx, class, "__module__")),
    }
}

fn base<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(base_of(ctx, class_of(this)?).map_or(Value::None, Into::into))
}

fn doc<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let Some(doc) = class_of(this)?.dict().get_name(ctx, ctx.names().doc) else {
        return Ok(Value::None);
    };
    crate::descriptor::get(ctx, doc, None, this)
}

/// Python 3 lets a class's documentation be changed, 2.7 does not.
fn doc_setter(dialect: Dialect) -> Option<crate::descriptor::Setter> {
    match dialect {
        Dialect::Python2 => None,
        Dialect::Python3 => Some(|ctx, this, value| {
            let class = class_of(this)?;
            match value {
                Some(value) => class.define(ctx, ctx.names().doc, value),
                None => Err(cannot_delete(ctx, class, "__doc__")),
            }
        }),
    }
}

/// The bits that programs ask for: "heap type" (512) and "can be derived from" (1024).
fn flags<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let traits = class_of(this)?.traits();
    let bits: i64 =
        if traits.heap { 1 << 9 } else { 0 } | if traits.subclassable { 1 << 10 } else { 0 };
    Ok(Value::long(ctx, bits.into()))
}
