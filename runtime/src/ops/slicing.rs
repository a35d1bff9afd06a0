//! Which positions an index or a slice means in a sequence of a given length.
//!
//! Source of the rules: the Python documentation, "Common Sequence Operations".

use super::index::clamp;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Slice;
use crate::value::Value;

/// The positions that a slice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Positions {
    /// The first position, if there are any; else where items would be put in.
    pub(crate) start: usize,
    pub(crate) length: usize,
    /// Never 0.
    pub(crate) step: i64,
}

impl Positions {
    /// The positions, in the order of the slice.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        let mut next = Some(self.start);
        (0..self.length).map_while(move |_| {
            let position = next?;
            next = step_from(position, self.step);
            Some(position)
        })
    }

    /// Whether the positions stand side by side, so that any number of items can take their place.
    pub(crate) fn is_simple(self) -> bool {
        self.step == 1
    }
}

fn step_from(position: usize, step: i64) -> Option<usize> {
    let distance = usize::try_from(step.unsigned_abs()).ok()?;
    if step < 0 { position.checked_sub(distance) } else { position.checked_add(distance) }
}

impl<'gc> Slice<'gc> {
    /// Returns the positions that the slice means in a sequence of `length` items (Python's `slice.indices`).
    ///
    /// # Errors
    ///
    /// `TypeError` if a part is no whole number; `ValueError` if the step is 0.
    pub(crate) fn positions(self, ctx: Context<'gc>, length: usize) -> Result<'gc, Positions> {
        let (start, stop, step) = self.indices(ctx, length)?;
        // Both ends are within -1 and the length.
        let distance = if step > 0 { stop - start } else { start - stop };
        if distance <= 0 {
            let start = usize::try_from(start).unwrap_or(0);
            return Ok(Positions { start, length: 0, step });
        }
        let length = (distance.unsigned_abs() - 1) / step.unsigned_abs() + 1;
        let in_memory = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
        Ok(Positions {
            start: usize::try_from(start).unwrap_or(0),
            length: in_memory(length),
            step,
        })
    }

    /// Returns start, stop and step for a sequence of `length` items (Python's `slice.indices`).
    ///
    /// # Errors
    ///
    /// `TypeError` if a part is no whole number; `ValueError` if the step is 0.
    pub(crate) fn indices(self, ctx: Context<'gc>, length: usize) -> Result<'gc, (i64, i64, i64)> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        // A step of i64::MIN could not be turned round.
        let step = part(ctx, self.step())?.unwrap_or(1).max(-i64::MAX);
        if step == 0 {
            return Err(Error::new(&exc::VALUE_ERROR, "slice step cannot be zero"));
        }
        let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let (first, last) = if step > 0 { (low, high) } else { (high, low) };
        let start =
            part(ctx, self.start())?.map_or(first, |it| from_end(it, length).clamp(low, high));
        let stop = part(ctx, self.stop())?.map_or(last, |it| from_end(it, length).clamp(low, high));
        Ok((start, stop, step))
    }
}

fn part<'gc>(ctx: Context<'gc>, part: Value<'gc>) -> Result<'gc, Option<i64>> {
    if part.is_none() {
        return Ok(None);
    }
    match part.find_index(ctx)? {
        Some(index) => Ok(Some(clamp(&index))),
        None => {
            let message = "slice indices must be integers or None or have an __index__ method";
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// A negative index counts from the end.
fn from_end(index: i64, length: i64) -> i64 {
    if index < 0 { index.saturating_add(length) } else { index }
}

/// Returns the position that an index means; `None` if it is out of range.
pub(crate) fn position(index: i64, length: usize) -> Option<usize> {
    let index = match index {
        0.. => usize::try_from(index).ok()?,
        _ => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    (index < length).then_some(index)
}

/// Reads an index; `None` if the object stands for no whole number.
///
/// # Errors
///
/// `IndexError` if the number fits no index; whatever a class's `__index__` raises.
pub(crate) fn index_of_key<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, Option<i64>> {
    let Some(index) = key.find_index(ctx)? else {
        return Ok(None);
    };
    match i64::try_from(&index) {
        Ok(index) => Ok(Some(index)),
        Err(_) => {
            let name = key.type_name(ctx);
            let message = format!("cannot fit '{name}' into an index-sized integer");
            Err(Error::new(&exc::INDEX_ERROR, message))
        }
    }
}
