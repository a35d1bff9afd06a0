//! CPython 3.13's suite of `pickle`, test by test: `pickletester.py` as `test_pickle.py` and `test_pickletools.py` run it
//! with the classes and functions of `_pickle`.
//!
//! As there, a test is written once, and runs once in each class that says how to dump and load; it has the name
//! `file::class::abstract class::test`. Every runtime lets streams call what they name, as CPython does. At the end the
//! totals of each class are printed, and the tests that have no counterpart here, with the reason.

mod abstract_dispatch_table_tests;
mod abstract_hook_tests;
mod abstract_persistent_pickler_tests;
mod abstract_pickle_module_tests;
mod abstract_pickle_tests;
mod abstract_pickler_unpickler_object_tests;
mod abstract_pickling_error_tests;
mod abstract_unpickle_tests;
#[path = "../pickletester/assertions.rs"]
mod assertions;
mod classes;
mod implementation;
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
use halfsour::pickle::{self, Callables, Unpickler};
use libtest_mimic::Arguments;

use self::totals::Totals;

/// The Python that the suite was written for.
const VERSION: &str = "3.13";

/// What every test runs in.
fn runtime() -> Runtime {
    let mut runtime = Runtime::python3();
    let installed = runtime
        .try_enter(|ctx| pickle::install_with(ctx, Unpickler::new().callables(Callables::Any)));
    installed.expect("modules are installed without running a program's code");
    runtime
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
