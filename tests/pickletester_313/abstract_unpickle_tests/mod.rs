//! Loading streams that were written by hand, or by another Python.

mod globals;
mod malformed;
#[path = "../../pickletester/memo.rs"]
mod memo;
mod values;
mod written;

use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractUnpickleTests",
    rows: rows![
        written::test_load_from_data0,
        written::test_load_from_data1,
        written::test_load_from_data2,
        written::test_load_from_data3,
        written::test_load_from_data4,
        values::test_load_classic_instance,
        values::test_maxint64,
        values::test_unpickle_from_2x,
        values::test_load_python2_str_as_bytes,
        values::test_load_python2_unicode_as_str,
        values::test_load_long_python2_str_as_bytes,
        values::test_constants,
        values::test_empty_bytestring,
        values::test_short_binbytes,
        values::test_binbytes,
        values::test_short_binunicode,
        malformed::test_misc_get,
        values::test_binbytes8,
        values::test_binunicode8,
        values::test_bytearray8,
        memo::test_get,
        memo::test_binget,
        memo::test_long_binget,
        memo::test_dup,
        malformed::test_negative_put,
        malformed::test_badly_escaped_string,
        malformed::test_badly_quoted_string,
        values::test_correctly_quoted_string,
        values::test_frame_readline,
        globals::test_compat_unpickle,
        globals::test_load_global,
        globals::test_load_stack_global,
        globals::test_bad_ext_code,
        globals::test_bad_ext_inverted_registry,
        malformed::test_bad_reduce,
        malformed::test_bad_newobj,
        malformed::test_bad_newobj_ex,
        malformed::test_bad_stack,
        malformed::test_bad_mark,
        malformed::test_truncated_data,
    ],
};

/// What only classes have; the functions skip it.
pub(crate) const OBJECTS: Group = Group {
    name: "AbstractUnpickleTests",
    rows: rows![globals::test_find_class, globals::test_custom_find_class],
};
