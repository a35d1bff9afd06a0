//! [`Set`] and [`FrozenSet`].

use gc_arena::{Gc, RefLock};

use super::Table;
use super::dict::full;
use crate::context::Context;
use crate::error::Result;
use crate::handle::handle;
use crate::ops::lookup;
use crate::value::Value;

handle! {
    /// A `set`, in insertion order.
    // DIFFERENCE: CPython keeps sets in hash order.
    Set(RefLock<Table<'gc, ()>>), "set"
}

handle! {
    /// A `frozenset`, in insertion order.
    // DIFFERENCE: CPython keeps sets in hash order.
    FrozenSet(RefLock<Table<'gc, ()>>), "frozenset"
}

macro_rules! set_reading {
    ($name:ident) => {
        impl<'gc> $name<'gc> {
            /// Returns an empty set.
            #[must_use]
            pub fn new(ctx: Context<'gc>) -> Self {
                Self(Gc::new(ctx.mc, RefLock::new(Table::default())))
            }

            /// Returns a set of `items`.
            ///
            /// # Errors
            ///
            /// `TypeError` if an item is unhashable; whatever a `__hash__` or `__eq__` raises.
            pub fn from_items(ctx: Context<'gc>, items: &[Value<'gc>]) -> Result<'gc, Self> {
                let set = Self::new(ctx);
                set.insert_all(ctx, items)?;
                Ok(set)
            }

            fn insert_all(self, ctx: Context<'gc>, items: &[Value<'gc>]) -> Result<'gc, ()> {
                self.0.borrow_mut(ctx.mc).reserve(items.len());
                let done = self.insert_plain(ctx, items)?;
                for &item in items.get(done..).unwrap_or_default() {
                    self.insert(ctx, item)?;
                }
                Ok(())
            }

            /// Adds items up to the first that may run code; returns how many.
            pub(crate) fn insert_plain(
                self,
                ctx: Context<'gc>,
                items: &[Value<'gc>],
            ) -> Result<'gc, usize> {
                let items = items.iter().map(|&item| (item, ()));
                lookup::insert_plain(ctx, &mut self.0.borrow_mut(ctx.mc), items)
            }

            fn insert(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
                let hash = lookup::key_hash(ctx, item)?;
                if lookup::find(ctx, self.0, hash, item)?.is_some() {
                    return Ok(false);
                }
                self.0.borrow_mut(ctx.mc).push(hash, item, ()).map_err(full)?;
                Ok(true)
            }

            /// Returns the number of items.
            #[must_use]
            pub fn len(self) -> usize {
                self.0.borrow().len()
            }

            /// Returns whether there are no items.
            #[must_use]
            pub fn is_empty(self) -> bool {
                self.len() == 0
            }

            /// Returns whether `item` is there.
            ///
            /// # Errors
            ///
            /// `TypeError` if `item` is unhashable; whatever its `__hash__` or an `__eq__` raises.
            pub fn contains(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
                let hash = lookup::key_hash(ctx, item)?;
                Ok(lookup::find(ctx, self.0, hash, item)?.is_some())
            }

            /// Returns a copy of the items, safe to walk while code runs that may change the set.
            #[must_use]
            pub fn to_vec(self) -> Vec<Value<'gc>> {
                self.0.borrow().iter().map(|(item, ())| item).collect()
            }

            /// The number of items at or behind a position of [`next_item`](Self::next_item).
            pub(crate) fn items_behind(self, position: usize) -> usize {
                self.0.borrow().count_behind(position)
            }

            /// Returns a new set of the same items (Python's `copy`); runs no code.
            #[must_use]
            pub fn shallow_copy(self, ctx: Context<'gc>) -> Self {
                let copy = self.0.borrow().shallow_copy();
                Self(Gc::new(ctx.mc, RefLock::new(copy)))
            }

            /// Returns the item at or behind `position`, and moves `position` behind it; a walk starts at 0.
            #[must_use]
            pub fn next_item(self, position: &mut usize) -> Option<Value<'gc>> {
                self.0.borrow().next_entry(position).map(|(item, ())| item)
            }
        }
    };
}

set_reading!(Set);
set_reading!(FrozenSet);

impl<'gc> Set<'gc> {
    /// Adds an item; returns whether it was new (Python's `add`).
    ///
    /// # Errors
    ///
    /// `TypeError` if `item` is unhashable; whatever its `__hash__` or an `__eq__` raises.
    pub fn add(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
        self.insert(ctx, item)
    }

    /// Adds items, one after the other, as [`add`](Self::add) does.
    ///
    /// # Errors
    ///
    /// As `add`; the items before the one at fault are there then.
    pub fn extend(self, ctx: Context<'gc>, items: &[Value<'gc>]) -> Result<'gc, ()> {
        self.insert_all(ctx, items)
    }

    /// Removes an item; returns whether it was there (Python's `discard`).
    ///
    /// # Errors
    ///
    /// `TypeError` if `item` is unhashable; whatever its `__hash__` or an `__eq__` raises.
    pub fn discard(self, ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
        let hash = lookup::key_hash(ctx, item)?;
        let Some(at) = lookup::find(ctx, self.0, hash, item)? else {
            return Ok(false);
        };
        Ok(self.0.borrow_mut(ctx.mc).remove_at(at).is_some())
    }

    /// Removes every item.
    pub fn clear(self, ctx: Context<'gc>) {
        self.0.borrow_mut(ctx.mc).clear();
    }

    /// Removes and returns an item, if there is one (Python's `pop`).
    pub fn pop_item(self, ctx: Context<'gc>) -> Option<Value<'gc>> {
        self.0.borrow_mut(ctx.mc).pop().map(|(item, ())| item)
    }

    /// Takes over the items of another set, which is left empty.
    pub(crate) fn replace(self, ctx: Context<'gc>, other: Self) {
        if self.is(other) {
            return;
        }
        let items = std::mem::take(&mut *other.0.borrow_mut(ctx.mc));
        self.0.borrow_mut(ctx.mc).replace(items);
    }
}

impl<'gc> FrozenSet<'gc> {
    pub(crate) fn allocate_empty(mc: &gc_arena::Mutation<'gc>) -> Self {
        Self(Gc::new(mc, RefLock::new(Table::default())))
    }
}
