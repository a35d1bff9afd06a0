//! Where the bytes of a pickle come from.
//!
//! Python's counterpart is the `file` of `pickle.load`, of which `read` and `readline` are used. No more is
//! taken than the stream needs: behind STOP a file stands where the next pickle begins.

mod python;
mod reader;
mod slice;
mod text_mode;

use std::io;

use halfsour_runtime::{Context, Result};

pub use self::python::PythonReader;
pub(crate) use self::reader::Reader;
pub(crate) use self::slice::Slice;
pub use self::text_mode::TextMode;

/// What a pickle can be read from: any [`io::Read`] (a file, a socket), or a [`PythonReader`].
///
/// This trait is sealed. Reads are many and small, so that a file is best wrapped in an
/// [`io::BufReader`], and pickles that follow each other are read from one and the same. A pickle in memory
/// is read fastest by `loads`.
pub trait Source<'gc>: sealed::Source<'gc> {}

impl<'gc, T: sealed::Source<'gc> + ?Sized> Source<'gc> for T {}

pub(crate) mod sealed {
    use super::{Context, Result};

    pub trait Source<'gc> {
        /// Fills the buffer; returns whether there was enough to fill it.
        fn fill(&mut self, ctx: Context<'gc>, buffer: &mut [u8]) -> Result<'gc, bool>;

        /// Appends up to `count` bytes, fewer only at the end of the stream. The count is a claim: what is
        /// allocated follows what arrives.
        fn read(&mut self, ctx: Context<'gc>, count: usize, bytes: &mut Vec<u8>)
        -> Result<'gc, ()>;

        /// Appends bytes up to the next line feed, with that; without it only at the end of the stream.
        fn read_line(&mut self, ctx: Context<'gc>, line: &mut Vec<u8>) -> Result<'gc, ()>;
    }
}

impl<'gc, R: io::Read + ?Sized> sealed::Source<'gc> for R {
    fn fill(&mut self, _: Context<'gc>, buffer: &mut [u8]) -> Result<'gc, bool> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match read_once(self, rest)? {
                0 => return Ok(false),
                read => filled = filled.saturating_add(read),
            }
        }
        Ok(true)
    }

    fn read(&mut self, _: Context<'gc>, count: usize, bytes: &mut Vec<u8>) -> Result<'gc, ()> {
        let end = bytes.len().saturating_add(count);
        while bytes.len() < end {
            let start = bytes.len();
            bytes.resize(end.min(start.saturating_add(READ_AT_ONCE)), 0);
            let room = bytes.get_mut(start..).unwrap_or_default();
            let read = read_once(self, room)?;
            bytes.truncate(start.saturating_add(read));
            if read == 0 {
                break;
            }
        }
        Ok(())
    }

    fn read_line(&mut self, ctx: Context<'gc>, line: &mut Vec<u8>) -> Result<'gc, ()> {
        let mut byte = [0];
        while byte != *b"\n" && self.fill(ctx, &mut byte)? {
            line.push(byte[0]);
        }
        Ok(())
    }
}

/// How much is asked of a reader at once: a length in the stream is a claim.
const READ_AT_ONCE: usize = 1 << 14;

/// Reads what there is, unless that is interrupted, and believes no reader that says it has read more than there was room for.
fn read_once(reader: &mut (impl io::Read + ?Sized), room: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(read) if read > room.len() => {
                return Err(io::Error::other(
                    "the reader says that it has read more than there was room for",
                ));
            }
            read => return read,
        }
    }
}

/// A line of text, without its line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    Whole(&'a [u8]),
    /// The stream ended before the line did.
    Cut(&'a [u8]),
}

/// A stream of bytes that is read once, from its beginning.
///
/// In the results `None` means that the stream ended before what was asked for.
pub(crate) trait Input {
    /// What goes wrong when the stream cannot be read.
    type Error;

    /// Returns how many bytes have been read.
    fn offset(&self) -> u64;

    /// Reads one byte.
    fn next(&mut self) -> std::result::Result<Option<u8>, Self::Error>;

    /// Reads exactly `count` bytes. The count is a claim of the stream: nothing is allocated for bytes
    /// that have not been seen.
    fn take(&mut self, count: usize) -> std::result::Result<Option<&[u8]>, Self::Error>;

    /// Reads up to the next line feed, which is read too but not returned, or to the end of the stream.
    fn line(&mut self) -> std::result::Result<Line<'_>, Self::Error>;

    /// Whether it is known, without reading on, that fewer bytes are left.
    fn lacks(&self, _count: u64) -> bool {
        false
    }

    /// Reads exactly as many bytes as the array has.
    fn array<const N: usize>(&mut self) -> std::result::Result<Option<[u8; N]>, Self::Error>;
}
