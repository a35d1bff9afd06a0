//! The memo of an Unpickler between two loads.

use halfsour_runtime::{Class, Context, Dict, Error, Result, Value, exc};

use super::kept_memo::{KeptMemo, Taken};
use crate::flavour::Flavour;
use crate::load::{Memo, MemoIndex};
use crate::unpickler::in_use;

/// A memo, of which Python sees a dict: the objects by the arguments of their PUTs.
///
/// A program may clear the dict, or put that of another Unpickler in its place.
pub(super) struct SavedLoadMemo<'gc>(KeptMemo<'gc, MemoIndex>);

impl<'gc> SavedLoadMemo<'gc> {
    /// Returns the class of the objects that hold such memos.
    pub(super) fn class(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
        KeptMemo::<MemoIndex>::class(ctx, "UnpicklerMemo")
    }

    /// Makes an empty memo, in an object of [`class`](Self::class).
    pub(super) fn allocate(ctx: Context<'gc>, class: Class<'gc>, flavour: Flavour) -> Value<'gc> {
        KeptMemo::allocate(ctx, class, flavour, MemoIndex::default(), Dict::new(ctx).into())
    }

    /// Returns the memo that an object holds.
    pub(super) fn of(object: Value<'gc>) -> Result<'gc, Self> {
        KeptMemo::of(object).map(Self)
    }

    /// Returns what Python sees.
    pub(super) fn dict(&self) -> Result<'gc, Dict<'gc>> {
        self.0.dict().ok_or_else(|| Error::bare(&exc::SYSTEM_ERROR))
    }

    /// Lets a dict say what is in the memo.
    pub(super) fn set_dict(&self, ctx: Context<'gc>, dict: Dict<'gc>) {
        self.0.set_dict(ctx, dict);
    }

    /// Takes the memo out for a load.
    pub(super) fn take(&self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        Ok(match self.0.take(ctx, in_use)? {
            Taken::AsKept { index, objects } => Memo { index, objects, replaced: false },
            Taken::Described(dict) => described_by(dict),
        })
    }

    /// Puts the memo back, in which the objects from a place on are new to the dict.
    pub(super) fn put_back(
        &self,
        ctx: Context<'gc>,
        memo: Memo<'gc>,
        start: usize,
    ) -> Result<'gc, ()> {
        let start = if memo.replaced { 0 } else { start };
        let flavour = self.0.flavour()?;
        let shown = self.0.dict().map_or(Ok(()), |dict| show(ctx, dict, &memo, start, flavour));
        self.0.put_back(ctx, memo.index, memo.objects, shown)
    }
}

/// Enters the objects from a place on into the dict.
// DIFFERENCE: cPickle has a string as the key of what PUT stored, and an int for BINPUT; here a number is an int.
fn show<'gc>(
    ctx: Context<'gc>,
    dict: Dict<'gc>,
    memo: &Memo<'gc>,
    start: usize,
    flavour: Flavour,
) -> Result<'gc, ()> {
    for (key, place) in memo.index.keys(start, memo.objects.len()) {
        let Some(&object) = memo.objects.get(place) else { continue };
        let key = match key.parse() {
            Ok(number) if flavour == Flavour::CPickle => Value::Int(number),
            _ => ctx.str(&key),
        };
        dict.insert(ctx, key, object)?;
    }
    Ok(())
}

/// Returns the memo that a dict describes; keys that no stream can name are left out.
fn described_by<'gc>(dict: Dict<'gc>) -> Memo<'gc> {
    let mut memo = Memo::default();
    for (key, object) in dict.entries() {
        match key.content() {
            Value::Bytes(key) => memo.put_text(key.as_slice(), object),
            Value::Int(number) => memo.put_text(number.to_string().as_bytes(), object),
            _ => {}
        }
    }
    memo.replaced = false;
    memo
}
