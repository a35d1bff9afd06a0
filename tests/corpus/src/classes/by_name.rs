//! What is pickled by its name: functions, nested and local classes, a class whose name leads elsewhere.

use halfsour_runtime::{Context, Function, Iter, Module, Result, Value};

use super::MODULE;
use super::plain::class;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.function(ctx, "func", |ctx, args| {
        let (x,): (Value<'_>,) = args.parse(ctx, "func")?;
        Ok(x)
    })?;
    module.function(ctx, "ext_func", |ctx, _| Ok(ctx.str("ext")))?;
    module.function(ctx, "outer_func", |ctx, _| {
        let inner = Function::new(ctx, "inner", |_, _| Ok(Value::None));
        inner.set_module(ctx, ctx.str(MODULE));
        inner.set_qualname(ctx, ctx.str("outer_func.<locals>.inner"));
        Ok(inner.into())
    })?;
    module.function(ctx, "local_class", |ctx, _| {
        let local = class(ctx, "Local").build()?;
        local.set_qualname(ctx, ctx.str("local_class.<locals>.Local"));
        Ok(local.into())
    })?;
    module.set(ctx, "a_lambda", Function::new(ctx, "<lambda>", |_, _| Ok(Value::Int(0))))?;
    module.class_named(ctx, class(ctx, "Shadowed").build()?)?;
    module.set(ctx, "ShadowedOriginal", super::global(ctx, "Shadowed")?)?;
    module.class_named(ctx, class(ctx, "Shadowed").build()?)?;
    nested(ctx, module)?;
    nameless(ctx)
}

fn nested<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let deep = class(ctx, "Deep").attr("__qualname__", "Outer.Inner.Deep").build()?;
    let inner = class(ctx, "Inner")
        .attr("__qualname__", "Outer.Inner")
        .attr("Deep", deep)
        .method("method", |_, _, _| Ok(Value::None))
        .build()?;
    let outer = class(ctx, "Outer")
        .attr("Inner", inner)
        .method("method", |ctx, _, _| Ok(ctx.str("method")))
        .static_method("static", |ctx, _| Ok(ctx.str("static")))
        .class_method("cm", |ctx, _, _| Ok(ctx.str("cm")))
        .build()?;
    module.class_named(ctx, outer)
}

/// A function without a name of its own, and one that returns a generator, in the module that the recipes of objects
/// use.
fn nameless<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("cases_common")?;
    module.function(ctx, "generator", |ctx, _| {
        let next = Function::new(ctx, "next", |_, _| Ok(Value::Int(0)));
        Ok(Iter::generator(ctx, next.into()).into_object(ctx))
    })?;
    let nameless = Function::new(ctx, "<lambda>", |_, _| Ok(Value::Int(0)));
    nameless.set_qualname(ctx, ctx.str("<lambda>.<locals>.<lambda>"));
    module.set(ctx, "nameless", nameless)
}
