//! The memo of a Pickler between two dumps.

use halfsour_runtime::{Class, Context, Dict, Error, Instance, Result, Traced, Tuple, Value, exc};
use num_traits::ToPrimitive;

use crate::flavour::Flavour;
use crate::pickler::in_use;
use crate::save::{Memo, MemoIndex};

/// A memo, and the dict that Python sees of it: `{id(object): (number, object)}`.
///
/// The dict is made when somebody asks for it. From then on it says what is in the memo: a program may clear it, add to
/// it, or put that of another Pickler in its place.
#[derive(Clone, Copy)]
pub(super) struct SavedMemo<'gc> {
    /// The dict, or `None` while nobody has asked, and behind it the objects.
    content: Traced<'gc>,
}

/// What is kept besides the dict and the objects.
struct Known {
    flavour: Flavour,
    /// Nothing while a dump has it.
    index: Option<MemoIndex>,
    /// The version of the dict that index and objects agree with.
    version: Option<u64>,
}

const DICT: usize = 0;

impl<'gc> SavedMemo<'gc> {
    /// Returns the class of the objects that hold such memos.
    pub(super) fn class(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
        Class::builder(ctx, "PicklerMemo").module("pickle").native().build()
    }

    /// Makes an empty memo, in an object of [`class`](Self::class).
    pub(super) fn allocate(ctx: Context<'gc>, class: Class<'gc>, flavour: Flavour) -> Value<'gc> {
        let known = Known { flavour, index: Some(MemoIndex::new(flavour)), version: None };
        let content = Traced::new(ctx, known);
        content.push(ctx, Value::None);
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
    pub(super) fn dict(self, ctx: Context<'gc>) -> Result<'gc, Dict<'gc>> {
        if let Some(Value::Dict(dict)) = self.content.get(DICT) {
            return Ok(dict);
        }
        let (dict, memo) = (Dict::new(ctx), self.take(ctx)?);
        self.content.set(ctx, DICT, dict.into());
        self.put_back(ctx, memo, 0)?;
        Ok(dict)
    }

    /// Lets a dict say what is in the memo.
    pub(super) fn set_dict(self, ctx: Context<'gc>, dict: Dict<'gc>) {
        self.content.set(ctx, DICT, dict.into());
    }

    /// Forgets all objects.
    pub(super) fn clear(self, ctx: Context<'gc>) -> Result<'gc, ()> {
        let mut memo = self.take(ctx)?;
        memo.clear();
        if let Some(Value::Dict(dict)) = self.content.get(DICT) {
            dict.clear(ctx);
        }
        self.put_back(ctx, memo, 0)
    }

    /// Takes the memo out for a dump.
    pub(super) fn take(self, ctx: Context<'gc>) -> Result<'gc, Memo<'gc>> {
        let mut objects = self.content.take(ctx);
        let dict = objects.first().copied().unwrap_or(Value::None);
        self.content.push(ctx, dict);
        let mut known = self.content.data_mut::<Known>()?;
        let index = known.index.take().ok_or_else(in_use)?;
        match dict {
            Value::Dict(dict) if known.version != Some(dict.version()) => {
                Ok(described_by(dict, known.flavour))
            }
            _ => {
                objects.drain(..=DICT);
                Ok(Memo { index, objects })
            }
        }
    }

    /// Puts the memo back, in which only the objects from a place on are new to the dict.
    pub(super) fn put_back(
        self,
        ctx: Context<'gc>,
        memo: Memo<'gc>,
        start: usize,
    ) -> Result<'gc, ()> {
        let dict = self.content.get(DICT).unwrap_or(Value::None);
        let shown = match dict {
            Value::Dict(dict) => show(ctx, dict, &memo, start),
            _ => Ok(()),
        };
        let version = dict.as_dict().filter(|_| shown.is_ok()).map(Dict::version);
        let values = std::iter::once(dict).chain(memo.objects).collect();
        self.content.restore(ctx, values);
        let mut known = self.content.data_mut::<Known>()?;
        (known.index, known.version) = (Some(memo.index), version);
        shown
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
        let entry = match memo.get(object) {
            Some(number) => Tuple::new(ctx, &[Value::Int(number.into()), object]).into(),
            // The place that `pickle.py` gives to the list of its temporaries.
            None => object,
        };
        let key =
            if memo.get(object).is_some() { object.id(ctx) } else { Value::from(dict).id(ctx) };
        dict.insert(ctx, key, entry)?;
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

#[cold]
fn no_memo<'gc>() -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, "the Pickler's own memo was replaced by another object")
}
