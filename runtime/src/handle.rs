//! The `handle!` macro: a one-word, `Copy` reference to an object in the heap.
//!
//! Every heap type of the runtime is a handle, compared by identity (Python's `is`). Nothing is derived that would
//! look through the pointer: `Debug`, `PartialEq` and `Hash` of gc-arena's `Gc` do, and cyclic data would never end.

/// Declares a handle type over its heap representation, with identity, conversion and stashing.
macro_rules! handle {
    ($(#[$meta:meta])* $name:ident($inner:ty), $kind:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, gc_arena::Collect)]
        #[collect(no_drop)]
        pub struct $name<'gc>(pub(crate) gc_arena::Gc<'gc, $inner>);

        impl<'gc> $name<'gc> {
            /// Returns whether both are the same object (Python's `is`).
            #[must_use]
            #[inline]
            pub fn is(self, other: Self) -> bool {
                gc_arena::Gc::ptr_eq(self.0, other.0)
            }

            /// Returns the object's address, stable for its life (Python's `id()`).
            #[must_use]
            #[inline]
            pub fn addr(self) -> usize {
                // An `AddressTable` tells objects apart that are so far from each other, with the collector's two words.
                const { assert!(size_of::<$inner>() >= 2 * size_of::<usize>()) };
                gc_arena::Gc::as_ptr(self.0).addr()
            }
        }

        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:#x})", stringify!($name), self.addr())
            }
        }

        impl<'gc> From<$name<'gc>> for $crate::value::Value<'gc> {
            fn from(handle: $name<'gc>) -> Self {
                $crate::value::Value::$name(handle)
            }
        }

        impl<'gc> $crate::convert::FromValue<'gc> for $name<'gc> {
            fn from_value(
                ctx: $crate::context::Context<'gc>,
                value: $crate::value::Value<'gc>,
            ) -> $crate::error::Result<'gc, Self> {
                match value {
                    $crate::value::Value::$name(handle) => Ok(handle),
                    other => Err($crate::convert::expected(ctx, $kind, other)),
                }
            }
        }

        impl<'gc> $crate::stash::Stash<'gc> for $name<'gc> {
            type Static = $name<'static>;
        }

        impl $crate::stash::Fetch for $name<'static> {
            type At<'gc> = $name<'gc>;

            fn project<'gc>(value: $crate::value::Value<'gc>) -> Option<$name<'gc>> {
                match value {
                    $crate::value::Value::$name(handle) => Some(handle),
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use handle;
