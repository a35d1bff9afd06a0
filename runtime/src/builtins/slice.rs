//! `slice`.

use super::arguments::{counted, none, one, operands};
use super::comparison;
use super::define::Define;
use super::positions;
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::order::content_three_way;
use crate::types::{Slice, Tuple};
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().slice)
        .new_with(new)
        .getset("start", |ctx, this| Ok(own(ctx, this)?.start()), None)
        .getset("stop", |ctx, this| Ok(own(ctx, this)?.stop()), None)
        .getset("step", |ctx, this| Ok(own(ctx, this)?.step()), None)
        .method("indices", indices)
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let slice = own(ctx, this)?;
            let parts = Tuple::new(ctx, &[slice.start(), slice.stop(), slice.step()]);
            Ok(Tuple::new(ctx, &[ctx.types().slice.into(), parts.into()]).into())
        });
    comparison::install_hash(define);
    match ctx.dialect() {
        Dialect::Python2 => {
            define.special("__cmp__", three_way);
        }
        Dialect::Python3 => comparison::install(define),
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Slice<'gc>> {
    this.to::<Slice<'gc>>(ctx)
}

fn new<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    if !args.keywords().is_empty() {
        let message = ctx
            .dialect()
            .pick("slice() does not take keyword arguments", "slice() takes no keyword arguments");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let (start, stop, step) = match *counted(&args, "slice", 1, 3)? {
        [stop] => (Value::None, stop, Value::None),
        [start, stop] => (start, stop, Value::None),
        [start, stop, step] => (start, stop, step),
        _ => (Value::None, Value::None, Value::None),
    };
    Ok(Slice::new(ctx, start, stop, step).into())
}

/// `indices(length)`: start, stop and step within a sequence of that length.
fn indices<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let length = positions::count(ctx, one(&args, "indices")?)?;
    if length < 0 && ctx.dialect() == Dialect::Python3 {
        return Err(Error::new(&exc::VALUE_ERROR, "length should not be negative"));
    }
    let (start, stop, step) = own(ctx, this)?.bounds(ctx, length)?;
    let parts = [start, stop, step].map(Value::Int);
    Ok(Tuple::new(ctx, &parts).into())
}

fn three_way<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__cmp__")?;
    if !matches!(other, Value::Slice(_)) {
        let got = other.type_name(ctx);
        let message = format!("slice.__cmp__(x,y) requires y to be a 'slice', not a '{got}'");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    Ok(Value::Int(content_three_way(ctx, this, other)? as i64))
}
