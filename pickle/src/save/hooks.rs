//! What a host or a Python object puts in the place of a dump's own behaviour.

use halfsour_runtime::{Class, Context, Result, Value};

use crate::pickle_buffer::{PickleBuffer, Placement};

/// Asks a host or a Python object for an object's persistent id; `None` is "it has none".
pub(crate) type Hook<'p, 'gc> =
    &'p dyn Fn(Context<'gc>, Value<'gc>) -> Result<'gc, Option<Value<'gc>>>;

/// Finds the reducer of exactly a class; `None` is "it has none".
pub(crate) type ReducerOf<'p, 'gc> =
    &'p dyn Fn(Context<'gc>, Class<'gc>) -> Result<'gc, Option<Value<'gc>>>;

/// Decides where the bytes of a buffer go.
pub(crate) type BufferCallback<'p, 'gc> =
    &'p dyn Fn(Context<'gc>, PickleBuffer<'gc>) -> Result<'gc, Placement>;

/// The hooks of a dump.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hooks<'p, 'gc> {
    /// `persistent_id`, asked about every object.
    pub(crate) persistent_id: Option<Hook<'p, 'gc>>,
    /// cPickle's `inst_persistent_id`, asked only about what would be reduced.
    pub(crate) instance_persistent_id: Option<Hook<'p, 'gc>>,
    /// `reducer_override`: gives a reduce value; `None` is "as usual".
    pub(crate) reducer_override: Option<Hook<'p, 'gc>>,
    /// A private `dispatch_table`, in the place of `copyreg`'s.
    pub(crate) dispatch_table: Option<ReducerOf<'p, 'gc>>,
    /// `buffer_callback`.
    pub(crate) buffer_callback: Option<BufferCallback<'p, 'gc>>,
}

impl Hooks<'_, '_> {
    /// Whether there is a hook that must see every object.
    #[inline]
    pub(crate) const fn asks(&self) -> bool {
        self.persistent_id.is_some()
    }
}
