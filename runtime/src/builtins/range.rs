//! `xrange` (Python 3: `range`).

use super::arguments::{integer, none, operands};
use super::comparison;
use super::define::Define;
use super::positions::{self, Positions, Subscript};
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::ops::number::Number;
use crate::types::{Range, Tuple};
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().range)
        .new_with(new)
        .special("__getitem__", |ctx, this, args| {
            let [key] = operands(&args, "__getitem__")?;
            get(ctx, own(ctx, this)?, key)
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::int(ctx, own(ctx, this)?.len().into()))
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            Ok(Iter::builtin(ctx, IterState::Range(own(ctx, this)?, 0)).into_object(ctx))
        })
        .method("__reversed__", |ctx, this, args| {
            none(&args, "__reversed__")?;
            let range = own(ctx, this)?;
            let reversed = reversed(ctx, range).unwrap_or(range);
            Ok(Iter::builtin(ctx, IterState::Range(reversed, 0)).into_object(ctx))
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let range = own(ctx, this)?;
            let bounds = [range.start(), shown_stop(ctx, range), range.step()].map(Value::Int);
            let bounds = Tuple::new(ctx, &bounds);
            Ok(Tuple::new(ctx, &[ctx.types().range.into(), bounds.into()]).into())
        });
    if ctx.dialect() == Dialect::Python3 {
        comparison::install(define);
        comparison::install_hash(define);
        define
            .special("__contains__", contains)
            .getset("start", |ctx, this| Ok(own(ctx, this)?.start().into()), None)
            .getset("stop", |ctx, this| Ok(own(ctx, this)?.stop().into()), None)
            .getset("step", |ctx, this| Ok(own(ctx, this)?.step().into()), None);
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Range<'gc>> {
    this.to::<Range<'gc>>(ctx)
}

fn new<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let name = ctx.dialect().pick("xrange", "range");
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    if !args.keywords().is_empty() {
        return refuse(match ctx.dialect() {
            Dialect::Python2 => "xrange() does not take keyword arguments".to_owned(),
            Dialect::Python3 => "range() takes no keyword arguments".to_owned(),
        });
    }
    // DIFFERENCE: Python 3's range has no bounds; here they are within 64 bits.
    let given: Vec<i64> =
        args.positional().iter().map(|&it| bound(ctx, it)).collect::<Result<'gc, _>>()?;
    let (start, stop, step) = match *given {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => {
            return refuse(match ctx.dialect() {
                Dialect::Python2 => "xrange() requires 1-3 int arguments".to_owned(),
                Dialect::Python3 if given.is_empty() => {
                    "range expected at least 1 argument, got 0".to_owned()
                }
                Dialect::Python3 => {
                    format!("range expected at most 3 arguments, got {}", given.len())
                }
            });
        }
    };
    match Range::new(ctx, start, stop, step) {
        Some(range) if ctx.dialect() == Dialect::Python2 && i64::try_from(range.len()).is_err() => {
            Err(Error::new(&exc::OVERFLOW_ERROR, "xrange() result has too many items"))
        }
        Some(range) => Ok(range.into()),
        None => Err(Error::new(&exc::VALUE_ERROR, format!("{name}() arg 3 must not be zero"))),
    }
}

fn bound<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, i64> {
    match ctx.dialect() {
        Dialect::Python2 => integer(ctx, value),
        Dialect::Python3 => match positions::exact(ctx, value, &exc::OVERFLOW_ERROR)? {
            Some(bound) => Ok(bound),
            None => Err(positions::not_an_index(ctx, value)),
        },
    }
}

/// The stop as it is shown and pickled: Python 2 keeps the length, and makes the stop from it.
pub(crate) fn shown_stop<'gc>(ctx: Context<'gc>, range: Range<'gc>) -> i64 {
    match ctx.dialect() {
        Dialect::Python2 => at_offset(range, range.len().into()).unwrap_or_else(|| range.stop()),
        Dialect::Python3 => range.stop(),
    }
}

/// The item at an offset, also behind the end; `None` if it does not fit 64 bits.
fn at_offset(range: Range<'_>, offset: i128) -> Option<i64> {
    i64::try_from(i128::from(range.start()) + offset * i128::from(range.step())).ok()
}

fn reversed<'gc>(ctx: Context<'gc>, range: Range<'gc>) -> Option<Range<'gc>> {
    let last = at_offset(range, i128::from(range.len()) - 1)?;
    let before_first = at_offset(range, -1)?;
    Range::new(ctx, last, before_first, range.step().checked_neg()?)
}

fn get<'gc>(ctx: Context<'gc>, range: Range<'gc>, key: Value<'gc>) -> Result<'gc> {
    let length = usize::try_from(range.len()).unwrap_or(usize::MAX);
    let is_sliced = matches!(key, Value::Slice(_));
    if is_sliced && ctx.dialect() == Dialect::Python2 {
        return Err(no_index(ctx, key));
    }
    let found = match Subscript::read(ctx, key, length)? {
        Some(Subscript::Index(index)) => {
            positions::position(index, length).and_then(|at| range.get(at as u64)).map(Value::Int)
        }
        Some(Subscript::Slice(positions)) => part(ctx, range, positions).map(Value::Range),
        None => return Err(no_index(ctx, key)),
    };
    found.ok_or_else(|| {
        let kind = ctx.dialect().pick("xrange", "range");
        Error::new(&exc::INDEX_ERROR, format!("{kind} object index out of range"))
    })
}

#[cold]
fn no_index<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Error<'gc> {
    let got = key.type_name(ctx);
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("sequence index must be integer, not '{got}'"),
        Dialect::Python3 => format!("range indices must be integers or slices, not {got}"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

fn part<'gc>(ctx: Context<'gc>, range: Range<'gc>, positions: Positions) -> Option<Range<'gc>> {
    let start = at_offset(range, positions.start.into())?;
    let stop = at_offset(range, positions.stop.into())?;
    Range::new(ctx, start, stop, range.step().checked_mul(positions.step)?)
}

fn contains<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [item] = operands(&args, "__contains__")?;
    let range = own(ctx, this)?;
    if let Some(Number::Int(number)) = Number::of(item) {
        let offset = i128::from(number) - i128::from(range.start());
        let step = i128::from(range.step());
        let is_item = offset % step == 0 && (0..i128::from(range.len())).contains(&(offset / step));
        return Ok(Value::Bool(is_item));
    }
    let mut at = 0;
    while let Some(number) = range.get(at) {
        if Value::Int(number).equals(ctx, item)? {
            return Ok(Value::Bool(true));
        }
        at += 1;
    }
    Ok(Value::Bool(false))
}
