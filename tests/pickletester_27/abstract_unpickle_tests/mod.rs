//! Loading streams that were written by hand.

mod instances;
mod malformed;
#[path = "../../pickletester/memo.rs"]
mod memo;
mod values;

use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractUnpickleTests",
    rows: rows![
        values::test_load_from_canned_string,
        malformed::test_garyp,
        values::test_maxint64,
        malformed::test_insecure_strings,
        values::test_correctly_quoted_string,
        instances::test_load_classic_instance,
        instances::test_load_classic_instance_error,
        values::test_load_str,
        values::test_load_unicode,
        values::test_constants,
        malformed::test_misc_get,
        memo::test_get,
        memo::test_binget,
        memo::test_long_binget,
        memo::test_dup,
        malformed::test_bad_stack,
        malformed::test_bad_mark,
        malformed::test_truncated_data,
    ],
};
