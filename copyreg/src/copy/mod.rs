//! Python's module `copy`: shallow and deep copies of any object.
//!
//! A copy is made the way a pickle is: by `__copy__` or `__deepcopy__` where a class has them, else by what
//! `copy_reg` or `__reduce_ex__` says about the object. Exact built-in types, and instances of classes without any of
//! those hooks, take a short way to the same result.
//!
//! Source of the rules: the Python documentation of `copy`, and CPython 2.7.18 and 3.13.0, measured.

mod atoms;
mod attributes;
mod classic;
mod containers;
mod deep;
mod frame;
mod hooks;
mod memo;
mod module;
mod plan;
mod rebuild;
mod shallow;
mod state;

use halfsour_runtime::{Context, Dict, ExceptionType, Result, Value, exc};

pub use self::module::install;

/// `copy.Error`: raised for an object that no hook tells how to copy.
pub static ERROR: ExceptionType = ExceptionType::new("copy", "Error", &exc::EXCEPTION);

/// Returns a shallow copy (Python's `copy.copy(x)`): a new object with the same parts.
///
/// Atoms, tuples, classes and functions are their own copy.
///
/// # Errors
///
/// `ImportError` if the module `copy_reg` is needed and not installed; [`ERROR`] if the object has no `__reduce_ex__` nor
/// `__reduce__`; `TypeError` or `AssertionError` if a hook returns
/// nonsense; whatever a hook raises.
///
/// # Examples
///
/// ```
/// use halfsour_copyreg::copy;
/// use halfsour_runtime::{List, Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     let inner = Value::from(List::new(ctx));
///     let outer = List::from_vec(ctx, vec![inner]);
///     let copied = copy::copy(ctx, outer.into())?;
///     assert!(!copied.is(outer.into()));
///     assert!(copied.to::<List>(ctx)?.get(0).is_some_and(|item| item.is(inner)));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn copy<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    shallow::copy(ctx, value)
}

/// Returns a deep copy (Python's `copy.deepcopy(x)`): a new object with copies of the parts, in which what was shared
/// is shared again.
///
/// # Errors
///
/// `RuntimeError` (Python 3: `RecursionError`) if the object is nested deeper than the recursion limit allows; else
/// as for [`copy`].
///
/// # Examples
///
/// ```
/// use halfsour_copyreg::copy;
/// use halfsour_runtime::{List, Runtime};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     let list = List::new(ctx);
///     list.push(ctx, list.into());
///     let copied = copy::deepcopy(ctx, list.into())?;
///     assert!(!copied.is(list.into()));
///     assert!(copied.to::<List>(ctx)?.get(0).is_some_and(|item| item.is(copied)));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn deepcopy<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    deep::deepcopy(ctx, value, memo::Memo::private())
}

/// Returns a deep copy with a memo of the caller's (Python's `copy.deepcopy(x, memo)`).
///
/// The memo maps the `id` of an object to its copy; what is in it already is taken, what is copied is added. Its
/// entry for its own `id` is the list of the objects that it keeps alive. A `__deepcopy__` written in Rust passes the
/// memo that it got on.
///
/// # Errors
///
/// As for [`deepcopy`].
pub fn deepcopy_with_memo<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
    memo: Dict<'gc>,
) -> Result<'gc> {
    deep::deepcopy(ctx, value, memo::Memo::shown(memo.into()))
}
