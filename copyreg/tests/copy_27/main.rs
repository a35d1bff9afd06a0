//! CPython 2.7's `test_copy.py`, test by test, through the Python-visible module `copy`.
//!
//! Left out are the four tests of `weakref`'s dictionaries, which are Python code of another module, and code
//! objects, which there are none of without an interpreter.

#[path = "../common/mod.rs"]
mod common;

use common::python2 as python;
use halfsour_runtime::Runtime;

/// A runtime of the dialect under test.
fn new_runtime() -> Runtime {
    Runtime::python2()
}

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod TestCopy {
    mod basics;
    mod classic_instances;
    mod memo;
    mod reconstruct;
    mod subclasses;
    mod types;
}
