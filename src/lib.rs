//! Python objects in Rust, and a `pickle` that follows CPython to the byte. Without Python.
//!
//! Halfsour is an embeddable object runtime: classes, instances, modules, functions, exceptions, identity and cycles
//! behave as Python documents them, and are defined from Rust. There is no interpreter in it. On top stands the
//! pickle protocol.
//!
//! # A first program
//!
//! ```
//! use halfsour::{Class, Runtime, Value, pickle};
//!
//! let mut runtime = Runtime::python2();
//! let title = runtime.try_enter(|ctx| {
//!     // class Recipe(object), in a module of the name `kitchen`
//!     let kitchen = ctx.new_module("kitchen")?;
//!     kitchen.class_named(ctx, Class::builder(ctx, "Recipe").build()?)?;
//!
//!     // What CPython 2.7 wrote for a Recipe with a title.
//!     let bytes = b"\x80\x02ckitchen\nRecipe\nq\x00)\x81q\x01}q\x02U\x05titleq\x03U\x09Rye breadq\x04sb.";
//!     let recipe = pickle::loads(ctx, bytes)?;
//!
//!     // It goes back to the same bytes.
//!     assert_eq!(pickle::Pickler::new().protocol(2).dumps(ctx, recipe)?, bytes);
//!     recipe.get_attr(ctx, "title")?.to::<String>(ctx)
//! })?;
//! assert_eq!(title, "Rye bread");
//! # Ok::<(), halfsour::Uncaught>(())
//! ```
//!
//! # The parts
//!
//! - [`Runtime`] owns a heap; [`Context`] is the way into it, [`Value`] any object in it, [`Stashed`] what outlives an
//!   `enter`.
//! - [`Class`], [`ClassicClass`], [`Module`] and [`Function`] are how a program defines what pickles refer to.
//! - [`Error`] is an exception inside, [`Uncaught`] one that got out; [`exc`] names the built-in ones.
//! - [`pickle`] reads and writes, [`copyreg`] is `copy_reg` and `copy`, and `stdlib` (a feature, on by default) has the
//!   library classes that pickles are full of. `pickle::serde` (feature `serde`) reads and writes types of your own.
//! - [`shelve`] keeps objects in files, [`graph`] looks at them.
//! - [`guide`] says how to use all of that, [`comparison`] what others do better.
//!
//! What it does not do: run Python code, import files, or do I/O on its own.
//!
//! # Features
//!
//! - `stdlib` (default): the library classes, in [`Runtime`] and as the module `stdlib`.
//! - `derive` (default): Rust types as Python classes, `#[derive(NativeClass)]` and `#[native_methods]`.
//! - `serde`: pickles from and to any type of serde, `pickle::serde`.
//! - `sqlite`: shelves in the files of Python 3.13's `dbm.sqlite3`; compiles SQLite, which is C.
//! - `redis`: shelves on a Redis Cluster.
//! - `wasm-js`: on `wasm32-unknown-unknown`, random keys for hash tables from the JavaScript around it. Without, these keys
//!   are the same in every run there, and a pickle can be made whose keys collide.

#[doc(inline)]
pub use halfsour_runtime::{
    Args, Builtin, ByteArray, Bytes, Class, ClassBuilder, ClassicClass, ClassicClassBuilder,
    ClassicInstance, Complex, Context, Dialect, Dict, Error, ExceptionType, Fetch, FromArgs,
    FromValue, FrozenSet, Function, Instance, IntoArgs, IntoName, IntoValue, Iter, List, Location,
    Long, Method, Module, Name, Names, NativeBuilder, NativeClass, Range, Result, Set, Slice,
    Stash, Stashed, Traced, Tuple, Types, Uncaught, Unicode, Value, codepoints, exc, mangle, value,
};

#[doc(inline)]
pub use halfsour_runtime::native;

#[cfg(feature = "derive")]
#[doc(inline)]
pub use halfsour_derive::{NativeClass, native_methods};

#[doc(inline)]
pub use halfsour_copyreg as copyreg;
#[doc(inline)]
pub use halfsour_graph as graph;
#[doc(inline)]
pub use halfsour_pickle as pickle;
#[doc(inline)]
pub use halfsour_shelve as shelve;
#[cfg(feature = "stdlib")]
#[doc(inline)]
pub use halfsour_stdlib as stdlib;

pub mod guide;

#[doc = include_str!("../docs/comparison.md")]
pub mod comparison {}

#[doc = include_str!("../docs/serde-pickle.md")]
pub mod coming_from_serde_pickle {}

mod runtime;

pub use self::runtime::Runtime;

/// Runs the examples of README.md as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
