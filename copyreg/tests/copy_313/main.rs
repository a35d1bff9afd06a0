//! CPython 3.13's `test_copy.py`, test by test, through the Python-visible module `copy`.
//!
//! Where a test is that of 2.7, it is the same file. Left out are the tests of `weakref`'s dictionaries, of named tuples
//! and of dataclasses, which are Python code of other modules, and code objects, which there are none of without an
//! interpreter.

#[path = "../common/mod.rs"]
mod common;

use common::python3 as python;
use halfsour_runtime::Runtime;

/// A runtime of the dialect under test.
fn new_runtime() -> Runtime {
    Runtime::python3()
}

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod TestCopy {
    #[path = "../../copy_27/TestCopy/basics.rs"]
    mod basics;
    mod instances;
    mod memo;
    #[path = "../../copy_27/TestCopy/reconstruct.rs"]
    mod reconstruct;
    mod six_tuples;
    #[path = "../../copy_27/TestCopy/subclasses.rs"]
    mod subclasses;
    #[path = "../../copy_27/TestCopy/types.rs"]
    mod types;
}

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod TestReplace;
