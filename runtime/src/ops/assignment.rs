//! Setting and deleting items and slices of lists and bytearrays.

use super::sequence::out_of_range;
use super::slicing::{Positions, index_of_key, position};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{ByteArray, List};
use crate::value::Value;

/// What `list[key] = value` does.
pub(super) fn set_in_list<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    key: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    if let Value::Slice(slice) = key {
        let items = iterable_items(ctx, value, slice.step())?;
        let positions = slice.positions(ctx, list.len())?;
        return list.update(ctx, |old| replace(old, positions, items));
    }
    let at = list_position(ctx, list, key)?;
    list.set(ctx, at, value);
    Ok(())
}

/// What `del list[key]` does.
pub(super) fn delete_in_list<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    key: Value<'gc>,
) -> Result<'gc, ()> {
    if let Value::Slice(slice) = key {
        let positions = slice.positions(ctx, list.len())?;
        list.update(ctx, |items| delete(items, positions));
        return Ok(());
    }
    let at = list_position(ctx, list, key)?;
    list.update(ctx, |items| {
        if at < items.len() {
            items.remove(at);
        }
    });
    Ok(())
}

fn list_position<'gc>(ctx: Context<'gc>, list: List<'gc>, key: Value<'gc>) -> Result<'gc, usize> {
    let Some(index) = index_of_key(ctx, key)? else {
        let rule = ctx.dialect().pick("integers", "integers or slices");
        let message = format!("list indices must be {rule}, not {}", key.type_name(ctx));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    position(index, list.len()).ok_or_else(|| out_of_range("list assignment"))
}

/// The items that take the place of a slice.
fn iterable_items<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
    step: Value<'gc>,
) -> Result<'gc, Vec<Value<'gc>>> {
    match value.iter(ctx) {
        Ok(items) => items.collect_vec(ctx),
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
            let is_simple = step.is_none() || step.is(Value::Int(1));
            Err(Error::new(
                &exc::TYPE_ERROR,
                if is_simple {
                    "can only assign an iterable"
                } else {
                    "must assign iterable to extended slice"
                },
            ))
        }
        Err(error) => Err(error),
    }
}

/// Puts items in the place of a slice; one with gaps takes exactly as many as it has.
fn replace<'gc, T>(old: &mut Vec<T>, positions: Positions, new: Vec<T>) -> Result<'gc, ()> {
    if positions.is_simple() {
        let start = positions.start.min(old.len());
        let end = (start + positions.length).min(old.len());
        old.splice(start..end, new);
        return Ok(());
    }
    if new.len() != positions.length {
        let message = format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            new.len(),
            positions.length
        );
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    for (at, item) in positions.iter().zip(new) {
        if let Some(place) = old.get_mut(at) {
            *place = item;
        }
    }
    Ok(())
}

fn delete<T>(items: &mut Vec<T>, positions: Positions) {
    let mut doomed: Vec<usize> = positions.iter().collect();
    doomed.sort_unstable();
    let mut doomed = doomed.into_iter().peekable();
    let mut at = 0;
    items.retain(|_| {
        let is_doomed = doomed.next_if_eq(&at).is_some();
        at += 1;
        !is_doomed
    });
}

/// What `bytearray[key] = value` does.
pub(super) fn set_in_bytearray<'gc>(
    ctx: Context<'gc>,
    array: ByteArray<'gc>,
    key: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    if let Value::Slice(slice) = key {
        let bytes = bytes_of(ctx, value)?;
        let positions = slice.positions(ctx, array.len())?;
        return array.update(|old| {
            // Deleting is assigning nothing, also to a slice with gaps.
            if bytes.is_empty() && !positions.is_simple() {
                delete(old, positions);
                return Ok(());
            }
            replace(old, positions, bytes)
        });
    }
    let at = bytearray_position(ctx, array, key)?;
    let byte = byte_of(ctx, value)?;
    array.update(|data| {
        if let Some(place) = data.get_mut(at) {
            *place = byte;
        }
    });
    Ok(())
}

/// What `del bytearray[key]` does.
pub(super) fn delete_in_bytearray<'gc>(
    ctx: Context<'gc>,
    array: ByteArray<'gc>,
    key: Value<'gc>,
) -> Result<'gc, ()> {
    let positions = match key {
        Value::Slice(slice) => slice.positions(ctx, array.len())?,
        _ => Positions { start: bytearray_position(ctx, array, key)?, length: 1, step: 1 },
    };
    array.update(|data| delete(data, positions));
    Ok(())
}

fn bytearray_position<'gc>(
    ctx: Context<'gc>,
    array: ByteArray<'gc>,
    key: Value<'gc>,
) -> Result<'gc, usize> {
    let Some(index) = index_of_key(ctx, key)? else {
        let message = match ctx.dialect() {
            Dialect::Python2 => "bytearray indices must be integer".to_owned(),
            Dialect::Python3 => {
                format!("bytearray indices must be integers or slices, not {}", key.type_name(ctx))
            }
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    position(index, array.len()).ok_or_else(|| out_of_range("bytearray"))
}

/// Reads one byte: an int, or in Python 2 a string of length one.
///
/// # Errors
///
/// `ValueError` if the number is no byte; `TypeError` if it is no number.
pub(crate) fn byte_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, u8> {
    if let (Value::Bytes(bytes), Dialect::Python2) = (value.content(), ctx.dialect()) {
        return match bytes.as_slice() {
            [byte] => Ok(*byte),
            _ => Err(Error::new(&exc::VALUE_ERROR, "string must be of size 1")),
        };
    }
    let Some(number) = value.find_index(ctx)? else {
        return Err(match ctx.dialect() {
            Dialect::Python2 => {
                Error::new(&exc::TYPE_ERROR, "an integer or string of size 1 is required")
            }
            Dialect::Python3 => super::index::integer_required(ctx, value),
        });
    };
    u8::try_from(&number)
        .map_err(|_| Error::new(&exc::VALUE_ERROR, "byte must be in range(0, 256)"))
}

/// Reads bytes: a byte string, a bytearray, or an iterable of ints.
fn bytes_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
    match value.content() {
        Value::Bytes(bytes) => Ok(bytes.as_slice().to_vec()),
        Value::ByteArray(array) => Ok(array.to_vec()),
        _ => {
            let items = value.iter(ctx)?.collect_vec(ctx)?;
            items.into_iter().map(|item| byte_of(ctx, item)).collect()
        }
    }
}
