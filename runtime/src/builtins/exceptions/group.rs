//! `BaseExceptionGroup` and `ExceptionGroup` (Python 3): several exceptions as one.

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::{ExceptionType, exc};
use crate::types::Tuple;
use crate::value::Value;

use super::super::define::Define;
use super::{bare, member, state_of};

const MESSAGE: usize = 0;
const EXCEPTIONS: usize = 1;

pub(super) fn install(define: Define<'_>) {
    define
        .special("__str__", str)
        .member("message", member::<MESSAGE>)
        .member("exceptions", member::<EXCEPTIONS>);
}

/// `BaseExceptionGroup(message, exceptions)`: an `ExceptionGroup` if all of them are `Exception`s.
pub(super) fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let refuse = |kind: &'static ExceptionType, message: String| Err(Error::new(kind, message));
    let &[message, exceptions] = args.positional() else {
        let given = args.positional().len();
        let message =
            format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)");
        return refuse(&exc::TYPE_ERROR, message);
    };
    if message.as_unicode().is_none() {
        let message = format!("argument 1 must be str, not {}", message.type_name(ctx));
        return refuse(&exc::TYPE_ERROR, message);
    }
    if exceptions.as_list().is_none() && exceptions.as_tuple().is_none() {
        let message = "second argument (exceptions) must be a sequence";
        return refuse(&exc::TYPE_ERROR, message.to_owned());
    }
    let items = exceptions.iter(ctx)?.collect_vec(ctx)?;
    if items.is_empty() {
        let message = "second argument (exceptions) must be a non-empty sequence";
        return refuse(&exc::VALUE_ERROR, message.to_owned());
    }
    let is = |item: Value<'gc>, kind| item.type_of(ctx).is_subclass_of(ctx.exception_class(kind));
    if let Some(place) = items.iter().position(|item| !is(*item, &exc::BASE_EXCEPTION)) {
        let message = format!("Item {place} of second argument (exceptions) is not an exception");
        return refuse(&exc::VALUE_ERROR, message);
    }
    let ordinary = items.iter().all(|item| is(*item, &exc::EXCEPTION));
    let class = match (class.name().as_str(), class.is_heap_type()) {
        ("BaseExceptionGroup", false) if ordinary => super::find(ctx, "ExceptionGroup"),
        ("ExceptionGroup", false) if !ordinary => {
            let message = "Cannot nest BaseExceptions in an ExceptionGroup";
            return refuse(&exc::TYPE_ERROR, message.to_owned());
        }
        _ => class,
    };
    let made = bare(ctx, class).into();
    let state = state_of(ctx, made)?;
    state.set_args(ctx, args.to_tuple(ctx));
    state.set_member(ctx, MESSAGE, Some(message));
    state.set_member(ctx, EXCEPTIONS, Some(Tuple::from_vec(ctx, items).into()));
    Ok(made)
}

fn str<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let message: String = member::<MESSAGE>(ctx, this)?.str(ctx)?.to(ctx)?;
    let count = member::<EXCEPTIONS>(ctx, this)?.as_tuple().map_or(0, Tuple::len);
    let plural = if count == 1 { "" } else { "s" };
    Ok(ctx.str(&format!("{message} ({count} sub-exception{plural})")))
}
