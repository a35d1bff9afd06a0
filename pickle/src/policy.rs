//! What a stream may do with what it reaches.

use crate::tools::{Target, Use};

/// A host's policy: may a stream use something so?
pub(crate) type Allows<'p> = dyn Fn(&Target, Use) -> bool + 'p;

/// Which objects a stream may call, by REDUCE, INST and OBJ.
///
/// [`Unpickler::policy`](crate::Unpickler::policy) decides use by use instead.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Callables, Unpickler};
/// use halfsour_runtime::{Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// let stream = b"clauncher\nlaunch\n(tR.";
/// runtime.try_enter(|ctx| {
///     halfsour_copyreg::install(ctx)?;
///     let module = ctx.new_module("launcher")?;
///     let launch = module.function(ctx, "launch", |_, _| Ok(Value::Int(3)))?;
///     let refused = Unpickler::new().loads(ctx, stream).unwrap_err();
///     assert!(refused.message(ctx).contains("is not safe for unpickling"));
///
///     let any = Unpickler::new().callables(Callables::Any);
///     assert!(any.loads(ctx, stream)?.is(Value::Int(3)));
///     // Or for this function alone:
///     halfsour_copyreg::constructor(ctx, launch.into())?;
///     assert!(Unpickler::new().loads(ctx, stream)?.is(Value::Int(3)));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callables {
    /// Whatever the stream can name, as CPython since 2.3 really does. What can be named is what the host
    /// registered, or what its `find_class` hook returns.
    Any,
    /// What the documentation of Python 2 says: classes, functions that were declared constructors by
    /// `copy_reg.constructor` or `copy_reg.pickle`, and callables with a true `__safe_for_unpickling__`.
    ///
    /// `copy_reg`'s own helpers are declared. A class in a class, which Python 3 writes as a call of `getattr` below
    /// protocol 4, is found as protocol 4 finds it.
    // DIFFERENCE: 2.7.18 checks nothing of this any more; the documentation still promises it.
    #[default]
    Safe,
}
