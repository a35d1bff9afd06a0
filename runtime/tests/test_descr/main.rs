//! CPython 2.7's `test_descr.py`, test by test: the tests of classes, attributes and descriptors. Those that pickle or
//! copy are in the facade's tests, which have these modules.
//!
//! Left out are `test_bad_new` and `test_restored_object_new`, which CPython 2.7 fails itself.

#[path = "../common/mod.rs"]
mod common;

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod ClassPropertiesAndMethods {
    mod changes;
    mod lifetime;
    mod metaclasses;
    mod methods;
    mod order;
    mod properties;
    mod slots;
    mod special_methods;
    mod subclasses;
}

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod DictProxyTests;
