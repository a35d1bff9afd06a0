//! The memo of an Unpickler between two loads.

use halfsour_runtime::{Class, Context, Dict, Error, Instance, Result, Traced, Value, exc};

use crate::flavour::Flavour;
use crate::load::{Memo, MemoIndex};
use crate::unpickler::in_use;

/// A memo, and the dict that Python sees of it: the objects by the arguments of their PUTs.
///
/// The dict says what is in the memo: a program may clear it, or put that of another Unpickler in its place.
#[derive(Clone, Copy)]
pub(super) struct SavedLoadMemo<'gc> {
    /// The dict, and behind it the objects.
    content: Traced<'gc>,
}

/// What is kept besides the dict and the objects.
struct Known {
    flavour: Flavour,
    /// Nothing while a load has it.
    index: Option<MemoIndex>,
    /// The version of the dict that index and objects agree with.
    version: Option<u64>,
}

const DICT: usize = 0;

impl<'gc> SavedLoadMemo<'gc> {
    /// Returns the class of the objects that hold such memos.
    pub(super) fn class(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
        Class::builder(ctx, "UnpicklerMemo").module("pickle").native().build()
    }

    /// Makes an empty memo, in an object of [`class`](Self::class).
    pub(super) fn allocate(ctx: Context<'gc>, class: Class<'gc>, flavour: Flavour) -> Value<'gc> {
        let known = Known { flavour, index: Some(MemoIndex::default()), version: None };
        let content = Traced::new(ctx, known);
        content.push(ctx, Dict::new(ctx).into());
        Instance::native(ctx, class, content).into()
    }

    /// Returns the memo that an object holds.
    pub(super) fn of(object: Value<'gc>) -> Result<'gc, Self> {
        match object {
            Value::Instance(instance) => match instance.native_content() {
                Some(content) if content.holds::<Known>() => Ok(Self { content }),
                _ => Err(no_memo()),
            },
            _ => Err(no_memo()),
        }
    }

    /// Returns what Python sees.
    pub(super) fn dict(self) -> Result<'gc, Dict<'gc>> {
        self.content.get(DICT).and_then(Value::as_dict).ok_or_else(no_memo)
    }

    /// Lets a dict say what is in the memo.
    pub(super) fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        self.content.set(ctx, DICT, dict.into());
    }

    /// Takes the memo out for a load.
    pub(super) fn take(self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        let dict = self.dict()?;
        let mut known = self.content.data_mut::<Known>()?;
        let index = known.index.take().ok_or_else(in_use)?;
        if known.version != Some(dict.version()) {
            return Ok(described_by(dict));
        }
        let mut objects = self.content.take(ctx);
        self.content.push(ctx, dict.into());
        objects.drain(..=DICT);
        Ok(Memo { index, objects, replaced: false })
    }

    /// Puts the memo back, in which the objects from a place on are new to the dict.
    pub(super) fn put_back(
        self,
        ctx: Context<'gc>,
        memo: Memo<'gc>,
        start: usize,
    ) -> Result<'gc, ()> {
        let dict = self.dict()?;
        let flavour = self.content.data::<Known>()?.flavour;
        let start = if memo.replaced { 0 } else { start };
        let shown = show(ctx, dict, &memo, start, flavour);
        let values = std::iter::once(dict.into()).chain(memo.objects).collect();
        self.content.restore(ctx, values);
        let mut known = self.content.data_mut::<Known>()?;
        known.version = shown.is_ok().then(|| dict.version());
        known.index = Some(memo.index);
        shown
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

#[cold]
fn no_memo<'gc>() -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, "the Unpickler's own memo was replaced by another object")
}
