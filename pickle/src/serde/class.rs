//! What a pickle says of a class: its name, and what that means where the class is one of Python's own.

use std::fmt;

use crate::compat_names::to_python3;

/// A class or function, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// Module and name, with a dot in between.
    dotted: Box<str>,
    pub(super) known: Known,
}

/// The classes and functions of Python's library whose objects have a counterpart in serde's data model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Anything else.
    No,
    /// `copyreg.__newobj__`
    NewObj,
    /// `copyreg.__newobj_ex__`
    NewObjEx,
    /// `copyreg._reconstructor`
    Reconstructor,
    /// `getattr`: what is nested in a class.
    GetAttr,
    /// `object`, which as a base means: no content.
    Object,
    /// What a sequence is made of.
    Sequence,
    /// What a mapping is made of.
    Mapping,
    /// `bytes`, `bytearray`, `_codecs.encode`: bytes, or text and its encoding.
    Bytes,
    /// What is as good as the tuple of its arguments.
    Arguments,
    /// What is as good as its only argument.
    Argument,
    Fraction,
    Uuid,
    Date,
    Time,
    DateTime,
    TimeDelta,
    TimeZone,
    /// The time zone UTC of `pytz`, which older programs have for that of `datetime`.
    Utc,
    Path,
    /// An object with attributes and nothing else.
    Namespace,
}

impl Class {
    pub(super) fn new(module: &str, name: &str) -> Self {
        let known = Known::of(to_python3((module, name)));
        Self { dotted: format!("{module}.{name}").into(), known }
    }

    /// What stands for a global without a name.
    pub(super) fn extension(code: i64) -> Self {
        Self { dotted: format!("extension code {code}").into(), known: Known::No }
    }

    /// What is nested in a class under a name.
    pub(super) fn nested(&self, name: &str) -> Self {
        Self { dotted: format!("{}.{name}", self.dotted).into(), known: Known::No }
    }

    /// Module and name, with a dot in between.
    pub(super) fn dotted(&self) -> &str {
        &self.dotted
    }

    /// The last part of the name.
    pub(super) fn name(&self) -> &str {
        self.dotted.rsplit('.').next().unwrap_or_default()
    }

    /// The name of what it is nested in: module, or class.
    pub(super) fn outer_name(&self) -> &str {
        self.dotted.rsplit('.').nth(1).unwrap_or_default()
    }

    /// Whether a Rust type of this name is meant: by the last part, or the whole name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        name == self.name() || name == self.dotted()
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted)
    }
}

impl Known {
    /// What a global of Python 3 is.
    fn of(global: (&str, &str)) -> Self {
        match global {
            ("copyreg", "__newobj__") => Self::NewObj,
            ("copyreg", "__newobj_ex__") => Self::NewObjEx,
            ("copyreg", "_reconstructor") => Self::Reconstructor,
            ("builtins", "getattr") => Self::GetAttr,
            ("builtins", "object") => Self::Object,
            ("builtins", "set" | "frozenset" | "list" | "tuple") | ("collections", "deque") => {
                Self::Sequence
            }
            ("builtins", "dict")
            | ("collections", "OrderedDict" | "defaultdict" | "Counter")
            | ("types", "MappingProxyType") => Self::Mapping,
            ("builtins", "bytes" | "bytearray") | ("_codecs", "encode") => Self::Bytes,
            ("builtins", "complex" | "slice" | "range") => Self::Arguments,
            ("decimal" | "_decimal" | "_pydecimal", "Decimal") => Self::Argument,
            ("fractions", "Fraction") => Self::Fraction,
            ("uuid", "UUID") => Self::Uuid,
            ("datetime", "date") => Self::Date,
            ("datetime", "time") => Self::Time,
            ("datetime", "datetime") => Self::DateTime,
            ("datetime", "timedelta") => Self::TimeDelta,
            ("datetime", "timezone") => Self::TimeZone,
            (
                "pathlib" | "pathlib._local",
                "PurePosixPath" | "PosixPath" | "PureWindowsPath" | "WindowsPath",
            ) => Self::Path,
            ("pytz", "_UTC") => Self::Utc,
            ("types", "SimpleNamespace") | ("argparse", "Namespace") => Self::Namespace,
            _ => Self::No,
        }
    }
}
