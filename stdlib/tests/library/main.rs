//! The library's classes, line by line as CPython 2.7.18 and 3.13.0 have them.

#[path = "../../../runtime/tests/builtin_types/evaluator/mod.rs"]
#[allow(dead_code, reason = "it is shared with the tests of the built-in types")]
mod evaluator;
mod robust;

use halfsour_runtime::{Context, Result, Runtime};

const ARROW: &str = "  -->  ";

/// Checks every line of a table: code, and what CPython gives for it.
fn check(mut runtime: Runtime, table: &str) {
    let prepared = runtime.try_enter(prepare);
    prepared.expect("the modules are installed");
    let mut failures = Vec::new();
    let mut lines = 0;
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (code, expected) = line.split_once(ARROW).expect("a line is code --> outcome");
        let outcome = evaluator::outcome_of(&mut runtime, code.trim());
        lines += 1;
        if outcome != expected {
            failures.push(format!("{code}\n    expected {expected}\n    but got  {outcome}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {lines} lines differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(lines > 0, "the table is empty");
}

fn prepare(ctx: Context<'_>) -> Result<'_, ()> {
    halfsour_copyreg::install(ctx)?;
    halfsour_stdlib::install(ctx)
}

#[test]
fn python2() {
    check(Runtime::python2(), include_str!("tables/python2.txt"));
}

#[test]
fn python3() {
    check(Runtime::python3(), include_str!("tables/python3.txt"));
}
