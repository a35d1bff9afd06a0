//! `REX_one` to `REX_seven`: classes with `__reduce__`, `__reduce_ex__` or both.

use halfsour::{
    Args, ClassBuilder, Context, Dialect, Dict, Error, Iter, List, Module, Result, Tuple, Value,
    exc,
};

use super::{builder, class, same_type_and};

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let one = with_reduce(ctx, "REX_one", |ctx, _| remade(ctx, "REX_one"));
    let two = with_reduce_ex(ctx, "REX_two", |ctx, _, _| remade(ctx, "REX_two"));
    let three = with_reduce_ex(ctx, "REX_three", |ctx, _, _| remade(ctx, "REX_two"))
        .method("__reduce__", |_, _, _| {
            Err(Error::new(&exc::RUNTIME_ERROR, "REX_three.__reduce__ was called"))
        });
    let four = with_reduce_ex(ctx, "REX_four", |ctx, this, protocol| {
        let object = Value::from(ctx.types().object);
        object.call_method(ctx, "__reduce_ex__", (this, protocol))
    });
    let five = with_reduce(ctx, "REX_five", |ctx, this| {
        Value::from(ctx.types().object).call_method(ctx, "__reduce__", (this,))
    });
    for class in [one, two, three, four, five, six(ctx), seven(ctx)] {
        module.class_named(ctx, class.build()?)?;
    }
    Ok(())
}

/// A class that notes the call of its `__reduce__`.
fn with_reduce<'gc>(
    ctx: Context<'gc>,
    name: &str,
    reduce: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a> + 'static,
) -> ClassBuilder<'gc> {
    builder(ctx, name).attr("_reduce_called", 0).method("__reduce__", move |ctx, this, _| {
        this.set_attr(ctx, "_reduce_called", 1)?;
        reduce(ctx, this)
    })
}

/// A class that notes the protocol that its `__reduce_ex__` is called with.
fn with_reduce_ex<'gc>(
    ctx: Context<'gc>,
    name: &str,
    reduce: impl for<'a> Fn(Context<'a>, Value<'a>, Value<'a>) -> Result<'a> + 'static,
) -> ClassBuilder<'gc> {
    builder(ctx, name).attr("_proto", Value::None).method(
        "__reduce_ex__",
        move |ctx, this, args| {
            let (protocol,): (Value<'_>,) = args.parse(ctx, "__reduce_ex__")?;
            this.set_attr(ctx, "_proto", protocol)?;
            reduce(ctx, this, protocol)
        },
    )
}

/// `(NAME, ())`
fn remade<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    Ok(Tuple::new(ctx, &[class(ctx, name)?, Tuple::new(ctx, &[]).into()]).into())
}

/// A class that takes its items one by one; in Python 2 also many at a time.
fn six(ctx: Context<'_>) -> ClassBuilder<'_> {
    let builder = match ctx.dialect() {
        Dialect::Python2 => builder(ctx, "REX_six").method("extend", |ctx, this, args| {
            let (items,): (Value<'_>,) = args.parse(ctx, "extend")?;
            for item in items.iter(ctx)?.collect_vec(ctx)? {
                this.call_method(ctx, "append", (item,))?;
            }
            Ok(Value::None)
        }),
        _ => builder(ctx, "REX_six"),
    };
    builder
        .method("__init__", |ctx, this, args| {
            holds(ctx, this, &args, "items", List::new(ctx).into())
        })
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            same_type_and(ctx, this, other, "items")
        })
        .attr("__hash__", Value::None)
        .method("append", |ctx, this, args| {
            this.get_attr(ctx, "items")?.call_method(ctx, "append", args)
        })
        .method("__reduce__", |ctx, this, _| {
            let items = this.get_attr(ctx, "items")?.iter(ctx)?.into_object(ctx);
            reduced(ctx, this, [Value::None, items, Value::None])
        })
}

/// A class that takes its pairs one by one.
fn seven(ctx: Context<'_>) -> ClassBuilder<'_> {
    builder(ctx, "REX_seven")
        .method("__init__", |ctx, this, args| {
            holds(ctx, this, &args, "table", Dict::new(ctx).into())
        })
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            same_type_and(ctx, this, other, "table")
        })
        .attr("__hash__", Value::None)
        .method("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            this.get_attr(ctx, "table")?.set_item(ctx, key, value)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let items = this.get_attr(ctx, "table")?.call_method(ctx, "items", ())?;
            let pairs: Iter<'_> = items.iter(ctx)?;
            reduced(ctx, this, [Value::None, Value::None, pairs.into_object(ctx)])
        })
}

/// An `__init__` that keeps its argument, or what stands for it.
fn holds<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    default: Value<'gc>,
) -> Result<'gc> {
    let (given,): (Option<Value<'_>>,) = args.parse(ctx, "__init__")?;
    this.set_attr(ctx, name, given.unwrap_or(default))?;
    Ok(Value::None)
}

/// `(type(self), ()) + rest`
fn reduced<'gc>(ctx: Context<'gc>, this: Value<'gc>, rest: [Value<'gc>; 3]) -> Result<'gc> {
    let mut parts = vec![this.type_of(ctx).into(), Tuple::new(ctx, &[]).into()];
    parts.extend(rest);
    Ok(Tuple::from_vec(ctx, parts).into())
}
