//! Objects that show themselves inside themselves.

use crate::context::Context;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Runs `show`, which makes the object's `repr`, unless that is under way further up the call stack already: then
    /// the object is inside itself, and Python writes `...` for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Class, Instance, Runtime, Value};
    ///
    /// Runtime::python2().try_enter(|ctx| {
    ///     let class = Class::builder(ctx, "Ring")
    ///         .method("__repr__", |ctx, this, _| {
    ///             let shown = this.shown_once(ctx, || this.get_attr(ctx, "next")?.repr(ctx));
    ///             shown.unwrap_or_else(|| Ok(ctx.str("...")))
    ///         })
    ///         .build()?;
    ///     let ring = Value::from(Instance::bare(ctx, class));
    ///     ring.set_attr(ctx, "next", ring)?;
    ///     assert_eq!(ring.repr(ctx)?.to::<String>(ctx)?, "...");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn shown_once<T>(self, ctx: Context<'gc>, show: impl FnOnce() -> T) -> Option<T> {
        let Some(address) = self.addr() else { return Some(show()) };
        if !ctx.state.shown.borrow_mut().insert(address) {
            return None;
        }
        let shown = show();
        ctx.state.shown.borrow_mut().remove(&address);
        Some(shown)
    }
}
