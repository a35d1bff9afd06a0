//! CPython 2.7's `test_gc.py`, test by test.
//!
//! A collection starts between two `enter`s only, so each test makes its garbage in one and looks at what is left in
//! the next; `gc.collect()` has no count to return, so that what CPython counts is found missing here, by weak
//! references and by the number of objects in the heap.
//!
//! Left out are `test_function` and `test_frame`, which need an interpreter, `test_get_count` and
//! `test_collect_generations`, which look at CPython's counters, and `test_trashcan_threads`: a runtime has one thread.

#[path = "../common/mod.rs"]
mod common;
mod support;

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod GCTests {
    mod cycles;
    mod finalizers;
    mod hooks;
    mod inspection;
}

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod GCTogglingTests;
