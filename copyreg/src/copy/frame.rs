//! [`Frame`]: an object whose parts are being copied, and how far that has come.

use halfsour_runtime::{ClassicInstance, DictCopy, Instance, List, Method, Tuple, Value};

use super::rebuild::Rebuild;

/// An object whose parts are being copied: it waits for the copy of one of them.
#[derive(Debug)]
pub(super) enum Frame<'gc> {
    List(ListFrame<'gc>),
    Dict(DictFrame<'gc>),
    Tuple(TupleFrame<'gc>),
    /// A bound method waits for its receiver.
    Method(Method<'gc>),
    /// An instance without hooks waits for its attributes.
    Attributes(AttributesFrame<'gc>),
    /// An instance without hooks waits for one of its slots.
    Slots(SlotsFrame<'gc>),
    /// An instance without other hooks waits for its state.
    State(StateFrame<'gc>),
    Classic(ClassicFrame<'gc>),
    Rebuild(Box<Rebuild<'gc>>),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Frame<'static>>() <= 96);

#[derive(Clone, Copy, Debug)]
pub(super) struct ListFrame<'gc> {
    pub(super) source: List<'gc>,
    pub(super) copy: List<'gc>,
    pub(super) next: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct DictFrame<'gc> {
    pub(super) entries: DictCopy<'gc>,
    pub(super) waits_for: EntryPart<'gc>,
}

/// The part of an entry that is being copied: the value first, as in `y[copy(key)] = copy(value)`.
#[derive(Clone, Copy, Debug)]
pub(super) enum EntryPart<'gc> {
    Value {
        key: Value<'gc>,
    },
    /// The value is copied.
    Key {
        key: Value<'gc>,
        value: Value<'gc>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct TupleFrame<'gc> {
    pub(super) source: Tuple<'gc>,
    /// Where the copies of its items begin on the stack of values.
    pub(super) start: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct AttributesFrame<'gc> {
    pub(super) source: Value<'gc>,
    pub(super) copy: Value<'gc>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SlotsFrame<'gc> {
    pub(super) source: Instance<'gc>,
    pub(super) copy: Instance<'gc>,
    /// Where the values of the slots that are set begin on the stack of values, and the next one to copy.
    pub(super) start: usize,
    pub(super) next: usize,
    /// Which slots are set: the first is the lowest bit.
    pub(super) set: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct StateFrame<'gc> {
    pub(super) source: Instance<'gc>,
    pub(super) copy: Instance<'gc>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ClassicFrame<'gc> {
    pub(super) instance: ClassicInstance<'gc>,
    pub(super) stage: ClassicStage<'gc>,
}

/// What a classic instance waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum ClassicStage<'gc> {
    /// What `__getinitargs__` returned.
    Args,
    /// The state of the instance that was made.
    State(Value<'gc>),
}
