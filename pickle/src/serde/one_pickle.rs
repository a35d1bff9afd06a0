//! The bytes of one pickle from a reader, and none behind it.

use std::io::Read;

use super::{Category, Error, Result};
use crate::limits::Limits;
use crate::opcode::{Opcode, Shape};

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
        let is_whole = match opcode.argument().shape() {
            Shape::Fixed(length) => bytes.take(length as u64)?.len() == length,
            Shape::Lines(count) => bytes.lines(count)?,
            Shape::Counted(prefix) => {
                let number = bytes.take(prefix as u64)?;
                let is_whole = number.len() == prefix;
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
