//! [`Layout`]: what an instance of a class holds, which its base classes must agree on.

/// What an instance holds besides its `__dict__` and slots.
///
/// A class takes the layout of its bases; two bases with different layouts, neither of which is `Object`, cannot be
/// joined (CPython: "multiple bases have instance lay-out conflict").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Object,
    Int,
    Long,
    Float,
    Complex,
    Bytes,
    Unicode,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Type,
    Exception,
    Module,
    Property,
    StaticMethod,
    ClassMethod,
    Super,
    WeakRef,
    /// The content that another crate defined for a class and those derived from it.
    Native,
    /// A type that no class derives from.
    Closed,
}
