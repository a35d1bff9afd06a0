//! The numbers of arguments that built-in methods take, with CPython's words for each way it checks them.

use num_traits::ToPrimitive;

use crate::args::Args;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Checks that a method got no arguments.
pub(super) fn none<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, ()> {
    no_keywords(args, name)?;
    match args.positional().len() {
        0 => Ok(()),
        given => {
            let message = format!("{name}() takes no arguments ({given} given)");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Returns the one argument of a method.
pub(super) fn one<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, Value<'gc>> {
    no_keywords(args, name)?;
    match *args.positional() {
        [argument] => Ok(argument),
        ref given => {
            let message = format!("{name}() takes exactly one argument ({} given)", given.len());
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Returns the arguments of a method that takes between `least` and `most`, counted before they are looked at.
pub(super) fn between<'a, 'gc>(
    args: &'a Args<'gc>,
    name: &str,
    least: usize,
    most: usize,
) -> Result<'gc, &'a [Value<'gc>]> {
    no_keywords(args, name)?;
    counted(args, name, least, most)
}

/// As [`between`], but keywords are the caller's business.
pub(super) fn counted<'a, 'gc>(
    args: &'a Args<'gc>,
    name: &str,
    least: usize,
    most: usize,
) -> Result<'gc, &'a [Value<'gc>]> {
    let given = args.positional();
    let (word, number) = match given.len() {
        count if count < least => ("at least", least),
        count if count > most => ("at most", most),
        _ => return Ok(given),
    };
    let word = if least == most { "" } else { word };
    let space = if word.is_empty() { "" } else { " " };
    let message = format!("{name} expected {word}{space}{number} arguments, got {}", given.len());
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// Returns the operands of a special method.
pub(super) fn operands<'gc, const N: usize>(
    args: &Args<'gc>,
    name: &str,
) -> Result<'gc, [Value<'gc>; N]> {
    if !args.keywords().is_empty() {
        let message = format!("wrapper {name} doesn't take keyword arguments");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    <[Value<'gc>; N]>::try_from(args.positional()).map_err(|_| {
        let given = args.positional().len();
        Error::new(&exc::TYPE_ERROR, format!("expected {N} arguments, got {given}"))
    })
}

/// Returns the one argument that `__new__` and `__init__` of a container take, which may go by a name.
pub(super) fn one_named<'gc>(
    args: &Args<'gc>,
    function: &str,
    parameter: &str,
) -> Result<'gc, Option<Value<'gc>>> {
    let given = args.positional().len() + args.keywords().len();
    if given > 1 {
        let message = format!("{function}() takes at most 1 argument ({given} given)");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    if let Some((name, value)) = args.keywords().first() {
        if name.as_slice() != parameter.as_bytes() {
            return Err(invalid_keyword(&name.to_string_lossy()));
        }
        return Ok(Some(*value));
    }
    Ok(args.positional().first().copied())
}

#[cold]
pub(super) fn invalid_keyword<'gc>(name: &str) -> Error<'gc> {
    let message = format!("'{name}' is an invalid keyword argument for this function");
    Error::new(&exc::TYPE_ERROR, message)
}

pub(super) fn no_keywords<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, ()> {
    if args.keywords().is_empty() {
        return Ok(());
    }
    let message = format!("{name}() takes no keyword arguments");
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// Checks that a constructor got no keywords, with the words of each dialect.
pub(super) fn refuse_keywords<'gc>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    class: &str,
) -> Result<'gc, ()> {
    if args.keywords().is_empty() {
        return Ok(());
    }
    let refusal =
        ctx.dialect().pick(" does not take keyword arguments", "() takes no keyword arguments");
    Err(Error::new(&exc::TYPE_ERROR, format!("{class}{refusal}")))
}

/// Binds the parameters of a built-in function written with a list of keywords, the first `required` of which must
/// be given.
pub(super) fn named<'gc, const N: usize>(
    args: &Args<'gc>,
    function: &str,
    parameters: [&str; N],
    required: usize,
) -> Result<'gc, [Option<Value<'gc>>; N]> {
    for (name, _) in args.keywords() {
        if !parameters.iter().any(|it| it.as_bytes() == name.as_slice()) {
            return Err(invalid_keyword(&name.to_string_lossy()));
        }
    }
    args.bind(function, parameters, required)
}

/// Reads an int as CPython's argument parser does: through `__int__`, but no float.
///
/// # Errors
///
/// `TypeError` if it is none; `OverflowError` if it does not fit 64 bits.
pub(super) fn integer<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, i64> {
    let required = || Error::new(&exc::TYPE_ERROR, "an integer is required");
    match small_integer(value.content())? {
        Some(it) => return Ok(it),
        None if matches!(value.content(), Value::Float(_)) => {
            let message = "integer argument expected, got float";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        None if value.content().is(value) && !is_instance(value) => return Err(required()),
        None => {}
    }
    let hook = value.special(ctx, ctx.names().int)?.ok_or_else(required)?;
    small_integer(hook.call(ctx, ())?.content())?.ok_or_else(required)
}

fn is_instance(value: Value<'_>) -> bool {
    matches!(value, Value::Instance(_) | Value::ClassicInstance(_))
}

fn small_integer<'gc>(value: Value<'gc>) -> Result<'gc, Option<i64>> {
    match value {
        Value::Bool(it) => Ok(Some(it.into())),
        Value::Int(it) => Ok(Some(it)),
        Value::Long(it) => it.as_bigint().to_i64().map(Some).ok_or_else(|| {
            let message = "Python int too large to convert to C long";
            Error::new(&exc::OVERFLOW_ERROR, message)
        }),
        _ => Ok(None),
    }
}

/// Returns the content of a method's receiver, which the descriptor has checked to be of the type.
pub(super) fn receiver<'gc, T>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    content: Option<T>,
) -> Result<'gc, T> {
    content.ok_or_else(|| {
        let message = format!("the '{}' object was never initialized", this.type_name(ctx));
        Error::new(&exc::TYPE_ERROR, message)
    })
}
