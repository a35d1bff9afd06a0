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
    Exception(ExceptionKind),
    Iterator,
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

impl Layout {
    /// The layout of `BaseException`.
    pub(crate) const BASE_EXCEPTION: Self = Self::Exception(ExceptionKind::Plain);
}

/// Which attributes an exception keeps outside of its `__dict__`, besides `args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExceptionKind {
    Plain,
    Environment,
    Syntax,
    SystemExit,
    UnicodeDecode,
    UnicodeEncode,
    UnicodeTranslate,
    /// Python 3's `ImportError`.
    Import,
    /// Python 3's `AttributeError`.
    Attribute,
    /// Python 3's `NameError`.
    Name,
    /// Python 3's `StopIteration`.
    StopIteration,
    /// Python 3's `BaseExceptionGroup`.
    Group,
}
