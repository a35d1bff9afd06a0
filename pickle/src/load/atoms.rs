//! Numbers and strings.

use halfsour_runtime::{ByteArray, Bytes, Dialect, Long, Result, Unicode, Value};

use super::{InputError, Machine, account};
use crate::decode::{
    Fault, Integer, Malformed, Number, float_line, int_line, long_bytes, long_line, quoted_line,
    unicode_line,
};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// The bytes of an argument, or why they could not be read.
type Argument<'a, E> = std::result::Result<&'a [u8], Fault<E>>;

impl<'gc> Machine<'_, 'gc> {
    pub(super) fn load_int<E: InputError<'gc>>(
        &mut self,
        line: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let line = self.filled_line(line)?;
        let number = int_line(line, self.flavour, self.limits.digits_for(self.flavour));
        let value = match number.map_err(|malformed| self.flaw(malformed))? {
            Number::Bool(bool) => Value::Bool(bool),
            Number::Int(int) => Value::Int(int),
            Number::Long(long) => self.long(long),
        };
        self.push(value)
    }

    pub(super) fn load_long<E: InputError<'gc>>(
        &mut self,
        line: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let line = self.filled_line(line)?;
        let number = long_line(line, self.flavour, self.limits.digits_for(self.flavour));
        let value = self.long(number.map_err(|malformed| self.flaw(malformed))?);
        self.push(value)
    }

    pub(super) fn load_binary_long<E: InputError<'gc>>(
        &mut self,
        number: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let value = self.long(long_bytes(self.read(number)?));
        self.push(value)
    }

    /// Python 2's `long`, Python 3's `int`.
    fn long(&self, number: Integer) -> Value<'gc> {
        if let Integer::Big(big) = &number {
            self.account.charge(usize::try_from(big.bits() / 8).unwrap_or(usize::MAX));
        }
        self.account.charge(account::LONG);
        match number {
            Integer::Small(small) if self.ctx.dialect() != Dialect::Python2 => Value::Int(small),
            Integer::Small(small) => Long::small(self.ctx, small).into(),
            Integer::Big(big) => Long::new(self.ctx, big).into(),
        }
    }

    pub(super) fn load_float<E: InputError<'gc>>(
        &mut self,
        line: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let line = self.filled_line(line)?;
        let float = float_line(line, self.flavour).map_err(|malformed| self.flaw(malformed))?;
        self.push(Value::Float(float))
    }

    pub(super) fn load_quoted<E: InputError<'gc>>(
        &mut self,
        line: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let line = self.filled_line(line)?;
        self.check_text_length(line)?;
        let string = quoted_line(line, self.flavour).map_err(|malformed| self.flaw(malformed))?;
        if self.ctx.dialect() == Dialect::Python2 {
            // The codec that undoes a `repr` makes a string of its own, also of one character.
            self.account.charge(account::STRING + string.len());
            return self.push(Bytes::unshared(self.ctx, &string).into());
        }
        self.push_string(&string)
    }

    /// Refuses a string in text that is longer than the limit; those in binary say their length before.
    fn check_text_length(&self, line: &[u8]) -> Result<'gc, ()> {
        let (length, limit) = (line.len(), self.limits.string_length);
        if length <= limit {
            return Ok(());
        }
        Err(self.flaw(Malformed::too_long(length as u64, limit)))
    }

    #[inline]
    pub(super) fn load_string<E: InputError<'gc>>(
        &mut self,
        string: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let string = self.read(string)?;
        self.push_string(string)
    }

    /// Pushes a byte string that Python 2 wrote.
    #[inline]
    fn push_string(&mut self, string: &[u8]) -> Result<'gc, ()> {
        self.account.charge(account::STRING + string.len());
        let value = self.decoded(string)?;
        self.push(value)
    }

    pub(super) fn load_unicode_line<E: InputError<'gc>>(
        &mut self,
        line: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let line = self.read(line)?;
        self.check_text_length(line)?;
        let text = unicode_line(line).map_err(|malformed| self.flaw(malformed))?;
        self.push_text(&text)
    }

    #[inline(always)]
    pub(super) fn load_text<E: InputError<'gc>>(
        &mut self,
        text: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let text = self.read(text)?;
        self.push_text(text)
    }

    #[inline(always)]
    fn push_text(&mut self, text: &[u8]) -> Result<'gc, ()> {
        self.account.charge(account::STRING + text.len());
        match Unicode::from_generalised_utf8(self.ctx, text) {
            Some(unicode) => self.push(unicode.into()),
            None => Err(self.flaw(Malformed::no_utf8(text))),
        }
    }

    pub(super) fn load_bytes<E: InputError<'gc>>(
        &mut self,
        bytes: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let bytes = self.read(bytes)?;
        self.account.charge(account::STRING + bytes.len());
        self.push(Bytes::new(self.ctx, bytes).into())
    }

    pub(super) fn load_bytearray<E: InputError<'gc>>(
        &mut self,
        bytes: Argument<'_, E>,
    ) -> Result<'gc, ()> {
        let bytes = self.read(bytes)?;
        self.account.charge(account::STRING + bytes.len());
        self.push(ByteArray::from_vec(self.ctx, bytes.to_vec()).into())
    }

    /// Returns a length that the stream has in signed form.
    pub(super) fn unsigned(&self, length: i32, opcode: Opcode) -> Result<'gc, u32> {
        u32::try_from(length).map_err(|_| {
            let name = if opcode == Opcode::LONG4 { "LONG" } else { opcode.name() };
            self.unpickling_error(format!("{name} pickle has negative byte count"))
        })
    }

    /// Returns the length of a BINUNICODE, which is signed in Python 2 and unsigned in Python 3.
    #[inline]
    pub(super) fn length_of_text(&self, length: u32) -> Result<'gc, u32> {
        match self.flavour {
            Flavour::Python3 => Ok(length),
            _ => self.unsigned(length.cast_signed(), Opcode::BINUNICODE),
        }
    }
}
