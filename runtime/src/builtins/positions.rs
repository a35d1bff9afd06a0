//! Indices: what counts as an int where a position is wanted (`__index__`), and what a subscript names.
//!
//! Source of the rules: the Python documentation, `object.__index__` and "Slicings".

use num_traits::{Signed, ToPrimitive};

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::{ExceptionType, exc};
use crate::types::Slice;
use crate::value::Value;

/// Returns the `Int` or `Long` that an object stands for as an index (`operator.index`), or `None` if it is none.
///
/// # Errors
///
/// Whatever `__index__` raises; `TypeError` if that returns no int.
pub(crate) fn as_index<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match value.content() {
        Value::Bool(it) => return Ok(Some(Value::Int(it.into()))),
        it @ (Value::Int(_) | Value::Long(_)) => return Ok(Some(it)),
        _ => {}
    }
    let Some(hook) = value.special(ctx, ctx.names().index)? else {
        return Ok(None);
    };
    let result = hook.call(ctx, ())?;
    match result.content() {
        Value::Bool(it) => Ok(Some(Value::Int(it.into()))),
        it @ (Value::Int(_) | Value::Long(_)) => Ok(Some(it)),
        _ => {
            let name = result.type_name(ctx);
            let message = match ctx.dialect() {
                Dialect::Python2 => format!("__index__ returned non-(int,long) (type {name})"),
                Dialect::Python3 => format!("__index__ returned non-int (type {name})"),
            };
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// Returns an index within 64 bits; larger ones become the largest there is, as slices want it.
///
/// # Errors
///
/// Whatever `__index__` raises; `TypeError` if that returns no int.
pub(crate) fn clipped<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<i64>> {
    Ok(match as_index(ctx, value)? {
        Some(Value::Int(it)) => Some(it),
        Some(Value::Long(it)) => Some(clip_long(it)),
        _ => None,
    })
}

fn clip_long(long: crate::types::Long<'_>) -> i64 {
    let number = long.as_bigint();
    number.to_i64().unwrap_or(if number.is_negative() { i64::MIN } else { i64::MAX })
}

/// Returns an index within 64 bits, as positions and counts want it.
///
/// # Errors
///
/// `too_large` if it does not fit; whatever `__index__` raises.
pub(crate) fn exact<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
    too_large: &'static ExceptionType,
) -> Result<'gc, Option<i64>> {
    match as_index(ctx, value)? {
        Some(Value::Int(it)) => Ok(Some(it)),
        Some(Value::Long(it)) => match it.as_bigint().to_i64() {
            Some(it) => Ok(Some(it)),
            None => {
                let name = value.type_name(ctx);
                let message = format!("cannot fit '{name}' into an index-sized integer");
                Err(Error::new(too_large, message))
            }
        },
        _ => Ok(None),
    }
}

/// Returns a count, as `sequence * count` wants it.
///
/// # Errors
///
/// `TypeError` if the object is no index; `OverflowError` if it does not fit.
pub(crate) fn count<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, i64> {
    match exact(ctx, value, &exc::OVERFLOW_ERROR)? {
        Some(count) => Ok(count),
        None => Err(not_an_index(ctx, value)),
    }
}

#[cold]
pub(crate) fn not_an_index<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let name = value.type_name(ctx);
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("'{name}' object cannot be interpreted as an index"),
        Dialect::Python3 => format!("'{name}' object cannot be interpreted as an integer"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// Returns a position in a sequence of `length` items for an index that may count from the end.
#[must_use]
pub(crate) fn position(index: i64, length: usize) -> Option<usize> {
    let from_front = if index < 0 { i128::from(index) + length as i128 } else { i128::from(index) };
    usize::try_from(from_front).ok().filter(|&at| at < length)
}

/// Returns a bound of a part of a sequence: counted from the end if negative, and never outside.
#[must_use]
pub(crate) fn bound(index: i64, length: usize) -> usize {
    let from_front = if index < 0 { i128::from(index) + length as i128 } else { i128::from(index) };
    usize::try_from(from_front.max(0)).unwrap_or(usize::MAX).min(length)
}

/// Evenly spaced positions in a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    /// Never zero.
    pub(crate) step: i64,
    pub(crate) count: usize,
}

impl Positions {
    /// The positions between two bounds, which lie within the sequence.
    pub(crate) fn between(start: usize, stop: usize) -> Self {
        let stop = stop.max(start);
        Self { start: start as i64, stop: stop as i64, step: 1, count: stop - start }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |nth| {
            // Every position lies within a sequence in memory, so nothing overflows.
            (i128::from(self.start) + nth as i128 * i128::from(self.step)) as usize
        })
    }

    /// The same positions in ascending order.
    pub(crate) fn ascending(self) -> Self {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let lowest = i128::from(self.start) + (self.count as i128 - 1) * i128::from(self.step);
        let step = self.step.checked_neg().unwrap_or(i64::MAX);
        Self { start: lowest as i64, stop: self.start + 1, step, count: self.count }
    }

    /// The bounds, if the step is one.
    pub(crate) fn contiguous(self) -> Option<std::ops::Range<usize>> {
        if self.step != 1 {
            return None;
        }
        let start = usize::try_from(self.start).ok()?;
        Some(start..start + self.count)
    }

    /// Picks the items at the positions.
    pub(crate) fn pick<T: Copy>(self, items: &[T]) -> Vec<T> {
        match self.contiguous() {
            Some(range) => items.get(range).map(<[T]>::to_vec).unwrap_or_default(),
            None => self.iter().filter_map(|at| items.get(at).copied()).collect(),
        }
    }
}

impl<'gc> Slice<'gc> {
    /// Returns the positions that the slice names in a sequence of `length` items.
    ///
    /// # Errors
    ///
    /// `TypeError` if a bound is neither an index nor None; `ValueError` if the step is zero; whatever an `__index__`
    /// raises.
    pub(crate) fn named_positions(
        self,
        ctx: Context<'gc>,
        length: usize,
    ) -> Result<'gc, Positions> {
        let (start, stop, step) = self.bounds(ctx, length as i64)?;
        let distance = if step < 0 { start - stop } else { stop - start };
        let count = match u64::try_from(distance) {
            Ok(distance) if distance > 0 => (distance - 1) / step.unsigned_abs() + 1,
            _ => 0,
        };
        Ok(Positions { start, stop, step, count: usize::try_from(count).unwrap_or(usize::MAX) })
    }

    /// Returns start, stop and step in a sequence of `length` items (Python's `slice.indices`).
    ///
    /// # Errors
    ///
    /// As [`named_positions`](Self::named_positions).
    pub(crate) fn bounds(self, ctx: Context<'gc>, length: i64) -> Result<'gc, (i64, i64, i64)> {
        let step = slice_part(ctx, self.step())?.unwrap_or(1).max(-i64::MAX);
        if step == 0 {
            return Err(Error::new(&exc::VALUE_ERROR, "slice step cannot be zero"));
        }
        let (first, last) = if step < 0 { (-1, length.saturating_sub(1)) } else { (0, length) };
        let clamp = |bound: i64| {
            let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
            // A negative length, which Python 2 lets pass, has its last position before its first.
            bound.min(last).max(first.min(last))
        };
        let (lowest, highest) = if step < 0 { (last, first) } else { (first, last) };
        let start = slice_part(ctx, self.start())?.map_or(lowest.min(last), clamp);
        let stop = slice_part(ctx, self.stop())?.map_or(highest, clamp);
        Ok((start, stop, step))
    }
}

fn slice_part<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<i64>> {
    if value.is_none() {
        return Ok(None);
    }
    match clipped(ctx, value)? {
        Some(part) => Ok(Some(part)),
        None => Err(Error::new(
            &exc::TYPE_ERROR,
            "slice indices must be integers or None or have an __index__ method",
        )),
    }
}

/// What a subscript (`x[key]`) names in a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subscript {
    /// An index as given, which may be negative or out of range.
    Index(i64),
    /// The positions of a slice.
    Slice(Positions),
}

impl Subscript {
    /// Reads a subscript of a sequence of `length` items; `None` if it is neither an index nor a slice.
    ///
    /// # Errors
    ///
    /// `IndexError` if an index does not fit 64 bits; what [`Slice::named_positions`] raises.
    pub(crate) fn read<'gc>(
        ctx: Context<'gc>,
        key: Value<'gc>,
        length: usize,
    ) -> Result<'gc, Option<Self>> {
        if let Value::Slice(slice) = key {
            return slice
                .named_positions(ctx, length)
                .map(|positions| Some(Self::Slice(positions)));
        }
        Ok(exact(ctx, key, &exc::INDEX_ERROR)?.map(Self::Index))
    }
}
