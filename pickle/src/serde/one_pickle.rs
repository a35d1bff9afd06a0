//! The bytes of one pickle from a reader, and none behind it.

use std::io::Read;

use super::{Category, Error, Result};
use crate::limits::Limits;
use crate::opcode::{Argument, Opcode};

/// What has to be read to have an argument.
enum Shape {
    /// So many bytes.
    Fixed(u64),
    /// So many lines.
    Lines(usize),
    /// A length of so many bytes, and as many bytes as that says.
    Counted(u64),
}

const fn shape(argument: Argument) -> Shape {
    match argument {
        Argument::None => Shape::Fixed(0),
        Argument::Uint1 => Shape::Fixed(1),
        Argument::Uint2 => Shape::Fixed(2),
        Argument::Int4 | Argument::Uint4 => Shape::Fixed(4),
        Argument::Uint8 | Argument::Float8 => Shape::Fixed(8),
        Argument::DecimalLine
        | Argument::LongLine
        | Argument::QuotedLine
        | Argument::PlainLine
        | Argument::UnicodeLine
        | Argument::FloatLine => Shape::Lines(1),
        Argument::TwoLines => Shape::Lines(2),
        Argument::Long1 | Argument::String1 | Argument::Bytes1 | Argument::Unicode1 => {
            Shape::Counted(1)
        }
        Argument::Long4 | Argument::String4 | Argument::Bytes4 | Argument::Unicode4 => {
            Shape::Counted(4)
        }
        Argument::Bytes8 | Argument::ByteArray8 | Argument::Unicode8 => Shape::Counted(8),
    }
}

/// Reads opcodes up to STOP.
///
/// What they mean is not looked at, apart from how long they are.
///
/// # Errors
/// When the reader fails, ends before STOP, or has a byte that is no opcode or a string longer than the limit.
pub(super) fn read_one(reader: &mut dyn Read, limits: &Limits) -> Result<Vec<u8>> {
    let mut bytes = OnePickle { reader, bytes: Vec::new() };
    loop {
        let offset = bytes.bytes.len();
        let byte = match bytes.take(1)? {
            &[byte] => byte,
            _ if offset == 0 => {
                return Err(Error::new(Category::Eof, "nothing is there to be read"));
            }
            _ => return Err(cut(offset)),
        };
        let Some(opcode) = Opcode::from_byte(byte) else {
            let message = format!("byte {byte:#04x} is no opcode");
            return Err(Error::new(Category::Stream, message).at_offset(offset));
        };
        if opcode == Opcode::STOP {
            return Ok(bytes.bytes);
        }
        let is_whole = match shape(opcode.argument()) {
            Shape::Fixed(length) => bytes.take(length)?.len() as u64 == length,
            Shape::Lines(count) => bytes.lines(count)?,
            Shape::Counted(prefix) => {
                let number = bytes.take(prefix)?;
                let is_whole = number.len() as u64 == prefix;
                let length = number.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
                if length > limits.string_length as u64 {
                    let message = format!("a string of {length} bytes exceeds the limit");
                    return Err(Error::new(Category::Limit, message).at_offset(offset));
                }
                is_whole && bytes.take(length)?.len() as u64 == length
            }
        };
        if !is_whole {
            return Err(cut(offset));
        }
    }
}

struct OnePickle<'r> {
    reader: &'r mut dyn Read,
    bytes: Vec<u8>,
}

impl OnePickle<'_> {
    /// Reads so many bytes, fewer only at the end. The length is a claim: memory is taken as they arrive.
    fn take(&mut self, length: u64) -> Result<&[u8]> {
        let start = self.bytes.len();
        Read::take(&mut *self.reader, length).read_to_end(&mut self.bytes)?;
        Ok(self.bytes.get(start..).unwrap_or_default())
    }

    /// Reads lines; returns whether all of them were there.
    fn lines(&mut self, count: usize) -> Result<bool> {
        let mut ends = 0;
        while ends < count {
            match self.take(1)? {
                b"\n" => ends += 1,
                [] => return Ok(false),
                _ => {}
            }
        }
        Ok(true)
    }
}

#[cold]
fn cut(offset: usize) -> Error {
    Error::new(Category::Stream, "the stream ends before STOP").at_offset(offset)
}
