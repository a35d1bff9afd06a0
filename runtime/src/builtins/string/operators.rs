//! What the types of strings do for `+` and `*`.

use super::super::arguments::operands;
use super::super::define::Define;
use super::super::list::repeat;
use super::super::{buffer, codec, positions};
use super::kind::Kind;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Defines `*`.
pub(super) fn install_repetition<K: Kind>(define: Define<'_>) {
    define
        .special("__mul__", |ctx, this, args| {
            let [times] = operands(&args, "__mul__")?;
            multiply::<K>(ctx, this, times)
        })
        .special("__rmul__", |ctx, this, args| {
            let [times] = operands(&args, "__rmul__")?;
            multiply::<K>(ctx, this, times)
        });
}

fn multiply<'gc, K: Kind>(ctx: Context<'gc>, this: Value<'gc>, times: Value<'gc>) -> Result<'gc> {
    let times = positions::count(ctx, times)?;
    let units = K::units(ctx, this)?;
    if times == 1 {
        return Ok(K::part(ctx, this, &units, &units));
    }
    Ok(K::make(ctx, &repeat(ctx, &units, times)?))
}

/// Defines Python 2's `x[start:stop]` without a step.
pub(super) fn install_simple_slice<K: Kind>(define: Define<'_>) {
    if define.dialect() == Dialect::Python3 {
        return;
    }
    define.special("__getslice__", |ctx, this, args| {
        let [start, stop] = operands(&args, "__getslice__")?;
        let units = K::units(ctx, this)?;
        let positions = super::super::list::simple_slice(ctx, start, stop, units.len())?;
        let part = positions.contiguous().and_then(|range| units.get(range)).unwrap_or_default();
        Ok(K::part(ctx, this, &units, part))
    });
}

/// Joins two strings; either may be returned as it is where the other is empty.
pub(super) fn concatenate<'gc, K: Kind>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    right: Value<'gc>,
) -> Result<'gc> {
    let (left_units, right_units) = (K::argument(ctx, left)?, K::argument(ctx, right)?);
    let exact = |value: Value<'gc>| value.type_of(ctx).is(K::make(ctx, &[]).type_of(ctx));
    if right_units.is_empty() && exact(left) {
        return Ok(K::part(ctx, left, &left_units, &left_units));
    }
    if left_units.is_empty() && exact(right) {
        return Ok(K::part(ctx, right, &right_units, &right_units));
    }
    let mut joined = left_units.into_owned();
    joined.extend_from_slice(&right_units);
    Ok(K::make(ctx, &joined))
}

/// What `str + other` gives: text, if the other is text.
pub(super) fn add_to_bytes<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
) -> Result<'gc> {
    match (other.content(), ctx.dialect()) {
        (Value::Unicode(_), Dialect::Python2) => {
            concatenate::<super::kind::TextString>(ctx, this, other)
        }
        (Value::ByteArray(_), Dialect::Python2) => {
            concatenate::<super::kind::ByteArrayString>(ctx, this, other)
        }
        (_, Dialect::Python3) if buffer::bytes_of(other).is_some() => {
            concatenate::<super::kind::ByteString>(ctx, this, other)
        }
        (Value::Bytes(_), _) => concatenate::<super::kind::ByteString>(ctx, this, other),
        (_, dialect) => {
            let (own, other) = (this.type_name(ctx), other.type_name(ctx));
            let message = match dialect {
                Dialect::Python2 => format!("cannot concatenate '{own}' and '{other}' objects"),
                Dialect::Python3 => format!("can't concat {other} to {own}"),
            };
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// What `unicode + other` gives.
pub(super) fn add_to_text<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
) -> Result<'gc> {
    if codec::text_of(ctx, other)?.is_none() {
        if ctx.dialect() == Dialect::Python2 {
            return Err(codec::no_text(ctx, other));
        }
        let other = other.type_name(ctx);
        let message = format!("can only concatenate str (not \"{other}\") to str");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    concatenate::<super::kind::TextString>(ctx, this, other)
}
