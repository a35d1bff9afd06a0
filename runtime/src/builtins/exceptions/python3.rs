//! The exceptions that have attributes of their own in Python 3 only.

use crate::args::Args;
use crate::class::ExceptionKind;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception::ExceptionState;
use crate::exception_type::exc;
use crate::value::Value;

use crate::types::{Dict, Tuple};

use super::super::define::Define;
use super::{base, member, set_member, state_of};

pub(super) fn install(define: Define<'_>, kind: ExceptionKind) {
    match kind {
        ExceptionKind::Import => define
            .special("__str__", str_of_import)
            .method("__reduce__", reduce_import)
            .getset("msg", member::<0>, Some(set_member::<0>))
            .getset("name", member::<1>, Some(set_member::<1>))
            .getset("path", member::<2>, Some(set_member::<2>))
            .getset("name_from", member::<3>, Some(set_member::<3>)),
        ExceptionKind::Attribute => define
            .method("__reduce__", reduce_attribute)
            .getset("name", member::<0>, Some(set_member::<0>))
            .getset("obj", member::<1>, Some(set_member::<1>)),
        ExceptionKind::Name => define.getset("name", member::<0>, Some(set_member::<0>)),
        _ => define.getset("value", member::<0>, Some(set_member::<0>)),
    };
}

pub(super) fn initialize<'gc>(
    ctx: Context<'gc>,
    kind: ExceptionKind,
    state: ExceptionState<'gc>,
    args: &Args<'gc>,
) -> Result<'gc, ()> {
    let (function, names): (_, &[(&str, usize)]) = match kind {
        ExceptionKind::Import => {
            if let [message] = args.positional() {
                state.set_member(ctx, 0, Some(*message));
            }
            ("ImportError", &[("name", 1), ("path", 2), ("name_from", 3)])
        }
        ExceptionKind::Attribute => ("AttributeError", &[("name", 0), ("obj", 1)]),
        ExceptionKind::Name => ("NameError", &[("name", 0)]),
        _ => {
            state.set_member(ctx, 0, args.positional().first().copied());
            return Ok(());
        }
    };
    for &(name, value) in args.keywords() {
        let Some((_, index)) = names.iter().find(|(it, _)| it.as_bytes() == name.as_slice()) else {
            let name = name.to_string_lossy();
            let message = format!("{function}() got an unexpected keyword argument '{name}'");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        state.set_member(ctx, *index, Some(value));
    }
    Ok(())
}

fn str_of_import<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    match state_of(ctx, this)?.member(0) {
        Some(message @ Value::Unicode(_)) => Ok(message),
        _ => base::str(ctx, this, args),
    }
}

/// What was given by keyword is state; see `reduce_with`.
fn reduce_keywords<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    names: &[(&str, usize)],
    with_args: bool,
) -> Result<'gc> {
    let state = state_of(ctx, this)?;
    let given: Vec<(&str, Value<'gc>)> = names
        .iter()
        .filter_map(|(name, index)| state.member(*index).map(|value| (*name, value)))
        .collect();
    if given.is_empty() && !with_args {
        return Ok(base::reduce_with(ctx, this, state.args()));
    }
    let dict = match base::existing_dict(this) {
        Some(dict) => dict.shallow_copy(ctx),
        None => Dict::new(ctx),
    };
    for (name, value) in given {
        dict.insert_name(ctx, ctx.intern(name), value)?;
    }
    if with_args {
        dict.insert_name(ctx, ctx.intern("args"), state.args().into())?;
    }
    let class = this.type_of(ctx).into();
    Ok(Tuple::new(ctx, &[class, state.args().into(), dict.into()]).into())
}

fn reduce_import<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    reduce_keywords(ctx, this, &[("name", 1), ("path", 2), ("name_from", 3)], false)
}

/// The object whose attribute was missing is not kept: it may be of any size.
fn reduce_attribute<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    reduce_keywords(ctx, this, &[("name", 0)], true)
}
