//! The state of objects whose parts are being written.

use halfsour_runtime::{ClassicInstance, Dict, FrozenSet, Iter, List, Set, Tuple, Value};

/// An object that has parts, and how far its writing has come.
///
/// Frames move often, which is why the large ones among them are boxed.
#[derive(Debug)]
pub(super) enum Frame<'gc> {
    List(ListFrame<'gc>),
    Dict(DictFrame<'gc>),
    Tuple(TupleFrame<'gc>),
    Set(SetFrame<'gc>),
    FrozenSet(FrozenSetFrame<'gc>),
    Global(Box<GlobalFrame<'gc>>),
    Qualified(Box<QualifiedFrame<'gc>>),
    Reduce(Box<ReduceFrame<'gc>>),
    /// The part is the state of a reduced object, which BUILD gives it: nothing else is left to write.
    Build,
    Classic(ClassicFrame<'gc>),
    Items(Box<ItemsFrame<'gc>>),
    Opaque(OpaqueFrame<'gc>),
    /// The part is a persistent id.
    PersistentId,
}

const _: () = assert!(size_of::<Frame<'static>>() <= 72);

/// What to do next for an object with parts.
#[derive(Debug)]
pub(super) enum Step<'gc> {
    /// Write this part, then go on.
    Part(Value<'gc>),
    /// Write these items of the object, then go on.
    Items(Box<ItemsFrame<'gc>>),
    /// Let the sink take what was written, then go on.
    Pause,
    /// All is written.
    Done,
}

/// What ends a batch of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// No batch is open.
    Nothing,
    /// APPEND or SETITEM, for a single item without a MARK.
    Single,
    /// APPENDS or SETITEMS, back to the MARK.
    Many,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ListFrame<'gc> {
    pub(super) list: List<'gc>,
    pub(super) next: usize,
    pub(super) batch_end: usize,
    pub(super) closing: Closing,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct DictFrame<'gc> {
    pub(super) dict: Dict<'gc>,
    /// Where the walk of the dict is.
    pub(super) position: usize,
    /// The key whose value is next or was last, for messages.
    pub(super) key: Value<'gc>,
    /// The value that belongs to `key`, until it is written.
    pub(super) value: Option<Value<'gc>>,
    /// How many entries were begun. More than 32 bits count, a dict does not have.
    pub(super) taken: u32,
    /// How many of them end the batch.
    pub(super) batch_end: u32,
    pub(super) closing: Closing,
    /// How many entries there were at the start.
    pub(super) size: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct TupleFrame<'gc> {
    pub(super) tuple: Tuple<'gc>,
    pub(super) next: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SetFrame<'gc> {
    pub(super) set: Set<'gc>,
    /// Where the walk of the set is.
    pub(super) position: usize,
    /// How many items were begun.
    pub(super) taken: usize,
    /// How many items there were at the start.
    pub(super) size: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct FrozenSetFrame<'gc> {
    pub(super) set: FrozenSet<'gc>,
    /// Where the walk of the set is.
    pub(super) position: usize,
}

/// A global of protocol 4 and later.
#[derive(Clone, Copy, Debug)]
pub(super) struct GlobalFrame<'gc> {
    pub(super) object: Value<'gc>,
    pub(super) module: Value<'gc>,
    pub(super) name: Value<'gc>,
    pub(super) stage: GlobalStage,
}

/// What comes next of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GlobalStage {
    Module,
    Name,
    Join,
}

/// A global of Python 3 below protocol 4.
#[derive(Clone, Copy, Debug)]
pub(super) struct QualifiedFrame<'gc> {
    pub(super) object: Value<'gc>,
    pub(super) module: Value<'gc>,
    /// The names that lead from the module to the object.
    pub(super) path: Tuple<'gc>,
    /// How many parts were begun: a `getattr` for each name but the first, then these names.
    pub(super) saved: usize,
}

/// What `__reduce__` returned, being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReduceFrame<'gc> {
    pub(super) object: Value<'gc>,
    /// The callable for REDUCE, the class for NEWOBJ.
    pub(super) callable: Value<'gc>,
    pub(super) args: Value<'gc>,
    pub(super) made_by: MadeBy,
    /// `None` stands for absent, here and below.
    pub(super) list_items: Value<'gc>,
    pub(super) dict_items: Value<'gc>,
    pub(super) state: Value<'gc>,
    /// The function that sets the state instead of BUILD.
    pub(super) setter: Value<'gc>,
    /// The keyword arguments of NEWOBJ_EX.
    pub(super) keywords: Value<'gc>,
    pub(super) stage: Stage,
}

/// The opcode that makes a reduced object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MadeBy {
    Reduce,
    NewObj,
    NewObjEx,
}

/// What comes next of a reduced object, in the order of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Callable,
    Args,
    Keywords,
    Make,
    ListItems,
    DictItems,
    /// Whether there is any.
    State,
    Setter,
    /// The object that the setter is called with.
    SetterObject,
    StateItself,
    Build,
}

impl Stage {
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Callable => Self::Args,
            Self::Args => Self::Keywords,
            Self::Keywords => Self::Make,
            Self::Make => Self::ListItems,
            Self::ListItems => Self::DictItems,
            Self::DictItems => Self::State,
            Self::State => Self::Setter,
            Self::Setter => Self::SetterObject,
            Self::SetterObject => Self::StateItself,
            Self::StateItself | Self::Build => Self::Build,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ClassicFrame<'gc> {
    pub(super) instance: ClassicInstance<'gc>,
    pub(super) class: Value<'gc>,
    /// Where the results of `__getinitargs__` begin among the pending values.
    pub(super) args_start: usize,
    pub(super) next_arg: usize,
    pub(super) stage: ClassicStage,
}

/// What comes next of a classic instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClassicStage {
    Class,
    Args,
    Build,
}

/// A stand-in for an instance of a classic class.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpaqueFrame<'gc> {
    pub(super) object: Value<'gc>,
    /// Whether OBJ makes it, and not INST.
    pub(super) binary: bool,
    pub(super) stage: OpaqueStage,
}

/// What comes next of a stand-in for an instance of a classic class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpaqueStage {
    Class,
    /// The argument of this index.
    Arg(usize),
    ListItems,
    DictItems,
    State,
    Build,
}

/// The items that an iterator gives, for `append` or for `__setitem__`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemsFrame<'gc> {
    pub(super) source: ItemSource<'gc>,
    pub(super) kind: ItemKind,
    /// Where this frame's items begin among the pending values.
    pub(super) start: usize,
    /// The next of them.
    pub(super) next: usize,
    /// The value that belongs to the key written last.
    pub(super) value: Option<Value<'gc>>,
    pub(super) closing: Closing,
    pub(super) exhausted: bool,
    /// How many items were written in earlier batches.
    pub(super) written: usize,
}

/// How items are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum ItemSource<'gc> {
    Iter(Iter<'gc>),
    /// By calling the `next` of an object, which may be no iterator in any other way.
    NextOf(Value<'gc>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    List,
    Dict,
}
