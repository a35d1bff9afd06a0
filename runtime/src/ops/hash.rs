//! `hash(x)`.

use std::collections::HashMap;

use super::hooks;
use super::number::Number;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{FrozenSet, Tuple};
use crate::value::Value;

/// The `TypeError` for an object that has no hash.
#[cold]
pub(crate) fn unhashable<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let message = format!("unhashable type: '{}'", value.type_name(ctx));
    Error::new(&exc::TYPE_ERROR, message)
}

impl<'gc> Value<'gc> {
    /// Returns the object's hash (Python's `hash(x)`).
    ///
    /// # Errors
    ///
    /// `TypeError` if it has none; `RuntimeError` (Python 3: `RecursionError`) if it is a tuple of tuples nested too deep;
    /// whatever a class's `__hash__` raises.
    // DIFFERENCE: strings hash under keys of the runtime, as in Python 3, also in Python 2.
    pub fn hash(self, ctx: Context<'gc>) -> Result<'gc, i64> {
        match self {
            Value::Bytes(it) => Ok(it.hash(ctx)),
            Value::Unicode(it) => Ok(it.hash(ctx)),
            Value::Int(it) => Ok(Number::Int(it).hash(ctx)),
            _ => match first_step(ctx, self)? {
                Step::Hash(hash) => Ok(hash),
                Step::Items(tuple) => hash_tuple(ctx, tuple),
            },
        }
    }
}

/// Returns the hash of the built-in content, whatever the class says: what `tuple.__hash__(x)` gives.
///
/// # Errors
///
/// `TypeError` if the content has none.
pub(crate) fn content_hash<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, i64> {
    match content_step(ctx, value)? {
        Step::Hash(hash) => Ok(hash),
        Step::Items(tuple) => hash_tuple(ctx, tuple),
    }
}

/// What is known about an object's hash without looking at its items.
enum Step<'gc> {
    Hash(i64),
    Items(Tuple<'gc>),
}

fn first_step<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Step<'gc>> {
    if hooks::may_have_hooks(value)
        && let Some(hash) = hash_by_hook(ctx, value)?
    {
        return Ok(Step::Hash(hash));
    }
    content_step(ctx, value)
}

fn content_step<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Step<'gc>> {
    let content = value.content();
    if let Some(number) = Number::of(content) {
        return Ok(Step::Hash(number.hash(ctx)));
    }
    Ok(Step::Hash(match content {
        Value::Bytes(it) => it.hash(ctx),
        Value::Unicode(it) => it.hash(ctx),
        Value::Tuple(tuple) => return Ok(Step::Items(tuple)),
        Value::FrozenSet(set) => hash_frozenset(ctx, set),
        Value::Method(method) => {
            let function = method.function().hash(ctx)?;
            let receiver = method.receiver().map(|it| it.hash(ctx)).transpose()?;
            ctx.state.hash_one((function, receiver))
        }
        Value::Builtin(builtin) => {
            let receiver = builtin.receiver().map(|it| it.hash(ctx)).transpose()?;
            ctx.state.hash_one((builtin.name().value().addr(), receiver))
        }
        Value::Range(range) if ctx.dialect() == Dialect::Python3 => {
            let first = (!range.is_empty()).then(|| range.start());
            let step = (range.len() > 1).then(|| range.step());
            ctx.state.hash_one((range.len(), first, step))
        }
        Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::ByteArray(_) => {
            return Err(unhashable(ctx, value));
        }
        Value::Slice(_) => return Err(Error::new(&exc::TYPE_ERROR, "unhashable type")),
        Value::None => ctx.state.hash_one("None"),
        Value::Ellipsis => ctx.state.hash_one("Ellipsis"),
        Value::NotImplemented => ctx.state.hash_one("NotImplemented"),
        other => ctx.state.hash_one(other.addr()),
    }))
}

/// Asks `__hash__` of the object's class; `None` if the built-in content answers.
fn hash_by_hook<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<i64>> {
    let names = ctx.names();
    let Some(hook) = hooks::own_hook(ctx, value, names.hash)? else {
        if let Value::ClassicInstance(_) = value
            && (value.find_attr(ctx, names.eq)?.is_some()
                || value.find_attr(ctx, names.cmp)?.is_some())
        {
            return Err(Error::new(&exc::TYPE_ERROR, "unhashable instance"));
        }
        return Ok(None);
    };
    if hook.is_none() {
        return Err(unhashable(ctx, value));
    }
    let hash = hook.call(ctx, ())?;
    match Number::of(hash.content()) {
        Some(number @ (Number::Int(_) | Number::Long(_))) => Ok(Some(number.hash(ctx))),
        _ => Err(no_integer(ctx, value)),
    }
}

/// The `TypeError` for a `__hash__` that returned something else than an int.
#[cold]
fn no_integer<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let message = match (value, ctx.dialect()) {
        (Value::ClassicInstance(_), _) => "__hash__() should return an int",
        (_, Dialect::Python2) => "an integer is required",
        (_, Dialect::Python3) => "__hash__ method should return an integer",
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// Combines the hashes of the items, which the set keeps, in a way that does not depend on their order.
fn hash_frozenset<'gc>(ctx: Context<'gc>, set: FrozenSet<'gc>) -> i64 {
    let sum = set
        .0
        .borrow()
        .iter_hashed()
        .fold(0_i64, |sum, (hash, ..)| sum.wrapping_add(ctx.state.hash_one(hash)));
    ctx.state.hash_one((set.len(), sum))
}

/// A tuple whose items are being hashed.
struct Frame<'gc> {
    tuple: Tuple<'gc>,
    at: usize,
    hash: i64,
}

impl<'gc> Frame<'gc> {
    fn new(tuple: Tuple<'gc>) -> Self {
        Self { tuple, at: 0, hash: 0 }
    }
}

/// Tuples hashed in one operation before their hashes are noted: from here on, a tuple that is met again, as in
/// graphs with much sharing, is not walked again.
const UNNOTED: usize = 64;

fn hash_tuple<'gc>(ctx: Context<'gc>, tuple: Tuple<'gc>) -> Result<'gc, i64> {
    let limit = ctx.recursion_limit().saturating_sub(ctx.depth());
    let mut frames = vec![Frame::new(tuple)];
    let mut noted: HashMap<usize, i64> = HashMap::new();
    let mut n_walked = 0;
    loop {
        let Some(frame) = frames.last_mut() else {
            return Ok(0);
        };
        let hash = match frame.tuple.as_slice().get(frame.at) {
            Some(&item) => match first_step(ctx, item)? {
                Step::Hash(hash) => hash,
                Step::Items(inner) => match noted.get(&inner.addr()) {
                    Some(&hash) => hash,
                    None => {
                        // DIFFERENCE: CPython hashes tuples of any depth, as long as its stack has room.
                        if frames.len() >= limit {
                            return Err(ctx.too_deep());
                        }
                        frames.push(Frame::new(inner));
                        continue;
                    }
                },
            },
            None => {
                let hash = ctx.state.hash_one((frame.tuple.len(), frame.hash));
                n_walked += 1;
                if n_walked > UNNOTED {
                    noted.insert(frame.tuple.addr(), hash);
                }
                frames.pop();
                match frames.last_mut() {
                    None => return Ok(hash),
                    Some(_) => hash,
                }
            }
        };
        if let Some(frame) = frames.last_mut() {
            frame.hash = ctx.state.hash_one((frame.hash, hash));
            frame.at += 1;
        }
    }
}
