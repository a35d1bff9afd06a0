//! [`Runtime`]: a runtime with the modules of every crate.

use std::ops::{Deref, DerefMut};

use crate::{Context, Dialect, Error};

/// A heap of Python objects with every module that Halfsour has: [`halfsour_runtime::Runtime`], to which it
/// dereferences, with `copy_reg` and its like installed.
///
/// # Examples
///
/// ```
/// use halfsour::Runtime;
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| ctx.import("copy_reg").map(drop))?;
/// # Ok::<(), halfsour::Uncaught>(())
/// ```
#[derive(Debug)]
pub struct Runtime(halfsour_runtime::Runtime);

impl Runtime {
    /// Returns a runtime that speaks Python 2.7.
    #[must_use]
    pub fn python2() -> Self {
        Self::new(Dialect::Python2)
    }

    /// Returns a runtime that speaks Python 3.13.
    #[must_use]
    pub fn python3() -> Self {
        Self::new(Dialect::Python3)
    }

    /// Returns a runtime that speaks a dialect.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        let mut runtime = halfsour_runtime::Runtime::new(dialect);
        let installed = runtime.try_enter(|ctx| install(ctx));
        installed.expect("modules are installed without running a program's code");
        Self(runtime)
    }
}

fn install(ctx: Context<'_>) -> Result<(), Error<'_>> {
    halfsour_copyreg::install(ctx)?;
    halfsour_copyreg::copy::install(ctx)?;
    #[cfg(feature = "stdlib")]
    halfsour_stdlib::install(ctx)?;
    halfsour_pickle::install(ctx)?;
    halfsour_shelve::install(ctx)
}

impl Deref for Runtime {
    type Target = halfsour_runtime::Runtime;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Runtime {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
