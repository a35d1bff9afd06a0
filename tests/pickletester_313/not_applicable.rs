//! The tests of CPython's suite that have no counterpart here.

/// A test in an abstract class.
pub(crate) struct NotApplicable {
    /// The abstract class.
    pub(crate) group: &'static str,
    /// The method.
    pub(crate) test: &'static str,
    /// Why there is no counterpart.
    pub(crate) reason: &'static str,
}

macro_rules! not_applicable {
    ($($group:literal: $reason:literal: $($test:ident)*;)*) => {
        &[$($(NotApplicable { group: $group, test: stringify!($test), reason: $reason }),*),*]
    };
}

pub(crate) const NOT_APPLICABLE: &[NotApplicable] = not_applicable! {
    "AbstractUnpickleTests": "it is of 32-bit builds only":
        test_negative_32b_binbytes test_negative_32b_binunicode test_negative_32b_binput
        test_large_32b_binbytes8 test_large_32b_bytearray8 test_large_32b_binunicode8;
    "AbstractUnpickleTests": "it needs threads and modules in Python": test_unpickle_module_race;
    "AbstractPickleTests": "the modules `os` and `statvfs` are not here": test_structseq;
    "AbstractPickleTests": "it needs numpy": test_buffers_numpy;
    "BigmemPickleTests": "it needs many GiB of memory":
        test_huge_long_32b test_huge_bytes_32b test_huge_bytes_64b test_huge_str_32b test_huge_str_64b;
    "PyIdPersPicklerTests": "it counts references":
        test_pickler_reference_cycle test_custom_pickler_dispatch_table_memleak
        test_unpickler_reference_cycle;
    "AbstractHookTests": "it counts references": test_reducer_override_no_reference_cycle;
    "HeapTypesTests": "it looks into classes made in C": test_have_gc test_immutable;
    "SizeofTests": "it measures structures of C": test_pickler test_unpickler;
    "AbstractPicklingErrorTests": "every buffer here is contiguous": test_non_continuous_buffer;
    "AbstractPicklingErrorTests": "CPython skips it in the classes in C": test_wrong_newobj_ex_class;
};

const PURE: &str = "the classes in Python are not offered: the runtime follows those in C";

/// Classes of the suite that are left out as a whole, with their number of tests.
pub(crate) const WHOLE_CLASSES: [(&str, usize, &str); 12] = [
    ("PyPickleTests", 12, PURE),
    ("PyUnpicklerTests", 49, PURE),
    ("PyPicklingErrorTests", 43, PURE),
    ("PyPicklerTests", 108, PURE),
    ("PyPersPicklerTests", 1, PURE),
    ("PyIdPersPicklerTests", 7, PURE),
    ("PyPicklerUnpicklerObjectTests", 9, PURE),
    ("PyDispatchTableTests", 4, PURE),
    ("PyChainDispatchTableTests", 4, PURE),
    ("PyPicklerHookTests", 2, PURE),
    ("CompatPickleTests", 1, "it imports every module of the standard library"),
    ("CompatPickleTests", 6, "they are tests of the tables, beside these"),
];
