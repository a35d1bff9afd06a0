//! [`Value`]: any Python object.

use gc_arena::Collect;

use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::function::{Builtin, Function, Method};
use crate::instance::{ClassicInstance, Instance, Payload};
use crate::module::Module;
use crate::types::{
    ByteArray, Bytes, Complex, Dict, FrozenSet, List, Long, Range, Set, Slice, Tuple, Unicode,
};

/// Any Python object: two words, `Copy`.
///
/// None, bools, small ints and floats are inline; everything else is a handle. The names are neutral between the
/// dialects: `Bytes` is Python 2's `str` and Python 3's `bytes`, `Unicode` is Python 2's `unicode` and Python 3's
/// `str`. An int that fits 64 bits is `Int`; Python 2's `long`, and Python 3's ints beyond 64 bits, are `Long`.
///
/// Instances of subclasses of built-in types (`class MyList(list)`) are [`Instance`]s; the `as_*` methods look
/// through to the content.
// A tag of a whole word: with one of a byte, compilers copy the seven bytes behind it and the word apart and overlapping,
// and reading a value that was just written waits for both.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
#[repr(u64)]
#[non_exhaustive]
pub enum Value<'gc> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int` within 64 bits.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// `Ellipsis`.
    Ellipsis,
    /// `NotImplemented`.
    NotImplemented,
    /// Python 2's `long`; in Python 3 an `int` beyond 64 bits.
    Long(Long<'gc>),
    /// A `complex`.
    Complex(Complex<'gc>),
    /// Python 2's `str`, Python 3's `bytes`.
    Bytes(Bytes<'gc>),
    /// Python 2's `unicode`, Python 3's `str`.
    Unicode(Unicode<'gc>),
    /// A `bytearray`.
    ByteArray(ByteArray<'gc>),
    /// A `tuple`.
    Tuple(Tuple<'gc>),
    /// A `list`.
    List(List<'gc>),
    /// A `dict`.
    Dict(Dict<'gc>),
    /// A `set`.
    Set(Set<'gc>),
    /// A `frozenset`.
    FrozenSet(FrozenSet<'gc>),
    /// Python 2's `xrange`, Python 3's `range`.
    Range(Range<'gc>),
    /// A `slice`.
    Slice(Slice<'gc>),
    /// A new-style class (a `type`).
    Class(Class<'gc>),
    /// A classic class of Python 2 (a `classobj`).
    ClassicClass(ClassicClass<'gc>),
    /// An instance of a new-style class, subclasses of built-in types included.
    Instance(Instance<'gc>),
    /// An instance of a classic class.
    ClassicInstance(ClassicInstance<'gc>),
    /// A function as `def` makes it: it has a `__dict__` and binds when looked up through a class.
    Function(Function<'gc>),
    /// A built-in function or bound built-in method.
    Builtin(Builtin<'gc>),
    /// A bound or (Python 2) unbound method.
    Method(Method<'gc>),
    /// A module.
    Module(Module<'gc>),
}

// Two words of 64 bits; numbers have 64 bits on smaller machines, too.
const _: () = assert!(size_of::<Option<Value<'static>>>() == 16);

impl<'gc> Value<'gc> {
    /// Returns whether both are the same object (Python's `is`).
    ///
    /// Inline values have no address: two equal ints, or two floats of the same bits, are the same.
    // DIFFERENCE: CPython gives every int outside its cache, and every float, an identity of its own.
    #[must_use]
    #[inline]
    pub fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::NotImplemented, Self::NotImplemented) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (a, b) => match (a.addr(), b.addr()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    /// Returns the object's address, stable for its life, or `None` for inline values.
    #[must_use]
    #[inline]
    pub fn addr(self) -> Option<usize> {
        Some(match self {
            Self::None
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Ellipsis
            | Self::NotImplemented => return None,
            Self::Long(it) => it.addr(),
            Self::Complex(it) => it.addr(),
            Self::Bytes(it) => it.addr(),
            Self::Unicode(it) => it.addr(),
            Self::ByteArray(it) => it.addr(),
            Self::Tuple(it) => it.addr(),
            Self::List(it) => it.addr(),
            Self::Dict(it) => it.addr(),
            Self::Set(it) => it.addr(),
            Self::FrozenSet(it) => it.addr(),
            Self::Range(it) => it.addr(),
            Self::Slice(it) => it.addr(),
            Self::Class(it) => it.addr(),
            Self::ClassicClass(it) => it.addr(),
            Self::Instance(it) => it.addr(),
            Self::ClassicInstance(it) => it.addr(),
            Self::Function(it) => it.addr(),
            Self::Builtin(it) => it.addr(),
            Self::Method(it) => it.addr(),
            Self::Module(it) => it.addr(),
        })
    }

    /// Returns the object's type (Python's `type(x)`): for a classic instance, `instance`; see
    /// [`class_of`](Self::class_of) for `x.__class__`.
    #[must_use]
    pub fn type_of(self, ctx: Context<'gc>) -> Class<'gc> {
        let types = ctx.types();
        match self {
            Self::None => types.none_type,
            Self::Bool(_) => types.bool,
            Self::Int(_) => types.int,
            Self::Float(_) => types.float,
            Self::Ellipsis => types.ellipsis,
            Self::NotImplemented => types.not_implemented,
            Self::Long(_) => types.long,
            Self::Complex(_) => types.complex,
            Self::Bytes(_) => types.bytes,
            Self::Unicode(_) => types.unicode,
            Self::ByteArray(_) => types.bytearray,
            Self::Tuple(_) => types.tuple,
            Self::List(_) => types.list,
            Self::Dict(_) => types.dict,
            Self::Set(_) => types.set,
            Self::FrozenSet(_) => types.frozenset,
            Self::Range(_) => types.range,
            Self::Slice(_) => types.slice,
            Self::Class(class) => class.metaclass(),
            Self::ClassicClass(_) => types.classobj,
            Self::Instance(instance) => instance.class(),
            Self::ClassicInstance(_) => types.instance,
            Self::Function(_) => types.function,
            Self::Builtin(it) if it.wrapped_class().is_some() => types.method_wrapper,
            Self::Builtin(_) => types.builtin_function,
            Self::Method(_) => types.method,
            Self::Module(module) => module.class(),
        }
    }

    /// Returns the class that an object of a class without tricks shows as `x.__class__`.
    #[must_use]
    pub fn class_of(self, ctx: Context<'gc>) -> Value<'gc> {
        match self {
            Self::ClassicInstance(instance) => instance.class().into(),
            other => other.type_of(ctx).into(),
        }
    }

    /// Returns the name of the object's type, as messages show it (`'int' object has no ...`).
    #[must_use]
    pub fn type_name(self, ctx: Context<'gc>) -> String {
        self.type_of(ctx).type_name()
    }

    /// Returns the built-in content of an instance of a subclass of a built-in type, or the value itself.
    #[must_use]
    pub fn content(self) -> Value<'gc> {
        match self {
            Self::Instance(instance) => match instance.payload() {
                Payload::Base(content) => content,
                _ => self,
            },
            other => other,
        }
    }

    /// Returns whether this is `None`.
    #[must_use]
    #[inline]
    pub fn is_none(self) -> bool {
        matches!(self, Self::None)
    }
}

macro_rules! content_accessors {
    ($($(#[$meta:meta])* $method:ident -> $variant:ident;)*) => {
        impl<'gc> Value<'gc> {
            $($(#[$meta])*
            #[must_use]
            pub fn $method(self) -> Option<$variant<'gc>> {
                match self.content() {
                    Value::$variant(it) => Some(it),
                    _ => None,
                }
            })*
        }
    };
}

content_accessors! {
    /// Returns the `list`, also of an instance of a subclass.
    as_list -> List;
    /// Returns the `dict`, also of an instance of a subclass.
    as_dict -> Dict;
    /// Returns the `tuple`, also of an instance of a subclass.
    as_tuple -> Tuple;
    /// Returns the `set`, also of an instance of a subclass.
    as_set -> Set;
    /// Returns the `frozenset`, also of an instance of a subclass.
    as_frozenset -> FrozenSet;
    /// Returns Python 2's `str` or Python 3's `bytes`, also of an instance of a subclass.
    as_bytes -> Bytes;
    /// Returns Python 2's `unicode` or Python 3's `str`, also of an instance of a subclass.
    as_unicode -> Unicode;
    /// Returns the `bytearray`, also of an instance of a subclass.
    as_bytearray -> ByteArray;
    /// Returns the `complex`, also of an instance of a subclass.
    as_complex -> Complex;
    /// Returns the `long`, also of an instance of a subclass.
    as_long -> Long;
}

impl std::fmt::Debug for Value<'_> {
    /// Shallow: atoms show their value, handles their kind and address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(it) => write!(f, "{it}"),
            Self::Float(it) => write!(f, "{it:?}"),
            Self::Ellipsis => f.write_str("Ellipsis"),
            Self::NotImplemented => f.write_str("NotImplemented"),
            Self::Long(it) => it.fmt(f),
            Self::Complex(it) => it.fmt(f),
            Self::Bytes(it) => write!(f, "Bytes({:?})", it.to_string_lossy()),
            Self::Unicode(it) => write!(f, "Unicode({:?})", it.to_string_lossy()),
            Self::ByteArray(it) => it.fmt(f),
            Self::Tuple(it) => it.fmt(f),
            Self::List(it) => it.fmt(f),
            Self::Dict(it) => it.fmt(f),
            Self::Set(it) => it.fmt(f),
            Self::FrozenSet(it) => it.fmt(f),
            Self::Range(it) => it.fmt(f),
            Self::Slice(it) => it.fmt(f),
            Self::Class(it) => write!(f, "Class({})", it.name()),
            Self::ClassicClass(it) => write!(f, "ClassicClass({})", it.name()),
            Self::Instance(it) => write!(f, "Instance({} at {:#x})", it.class().name(), it.addr()),
            Self::ClassicInstance(it) => {
                write!(f, "ClassicInstance({} at {:#x})", it.class().name(), it.addr())
            }
            Self::Function(it) => it.fmt(f),
            Self::Builtin(it) => it.fmt(f),
            Self::Method(it) => it.fmt(f),
            Self::Module(it) => it.fmt(f),
        }
    }
}
