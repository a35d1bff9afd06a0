//! [`State`]: everything that belongs to one runtime; the root of its heap.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use ahash::RandomState;
use gc_arena::{Collect, DynamicRootSet, Gc, GcWeak, Mutation, RefLock};
use hashbrown::HashTable;

use crate::class::{Class, ClassTraits, Layout};
use crate::dialect::Dialect;
use crate::finalizers::Finalizers;
use crate::module::Importer;
use crate::name::Name;
use crate::native::NativeKey;
use crate::recent_names::RecentNames;
use crate::types::{Bytes, Dict, FrozenSet, List, Tuple, Unicode};
use crate::value::Value;
use crate::weakref::Watched;

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct State<'gc> {
    pub(crate) types: Types<'gc>,
    pub(crate) names: Names<'gc>,
    pub(crate) modules: Dict<'gc>,
    pub(crate) roots: DynamicRootSet<'gc>,
    pub(crate) empty_tuple: Tuple<'gc>,
    pub(crate) empty_frozenset: FrozenSet<'gc>,
    empty_bytes: Bytes<'gc>,
    empty_unicode: Unicode<'gc>,
    /// The byte strings of length one, and in Python 3 the texts of one Latin-1 character.
    characters: Vec<Value<'gc>>,
    interned: Gc<'gc, RefLock<Interned<'gc>>>,
    pub(crate) recent_names: RecentNames<'gc>,
    pub(crate) exceptions: Gc<'gc, RefLock<Vec<(ExceptionKey, Class<'gc>)>>>,
    pub(crate) native_classes: Gc<'gc, RefLock<Vec<(NativeKey, Class<'gc>)>>>,
    pub(crate) builtin_exceptions: Gc<'gc, RefLock<Vec<Class<'gc>>>>,
    pub(crate) watched: Gc<'gc, RefLock<Vec<Watched<'gc>>>>,
    pub(crate) finalizers: Gc<'gc, RefLock<Finalizers<'gc>>>,
    /// `gc.garbage`.
    pub(crate) garbage: List<'gc>,
    #[collect(require_static)]
    pub(crate) dialect: Dialect,
    #[collect(require_static)]
    pub(crate) importers: RefCell<Vec<Rc<dyn Importer>>>,
    #[collect(require_static)]
    pub(crate) class_version: Cell<u64>,
    #[collect(require_static)]
    pub(crate) recursion_limit: Cell<usize>,
    #[collect(require_static)]
    pub(crate) depth: Cell<usize>,
    /// How many bytes code may still take; all of them if nobody counts.
    #[collect(require_static)]
    pub(crate) allowance: Cell<u64>,
    #[collect(require_static)]
    pub(crate) collect_requested: Cell<bool>,
    /// Whether garbage is collected without being asked for (`gc.enable()`).
    #[collect(require_static)]
    pub(crate) collect_by_itself: Cell<bool>,
    /// The addresses of the containers whose `repr` is being made.
    #[collect(require_static)]
    pub(crate) shown: RefCell<HashSet<usize>>,
    #[collect(require_static)]
    hash_keys: RandomState,
    #[collect(require_static)]
    hash_key: u64,
    /// How many hashes were given to NaNs.
    nans: Cell<i64>,
}

/// The address of a static exception type.
#[derive(Clone, Copy, PartialEq, Eq, Collect)]
#[collect(require_static)]
pub(crate) struct ExceptionKey(pub(crate) usize);

/// The interned strings, held weakly: names that a hostile pickle brings go when nobody uses them.
#[derive(Collect, Default)]
#[collect(no_drop)]
struct Interned<'gc> {
    table: HashTable<(u64, WeakString<'gc>)>,
    /// When the table has grown to this size, dead entries are removed.
    sweep_at: usize,
}

impl Interned<'_> {
    fn sweep(&mut self) {
        self.table.retain(|(_, weak)| !weak.is_dropped());
        self.sweep_at = (2 * self.table.len()).max(1024);
    }
}

#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
enum WeakString<'gc> {
    Bytes(GcWeak<'gc, crate::types::BytesInner>),
    Unicode(GcWeak<'gc, crate::types::UnicodeInner>),
}

impl<'gc> WeakString<'gc> {
    fn upgrade(self, mc: &Mutation<'gc>) -> Option<Value<'gc>> {
        match self {
            Self::Bytes(weak) => weak.upgrade(mc).map(|it| Bytes(it).into()),
            Self::Unicode(weak) => weak.upgrade(mc).map(|it| Unicode(it).into()),
        }
    }

    fn is_dropped(self) -> bool {
        match self {
            Self::Bytes(weak) => weak.is_dropped(),
            Self::Unicode(weak) => weak.is_dropped(),
        }
    }
}

impl<'gc> State<'gc> {
    pub(crate) fn new(mc: &Mutation<'gc>, dialect: Dialect) -> Self {
        let hash_keys = RandomState::new();
        let hash_key = hash_keys.hash_one(0x5EED_u64) | 1;
        let interned = Gc::new(mc, RefLock::new(Interned::default()));
        let intern = |text: &str| intern(mc, interned, &hash_keys, dialect, text.as_bytes());
        let empty_tuple = Tuple::allocate_empty(mc);
        let names = Names::new(intern);
        let types = Types::new(mc, dialect, empty_tuple, intern);
        let empty_bytes = Bytes::allocate(mc, b"".as_slice().into());
        let empty_unicode = Unicode::allocate(mc, b"".as_slice().into());
        Self {
            types,
            names,
            modules: Dict::allocate(mc),
            roots: DynamicRootSet::new(mc),
            empty_tuple,
            empty_frozenset: FrozenSet::allocate_empty(mc),
            empty_bytes,
            empty_unicode,
            characters: characters(mc, dialect),
            interned,
            recent_names: RecentNames::new(mc),
            exceptions: Gc::new(mc, RefLock::new(Vec::new())),
            native_classes: Gc::new(mc, RefLock::new(Vec::new())),
            builtin_exceptions: Gc::new(mc, RefLock::new(Vec::new())),
            watched: Gc::new(mc, RefLock::new(Vec::new())),
            finalizers: Gc::new(mc, RefLock::new(Finalizers::default())),
            garbage: List(Gc::new(mc, RefLock::new(Vec::new()))),
            dialect,
            importers: RefCell::new(Vec::new()),
            class_version: Cell::new(1),
            recursion_limit: Cell::new(crate::depth::DEFAULT_LIMIT),
            depth: Cell::new(0),
            allowance: Cell::new(u64::MAX),
            collect_requested: Cell::new(false),
            collect_by_itself: Cell::new(true),
            shown: RefCell::new(HashSet::new()),
            hash_keys,
            hash_key,
            nans: Cell::new(0),
        }
    }

    /// Hashes string data under the runtime's keys; never 0, which means "not computed", nor -1, as in CPython.
    pub(crate) fn hash_bytes(&self, data: &[u8]) -> i64 {
        match self.hash_keys.hash_one(data).cast_signed() {
            0 => 1,
            -1 => -2,
            hash => hash,
        }
    }

    /// A hash for a NaN that is to be a key: no two get the same.
    pub(crate) fn next_nan(&self) -> i64 {
        self.nans.set(self.nans.get().wrapping_add(1));
        self.nans.get()
    }

    /// Spreads a Python hash over a table under the runtime's keys, so that nobody can make keys collide.
    pub(crate) fn mix_hash(&self, hash: i64) -> u64 {
        let product = u128::from(hash.cast_unsigned() ^ self.hash_key.rotate_left(32))
            * u128::from(self.hash_key);
        (product as u64) ^ ((product >> 64) as u64)
    }

    pub(crate) fn hash_one(&self, value: impl std::hash::Hash) -> i64 {
        match self.hash_keys.hash_one(value).cast_signed() {
            -1 => -2,
            hash => hash,
        }
    }

    pub(crate) fn intern(&self, mc: &Mutation<'gc>, text: &[u8]) -> Name<'gc> {
        match self.shared_name(text) {
            Some(shared) => find_or_insert(mc, self.interned, &self.hash_keys, text, || shared),
            None => intern(mc, self.interned, &self.hash_keys, self.dialect, text),
        }
    }

    /// The shared string of a text shorter than two characters, which is also the interned one.
    fn shared_name(&self, text: &[u8]) -> Option<Value<'gc>> {
        match self.dialect {
            Dialect::Python2 => self.shared_bytes(text).map(Value::from),
            Dialect::Python3 => self.shared_unicode(text).map(Value::from),
        }
    }

    /// Lets go of the names that nobody uses any more: while the table knows them, their memory stays.
    pub(crate) fn forget_dead_names(&self, mc: &Mutation<'gc>) {
        self.interned.borrow_mut(mc).sweep();
    }

    /// Interns a string object: itself, or the one of the same text that was interned before.
    pub(crate) fn intern_object(&self, mc: &Mutation<'gc>, value: Value<'gc>) -> Name<'gc> {
        let already = match value {
            Value::Bytes(text) => text.0.interned.get(),
            Value::Unicode(text) => text.0.interned.get(),
            _ => false,
        };
        if already {
            return Name::of_interned(value);
        }
        let text = Name::of_interned(value).as_slice();
        let interned = self.shared_name(text).unwrap_or(value);
        find_or_insert(mc, self.interned, &self.hash_keys, text, || interned)
    }

    /// The shared object of a string shorter than two bytes.
    pub(crate) fn shared_bytes(&self, data: &[u8]) -> Option<Bytes<'gc>> {
        match data {
            [] => Some(self.empty_bytes),
            // Python 3 keeps one-byte strings apart in the cases that pickles show.
            [byte] if self.dialect == Dialect::Python2 => {
                match self.characters.get(usize::from(*byte)) {
                    Some(Value::Bytes(shared)) => Some(*shared),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The shared object of an empty text, and in Python 3 of one Latin-1 character.
    pub(crate) fn shared_unicode(&self, data: &[u8]) -> Option<Unicode<'gc>> {
        let point = match *data {
            [] => return Some(self.empty_unicode),
            [byte] => usize::from(byte),
            [first @ (0xC2 | 0xC3), second] => {
                usize::from(first & 0x03) << 6 | usize::from(second & 0x3F)
            }
            _ => return None,
        };
        match self.characters.get(point) {
            Some(Value::Unicode(shared)) => Some(*shared),
            _ => None,
        }
    }
}

fn characters<'gc>(mc: &Mutation<'gc>, dialect: Dialect) -> Vec<Value<'gc>> {
    (0..=255_u8)
        .map(|code| match dialect {
            Dialect::Python2 => Bytes::allocate(mc, [code].as_slice().into()).into(),
            Dialect::Python3 => {
                let mut text = [0; 4];
                let text = char::from(code).encode_utf8(&mut text);
                Unicode::allocate(mc, text.as_bytes().into()).into()
            }
        })
        .collect()
}

fn intern<'gc>(
    mc: &Mutation<'gc>,
    interned: Gc<'gc, RefLock<Interned<'gc>>>,
    keys: &RandomState,
    dialect: Dialect,
    text: &[u8],
) -> Name<'gc> {
    find_or_insert(mc, interned, keys, text, || match dialect {
        Dialect::Python2 => Bytes::allocate(mc, text.into()).into(),
        Dialect::Python3 => Unicode::allocate(mc, text.into()).into(),
    })
}

fn find_or_insert<'gc>(
    mc: &Mutation<'gc>,
    interned: Gc<'gc, RefLock<Interned<'gc>>>,
    keys: &RandomState,
    text: &[u8],
    make: impl FnOnce() -> Value<'gc>,
) -> Name<'gc> {
    let hash = keys.hash_one(text);
    let mut interned = interned.borrow_mut(mc);
    let known = interned.table.iter_hash(hash).find_map(|(own, weak)| {
        let name = Name::of_interned(weak.upgrade(mc)?);
        (*own == hash && name.as_slice() == text).then_some(name)
    });
    if let Some(name) = known {
        return name;
    }
    if interned.table.len() >= interned.sweep_at {
        interned.sweep();
    }
    let value = make();
    let weak = match value {
        Value::Bytes(text) => {
            text.0.interned.set(true);
            WeakString::Bytes(Gc::downgrade(text.0))
        }
        Value::Unicode(text) => {
            text.0.interned.set(true);
            WeakString::Unicode(Gc::downgrade(text.0))
        }
        // Only strings are interned.
        _ => return Name::of_interned(value),
    };
    interned.table.insert_unique(hash, (hash, weak), |(hash, _)| *hash);
    Name::of_interned(value)
}

macro_rules! names {
    ($($field:ident = $text:literal;)*) => {
        /// The attribute names that the runtime and the crates on it use, interned once.
        #[derive(Debug, Collect)]
        #[collect(no_drop)]
        pub struct Names<'gc> {
            $(#[doc = concat!("`", $text, "`.")] pub $field: Name<'gc>,)*
        }

        impl<'gc> Names<'gc> {
            fn new(intern: impl Fn(&str) -> Name<'gc>) -> Self {
                Self { $($field: intern($text),)* }
            }
        }
    };
}

names! {
    abs = "__abs__";
    all = "__all__";
    append = "append";
    bases = "__bases__";
    call = "__call__";
    class = "__class__";
    cmp = "__cmp__";
    coerce = "__coerce__";
    contains = "__contains__";
    copy = "__copy__";
    deepcopy = "__deepcopy__";
    del = "__del__";
    delattr = "__delattr__";
    delete = "__delete__";
    delitem = "__delitem__";
    dict = "__dict__";
    doc = "__doc__";
    eq = "__eq__";
    extend = "extend";
    ge = "__ge__";
    get = "__get__";
    getattr = "__getattr__";
    getattribute = "__getattribute__";
    getinitargs = "__getinitargs__";
    getitem = "__getitem__";
    getnewargs = "__getnewargs__";
    getnewargs_ex = "__getnewargs_ex__";
    getstate = "__getstate__";
    gt = "__gt__";
    hash = "__hash__";
    index = "__index__";
    init = "__init__";
    instancecheck = "__instancecheck__";
    int = "__int__";
    items = "items";
    iter = "__iter__";
    iteritems = "iteritems";
    le = "__le__";
    len = "__len__";
    lt = "__lt__";
    metaclass = "__metaclass__";
    missing = "__missing__";
    module = "__module__";
    mro = "mro";
    name = "__name__";
    ne = "__ne__";
    new = "__new__";
    next = "next";
    next_python3 = "__next__";
    nonzero = "__nonzero__";
    bool_python3 = "__bool__";
    qualname = "__qualname__";
    reduce = "__reduce__";
    reduce_ex = "__reduce_ex__";
    repr = "__repr__";
    self_ = "__self__";
    set = "__set__";
    setattr = "__setattr__";
    setitem = "__setitem__";
    setstate = "__setstate__";
    slotnames = "__slotnames__";
    slots = "__slots__";
    str = "__str__";
    subclasscheck = "__subclasscheck__";
    unicode = "__unicode__";
    weakref = "__weakref__";
}

macro_rules! types {
    ($object:ident, $type_:ident; $($field:ident: $python2:literal, $python3:literal, $layout:ident, $base:ident, $flags:tt;)*) => {
        /// The built-in types.
        #[derive(Debug, Collect)]
        #[collect(no_drop)]
        pub struct Types<'gc> {
            /// `object`.
            pub $object: Class<'gc>,
            /// `type`.
            pub $type_: Class<'gc>,
            $(
                #[doc = concat!("Python 2's `", $python2, "`, Python 3's `", $python3, "`.")]
                pub $field: Class<'gc>,
            )*
        }

        impl<'gc> Types<'gc> {
            fn new(
                mc: &Mutation<'gc>,
                dialect: Dialect,
                empty: Tuple<'gc>,
                intern: impl Fn(&str) -> Name<'gc>,
            ) -> Self {
                let make = |name: &str, layout, base: Option<Class<'gc>>, metaclass, mut flags: Flags| {
                    if layout == Layout::BASE_EXCEPTION {
                        flags.module = dialect.exceptions_module();
                    }
                    if layout == Layout::Module && dialect == Dialect::Python3 {
                        flags.has_weakref = true;
                    }
                    if layout == Layout::WeakRef && dialect == Dialect::Python3 {
                        flags.module = "weakref";
                    }
                    builtin_type(mc, empty, intern(name), layout, base, metaclass, flags)
                };
                let $type_ = make("type", Layout::Type, None, None, Flags::TYPE);
                let $object = make("object", Layout::Object, None, Some($type_), Flags::OPEN);
                set_single_base(mc, $type_, $object);
                $(let $field = make(
                    dialect.pick($python2, $python3),
                    Layout::$layout,
                    Some($base),
                    Some($type_),
                    Flags::$flags,
                );)*
                let mut types = Self { $object, $type_, $($field,)* };
                if dialect == Dialect::Python3 {
                    // Python 3 has one int type, and no common base of bytes and text.
                    types.long = types.int;
                    set_single_base(mc, types.bytes, $object);
                    set_single_base(mc, types.unicode, $object);
                }
                types
            }

            /// Returns every built-in type.
            #[must_use]
            pub fn all(&self) -> Vec<Class<'gc>> {
                vec![self.$object, self.$type_, $(self.$field,)*]
            }
        }
    };
}

/// What can be done with a built-in type and its instances.
#[derive(Clone, Copy)]
struct Flags {
    subclassable: bool,
    has_dict: bool,
    has_weakref: bool,
    module: &'static str,
}

impl Flags {
    const CLOSED: Self =
        Self { subclassable: false, has_dict: false, has_weakref: false, module: "" };
    const OPEN: Self = Self { subclassable: true, ..Self::CLOSED };
    const DICT: Self = Self { has_dict: true, ..Self::OPEN };
    const TYPE: Self = Self { has_weakref: true, ..Self::DICT };
    const WEAK: Self = Self { has_weakref: true, ..Self::OPEN };
    const CLOSED_WEAK: Self = Self { has_weakref: true, ..Self::CLOSED };
}

types! {
    object, type_;
    none_type: "NoneType", "NoneType", Closed, object, CLOSED;
    ellipsis: "ellipsis", "ellipsis", Closed, object, CLOSED;
    not_implemented: "NotImplementedType", "NotImplementedType", Closed, object, CLOSED;
    int: "int", "int", Int, object, OPEN;
    bool: "bool", "bool", Int, int, CLOSED;
    long: "long", "int", Long, object, OPEN;
    float: "float", "float", Float, object, OPEN;
    complex: "complex", "complex", Complex, object, OPEN;
    basestring: "basestring", "basestring", Object, object, OPEN;
    bytes: "str", "bytes", Bytes, basestring, OPEN;
    unicode: "unicode", "str", Unicode, basestring, OPEN;
    bytearray: "bytearray", "bytearray", ByteArray, object, OPEN;
    tuple: "tuple", "tuple", Tuple, object, OPEN;
    list: "list", "list", List, object, OPEN;
    dict: "dict", "dict", Dict, object, OPEN;
    set: "set", "set", Set, object, WEAK;
    frozenset: "frozenset", "frozenset", FrozenSet, object, WEAK;
    range: "xrange", "range", Closed, object, CLOSED;
    slice: "slice", "slice", Closed, object, CLOSED;
    classobj: "classobj", "classobj", Closed, object, CLOSED_WEAK;
    instance: "instance", "instance", Closed, object, CLOSED_WEAK;
    function: "function", "function", Closed, object, CLOSED_WEAK;
    code: "code", "code", Closed, object, CLOSED;
    builtin_function: "builtin_function_or_method", "builtin_function_or_method", Closed, object, CLOSED;
    method: "instancemethod", "method", Closed, object, CLOSED_WEAK;
    module: "module", "module", Module, object, DICT;
    property: "property", "property", Property, object, OPEN;
    staticmethod: "staticmethod", "staticmethod", StaticMethod, object, OPEN;
    classmethod: "classmethod", "classmethod", ClassMethod, object, OPEN;
    member_descriptor: "member_descriptor", "member_descriptor", Closed, object, CLOSED;
    getset_descriptor: "getset_descriptor", "getset_descriptor", Closed, object, CLOSED;
    method_descriptor: "method_descriptor", "method_descriptor", Closed, object, CLOSED;
    wrapper_descriptor: "wrapper_descriptor", "wrapper_descriptor", Closed, object, CLOSED;
    classmethod_descriptor: "classmethod_descriptor", "classmethod_descriptor", Closed, object, CLOSED;
    method_wrapper: "method-wrapper", "method-wrapper", Closed, object, CLOSED;
    super_: "super", "super", Super, object, OPEN;
    dictproxy: "dictproxy", "mappingproxy", Closed, object, CLOSED;
    weakref: "weakref", "ReferenceType", WeakRef, object, OPEN;
    dict_keys: "dict_keys", "dict_keys", Closed, object, CLOSED;
    dict_values: "dict_values", "dict_values", Closed, object, CLOSED;
    dict_items: "dict_items", "dict_items", Closed, object, CLOSED;
    list_iterator: "listiterator", "list_iterator", Closed, object, CLOSED;
    list_reverse_iterator: "listreverseiterator", "list_reverseiterator", Closed, object, CLOSED;
    tuple_iterator: "tupleiterator", "tuple_iterator", Closed, object, CLOSED;
    dict_key_iterator: "dictionary-keyiterator", "dict_keyiterator", Closed, object, CLOSED;
    dict_value_iterator: "dictionary-valueiterator", "dict_valueiterator", Closed, object, CLOSED;
    dict_item_iterator: "dictionary-itemiterator", "dict_itemiterator", Closed, object, CLOSED;
    set_iterator: "setiterator", "set_iterator", Closed, object, CLOSED;
    range_iterator: "rangeiterator", "range_iterator", Closed, object, CLOSED;
    string_iterator: "iterator", "str_iterator", Closed, object, CLOSED;
    sequence_iterator: "iterator", "iterator", Closed, object, CLOSED;
    bytearray_iterator: "bytearray_iterator", "bytearray_iterator", Closed, object, CLOSED;
    reversed: "reversed", "reversed", Iterator, object, OPEN;
    enumerate: "enumerate", "enumerate", Iterator, object, OPEN;
    zip: "zip", "zip", Iterator, object, OPEN;
    map: "map", "map", Iterator, object, OPEN;
    filter: "filter", "filter", Iterator, object, OPEN;
    callable_iterator: "callable-iterator", "callable_iterator", Closed, object, CLOSED;
    generator: "generator", "generator", Closed, object, CLOSED_WEAK;
    file: "file", "TextIOWrapper", Native, object, WEAK;
    memoryview: "memoryview", "memoryview", Native, object, CLOSED;
    base_exception: "BaseException", "BaseException", BASE_EXCEPTION, object, DICT;
}

fn builtin_type<'gc>(
    mc: &Mutation<'gc>,
    empty: Tuple<'gc>,
    name: Name<'gc>,
    layout: Layout,
    base: Option<Class<'gc>>,
    type_: Option<Class<'gc>>,
    flags: Flags,
) -> Class<'gc> {
    let traits = ClassTraits {
        layout,
        has_dict: flags.has_dict,
        has_weakref: flags.has_weakref,
        n_slots: 0,
        solid: base.is_none_or(|base| base.layout() != layout),
        held: false,
        heap: false,
        subclassable: flags.subclassable,
        module: flags.module,
        copier: None,
    };
    let class = Class::allocate(mc, name.value(), empty, type_, traits);
    match base {
        Some(base) => set_single_base(mc, class, base),
        None => class.set_mro(mc, Tuple::allocate(mc, &[class.into()])),
    }
    class
}

fn set_single_base<'gc>(mc: &Mutation<'gc>, class: Class<'gc>, base: Class<'gc>) {
    class.set_bases(mc, Tuple::allocate(mc, &[base.into()]));
    let mut mro = vec![class.into()];
    mro.extend_from_slice(base.mro().as_slice());
    class.set_mro(mc, Tuple::allocate(mc, &mro));
}
