//! `pickle` for halfsour: reads and writes Python's pickles, byte for byte as CPython does, without Python.
//!
//! [`loads`] and [`load`] read, [`dumps`] and [`dump`] write, each with the defaults of the runtime's dialect.
//! [`Unpickler`] and [`Pickler`] have the options: protocol, hooks for persistent ids and globals, limits, what a
//! stream may call, and the [`Flavour`], which of CPython's implementations to follow where they differ. A
//! session ([`UnpicklerSession`], [`PicklerSession`]) is for several pickles over one memo. [`tools`] looks at
//! streams without loading them; it stands on the table of opcodes ([`Opcode`]), as everything here does.
//!
//! # Examples
//!
//! ```
//! use halfsour_pickle::{Pickler, loads};
//! use halfsour_runtime::{Class, Runtime};
//!
//! let mut runtime = Runtime::python2();
//! runtime.try_enter(|ctx| {
//!     let jar = Class::builder(ctx, "Jar").build()?;
//!     ctx.new_module("larder")?.class_named(ctx, jar)?;
//!
//!     // What CPython 2.7 wrote for a Jar that contains itself.
//!     let bytes = b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x06insideq\x03h\x01sb.";
//!     let jar = loads(ctx, bytes)?;
//!     assert!(jar.get_attr(ctx, "inside")?.is(jar));
//!     assert_eq!(Pickler::new().protocol(2).dumps(ctx, jar)?, bytes);
//!     Ok(())
//! })?;
//! # Ok::<(), halfsour_runtime::Uncaught>(())
//! ```
//!
//! # What it does not do
//!
//! It imports nothing that the host did not register, and runs no Python code.
//!
//! # Features
//!
//! - `serde`: pickles from and to any type of serde, the module `serde`.
//! - `wasm-js`: on `wasm32-unknown-unknown`, random keys for hash tables from the JavaScript around it.

// No index panics on input. Where numbers of a stream are read, no sum does either (`decode`, `source`, `tools`). Elsewhere
// what adds up are lengths and counts of what is in memory; in tests and fuzzing, overflow of those is looked for.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod compat_names;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod decode;
mod encode;
mod exceptions;
mod flavour;
mod limits;
mod load;
mod module;
mod opaque;
mod opcode;
mod pickle_buffer;
mod pickler;
mod policy;
mod save;
#[cfg(feature = "serde")]
pub mod serde;
mod sink;
mod snapshot;
#[cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]
mod source;
pub mod tools;
mod unpickler;

pub use self::exceptions::{PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR, cpickle};
pub use self::flavour::Flavour;
pub use self::limits::Limits;
pub use self::module::{install, install_with};
pub use self::opaque::{MadeBy, Missing, Opaque, OpaqueGlobal};
pub use self::opcode::{Argument, Opcode, StackItem};
pub use self::pickle_buffer::{PickleBuffer, Placement, pickle_buffer_class};
pub use self::pickler::{HIGHEST_PROTOCOL, Pickler, PicklerSession, dump, dumps};
pub use self::policy::Callables;
pub use self::sink::{PythonFile, Sink};
pub use self::snapshot::{Snapshot, Snapshots};
pub use self::source::{PythonReader, Source, TextMode};
pub use self::unpickler::{Unpickler, UnpicklerSession, load, loads};

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
