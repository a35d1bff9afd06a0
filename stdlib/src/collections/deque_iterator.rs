//! The iterator of a deque, which ends with an error if the deque changes.

use halfsour_runtime::{Class, Context, Error, Result, Value, exc};

use super::deque::Items;
use crate::support::{self, Kind, content, make_named, python3};

/// How far an iterator is, and at which version of the deque, which is its value.
#[derive(Clone, Copy, Debug)]
struct Position {
    next: usize,
    version: u64,
}

const NAME: &str = "_deque_iterator";

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let next = if python3(ctx) { "__next__" } else { "next" };
    support::class(ctx, super::MODULE, NAME, Kind::Made)
        .native()
        .slots(&[])
        .method("__iter__", |_, this, _| Ok(this))
        .method(next, |ctx, this, _| step(ctx, this))
        .method("__length_hint__", |ctx, this, _| {
            let content = content::<Position>(this);
            let content = content.ok_or_else(|| support::wrong_receiver(ctx, this, NAME))?;
            let next = content.data::<Position>()?.next;
            let length = match content.get(0).and_then(Items::of) {
                Some(items) => items.len()?,
                None => 0,
            };
            Ok(Value::int(ctx, length.saturating_sub(next).into()))
        })
        .build()
}

/// Returns an iterator over a deque.
pub(super) fn over<'gc>(ctx: Context<'gc>, deque: Value<'gc>) -> Result<'gc> {
    let items = Items::of(deque).ok_or_else(|| support::wrong_receiver(ctx, deque, "deque"))?;
    let position = Position { next: 0, version: items.deque()?.version };
    make_named(ctx, super::MODULE, NAME, position, &[deque])
}

fn step<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let content = content::<Position>(this);
    let content = content.ok_or_else(|| support::wrong_receiver(ctx, this, NAME))?;
    let Some(items) = content.get(0).and_then(Items::of) else {
        return Err(Error::bare(&exc::STOP_ITERATION));
    };
    let Position { next, version } = *content.data::<Position>()?;
    if items.deque()?.version != version {
        return Err(Error::new(&exc::RUNTIME_ERROR, "deque mutated during iteration"));
    }
    let Some(item) = items.get(next)? else { return Err(Error::bare(&exc::STOP_ITERATION)) };
    content.data_mut::<Position>()?.next += 1;
    Ok(item)
}
