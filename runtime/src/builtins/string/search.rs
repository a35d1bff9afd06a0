//! `find`, `index`, `count` and `replace`.

use super::super::arguments::integer;
use super::super::positions;
use super::kind::Kind;
use super::unit::Unit;
use crate::args::Args;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The part of a string to look at, as given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    start: i64,
    stop: i64,
}

impl Bounds {
    pub(super) fn read<'gc>(
        ctx: Context<'gc>,
        start: Option<Value<'gc>>,
        stop: Option<Value<'gc>>,
    ) -> Result<'gc, Self> {
        let read = |bound: Option<Value<'gc>>, default| match bound {
            None => Ok(default),
            Some(bound) => positions::clipped(ctx, bound)?.ok_or_else(|| {
                let message = "slice indices must be integers or None or have an __index__ method";
                Error::new(&exc::TYPE_ERROR, message)
            }),
        };
        Ok(Self { start: read(start, 0)?, stop: read(stop, i64::MAX)? })
    }
}

/// The part of a string to look at and where it starts; `None` if it starts behind the end.
pub(super) fn slice_units<U>(units: &[U], bounds: Bounds) -> Option<(usize, &[U])> {
    let start = positions::bound(bounds.start, units.len());
    let stop = positions::bound(bounds.stop, units.len());
    if bounds.start > units.len() as i64 || start > stop {
        return None;
    }
    Some((start, &units[start..stop]))
}

pub(super) fn find<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let found = search::<K>(ctx, this, &args, "find", first)?;
    Ok(Value::Int(found.map_or(-1, |at| at as i64)))
}

pub(super) fn rfind<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let found = search::<K>(ctx, this, &args, "rfind", last)?;
    Ok(Value::Int(found.map_or(-1, |at| at as i64)))
}

pub(super) fn index<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    required::<K>(search::<K>(ctx, this, &args, "index", first)?)
}

pub(super) fn rindex<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    required::<K>(search::<K>(ctx, this, &args, "rindex", last)?)
}

fn required<'gc, K: Kind>(found: Option<usize>) -> Result<'gc> {
    match found {
        Some(at) => Ok(Value::Int(at as i64)),
        None => Err(Error::new(&exc::VALUE_ERROR, format!("{} not found", K::PART))),
    }
}

/// Finds a part of a string from one of its ends.
type Direction<U> = fn(&[U], &[U]) -> Option<usize>;

fn search<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    method: &str,
    direction: Direction<K::Unit>,
) -> Result<'gc, Option<usize>> {
    let (sought, start, stop) = args.parse::<(Value<'gc>, _, _)>(ctx, method)?;
    let bounds = Bounds::read(ctx, start, stop)?;
    let (units, sought) = (K::units(ctx, this)?, K::sought(ctx, method, sought)?);
    let Some((offset, part)) = slice_units(&units, bounds) else {
        return Ok(None);
    };
    Ok(direction(part, &sought).map(|at| offset + at))
}

/// The first position of a part; nothing is found everywhere.
pub(super) fn first<U: Unit>(units: &[U], sought: &[U]) -> Option<usize> {
    if sought.is_empty() { Some(0) } else { U::find(units, sought) }
}

/// The last position of a part.
pub(super) fn last<U: Unit>(units: &[U], sought: &[U]) -> Option<usize> {
    if sought.is_empty() { Some(units.len()) } else { U::rfind(units, sought) }
}

pub(super) fn count<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let (sought, start, stop) = args.parse::<(Value<'gc>, _, _)>(ctx, "count")?;
    let bounds = Bounds::read(ctx, start, stop)?;
    let (units, sought) = (K::units(ctx, this)?, K::sought(ctx, "count", sought)?);
    let Some((_, mut part)) = slice_units(&units, bounds) else {
        return Ok(Value::Int(0));
    };
    if sought.is_empty() {
        return Ok(Value::Int(part.len() as i64 + 1));
    }
    let mut count = 0;
    while let Some(at) = K::Unit::find(part, &sought) {
        count += 1;
        part = &part[at + sought.len()..];
    }
    Ok(Value::Int(count))
}

pub(super) fn replace<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let (old, new, most) =
        args.parse::<(Value<'gc>, Value<'gc>, Option<Value<'gc>>)>(ctx, "replace")?;
    let most = most.map_or(Ok(-1), |most| integer(ctx, most))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let units = K::units(ctx, this)?;
    let (old, new) = (K::argument(ctx, old)?, K::argument(ctx, new)?);
    match replaced(&units, &old, &new, most) {
        None => Ok(K::part(ctx, this, &units, &units)),
        Some(Some(units)) => Ok(K::make(ctx, &units)),
        Some(None) => Err(Error::bare(&exc::MEMORY_ERROR)),
    }
}

/// The units with `old` replaced; `None` if there is nothing to replace, and inside that if memory does not suffice.
fn replaced<U: Unit>(units: &[U], old: &[U], new: &[U], most: usize) -> Option<Option<Vec<U>>> {
    let places = places_of(units, old, most);
    if places.is_empty() {
        return None;
    }
    let grown = places.len().checked_mul(new.len()).and_then(|it| it.checked_add(units.len()));
    let mut made = Vec::new();
    if grown.is_none_or(|grown| made.try_reserve(grown).is_err()) {
        return Some(None);
    }
    let mut copied = 0;
    for at in places {
        made.extend_from_slice(&units[copied..at]);
        made.extend_from_slice(new);
        copied = at + old.len();
    }
    made.extend_from_slice(&units[copied..]);
    Some(Some(made))
}

fn places_of<U: Unit>(units: &[U], old: &[U], most: usize) -> Vec<usize> {
    if old.is_empty() {
        return (0..=units.len()).take(most).collect();
    }
    let mut places = Vec::new();
    let mut from = 0;
    while places.len() < most
        && let Some(at) = U::find(&units[from..], old)
    {
        places.push(from + at);
        from += at + old.len();
    }
    places
}
