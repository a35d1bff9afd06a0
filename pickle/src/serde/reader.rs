//! [`Reader`]: how pickles and objects are read into types.

use std::io;

use ::serde::de::{Deserialize, DeserializeOwned};
use halfsour_runtime::{Context, Value};

use super::arena::{self, Arena};
use super::de::{Deserializer, Walk};
use super::graph::Graph;
use super::heap::Heap;
use super::one_pickle::read_one;
use super::options::{BigInts, Classes, Cycles, Sharing, Strings};
use super::{Category, Error, Result};
use crate::limits::Limits;

/// How to read pickles and objects into types: a configuration, good for any number of reads.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::{Classes, Reader, Strings};
///
/// let reader = Reader::new().classes(Classes::Any).strings(Strings::Latin1);
/// assert_eq!(reader.from_slice::<String>(b"U\x04Caf\xe9.")?, "Caf\u{e9}");
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) classes: Classes,
    pub(super) strings: Strings,
    pub(super) sharing: Sharing,
    pub(super) cycles: Cycles,
    pub(super) big_ints: BigInts,
    pub(super) lossy_text: bool,
    pub(super) text_keys: bool,
    pub(super) limits: Limits,
    pub(super) nesting: usize,
    pub(super) repeats: Option<u64>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// Returns the default configuration.
    pub const fn new() -> Self {
        Self {
            classes: Classes::SameName,
            strings: Strings::Utf8,
            sharing: Sharing::Copied,
            cycles: Cycles::Refused,
            big_ints: BigInts::Refused,
            lossy_text: false,
            text_keys: false,
            limits: Limits::new(),
            nesting: 128,
            repeats: None,
        }
    }

    /// Sets which instances are read; by default those of a class that is called as the type.
    pub fn classes(mut self, classes: Classes) -> Self {
        self.classes = classes;
        self
    }

    /// Sets what Python 2's strings are; by default text, as far as they are UTF-8.
    pub const fn strings(mut self, strings: Strings) -> Self {
        self.strings = strings;
        self
    }

    /// Sets what happens to shared objects; by default each reference to one gets a copy.
    pub const fn sharing(mut self, sharing: Sharing) -> Self {
        self.sharing = sharing;
        self
    }

    /// Sets what happens to objects that contain themselves; by default they are refused.
    pub const fn cycles(mut self, cycles: Cycles) -> Self {
        self.cycles = cycles;
        self
    }

    /// Sets what happens to ints of more than 128 bits; by default they are refused.
    pub const fn big_ints(mut self, big_ints: BigInts) -> Self {
        self.big_ints = big_ints;
        self
    }

    /// Sets whether surrogates that stand alone in a text are replaced by U+FFFD; by default such a text is refused.
    pub const fn lossy_text(mut self, lossy: bool) -> Self {
        self.lossy_text = lossy;
        self
    }

    /// Sets whether a key that is a number or a bool is read as text where text is asked for, as for a map of JSON; by default
    /// it is refused.
    pub const fn text_keys(mut self, text: bool) -> Self {
        self.text_keys = text;
        self
    }

    /// Sets what reading a stream may cost; by default [`Limits::new`].
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how deep objects may be nested; by default 128.
    ///
    /// Each level takes some of Rust's stack, how much is up to the types that are read, as it is when such a value is
    /// dropped.
    pub const fn nesting(mut self, levels: usize) -> Self {
        self.nesting = levels;
        self
    }

    /// Sets how many parts of shared objects may be read again; by default a million, and eight times as many as were read
    /// once.
    ///
    /// A few objects that refer to each other many times could otherwise be read into a value of any size.
    pub const fn repeats(mut self, parts: u64) -> Self {
        self.repeats = Some(parts);
        self
    }

    /// Reads a pickle in memory, as [`from_slice`](super::from_slice).
    ///
    /// # Errors
    /// When the bytes are no sound pickle of data that the type wants, or go on behind it.
    pub fn from_slice<'de, T: Deserialize<'de>>(&self, bytes: &'de [u8]) -> Result<T> {
        let arena = arena::read(bytes, &self.limits)?;
        if arena.end < bytes.len() {
            let error = Error::new(Category::Stream, "the bytes go on behind the pickle");
            return Err(error
                .at_offset(arena.end)
                .with_hint("Reader::from_prefix says where the pickle ends"));
        }
        self.read(&arena)
    }

    /// Reads the pickle at the beginning of bytes in memory; returns also where it ends.
    ///
    /// # Errors
    /// When the bytes do not begin with a sound pickle of data that the type wants.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::serde::Reader;
    ///
    /// let (first, end) = Reader::new().from_prefix::<u8>(b"K\x07.K\x08.")?;
    /// assert_eq!((first, end), (7, 3));
    /// # Ok::<(), halfsour_pickle::serde::Error>(())
    /// ```
    pub fn from_prefix<'de, T: Deserialize<'de>>(&self, bytes: &'de [u8]) -> Result<(T, usize)> {
        let arena = arena::read(bytes, &self.limits)?;
        Ok((self.read(&arena)?, arena.end))
    }

    /// Reads the next pickle of a reader, as [`from_reader`](super::from_reader).
    ///
    /// # Errors
    /// As [`from_slice`](Self::from_slice); [`Category::Io`] when the reader fails, [`Category::Eof`] when it is at its end.
    pub fn from_reader<T: DeserializeOwned>(&self, mut reader: impl io::Read) -> Result<T> {
        let bytes = read_one(&mut reader, &self.limits)?;
        self.from_slice(&bytes)
    }

    /// Reads an object of a runtime, as [`from_value`](super::from_value).
    ///
    /// # Errors
    /// When the object is not what the type wants; [`Category::Python`] when its code raises.
    pub fn from_value<'gc, T: Deserialize<'gc>>(
        &self,
        ctx: Context<'gc>,
        value: Value<'gc>,
    ) -> Result<T> {
        self.walk(&Heap::new(ctx), value)
    }

    fn read<'de, T: Deserialize<'de>>(&self, arena: &Arena<'de>) -> Result<T> {
        self.walk(arena, arena.root)
    }

    fn walk<'de, G: Graph<'de>, T: Deserialize<'de>>(
        &self,
        graph: &G,
        root: G::Handle,
    ) -> Result<T> {
        let walk = Walk::new(graph, self);
        T::deserialize(Deserializer::new(&walk, root))
    }
}
