//! `functools.partial`.

use halfsour_runtime::{Args, Class, Context, Dialect, Dict, Instance, Result, Tuple, Value};

use super::type_error;
use crate::classes::with_self;

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    ctx.new_module("functools")?.class_named(ctx, partial(ctx)?)
}

fn partial<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "partial")
        .module("functools")
        .slots(&["func", "args", "keywords", "__dict__"])
        .method("__new__", make)
        .method("__call__", |ctx, this, args| call(ctx, this, &args))
        .method("__reduce__", |ctx, this, _| reduce(ctx, this))
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            let state = state.as_tuple().map_or(&[][..], Tuple::as_slice);
            let [function, arguments, keywords, namespace] = state else {
                return Err(type_error("__setstate__ needs a tuple of four"));
            };
            set(ctx, this, [*function, *arguments, *keywords])?;
            if !namespace.is_none() {
                this.set_attr(ctx, "__dict__", *namespace)?;
            }
            Ok(Value::None)
        })
        .build()
}

fn make<'gc>(ctx: Context<'gc>, class: Value<'gc>, mut args: Args<'gc>) -> Result<'gc> {
    let function = args.take_first();
    let function =
        function.ok_or_else(|| type_error("type 'partial' takes at least one argument"))?;
    if !function.is_callable(ctx) {
        return Err(type_error("the first argument must be callable"));
    }
    let Value::Class(class) = class else { return Err(type_error("partial needs a class")) };
    let this = Value::from(Instance::bare(ctx, class));
    let keywords = Dict::new(ctx);
    for (name, value) in args.keywords() {
        keywords.insert_name(ctx, *name, *value)?;
    }
    let none = keywords.is_empty() && ctx.dialect() == Dialect::Python2;
    let keywords = if none { Value::None } else { keywords.into() };
    set(ctx, this, [function, args.to_tuple(ctx).into(), keywords])?;
    Ok(this)
}

fn set<'gc>(ctx: Context<'gc>, this: Value<'gc>, parts: [Value<'gc>; 3]) -> Result<'gc, ()> {
    for (name, part) in ["func", "args", "keywords"].into_iter().zip(parts) {
        this.set_attr(ctx, name, part)?;
    }
    Ok(())
}

fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let bound = this.get_attr(ctx, "args")?;
    let mut positional = bound.as_tuple().map_or(&[][..], Tuple::as_slice).to_vec();
    positional.extend(args.positional());
    let mut all = Args::new(&positional);
    if let Some(keywords) = this.get_attr(ctx, "keywords")?.as_dict() {
        all = all.with_keywords(ctx, keywords)?;
    }
    for (name, value) in args.keywords() {
        all = all.keyword(ctx, *name, *value);
    }
    this.get_attr(ctx, "func")?.call(ctx, all)
}

fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let function = this.get_attr(ctx, "func")?;
    let namespace = this.get_attr(ctx, "__dict__")?;
    let empty = namespace.as_dict().is_some_and(Dict::is_empty);
    let namespace = if empty { Value::None } else { namespace };
    let state = [function, this.get_attr(ctx, "args")?, this.get_attr(ctx, "keywords")?, namespace];
    let args = Tuple::new(ctx, &[function]).into();
    let parts = [Value::from(this.type_of(ctx)), args, Tuple::new(ctx, &state).into()];
    Ok(Tuple::new(ctx, &parts).into())
}
