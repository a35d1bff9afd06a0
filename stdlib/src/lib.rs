//! The classes of Python's library that pickles are full of, for halfsour: `collections`, `datetime`, `decimal` and
//! their like, in both dialects.
//!
//! Each is what a program needs of it as data: it is made with Python's checks, has its attributes, compares, hashes and
//! shows itself as in CPython, and is reduced as CPython's own class is, so that a pickler writes the same bytes.
//! [`install`] makes the modules known; each is filled when it is first imported.
//!
//! # Examples
//!
//! ```
//! use halfsour_runtime::{Runtime, Value};
//!
//! let mut runtime = Runtime::python3();
//! let shown = runtime.try_enter(|ctx| {
//!     halfsour_stdlib::install(ctx)?;
//!     let deque = ctx.import_from("collections", "deque")?;
//!     let last = deque.call(ctx, (vec![1, 2, 3], 2))?;
//!     last.repr(ctx)?.to::<String>(ctx)
//! })?;
//! assert_eq!(shown, "deque([2, 3], maxlen=2)");
//! # Ok::<(), halfsour_runtime::Uncaught>(())
//! ```

mod array;
pub mod collections;
pub mod datetime;
pub mod decimal;
pub mod enumeration;
mod fractions;
mod functools;
mod ipaddress;
mod modules;
mod pathlib;
mod random;
mod re;
mod support;
mod time;
pub mod uuid;

pub use self::modules::install;

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
