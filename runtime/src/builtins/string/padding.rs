//! `center`, `ljust`, `rjust`, `zfill` and `expandtabs`.

use super::super::arguments::integer;
use super::kind::Kind;
use super::unit::Unit;
use crate::args::Args;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

pub(super) fn center<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    // Where the blanks cannot be shared evenly, CPython puts the odd one by this rule.
    justify::<K>(ctx, this, &args, "center", |missing, width| missing / 2 + (missing & width & 1))
}

pub(super) fn ljust<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    justify::<K>(ctx, this, &args, "ljust", |_, _| 0)
}

pub(super) fn rjust<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    justify::<K>(ctx, this, &args, "rjust", |missing, _| missing)
}

fn justify<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    method: &str,
    left_of: fn(usize, usize) -> usize,
) -> Result<'gc> {
    let (width, fill) = args.parse::<(Value<'gc>, Option<Value<'gc>>)>(ctx, method)?;
    let width = usize::try_from(integer(ctx, width)?).unwrap_or(0);
    let fill = match fill {
        Some(fill) => K::fill(ctx, method, fill)?,
        None => K::Unit::from(b' '),
    };
    let units = K::units(ctx, this)?;
    let missing = width.saturating_sub(units.len());
    if missing == 0 {
        return Ok(K::part(ctx, this, &units, &units));
    }
    let left = left_of(missing, width);
    let mut padded = reserved(width)?;
    padded.resize(left, fill);
    padded.extend_from_slice(&units);
    padded.resize(width, fill);
    Ok(K::make(ctx, &padded))
}

/// Room for units whose number a program chose.
fn reserved<'gc, U>(length: usize) -> Result<'gc, Vec<U>> {
    let mut units = Vec::new();
    match units.try_reserve_exact(length) {
        Ok(()) => Ok(units),
        Err(_) => Err(Error::bare(&exc::MEMORY_ERROR)),
    }
}

pub(super) fn zfill<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let (width,) = args.parse::<(Value<'gc>,)>(ctx, "zfill")?;
    let width = usize::try_from(integer(ctx, width)?).unwrap_or(0);
    let units = K::units(ctx, this)?;
    let missing = width.saturating_sub(units.len());
    if missing == 0 {
        return Ok(K::part(ctx, this, &units, &units));
    }
    let signs = usize::from(units.first().is_some_and(|unit| unit.is(b'+') || unit.is(b'-')));
    let mut padded = reserved(width)?;
    padded.extend_from_slice(&units[..signs]);
    padded.resize(signs + missing, K::Unit::from(b'0'));
    padded.extend_from_slice(&units[signs..]);
    Ok(K::make(ctx, &padded))
}

pub(super) fn expandtabs<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let (size,) = args.parse::<(Option<Value<'gc>>,)>(ctx, "expandtabs")?;
    let size = size.map_or(Ok(8), |size| integer(ctx, size))?;
    let size = usize::try_from(size).unwrap_or(0);
    let units = K::units(ctx, this)?;
    let tabs = units.iter().filter(|unit| unit.is(b'\t')).count();
    let longest = tabs.checked_mul(size).and_then(|it| it.checked_add(units.len()));
    let Some(longest) = longest else {
        return Err(Error::new(&exc::OVERFLOW_ERROR, "result too long"));
    };
    let mut expanded: Vec<K::Unit> = reserved(longest)?;
    let mut column = 0;
    for &unit in &*units {
        if unit.is(b'\t') {
            let blanks = if size == 0 { 0 } else { size - column % size };
            expanded.resize(expanded.len() + blanks, K::Unit::from(b' '));
            column += blanks;
        } else {
            column = if unit.is(b'\n') || unit.is(b'\r') { 0 } else { column + 1 };
            expanded.push(unit);
        }
    }
    Ok(K::make(ctx, &expanded))
}
