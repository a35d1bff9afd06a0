//! What each shape of serde's data model is written as.

use ::serde::ser::{self, Serialize};
use num_bigint::BigInt;

use super::compound::{Compound, Ending, Kind};
use super::{Serializer, too_long};
use crate::opcode::Opcode;
use crate::serde::{Enums, Error, Result};

impl<'s> Serializer<'s> {
    /// Begins a variant with something in it.
    fn begin_variant(&mut self, variant: &'static str) -> Result<()> {
        match self.options.enums {
            Enums::Dicts => self.begin_dict()?,
            Enums::Tuples => self.begin_tuple(2)?,
        }
        self.name(variant)
    }

    /// Ends a variant with something in it.
    pub(super) fn end_variant(&mut self) {
        match self.options.enums {
            Enums::Dicts => self.encoder.op(Opcode::SETITEM),
            Enums::Tuples => self.end_tuple(2),
        }
    }

    /// A sequence: a list, or in the key of a dict, where no list may be, a tuple.
    fn sequence(&mut self, length: Option<usize>, ending: Ending) -> Result<Compound<'_, 's>> {
        let kind = if self.is_key { Kind::Tuple(length) } else { Kind::List };
        Compound::new(self, kind, ending)
    }
}

impl<'w, 's> ser::Serializer for &'w mut Serializer<'s> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'w, 's>;
    type SerializeTuple = Compound<'w, 's>;
    type SerializeTupleStruct = Compound<'w, 's>;
    type SerializeTupleVariant = Compound<'w, 's>;
    type SerializeMap = Compound<'w, 's>;
    type SerializeStruct = Compound<'w, 's>;
    type SerializeStructVariant = Compound<'w, 's>;

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.atom()?.bool(value);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<()> {
        self.atom()?.int(value);
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<()> {
        match i64::try_from(value) {
            Ok(value) => self.serialize_i64(value),
            Err(_) => self.big(BigInt::from(value)),
        }
    }

    fn serialize_u8(self, value: u8) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<()> {
        self.serialize_i128(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<()> {
        match i128::try_from(value) {
            Ok(value) => self.serialize_i128(value),
            Err(_) => self.big(BigInt::from(value)),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        self.atom()?.float(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        if !self.encoder.has_byte_strings() {
            return self.bytes_as_text(value);
        }
        self.atom()?.byte_string(value).map_err(too_long)
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.atom()?.op(Opcode::NONE);
        Ok(())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<()> {
        if self.begin_instance(name)? { Ok(()) } else { self.serialize_unit() }
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        match self.options.enums {
            Enums::Dicts => self.name(variant),
            Enums::Tuples => {
                self.begin_tuple(1)?;
                self.name(variant)?;
                self.end_tuple(1);
                Ok(())
            }
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.begin_variant(variant)?;
        value.serialize(&mut *self)?;
        self.end_variant();
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Compound<'w, 's>> {
        self.sequence(length, Ending::Nothing)
    }

    fn serialize_tuple(self, length: usize) -> Result<Compound<'w, 's>> {
        Compound::new(self, Kind::Tuple(Some(length)), Ending::Nothing)
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Compound<'w, 's>> {
        self.serialize_tuple(length)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'w, 's>> {
        self.begin_variant(variant)?;
        self.sequence(Some(length), Ending::Variant)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'w, 's>> {
        Compound::new(self, Kind::Dict, Ending::Nothing)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Compound<'w, 's>> {
        // An instance is hashable where its class says so.
        if self.begin_instance(name)? {
            let is_key = std::mem::replace(&mut self.is_key, false);
            let compound = Compound::new(self, Kind::Dict, Ending::Instance { is_key });
            return compound;
        }
        Compound::new(self, Kind::Dict, Ending::Nothing)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w, 's>> {
        self.begin_variant(variant)?;
        Compound::new(self, Kind::Dict, Ending::Variant)
    }
}
