//! `functools.partial`: a function with some of its arguments.

use halfsour_runtime::{Args, Class, Context, Dict, Instance, Module, Result, Tuple, Value, exc};

use crate::support::{
    self, Kind, content, given_class, make, none, one, python3, reduced, repr, show_once, tuple,
    type_error,
};

const MODULE: &str = "functools";

/// The Rust side of a partial; its values are the function, the arguments and the keywords.
#[derive(Clone, Copy, Debug)]
struct Partial;

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, class(ctx)?)
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, MODULE, "partial", Kind::Made)
        .native()
        .method("__new__", new)
        .method("__call__", |ctx, this, args| call(ctx, this, &args))
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let [function, args, keywords] = parts(ctx, this)?;
            // A namespace that nobody asked for is none.
            let namespace = match this {
                Value::Instance(instance) => instance.existing_dict().map(Value::from),
                _ => None,
            };
            let state = [function, args, keywords, namespace.unwrap_or(Value::None)];
            Ok(reduced(ctx, this, &[function], &[tuple(ctx, &state)]))
        })
        .method("__setstate__", |ctx, this, args| {
            set_state(ctx, this, one(&args, "__setstate__")?)?;
            Ok(Value::None)
        });
    for (at, name) in ["func", "args", "keywords"].into_iter().enumerate() {
        builder = builder.attr(name, read_only(ctx, name, at));
    }
    if python3(ctx) {
        builder = builder.method("__repr__", |ctx, this, _| show(ctx, this));
    }
    builder.build()
}

/// A property that reads one of the values and refuses to be set.
fn read_only<'gc>(ctx: Context<'gc>, name: &str, at: usize) -> Value<'gc> {
    let get = halfsour_runtime::Function::new(ctx, name, move |ctx, args| {
        let this = args.positional().first().copied().unwrap_or(Value::None);
        Ok(parts(ctx, this)?.get(at).copied().unwrap_or(Value::None))
    });
    let set = halfsour_runtime::Function::new(ctx, name, |ctx, _| {
        let class = ctx.dialect().pick(&exc::TYPE_ERROR, &exc::ATTRIBUTE_ERROR);
        Err(halfsour_runtime::Error::new(class, "readonly attribute"))
    });
    Value::property(ctx, get.into(), set.into(), set.into())
}

fn parts<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, [Value<'gc>; 3]> {
    let content = content::<Partial>(this)
        .ok_or_else(|| support::wrong_receiver(ctx, this, "functools.partial"))?;
    Ok([0, 1, 2].map(|at| content.get(at).unwrap_or(Value::None)))
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, mut args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let Some(function) = args.take_first() else {
        return Err(type_error("type 'partial' takes at least one argument"));
    };
    if !function.is_callable(ctx) {
        return Err(type_error("the first argument must be callable"));
    }
    let keywords = Dict::new(ctx);
    let (mut function, mut bound) = (function, Vec::new());
    if let Some(inner) = plain_partial(ctx, function)? {
        let [inner_function, inner_args, inner_keywords] = inner;
        function = inner_function;
        bound.extend_from_slice(inner_args.as_tuple().map_or(&[][..], Tuple::as_slice));
        for (name, value) in inner_keywords.as_dict().map(Dict::entries).unwrap_or_default() {
            keywords.insert(ctx, name, value)?;
        }
    }
    bound.extend_from_slice(args.positional());
    for (name, value) in args.keywords() {
        keywords.insert_name(ctx, *name, *value)?;
    }
    Ok(make(ctx, class, Partial, &[function, tuple(ctx, &bound), keywords.into()]))
}

/// The parts of a partial that Python 3 takes apart when another is made of it: one without attributes.
fn plain_partial<'gc>(
    ctx: Context<'gc>,
    function: Value<'gc>,
) -> Result<'gc, Option<[Value<'gc>; 3]>> {
    let Value::Instance(instance) = function else { return Ok(None) };
    let is_plain = python3(ctx)
        && content::<Partial>(function).is_some()
        && instance.existing_dict().is_none();
    if !is_plain || !Value::from(instance.class()).is(ctx.import_from(MODULE, "partial")?) {
        return Ok(None);
    }
    parts(ctx, function).map(Some)
}

fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [function, bound, keywords] = parts(ctx, this)?;
    let mut positional = bound.as_tuple().map_or(&[][..], Tuple::as_slice).to_vec();
    positional.extend(args.positional());
    let mut all = Args::new(&positional);
    // A keyword of the call replaces the one that was kept.
    let merged = Dict::new(ctx);
    for (name, value) in keywords.as_dict().map(Dict::entries).unwrap_or_default() {
        merged.insert(ctx, name, value)?;
    }
    for (name, value) in args.keywords() {
        merged.insert_name(ctx, *name, *value)?;
    }
    if !merged.is_empty() {
        all = all.with_keywords(ctx, merged)?;
    }
    function.call(ctx, all)
}

fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
    let invalid = || type_error("invalid partial state");
    let content = content::<Partial>(this)
        .ok_or_else(|| support::wrong_receiver(ctx, this, "functools.partial"))?;
    let state = state.as_tuple().ok_or_else(invalid)?;
    let &[function, args, keywords, namespace] = state.as_slice() else { return Err(invalid()) };
    let keywords = if keywords.is_none() { Dict::new(ctx).into() } else { keywords };
    if !function.is_callable(ctx) || args.as_tuple().is_none() || keywords.as_dict().is_none() {
        return Err(invalid());
    }
    // A subclass's tuple becomes a plain one, and in Python 3 a subclass's dict too.
    let args = match args {
        Value::Tuple(_) => args,
        other => tuple(ctx, other.as_tuple().map_or(&[], Tuple::as_slice)),
    };
    content.restore(ctx, vec![function, args, keywords]);
    match (namespace, this) {
        (Value::Dict(namespace), Value::Instance(instance)) => {
            Instance::set_dict(instance, ctx, namespace);
            Ok(())
        }
        (Value::None, _) => Ok(()),
        _ => this.set_attr(ctx, "__dict__", namespace),
    }
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    show_once(ctx, this, "...", || {
        let [function, args, keywords] = parts(ctx, this)?;
        let mut shown = vec![repr(ctx, function)?];
        for arg in args.as_tuple().map_or(&[][..], Tuple::as_slice) {
            shown.push(repr(ctx, *arg)?);
        }
        for (name, value) in keywords.as_dict().map(Dict::entries).unwrap_or_default() {
            shown.push(format!("{}={}", support::shown(ctx, name)?, repr(ctx, value)?));
        }
        let class = this.type_of(ctx);
        let name = class.module(ctx).map(support::text).unwrap_or_default();
        Ok(format!("{name}.{}({})", class.name(), shown.join(", ")))
    })
}
