//! What a load has cost so far, and whether that is within its limits.
//!
//! The collector counts objects, not bytes, so a load counts for itself what it makes the heap hold: by the size of each
//! kind of object, rounded up as an allocator does. Nothing it makes is freed before it ends, except what is on its stack,
//! which is measured instead of counted.

use std::cell::Cell;

use halfsour_runtime::{Error, Result, Value, exc};

use super::Machine;
use crate::limits::exceeded;

/// What is spent, and when that is to be looked at.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The bytes of the objects made so far.
    charged: Cell<u64>,
    /// No more may be charged before the limit is looked at again.
    checkpoint: Cell<u64>,
    calls: Cell<u64>,
    /// How many bytes had been read before the opcode that is being obeyed.
    read: Cell<u64>,
    /// What the tables held before the load began.
    before: Cell<u64>,
}

/// How many opcodes are obeyed before limits are looked at again, at most.
pub(super) const OPCODES_BETWEEN: u64 = 4096;

/// The sizes of objects without their contents.
pub(super) const STRING: usize = 64;
pub(super) const LONG: usize = 80;
pub(super) const TUPLE: usize = 80;
pub(super) const LIST: usize = 64;
pub(super) const DICT: usize = 112;
pub(super) const INSTANCE: usize = 80;
pub(super) const CLASS: usize = 4096;
pub(super) const OPAQUE: usize = 304;
/// What a call costs in any case.
pub(super) const CALL: usize = 192;

/// The size of an item of a list that grows.
pub(super) const ITEM: usize = 24;

/// The size of the entries of a dict that had some before, or had not.
#[inline]
pub(super) const fn entries(count: usize, had_some: bool) -> usize {
    48 * if count < 4 && !had_some { 4 } else { count }
}

impl Account {
    /// Counts what an object takes, which is looked at before the next opcode.
    #[inline]
    pub(super) fn charge(&self, bytes: usize) {
        self.charged.set(self.charged.get().saturating_add(bytes as u64));
    }

    /// Whether it is time to look at the limits.
    #[inline]
    pub(super) fn is_due(&self) -> bool {
        self.charged.get() > self.checkpoint.get()
    }

    #[inline]
    pub(super) fn at(&self, read: u64) {
        self.read.set(read);
    }
}

impl<'gc> Machine<'_, 'gc> {
    /// Begins to count.
    pub(super) fn open_account(&mut self) {
        self.account = Account::default();
        self.account.before.set(self.tables());
    }

    /// Lets a load around this one pay for it.
    ///
    /// # Errors
    /// What came of the load; MemoryError if that was more than what is left to the other.
    pub(super) fn close_account(&self, loaded: Result<'gc>) -> Result<'gc> {
        let paid = self.ctx.take_allowance(self.held());
        loaded.and_then(|object| paid.map(|()| object))
    }

    /// How many bytes the tables of the load take.
    fn tables(&self) -> u64 {
        let guard = self.guard.as_ref().map_or(0, |guard| guard.size());
        (self.stack.size() + self.memo.size() + guard) as u64
    }

    /// How many bytes the load holds.
    fn held(&self) -> u64 {
        let tables = self.tables().saturating_sub(self.account.before.get());
        self.account.charged.get().saturating_add(tables)
    }

    /// Compares what is held with what may be after so many bytes of the stream.
    ///
    /// # Errors
    /// MemoryError.
    #[cold]
    pub(super) fn check_memory(&self, read: u64) -> Result<'gc, ()> {
        let (held, most) = (self.held(), self.limits.memory_at(read));
        let Some(left) = most.checked_sub(held) else { return Err(self.too_much_memory(most)) };
        // The tables grow as well, though not faster than what may be held.
        let step = (left / 2).max(left.min(4096));
        self.account.checkpoint.set(self.account.charged.get().saturating_add(step));
        Ok(())
    }

    #[cold]
    fn too_much_memory(&self, most: u64) -> Error<'gc> {
        Error::new(&exc::MEMORY_ERROR, exceeded(most, "bytes of memory", "memory"))
    }

    #[cold]
    pub(super) fn too_many_opcodes(&self) -> Error<'gc> {
        self.unpickling_error(exceeded(self.limits.opcodes, "opcodes", "opcodes"))
    }

    /// Lets code run that the stream has called for, within what is left of the limits. It may keep copies of arguments: a class
    /// that is called counts them once more, as a set takes twice what the list has that it is made of.
    ///
    /// # Errors
    /// What the code raises; UnpicklingError after too many calls, MemoryError when it would take too much memory.
    pub(super) fn call<T>(
        &self,
        args: &[Value<'gc>],
        run: impl FnOnce() -> Result<'gc, T>,
    ) -> Result<'gc, T> {
        let calls = self.account.calls.get() + 1;
        self.account.calls.set(calls);
        if calls > self.limits.calls {
            return Err(self.unpickling_error(exceeded(self.limits.calls, "calls", "calls")));
        }
        let most = self.limits.memory_at(self.account.read.get());
        let left = most.saturating_sub(self.held());
        let (result, taken) = self.ctx.within_allowance(left, || {
            self.ctx.take_allowance_for_call(args)?;
            run()
        });
        self.account.charge(usize::try_from(taken).unwrap_or(usize::MAX));
        match result {
            Err(error) if taken >= left && error.is(self.ctx, &exc::MEMORY_ERROR) => {
                Err(self.too_much_memory(most))
            }
            result => result,
        }
    }
}
