//! Sequences, tuples, maps and structs: the parts of what has parts.

use ::serde::ser::{self, Serialize};

use super::Serializer;
use crate::opcode::Opcode;
use crate::serde::{Error, Result};

/// How many items are added by one opcode.
const BATCH: usize = 1000;

/// A value with parts that is being written.
pub(in crate::serde) struct Compound<'w, 's> {
    serializer: &'w mut Serializer<'s>,
    kind: Kind,
    /// How many parts have been written: items, or pairs of key and value.
    count: usize,
    /// What is written at the end, apart from what ends the parts.
    ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    /// A tuple, of which the length is known or is not.
    Tuple(Option<usize>),
    Dict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Nothing,
    /// The parts are the state of an instance, which may itself be the key of a dict.
    Instance {
        is_key: bool,
    },
    /// The parts are in a variant.
    Variant,
}

impl<'w, 's> Compound<'w, 's> {
    pub(super) fn new(
        serializer: &'w mut Serializer<'s>,
        kind: Kind,
        ending: Ending,
    ) -> Result<Self> {
        match kind {
            Kind::List => serializer.begin_list()?,
            Kind::Dict => serializer.begin_dict()?,
            Kind::Tuple(length) => serializer.begin_tuple(length.unwrap_or(usize::MAX))?,
        }
        Ok(Self { serializer, kind, count: 0, ending })
    }

    /// Before each item or pair.
    #[inline]
    fn begin_part(&mut self) {
        if matches!(self.kind, Kind::Tuple(_)) || !self.serializer.encoder.is_binary() {
            return;
        }
        if self.count.is_multiple_of(BATCH) {
            if self.count > 0 {
                self.end_batch();
            }
            self.serializer.encoder.op(Opcode::MARK);
        }
    }

    /// Behind each item or pair.
    #[inline]
    fn end_part(&mut self) {
        self.count += 1;
        if !self.serializer.encoder.is_binary() {
            match self.kind {
                Kind::List => self.serializer.encoder.op(Opcode::APPEND),
                Kind::Dict => self.serializer.encoder.op(Opcode::SETITEM),
                Kind::Tuple(_) => {}
            }
        }
    }

    fn end_batch(&mut self) {
        let opcode = if self.kind == Kind::Dict { Opcode::SETITEMS } else { Opcode::APPENDS };
        self.serializer.encoder.op(opcode);
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<()> {
        self.begin_part();
        item.serialize(&mut *self.serializer)?;
        self.end_part();
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.begin_part();
        self.serializer.name(name)?;
        value.serialize(&mut *self.serializer)?;
        self.end_part();
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        match self.kind {
            Kind::Tuple(Some(length)) => self.serializer.end_tuple(length),
            Kind::Tuple(None) => self.serializer.encoder.op(Opcode::TUPLE),
            _ if self.count > 0 && self.serializer.encoder.is_binary() => self.end_batch(),
            _ => {}
        }
        match self.ending {
            Ending::Nothing => {}
            Ending::Instance { is_key } => {
                self.serializer.encoder.op(Opcode::BUILD);
                self.serializer.is_key = is_key;
            }
            Ending::Variant => self.serializer.end_variant(),
        }
        Ok(())
    }
}

impl ser::SerializeSeq for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeTuple for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeTupleStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeTupleVariant for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.begin_part();
        let is_key = std::mem::replace(&mut self.serializer.is_key, true);
        key.serialize(&mut *self.serializer)?;
        self.serializer.is_key = is_key;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(&mut *self.serializer)?;
        self.end_part();
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.field(name, value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.field(name, value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}
