//! `strip` and its kin, `startswith` and `endswith`.

use super::super::arguments::no_keywords;
use super::kind::{Kind, TextString};
use super::search::{Bounds, slice_units};
use super::unit::Unit;
use crate::args::Args;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

pub(super) fn strip<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    strip_ends::<K>(ctx, this, &args, "strip", [true, true])
}

pub(super) fn lstrip<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    strip_ends::<K>(ctx, this, &args, "lstrip", [true, false])
}

pub(super) fn rstrip<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    strip_ends::<K>(ctx, this, &args, "rstrip", [false, true])
}

fn strip_ends<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    method: &str,
    [left, right]: [bool; 2],
) -> Result<'gc> {
    let (doomed,) = args.parse::<(Option<Value<'gc>>,)>(ctx, method)?;
    let units = K::units(ctx, this)?;
    let doomed = match doomed {
        None => None,
        Some(doomed) => match K::argument(ctx, doomed) {
            Ok(doomed) => Some(doomed),
            Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
                return Err(K::no_strip_argument(ctx, method, doomed));
            }
            Err(error) => return Err(error),
        },
    };
    let goes = |unit: &K::Unit| match &doomed {
        Some(doomed) => doomed.contains(unit),
        None => unit.is_space(),
    };
    let mut part = &units[..];
    while left && part.first().is_some_and(goes) {
        part = &part[1..];
    }
    while right && part.last().is_some_and(goes) {
        part = &part[..part.len() - 1];
    }
    Ok(K::part(ctx, this, &units, part))
}

pub(super) fn startswith<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    has_affix::<K>(ctx, this, &args, "startswith")
}

pub(super) fn endswith<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    has_affix::<K>(ctx, this, &args, "endswith")
}

fn has_affix<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    method: &str,
) -> Result<'gc> {
    no_keywords(args, method)?;
    let (affix, start, stop) = args.parse::<(Value<'gc>, _, _)>(ctx, method)?;
    let bounds = Bounds::read(ctx, start, stop)?;
    if let Value::Tuple(affixes) = affix.content() {
        for &affix in affixes.as_slice() {
            if has_one_affix::<K>(ctx, this, affix, bounds, method)? {
                return Ok(Value::Bool(true));
            }
        }
        return Ok(Value::Bool(false));
    }
    match has_one_affix::<K>(ctx, this, affix, bounds, method) {
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => Err(K::no_affix(ctx, method, affix)),
        found => found.map(Value::Bool),
    }
}

fn has_one_affix<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    affix: Value<'gc>,
    bounds: Bounds,
    method: &str,
) -> Result<'gc, bool> {
    match K::promoted(ctx, this, &Args::new(&[affix]))? {
        Some(text) => test::<TextString>(ctx, text, affix, bounds, method),
        None => test::<K>(ctx, this, affix, bounds, method),
    }
}

fn test<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    affix: Value<'gc>,
    bounds: Bounds,
    method: &str,
) -> Result<'gc, bool> {
    let (units, affix) = (K::units(ctx, this)?, K::argument(ctx, affix)?);
    let Some((_, part)) = slice_units(&units, bounds) else {
        return Ok(false);
    };
    Ok(match method {
        "startswith" => part.starts_with(&affix),
        _ => part.ends_with(&affix),
    })
}

/// The `ValueError` for splitting at nothing.
#[cold]
pub(super) fn empty_separator<'gc>() -> Error<'gc> {
    Error::new(&exc::VALUE_ERROR, "empty separator")
}
