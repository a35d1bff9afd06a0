//! `SyntaxError` and what derives from it.

use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception::ExceptionState;
use crate::exception_type::exc;
use crate::value::Value;

use super::super::define::Define;
use super::{member, set_member, state_of};

const MSG: usize = 0;
const FILENAME: usize = 1;
const LINENO: usize = 2;
const OFFSET: usize = 3;
const TEXT: usize = 4;
const END_LINENO: usize = 5;
const END_OFFSET: usize = 6;
const PRINT_FILE_AND_LINE: usize = 7;

pub(super) fn install<'gc>(ctx: Context<'gc>, define: Define<'gc>) {
    let define = define
        .special("__str__", str)
        .getset("msg", member::<MSG>, Some(set_member::<MSG>))
        .getset("filename", member::<FILENAME>, Some(set_member::<FILENAME>))
        .getset("lineno", member::<LINENO>, Some(set_member::<LINENO>))
        .getset("offset", member::<OFFSET>, Some(set_member::<OFFSET>))
        .getset("text", member::<TEXT>, Some(set_member::<TEXT>))
        .getset(
            "print_file_and_line",
            member::<PRINT_FILE_AND_LINE>,
            Some(set_member::<PRINT_FILE_AND_LINE>),
        );
    if ctx.dialect() == Dialect::Python3 {
        define.getset("end_lineno", member::<END_LINENO>, Some(set_member::<END_LINENO>)).getset(
            "end_offset",
            member::<END_OFFSET>,
            Some(set_member::<END_OFFSET>),
        );
    }
}

/// The second of two arguments is the place: filename, lineno, offset, text (Python 3: also where it ends).
pub(super) fn initialize<'gc>(
    ctx: Context<'gc>,
    state: ExceptionState<'gc>,
    args: &[Value<'gc>],
) -> Result<'gc, ()> {
    if let Some(&message) = args.first() {
        state.set_member(ctx, MSG, Some(message));
    }
    let &[_, place] = args else {
        return Ok(());
    };
    let place = place.iter(ctx)?.collect_vec(ctx)?;
    let complete = match ctx.dialect() {
        Dialect::Python2 => place.len() == 4,
        Dialect::Python3 => place.len() == 4 || place.len() == 6,
    };
    if !complete {
        return Err(wrong_place(ctx, place.len()));
    }
    for (index, &part) in (FILENAME..).zip(&place) {
        state.set_member(ctx, index, Some(part));
    }
    Ok(())
}

#[cold]
fn wrong_place<'gc>(ctx: Context<'gc>, given: usize) -> Error<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => Error::new(&exc::INDEX_ERROR, "tuple index out of range"),
        Dialect::Python3 => {
            let bound = if given < 4 { "at least 4" } else { "at most 6" };
            let message = format!("function takes {bound} arguments ({given} given)");
            Error::new(&exc::TYPE_ERROR, message)
        }
    }
}

fn str<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let state = state_of(ctx, this)?;
    let message = state.member(MSG).unwrap_or(Value::None).str(ctx)?;
    let file = state.member(FILENAME).and_then(|it| it.to::<String>(ctx).ok());
    let file = file.as_deref().map(|path| path.rsplit('/').next().unwrap_or(path));
    let line = match state.member(LINENO) {
        Some(line @ (Value::Int(_) | Value::Long(_))) => Some(line.str(ctx)?.to::<String>(ctx)?),
        _ => None,
    };
    let place = match (file, line) {
        (Some(file), Some(line)) => format!("{file}, line {line}"),
        (Some(file), None) => file.to_owned(),
        (None, Some(line)) => format!("line {line}"),
        (None, None) => return Ok(message),
    };
    Ok(ctx.str(&format!("{} ({place})", message.to::<String>(ctx)?)))
}
