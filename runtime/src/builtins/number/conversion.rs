//! What `int(x)`, `long(x)` and `float(x)` make of any object.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::Name;
use crate::ops::hooks::own_hook;
use crate::ops::number::Number;
use crate::text::{ascii, float_literal, int_text};
use crate::types::Bytes;
use crate::value::Value;

/// Which whole-number type is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Int,
    /// Python 2's.
    Long,
}

impl Target {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Long => "long",
        }
    }

    fn hook(self, ctx: Context<'_>) -> Name<'_> {
        match self {
            Self::Int => ctx.names().int,
            Self::Long => ctx.intern("__long__"),
        }
    }
}

/// Returns the whole number of an object: by its special methods, or of a number or a text.
///
/// # Errors
///
/// `TypeError` if it has none; `ValueError` if a text is no number.
pub(super) fn to_whole<'gc>(
    ctx: Context<'gc>,
    target: Target,
    value: Value<'gc>,
) -> Result<'gc, BigInt> {
    if let Some(hook) = own_hook(ctx, value, target.hook(ctx))? {
        let result = hook.call(ctx, ())?;
        return whole(result).ok_or_else(|| {
            let hook = target.hook(ctx).to_string_lossy();
            let message =
                format!("{hook} returned non-{} (type {})", target.name(), result.type_name(ctx));
            Error::new(&exc::TYPE_ERROR, message)
        });
    }
    match Number::of(value.content()) {
        Some(Number::Int(it)) => return Ok(it.into()),
        Some(Number::Long(it)) => return Ok(it.clone()),
        Some(Number::Float(it)) => return truncate(it),
        Some(Number::Complex(_)) => {
            let message = format!("can't convert complex to {}", target.name());
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        None => {}
    }
    if ctx.dialect() == Dialect::Python3
        && let Some(index) = crate::builtins::positions::as_index(ctx, value)?
        && let Some(index) = whole(index)
    {
        return Ok(index);
    }
    if let Some(number) = by_truncation(ctx, value)? {
        return Ok(number);
    }
    match digits_of(ctx, value)? {
        Some(text) => parse(ctx, target, value, &text, Some(10)),
        None => Err(no_number(ctx, target, value)),
    }
}

fn whole(value: Value<'_>) -> Option<BigInt> {
    Number::of(value.content()).and_then(super::arithmetic::whole_number)
}

/// Asks `__trunc__`.
fn by_truncation<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<BigInt>> {
    let name = ctx.intern("__trunc__");
    let hook = match value {
        // CPython reads the attribute, and lets its absence through.
        Value::ClassicInstance(_) => Some(value.get_attr(ctx, name)?),
        _ => own_hook(ctx, value, name)?,
    };
    let Some(hook) = hook else {
        return Ok(None);
    };
    let result = hook.call(ctx, ())?;
    match whole(result) {
        Some(number) => Ok(Some(number)),
        None => {
            let name = result.type_name(ctx);
            let message = format!("__trunc__ returned non-Integral (type {name})");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

#[cold]
fn no_number<'gc>(ctx: Context<'gc>, target: Target, value: Value<'gc>) -> Error<'gc> {
    let rule = ctx
        .dialect()
        .pick("a string or a number", "a string, a bytes-like object or a real number");
    let message =
        format!("{}() argument must be {rule}, not '{}'", target.name(), value.type_name(ctx));
    Error::new(&exc::TYPE_ERROR, message)
}

/// Returns a float's whole part.
///
/// # Errors
///
/// `ValueError` for NaN, `OverflowError` for infinity.
pub(super) fn truncate<'gc>(float: f64) -> Result<'gc, BigInt> {
    BigInt::from_f64(float).ok_or_else(|| {
        if float.is_nan() {
            Error::new(&exc::VALUE_ERROR, "cannot convert float NaN to integer")
        } else {
            Error::new(&exc::OVERFLOW_ERROR, "cannot convert float infinity to integer")
        }
    })
}

/// Returns the bytes of a string that may be a number; `None` if the object is no string.
///
/// # Errors
///
/// `UnicodeEncodeError` for a character that Python 2 cannot read as part of a number.
pub(super) fn digits_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<Vec<u8>>> {
    Ok(match value.content() {
        Value::Bytes(text) => Some(text.as_slice().to_vec()),
        Value::ByteArray(text) => Some(text.to_vec()),
        // DIFFERENCE: CPython also reads the digits of other scripts.
        Value::Unicode(text) if ctx.dialect() == Dialect::Python2 => {
            Some(ascii::encode_decimal(ctx, text)?)
        }
        Value::Unicode(text) => Some(text.as_generalised_utf8().to_vec()),
        _ => None,
    })
}

/// Reads a whole number in a base; `None` goes by the prefix.
///
/// # Errors
///
/// `ValueError` if it is none.
pub(super) fn parse<'gc>(
    ctx: Context<'gc>,
    target: Target,
    value: Value<'gc>,
    text: &[u8],
    base: Option<u32>,
) -> Result<'gc, BigInt> {
    let name = target.name();
    let is_python2 = ctx.dialect() == Dialect::Python2;
    if is_python2 && text.contains(&0) {
        let message = format!("null byte in argument for {name}()");
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    let read =
        if is_python2 { int_text::python2(text, base) } else { int_text::python3(text, base) };
    let read_base = match read {
        // Only long() reads an L.
        Ok(literal) if !literal.is_long || target == Target::Long => {
            // The time it takes grows faster than the text.
            let work = (literal.digits.len() / 64) as u64;
            ctx.take_allowance(work.saturating_mul(work))?;
            return Ok(literal.value());
        }
        Ok(literal) => literal.base,
        Err(flaw) => flaw.base,
    };
    let (shown, base) = match (ctx.dialect(), target) {
        (Dialect::Python3, _) => (value, base.unwrap_or(0)),
        (Dialect::Python2, Target::Long) => (Bytes::new(ctx, text).into(), read_base),
        (Dialect::Python2, Target::Int) => {
            (Bytes::new(ctx, int_text::trim_start(text)).into(), base.unwrap_or(0))
        }
    };
    let shown = crate::builtins::repr_text(ctx, shown)?;
    let message = format!("invalid literal for {name}() with base {base}: {shown}");
    Err(Error::new(&exc::VALUE_ERROR, message))
}

/// Returns a long as a float.
///
/// # Errors
///
/// `OverflowError` if it is too large.
pub(super) fn long_to_float<'gc>(ctx: Context<'gc>, long: &BigInt) -> Result<'gc, f64> {
    long.to_f64().filter(|it| it.is_finite()).ok_or_else(|| {
        let message = ctx
            .dialect()
            .pick("long int too large to convert to float", "int too large to convert to float");
        Error::new(&exc::OVERFLOW_ERROR, message)
    })
}

/// Returns a real number as a float.
///
/// # Errors
///
/// `OverflowError` if it is too large; `TypeError` for a complex number.
pub(super) fn real_to_float<'gc>(ctx: Context<'gc>, number: Number<'gc>) -> Result<'gc, f64> {
    match number {
        Number::Int(it) => Ok(it as f64),
        Number::Float(it) => Ok(it),
        Number::Long(it) => long_to_float(ctx, it),
        Number::Complex(_) => Err(Error::new(&exc::TYPE_ERROR, "can't convert complex to float")),
    }
}

/// Returns the float of an object, by `__float__` or of a real number; `None` if it has none.
///
/// # Errors
///
/// `TypeError` if `__float__` returns no float, or for a complex number; whatever `__float__` raises.
pub(super) fn find_float<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<f64>> {
    let hook = match value {
        Value::ClassicInstance(_) => Some(value.get_attr(ctx, "__float__")?),
        _ => own_hook(ctx, value, ctx.intern("__float__"))?,
    };
    if let Some(hook) = hook {
        let result = hook.call(ctx, ())?;
        let Value::Float(float) = result.content() else {
            let name = result.type_name(ctx);
            let message = match ctx.dialect() {
                Dialect::Python2 => format!("__float__ returned non-float (type {name})"),
                Dialect::Python3 => {
                    format!("{}.__float__ returned non-float (type {name})", value.type_name(ctx))
                }
            };
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        return Ok(Some(float));
    }
    if let Some(number) = Number::of(value.content()) {
        return real_to_float(ctx, number).map(Some);
    }
    if ctx.dialect() == Dialect::Python3
        && let Some(index) = crate::builtins::positions::as_index(ctx, value)?
        && let Some(number) = Number::of(index)
    {
        return real_to_float(ctx, number).map(Some);
    }
    Ok(None)
}

/// Returns the float of an object: what `float(x)` gives.
///
/// # Errors
///
/// `TypeError` if it has none; `ValueError` if a text is no float.
pub(super) fn to_float<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, f64> {
    if let Some(text) = digits_of(ctx, value)? {
        return match float_literal::float(&text, ctx.dialect()) {
            Some(float) => Ok(float),
            None => Err(no_float(ctx, value, &text)),
        };
    }
    match find_float(ctx, value)? {
        Some(float) => Ok(float),
        None => {
            let message = match ctx.dialect() {
                Dialect::Python2 => "float() argument must be a string or a number".to_owned(),
                Dialect::Python3 => format!(
                    "float() argument must be a string or a real number, not '{}'",
                    value.type_name(ctx)
                ),
            };
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// The `ValueError` for a text that is no float.
#[cold]
fn no_float<'gc>(ctx: Context<'gc>, value: Value<'gc>, text: &[u8]) -> Error<'gc> {
    if ctx.dialect() == Dialect::Python3 {
        return match crate::builtins::repr_text(ctx, value) {
            Ok(shown) => {
                let message = format!("could not convert string to float: {shown}");
                Error::new(&exc::VALUE_ERROR, message)
            }
            Err(error) => error,
        };
    }
    let begin: &[u8] = if float_literal::begins_with_float(text) {
        b"invalid literal for float(): "
    } else {
        b"could not convert string to float: "
    };
    // What is behind a NUL is not shown.
    let shown = text.split(|&byte| byte == 0).next().unwrap_or_default();
    let shown = int_text::trim_start(shown);
    let message = Bytes::from_vec(ctx, [begin, shown].concat());
    Error::with_args(&exc::VALUE_ERROR, &[message.into()])
}
