//! Objects without parts, memo references and names, as the bytes of a stream.
//!
//! An [`Encoder`] knows the protocol and the flavour and nothing of Python objects: every rule that says
//! how a number or a string is spelled is here, and none that says which object comes next.

mod frame;
mod text;

pub(crate) use self::frame::Framing;

use std::io::Write as _;

use halfsour_runtime::{float_text, short_copy, string_text};
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive as _;

use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// A string is longer than the protocol has room to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// As many bytes as most pickles have.
const SMALL: usize = 256;

/// As many bytes as most strings have.
const SHORT: usize = 32;

/// Appends opcodes and their arguments to the bytes of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    out: Vec<u8>,
    framing: Framing,
    protocol: u8,
    flavour: Flavour,
}

impl Encoder {
    pub(crate) const fn new(flavour: Flavour, protocol: u8) -> Self {
        Self { out: Vec::new(), framing: Framing::OFF, protocol, flavour }
    }

    pub(crate) const fn protocol(&self) -> u8 {
        self.protocol
    }

    /// Whether opcodes have binary arguments, as from protocol 1 on.
    pub(crate) const fn is_binary(&self) -> bool {
        self.protocol > 0
    }

    pub(crate) const fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// What was written, will not change any more, and was not discarded yet.
    pub(crate) fn ready(&self) -> &[u8] {
        self.out.get(..self.framing.ready(&self.out)).unwrap_or_default()
    }

    /// Returns everything that was written and not discarded, when the stream has ended.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Forgets what is [`ready`](Self::ready).
    pub(crate) fn discard_ready(&mut self) {
        let count = self.framing.ready(&self.out);
        self.framing.discard(&mut self.out, count);
    }

    /// PROTO, which begins every stream from protocol 2 on, and from protocol 4 on the first frame.
    pub(crate) fn begin(&mut self) {
        // Most pickles fit, and no buffer has to grow for them.
        self.out.reserve(SMALL);
        if self.protocol >= 2 {
            self.out.extend_from_slice(&[Opcode::PROTO.byte(), self.protocol]);
        }
        if self.protocol >= 4 {
            self.framing.open(&mut self.out);
        }
    }

    /// Before each object: a full frame is closed and the next one opened.
    #[inline]
    pub(crate) fn begin_object(&mut self) {
        if self.framing.is_full(&self.out) {
            self.framing.close(&mut self.out);
            self.framing.open(&mut self.out);
        }
    }

    /// STOP, which ends the stream and the last frame.
    pub(crate) fn end(&mut self) {
        self.op(Opcode::STOP);
        self.framing.close(&mut self.out);
    }

    /// The header of a string and its content, which stand outside of frames when they are long.
    fn payload(&mut self, header: &[u8], content: &[u8]) {
        let alone = self.framing.stands_alone(content.len());
        if alone {
            self.framing.close(&mut self.out);
        }
        self.out.extend_from_slice(header);
        self.out.extend_from_slice(content);
        if alone {
            self.framing.open(&mut self.out);
        }
    }

    /// As [`payload`](Self::payload), of an opcode with a length of one byte; returns `false`, and writes nothing, if the
    /// content has more than `SHORT` bytes. A content as short as that never stands outside of a frame.
    #[inline(always)]
    fn short_payload(&mut self, opcode: Opcode, content: &[u8]) -> bool {
        let mut bytes = [opcode.byte(); 2 + SHORT];
        let [_, length, place @ ..] = &mut bytes;
        if short_copy(place, content).is_none() {
            return false;
        }
        *length = content.len() as u8;
        self.append_first(2 + content.len(), bytes);
        true
    }

    /// Appends the first bytes of an array.
    ///
    /// All are written, and those behind taken back: nobody can guess how many are wanted, and that is quicker than to branch on
    /// it, or to copy as many as there are.
    #[inline(always)]
    fn append_first<const N: usize>(&mut self, count: usize, bytes: [u8; N]) {
        let end = self.out.len() + count;
        self.out.extend_from_slice(&bytes);
        self.out.truncate(end);
    }

    /// An opcode without an argument.
    #[inline]
    pub(crate) fn op(&mut self, opcode: Opcode) {
        self.out.push(opcode.byte());
    }

    pub(crate) fn bool(&mut self, value: bool) {
        match (self.protocol >= 2, value) {
            (true, true) => self.op(Opcode::NEWTRUE),
            (true, false) => self.op(Opcode::NEWFALSE),
            (false, true) => self.out.extend_from_slice(b"I01\n"),
            (false, false) => self.out.extend_from_slice(b"I00\n"),
        }
    }

    /// A machine int: Python 2's `int`, or an `int` of Python 3 that fits 64 bits.
    #[inline]
    pub(crate) fn int(&mut self, value: i64) {
        if self.protocol == 0 {
            return self.text_int(value);
        }
        let Ok(word) = i32::try_from(value) else { return self.text_int(value) };
        let (opcode, length) = match word {
            0..=0xFF => (Opcode::BININT1, 2),
            0x100..=0xFFFF => (Opcode::BININT2, 3),
            _ => (Opcode::BININT, 5),
        };
        let [a, b, c, d] = word.to_le_bytes();
        self.append_first(length, [opcode.byte(), a, b, c, d]);
    }

    /// An int without a binary form that fits: 2.7 writes the text of an int, Python 3 that of a long.
    fn text_int(&mut self, value: i64) {
        if self.flavour == Flavour::Python3 && i32::try_from(value).is_err() {
            return self.wide(value);
        }
        self.op(Opcode::INT);
        self.line(value);
    }

    /// An int that is written as a long.
    fn wide(&mut self, value: i64) {
        if self.protocol < 2 {
            return self.big(&BigInt::from(value));
        }
        // As many bytes as keep the sign, and none for zero.
        let significant = u64::BITS - (if value < 0 { !value } else { value }).leading_zeros();
        let length = if value == 0 { 0 } else { significant / 8 + 1 };
        self.out.extend_from_slice(&[Opcode::LONG1.byte(), length as u8]);
        self.append_first(length as usize, value.to_le_bytes());
    }

    /// As [`long`](Self::long), of a number within 64 bits.
    pub(crate) fn small_long(&mut self, value: i64) {
        if self.flavour == Flavour::Python3 && i32::try_from(value).is_ok() {
            return self.int(value);
        }
        self.wide(value);
    }

    /// Python 2's `long`, or an `int` of Python 3.
    ///
    /// Python 3 has one type, and writes a number that fits 32 bits like any small int.
    pub(crate) fn long(&mut self, value: &BigInt) {
        match (self.flavour, value.to_i32()) {
            (Flavour::Python3, Some(small)) => self.int(small.into()),
            _ => self.big(value),
        }
    }

    fn big(&mut self, value: &BigInt) {
        if self.protocol < 2 {
            self.op(Opcode::LONG);
            let digits = value.to_string();
            self.out.extend_from_slice(digits.as_bytes());
            self.out.extend_from_slice(b"L\n");
            return;
        }
        let bytes = long_to_bytes(value);
        match u8::try_from(bytes.len()) {
            Ok(length) => self.out.extend_from_slice(&[Opcode::LONG1.byte(), length]),
            // No machine holds a number whose length would not fit here.
            Err(_) => self.op_with(Opcode::LONG4, (bytes.len() as u32).to_le_bytes()),
        }
        self.out.extend_from_slice(&bytes);
    }

    #[inline]
    pub(crate) fn float(&mut self, value: f64) {
        if self.is_binary() {
            return self.op_with(Opcode::BINFLOAT, value.to_be_bytes());
        }
        self.op(Opcode::FLOAT);
        let digits = match self.flavour {
            Flavour::CPickle => float_text::general(value, 17),
            Flavour::Pickle | Flavour::Python3 => float_text::repr(value),
        };
        self.line(digits);
    }

    /// Whether the protocol has opcodes for byte strings: Python 3's bytes have some from protocol 3 on.
    pub(crate) const fn has_byte_strings(&self) -> bool {
        self.protocol >= 3 || !matches!(self.flavour, Flavour::Python3)
    }

    /// A byte string, by the opcodes that the flavour has for it.
    #[inline]
    pub(crate) fn byte_string(&mut self, value: &[u8]) -> Result<(), TooLong> {
        match self.flavour {
            Flavour::Python3 => self.bytes(value),
            Flavour::Pickle | Flavour::CPickle => self.string(value),
        }
    }

    /// A byte string of Python 2: STRING, SHORT_BINSTRING, BINSTRING.
    #[inline]
    fn string(&mut self, value: &[u8]) -> Result<(), TooLong> {
        if !self.is_binary() {
            self.op(Opcode::STRING);
            string_text::write_repr(&mut self.out, value);
            self.out.push(b'\n');
            return Ok(());
        }
        if self.short_payload(Opcode::SHORT_BINSTRING, value) {
            return Ok(());
        }
        if let Ok(length) = u8::try_from(value.len()) {
            self.out.extend_from_slice(&[Opcode::SHORT_BINSTRING.byte(), length]);
        } else {
            let length = i32::try_from(value.len()).map_err(|_| TooLong)?;
            self.op_with(Opcode::BINSTRING, length.to_le_bytes());
        }
        self.out.extend_from_slice(value);
        Ok(())
    }

    /// Bytes of Python 3, from protocol 3 on.
    fn bytes(&mut self, value: &[u8]) -> Result<(), TooLong> {
        if self.short_payload(Opcode::SHORT_BINBYTES, value) {
            return Ok(());
        }
        let opcodes = [Opcode::SHORT_BINBYTES, Opcode::BINBYTES, Opcode::BINBYTES8];
        self.counted(opcodes, value)
    }

    /// A bytearray, from protocol 5 on.
    pub(crate) fn bytearray(&mut self, value: &[u8]) {
        self.payload(&long_header(Opcode::BYTEARRAY8, value.len()), value);
    }

    /// A string with the shortest of three opcodes that the protocol has and that has room for its length.
    fn counted(&mut self, [short, normal, long]: [Opcode; 3], value: &[u8]) -> Result<(), TooLong> {
        if self.protocol >= short.protocol()
            && let Ok(length) = u8::try_from(value.len())
        {
            self.payload(&[short.byte(), length], value);
        } else if let Ok(length) = u32::try_from(value.len()) {
            let [a, b, c, d] = length.to_le_bytes();
            self.payload(&[normal.byte(), a, b, c, d], value);
        } else if self.protocol >= long.protocol() {
            self.payload(&long_header(long, value.len()), value);
        } else {
            return Err(TooLong);
        }
        Ok(())
    }

    /// Text, given as UTF-8 in which lone surrogates have three bytes each.
    #[inline]
    pub(crate) fn unicode(&mut self, wtf8: &[u8]) -> Result<(), TooLong> {
        if !self.is_binary() {
            self.op(Opcode::UNICODE);
            let controls = match self.flavour {
                Flavour::Python3 => text::Controls::Escaped,
                Flavour::Pickle | Flavour::CPickle => text::Controls::Raw,
            };
            text::write_raw_unicode_escape(&mut self.out, wtf8, controls);
            self.out.push(b'\n');
            return Ok(());
        }
        if self.flavour != Flavour::Python3
            && let Some(joined) = text::join_surrogate_pairs(wtf8)
        {
            return self.binary_unicode(&joined);
        }
        self.binary_unicode(wtf8)
    }

    // A call of its own, or dumps of strings that were written before would save registers for it, too.
    #[inline(never)]
    fn binary_unicode(&mut self, utf8: &[u8]) -> Result<(), TooLong> {
        if self.protocol >= 4 && self.short_payload(Opcode::SHORT_BINUNICODE, utf8) {
            return Ok(());
        }
        self.counted([Opcode::SHORT_BINUNICODE, Opcode::BINUNICODE, Opcode::BINUNICODE8], utf8)
    }

    /// PUT, BINPUT, LONG_BINPUT or MEMOIZE: keeps the top of the stack under a number.
    #[inline]
    pub(crate) fn put(&mut self, number: u32) {
        if self.protocol >= 4 {
            return self.op(Opcode::MEMOIZE);
        }
        self.reference(number, Opcode::PUT, Opcode::BINPUT, Opcode::LONG_BINPUT);
    }

    /// GET, BINGET or LONG_BINGET: pushes what was kept under a number.
    #[inline]
    pub(crate) fn get(&mut self, number: u32) {
        self.reference(number, Opcode::GET, Opcode::BINGET, Opcode::LONG_BINGET);
    }

    #[inline]
    fn reference(&mut self, number: u32, text: Opcode, short: Opcode, long: Opcode) {
        if !self.is_binary() {
            self.op(text);
            self.line(number);
        } else if let Ok(byte) = u8::try_from(number) {
            self.out.extend_from_slice(&[short.byte(), byte]);
        } else {
            self.op_with(long, number.to_le_bytes());
        }
    }

    /// GLOBAL or INST: two lines. A newline in a name is written as it is, like CPython 2.7 does.
    pub(crate) fn two_lines(&mut self, opcode: Opcode, module: &[u8], name: &[u8]) {
        self.op(opcode);
        self.out.extend_from_slice(module);
        self.out.push(b'\n');
        self.out.extend_from_slice(name);
        self.out.push(b'\n');
    }

    /// EXT1, EXT2 or EXT4: a global by its number in the extension registry.
    pub(crate) fn extension(&mut self, code: u32) {
        if let Ok(byte) = u8::try_from(code) {
            self.out.extend_from_slice(&[Opcode::EXT1.byte(), byte]);
        } else if let Ok(short) = u16::try_from(code) {
            let [low, high] = short.to_le_bytes();
            self.out.extend_from_slice(&[Opcode::EXT2.byte(), low, high]);
        } else {
            self.op_with(Opcode::EXT4, code.to_le_bytes());
        }
    }

    /// PERSID: the id is the rest of the line.
    pub(crate) fn persistent_line(&mut self, id: &[u8]) {
        self.op(Opcode::PERSID);
        self.out.extend_from_slice(id);
        self.out.push(b'\n');
    }

    #[inline]
    fn op_with<const N: usize>(&mut self, opcode: Opcode, argument: [u8; N]) {
        self.op(opcode);
        self.out.extend_from_slice(&argument);
    }

    fn line(&mut self, text: impl std::fmt::Display) {
        // Writing to a Vec cannot fail.
        let _ = writeln!(self.out, "{text}");
    }
}

/// A whole number in two's complement, lowest byte first: no bytes for zero, else the fewest that keep its sign.
pub(crate) fn long_to_bytes(value: &BigInt) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(usize::try_from(value.bits() / 8).unwrap_or_default() + 9);
    for digit in value.magnitude().iter_u64_digits() {
        bytes.extend_from_slice(&digit.to_le_bytes());
    }
    if value.sign() == Sign::Minus {
        // The two's complement: what is below the lowest bit that is set stays.
        let mut carry = true;
        for byte in &mut bytes {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    let filler = if value.sign() == Sign::Minus { 0xFF } else { 0 };
    while bytes.last() == Some(&filler) {
        bytes.pop();
    }
    let keeps_sign = |last: u8| (last >= 0x80) == (value.sign() == Sign::Minus);
    if value.sign() != Sign::NoSign && !bytes.last().is_some_and(|&last| keeps_sign(last)) {
        bytes.push(filler);
    }
    bytes
}

/// An opcode and a length of eight bytes.
fn long_header(opcode: Opcode, length: usize) -> [u8; 9] {
    let mut header = [opcode.byte(); 9];
    if let Some(place) = header.last_chunk_mut() {
        *place = (length as u64).to_le_bytes();
    }
    header
}

#[cfg(test)]
mod tests;
