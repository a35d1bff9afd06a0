//! Where the bytes of a pickle come from.
//!
//! Python's counterpart is the `file` of `pickle.load`, of which `read` and `readline` are used. Here it
//! is a slice, or anything that implements [`io::Read`](std::io::Read). A source never takes more than the
//! stream needs: behind STOP a reader stands where the next pickle begins.

mod reader;
mod slice;
mod text_mode;

pub(crate) use self::reader::Reader;
pub(crate) use self::slice::Slice;
pub use self::text_mode::TextMode;

/// A stream of bytes that is read once, from its beginning.
///
/// In the results `None` means that the stream ended before what was asked for.
pub(crate) trait Source {
    /// What goes wrong when the stream cannot be read.
    type Error;

    /// Returns how many bytes have been read.
    fn offset(&self) -> u64;

    /// Reads one byte.
    fn next(&mut self) -> Result<Option<u8>, Self::Error>;

    /// Reads exactly `count` bytes. The count is a claim of the stream: nothing is allocated for bytes
    /// that have not been seen.
    fn take(&mut self, count: usize) -> Result<Option<&[u8]>, Self::Error>;

    /// Reads up to the next line feed, which is read too but not returned.
    fn line(&mut self) -> Result<Option<&[u8]>, Self::Error>;

    /// Reads exactly as many bytes as the array has.
    #[inline]
    fn array<const N: usize>(&mut self) -> Result<Option<[u8; N]>, Self::Error> {
        Ok(self.take(N)?.and_then(|bytes| bytes.first_chunk().copied()))
    }
}
