//! Items and slices of the built-in sequences.

use super::slicing::{Positions, index_of_key, position};
use super::truth::content_len;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{ByteArray, Bytes, List, Range, Tuple, Unicode};
use crate::value::Value;

/// Returns the item or slice of a built-in sequence; `None` if the object is no sequence.
///
/// # Errors
///
/// `IndexError` if the index is out of range; `TypeError` if it is none.
pub(crate) fn get<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    key: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let content = object.content();
    let Some(kind) = kind(ctx, content) else {
        return Ok(None);
    };
    if let Value::Slice(slice) = key
        && !(kind == "xrange object")
    {
        let positions = slice.positions(ctx, content_len(content).unwrap_or(0))?;
        return Ok(slice_of(ctx, content, positions));
    }
    let Some(index) = index_of_key(ctx, key)? else {
        return Err(not_an_index(ctx, content, kind, key));
    };
    let item =
        position(index, content_len(content).unwrap_or(0)).and_then(|at| item_at(ctx, content, at));
    match item {
        Some(item) => Ok(Some(item)),
        None => Err(out_of_range(kind)),
    }
}

/// What messages call a sequence.
fn kind<'gc>(ctx: Context<'gc>, content: Value<'gc>) -> Option<&'static str> {
    Some(match content {
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Bytes(_) if ctx.dialect() == Dialect::Python3 => "index",
        Value::Bytes(_) | Value::Unicode(_) => "string",
        Value::ByteArray(_) => "bytearray",
        Value::Range(_) => ctx.dialect().pick("xrange object", "range object"),
        _ => return None,
    })
}

#[cold]
pub(super) fn out_of_range<'gc>(kind: &str) -> Error<'gc> {
    let message = match kind {
        "index" => "index out of range".to_owned(),
        kind => format!("{kind} index out of range"),
    };
    Error::new(&exc::INDEX_ERROR, message)
}

/// The `TypeError` for a key that is no index.
#[cold]
fn not_an_index<'gc>(
    ctx: Context<'gc>,
    content: Value<'gc>,
    kind: &str,
    key: Value<'gc>,
) -> Error<'gc> {
    let got = key.type_name(ctx);
    let message = match (content, ctx.dialect()) {
        (Value::Range(_), Dialect::Python2) => {
            format!("sequence index must be integer, not '{got}'")
        }
        (Value::Unicode(_), Dialect::Python2) => "string indices must be integers".to_owned(),
        (Value::ByteArray(_), Dialect::Python2) => "bytearray indices must be integers".to_owned(),
        (_, Dialect::Python2) => format!("{kind} indices must be integers, not {got}"),
        (Value::Unicode(_), Dialect::Python3) => {
            format!("string indices must be integers, not '{got}'")
        }
        (Value::Bytes(_), Dialect::Python3) => {
            format!("byte indices must be integers or slices, not {got}")
        }
        (Value::Range(_), Dialect::Python3) => {
            format!("range indices must be integers or slices, not {got}")
        }
        (_, Dialect::Python3) => format!("{kind} indices must be integers or slices, not {got}"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

fn item_at<'gc>(ctx: Context<'gc>, content: Value<'gc>, at: usize) -> Option<Value<'gc>> {
    Some(match content {
        Value::List(list) => list.get(at)?,
        Value::Tuple(tuple) => *tuple.as_slice().get(at)?,
        Value::Bytes(bytes) => match (bytes.as_slice().get(at)?, ctx.dialect()) {
            (&byte, Dialect::Python2) => Bytes::new(ctx, &[byte]).into(),
            (&byte, Dialect::Python3) => byte.into(),
        },
        Value::Unicode(text) => {
            Unicode::from_code_points(ctx, [text.code_points().nth(at)?])?.into()
        }
        Value::ByteArray(array) => array.with(|data| data.get(at).copied())?.into(),
        Value::Range(range) => range.get(at as u64)?.into(),
        _ => return None,
    })
}

fn slice_of<'gc>(
    ctx: Context<'gc>,
    content: Value<'gc>,
    positions: Positions,
) -> Option<Value<'gc>> {
    Some(match content {
        Value::List(list) => List::from_vec(ctx, pick(&list.borrow(), positions)).into(),
        Value::Tuple(tuple) if is_whole(positions, tuple.len()) => tuple.into(),
        Value::Tuple(tuple) => Tuple::from_vec(ctx, pick(tuple.as_slice(), positions)).into(),
        Value::Bytes(bytes) if is_whole(positions, bytes.len()) => bytes.into(),
        Value::Bytes(bytes) => Bytes::from_vec(ctx, pick(bytes.as_slice(), positions)).into(),
        Value::ByteArray(array) => {
            ByteArray::from_vec(ctx, array.with(|data| pick(data, positions))).into()
        }
        Value::Unicode(text) if is_whole(positions, text.len()) => text.into(),
        Value::Unicode(text) => {
            let points: Vec<u32> = text.code_points().collect();
            Unicode::from_code_points(ctx, pick(&points, positions))?.into()
        }
        Value::Range(range) => slice_of_range(ctx, range, positions)?.into(),
        _ => return None,
    })
}

/// An immutable sequence is its own whole slice.
fn is_whole(positions: Positions, length: usize) -> bool {
    positions.start == 0 && positions.length == length && positions.is_simple()
}

fn pick<T: Copy>(items: &[T], positions: Positions) -> Vec<T> {
    positions.iter().filter_map(|at| items.get(at).copied()).collect()
}

fn slice_of_range<'gc>(
    ctx: Context<'gc>,
    range: Range<'gc>,
    positions: Positions,
) -> Option<Range<'gc>> {
    let at =
        |offset: u64| i128::from(range.start()) + i128::from(offset) * i128::from(range.step());
    let step = i128::from(range.step()) * i128::from(positions.step);
    let start = at(positions.start as u64);
    let stop = start + step * positions.length as i128;
    let clamp = |it: i128| it.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    Range::new(ctx, clamp(start), clamp(stop), clamp(step))
}
