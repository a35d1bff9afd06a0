//! Round trips of every kind of object.

pub(crate) mod atoms;
#[path = "../../pickletester/by_reduce.rs"]
mod by_reduce;
mod containers;
#[path = "../../pickletester/extensions.rs"]
mod extensions;
#[path = "../../pickletester/metaclasses.rs"]
mod metaclasses;
mod newobj;
mod opcodes;
mod raising;
pub(crate) mod recursive;
mod recursive_subclasses;

use halfsour::{Context, Result, Value};

use crate::implementation::Implementation;
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractPickleTests",
    rows: rows![
        containers::test_misc,
        containers::test_roundtrip_equality,
        recursive::test_recursive_list,
        recursive::test_recursive_tuple_and_list,
        recursive::test_recursive_dict,
        recursive::test_recursive_dict_key,
        recursive_subclasses::test_recursive_list_subclass,
        recursive_subclasses::test_recursive_dict_subclass,
        recursive_subclasses::test_recursive_dict_subclass_key,
        recursive::test_recursive_inst,
        recursive::test_recursive_multi,
        recursive_subclasses::test_recursive_list_and_inst,
        recursive_subclasses::test_recursive_tuple_and_inst,
        recursive_subclasses::test_recursive_dict_and_inst,
        recursive_subclasses::test_recursive_set_and_inst,
        recursive_subclasses::test_recursive_frozenset_and_inst,
        recursive_subclasses::test_recursive_list_subclass_and_inst,
        recursive_subclasses::test_recursive_tuple_subclass_and_inst,
        recursive_subclasses::test_recursive_dict_subclass_and_inst,
        atoms::test_unicode,
        atoms::test_unicode_high_plane,
        atoms::test_ints,
        atoms::test_long,
        atoms::test_float,
        atoms::test_float_format,
        metaclasses::test_metaclass,
        metaclasses::test_dynamic_class,
        opcodes::test_proto,
        opcodes::test_long1,
        opcodes::test_long4,
        opcodes::test_short_tuples,
        opcodes::test_singletons,
        newobj::test_newobj_tuple,
        newobj::test_newobj_list,
        newobj::test_newobj_generic,
        newobj::test_newobj_proxies,
        extensions::test_global_ext1,
        extensions::test_global_ext2,
        extensions::test_global_ext4,
        opcodes::test_list_chunking,
        opcodes::test_dict_chunking,
        newobj::test_simple_newobj,
        newobj::test_complex_newobj,
        newobj::test_newobj_list_slots,
        by_reduce::test_reduce_overrides_default_reduce_ex,
        by_reduce::test_reduce_ex_called,
        by_reduce::test_reduce_ex_overrides_reduce,
        by_reduce::test_reduce_ex_calls_base,
        by_reduce::test_reduce_calls_base,
        raising::test_bad_getattr,
        raising::test_reduce_bad_iterator,
        containers::test_many_puts_and_gets,
        containers::test_attribute_name_interning,
        containers::test_large_pickles,
        by_reduce::test_appends_on_non_lists,
        by_reduce::test_setitems_on_non_dicts,
    ],
};

/// `loads(dumps(object, protocol))`
pub(crate) fn round_trip<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    object: Value<'gc>,
    protocol: i32,
) -> Result<'gc> {
    by.loads(ctx, &by.dumps(ctx, object, protocol)?)
}
