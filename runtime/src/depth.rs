//! How deep calls may nest: Python's recursion limit, and the stack of Rust below it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;

/// Python's default, `sys.getrecursionlimit()`.
pub(crate) const DEFAULT_LIMIT: usize = 1000;

/// No more calls of native code than this nest, whatever the recursion limit is: each uses Rust's stack, which grows
/// on the heap but not without end. The stack of WebAssembly belongs to its engine, does not grow, and has about a
/// megabyte.
const NATIVE_LIMIT: usize = if cfg!(target_family = "wasm") { 100 } else { 4000 };

/// Less stack than this left makes it grow.
const RED_ZONE: usize = 256 * 1024;
const STACK_STEP: usize = 2 * 1024 * 1024;

impl<'gc> Context<'gc> {
    /// Returns how deep calls and nested data may go (Python's `sys.getrecursionlimit()`).
    #[must_use]
    #[inline]
    pub fn recursion_limit(self) -> usize {
        self.state.recursion_limit.get()
    }

    /// Sets how deep calls and nested data may go (Python's `sys.setrecursionlimit()`).
    ///
    /// No value can overflow the stack: data is walked without it, and native calls have a limit of their own.
    pub fn set_recursion_limit(self, limit: usize) {
        self.state.recursion_limit.set(limit);
    }

    /// Returns how deep calls nest now.
    #[must_use]
    #[inline]
    pub fn depth(self) -> usize {
        self.state.depth.get()
    }

    /// Runs native code one level deeper.
    ///
    /// # Errors
    ///
    /// `RuntimeError` if that is deeper than the recursion limit allows (Python 3: `RecursionError`).
    pub fn deeper<T>(self, run: impl FnOnce() -> Result<'gc, T>) -> Result<'gc, T> {
        let depth = &self.state.depth;
        if depth.get() >= self.recursion_limit().min(NATIVE_LIMIT) {
            return Err(self.too_deep());
        }
        let _level = Level::enter(depth);
        stacker::maybe_grow(RED_ZONE, STACK_STEP, run)
    }

    /// The exception for calls or data nested too deep.
    #[cold]
    #[must_use]
    pub fn too_deep(self) -> Error<'gc> {
        self.too_deep_at("")
    }

    /// The exception for data nested too deep to be compared.
    #[cold]
    pub(crate) fn too_deep_comparing(self) -> Error<'gc> {
        self.too_deep_at(self.dialect().pick(" in cmp", " in comparison"))
    }

    /// The exception for data nested too deep, with CPython's words for what was being done.
    #[cold]
    #[must_use]
    pub fn too_deep_at(self, place: &str) -> Error<'gc> {
        let class = self.dialect().pick(&exc::RUNTIME_ERROR, &exc::RECURSION_ERROR);
        Error::new(class, format!("maximum recursion depth exceeded{place}"))
    }
}

/// One level of calls, left even if the native code panics.
struct Level<'a>(&'a std::cell::Cell<usize>);

impl<'a> Level<'a> {
    fn enter(depth: &'a std::cell::Cell<usize>) -> Self {
        depth.set(depth.get() + 1);
        Self(depth)
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
