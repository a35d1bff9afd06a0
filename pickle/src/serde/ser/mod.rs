//! The serializer: values as opcodes.

mod compound;
mod names;
mod shapes;

use std::collections::HashMap;
use std::io;

use num_bigint::BigInt;

use super::{Category, Error, Result, Writer};
use crate::encode::{Encoder, TooLong};
use crate::opcode::Opcode;

/// A value that is being written.
pub(super) struct Serializer<'s> {
    writer: &'s mut dyn io::Write,
    encoder: Encoder,
    options: &'s Writer<'s>,
    /// The memo numbers of names of fields and variants.
    names: HashMap<&'static str, u32>,
    /// The memo numbers of the classes that structs are written as; `None` for those that are dicts.
    classes: HashMap<&'static str, Option<u32>>,
    /// The memo number of the function that makes bytes of text.
    encode: Option<u32>,
    memoized: u32,
    /// Whether it is the key of a dict, or in one.
    is_key: bool,
}

/// How many bytes are written in one go.
const PIECE: usize = 1 << 16;

impl<'s> Serializer<'s> {
    pub(super) fn new(
        writer: &'s mut dyn io::Write,
        mut encoder: Encoder,
        options: &'s Writer<'s>,
    ) -> Self {
        encoder.begin();
        Self {
            writer,
            encoder,
            options,
            names: HashMap::new(),
            classes: HashMap::new(),
            encode: None,
            memoized: 0,
            is_key: false,
        }
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.encoder.end();
        self.flush()
    }

    /// Before each object.
    #[inline]
    fn begin(&mut self) -> Result<()> {
        self.encoder.begin_object();
        if self.encoder.ready().len() < PIECE { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        self.writer.write_all(self.encoder.ready())?;
        self.encoder.discard_ready();
        Ok(())
    }

    /// Begins an object without parts.
    #[inline]
    fn atom(&mut self) -> Result<&mut Encoder> {
        self.begin()?;
        Ok(&mut self.encoder)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.atom()?.unicode(text.as_bytes()).map_err(too_long)
    }

    fn big(&mut self, value: BigInt) -> Result<()> {
        self.atom()?.long(&value);
        Ok(())
    }

    /// Whether there are opcodes for tuples of one, two and three items, and for objects of classes.
    const fn has_protocol_2(&self) -> bool {
        self.encoder.protocol() >= 2
    }

    /// Ends a tuple of so many items, which began with a mark unless [`is_counted`](Self::is_counted).
    fn end_tuple(&mut self, length: usize) {
        let opcode = match length {
            0 if self.encoder.is_binary() => Opcode::EMPTY_TUPLE,
            1 if self.has_protocol_2() => Opcode::TUPLE1,
            2 if self.has_protocol_2() => Opcode::TUPLE2,
            3 if self.has_protocol_2() => Opcode::TUPLE3,
            _ => Opcode::TUPLE,
        };
        self.encoder.op(opcode);
    }

    fn begin_tuple(&mut self, length: usize) -> Result<()> {
        self.begin()?;
        if !self.is_counted(length) {
            self.encoder.op(Opcode::MARK);
        }
        Ok(())
    }

    /// Whether a tuple of so many items has an opcode of its own.
    const fn is_counted(&self, length: usize) -> bool {
        match length {
            0 => self.encoder.is_binary(),
            1..=3 => self.has_protocol_2(),
            _ => false,
        }
    }

    /// An empty list or dict, to which items are added.
    fn begin_container(&mut self, empty: Opcode, of_mark: Opcode) -> Result<()> {
        if self.is_key && empty == Opcode::EMPTY_DICT {
            return Err(unhashable());
        }
        self.begin()?;
        if self.encoder.is_binary() {
            self.encoder.op(empty);
        } else {
            self.encoder.op(Opcode::MARK);
            self.encoder.op(of_mark);
        }
        Ok(())
    }

    fn begin_dict(&mut self) -> Result<()> {
        self.begin_container(Opcode::EMPTY_DICT, Opcode::DICT)
    }

    fn begin_list(&mut self) -> Result<()> {
        self.begin_container(Opcode::EMPTY_LIST, Opcode::LIST)
    }
}

#[cold]
fn unhashable() -> Error {
    Error::new(Category::Unsupported, "a dict cannot be the key of a dict")
}

#[cold]
fn too_long(_: TooLong) -> Error {
    Error::new(Category::Unsupported, "a string is longer than the protocol has room to say")
        .with_hint("protocol 4 and later have room for any length")
}
