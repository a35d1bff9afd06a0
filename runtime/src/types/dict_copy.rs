//! [`DictCopy`]: a dict that is being copied entry by entry, with other work in between.

use super::Dict;
use super::dict::full;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// A dict whose entries are being put into a new one, changed or unchanged, while any code may run in between.
///
/// A key that stays the same object is appended with the hash that it has, and no equal key is looked for: there is
/// none, as long as nobody else has written to the new dict. When somebody has, keys are inserted as usual.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Dict, DictCopy, Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     let numbers = Dict::new(ctx);
///     numbers.insert(ctx, ctx.str("one"), Value::Int(1))?;
///     numbers.insert(ctx, ctx.str("many"), Value::None)?;
///     let mut copy = DictCopy::new(ctx, numbers);
///     // Entries up to the first without a number.
///     while let Some((key, _)) = copy.append_while(ctx, |_, value| !value.is_none())? {
///         copy.insert(ctx, key, key, Value::Int(1000))?;
///     }
///     let many = copy.copy().get(ctx, ctx.str("many"))?;
///     assert!(many.is_some_and(|many| many.is(Value::Int(1000))));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DictCopy<'gc> {
    source: Dict<'gc>,
    copy: Dict<'gc>,
    position: usize,
    /// How many entries the source had at the start.
    length: usize,
    /// The version of the copy's table, if nobody else has written to it and each of its keys is one of the source's.
    untouched: Option<u64>,
}

impl<'gc> DictCopy<'gc> {
    /// Begins to copy a dict.
    #[must_use]
    pub fn new(ctx: Context<'gc>, source: Dict<'gc>) -> Self {
        let copy = Dict::new(ctx);
        copy.reserve(ctx, source.len());
        let untouched = Some(copy.0.borrow().version());
        Self { source, copy, position: 0, length: source.len(), untouched }
    }

    /// Returns the dict that is copied.
    #[must_use]
    pub fn source(self) -> Dict<'gc> {
        self.source
    }

    /// Returns the new dict, as far as it is filled.
    #[must_use]
    pub fn copy(self) -> Dict<'gc> {
        self.copy
    }

    /// Appends entries, unchanged, up to the first that `unchanged` refuses, and returns that; `None` at the end.
    ///
    /// It may return an entry that `unchanged` would not refuse. Whoever calls it inserts what is to become of the
    /// entry. `unchanged` must not touch the runtime.
    ///
    /// # Errors
    ///
    /// `RuntimeError` if the source has changed its size, as for an iterator over it.
    pub fn append_while(
        &mut self,
        ctx: Context<'gc>,
        mut unchanged: impl FnMut(Value<'gc>, Value<'gc>) -> bool,
    ) -> Result<'gc, Option<(Value<'gc>, Value<'gc>)>> {
        if self.source.len() != self.length {
            let message = "dictionary changed size during iteration";
            return Err(Error::new(&exc::RUNTIME_ERROR, message));
        }
        let source = self.source.0.borrow();
        let mut copy = self.copy.0.borrow_mut(ctx.mc);
        while let Some((hash, key, value)) = source.next_hashed(&mut self.position) {
            if self.untouched != Some(copy.version()) || !unchanged(key, value) {
                return Ok(Some((key, value)));
            }
            copy.push(hash, key, value).map_err(full)?;
            self.untouched = Some(copy.version());
        }
        Ok(None)
    }

    /// Inserts what became of the entry that [`append_while`](Self::append_while) returned last; `original` is its key
    /// in the source.
    ///
    /// # Errors
    ///
    /// `TypeError` if `key` is unhashable; whatever its `__hash__` or an `__eq__` raises; `MemoryError` if the dict is
    /// full.
    pub fn insert(
        &mut self,
        ctx: Context<'gc>,
        original: Value<'gc>,
        key: Value<'gc>,
        value: Value<'gc>,
    ) -> Result<'gc, ()> {
        let version = self.copy.0.borrow().version();
        if self.untouched == Some(version)
            && key.is(original)
            && let Some(hash) = self.source.0.borrow().hash_before(self.position, key)
        {
            let mut copy = self.copy.0.borrow_mut(ctx.mc);
            copy.push(hash, key, value).map_err(full)?;
            self.untouched = Some(copy.version());
            return Ok(());
        }
        // The new key may equal one of the source's that are still to come.
        self.untouched = None;
        self.copy.insert(ctx, key, value)
    }
}
