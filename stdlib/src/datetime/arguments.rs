//! Arguments of the constructors, read as C code reads them, and the states that pickles give instead.

use halfsour_runtime::{Args, Context, Result, Value};

use crate::support::{python3, type_error, value_error};

/// Binds arguments to parameters, of which the first `required` must be given, as ints; those behind the first
/// `positional` only by keyword.
pub(super) fn bind<'gc, const N: usize>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    parameters: [&str; N],
    required: usize,
    positional: usize,
) -> Result<'gc, [Option<Value<'gc>>; N]> {
    let given = args.positional().len();
    if given + args.keywords().len() > N || given > positional {
        let kind =
            if python3(ctx) && given > positional && positional < N { " positional" } else { "" };
        let given = if kind.is_empty() { given + args.keywords().len() } else { given };
        let message =
            format!("function takes at most {positional}{kind} arguments ({given} given)");
        return Err(type_error(message));
    }
    let mut bound = [None; N];
    for (place, value) in bound.iter_mut().zip(args.positional()) {
        *place = Some(*value);
    }
    let mut unknown = None;
    for (name, value) in args.keywords() {
        let name = name.to_string_lossy();
        match parameters.iter().position(|parameter| *parameter == name) {
            Some(at) if bound[at].is_none() => bound[at] = Some(*value),
            Some(at) => {
                let at = at + 1;
                let message = if python3(ctx) {
                    format!("argument for function given by name ('{name}') and position ({at})")
                } else {
                    format!("Argument given by name ('{name}') and position ({at})")
                };
                return Err(type_error(message));
            }
            None => unknown = Some(name.into_owned()),
        }
    }
    for (at, (parameter, place)) in parameters.iter().zip(&bound).enumerate().take(required) {
        // What is given is read before it is missed what is not.
        int(ctx, *place, 0)?;
        if place.is_none() {
            let at = at + 1;
            return Err(type_error(if python3(ctx) {
                format!("function missing required argument '{parameter}' (pos {at})")
            } else {
                format!("Required argument '{parameter}' (pos {at}) not found")
            }));
        }
    }
    match unknown {
        None => Ok(bound),
        Some(name) if python3(ctx) => {
            Err(type_error(format!("this function got an unexpected keyword argument '{name}'")))
        }
        Some(name) => {
            Err(type_error(format!("'{name}' is an invalid keyword argument for this function")))
        }
    }
}

/// An int, or what `__index__` (in 2.7 `__int__` too) makes one of; `default` stands for what was not given.
pub(super) fn int<'gc>(
    ctx: Context<'gc>,
    value: Option<Value<'gc>>,
    default: i64,
) -> Result<'gc, i64> {
    let Some(value) = value else { return Ok(default) };
    if let Value::Int(_) | Value::Bool(_) | Value::Long(_) = value.content() {
        return value.to(ctx);
    }
    if python3(ctx) {
        return value.index(ctx)?.to(ctx);
    }
    if let Value::Float(_) = value.content() {
        return Err(type_error("integer argument expected, got float"));
    }
    match value.find_attr(ctx, "__int__")? {
        Some(convert) => convert.call(ctx, ())?.to(ctx),
        None => Err(type_error("an integer is required")),
    }
}

/// None or a tzinfo.
pub(super) fn zone<'gc>(ctx: Context<'gc>, value: Option<Value<'gc>>) -> Result<'gc> {
    let value = value.unwrap_or(Value::None);
    if value.is_none() || is_zone(ctx, value)? {
        return Ok(value);
    }
    let found = value.type_name(ctx);
    let message =
        format!("tzinfo argument must be None or of a tzinfo subclass, not type '{found}'");
    Err(type_error(message))
}

pub(super) fn is_zone<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, bool> {
    value.is_instance(ctx, ctx.import_from(super::MODULE, "tzinfo")?)
}

/// The bytes of a pickled state of this length: of 2.7's `str`, 3's `bytes`, or in Python 3 of the text that 2's `str`
/// became when it was read as Latin-1. Nothing if the argument is none.
pub(super) fn state<'gc, const N: usize>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    kind: &str,
    most: usize,
    sane: impl Fn([u8; N]) -> bool,
) -> Result<'gc, Option<[u8; N]>> {
    let given = args.positional();
    if given.is_empty() || given.len() > most || !args.keywords().is_empty() {
        return Ok(None);
    }
    match given.first().map(|state| state.content()) {
        Some(Value::Bytes(state)) => {
            Ok(<[u8; N]>::try_from(state.as_slice()).ok().filter(|state| sane(*state)))
        }
        Some(Value::Unicode(text)) if python3(ctx) && text.len() == N => {
            let points: Vec<u32> = text.code_points().collect();
            // Only a text that could be a state must be Latin-1; others are no states.
            let mut bytes = [0; N];
            let mut latin = true;
            for (byte, point) in bytes.iter_mut().zip(points) {
                *byte = u8::try_from(point).unwrap_or_default();
                latin &= point < 256;
            }
            if latin {
                return Ok(Some(bytes).filter(|state| sane(*state)));
            }
            Err(value_error(format!(
                "Failed to encode latin1 string when unpickling a {kind} object. \
                 pickle.load(data, encoding='latin1') is assumed."
            )))
        }
        _ => Ok(None),
    }
}
