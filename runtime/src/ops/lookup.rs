//! Looking up keys in a [`Table`]: the one place where a dict or set may run a user's `__eq__`.

use gc_arena::{Gc, RefLock};
use smallvec::SmallVec;

use super::equality::plain_equality;
use crate::context::Context;
use crate::error::Result;
use crate::name::Name;
use crate::types::Table;
use crate::value::Value;

/// Returns the hash of a key, spread for the table.
///
/// A NaN, which no key is equal to, gets a hash of its own, lest many of them make a table slow.
pub(crate) fn key_hash<'gc>(ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, u64> {
    if is_nan(key) {
        return Ok(ctx.state.mix_hash(ctx.state.next_nan()));
    }
    Ok(ctx.state.mix_hash(key.hash(ctx)?))
}

/// Returns the hash of a name, spread for the table.
pub(crate) fn name_hash<'gc>(ctx: Context<'gc>, name: Name<'gc>) -> u64 {
    let hash = match name.value() {
        Value::Bytes(name) => name.hash(ctx),
        Value::Unicode(name) => name.hash(ctx),
        _ => 0,
    };
    ctx.state.mix_hash(hash)
}

/// Returns the position of a key.
///
/// Where equality takes a call, it is made while nothing is borrowed; if the table changed meanwhile, the search
/// starts again, as in CPython.
pub(crate) fn find<'gc, V: Copy>(
    ctx: Context<'gc>,
    table: Gc<'gc, RefLock<Table<'gc, V>>>,
    hash: u64,
    key: Value<'gc>,
) -> Result<'gc, Option<usize>> {
    'search: loop {
        let mut undecided: SmallVec<[(usize, Value<'gc>); 4]> = SmallVec::new();
        let version;
        {
            let table = table.borrow();
            version = table.version();
            let found = table.search(hash, |at, candidate| {
                match plain_equality(ctx, candidate, key) {
                    Some(true) if is_nan(key) => {}
                    Some(true) if undecided.is_empty() => return Some(at),
                    Some(false) => {}
                    _ => undecided.push((at, candidate)),
                }
                None
            });
            if found.is_some() || undecided.is_empty() {
                return Ok(found);
            }
        }
        for (at, candidate) in undecided {
            let equal = candidate.equals(ctx, key)?;
            if table.borrow().version() != version {
                continue 'search;
            }
            if equal {
                return Ok(Some(at));
            }
        }
        return Ok(None);
    }
}

/// Puts entries into a table up to the first whose key may run code; returns how many.
///
/// # Errors
///
/// `MemoryError` if the table is full.
pub(crate) fn insert_plain<'gc, V: Copy>(
    ctx: Context<'gc>,
    table: &mut Table<'gc, V>,
    entries: impl Iterator<Item = (Value<'gc>, V)>,
) -> Result<'gc, usize> {
    let mut done = 0;
    for (key, value) in entries {
        let hash = match key {
            Value::Bytes(key) => key.hash(ctx),
            Value::Unicode(key) => key.hash(ctx),
            Value::Int(_) => key.hash(ctx)?,
            _ => return Ok(done),
        };
        // Where equality takes a call, the candidate's own code decides.
        let equals = |candidate| plain_equality(ctx, candidate, key);
        if !table
            .insert(ctx.state.mix_hash(hash), key, value, equals)
            .map_err(crate::types::full)?
        {
            return Ok(done);
        }
        done += 1;
    }
    Ok(done)
}

/// Whether a key is a NaN, which equals no other. Two that were put in are two keys, so that none is lost.
// DIFFERENCE: CPython finds a NaN again by its identity, which an inline float has not.
fn is_nan(key: Value<'_>) -> bool {
    matches!(key, Value::Float(number) if number.is_nan())
}

/// Returns the position of a string key; runs no code.
// DIFFERENCE: CPython asks the `__eq__` of other keys too, if they have the same hash.
pub(crate) fn find_name<'gc, V: Copy>(
    ctx: Context<'gc>,
    table: Gc<'gc, RefLock<Table<'gc, V>>>,
    name: Name<'gc>,
) -> Option<usize> {
    let hash = name_hash(ctx, name);
    table.borrow().search(hash, |at, candidate| {
        // A key of a str subclass counts by its text, whatever its class says.
        let equal = plain_equality(ctx, candidate.content(), name.value());
        (equal == Some(true)).then_some(at)
    })
}
