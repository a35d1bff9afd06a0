//! Round trips of every kind of object.

mod atoms;
mod buffers;
#[path = "../../pickletester/by_reduce.rs"]
mod by_reduce;
mod bytes_like;
mod containers;
#[path = "../../pickletester/extensions.rs"]
mod extensions;
mod framing;
#[path = "../../pickletester/metaclasses.rs"]
mod metaclasses;
mod names;
mod newobj;
mod opcodes;
mod recursive;
mod recursive_instances;

use halfsour::{Context, Result, Value};

use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, assert_copy};
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractPickleTests",
    rows: rows![
        containers::test_misc,
        containers::test_roundtrip_equality,
        recursive::test_recursive_list,
        recursive::test_recursive_list_subclass,
        recursive::test_recursive_list_like,
        recursive::test_recursive_tuple_and_list,
        recursive::test_recursive_tuple_and_list_subclass,
        recursive::test_recursive_tuple_and_list_like,
        recursive::test_recursive_dict,
        recursive::test_recursive_dict_subclass,
        recursive::test_recursive_dict_like,
        recursive::test_recursive_tuple_and_dict,
        recursive::test_recursive_tuple_and_dict_subclass,
        recursive::test_recursive_tuple_and_dict_like,
        recursive::test_recursive_dict_key,
        recursive::test_recursive_dict_subclass_key,
        recursive::test_recursive_dict_like_key,
        recursive::test_recursive_tuple_and_dict_key,
        recursive::test_recursive_tuple_and_dict_subclass_key,
        recursive::test_recursive_tuple_and_dict_like_key,
        recursive_instances::test_recursive_set,
        recursive_instances::test_recursive_inst,
        recursive_instances::test_recursive_multi,
        recursive_instances::test_recursive_list_and_inst,
        recursive_instances::test_recursive_tuple_and_inst,
        recursive_instances::test_recursive_dict_and_inst,
        recursive_instances::test_recursive_set_and_inst,
        recursive_instances::test_recursive_frozenset_and_inst,
        recursive_instances::test_recursive_list_subclass_and_inst,
        recursive_instances::test_recursive_tuple_subclass_and_inst,
        recursive_instances::test_recursive_dict_subclass_and_inst,
        recursive_instances::test_recursive_set_subclass_and_inst,
        recursive_instances::test_recursive_frozenset_subclass_and_inst,
        recursive_instances::test_recursive_inst_state,
        recursive_instances::test_recursive_tuple_and_inst_state,
        atoms::test_unicode,
        atoms::test_unicode_high_plane,
        atoms::test_unicode_memoization,
        bytes_like::test_bytes,
        bytes_like::test_bytes_memoization,
        bytes_like::test_bytearray,
        bytes_like::test_bytearray_memoization,
        atoms::test_ints,
        atoms::test_long,
        atoms::test_float,
        atoms::test_float_format,
        containers::test_reduce,
        containers::test_getinitargs,
        metaclasses::test_metaclass,
        metaclasses::test_dynamic_class,
        atoms::test_ellipsis,
        atoms::test_notimplemented,
        names::test_singleton_types,
        names::test_builtin_types,
        names::test_builtin_exceptions,
        names::test_builtin_functions,
        opcodes::test_proto,
        opcodes::test_long1,
        opcodes::test_long4,
        opcodes::test_short_tuples,
        opcodes::test_singletons,
        newobj::test_newobj_tuple,
        newobj::test_newobj_list,
        newobj::test_newobj_generic,
        newobj::test_newobj_proxies,
        newobj::test_newobj_overridden_new,
        newobj::test_newobj_not_class,
        extensions::test_global_ext1,
        extensions::test_global_ext2,
        extensions::test_global_ext4,
        opcodes::test_list_chunking,
        opcodes::test_dict_chunking,
        opcodes::test_set_chunking,
        newobj::test_simple_newobj,
        newobj::test_complex_newobj,
        newobj::test_complex_newobj_ex,
        newobj::test_newobj_list_slots,
        by_reduce::test_reduce_overrides_default_reduce_ex,
        by_reduce::test_reduce_ex_called,
        by_reduce::test_reduce_ex_overrides_reduce,
        by_reduce::test_reduce_ex_calls_base,
        by_reduce::test_reduce_calls_base,
        containers::test_pickle_setstate_None,
        containers::test_many_puts_and_gets,
        containers::test_attribute_name_interning,
        containers::test_pickle_to_2x,
        containers::test_large_pickles,
        opcodes::test_int_pickling_efficiency,
        by_reduce::test_appends_on_non_lists,
        by_reduce::test_setitems_on_non_dicts,
        framing::test_framing_many_objects,
        framing::test_framing_large_objects,
        framing::test_optional_frames,
        framing::test_framed_write_sizes_with_delayed_writer,
        names::test_nested_names,
        names::test_recursive_nested_names,
        names::test_recursive_nested_names2,
        names::test_py_methods,
        names::test_c_methods,
        names::test_compat_pickle,
        buffers::test_in_band_buffers,
        buffers::test_oob_buffers,
        buffers::test_oob_buffers_writable_to_readonly,
        buffers::test_buffers_error,
        buffers::test_inband_accept_default_buffers_argument,
        containers::test_evil_class_mutating_dict,
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

/// An object comes back as a copy at every protocol.
fn check<'gc>(ctx: Context<'gc>, by: &Implementation, object: Value<'gc>) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        assert_copy(ctx, object, round_trip(ctx, by, object, protocol)?)?;
    }
    Ok(())
}
