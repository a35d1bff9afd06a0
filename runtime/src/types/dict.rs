//! [`Dict`].

use gc_arena::{Gc, RefLock};

use super::Table;
use super::weight::charge;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::handle::handle;
use crate::name::Name;
use crate::ops::lookup;
use crate::value::Value;

handle! {
    /// A `dict`, in insertion order.
    ///
    /// Keys follow Python's equality: `1`, `1L`, `1.0` and `True` are one key, and in Python 2 so are `'a'` and
    /// `u'a'`. Looking up a key may run a class's `__hash__` and `__eq__`, which may change this very dict.
    // DIFFERENCE: CPython 2.7 keeps dicts in hash order.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Dict, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let dict = Dict::new(ctx);
    ///     dict.insert(ctx, Value::Int(1), Value::None)?;
    ///     assert!(dict.get(ctx, Value::Float(1.0))?.is_some());
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    Dict(RefLock<Table<'gc, Value<'gc>>>), "dict"
}

impl<'gc> Dict<'gc> {
    /// Returns an empty dict.
    #[must_use]
    pub fn new(ctx: Context<'gc>) -> Self {
        Self::allocate(ctx.mc)
    }

    pub(crate) fn allocate(mc: &gc_arena::Mutation<'gc>) -> Self {
        Self(Gc::new(mc, RefLock::new(Table::default())))
    }

    /// Returns the number of keys.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.0.borrow().len()
    }

    /// Returns whether there are no keys.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns a number that changes whenever a key comes or goes: what was looked up stays absent while it stays the
    /// same.
    #[must_use]
    pub fn version(self) -> u64 {
        self.0.borrow().version()
    }

    /// Makes room for keys about to be inserted.
    pub fn reserve(self, ctx: Context<'gc>, additional: usize) {
        charge(ctx.mc, additional * size_of::<(u64, Value<'gc>, Value<'gc>)>());
        self.0.borrow_mut(ctx.mc).reserve(additional);
    }

    /// Puts the entries of a dict whose keys are names into this one, under the interned strings of the same texts;
    /// runs no code. Returns `false`, and puts nothing in, if a key is no name, or if this dict is not empty.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the dict is full.
    pub fn fill_with_names(self, ctx: Context<'gc>, names: Self) -> Result<'gc, bool> {
        let is_name = |key: Value<'gc>| match key {
            Value::Bytes(_) => ctx.dialect() == Dialect::Python2,
            Value::Unicode(_) => ctx.dialect() == Dialect::Python3,
            _ => false,
        };
        if self.is(names) || !self.is_empty() {
            return Ok(false);
        }
        let source = names.0.borrow();
        if !source.iter().all(|(key, _)| is_name(key)) {
            return Ok(false);
        }
        let mut table = self.0.borrow_mut(ctx.mc);
        table.reserve(source.len());
        for (hash, key, value) in source.iter_hashed() {
            // Texts that differ stay different, and an equal text has an equal hash.
            table.push(hash, ctx.state.intern_object(ctx.mc, key).value(), value).map_err(full)?;
        }
        Ok(true)
    }

    /// Returns the value of `key`, if it is there.
    ///
    /// # Errors
    ///
    /// `TypeError` if `key` is unhashable; whatever its `__hash__` or an `__eq__` raises.
    pub fn get(self, ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let hash = lookup::key_hash(ctx, key)?;
        let found = lookup::find(ctx, self.0, hash, key)?;
        Ok(found.and_then(|at| self.0.borrow().value_at(at)))
    }

    /// Sets `key` to `value`; a key that is there keeps its place and its first key object.
    ///
    /// # Errors
    ///
    /// `TypeError` if `key` is unhashable; whatever its `__hash__` or an `__eq__` raises.
    pub fn insert(self, ctx: Context<'gc>, key: Value<'gc>, value: Value<'gc>) -> Result<'gc, ()> {
        // Most keys are strings, whose look-up runs no code that could see the dict.
        let entry = std::iter::once((key, value));
        if lookup::insert_plain(ctx, &mut self.0.borrow_mut(ctx.mc), entry)? == 1 {
            return Ok(());
        }
        let hash = lookup::key_hash(ctx, key)?;
        match lookup::find(ctx, self.0, hash, key)? {
            Some(at) => self.0.borrow_mut(ctx.mc).set_value_at(at, value),
            None => self.0.borrow_mut(ctx.mc).push(hash, key, value).map_err(full)?,
        }
        Ok(())
    }

    /// Removes `key` and returns its value, if it was there.
    ///
    /// # Errors
    ///
    /// `TypeError` if `key` is unhashable; whatever its `__hash__` or an `__eq__` raises.
    pub fn remove(self, ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let hash = lookup::key_hash(ctx, key)?;
        let Some(at) = lookup::find(ctx, self.0, hash, key)? else {
            return Ok(None);
        };
        Ok(self.0.borrow_mut(ctx.mc).remove_at(at).map(|(_, value)| value))
    }

    /// Returns whether `key` is there.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn contains(self, ctx: Context<'gc>, key: Value<'gc>) -> Result<'gc, bool> {
        Ok(self.get(ctx, key)?.is_some())
    }

    /// Removes and returns the entry that was inserted last (Python's `popitem`).
    pub fn pop_entry(self, ctx: Context<'gc>) -> Option<(Value<'gc>, Value<'gc>)> {
        self.0.borrow_mut(ctx.mc).pop()
    }

    /// Removes every key.
    pub fn clear(self, ctx: Context<'gc>) {
        self.0.borrow_mut(ctx.mc).clear();
    }

    /// Returns the value of a string key; runs no code.
    #[must_use]
    pub fn get_name(self, ctx: Context<'gc>, name: Name<'gc>) -> Option<Value<'gc>> {
        let at = lookup::find_name(ctx, self.0, name)?;
        self.0.borrow().value_at(at)
    }

    /// Inserts pairs of keys and values, one after the other, as [`insert`](Self::insert) does.
    ///
    /// # Errors
    ///
    /// As `insert`; the pairs before the one at fault are there then.
    pub fn extend(self, ctx: Context<'gc>, pairs: &[[Value<'gc>; 2]]) -> Result<'gc, ()> {
        self.reserve(ctx, pairs.len());
        // Most keys are strings, whose look-up runs no code that could see the dict.
        let entries = pairs.iter().map(|&[key, value]| (key, value));
        let done = lookup::insert_plain(ctx, &mut self.0.borrow_mut(ctx.mc), entries)?;
        for &[key, value] in pairs.get(done..).unwrap_or_default() {
            self.insert(ctx, key, value)?;
        }
        Ok(())
    }

    /// Sets a string key; runs no code.
    ///
    /// # Errors
    ///
    /// `MemoryError` if the dict is full, at 2**32 entries.
    pub fn insert_name(
        self,
        ctx: Context<'gc>,
        name: Name<'gc>,
        value: Value<'gc>,
    ) -> Result<'gc, ()> {
        match lookup::find_name(ctx, self.0, name) {
            Some(at) => self.0.borrow_mut(ctx.mc).set_value_at(at, value),
            None => {
                let hash = lookup::name_hash(ctx, name);
                self.0.borrow_mut(ctx.mc).push(hash, name.value(), value).map_err(full)?;
            }
        }
        Ok(())
    }

    /// Removes a string key and returns its value, if it was there; runs no code.
    pub fn remove_name(self, ctx: Context<'gc>, name: Name<'gc>) -> Option<Value<'gc>> {
        let at = lookup::find_name(ctx, self.0, name)?;
        self.0.borrow_mut(ctx.mc).remove_at(at).map(|(_, value)| value)
    }

    /// Returns a copy of the keys and values, safe to walk while code runs that may change the dict.
    #[must_use]
    pub fn entries(self) -> Vec<(Value<'gc>, Value<'gc>)> {
        self.0.borrow().iter().collect()
    }

    /// Returns the entry at or behind `position`, and moves `position` behind it.
    ///
    /// A walk starts at 0. Keys that come or go meanwhile may be met or missed, as they please; Python raises
    /// `RuntimeError` for that, by comparing lengths.
    #[must_use]
    #[inline]
    pub fn next_entry(self, position: &mut usize) -> Option<(Value<'gc>, Value<'gc>)> {
        self.0.borrow().next_entry(position)
    }

    /// The number of entries at or behind a position of [`next_entry`](Self::next_entry).
    pub(crate) fn entries_behind(self, position: usize) -> usize {
        self.0.borrow().count_behind(position)
    }

    /// Returns a new dict with the same entries (Python's `copy`); runs no code.
    #[must_use]
    pub fn shallow_copy(self, ctx: Context<'gc>) -> Self {
        charge(ctx.mc, self.len() * size_of::<(u64, Value<'gc>, Value<'gc>)>());
        let copy = self.0.borrow().shallow_copy();
        Self(Gc::new(ctx.mc, RefLock::new(copy)))
    }
}

pub(crate) fn full<'gc>(_: super::table::TableFull) -> Error<'gc> {
    Error::new(&exc::MEMORY_ERROR, "a dict or set holds at most 4294967296 entries")
}
