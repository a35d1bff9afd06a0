//! [`Stashed`]: a handle that outlives `enter`.

use std::marker::PhantomData;

use gc_arena::{DynamicRoot, Gc, Rootable};

use crate::context::Context;
use crate::value::Value;

/// A value kept alive between two calls of [`Runtime::enter`](crate::Runtime::enter).
///
/// Made by [`Context::stash`], read by [`Context::fetch`]. It belongs to one runtime and one thread.
///
/// A `Stashed` must not be kept inside the heap (captured by a native function, or in a payload): what it refers to
/// would then never be freed if it refers back.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{List, Runtime, Stashed};
///
/// let mut runtime = Runtime::python2();
/// let list: Stashed<List<'static>> = runtime.enter(|ctx| ctx.stash(List::new(ctx)));
/// let length = runtime.enter(|ctx| ctx.fetch(&list).len());
/// assert_eq!(length, 0);
/// ```
pub struct Stashed<T> {
    root: DynamicRoot<Rootable![Value<'_>]>,
    kind: PhantomData<T>,
}

impl<T> Clone for Stashed<T> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone(), kind: PhantomData }
    }
}

impl<T> std::fmt::Debug for Stashed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stashed").field("kind", &std::any::type_name::<T>()).finish_non_exhaustive()
    }
}

/// Types that [`Context::stash`] takes: every handle, and [`Value`].
pub trait Stash<'gc>: Into<Value<'gc>> {
    /// The type that stands for it outside of `enter`.
    type Static: Fetch;
}

/// Types that name what a [`Stashed`] holds: every handle, and [`Value`], with the lifetime `'static`.
pub trait Fetch: 'static {
    /// The type inside of `enter`.
    type At<'gc>;

    /// Narrows a value; `None` if it is of another kind.
    fn project<'gc>(value: Value<'gc>) -> Option<Self::At<'gc>>;
}

impl<'gc> Stash<'gc> for Value<'gc> {
    type Static = Value<'static>;
}

impl Fetch for Value<'static> {
    type At<'gc> = Value<'gc>;

    fn project<'gc>(value: Value<'gc>) -> Option<Value<'gc>> {
        Some(value)
    }
}

impl<'gc> Context<'gc> {
    /// Keeps a value alive beyond this `enter`.
    pub fn stash<T: Stash<'gc>>(self, value: T) -> Stashed<T::Static> {
        let boxed = Gc::new(self.mc, value.into());
        let root = self.state.roots.stash::<Rootable![Value<'_>]>(self.mc, boxed);
        Stashed { root, kind: PhantomData }
    }

    /// Returns what was stashed.
    ///
    /// # Panics
    ///
    /// If the stash belongs to another runtime; see [`try_fetch`](Self::try_fetch).
    #[must_use]
    pub fn fetch<T: Fetch>(self, stashed: &Stashed<T>) -> T::At<'gc> {
        self.try_fetch(stashed).expect("a stash is fetched in the runtime that made it")
    }

    /// Returns what was stashed, or `None` if the stash belongs to another runtime.
    #[must_use]
    pub fn try_fetch<T: Fetch>(self, stashed: &Stashed<T>) -> Option<T::At<'gc>> {
        let value = self.state.roots.try_fetch(&stashed.root).ok()?;
        T::project(*value)
    }
}
