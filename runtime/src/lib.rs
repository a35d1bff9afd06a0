//! The object runtime of halfsour: Python objects, classes and modules, defined from Rust, without an interpreter.
//!
//! # Features
//!
//! - `wasm-js`: on `wasm32-unknown-unknown`, random keys for hash tables from the JavaScript around it. Without, these keys
//!   are the same in every run there, and data can be made whose keys collide.
//!
//! On WebAssembly calls of native code by native code nest to 100, as its stack does not grow.

mod address_table;
mod allowance;
mod args;
mod attr;
mod builtins;
mod call;
mod class;
mod context;
mod convert;
mod depth;
mod descriptor;
mod dialect;
mod error;
mod exception;
mod exception_type;
mod finalizers;
mod function;
mod handle;
mod hash_order;
mod instance;
mod iter;
#[doc(hidden)]
pub mod literal;
mod module;
mod name;
pub mod native;
mod ops;
mod payload;
mod recent_names;
pub mod reduce;
mod referents;
mod runtime;
mod short_copy;
mod stash;
mod state;
mod super_object;
mod text;
mod types;
mod value;
mod weakref;

pub use self::address_table::{AddressEntry, AddressTable};
pub use self::args::{Args, FromArgs, IntoArgs};
pub use self::builtins::{HostBuffer, HostFile};
pub use self::class::{Class, ClassBuilder, ClassicClass, ClassicClassBuilder, mangle};
pub use self::context::Context;
pub use self::convert::{FromValue, IntoValue};
pub use self::dialect::Dialect;
pub use self::error::{Error, Location, Result, Uncaught};
pub use self::exception_type::{ExceptionType, exc};
pub use self::function::{Builtin, Function, Method};
pub use self::instance::{ClassicInstance, Instance};
pub use self::iter::Iter;
pub use self::module::Module;
pub use self::name::{IntoName, Name};
pub use self::native::{NativeBuilder, NativeClass};
pub use self::ops::Operator;
pub use self::payload::Traced;
pub use self::runtime::Runtime;
pub use self::short_copy::short_copy;
pub use self::stash::{Fetch, Stash, Stashed};
pub use self::state::{Names, Types};
pub use self::text::{codecs, codepoints, float_text, int_text, string_text};
pub use self::types::{
    ByteArray, Bytes, Complex, Dict, DictCopy, FrozenSet, List, Long, Range, Set, Slice, Tuple,
    Unicode,
};
pub use self::value::Value;

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
