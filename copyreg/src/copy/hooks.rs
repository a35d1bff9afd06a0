//! The hooks of a class that tell how its instances are copied, asked in Python's order.

use halfsour_runtime::{Class, Context, Dialect, Error, Name, Result, Value, exc};

use super::ERROR;
use crate::reducers::reducer_of;

/// What kind of copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Shallow,
    Deep,
}

/// Returns what `copy_reg`, `__reduce_ex__` or `__reduce__` say about an object.
///
/// # Errors
///
/// `copy.Error` if it has none of them; whatever they raise.
pub(super) fn reduce<'gc>(ctx: Context<'gc>, object: Value<'gc>, kind: Kind) -> Result<'gc> {
    let class = object.type_of(ctx);
    if let Some(reducer) = reducer_of(ctx, class.into())?
        && reducer.truth(ctx)?
    {
        return reducer.call(ctx, (object,));
    }
    if let Some(hook) = find_hook(ctx, object, ctx.names().reduce_ex)? {
        let protocol = ctx.dialect().pick(2, 4);
        return hook.call(ctx, (protocol,));
    }
    if let Some(hook) = object.find_attr(ctx, ctx.names().reduce)?
        && hook.truth(ctx)?
    {
        return hook.call(ctx, ());
    }
    Err(uncopyable(ctx, class, kind))
}

#[cold]
fn uncopyable<'gc>(ctx: Context<'gc>, class: Class<'gc>, kind: Kind) -> Error<'gc> {
    let kind = match kind {
        Kind::Shallow => "shallow",
        Kind::Deep => "deep",
    };
    let class = match Value::from(class).str(ctx).and_then(|text| text.to::<String>(ctx)) {
        Ok(class) => class,
        Err(error) => return error,
    };
    Error::new(&ERROR, format!("un({kind})copyable object of type {class}"))
}

/// Returns an attribute that is a hook: in 2.7 a false one is as good as none, in Python 3 only `None` is.
pub(super) fn find_hook<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let Some(hook) = object.find_attr(ctx, name)? else {
        return Ok(None);
    };
    let counts = if ctx.dialect() == Dialect::Python2 { hook.truth(ctx)? } else { !hook.is_none() };
    Ok(counts.then_some(hook))
}

/// Python's `hasattr`: in 2.7 any exception is a no, in Python 3 only `AttributeError` is.
pub(super) fn has_attr<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Result<'gc, bool> {
    let refusal = ctx.dialect().pick(&exc::EXCEPTION, &exc::ATTRIBUTE_ERROR);
    match object.find_attr(ctx, name) {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.is(ctx, refusal) => Ok(false),
        Err(error) => Err(error),
    }
}
