//! The modules that Python-shaped code imports: `pickle`, Python 2's `cPickle`, and Python 3's `_pickle`.
//!
//! They are a way of calling: what they do is done by the same machine and the same walk as in Rust, with hooks that
//! are attributes of Python objects in place of closures.

mod arguments;
mod attribute;
mod c_functions;
mod c_pickler;
mod c_unpickler;
mod constants;
mod functions;
mod hooks;
mod kept_memo;
mod loading;
mod long;
mod native;
mod pickler;
mod python3;
mod read_write;
mod saved_load_memo;
mod saved_memo;
mod unpickler;

use std::rc::Rc;

use halfsour_runtime::{Context, Dialect, Result};

use self::loading::Loading;
use crate::flavour::Flavour;
use crate::unpickler::Unpickler;

/// Registers the modules, so that `import` finds them: `pickle`, and `cPickle` in Python 2 or `_pickle` in Python 3.
///
/// They load as [`Unpickler::new`] does: REDUCE calls what the documentation of Python 2 calls safe, and nothing else.
/// [`install_with`] has a choice.
///
/// # Errors
/// MemoryError, in theory only.
///
/// # Examples
/// ```
/// use halfsour_runtime::{IntoValue, Runtime};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     halfsour_copyreg::install(ctx)?;
///     halfsour_pickle::install(ctx)?;
///     let pickle = ctx.import("cPickle")?;
///     let text = pickle.call_method(ctx, "dumps", (vec![1, 2], 2))?;
///     assert_eq!(text.as_bytes().expect("dumps gives a string").as_slice(), b"\x80\x02]q\x01(K\x01K\x02e.");
///     let list = pickle.call_method(ctx, "loads", (text,))?;
///     assert!(list.equals(ctx, vec![1, 2].into_value(ctx))?);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn install(ctx: Context<'_>) -> Result<'_, ()> {
    install_with(ctx, Unpickler::new())
}

/// Registers the modules as [`install`] does; what they load, they load by a configuration of the host's: its limits,
/// what it lets a stream call, and its hooks where a Python object has none of its own.
///
/// The flavour is that of each module, whatever the configuration says.
///
/// # Errors
/// MemoryError, in theory only.
pub fn install_with<'gc>(ctx: Context<'gc>, unpickler: Unpickler<'static>) -> Result<'gc, ()> {
    let unpickler = Rc::new(unpickler);
    if ctx.dialect() == Dialect::Python3 {
        return python3::install(ctx, Loading { unpickler, flavour: Flavour::Python3 });
    }
    let loading = Loading { unpickler: Rc::clone(&unpickler), flavour: Flavour::Pickle };
    let pickle = ctx.new_module("pickle")?;
    constants::install_pickle(ctx, pickle)?;
    functions::install(ctx, pickle, &loading)?;
    let loading = Loading { unpickler, flavour: Flavour::CPickle };
    let cpickle = ctx.new_module("cPickle")?;
    constants::install_cpickle(ctx, cpickle)?;
    c_functions::install(ctx, cpickle, &loading)
}
