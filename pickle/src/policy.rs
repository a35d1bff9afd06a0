//! What a stream may do with what it reaches.

/// Which objects a stream may call, by REDUCE, INST and OBJ.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Callables, Unpickler};
/// use halfsour_runtime::{Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// let outcome = runtime.try_enter(|ctx| {
///     halfsour_copyreg::install(ctx)?;
///     ctx.new_module("launcher")?.function(ctx, "launch", |_, _| Ok(Value::None))?;
///     Unpickler::new().callables(Callables::Safe).loads(ctx, b"clauncher\nlaunch\n(tR.").map(drop)
/// });
/// assert!(outcome.unwrap_err().message().contains("is not safe for unpickling"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callables {
    /// Whatever the stream can name, as CPython since 2.3 really does. What can be named is what the host
    /// registered, or what its `find_class` hook returns.
    #[default]
    Any,
    /// What the documentation of Python 2 says: classes, functions that were declared constructors by
    /// `copy_reg.constructor` or `copy_reg.pickle`, and callables with a true `__safe_for_unpickling__`.
    Safe,
}
