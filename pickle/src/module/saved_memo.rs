//! The memo of a Pickler between two dumps.

use halfsour_runtime::{Class, Context, Dict, Result, Tuple, Value};
use num_traits::ToPrimitive;

use super::kept_memo::{KeptMemo, Taken};
use crate::flavour::Flavour;
use crate::pickler::in_use;
use crate::save::{Memo, MemoIndex};

/// A memo, of which Python sees the dict `{id(object): (number, object)}` once it asks.
///
/// A program may clear the dict, add to it, or put that of another Pickler in its place.
pub(super) struct SavedMemo<'gc>(KeptMemo<'gc, MemoIndex>);

impl<'gc> SavedMemo<'gc> {
    /// Returns the class of the objects that hold such memos.
    pub(super) fn class(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
        KeptMemo::<MemoIndex>::class(ctx, "PicklerMemo")
    }

    /// Makes an empty memo, in an object of [`class`](Self::class).
    pub(super) fn allocate(ctx: Context<'gc>, class: Class<'gc>, flavour: Flavour) -> Value<'gc> {
        KeptMemo::allocate(ctx, class, flavour, MemoIndex::new(flavour), Value::None)
    }

    /// Returns the memo that an object holds.
    pub(super) fn of(object: Value<'gc>) -> Result<'gc, Self> {
        KeptMemo::of(object).map(Self)
    }

    /// Returns what Python sees.
    pub(super) fn dict(&self, ctx: Context<'gc>) -> Result<'gc, Dict<'gc>> {
        if let Some(dict) = self.0.dict() {
            return Ok(dict);
        }
        let (dict, memo) = (Dict::new(ctx), self.take(ctx)?);
        self.0.set_dict(ctx, dict);
        self.put_back(ctx, memo, 0)?;
        Ok(dict)
    }

    /// Lets a dict say what is in the memo.
    pub(super) fn set_dict(&self, ctx: Context<'gc>, dict: Dict<'gc>) {
        self.0.set_dict(ctx, dict);
    }

    /// Forgets all objects.
    pub(super) fn clear(&self, ctx: Context<'gc>) -> Result<'gc, ()> {
        let mut memo = self.take(ctx)?;
        memo.clear();
        if let Some(dict) = self.0.dict() {
            dict.clear(ctx);
        }
        self.put_back(ctx, memo, 0)
    }

    /// Takes the memo out for a dump.
    pub(super) fn take(&self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        Ok(match self.0.take(ctx, in_use)? {
            Taken::AsKept { index, objects } => Memo::resumed(index, objects),
            Taken::Described(dict) => described_by(dict, self.0.flavour()?),
        })
    }

    /// Puts the memo back, in which only the objects from a place on are new to the dict.
    pub(super) fn put_back(
        &self,
        ctx: Context<'gc>,
        memo: Memo<'gc>,
        start: usize,
    ) -> Result<'gc, ()> {
        let shown = self.0.dict().map_or(Ok(()), |dict| show(ctx, dict, &memo, start));
        self.0.put_back(ctx, memo.index, memo.objects, shown)
    }
}

/// Adds the objects from a place on to the dict.
fn show<'gc>(
    ctx: Context<'gc>,
    dict: Dict<'gc>,
    memo: &Memo<'gc>,
    start: usize,
) -> Result<'gc, ()> {
    for &object in memo.objects.get(start..).unwrap_or_default() {
        match memo.get(object) {
            Some(number) => {
                let entry = Tuple::new(ctx, &[Value::Int(number.into()), object]);
                dict.insert(ctx, object.id(ctx), entry.into())?;
            }
            // The place that `pickle.py` gives to the list of its temporaries.
            None => dict.insert(ctx, Value::from(dict).id(ctx), object)?,
        }
    }
    Ok(())
}

/// Returns the memo that a dict describes; entries of another form count, but name nothing.
fn described_by<'gc>(dict: Dict<'gc>, flavour: Flavour) -> Memo<'gc> {
    let mut memo = Memo::new(flavour);
    for (key, entry) in dict.entries() {
        let named = match entry.as_tuple().map(|entry| entry.as_slice()) {
            Some(&[Value::Int(number), object]) => {
                address(key).zip(u32::try_from(number).ok()).map(|it| (it, object))
            }
            _ => None,
        };
        match named {
            Some(((address, number), object)) => memo.insert_as(address, number, object),
            None => memo.objects.push(entry),
        }
    }
    memo
}

fn address(key: Value<'_>) -> Option<usize> {
    match key {
        Value::Int(id) => usize::try_from(id).ok(),
        Value::Long(id) => id.as_bigint().to_usize(),
        _ => None,
    }
}
