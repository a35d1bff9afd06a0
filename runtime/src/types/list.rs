//! [`List`].

use std::cell::Ref;

use gc_arena::{Gc, RefLock};

use super::weight::charge;
use crate::context::Context;
use crate::handle::handle;
use crate::value::Value;

handle! {
    /// A `list`.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{List, Runtime, Value};
    ///
    /// Runtime::python2().enter(|ctx| {
    ///     let list = List::new(ctx);
    ///     list.push(ctx, Value::Int(1));
    ///     list.push(ctx, list.into());
    ///     assert!(list.get(1).unwrap().is(list.into()));
    /// });
    /// ```
    List(RefLock<Vec<Value<'gc>>>), "list"
}

impl<'gc> List<'gc> {
    /// Returns an empty list.
    #[must_use]
    pub fn new(ctx: Context<'gc>) -> Self {
        Self::from_vec(ctx, Vec::new())
    }

    /// Returns a list that takes over `items`.
    #[must_use]
    pub fn from_vec(ctx: Context<'gc>, items: Vec<Value<'gc>>) -> Self {
        charge(ctx.mc, items.capacity() * size_of::<Value<'gc>>());
        Self(Gc::new(ctx.mc, RefLock::new(items)))
    }

    /// Returns the number of items.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.0.borrow().len()
    }

    /// Returns whether there are no items.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the item at `index` from the front, or `None` behind the end.
    #[must_use]
    #[inline]
    pub fn get(self, index: usize) -> Option<Value<'gc>> {
        self.0.borrow().get(index).copied()
    }

    /// Replaces the item at `index`; returns whether there was one.
    pub fn set(self, ctx: Context<'gc>, index: usize, item: Value<'gc>) -> bool {
        match self.0.borrow_mut(ctx.mc).get_mut(index) {
            Some(place) => {
                *place = item;
                true
            }
            None => false,
        }
    }

    /// Appends an item (Python's `append`).
    #[inline]
    pub fn push(self, ctx: Context<'gc>, item: Value<'gc>) {
        let mut items = self.0.borrow_mut(ctx.mc);
        if items.len() == items.capacity() {
            charge(ctx.mc, size_of_val(items.as_slice()));
        }
        items.push(item);
    }

    /// Appends items (Python's `extend`).
    #[inline]
    pub fn extend(self, ctx: Context<'gc>, items: &[Value<'gc>]) {
        charge(ctx.mc, size_of_val(items));
        self.0.borrow_mut(ctx.mc).extend_from_slice(items);
    }

    /// Returns a copy of the items, safe to walk while code runs that may change the list.
    #[must_use]
    pub fn to_vec(self) -> Vec<Value<'gc>> {
        self.0.borrow().clone()
    }

    /// Runs `change` on the items themselves.
    ///
    /// `change` must not touch the runtime: it gets no context for that reason.
    pub fn update<T>(self, ctx: Context<'gc>, change: impl FnOnce(&mut Vec<Value<'gc>>) -> T) -> T {
        change(&mut self.0.borrow_mut(ctx.mc))
    }

    /// Borrows the items. While the borrow lives, nothing may change this list: no code may run.
    #[inline]
    pub fn borrow(self) -> Ref<'gc, [Value<'gc>]> {
        Ref::map(self.0.borrow(), |items| items.as_slice())
    }
}
