//! [`Memo`]: the objects that were copied so far, and their copies.

use halfsour_runtime::{AddressTable, Context, Dialect, Dict, Error, List, Result, Value, exc};

/// What a deep copy remembers, so that what was shared is shared again and cycles end.
///
/// Python keeps a dict from `id(x)` to the copy of `x`. That dict is made only when code asks for it: from then on it
/// alone is the memo, so that what hooks put into it counts.
#[derive(Debug)]
pub(super) enum Memo<'gc> {
    Private(Private<'gc>),
    /// A dict, or what a program passed for one.
    Shown(Value<'gc>),
}

/// The memo while no code has seen it.
// DIFFERENCE: 2.7 puts atoms, the tuples of reduce values and every `__dict__` into its memo too. Here they are in it
// from the moment on that code sees it.
#[derive(Debug, Default)]
pub(super) struct Private<'gc> {
    /// The objects met. Of one that is there twice, the last copy counts.
    objects: Vec<Value<'gc>>,
    /// Their copies, in the same order: in a place of their own, as what is met again is asked for the copy alone.
    copies: Vec<Value<'gc>>,
    /// Where an object is in `objects`, and its copy in `copies`.
    index: AddressTable,
    /// The objects whose copies are complete, in the order in which they were completed.
    kept: Vec<Value<'gc>>,
}

impl<'gc> Memo<'gc> {
    pub(super) fn private() -> Self {
        Self::Private(Private::default())
    }

    pub(super) fn shown(memo: Value<'gc>) -> Self {
        Self::Shown(memo)
    }

    /// Returns whether no code has seen the memo, so that asking it runs none.
    #[inline]
    pub(super) fn is_private(&self) -> bool {
        matches!(self, Self::Private(_))
    }

    /// Returns whether an object that is its own copy is remembered: quicker met again, or by 2.7's rule.
    pub(super) fn remembers_unchanged(&self, ctx: Context<'gc>) -> bool {
        self.is_private() || ctx.dialect() == Dialect::Python2
    }

    /// Returns the copy of an object, if there is one.
    #[inline]
    pub(super) fn get(
        &self,
        ctx: Context<'gc>,
        object: Value<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        match self {
            Self::Private(private) => Ok(private.get(object)),
            Self::Shown(Value::Dict(dict)) => dict.get(ctx, object.id(ctx)),
            Self::Shown(memo) => get_foreign(ctx, *memo, object),
        }
    }

    /// Remembers the copy of an object.
    #[inline]
    pub(super) fn insert(
        &mut self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        copy: Value<'gc>,
    ) -> Result<'gc, ()> {
        match self {
            Self::Private(private) => private.insert(object, copy),
            Self::Shown(Value::Dict(dict)) => dict.insert(ctx, object.id(ctx), copy),
            Self::Shown(memo) => memo.set_item(ctx, object.id(ctx), copy),
        }
    }

    /// Notes that the copy of an object is complete: remembers it once more, and keeps the object alive, since its
    /// `id` stands for it.
    ///
    /// Python 3 notes only copies that are not the object itself.
    #[inline]
    pub(super) fn finish(
        &mut self,
        ctx: Context<'gc>,
        object: Value<'gc>,
        copy: Value<'gc>,
    ) -> Result<'gc, ()> {
        if ctx.dialect() == Dialect::Python3 && object.is(copy) {
            return Ok(());
        }
        if let Self::Private(private) = self {
            private.kept.push(object);
            return Ok(());
        }
        self.insert(ctx, object, copy)?;
        self.keep_alive(ctx, object)
    }

    /// Appends an object to the list under the memo's own `id`.
    fn keep_alive(&self, ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
        let Self::Shown(memo) = *self else { return Ok(()) };
        let kept = match memo {
            Value::Dict(dict) => dict.get(ctx, memo.id(ctx))?,
            _ => match memo.get_item(ctx, memo.id(ctx)) {
                Err(error) if error.is(ctx, &exc::KEY_ERROR) => None,
                found => Some(found?),
            },
        };
        match kept {
            Some(Value::List(kept)) => kept.push(ctx, object),
            Some(kept) => drop(kept.call_method(ctx, "append", (object,))?),
            None => {
                let kept = Value::from(List::from_vec(ctx, vec![object]));
                memo.set_item(ctx, memo.id(ctx), kept)?;
            }
        }
        Ok(())
    }

    /// Returns the memo as Python's dict, which is from now on the memo.
    pub(super) fn show(&mut self, ctx: Context<'gc>) -> Result<'gc, Value<'gc>> {
        let memo = match self {
            Self::Shown(memo) => return Ok(*memo),
            Self::Private(private) => std::mem::take(private).into_dict(ctx)?,
        };
        *self = Self::Shown(memo.into());
        Ok(memo.into())
    }
}

/// Up to this many objects are searched one by one: most copies are small, and a table would cost more than they do.
const FEW: usize = 8;

impl<'gc> Private<'gc> {
    /// Returns the copy of an object, if there is one.
    #[inline]
    pub(super) fn get(&self, object: Value<'gc>) -> Option<Value<'gc>> {
        let at = self.position(object.addr()?)?;
        self.copies.get(at).copied()
    }

    #[inline]
    fn position(&self, address: usize) -> Option<usize> {
        if self.objects.len() <= FEW {
            return self.objects.iter().rposition(|known| known.addr() == Some(address));
        }
        self.index.get(address).map(|at| at as usize)
    }

    #[inline]
    fn insert(&mut self, object: Value<'gc>, copy: Value<'gc>) -> Result<'gc, ()> {
        let Some(address) = object.addr() else { return Ok(()) };
        self.objects.push(object);
        self.copies.push(copy);
        match self.objects.len() - 1 {
            at if at > FEW => self.note(address, at),
            FEW => self.note_all(),
            _ => Ok(()),
        }
    }

    #[inline]
    fn note(&mut self, address: usize, at: usize) -> Result<'gc, ()> {
        let Ok(at) = u32::try_from(at) else {
            return Err(Error::new(&exc::MEMORY_ERROR, "more than 4294967296 objects to copy"));
        };
        self.index.insert(address, at);
        Ok(())
    }

    #[cold]
    fn note_all(&mut self) -> Result<'gc, ()> {
        let addresses: Vec<_> = self.objects.iter().map(|object| object.addr()).collect();
        for (at, address) in addresses.into_iter().enumerate() {
            self.note(address.unwrap_or_default(), at)?;
        }
        Ok(())
    }

    fn into_dict(self, ctx: Context<'gc>) -> Result<'gc, Dict<'gc>> {
        let memo = Dict::new(ctx);
        memo.reserve(ctx, self.objects.len() + 1);
        for (object, copy) in self.objects.into_iter().zip(self.copies) {
            if ctx.dialect() == Dialect::Python2 || !object.is(copy) {
                memo.insert(ctx, object.id(ctx), copy)?;
            }
        }
        if !self.kept.is_empty() {
            let kept = Value::from(List::from_vec(ctx, self.kept));
            memo.insert(ctx, Value::from(memo).id(ctx), kept)?;
        }
        Ok(memo)
    }
}

/// `memo.get(id(object), _nil)`, of a memo that is not exactly a dict.
fn get_foreign<'gc>(
    ctx: Context<'gc>,
    memo: Value<'gc>,
    object: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    // Nobody else can have this list.
    let missing = Value::from(List::new(ctx));
    let found = memo.call_method(ctx, "get", (object.id(ctx), missing))?;
    Ok(if found.is(missing) { None } else { Some(found) })
}
