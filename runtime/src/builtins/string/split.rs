//! `split`, `partition`, `splitlines` and `join`.

use super::super::arguments::{integer, named, no_keywords, one};
use super::affix::empty_separator;
use super::kind::{Kind, TextString};
use super::unit::Unit;
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{List, Tuple};
use crate::value::Value;

pub(super) fn split<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    split_by::<K>(ctx, this, &args, "split", split_at_spaces, split_at_part)
}

pub(super) fn rsplit<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    split_by::<K>(ctx, this, &args, "rsplit", rsplit_at_spaces, rsplit_at_part)
}

/// Splits units at blanks, at most so many times.
type Splitting<U> = for<'a> fn(&'a [U], usize) -> Vec<&'a [U]>;
/// Splits units at a part, at most so many times.
type SplittingAt<U> = for<'a> fn(&'a [U], &[U], usize) -> Vec<&'a [U]>;

fn split_by<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    method: &str,
    at_spaces: Splitting<K::Unit>,
    at_part: SplittingAt<K::Unit>,
) -> Result<'gc> {
    let [separator, most] = match ctx.dialect() {
        Dialect::Python2 => {
            let (separator, most) = args.parse(ctx, method)?;
            [separator, most]
        }
        Dialect::Python3 => named(args, method, ["sep", "maxsplit"], 0)?,
    };
    let most = most.map_or(Ok(-1), |most: Value<'gc>| integer(ctx, most))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let units = K::units(ctx, this)?;
    let parts = match separator.filter(|it: &Value<'gc>| !it.is_none()) {
        None => at_spaces(&units, most),
        Some(separator) => {
            let separator = K::argument(ctx, separator)?;
            if separator.is_empty() {
                return Err(empty_separator());
            }
            at_part(&units, &separator, most)
        }
    };
    Ok(list_of::<K>(ctx, this, &units, &parts))
}

fn list_of<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    units: &[K::Unit],
    parts: &[&[K::Unit]],
) -> Value<'gc> {
    let parts = parts.iter().map(|part| K::part(ctx, this, units, part)).collect();
    List::from_vec(ctx, parts).into()
}

fn split_at_part<'a, U: Unit>(units: &'a [U], separator: &[U], most: usize) -> Vec<&'a [U]> {
    let mut parts = Vec::new();
    let mut rest = units;
    while parts.len() < most
        && let Some(at) = U::find(rest, separator)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

fn rsplit_at_part<'a, U: Unit>(units: &'a [U], separator: &[U], most: usize) -> Vec<&'a [U]> {
    let mut parts = Vec::new();
    let mut rest = units;
    while parts.len() < most
        && let Some(at) = U::rfind(rest, separator)
    {
        parts.push(&rest[at + separator.len()..]);
        rest = &rest[..at];
    }
    parts.push(rest);
    parts.reverse();
    parts
}

fn split_at_spaces<U: Unit>(units: &[U], most: usize) -> Vec<&[U]> {
    let mut parts = Vec::new();
    let mut rest = skip_spaces(units);
    while !rest.is_empty() {
        if parts.len() == most {
            // The rest keeps the blanks behind it.
            parts.push(rest);
            break;
        }
        let end = rest.iter().position(|unit| unit.is_space()).unwrap_or(rest.len());
        parts.push(&rest[..end]);
        rest = skip_spaces(&rest[end..]);
    }
    parts
}

fn skip_spaces<U: Unit>(units: &[U]) -> &[U] {
    let start = units.iter().position(|unit| !unit.is_space()).unwrap_or(units.len());
    &units[start..]
}

fn rsplit_at_spaces<U: Unit>(units: &[U], most: usize) -> Vec<&[U]> {
    let mut parts = Vec::new();
    let mut rest = skip_last_spaces(units);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest);
            break;
        }
        let start = rest.iter().rposition(|unit| unit.is_space()).map_or(0, |at| at + 1);
        parts.push(&rest[start..]);
        rest = skip_last_spaces(&rest[..start]);
    }
    parts.reverse();
    parts
}

fn skip_last_spaces<U: Unit>(units: &[U]) -> &[U] {
    let end = units.iter().rposition(|unit| !unit.is_space()).map_or(0, |at| at + 1);
    &units[..end]
}

pub(super) fn partition<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let separator = K::argument(ctx, one(&args, "partition")?)?;
    let units = K::units(ctx, this)?;
    if separator.is_empty() {
        return Err(empty_separator());
    }
    let (at, end) = match K::Unit::find(&units, &separator) {
        Some(at) => (at, at + separator.len()),
        None => (units.len(), units.len()),
    };
    Ok(triple::<K>(ctx, this, &units, [&units[..at], &units[at..end], &units[end..]]))
}

pub(super) fn rpartition<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let separator = K::argument(ctx, one(&args, "rpartition")?)?;
    let units = K::units(ctx, this)?;
    if separator.is_empty() {
        return Err(empty_separator());
    }
    let (at, end) = match K::Unit::rfind(&units, &separator) {
        Some(at) => (at, at + separator.len()),
        None => (0, 0),
    };
    Ok(triple::<K>(ctx, this, &units, [&units[..at], &units[at..end], &units[end..]]))
}

fn triple<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    units: &[K::Unit],
    parts: [&[K::Unit]; 3],
) -> Value<'gc> {
    Tuple::new(ctx, &parts.map(|part| K::part(ctx, this, units, part))).into()
}

pub(super) fn splitlines<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let [keep] = match ctx.dialect() {
        Dialect::Python2 => [args.parse::<(Option<Value<'gc>>,)>(ctx, "splitlines")?.0],
        Dialect::Python3 => named(&args, "splitlines", ["keepends"], 0)?,
    };
    let keep = keep.map_or(Ok(0), |keep| integer(ctx, keep))? != 0;
    let units = K::units(ctx, this)?;
    let mut lines = Vec::new();
    let mut rest = &units[..];
    while !rest.is_empty() {
        let end = rest.iter().position(|unit| unit.ends_line()).unwrap_or(rest.len());
        let mark = match rest.get(end..) {
            Some([first, second, ..]) if first.is(b'\r') && second.is(b'\n') => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        lines.push(&rest[..if keep { end + mark } else { end }]);
        rest = &rest[end + mark..];
    }
    Ok(list_of::<K>(ctx, this, &units, &lines))
}

pub(super) fn join<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    no_keywords(&args, "join")?;
    let items = one(&args, "join")?;
    let items = match items.iter(ctx) {
        Ok(items) => items.collect_vec(ctx)?,
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
            return Err(Error::new(&exc::TYPE_ERROR, "can only join an iterable"));
        }
        Err(error) => return Err(error),
    };
    if let [only @ (Value::Bytes(_) | Value::Unicode(_))] = items[..]
        && only.type_of(ctx).is(this.content().type_of(ctx))
    {
        return Ok(only);
    }
    match K::promoted(ctx, this, &Args::new(&items))? {
        Some(text) => join_items::<TextString>(ctx, text, &items),
        None => join_items::<K>(ctx, this, &items),
    }
}

fn join_items<'gc, K: Kind>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    items: &[Value<'gc>],
) -> Result<'gc> {
    let separator = K::units(ctx, this)?;
    let mut joined: Vec<K::Unit> = Vec::new();
    for (at, &item) in items.iter().enumerate() {
        let units = match K::argument(ctx, item) {
            Ok(units) => units,
            Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
                return Err(no_item(ctx, this, at, item));
            }
            Err(error) => return Err(error),
        };
        if at > 0 {
            joined.extend_from_slice(&separator);
        }
        joined.extend_from_slice(&units);
    }
    Ok(K::make(ctx, &joined))
}

#[cold]
fn no_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, at: usize, item: Value<'gc>) -> Error<'gc> {
    let got = item.type_name(ctx);
    let expected = match (this.content(), ctx.dialect()) {
        (Value::ByteArray(_), Dialect::Python2) => {
            let message =
                format!("can only join an iterable of bytes (item {at} has type '{got}')");
            return Error::new(&exc::TYPE_ERROR, message);
        }
        (Value::Bytes(_), Dialect::Python2) => "string",
        (_, Dialect::Python2) => "string or Unicode",
        (Value::Unicode(_), Dialect::Python3) => "str instance",
        (_, Dialect::Python3) => "a bytes-like object",
    };
    let message = format!("sequence item {at}: expected {expected}, {got} found");
    Error::new(&exc::TYPE_ERROR, message)
}
