//! The opcodes of a stream, one after another: `pickletools.genops`.

use super::error::{Error, Problem};
use crate::opcode::{Argument, Opcode};

/// Lists the opcodes of a pickle, up to and including its STOP.
///
/// The counterpart of `pickletools.genops`. After STOP, [`Operations::offset`] tells where the pickle ends.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Opcode, tools};
///
/// let stream = b"\x80\x02]q\x00(K\x01K\x02e.";
/// let opcodes: Result<Vec<Opcode>, _> =
///     tools::genops(stream).map(|found| found.map(|operation| operation.opcode)).collect();
/// use Opcode::*;
/// assert_eq!(
///     opcodes?,
///     [PROTO, EMPTY_LIST, BINPUT, MARK, BININT1, BININT1, APPENDS, STOP]
/// );
/// # Ok::<(), tools::Error>(())
/// ```
pub fn genops(stream: &[u8]) -> Operations<'_> {
    Operations { stream, offset: 0, finished: false }
}

/// One opcode of a stream and the bytes of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The opcode.
    pub opcode: Opcode,
    /// Where the opcode is in the stream.
    pub offset: usize,
    /// The argument without its length and without the newline that ends it.
    pub argument: &'a [u8],
    /// The opcode with everything that belongs to it, as it is in the stream.
    pub bytes: &'a [u8],
}

/// The iterator that [`genops`] returns.
#[derive(Clone, Debug)]
pub struct Operations<'a> {
    stream: &'a [u8],
    offset: usize,
    finished: bool,
}

impl<'a> Operations<'a> {
    /// Returns where the next opcode would be; after STOP, where the pickle ends.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    fn read(&mut self) -> Result<Operation<'a>, Error> {
        let start = self.offset;
        let fail = |problem| Error::new(start, problem);
        let rest = self.stream.get(start..).unwrap_or_default();
        let (&byte, after) = rest.split_first().ok_or(fail(Problem::Exhausted))?;
        let opcode = Opcode::from_byte(byte).ok_or(fail(Problem::UnknownOpcode(byte)))?;
        let extent = extent(opcode, after).map_err(fail)?;
        let cut_short = || fail(Problem::CutShort(opcode.name()));
        let argument = after.get(extent.from..extent.to).ok_or_else(cut_short)?;
        let bytes = rest.get(..1 + extent.end).ok_or_else(cut_short)?;
        self.offset += bytes.len();
        Ok(Operation { opcode, offset: start, argument, bytes })
    }
}

impl<'a> Iterator for Operations<'a> {
    type Item = Result<Operation<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let operation = self.read();
        self.finished = !matches!(&operation, Ok(operation) if operation.opcode != Opcode::STOP);
        Some(operation)
    }
}

/// Where an argument is, counted from behind its opcode.
struct Extent {
    from: usize,
    to: usize,
    end: usize,
}

impl Extent {
    const fn fixed(length: usize) -> Self {
        Self { from: 0, to: length, end: length }
    }

    const fn line(length: usize) -> Self {
        Self { from: 0, to: length, end: length + 1 }
    }

    /// `None` for a length that no memory holds.
    fn counted(prefix: usize, length: u64) -> Option<Self> {
        let to = prefix.checked_add(usize::try_from(length).ok()?)?;
        Some(Self { from: prefix, to, end: to })
    }
}

/// Measures the argument of an opcode from what comes behind it.
fn extent(opcode: Opcode, after: &[u8]) -> Result<Extent, Problem> {
    let cut_short = Problem::CutShort(opcode.name());
    let measured = match opcode.argument() {
        Argument::None => Some(Extent::fixed(0)),
        Argument::Uint1 => Some(Extent::fixed(1)),
        Argument::Uint2 => Some(Extent::fixed(2)),
        Argument::Int4 | Argument::Uint4 => Some(Extent::fixed(4)),
        Argument::Uint8 | Argument::Float8 => Some(Extent::fixed(8)),
        Argument::DecimalLine
        | Argument::LongLine
        | Argument::QuotedLine
        | Argument::PlainLine
        | Argument::UnicodeLine
        | Argument::FloatLine => memchr::memchr(b'\n', after).map(Extent::line),
        Argument::TwoLines => memchr::memchr_iter(b'\n', after).nth(1).map(Extent::line),
        Argument::Long1 | Argument::String1 | Argument::Bytes1 | Argument::Unicode1 => {
            length::<1>(after).and_then(|length| Extent::counted(1, length))
        }
        Argument::Long4 | Argument::String4 => {
            let length = length::<4>(after).ok_or(cut_short.clone())?;
            if length > i32::MAX as u64 {
                return Err(Problem::NegativeLength(opcode.name()));
            }
            Extent::counted(4, length)
        }
        Argument::Bytes4 | Argument::Unicode4 => {
            length::<4>(after).and_then(|length| Extent::counted(4, length))
        }
        Argument::Bytes8 | Argument::ByteArray8 | Argument::Unicode8 => {
            length::<8>(after).and_then(|length| Extent::counted(8, length))
        }
    };
    measured.ok_or(cut_short)
}

/// The little-endian number of `N` bytes that comes first.
fn length<const N: usize>(after: &[u8]) -> Option<u64> {
    let bytes = after.first_chunk::<N>()?;
    Some(bytes.iter().rev().fold(0, |length, &byte| length << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::{Operation, genops};
    use crate::opcode::Opcode;

    fn arguments(stream: &[u8]) -> Vec<(Opcode, usize, &[u8])> {
        let operations: Result<Vec<Operation<'_>>, _> = genops(stream).collect();
        let operations = operations.expect("a sound stream");
        let bytes: Vec<&[u8]> = operations.iter().map(|operation| operation.bytes).collect();
        assert_eq!(bytes.concat(), stream);
        operations.iter().map(|it| (it.opcode, it.offset, it.argument)).collect()
    }

    #[test]
    fn every_kind_of_argument_is_measured() {
        assert_eq!(
            arguments(
                b"I01\nS'a'\ncm\nn\nJ\x01\0\0\0G\0\0\0\0\0\0\0\0U\x02abT\x01\0\0\0x\x8a\x01\x05."
            ),
            [
                (Opcode::INT, 0, &b"01"[..]),
                (Opcode::STRING, 4, b"'a'"),
                (Opcode::GLOBAL, 9, b"m\nn"),
                (Opcode::BININT, 14, b"\x01\0\0\0"),
                (Opcode::BINFLOAT, 19, &[0; 8]),
                (Opcode::SHORT_BINSTRING, 28, b"ab"),
                (Opcode::BINSTRING, 32, b"x"),
                (Opcode::LONG1, 38, b"\x05"),
                (Opcode::STOP, 41, b""),
            ]
        );
        assert_eq!(
            arguments(b"\x8e\x02\0\0\0\0\0\0\0ab\x8c\x01x\x95\x01\0\0\0\0\0\0\0."),
            [
                (Opcode::BINBYTES8, 0, &b"ab"[..]),
                (Opcode::SHORT_BINUNICODE, 11, b"x"),
                (Opcode::FRAME, 14, b"\x01\0\0\0\0\0\0\0"),
                (Opcode::STOP, 23, b""),
            ]
        );
    }

    #[test]
    fn listing_ends_at_stop() {
        let mut operations = genops(b"N.N.");
        assert_eq!(operations.by_ref().count(), 2);
        assert_eq!(operations.offset(), 2);
    }

    #[test]
    fn a_bad_stream_is_an_error_with_its_offset() {
        let error = |stream: &[u8]| {
            let error = genops(stream).find_map(Result::err).expect("an error");
            (error.offset(), error.to_string())
        };
        assert_eq!(error(b"N").1, "at offset 1: the stream ends before STOP");
        assert_eq!(error(b"NA.").1, "at offset 1: byte 0x41 is no opcode");
        assert_eq!(error(b"NI1").1, "at offset 1: the argument of INT is cut short");
        assert_eq!(error(b"T\xff\xff\xff\xff").0, 0);
        assert_eq!(error(b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffx").0, 0);
        assert_eq!(error(b"cm\nn").0, 0);
    }
}
