//! CPython 2.7's suite of `pickle` and `cPickle`, test by test: `pickletester.py` as `test_pickle.py`, `test_cpickle.py`,
//! `test_xpickle.py` and `test_pickletools.py` run it.
//!
//! As there, a test is written once, and runs once in each class that says how to dump and load; it has the name
//! `file::class::abstract class::test`. `test_xpickle` sends pickles to a real CPython 2.7 and takes them back; its tests
//! are ignored where none is installed. At the end the totals of each class are printed, and the tests that have no
//! counterpart here, with the reason.

mod abstract_compat_tests;
mod abstract_persistent_pickler_tests;
mod abstract_pickle_module_tests;
mod abstract_pickle_tests;
mod abstract_pickler_unpickler_object_tests;
mod abstract_unpickle_tests;
#[path = "../pickletester/assertions.rs"]
mod assertions;
mod bounce;
mod classes;
mod cpickle_deep_recursive;
mod doctests;
mod ends;
mod implementation;
mod medium;
mod modules;
mod not_applicable;
mod objects;
#[path = "../pickletester/row.rs"]
mod row;
#[path = "../pickletester/streams.rs"]
mod streams;
mod suites;
#[path = "../pickletester/totals.rs"]
mod totals;
#[path = "../pickletester/trickling.rs"]
mod trickling;

use std::process::ExitCode;

use halfsour::Runtime;
use libtest_mimic::Arguments;

use self::totals::Totals;

/// The Python that the suite was written for.
const VERSION: &str = "2.7";

/// What every test runs in.
fn runtime() -> Runtime {
    Runtime::python2()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let (trials, totals) = Totals::count(suites::all());
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        totals.print();
    }
    conclusion.exit_code()
}
