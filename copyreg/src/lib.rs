//! `copy_reg` (`copyreg` in Python 3) for halfsour: how objects say what they are made of again.
//!
//! The module keeps reducers by type, constructors that pickles may call, and extension codes; and it has the
//! functions that pickles name: `_reconstructor`, `__newobj__`. All of its state is in the Python module, as in
//! CPython, so that a program and the Rust functions here see the same.
//!
//! [`copy`](mod@copy) is Python's module of that name, which copies objects by the same rules that pickles follow.
//!
//! # Examples
//!
//! ```
//! use halfsour_runtime::{Runtime, Value};
//!
//! let mut runtime = Runtime::python2();
//! runtime.try_enter(|ctx| {
//!     halfsour_copyreg::install(ctx)?;
//!     halfsour_copyreg::add_extension(ctx, "kitchen", "Jar", 240)?;
//!     let code = halfsour_copyreg::extension_code(ctx, ctx.str("kitchen"), ctx.str("Jar"))?;
//!     assert!(code.is_some_and(|code| code.is(Value::Int(240))));
//!     Ok(())
//! })?;
//! # Ok::<(), halfsour_runtime::Uncaught>(())
//! ```

pub mod copy;

mod extension;
mod module;
mod newobj;
mod reconstruct;
mod reducers;
mod slotnames;

pub use self::extension::{add_extension, extension_code, remove_extension};
pub use self::module::install;
pub use self::reducers::{constructor, is_constructor, pickle, reducer_of};
pub use self::slotnames::slotnames;

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
