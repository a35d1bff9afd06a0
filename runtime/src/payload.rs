//! [`Traced`]: how other crates put their own objects into the heap.

use std::any::Any;
use std::cell::{Ref, RefCell, RefMut};

use gc_arena::{Collect, Gc, RefLock, barrier::unlock};
use smallvec::SmallVec;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// The content of a native object: Python values, which are traced, and Rust data, which is not.
///
/// It is how a crate that does not know the collector keeps values inside an object: a Pickler keeps the objects of
/// its memo as values and the numbers of the memo as data, and is freed even if its memo holds the Pickler.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Runtime, Traced, Value};
///
/// Runtime::python2().try_enter(|ctx| {
///     let visits = Traced::new(ctx, 0_u32);
///     visits.push(ctx, Value::Int(7));
///     *visits.data_mut::<u32>()? += 1;
///     assert_eq!(*visits.data::<u32>()?, 1);
///     assert!(visits.get(0).is_some_and(|value| value.is(Value::Int(7))));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub struct Traced<'gc>(Gc<'gc, TracedInner<'gc>>);

#[derive(Collect)]
#[collect(no_drop)]
struct TracedInner<'gc> {
    values: RefLock<Values<'gc>>,
    #[collect(require_static)]
    data: RefCell<Box<dyn Any>>,
}

/// One value, as most content has that has any, takes no room of its own.
type Values<'gc> = SmallVec<[Value<'gc>; 1]>;

impl<'gc> Traced<'gc> {
    /// Returns content without values.
    #[must_use]
    pub fn new(ctx: Context<'gc>, data: impl Any) -> Self {
        Self::with_values(ctx, data, &[])
    }

    /// Returns content with values.
    #[must_use]
    pub fn with_values(ctx: Context<'gc>, data: impl Any, values: &[Value<'gc>]) -> Self {
        let values = RefLock::new(SmallVec::from_slice(values));
        let data = RefCell::new(Box::new(data) as _);
        Self(Gc::new(ctx.mc, TracedInner { values, data }))
    }

    /// Returns the number of values.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.values.borrow().len()
    }

    /// Returns whether there are no values.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns a value.
    #[must_use]
    pub fn get(self, index: usize) -> Option<Value<'gc>> {
        self.0.values.borrow().get(index).copied()
    }

    /// Replaces a value; returns whether there was one.
    pub fn set(self, ctx: Context<'gc>, index: usize, value: Value<'gc>) -> bool {
        match self.values_mut(ctx).get_mut(index) {
            Some(place) => {
                *place = value;
                true
            }
            None => false,
        }
    }

    /// Appends a value.
    pub fn push(self, ctx: Context<'gc>, value: Value<'gc>) {
        self.values_mut(ctx).push(value);
    }

    /// Takes all values out, to work on them without a borrow; [`restore`](Self::restore) puts them back.
    #[must_use]
    pub fn take(self, ctx: Context<'gc>) -> Vec<Value<'gc>> {
        std::mem::take(&mut *self.values_mut(ctx)).into_vec()
    }

    /// Replaces all values.
    pub fn restore(self, ctx: Context<'gc>, values: Vec<Value<'gc>>) {
        *self.values_mut(ctx) = SmallVec::from_vec(values);
    }

    fn values_mut(self, ctx: Context<'gc>) -> RefMut<'gc, Values<'gc>> {
        unlock!(Gc::write(ctx.mc, self.0), TracedInner, values).borrow_mut()
    }

    /// Returns whether the Rust data is a `T`.
    #[must_use]
    pub fn holds<T: Any>(self) -> bool {
        self.0.data.try_borrow().is_ok_and(|data| data.is::<T>())
    }

    /// Borrows the Rust data. No code may run while the borrow lives.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is no `T`; `RuntimeError` if it is in use.
    pub fn data<T: Any>(self) -> Result<'gc, Ref<'gc, T>> {
        let data = self.0.as_ref().data.try_borrow().map_err(|_| in_use())?;
        Ref::filter_map(data, |data| data.downcast_ref()).map_err(|_| wrong_type())
    }

    /// Borrows the Rust data to change it. No code may run while the borrow lives.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is no `T`; `RuntimeError` if it is in use.
    pub fn data_mut<T: Any>(self) -> Result<'gc, RefMut<'gc, T>> {
        let data = self.0.as_ref().data.try_borrow_mut().map_err(|_| in_use())?;
        RefMut::filter_map(data, |data| data.downcast_mut()).map_err(|_| wrong_type())
    }

    /// Replaces the Rust data, by data of any type.
    ///
    /// # Errors
    ///
    /// `RuntimeError` if it is in use.
    pub fn replace(self, data: impl Any) -> Result<'gc, ()> {
        let mut own = self.0.as_ref().data.try_borrow_mut().map_err(|_| in_use())?;
        // The old data may run code of its own when it is dropped, which must not find the borrow.
        let old = std::mem::replace(&mut *own, Box::new(data));
        drop(own);
        drop(old);
        Ok(())
    }

    /// Returns whether both are the same content.
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        Gc::ptr_eq(self.0, other.0)
    }
}

#[cold]
fn in_use<'gc>() -> Error<'gc> {
    Error::new(&exc::RUNTIME_ERROR, "the object is in use further up the call stack")
}

#[cold]
fn wrong_type<'gc>() -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, "the object holds Rust data of another type")
}

impl std::fmt::Debug for Traced<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Traced({:#x})", Gc::as_ptr(self.0).addr())
    }
}
