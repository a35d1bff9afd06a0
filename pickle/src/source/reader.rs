//! A pickle that comes from a file, a socket, or any other reader.

use std::io::{self, ErrorKind, Read};

use super::Source;

/// A reader from which no more is taken than the stream needs.
#[derive(Debug)]
pub(crate) struct Reader<R> {
    reader: R,
    /// What was read last, lent out until the next read.
    lent: Vec<u8>,
    offset: u64,
}

/// How much of the buffer for one argument is kept for the next.
const KEPT_CAPACITY: usize = 1 << 16;

impl<R: Read> Reader<R> {
    pub(crate) fn new(reader: R) -> Self {
        Reader { reader, lent: Vec::new(), offset: 0 }
    }

    fn forget_lent(&mut self) {
        self.lent.clear();
        self.lent.shrink_to(KEPT_CAPACITY);
    }
}

impl<R: Read> Source for Reader<R> {
    type Error = io::Error;

    fn offset(&self) -> u64 {
        self.offset
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        Ok(self.array()?.map(|[byte]| byte))
    }

    fn take(&mut self, count: usize) -> io::Result<Option<&[u8]>> {
        self.forget_lent();
        // `Take` never reads more than it may, and `read_to_end` allocates as data arrives.
        let taken =
            Read::by_ref(&mut self.reader).take(count as u64).read_to_end(&mut self.lent)?;
        self.offset += taken as u64;
        Ok((taken == count).then_some(&self.lent))
    }

    fn line(&mut self) -> io::Result<Option<&[u8]>> {
        self.forget_lent();
        loop {
            match self.next()? {
                None => return Ok(None),
                Some(b'\n') => return Ok(Some(&self.lent)),
                Some(byte) => self.lent.push(byte),
            }
        }
    }

    fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => {
                self.offset += N as u64;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_ahead() {
        let mut bytes: &[u8] = b"abc\nde\nrest";
        let mut source = Reader::new(&mut bytes);
        assert_eq!(source.next().unwrap(), Some(b'a'));
        assert_eq!(source.line().unwrap(), Some(&b"bc"[..]));
        assert_eq!(source.array().unwrap(), Some(*b"de"));
        assert_eq!(source.line().unwrap(), Some(&b""[..]));
        assert_eq!(source.offset(), 7);
        assert_eq!(bytes, b"rest");
    }

    #[test]
    fn a_claimed_length_is_no_allocation() {
        let mut source = Reader::new(&b"short"[..]);
        assert_eq!(source.take(usize::MAX).unwrap(), None);
        assert!(source.lent.capacity() < 1 << 16);
    }

    /// A reader that delivers one byte at a time and is interrupted in between.
    struct Stuttering<'a>(&'a [u8], bool);

    impl Read for Stuttering<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::Interrupted.into());
            }
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn short_and_interrupted_reads_are_gone_on_with() {
        let mut source = Reader::new(Stuttering(b"abc\ndefg", false));
        assert_eq!(source.line().unwrap(), Some(&b"abc"[..]));
        assert_eq!(source.take(4).unwrap(), Some(&b"defg"[..]));
        assert_eq!(source.next().unwrap(), None);
    }
}
