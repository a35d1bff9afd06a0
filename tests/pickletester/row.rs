//! A test, and what is expected of it.

use halfsour::{Context, Result, Uncaught};

use crate::classes;
use crate::implementation::Implementation;

/// A test: its name in CPython's suite, and what it does with any implementation.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// The method's name.
    pub(crate) name: &'static str,
    /// The method.
    pub(crate) body: for<'gc> fn(Context<'gc>, &Implementation) -> Result<'gc, ()>,
}

/// The tests of an abstract class.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    /// The class's name.
    pub(crate) name: &'static str,
    /// Its tests.
    pub(crate) rows: &'static [Row],
}

/// `rows![test_misc, ..]`: functions as the tests of their names.
macro_rules! rows {
    ($($test:path),* $(,)?) => {
        &[$($crate::row::Row { name: $crate::row::last(stringify!($test)), body: $test }),*]
    };
}
pub(crate) use rows;

/// The last part of a path.
pub(crate) const fn last(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut start = bytes.len();
    while start > 0 && bytes[start - 1] != b':' && bytes[start - 1] != b' ' {
        start -= 1;
    }
    path.split_at(start).1
}

impl Row {
    /// Runs the test in a runtime of its own.
    pub(crate) fn run(self, implementation: &Implementation) -> std::result::Result<(), Uncaught> {
        let mut runtime = crate::runtime();
        runtime.try_enter(|ctx| {
            classes::define(ctx)?;
            (self.body)(ctx, implementation)
        })
    }
}
