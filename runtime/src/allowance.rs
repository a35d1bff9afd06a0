//! How much memory code may take: a bound on what a call makes of next to nothing, such as `bytearray(10 ** 12)`.
//!
//! It counts what grows without its material being there already: the items of ranges, of texts and of iterators that call,
//! repetitions, buffers of a given size, texts of `repr`, what codecs make; and what classes may copy that are called with
//! large arguments. Work that grows faster than the text of a number counts as well.

use std::cell::Cell;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// What an item costs that an iterator makes, in a list that grows: there are two of it for a moment.
pub(crate) const ITEM: u64 = 48;

/// What an entry of a dict costs that is given as a pair.
pub(crate) const ENTRY: u64 = 128;

/// What an item costs that is an object of its own, such as a character of a text.
pub(crate) const OBJECT: u64 = 128;

impl<'gc> Context<'gc> {
    /// Runs code that may take so many bytes, or fewer if less is left of an allowance around it; returns how many it took.
    ///
    /// Code that asks for more gets a MemoryError, and counts as having taken all. Without an allowance, anything may be
    /// taken.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Runtime, exc};
    ///
    /// Runtime::python2().try_enter(|ctx| {
    ///     let bytearray = ctx.import_from("__builtin__", "bytearray")?;
    ///     let (made, taken) = ctx.within_allowance(1 << 20, || bytearray.call(ctx, (1000,)));
    ///     assert!(made.is_ok() && taken >= 1000);
    ///     let (refused, _) = ctx.within_allowance(1 << 20, || bytearray.call(ctx, (1_i64 << 40,)));
    ///     assert!(refused.unwrap_err().is(ctx, &exc::MEMORY_ERROR));
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn within_allowance<T>(self, bytes: u64, run: impl FnOnce() -> T) -> (T, u64) {
        let (left, outer) = (&self.state.allowance, self.state.allowance.get());
        let given = bytes.min(outer);
        left.set(given);
        let restored = Restored { left, outer, given };
        let result = run();
        let taken = restored.taken();
        drop(restored);
        (result, taken)
    }

    /// Takes from the allowance what a call may make that keeps copies of its arguments, as those of built-in classes do.
    ///
    /// # Errors
    ///
    /// As [`take_allowance`](Self::take_allowance).
    #[inline]
    pub fn take_allowance_for_call(self, args: &[Value<'gc>]) -> Result<'gc, ()> {
        if self.state.allowance.get() == u64::MAX {
            return Ok(());
        }
        self.take_allowance(args.iter().map(|&arg| copy_of(arg)).fold(CALL, u64::saturating_add))
    }

    /// Takes from the allowance what is about to be made.
    ///
    /// # Errors
    ///
    /// `MemoryError` if that is more than is left.
    #[inline]
    pub fn take_allowance(self, bytes: u64) -> Result<'gc, ()> {
        let left = &self.state.allowance;
        match left.get().checked_sub(bytes) {
            // Without an allowance nothing is counted.
            _ if left.get() == u64::MAX => Ok(()),
            Some(rest) => {
                left.set(rest);
                Ok(())
            }
            None => {
                left.set(0);
                Err(refused())
            }
        }
    }
}

/// What a call takes that makes a small object.
const CALL: u64 = 192;

/// What a copy of the content of an object takes.
fn copy_of(object: Value<'_>) -> u64 {
    let (items, size) = match object.content() {
        Value::Bytes(it) => (it.len(), 1),
        Value::Unicode(it) => (it.as_generalised_utf8().len(), 1),
        Value::ByteArray(it) => (it.len(), 1),
        Value::Tuple(it) => (it.len(), 24),
        Value::List(it) => (it.len(), 24),
        Value::Dict(it) => (it.len(), 52),
        Value::Set(it) => (it.len(), 36),
        Value::FrozenSet(it) => (it.len(), 36),
        _ => (0, 0),
    };
    items as u64 * size
}

/// Returns a list with room for items whose number a program chose.
///
/// # Errors
///
/// `MemoryError` if there is not so much memory, or not so much of it may be taken.
pub(crate) fn room<'gc, T>(ctx: Context<'gc>, count: usize) -> Result<'gc, Vec<T>> {
    ctx.take_allowance(count.saturating_mul(size_of::<T>()) as u64)?;
    let mut room = Vec::new();
    room.try_reserve_exact(count).map_err(|_| refused())?;
    Ok(room)
}

#[cold]
fn refused<'gc>() -> Error<'gc> {
    Error::bare(&exc::MEMORY_ERROR)
}

/// What puts the outer allowance back, less what was taken, even if the code panics.
struct Restored<'a> {
    left: &'a Cell<u64>,
    outer: u64,
    given: u64,
}

impl Restored<'_> {
    fn taken(&self) -> u64 {
        if self.given == u64::MAX { 0 } else { self.given.saturating_sub(self.left.get()) }
    }
}

impl Drop for Restored<'_> {
    fn drop(&mut self) {
        let rest =
            if self.outer == u64::MAX { u64::MAX } else { self.outer.saturating_sub(self.taken()) };
        self.left.set(rest);
    }
}
