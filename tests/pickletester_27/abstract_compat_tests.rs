//! What is sent to a CPython and taken back: two tests that are other than elsewhere.

use halfsour::{Context, Result, Unicode, Value};

use crate::abstract_pickle_tests::atoms::{DENORMALS, FLOATS, check};
use crate::abstract_pickle_tests::round_trip;
use crate::assertions::assert_equal;
use crate::implementation::Implementation;
use crate::row::{Group, rows};

pub(crate) const GROUP: Group =
    Group { name: "AbstractCompatTests", rows: rows![test_float, test_unicode] };

/// Tests of the abstract class above that are replaced, or that CPython's suite does not run this way.
pub(crate) const SWITCHED_OFF: [&str; 12] = [
    "test_float",
    "test_unicode",
    "test_global_ext1",
    "test_global_ext2",
    "test_global_ext4",
    "test_unicode_high_plane",
    "test_dynamic_class",
    "test_recursive_list_subclass_and_inst",
    "test_recursive_tuple_subclass_and_inst",
    "test_recursive_dict_subclass_and_inst",
    "test_recursive_set_and_inst",
    "test_recursive_frozenset_and_inst",
];

fn test_float<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for number in FLOATS.into_iter().flat_map(|it| [it, -it]) {
        check(ctx, by, Value::Float(number))?;
    }
    for number in DENORMALS.into_iter().flat_map(|it| [it, -it]).map(Value::Float) {
        for protocol in [1, 2] {
            assert_equal(ctx, number, round_trip(ctx, by, number, protocol)?)?;
        }
    }
    Ok(())
}

fn test_unicode<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for text in ["", "<\\u>", "<\\\u{1234}>", "<\n>", "<\\>"] {
        check(ctx, by, Unicode::new(ctx, text).into())?;
    }
    Ok(())
}
