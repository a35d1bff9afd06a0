//! `UserDict`, `UserList`, `UserString`: a container in the attribute `data`. Python 2 has each in a module of its own.

use halfsour_runtime::{
    Args, Class, ClassicClass, Context, Dict, Error, List, Module, Operator, Result, Value, exc,
};

use super::updating::update;
use crate::support::{self, Kind, comparisons, one, operate, python3, tuple};

const DATA: &str = "data";

/// Adds Python 3's three classes.
pub(super) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, user_dict(ctx)?)?;
    module.class_named(ctx, user_list(ctx, super::MODULE)?)?;
    module.class_named(ctx, user_string(ctx, super::MODULE)?)
}

/// Fills Python 2's module of one of the classes.
pub(crate) fn fill_python2_module<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    name: &str,
) -> Result<'gc, ()> {
    match name {
        "UserList" => module.class_named(ctx, user_list(ctx, name)?),
        "UserString" => module.class_named(ctx, user_string(ctx, name)?),
        _ => {
            let base = classic_dict(ctx)?;
            module.class_named(ctx, base)?;
            let iterable = ClassicClass::builder(ctx, "IterableUserDict")
                .module(name)
                .base(base)
                .method("__iter__", |ctx, this, _| iterate(ctx, this))
                .build()?;
            module.class_named(ctx, iterable)
        }
    }
}

fn data<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    this.get_attr(ctx, DATA)
}

/// The data of an object of the same kind, any other object as it is.
fn data_of<'gc>(ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc> {
    Ok(other.find_attr(ctx, DATA)?.unwrap_or(other))
}

fn iterate<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(data(ctx, this)?.iter(ctx)?.into_object(ctx))
}

/// Methods that do to `data` what they are called to do to the object.
macro_rules! forward {
    ($builder:expr, $($name:literal)*) => {
        $builder$(.method($name, |ctx, this, args| {
            data(ctx, this)?.call_method(ctx, $name, args)
        }))*
    };
}

fn init_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    this.set_attr(ctx, DATA, Dict::new(ctx))?;
    let sources: Vec<Value<'gc>> =
        args.positional().iter().copied().filter(|it| !it.is_none()).collect();
    let mut all = Args::new(&sources);
    for (name, value) in args.keywords() {
        all = all.keyword(ctx, *name, *value);
    }
    update(ctx, this, &all, |given| format!("expected at most 1 arguments, got {given}"))?;
    Ok(Value::None)
}

fn get_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let key = one(&args, "__getitem__")?;
    let data = data(ctx, this)?;
    if data.contains(ctx, key)? {
        return data.get_item(ctx, key);
    }
    match this.type_of(ctx).lookup(ctx, "__missing__") {
        Some(missing) => missing.call(ctx, (this, key)),
        None => Err(Error::with_args(&exc::KEY_ERROR, &[key])),
    }
}

fn set_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
    data(ctx, this)?.set_item(ctx, key, value)?;
    Ok(Value::None)
}

fn classic_dict<'gc>(ctx: Context<'gc>) -> Result<'gc, ClassicClass<'gc>> {
    let builder = ClassicClass::builder(ctx, "UserDict")
        .module("UserDict")
        .attr("__hash__", Value::None)
        .method("__init__", init_dict)
        .method("__getitem__", get_item)
        .method("__setitem__", set_item)
        .method("__repr__", |ctx, this, _| data(ctx, this)?.repr(ctx))
        .method("__cmp__", |ctx, this, args| {
            let other = data_of(ctx, one(&args, "__cmp__")?)?;
            Ok(Value::Int(data(ctx, this)?.compare(ctx, other)? as i64))
        });
    forward!(builder, "__delitem__" "__len__" "__contains__" "keys" "values" "items" "iteritems"
        "iterkeys" "itervalues" "has_key" "get" "setdefault" "pop" "popitem" "clear" "update")
    .build()
}

fn user_dict<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, "UserDict", Kind::Python)
        .attr("__hash__", Value::None)
        .method("__init__", init_dict)
        .method("__getitem__", get_item)
        .method("__setitem__", set_item)
        .method("__iter__", |ctx, this, _| iterate(ctx, this))
        .method("__repr__", |ctx, this, _| data(ctx, this)?.repr(ctx))
        .method("__eq__", |ctx, this, args| {
            let other = data_of(ctx, one(&args, "__eq__")?)?;
            Ok(Value::Bool(data(ctx, this)?.equals(ctx, other)?))
        })
        .method("update", |ctx, this, args| {
            update(ctx, this, &args, |given| {
                format!("update expected at most 1 argument, got {given}")
            })?;
            Ok(Value::None)
        });
    forward!(builder, "__delitem__" "__len__" "__contains__" "keys" "values" "items" "get"
        "setdefault" "pop" "popitem" "clear")
    .build()
}

fn user_list<'gc>(ctx: Context<'gc>, module: &str) -> Result<'gc, Class<'gc>> {
    let builder = support::python_class(ctx, module, "UserList")
        .attr("__hash__", Value::None)
        .method("__init__", |ctx, this, args| {
            let [source] = args.bind("__init__", ["initlist"], 0)?;
            let items = match source.filter(|source| !source.is_none()) {
                Some(source) => data_of(ctx, source)?.iter(ctx)?.collect_vec(ctx)?,
                None => Vec::new(),
            };
            this.set_attr(ctx, DATA, List::from_vec(ctx, items))?;
            Ok(Value::None)
        })
        .method("__iter__", |ctx, this, _| iterate(ctx, this))
        .method("__repr__", |ctx, this, _| data(ctx, this)?.repr(ctx))
        .method("__add__", |ctx, this, args| {
            let other = data_of(ctx, one(&args, "__add__")?)?;
            let both = operate(ctx, data(ctx, this)?, "__add__", other)?;
            Value::from(this.type_of(ctx)).call(ctx, (both,))
        });
    let builder = forward!(builder, "__getitem__" "__setitem__" "__delitem__" "__len__"
        "__contains__" "append" "extend" "insert" "pop" "remove" "index" "count" "reverse" "sort");
    comparisons(builder, compare_data).build()
}

fn compare_data<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    data(ctx, this)?.rich_compare(ctx, data_of(ctx, other)?, operator)
}

fn user_string<'gc>(ctx: Context<'gc>, module: &str) -> Result<'gc, Class<'gc>> {
    let builder = support::python_class(ctx, module, "UserString")
        .method("__init__", |ctx, this, args| {
            let [source] = args.bind("__init__", ["seq"], 1)?;
            let source = data_of(ctx, source.unwrap_or(Value::None))?;
            let string = match source.content() {
                Value::Unicode(_) | Value::Bytes(_) if !python3(ctx) => source,
                Value::Unicode(_) => source,
                _ => source.str(ctx)?,
            };
            this.set_attr(ctx, DATA, string)?;
            Ok(Value::None)
        })
        .method("__repr__", |ctx, this, _| data(ctx, this)?.repr(ctx))
        .method("__str__", |ctx, this, _| data(ctx, this)?.str(ctx))
        .method("__hash__", |ctx, this, _| Ok(Value::Int(data(ctx, this)?.hash(ctx)?)));
    let builder = forward!(builder, "__len__" "__contains__" "__getitem__" "encode" "upper"
        "lower" "strip" "split" "startswith" "endswith" "find" "count" "index");
    let builder = comparisons(builder, compare_data);
    if python3(ctx) {
        return builder
            .method("__getnewargs__", |ctx, this, _| {
                let data = data(ctx, this)?;
                let all = halfsour_runtime::Slice::new(ctx, Value::None, Value::None, Value::None);
                Ok(tuple(ctx, &[data.get_item(ctx, all)?]))
            })
            .build();
    }
    builder.build()
}
