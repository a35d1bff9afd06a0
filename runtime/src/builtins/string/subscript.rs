//! Items, slices, length and membership of strings and bytearrays.

use super::bytearray::byte_of;
use crate::builtins::arguments::operands;
use crate::builtins::buffer;
use crate::builtins::define::Define;
use crate::builtins::positions::{self, Positions, Subscript};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::truth::content_len;
use crate::text::ascii;
use crate::types::{ByteArray, Bytes, Unicode};
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .special("__getitem__", |ctx, this, args| {
            let [key] = operands(&args, "__getitem__")?;
            get(ctx, this.content(), key)
        })
        .special("__len__", |_, this, args| {
            let [] = operands(&args, "__len__")?;
            // What is in memory is shorter than 2**63.
            Ok(Value::Int(content_len(this).unwrap_or(0) as i64))
        })
        .special("__contains__", |ctx, this, args| {
            let [item] = operands(&args, "__contains__")?;
            holds(ctx, this.content(), item).map(Value::Bool)
        });
}

fn get<'gc>(ctx: Context<'gc>, content: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    let length = content_len(content).unwrap_or(0);
    let item = match Subscript::read(ctx, key, length)? {
        Some(Subscript::Index(index)) => {
            positions::position(index, length).and_then(|at| unit(ctx, content, at))
        }
        Some(Subscript::Slice(positions)) => part(ctx, content, positions, length),
        None => return Err(not_an_index(ctx, content, key)),
    };
    item.ok_or_else(|| {
        let message = match (content, ctx.dialect()) {
            (Value::ByteArray(_), _) => "bytearray index out of range",
            (Value::Bytes(_), Dialect::Python3) => "index out of range",
            _ => "string index out of range",
        };
        Error::new(&exc::INDEX_ERROR, message)
    })
}

/// The `TypeError` for a key that is no index.
#[cold]
fn not_an_index<'gc>(ctx: Context<'gc>, content: Value<'gc>, key: Value<'gc>) -> Error<'gc> {
    let got = key.type_name(ctx);
    let message = match (content, ctx.dialect()) {
        (Value::Unicode(_), Dialect::Python2) => "string indices must be integers".to_owned(),
        (Value::ByteArray(_), Dialect::Python2) => "bytearray indices must be integers".to_owned(),
        (_, Dialect::Python2) => format!("string indices must be integers, not {got}"),
        (Value::Unicode(_), Dialect::Python3) => {
            format!("string indices must be integers, not '{got}'")
        }
        (Value::ByteArray(_), Dialect::Python3) => {
            format!("bytearray indices must be integers or slices, not {got}")
        }
        (_, Dialect::Python3) => format!("byte indices must be integers or slices, not {got}"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

fn unit<'gc>(ctx: Context<'gc>, content: Value<'gc>, at: usize) -> Option<Value<'gc>> {
    Some(match content {
        Value::Bytes(bytes) => {
            let byte = *bytes.as_slice().get(at)?;
            match ctx.dialect() {
                Dialect::Python2 => Bytes::new(ctx, &[byte]).into(),
                Dialect::Python3 => byte.into(),
            }
        }
        Value::Unicode(text) if text.is_ascii() => {
            let byte = *text.as_generalised_utf8().get(at)?;
            Unicode::from_code_points(ctx, [byte.into()])?.into()
        }
        Value::Unicode(text) => {
            Unicode::from_code_points(ctx, [text.code_points().nth(at)?])?.into()
        }
        Value::ByteArray(array) => array.with(|data| data.get(at).copied())?.into(),
        _ => return None,
    })
}

/// A part of a string; an immutable one is its own whole.
fn part<'gc>(
    ctx: Context<'gc>,
    content: Value<'gc>,
    positions: Positions,
    length: usize,
) -> Option<Value<'gc>> {
    let is_whole = positions.contiguous() == Some(0..length);
    Some(match content {
        Value::Bytes(_) | Value::Unicode(_) if is_whole => content,
        Value::Bytes(bytes) => Bytes::from_vec(ctx, positions.pick(bytes.as_slice())).into(),
        Value::Unicode(text) => {
            let points: Vec<u32> = text.code_points().collect();
            Unicode::from_code_points(ctx, positions.pick(&points))?.into()
        }
        Value::ByteArray(array) => {
            ByteArray::from_vec(ctx, array.with(|data| positions.pick(data))).into()
        }
        _ => return None,
    })
}

/// Whether one string is part of another.
fn holds<'gc>(ctx: Context<'gc>, content: Value<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
    match (content, item.content(), ctx.dialect()) {
        (Value::Bytes(text), Value::Bytes(sought), _) => {
            Ok(is_part(sought.as_slice(), text.as_slice()))
        }
        (Value::Bytes(text), Value::Unicode(sought), Dialect::Python2) => {
            ascii::check(ctx, text)?;
            Ok(is_part(sought.as_generalised_utf8(), text.as_slice()))
        }
        (Value::Unicode(text), Value::Unicode(sought), _) => {
            Ok(is_part(sought.as_generalised_utf8(), text.as_generalised_utf8()))
        }
        (Value::Unicode(text), Value::Bytes(sought), Dialect::Python2) => {
            ascii::check(ctx, sought)?;
            Ok(is_part(sought.as_slice(), text.as_generalised_utf8()))
        }
        (Value::Unicode(_), _, Dialect::Python2) => {
            let name = item.type_name(ctx);
            let message = format!("coercing to Unicode: need string or buffer, {name} found");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
        (Value::ByteArray(array), _, _) => {
            let sought = bytes_sought(ctx, item)?;
            Ok(array.with(|data| is_part(&sought, data)))
        }
        (Value::Bytes(text), _, Dialect::Python3) => {
            Ok(is_part(&bytes_sought(ctx, item)?, text.as_slice()))
        }
        _ => {
            let name = item.type_name(ctx);
            let message = format!("'in <string>' requires string as left operand, not {name}");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn is_part(sought: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(text, sought).is_some()
}

/// Reads what is sought among bytes: other bytes, or one as a number.
fn bytes_sought<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, Vec<u8>> {
    if let Some(sought) = buffer::bytes_of(item) {
        return Ok(sought.into_owned());
    }
    match positions::as_index(ctx, item)? {
        Some(number) => Ok(vec![byte_of(ctx, number)?]),
        None => Err(buffer::no_buffer(ctx, item)),
    }
}

/// Defines the setting and deleting of a bytearray's items.
pub(super) fn install_assignment(define: Define<'_>) {
    define
        .special("__setitem__", |ctx, this, args| {
            let [key, value] = operands(&args, "__setitem__")?;
            let Some(array) = this.as_bytearray() else { return Ok(Value::None) };
            set(ctx, array, key, value).map(Into::into)
        })
        .special("__delitem__", |ctx, this, args| {
            let [key] = operands(&args, "__delitem__")?;
            let Some(array) = this.as_bytearray() else { return Ok(Value::None) };
            let positions = positions_of(ctx, array, key)?;
            array.update(|data| crate::builtins::list::remove_positions(data, positions));
            Ok(Value::None)
        });
}

/// The positions that an index or a slice names in a bytearray.
fn positions_of<'gc>(
    ctx: Context<'gc>,
    array: ByteArray<'gc>,
    key: Value<'gc>,
) -> Result<'gc, Positions> {
    match Subscript::read(ctx, key, array.len())? {
        Some(Subscript::Slice(positions)) => Ok(positions),
        Some(Subscript::Index(index)) => match positions::position(index, array.len()) {
            Some(at) => Ok(Positions::between(at, at + 1)),
            None => Err(Error::new(&exc::INDEX_ERROR, "bytearray index out of range")),
        },
        None => {
            let message = match ctx.dialect() {
                Dialect::Python2 => "bytearray indices must be integer".to_owned(),
                Dialect::Python3 => {
                    let got = key.type_name(ctx);
                    format!("bytearray indices must be integers or slices, not {got}")
                }
            };
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn set<'gc>(
    ctx: Context<'gc>,
    array: ByteArray<'gc>,
    key: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    let new = match key {
        Value::Slice(_) => new_bytes(ctx, value)?,
        _ => Vec::new(),
    };
    let positions = positions_of(ctx, array, key)?;
    if !matches!(key, Value::Slice(_)) {
        let byte = byte_of(ctx, value)?;
        replace_each(array, positions, &[byte]);
        return Ok(());
    }
    if let Some(range) = positions.contiguous() {
        array.update(|data| {
            let end = range.end.min(data.len());
            data.splice(range.start.min(end)..end, new);
        });
        return Ok(());
    }
    // Nothing in the place of a slice deletes it, also one with gaps.
    if new.is_empty() {
        array.update(|data| crate::builtins::list::remove_positions(data, positions));
        return Ok(());
    }
    if new.len() != positions.count {
        let message = format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            positions.count
        );
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    replace_each(array, positions, &new);
    Ok(())
}

fn replace_each(array: ByteArray<'_>, positions: Positions, new: &[u8]) {
    array.update(|data| {
        for (at, &byte) in positions.iter().zip(new) {
            if let Some(place) = data.get_mut(at) {
                *place = byte;
            }
        }
    });
}

/// The bytes that take the place of a slice: those of a string, or an iterable of ints.
fn new_bytes<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
    let refuse = || {
        let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        Error::new(&exc::TYPE_ERROR, message)
    };
    if let Some(bytes) = buffer::bytes_of(value) {
        return Ok(bytes.into_owned());
    }
    if let Value::Unicode(_) | Value::Int(_) | Value::Long(_) | Value::Bool(_) = value.content() {
        return Err(refuse());
    }
    let items = match value.iter(ctx) {
        Ok(items) => items,
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => return Err(refuse()),
        Err(error) => return Err(error),
    };
    items.collect_vec(ctx)?.into_iter().map(|item| byte_of(ctx, item)).collect()
}
