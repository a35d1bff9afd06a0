//! What the memos of Picklers and Unpicklers have in common between two uses.

use std::marker::PhantomData;

use halfsour_runtime::{Class, Context, Dict, Error, Instance, Result, Traced, Value, exc};

use crate::flavour::Flavour;

/// A memo that rests: its objects in the heap, its index beside them, and the dict that Python sees of it, if somebody
/// has asked for one. From then on the dict says what is in the memo.
pub(super) struct KeptMemo<'gc, I> {
    /// The dict or `None`, and behind it the objects.
    content: Traced<'gc>,
    index: PhantomData<I>,
}

/// What is kept besides the values.
struct Known<I> {
    flavour: Flavour,
    /// Nothing while a dump or load has it.
    index: Option<I>,
    /// The version of the dict that index and objects agree with.
    version: Option<u64>,
}

/// A memo that is taken out for a use.
pub(super) enum Taken<'gc, I> {
    /// As it was put back.
    AsKept { index: I, objects: Vec<Value<'gc>> },
    /// What a program has made of its dict.
    Described(Dict<'gc>),
}

const DICT: usize = 0;

impl<'gc, I: 'static> KeptMemo<'gc, I> {
    /// Returns the class of the objects that hold such memos.
    pub(super) fn class(ctx: Context<'gc>, name: &str) -> Result<'gc, Class<'gc>> {
        Class::builder(ctx, name).module("pickle").native().build()
    }

    /// Makes an empty memo, in an object of [`class`](Self::class), with its dict or `None`.
    pub(super) fn allocate(
        ctx: Context<'gc>,
        class: Class<'gc>,
        flavour: Flavour,
        index: I,
        dict: Value<'gc>,
    ) -> Value<'gc> {
        let content = Traced::new(ctx, Known { flavour, index: Some(index), version: None });
        content.push(ctx, dict);
        Instance::native(ctx, class, content).into()
    }

    /// Returns the memo that an object holds.
    pub(super) fn of(object: Value<'gc>) -> Result<'gc, Self> {
        let content = match object {
            Value::Instance(instance) => instance.native_content(),
            _ => None,
        };
        match content.filter(|content| content.holds::<Known<I>>()) {
            Some(content) => Ok(Self { content, index: PhantomData }),
            None => Err(no_memo()),
        }
    }

    pub(super) fn flavour(&self) -> Result<'gc, Flavour> {
        Ok(self.content.data::<Known<I>>()?.flavour)
    }

    /// Returns what Python sees, if somebody has asked.
    pub(super) fn dict(&self) -> Option<Dict<'gc>> {
        self.content.get(DICT).and_then(Value::as_dict)
    }

    /// Lets a dict say what is in the memo.
    pub(super) fn set_dict(&self, ctx: Context<'gc>, dict: Dict<'gc>) {
        self.content.set(ctx, DICT, dict.into());
    }

    /// Takes the memo out for a use.
    ///
    /// # Errors
    /// What `in_use` says while another use has it.
    pub(super) fn take(
        &self,
        ctx: Context<'gc>,
        in_use: fn() -> Error<'gc>,
    ) -> Result<'gc, Taken<'gc, I>> {
        let mut known = self.content.data_mut::<Known<I>>()?;
        let index = known.index.take().ok_or_else(in_use)?;
        let mut objects = self.content.take(ctx);
        let dict = objects.first().copied().unwrap_or(Value::None);
        self.content.push(ctx, dict);
        Ok(match dict {
            Value::Dict(dict) if known.version != Some(dict.version()) => Taken::Described(dict),
            _ => {
                objects.drain(..=DICT);
                Taken::AsKept { index, objects }
            }
        })
    }

    /// Puts the memo back; the dict, if there is one, shows it unless `shown` is an error.
    pub(super) fn put_back(
        &self,
        ctx: Context<'gc>,
        index: I,
        objects: Vec<Value<'gc>>,
        shown: Result<'gc, ()>,
    ) -> Result<'gc, ()> {
        let dict = self.content.get(DICT).unwrap_or(Value::None);
        let version = dict.as_dict().filter(|_| shown.is_ok()).map(Dict::version);
        self.content.restore(ctx, std::iter::once(dict).chain(objects).collect());
        let mut known = self.content.data_mut::<Known<I>>()?;
        (known.index, known.version) = (Some(index), version);
        shown
    }
}

#[cold]
fn no_memo<'gc>() -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, "the object's own memo was replaced by another object")
}
