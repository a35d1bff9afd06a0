//! [`ByteArray`].

use std::cell::RefCell;

use gc_arena::{Collect, Gc};

use crate::context::Context;
use crate::handle::handle;

handle! {
    /// A `bytearray`.
    ByteArray(ByteArrayInner), "bytearray"
}

#[derive(Collect)]
#[collect(require_static)]
pub(crate) struct ByteArrayInner(RefCell<Vec<u8>>);

impl<'gc> ByteArray<'gc> {
    /// Returns a bytearray that takes over `data`.
    #[must_use]
    pub fn from_vec(ctx: Context<'gc>, data: Vec<u8>) -> Self {
        Self(Gc::new(ctx.mc, ByteArrayInner(RefCell::new(data))))
    }

    /// Returns a copy of the bytes.
    #[must_use]
    pub fn to_vec(self) -> Vec<u8> {
        self.0.0.borrow().clone()
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.0.borrow().len()
    }

    /// Returns whether there are no bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Runs `read` on the bytes.
    ///
    /// `read` must not change this bytearray: it gets no context for that reason.
    pub fn with<T>(self, read: impl FnOnce(&[u8]) -> T) -> T {
        read(&self.0.0.borrow())
    }

    /// Runs `change` on the bytes.
    ///
    /// `change` must not touch this bytearray otherwise: it gets no context for that reason.
    pub fn update<T>(self, change: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        change(&mut self.0.0.borrow_mut())
    }
}
