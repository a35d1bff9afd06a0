//! `list[key]`, `list[key] = x` and `del list[key]`, slices included.

use super::super::arguments::{integer, one, operands};
use super::super::define::Define;
use super::super::positions::{self, Positions, Subscript};
use super::own;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::types::List;
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .method("__getitem__", |ctx, this, args| {
            get(ctx, own(ctx, this)?, one(&args, "__getitem__")?)
        })
        .special("__setitem__", |ctx, this, args| {
            let [key, item] = operands(&args, "__setitem__")?;
            set(ctx, own(ctx, this)?, key, item)?;
            Ok(Value::None)
        })
        .special("__delitem__", |ctx, this, args| {
            let [key] = operands(&args, "__delitem__")?;
            delete(ctx, own(ctx, this)?, key)?;
            Ok(Value::None)
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            Ok(Iter::builtin(ctx, IterState::List(own(ctx, this)?, 0)).into_object(ctx))
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.len() as i64))
        })
        .special("__contains__", |ctx, this, args| {
            let [item] = operands(&args, "__contains__")?;
            let list = own(ctx, this)?;
            let found = super::find(ctx, || list.len(), |at| list.get(at), item, (None, None))?;
            Ok(Value::Bool(found.is_some()))
        });
    if define.dialect() == Dialect::Python2 {
        simple_slices(define);
    }
}

/// Python 2's methods of `list[start:stop]` without a step.
fn simple_slices(define: Define<'_>) {
    define
        .special("__getslice__", |ctx, this, args| {
            let [start, stop] = operands(&args, "__getslice__")?;
            let list = own(ctx, this)?;
            let positions = simple_slice(ctx, start, stop, list.len())?;
            Ok(List::from_vec(ctx, positions.pick(&list.borrow())).into())
        })
        .special("__setslice__", |ctx, this, args| {
            let [start, stop, items] = operands(&args, "__setslice__")?;
            let list = own(ctx, this)?;
            let positions = simple_slice(ctx, start, stop, list.len())?;
            set_positions(ctx, list, positions, items)?;
            Ok(Value::None)
        })
        .special("__delslice__", |ctx, this, args| {
            let [start, stop] = operands(&args, "__delslice__")?;
            let list = own(ctx, this)?;
            let positions = simple_slice(ctx, start, stop, list.len())?;
            delete_positions(ctx, list, positions);
            Ok(Value::None)
        });
}

/// Reads the bounds of Python 2's `__getslice__`: the caller has counted negative ones from the end, what is negative
/// still stands before the first item.
pub(in super::super) fn simple_slice<'gc>(
    ctx: Context<'gc>,
    start: Value<'gc>,
    stop: Value<'gc>,
    length: usize,
) -> Result<'gc, Positions> {
    let start = positions::bound(integer(ctx, start)?.max(0), length);
    let stop = positions::bound(integer(ctx, stop)?.max(0), length);
    Ok(Positions::between(start, stop))
}

fn get<'gc>(ctx: Context<'gc>, list: List<'gc>, key: Value<'gc>) -> Result<'gc> {
    match Subscript::read(ctx, key, list.len())? {
        Some(Subscript::Index(at)) => positions::position(at, list.len())
            .and_then(|at| list.get(at))
            .ok_or_else(|| Error::new(&exc::INDEX_ERROR, "list index out of range")),
        Some(Subscript::Slice(positions)) => {
            Ok(List::from_vec(ctx, positions.pick(&list.borrow())).into())
        }
        None => Err(no_index(ctx, key)),
    }
}

#[cold]
fn no_index<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Error<'gc> {
    let or_slices = ctx.dialect().pick("", " or slices");
    let message = format!("list indices must be integers{or_slices}, not {}", key.type_name(ctx));
    Error::new(&exc::TYPE_ERROR, message)
}

fn set<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    key: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, ()> {
    match Subscript::read(ctx, key, list.len())? {
        Some(Subscript::Index(at)) => {
            let set = positions::position(at, list.len()).is_some_and(|at| list.set(ctx, at, item));
            if set { Ok(()) } else { Err(out_of_range()) }
        }
        Some(Subscript::Slice(positions)) => set_positions(ctx, list, positions, item),
        None => Err(no_index(ctx, key)),
    }
}

#[cold]
fn out_of_range<'gc>() -> Error<'gc> {
    Error::new(&exc::INDEX_ERROR, "list assignment index out of range")
}

fn set_positions<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    positions: Positions,
    items: Value<'gc>,
) -> Result<'gc, ()> {
    let refusal = match positions.step {
        1 => "can only assign an iterable",
        _ => "must assign iterable to extended slice",
    };
    let items = match items.iter(ctx) {
        Ok(items) => items.collect_vec(ctx)?,
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
            return Err(Error::new(&exc::TYPE_ERROR, refusal));
        }
        Err(error) => return Err(error),
    };
    if let Some(range) = positions.contiguous() {
        list.update(ctx, |old| {
            // Iterating over the new items may have shortened the list.
            let (start, end) = (range.start.min(old.len()), range.end.min(old.len()));
            old.splice(start..end, items);
        });
        return Ok(());
    }
    if items.len() != positions.count {
        let message = format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            items.len(),
            positions.count
        );
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    for (at, item) in positions.iter().zip(items) {
        list.set(ctx, at, item);
    }
    Ok(())
}

fn delete<'gc>(ctx: Context<'gc>, list: List<'gc>, key: Value<'gc>) -> Result<'gc, ()> {
    match Subscript::read(ctx, key, list.len())? {
        Some(Subscript::Index(at)) => list
            .update(ctx, |items| positions::position(at, items.len()).map(|at| items.remove(at)))
            .map(drop)
            .ok_or_else(out_of_range),
        Some(Subscript::Slice(positions)) => {
            delete_positions(ctx, list, positions);
            Ok(())
        }
        None => Err(no_index(ctx, key)),
    }
}

fn delete_positions<'gc>(ctx: Context<'gc>, list: List<'gc>, positions: Positions) {
    list.update(ctx, |items| remove_positions(items, positions));
}

/// Removes the items at positions.
pub(in super::super) fn remove_positions<T>(items: &mut Vec<T>, positions: Positions) {
    if let Some(range) = positions.contiguous() {
        let (start, end) = (range.start.min(items.len()), range.end.min(items.len()));
        items.drain(start..end);
        return;
    }
    let mut doomed = positions.ascending().iter().peekable();
    let mut at = 0;
    items.retain(|_| {
        let remove = doomed.next_if_eq(&at).is_some();
        at += 1;
        !remove
    });
}
