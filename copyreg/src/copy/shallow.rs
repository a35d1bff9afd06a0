//! `copy.copy`.

use halfsour_runtime::{ByteArray, Context, Dialect, List, Result, Set, Value};

use super::atoms::is_atom;
use super::classic;
use super::hooks::{Kind, find_hook, reduce};
use super::rebuild::Parts;
use super::state::{append, set_state, spread_call, unpack_pair};

/// Returns a shallow copy: by the exact type, else by `__copy__` of the class, else by the reduce protocol.
pub(super) fn copy<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    if is_own_copy(ctx, object) {
        return Ok(object);
    }
    match object {
        Value::List(list) => return Ok(List::from_vec(ctx, list.to_vec()).into()),
        Value::Dict(dict) => return Ok(dict.shallow_copy(ctx).into()),
        Value::Set(set) => return Ok(Set::from_items(ctx, &set.to_vec())?.into()),
        Value::ByteArray(bytes) if ctx.dialect() == Dialect::Python3 => {
            return Ok(ByteArray::from_vec(ctx, bytes.to_vec()).into());
        }
        Value::ClassicInstance(instance) => return classic::copy(ctx, instance),
        _ => {}
    }
    // An attribute of the instance itself does not count.
    let class = Value::from(object.type_of(ctx));
    if let Some(hook) = find_hook(ctx, class, ctx.names().copy)? {
        return hook.call(ctx, (object,));
    }
    let reduced = reduce(ctx, object, Kind::Shallow)?;
    match Parts::read(ctx, reduced)? {
        Some(parts) => rebuild(ctx, parts),
        None => Ok(object),
    }
}

/// Returns whether `copy` returns the object itself, without asking it.
fn is_own_copy<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> bool {
    match object {
        Value::Tuple(_) | Value::FrozenSet(_) => true,
        Value::Slice(_) => ctx.dialect() == Dialect::Python3,
        // 2.7 asks a metaclass of a program's own for `__copy__`.
        Value::Class(class) => {
            ctx.dialect() == Dialect::Python3 || class.metaclass().is(ctx.types().type_)
        }
        _ => is_atom(ctx, object),
    }
}

/// Makes an object of the parts of another.
///
/// The state comes before the items, unlike in a pickle.
fn rebuild<'gc>(ctx: Context<'gc>, parts: Parts<'gc>) -> Result<'gc> {
    let object = spread_call(ctx, parts.callable, parts.args)?;
    if let Some(state) = parts.state {
        set_state(ctx, object, state)?;
    }
    if let Some(items) = parts.list_items {
        let items = items.iter(ctx)?;
        while let Some(item) = items.next(ctx)? {
            append(ctx, object, item)?;
        }
    }
    if let Some(items) = parts.dict_items {
        let items = items.iter(ctx)?;
        while let Some(pair) = items.next(ctx)? {
            let (key, value) = unpack_pair(ctx, pair)?;
            object.set_item(ctx, key, value)?;
        }
    }
    Ok(object)
}
