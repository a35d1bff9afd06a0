//! `defaultdict`: a dict that makes the values it does not have.

use halfsour_runtime::{Args, Class, Context, Dict, Error, Result, Value, exc};

use crate::support::{self, Kind, none, one, python3, reduced, repr, type_error};

const FACTORY: &str = "default_factory";

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, "defaultdict", Kind::Made)
        .base(ctx.types().dict)
        .slots(&[FACTORY])
        .method("__init__", init)
        .method("__missing__", |ctx, this, args| missing(ctx, this, one(&args, "__missing__")?))
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            reduce(ctx, this)
        })
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("copy", |ctx, this, args| {
            none(&args, "copy")?;
            copy(ctx, this)
        })
        .method("__copy__", |ctx, this, _| copy(ctx, this));
    builder.build()
}

fn dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    this.as_dict().ok_or_else(|| support::wrong_receiver(ctx, this, "defaultdict"))
}

fn factory<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(this.find_attr(ctx, FACTORY)?.unwrap_or(Value::None))
}

fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, mut args: Args<'gc>) -> Result<'gc> {
    let factory = args.take_first().unwrap_or(Value::None);
    if !factory.is_none() && !factory.is_callable(ctx) {
        return Err(type_error("first argument must be callable or None"));
    }
    this.set_attr(ctx, FACTORY, factory)?;
    let init = Value::from(ctx.types().dict).get_attr(ctx, "__init__")?;
    init.call(ctx, args.prepend(this))?;
    Ok(Value::None)
}

fn missing<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    let factory = factory(ctx, this)?;
    if factory.is_none() {
        return Err(Error::with_args(&exc::KEY_ERROR, &[key]));
    }
    let made = factory.call(ctx, ())?;
    this.set_item(ctx, key, made)?;
    Ok(made)
}

/// The state stays behind, also of a subclass.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let factory = factory(ctx, this)?;
    let args = if factory.is_none() { vec![] } else { vec![factory] };
    let items = if python3(ctx) {
        this.call_method(ctx, "items", ())?.iter(ctx)?.into_object(ctx)
    } else {
        this.call_method(ctx, "iteritems", ())?
    };
    Ok(reduced(ctx, this, &args, &[Value::None, Value::None, items]))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let content = repr(ctx, dict(ctx, this)?.into())?;
    let factory = factory(ctx, this)?;
    let name = if python3(ctx) { support::class_name(ctx, this) } else { "defaultdict".to_owned() };
    // A factory may be bound to the dict that it fills.
    let shown = this.shown_once(ctx, || repr(ctx, factory));
    let factory = shown.unwrap_or_else(|| Ok("...".to_owned()))?;
    Ok(ctx.str(&format!("{name}({factory}, {content})")))
}

fn copy<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let content = dict(ctx, this)?.shallow_copy(ctx);
    Value::from(this.type_of(ctx)).call(ctx, (factory(ctx, this)?, content))
}
