//! `item in x`.

use super::hooks::own_hook;
use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, FrozenSet, Unicode};
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns whether `item` is among the object's items (Python's `item in x`): asks `__contains__`, or iterates.
    ///
    /// # Errors
    ///
    /// `TypeError` if the object has no items; whatever a class's `__contains__`, `__iter__` or `__eq__` raises.
    pub fn contains(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
        if let Some(hook) = own_hook(ctx, self, ctx.names().contains)? {
            return hook.call(ctx, (item,))?.truth(ctx);
        }
        // A subclass may iterate in its own way, but has the membership test of its base all the same.
        match content_contains(ctx, self, item)? {
            Some(found) => Ok(found),
            None => found_by_iteration(ctx, self, item),
        }
    }
}

/// Looks for an item in the built-in content, whatever the class says: what `list.__contains__(x, item)` gives. `None`
/// if it is not that of a container.
///
/// # Errors
///
/// As [`Value::contains`].
pub(crate) fn content_contains<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, Option<bool>> {
    match object.content() {
        Value::List(list) => {
            let mut at = 0;
            while let Some(candidate) = list.get(at) {
                if candidate.is_or_equals(ctx, item)? {
                    return Ok(Some(true));
                }
                at += 1;
            }
            Ok(Some(false))
        }
        Value::Tuple(tuple) => {
            for candidate in tuple.as_slice() {
                if candidate.is_or_equals(ctx, item)? {
                    return Ok(Some(true));
                }
            }
            Ok(Some(false))
        }
        Value::Dict(dict) => dict.contains(ctx, item).map(Some),
        Value::Set(set) => set.contains(ctx, set_as_key(ctx, item)?).map(Some),
        Value::FrozenSet(set) => set.contains(ctx, set_as_key(ctx, item)?).map(Some),
        Value::Bytes(bytes) => in_bytes(ctx, bytes, item).map(Some),
        Value::Unicode(text) => in_text(ctx, text, item).map(Some),
        Value::ByteArray(array) => {
            let needle = bytes_needle(ctx, item)?;
            Ok(Some(array.with(|data| is_part(&needle, data))))
        }
        Value::Range(range) => match Number::of(item.content()) {
            Some(Number::Int(number)) => Ok(Some(in_range(range, number))),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// A set, which has no hash, is looked for as a frozenset.
pub(crate) fn set_as_key<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc> {
    match item.content() {
        Value::Set(set) => Ok(FrozenSet::from_items(ctx, &set.to_vec())?.into()),
        _ => Ok(item),
    }
}

fn in_bytes<'gc>(ctx: Context<'gc>, bytes: Bytes<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
    if ctx.dialect() == Dialect::Python3 {
        return Ok(is_part(&bytes_needle(ctx, item)?, bytes.as_slice()));
    }
    match item.content() {
        Value::Bytes(needle) => Ok(is_part(needle.as_slice(), bytes.as_slice())),
        Value::Unicode(needle) => {
            crate::text::ascii::check(ctx, bytes)?;
            Ok(is_part(needle.as_generalised_utf8(), bytes.as_slice()))
        }
        _ => Err(string_required(ctx, item)),
    }
}

fn in_text<'gc>(ctx: Context<'gc>, text: Unicode<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
    match (item.content(), ctx.dialect()) {
        (Value::Unicode(needle), _) => {
            Ok(is_part(needle.as_generalised_utf8(), text.as_generalised_utf8()))
        }
        (Value::Bytes(needle), Dialect::Python2) => {
            crate::text::ascii::check(ctx, needle)?;
            Ok(is_part(needle.as_slice(), text.as_generalised_utf8()))
        }
        (_, Dialect::Python2) => {
            let name = item.type_name(ctx);
            let message = format!("coercing to Unicode: need string or buffer, {name} found");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
        (_, Dialect::Python3) => Err(string_required(ctx, item)),
    }
}

#[cold]
fn string_required<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Error<'gc> {
    let name = item.type_name(ctx);
    let message = format!("'in <string>' requires string as left operand, not {name}");
    Error::new(&exc::TYPE_ERROR, message)
}

/// Reads what is looked for in bytes: other bytes, or one as a number.
fn bytes_needle<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, Vec<u8>> {
    match item.content() {
        Value::Bytes(needle) => return Ok(needle.as_slice().to_vec()),
        Value::ByteArray(needle) => return Ok(needle.to_vec()),
        _ => {}
    }
    if item.find_index(ctx)?.is_some() {
        return Ok(vec![super::assignment::byte_of(ctx, item)?]);
    }
    let name = item.type_name(ctx);
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("Type {name} doesn't support the buffer API"),
        Dialect::Python3 => format!("a bytes-like object is required, not '{name}'"),
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn is_part(needle: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(text, needle).is_some()
}

fn in_range(range: crate::types::Range<'_>, number: i64) -> bool {
    let offset = i128::from(number) - i128::from(range.start());
    let step = i128::from(range.step());
    offset % step == 0 && (0..i128::from(range.len())).contains(&(offset / step))
}

fn found_by_iteration<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, bool> {
    let items = match object.iter(ctx) {
        Ok(items) => items,
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
            let message = format!("argument of type '{}' is not iterable", object.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        Err(error) => return Err(error),
    };
    while let Some(candidate) = items.next(ctx)? {
        if candidate.is_or_equals(ctx, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
