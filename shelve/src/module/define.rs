//! [`Define`]: methods of a class, classic in Python 2 and of the one kind in Python 3.

use halfsour_runtime::{Args, ClassBuilder, ClassicClassBuilder, Context, Result, Value};

/// What takes methods.
pub(super) trait Define: Sized {
    /// Adds a method.
    fn define(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self;
}

impl Define for ClassBuilder<'_> {
    fn define(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.method(name, code)
    }
}

impl Define for ClassicClassBuilder<'_> {
    fn define(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.method(name, code)
    }
}
