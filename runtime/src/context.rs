//! [`Context`]: the way into the heap, while the runtime is entered.

use gc_arena::Mutation;

use crate::class::Class;
use crate::dialect::Dialect;
use crate::exception_type::ExceptionType;
use crate::name::Name;
use crate::state::{Names, State, Types};

/// The way into the heap: `Copy`, first parameter of every operation and of every native closure.
#[derive(Clone, Copy)]
pub struct Context<'gc> {
    pub(crate) mc: &'gc Mutation<'gc>,
    pub(crate) state: &'gc State<'gc>,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("dialect", &self.dialect()).finish_non_exhaustive()
    }
}

impl<'gc> Context<'gc> {
    /// Returns which Python the runtime speaks.
    #[must_use]
    #[inline]
    pub fn dialect(self) -> Dialect {
        self.state.dialect
    }

    /// Returns the built-in types.
    #[must_use]
    #[inline]
    pub fn types(self) -> &'gc Types<'gc> {
        &self.state.types
    }

    /// Returns the names that the runtime itself uses.
    #[must_use]
    #[inline]
    pub fn names(self) -> &'gc Names<'gc> {
        &self.state.names
    }

    /// Interns an attribute name.
    #[must_use]
    pub fn intern(self, text: &str) -> Name<'gc> {
        self.state.recent_names.intern(self, text)
    }

    /// Returns a number that changes whenever any class changes: what was looked up in classes stays valid while it
    /// stays the same.
    #[must_use]
    pub fn class_version(self) -> u64 {
        self.state.class_version.get()
    }

    /// Returns the class of an exception type, made now if the runtime does not have it yet.
    #[must_use]
    pub fn exception_class(self, ty: &'static ExceptionType) -> Class<'gc> {
        crate::exception::class_of(self, ty)
    }
}
