//! [`Tuple`].

use gc_arena::{Collect, Gc};
use smallvec::SmallVec;

use super::weight::charge;
use crate::context::Context;
use crate::handle::handle;
use crate::value::Value;

handle! {
    /// A `tuple`.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Runtime, Tuple, Value};
    ///
    /// Runtime::python2().enter(|ctx| {
    ///     let pair = Tuple::new(ctx, &[Value::Int(1), Value::None]);
    ///     assert_eq!(pair.as_slice().len(), 2);
    ///     assert!(Tuple::new(ctx, &[]).is(Tuple::new(ctx, &[])));
    /// });
    /// ```
    Tuple(TupleInner<'gc>), "tuple"
}

/// Pairs and triples, the tuples of dict items and of reduce values, share one allocation with their header.
type Items<'gc> = SmallVec<[Value<'gc>; 3]>;

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct TupleInner<'gc>(Items<'gc>);

impl<'gc> Tuple<'gc> {
    /// Returns a tuple of `items`; the empty one is always the same object.
    #[must_use]
    pub fn new(ctx: Context<'gc>, items: &[Value<'gc>]) -> Self {
        if items.is_empty() {
            return ctx.state.empty_tuple;
        }
        charge(ctx.mc, size_of_val(items));
        Self(Gc::new(ctx.mc, TupleInner(SmallVec::from_slice(items))))
    }

    /// Returns a tuple that takes over `items`; the empty one is always the same object.
    #[must_use]
    pub fn from_vec(ctx: Context<'gc>, items: Vec<Value<'gc>>) -> Self {
        if items.len() <= 3 {
            return Self::new(ctx, &items);
        }
        charge(ctx.mc, size_of_val(items.as_slice()));
        Self(Gc::new(ctx.mc, TupleInner(SmallVec::from_vec(items))))
    }

    pub(crate) fn allocate_empty(mc: &gc_arena::Mutation<'gc>) -> Self {
        Self::allocate(mc, &[])
    }

    pub(crate) fn allocate(mc: &gc_arena::Mutation<'gc>, items: &[Value<'gc>]) -> Self {
        Self(Gc::new(mc, TupleInner(SmallVec::from_slice(items))))
    }

    /// Returns the items.
    #[must_use]
    #[inline]
    pub fn as_slice(self) -> &'gc [Value<'gc>] {
        &self.0.as_ref().0
    }

    /// Returns the number of items.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.as_slice().len()
    }

    /// Returns whether there are no items.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.as_slice().is_empty()
    }
}
