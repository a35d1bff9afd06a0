//! `EnvironmentError` and what derives from it (Python 3: `OSError`).

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::exception::ExceptionState;
use crate::types::Tuple;
use crate::value::Value;

use super::super::define::Define;
use super::{base, member, set_member, state_of};

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;

pub(super) fn install<'gc>(ctx: Context<'gc>, define: Define<'gc>) {
    let define = define
        .special("__str__", str)
        .method("__reduce__", reduce)
        .getset("errno", member::<ERRNO>, Some(set_member::<ERRNO>))
        .getset("strerror", member::<STRERROR>, Some(set_member::<STRERROR>))
        .getset("filename", member::<FILENAME>, Some(set_member::<FILENAME>));
    if ctx.dialect() == Dialect::Python3 {
        define.getset("filename2", member::<FILENAME2>, Some(set_member::<FILENAME2>));
    }
}

/// Two or three arguments (Python 3: up to five) are errno, strerror and filename; `args` keeps the first two.
pub(super) fn initialize<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    state: ExceptionState<'gc>,
    args: &[Value<'gc>],
) -> Result<'gc, ()> {
    let most = ctx.dialect().pick(3, 5);
    if args.len() < 2 || args.len() > most {
        return Ok(());
    }
    state.set_member(ctx, ERRNO, args.first().copied());
    state.set_member(ctx, STRERROR, args.get(1).copied());
    // A filename of None counts in Python 2, and is none in Python 3.
    let counts = |it: &Value<'gc>| ctx.dialect() == Dialect::Python2 || !it.is_none();
    let filename = args.get(2).copied().filter(counts);
    // For this class a number is a count of characters, and stays among the arguments.
    if ctx.dialect() == Dialect::Python3
        && matches!(filename, Some(Value::Int(_)))
        && this.type_of(ctx).is(super::find(ctx, "BlockingIOError"))
    {
        return Ok(());
    }
    if filename.is_some() {
        state.set_member(ctx, FILENAME, filename);
        // The fourth argument is Windows's own error number.
        state.set_member(ctx, FILENAME2, args.get(4).copied().filter(|it| !it.is_none()));
        state.set_args(ctx, Tuple::new(ctx, args.get(..2).unwrap_or(args)));
    }
    Ok(())
}

/// The name of the class that Python 3 makes instead of `OSError` for an errno.
///
/// Source: the Python documentation, "OS exceptions", with Linux's numbers.
fn name_for(errno: i64) -> Option<&'static str> {
    Some(match errno {
        1 | 13 => "PermissionError",
        2 => "FileNotFoundError",
        3 => "ProcessLookupError",
        4 => "InterruptedError",
        10 => "ChildProcessError",
        11 | 114 | 115 => "BlockingIOError",
        17 => "FileExistsError",
        20 => "NotADirectoryError",
        21 => "IsADirectoryError",
        32 | 108 => "BrokenPipeError",
        103 => "ConnectionAbortedError",
        104 => "ConnectionResetError",
        110 => "TimeoutError",
        111 => "ConnectionRefusedError",
        _ => return None,
    })
}

/// Returns the class to make: Python 3's `OSError` picks a subclass by errno.
pub(super) fn class_for<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: &Args<'gc>) -> Class<'gc> {
    if class.is_heap_type() || class.name() != "OSError" {
        return class;
    }
    match args.positional() {
        [Value::Int(errno), _, ..] if args.positional().len() <= 5 => {
            name_for(*errno).map_or(class, |name| super::find(ctx, name))
        }
        _ => class,
    }
}

fn str<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let state = state_of(ctx, this)?;
    let errno = state.member(ERRNO);
    let strerror = state.member(STRERROR);
    let text = |value: Option<Value<'gc>>| value.unwrap_or(Value::None).str(ctx)?.to::<String>(ctx);
    let shown = |value: Value<'gc>| value.repr(ctx)?.to::<String>(ctx);
    let message = match (state.member(FILENAME), state.member(FILENAME2)) {
        (Some(one), Some(two)) => format!(
            "[Errno {}] {}: {} -> {}",
            text(errno)?,
            text(strerror)?,
            shown(one)?,
            shown(two)?
        ),
        (Some(file), None) => {
            format!("[Errno {}] {}: {}", text(errno)?, text(strerror)?, shown(file)?)
        }
        (None, _) if errno.is_some() && strerror.is_some() => {
            format!("[Errno {}] {}", text(errno)?, text(strerror)?)
        }
        _ => return base::str(ctx, this, args),
    };
    Ok(ctx.str(&message))
}

/// The filename, which is not in `args`, comes back among the arguments.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let state = state_of(ctx, this)?;
    let args = match (state.args().as_slice(), state.member(FILENAME)) {
        (&[errno, strerror], Some(filename)) => match state.member(FILENAME2) {
            Some(second) => Tuple::new(ctx, &[errno, strerror, filename, Value::None, second]),
            None => Tuple::new(ctx, &[errno, strerror, filename]),
        },
        _ => state.args(),
    };
    Ok(base::reduce_with(ctx, this, args))
}
