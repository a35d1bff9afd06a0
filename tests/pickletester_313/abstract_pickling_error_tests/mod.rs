//! Objects that cannot be pickled.

mod buffers;
mod lookup;
mod parts;
mod reduce;

use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractPicklingErrorTests",
    rows: rows![
        reduce::test_bad_reduce_result,
        reduce::test_bad_reconstructor,
        reduce::test_unpickleable_reconstructor,
        reduce::test_bad_reconstructor_args,
        reduce::test_unpickleable_reconstructor_args,
        reduce::test_bad_newobj_args,
        reduce::test_bad_newobj_class,
        reduce::test_wrong_newobj_class,
        reduce::test_unpickleable_newobj_class,
        reduce::test_unpickleable_newobj_args,
        reduce::test_bad_newobj_ex_args,
        reduce::test_bad_newobj_ex__class,
        reduce::test_unpickleable_newobj_ex_class,
        reduce::test_unpickleable_newobj_ex_args,
        reduce::test_unpickleable_newobj_ex_kwargs,
        reduce::test_unpickleable_state,
        reduce::test_bad_state_setter,
        reduce::test_unpickleable_state_setter,
        reduce::test_unpickleable_state_with_state_setter,
        reduce::test_bad_object_list_items,
        parts::test_unpickleable_object_list_items,
        reduce::test_bad_object_dict_items,
        parts::test_unpickleable_object_dict_items,
        parts::test_unpickleable_list_items,
        parts::test_unpickleable_tuple_items,
        parts::test_unpickleable_dict_items,
        parts::test_unpickleable_set_items,
        parts::test_unpickleable_frozenset_items,
        lookup::test_global_lookup_error,
        lookup::test_nonencodable_global_name_error,
        lookup::test_nonencodable_module_name_error,
        lookup::test_nested_lookup_error,
        lookup::test_wrong_object_lookup_error,
        lookup::test_local_lookup_error,
        reduce::test_reduce_ex_None,
        reduce::test_reduce_None,
        parts::test_bad_getattr,
        buffers::test_picklebuffer_error,
        buffers::test_buffer_callback_error,
        parts::test_evil_pickler_mutating_collection,
        lookup::test_bad_ext_code,
    ],
};
