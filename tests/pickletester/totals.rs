//! Turns suites into trials, and counts how many of each passed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::Trial;

use crate::VERSION;
use crate::not_applicable::{NOT_APPLICABLE, WHOLE_CLASSES};
use crate::suites::Suite;

/// What was counted.
pub(crate) struct Totals(Vec<Total>);

struct Total {
    suite: Suite,
    ran: Arc<AtomicUsize>,
    passed: Arc<AtomicUsize>,
}

impl Totals {
    /// Returns the trials of all suites, and what will count how many passed.
    pub(crate) fn count(suites: Vec<Suite>) -> (Vec<Trial>, Self) {
        let mut trials = Vec::new();
        let mut totals = Vec::new();
        for suite in suites {
            let (ran, passed) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
            trials.extend(suite.cases().into_iter().map(|case| {
                let implementation = suite.implementation.clone();
                let (ran, passed) = (ran.clone(), passed.clone());
                let name = case.name.clone();
                let run = move || {
                    let implementation = implementation.as_ref().ok_or("no CPython found")?;
                    ran.fetch_add(1, Ordering::Relaxed);
                    case.run(implementation)?;
                    passed.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                };
                Trial::test(name, run).with_ignored_flag(suite.implementation.is_none())
            }));
            totals.push(Total { suite, ran, passed });
        }
        (trials, Self(totals))
    }

    /// Prints a line for each suite that ran or could not, and what is not applicable.
    pub(crate) fn print(&self) {
        let (mut all_passed, mut all_ran, mut skipped) = (0, 0, 0);
        for total in &self.0 {
            let ran = total.ran.load(Ordering::Relaxed);
            let passed = total.passed.load(Ordering::Relaxed);
            let class = total.suite.class;
            if total.suite.implementation.is_none() {
                let tests = total.suite.cases().len();
                println!(
                    "pickletester {VERSION}: {class}: {tests} skipped, no CPython {VERSION} found"
                );
                skipped += tests;
            } else if ran > 0 {
                println!("pickletester {VERSION}: {class} {passed} of {ran}");
            }
            all_passed += passed;
            all_ran += ran;
        }
        let not_applicable = self.print_not_applicable();
        println!(
            "pickletester {VERSION}: {all_passed} of {all_ran} passed, {skipped} skipped, \
             {not_applicable} not applicable"
        );
    }

    /// Prints the tests without a counterpart, and returns how often CPython's suite runs them.
    fn print_not_applicable(&self) -> usize {
        let mut all = 0;
        for test in NOT_APPLICABLE {
            let classes = self.0.iter().filter(|total| total.suite.misses(test)).count();
            println!(
                "pickletester {VERSION}: not applicable: {}::{} of {classes} classes: {}",
                test.group, test.test, test.reason
            );
            all += classes;
        }
        for (class, tests, reason) in WHOLE_CLASSES {
            println!("pickletester {VERSION}: not applicable: {class}, {tests} tests: {reason}");
            all += tests;
        }
        all
    }
}
