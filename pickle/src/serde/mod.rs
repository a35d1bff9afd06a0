//! Pickles from and to any type of `serde`, with or without a runtime (feature `serde`).
//!
//! [`from_slice`] and [`from_reader`] read a stream into a type, [`to_vec`] and [`to_writer`] write a value; no runtime
//! takes part, nothing is imported, made or called. [`from_value`] and [`to_value`] do the same with the objects in the
//! heap of a runtime. [`Reader`] and [`Writer`] have the options.
//!
//! # Examples
//!
//! ```
//! use halfsour_pickle::serde::{from_slice, to_vec};
//!
//! #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
//! struct Jar<'a> {
//!     label: &'a str,
//!     grams: u32,
//!     lid: Option<bool>,
//! }
//!
//! // What CPython 3 writes for an instance of a class Jar. The label is not copied.
//! let bytes = b"\x80\x04\x95\x32\0\0\0\0\0\0\0\x8c\x07kitchen\x94\x8c\x03Jar\x94\x93\x94)\x81\x94}\x94(\
//!               \x8c\x05label\x94\x8c\x04Dill\x94\x8c\x05grams\x94M\xf4\x01ub.";
//! let jar: Jar = from_slice(bytes)?;
//! assert_eq!(jar, Jar { label: "Dill", grams: 500, lid: None });
//!
//! // Structs are written as dicts, unless Writer::classes says otherwise.
//! assert_eq!(from_slice::<Jar>(&to_vec(&jar)?)?, jar);
//! # Ok::<(), halfsour_pickle::serde::Error>(())
//! ```
//!
//! # What becomes what
//!
//! | Python | read as | written for |
//! |---|---|---|
//! | `None` | unit, `None` | unit, unit structs, `None` |
//! | `bool`, `int`, `float` | bools; any number that has room for it | the same |
//! | `str` (Python 2: `unicode`) | text, `char`, the name of a variant | text, `char`, names |
//! | Python 2's `str` | text if it is UTF-8 ([`Strings`]), bytes where bytes are asked for | |
//! | `bytes`, `bytearray` | bytes; sequences of `u8` | bytes |
//! | `list`, `tuple`, `set`, `frozenset`, `deque` | sequences, tuples | sequences: `list`; tuples: `tuple` |
//! | `dict`, `OrderedDict`, `defaultdict`, `Counter` | maps, structs | maps, structs: `dict` |
//! | an instance | a struct or variant of its class's name ([`Classes`]) | structs by [`Writer::classes`] |
//! | a named tuple | a struct by the order of its fields, a tuple struct | |
//! | a member of an enum | a variant of the name that is its value | |
//! | `Decimal`, `Fraction`, `UUID`, paths | text | |
//! | `date`, `time`, `datetime` | text in ISO 8601 | |
//! | `complex`, `timedelta`, `slice`, `range` | the tuple of its parts | |
//!
//! - An instance is the items or entries that it has as a list or dict, else its attributes, those of slots included, else
//!   the arguments that its class was called with. A single argument may be asked for as a number or text, or as a map if it
//!   is a dict. A state that is not of attributes (a tuple, say) is read in the place of the instance. [`Parts`] has class,
//!   arguments and state. Where a pickle calls a function in the place of the class, that is the class here.
//! - Enums are written as `serde_json` writes them: `'Name'`, `{'Name': content}`; [`Enums::Tuples`] is the other way. Both
//!   are read.
//! - A named tuple, and an instance where [`Classes`] admits its class, can be read into a plain tuple, and into maps.
//! - The variants of an enum may be classes: where an instance's class is called as one, it is that variant.
//! - `Some(None)` is `None`; a type that has no field for something ignores it, unseen.
//!
//! # Bad input
//!
//! A stream may say anything. Its lengths are claims, and memory is taken as data arrives. Nesting is limited
//! ([`Reader::nesting`]), as types are read with Rust's stack. Shared objects are read once for each reference, within a limit
//! ([`Reader::repeats`]), and objects that contain themselves are refused ([`Cycles`]). Each [`Error`] has the offset or the path
//! of what is at fault.

mod arena;
mod class;
mod de;
mod error;
mod graph;
mod heap;
mod one_pickle;
mod options;
mod parts;
mod reader;
mod ser;
mod writer;

use std::io;

use ::serde::de::{Deserialize, DeserializeOwned};
use ::serde::ser::Serialize;
use halfsour_runtime::{Context, Value};

pub use self::error::{Category, Error, Result};
pub use self::options::{BigInts, Classes, Cycles, Sharing, Strings};
pub use self::parts::Parts;
pub use self::reader::Reader;
pub use self::writer::{Enums, Writer};

/// Reads a pickle in memory into a type, which may borrow text and bytes from it.
///
/// # Errors
/// When the bytes are no sound pickle of data that the type wants, or go on behind it.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::from_slice;
///
/// // {'dill': (3, 4)}, as CPython 2.7 writes it.
/// let bytes = b"(dp0\nS'dill'\np1\n(I3\nI4\ntp2\ns.";
/// let jars: std::collections::HashMap<&str, Vec<i64>> = from_slice(bytes)?;
/// assert_eq!(jars["dill"], [3, 4]);
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T> {
    Reader::new().from_slice(bytes)
}

/// Reads the next pickle of a reader into a type, and nothing behind it.
///
/// Reads are many and small, so that a file is best wrapped in an [`io::BufReader`].
///
/// # Errors
/// As [`from_slice`]; [`Category::Io`] when the reader fails, [`Category::Eof`] when it is at its end.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::{Category, from_reader};
///
/// let mut file: &[u8] = b"K\x07.K\x08.";
/// assert_eq!(from_reader::<u8>(&mut file)?, 7);
/// assert_eq!(from_reader::<u8>(&mut file)?, 8);
/// assert_eq!(from_reader::<u8>(&mut file).unwrap_err().category(), Category::Eof);
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
pub fn from_reader<T: DeserializeOwned>(reader: impl io::Read) -> Result<T> {
    Reader::new().from_reader(reader)
}

/// Reads an object of a runtime into a type, which may borrow text and bytes from the heap.
///
/// Instances are taken apart as for a pickle (`__reduce_ex__`), which may run their code.
///
/// # Errors
/// When the object is not what the type wants; [`Category::Python`] when its code raises.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::from_value;
/// use halfsour_runtime::{Runtime, value};
///
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     let jars = value!(ctx, [("dill", 3), ("salt", 4)])?;
///     let jars: Vec<(&str, u8)> = from_value(ctx, jars)?;
///     assert_eq!(jars, [("dill", 3), ("salt", 4)]);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn from_value<'gc, T: Deserialize<'gc>>(ctx: Context<'gc>, value: Value<'gc>) -> Result<T> {
    Reader::new().from_value(ctx, value)
}

/// Returns a value's pickle, of protocol 4.
///
/// # Errors
/// When Python has no counterpart for the value: a map with a map for a key, or text of more than 4 GiB at a low protocol.
///
/// # Examples
/// ```
/// assert_eq!(halfsour_pickle::serde::to_vec(&(1, "a"))?, b"\x80\x04\x95\x07\0\0\0\0\0\0\0K\x01\x8c\x01a\x86.");
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    Writer::new().to_vec(value)
}

/// Writes a value's pickle, of protocol 4. When it fails, what was written until then is in the writer.
///
/// # Errors
/// As [`to_vec`]; [`Category::Io`] when the writer fails.
///
/// # Examples
/// ```
/// let mut file = Vec::new();
/// halfsour_pickle::serde::to_writer(&mut file, &true)?;
/// assert_eq!(file, b"\x80\x04\x88.");
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
pub fn to_writer<T: Serialize + ?Sized>(writer: impl io::Write, value: &T) -> Result<()> {
    Writer::new().to_writer(writer, value)
}

/// Makes an object of a runtime from a value.
///
/// # Errors
/// As [`to_vec`]; [`Category::Python`] when [`Writer::classes`] names a class that is not there, or that raises.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::to_value;
/// use halfsour_runtime::{Runtime, value};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     let jars = to_value(ctx, &vec![Some(3), None])?;
///     assert!(jars.equals(ctx, value!(ctx, [3, None])?)?);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_value<'gc, T: Serialize + ?Sized>(ctx: Context<'gc>, value: &T) -> Result<Value<'gc>> {
    Writer::new().to_value(ctx, value)
}
