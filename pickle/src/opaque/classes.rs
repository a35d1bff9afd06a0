//! The classes of stand-ins, as Python-shaped code sees them.

use halfsour_runtime::{Class, Context, Error, Result, Tuple, Value, exc};

use super::global::OpaqueGlobal;
use super::object::{MadeBy, Opaque};

/// The classes of a runtime.
#[derive(Clone, Copy)]
pub(super) struct Classes<'gc> {
    pub(super) global: Class<'gc>,
    pub(super) object: Class<'gc>,
}

/// The module that keeps the classes.
const MODULE: &str = "halfsour_opaque";

/// Returns the classes, which are made when they are needed first.
pub(super) fn classes<'gc>(ctx: Context<'gc>) -> Result<'gc, Classes<'gc>> {
    let module = match ctx.modules().get(ctx, ctx.str(MODULE))? {
        Some(Value::Module(module)) => module,
        _ => ctx.new_module(MODULE)?,
    };
    match (module.get(ctx, "OpaqueGlobal"), module.get(ctx, "Opaque")) {
        (Some(Value::Class(global)), Some(Value::Class(object))) => Ok(Classes { global, object }),
        _ => {
            let classes = Classes { global: global(ctx)?, object: object(ctx)? };
            module.class_named(ctx, classes.global)?;
            module.class_named(ctx, classes.object)?;
            module.function(ctx, "restore", restore)?;
            Ok(classes)
        }
    }
}

fn global<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "OpaqueGlobal")
        .native()
        .slots(&[])
        .method("__call__", |ctx, this, _| Err(not_callable(ctx, this)))
        .method("__repr__", |ctx, this, _| {
            let name = OpaqueGlobal::of(this).map_or_else(String::new, OpaqueGlobal::dotted_name);
            Ok(ctx.str(&format!("<opaque {name}>")))
        })
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            Ok(match (OpaqueGlobal::of(this), OpaqueGlobal::of(other)) {
                (Some(one), Some(other)) => Value::Bool(one.dotted_name() == other.dotted_name()),
                _ => Value::NotImplemented,
            })
        })
        .method("__ne__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__ne__")?;
            Ok(match (OpaqueGlobal::of(this), OpaqueGlobal::of(other)) {
                (Some(one), Some(other)) => Value::Bool(one.dotted_name() != other.dotted_name()),
                _ => Value::NotImplemented,
            })
        })
        .method("__hash__", |ctx, this, _| {
            let name = OpaqueGlobal::of(this).map_or_else(String::new, OpaqueGlobal::dotted_name);
            Ok(Value::Int(ctx.str(&name).hash(ctx)?))
        })
        // As a class, it is not copied.
        .method("__copy__", |_, this, _| Ok(this))
        .method("__deepcopy__", |_, this, _| Ok(this))
        .build()
}

fn object<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "Opaque")
        .native()
        .slots(&[])
        .method("__call__", |ctx, this, _| Err(not_callable(ctx, this)))
        .method("__repr__", |ctx, this, _| {
            let name = opaque(this)?.callable_name(ctx);
            Ok(ctx.str(&format!("<opaque object of {name}>")))
        })
        .method("__getattr__", |ctx, this, args| {
            let (name,): (String,) = args.parse(ctx, "__getattr__")?;
            let opaque = opaque(this)?;
            // What Python asks every object for is no field.
            let field = if is_special(&name) { None } else { opaque.field(ctx, &name)? };
            field.ok_or_else(|| {
                let class = opaque.callable_name(ctx);
                let message = format!("opaque object of {class} has no field '{name}'");
                Error::new(&exc::ATTRIBUTE_ERROR, message)
            })
        })
        .method("__setattr__", |ctx, this, args| {
            let (name, value): (String, Value<'_>) = args.parse(ctx, "__setattr__")?;
            opaque(this)?.set_field(ctx, &name, value)?;
            Ok(Value::None)
        })
        .method("__delattr__", |ctx, this, args| {
            let (name,): (String,) = args.parse(ctx, "__delattr__")?;
            if opaque(this)?.remove_field(ctx, &name)? {
                return Ok(Value::None);
            }
            Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
        })
        .method("__setstate__", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            opaque(this)?.set_state(ctx, Some(state));
            Ok(Value::None)
        })
        .method("append", |ctx, this, args| {
            let (item,): (Value<'_>,) = args.parse(ctx, "append")?;
            opaque(this)?.list_items(ctx).push(ctx, item);
            Ok(Value::None)
        })
        .method("extend", |ctx, this, args| {
            let (items,): (Value<'_>,) = args.parse(ctx, "extend")?;
            let items = items.iter(ctx)?.collect_vec(ctx)?;
            opaque(this)?.list_items(ctx).extend(ctx, &items);
            Ok(Value::None)
        })
        .method("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            let pair = Tuple::new(ctx, &[key, value]);
            opaque(this)?.dict_items(ctx).push(ctx, pair.into());
            Ok(Value::None)
        })
        .method("__reduce_ex__", |ctx, this, _| reduce(ctx, opaque(this)?))
        .build()
}

fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

fn opaque<'gc>(this: Value<'gc>) -> Result<'gc, Opaque<'gc>> {
    Opaque::of(this).ok_or_else(|| Error::new(&exc::TYPE_ERROR, "it is no opaque object"))
}

#[cold]
fn not_callable<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Error<'gc> {
    let shown = this.repr(ctx).and_then(|shown| shown.to::<String>(ctx));
    let shown = shown.unwrap_or_else(|_| this.type_name(ctx));
    let message = format!("{shown} cannot be called: what it stands for is not registered");
    Error::new(&exc::TYPE_ERROR, message)
}

/// How the module `copy` takes an opaque object apart. A dump writes what the object stands for instead.
fn reduce<'gc>(ctx: Context<'gc>, opaque: Opaque<'gc>) -> Result<'gc> {
    let restore = ctx.import_from(MODULE, "restore")?;
    let keywords = opaque.keywords().map_or(Value::None, Value::from);
    let setter = opaque.state_setter().unwrap_or(Value::None);
    let made_by = Value::Int(opaque.made_by().number());
    let made = [made_by, opaque.callable(), opaque.args().into(), keywords, setter];
    let made = Tuple::new(ctx, &made);
    let mut parts = vec![restore, made.into(), opaque.state().unwrap_or(Value::None)];
    for items in opaque.added_items() {
        parts.push(match items {
            Some(items) => Value::from(items).call_method(ctx, "__iter__", ())?,
            None => Value::None,
        });
    }
    Ok(Tuple::from_vec(ctx, parts).into())
}

/// Makes an opaque object of the parts that [`reduce`] gives.
fn restore<'gc>(ctx: Context<'gc>, args: halfsour_runtime::Args<'gc>) -> Result<'gc> {
    let (made_by, callable, args, keywords, setter): (
        i64,
        Value<'gc>,
        Tuple<'gc>,
        Value<'gc>,
        Value<'gc>,
    ) = args.parse(ctx, "restore")?;
    let Some(made_by) = MadeBy::from_number(made_by) else {
        return Err(Error::new(&exc::VALUE_ERROR, "no object is made so"));
    };
    let opaque = Opaque::made(ctx, made_by, callable, args)?;
    opaque.set_keywords(ctx, keywords.as_dict());
    opaque.set_state_setter(ctx, setter);
    Ok(opaque.into())
}
