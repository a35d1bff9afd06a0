//! A pickle that comes from a file, a socket, or any other reader.

use halfsour_runtime::{Context, Error, Result};

use super::{Input, Line, sealed};

/// A source, and what was read from it last.
pub(crate) struct Reader<'s, 'gc> {
    ctx: Context<'gc>,
    source: &'s mut dyn sealed::Source<'gc>,
    /// What was read last, lent out until the next read.
    lent: Vec<u8>,
    offset: u64,
}

/// How much of the buffer for one argument is kept for the next.
const KEPT_CAPACITY: usize = 1 << 16;

impl<'s, 'gc> Reader<'s, 'gc> {
    pub(crate) fn new(ctx: Context<'gc>, source: &'s mut dyn sealed::Source<'gc>) -> Self {
        Reader { ctx, source, lent: Vec::new(), offset: 0 }
    }

    fn forget_lent(&mut self) {
        self.lent.clear();
        self.lent.shrink_to(KEPT_CAPACITY);
    }
}

impl<'gc> Input for Reader<'_, 'gc> {
    type Error = Error<'gc>;

    fn offset(&self) -> u64 {
        self.offset
    }

    fn next(&mut self) -> Result<'gc, Option<u8>> {
        Ok(self.array()?.map(|[byte]| byte))
    }

    fn take(&mut self, count: usize) -> Result<'gc, Option<&[u8]>> {
        self.forget_lent();
        self.source.read(self.ctx, count, &mut self.lent)?;
        self.offset = self.offset.wrapping_add(self.lent.len() as u64);
        Ok((self.lent.len() == count).then_some(&self.lent))
    }

    fn line(&mut self) -> Result<'gc, Line<'_>> {
        self.forget_lent();
        self.source.read_line(self.ctx, &mut self.lent)?;
        self.offset = self.offset.wrapping_add(self.lent.len() as u64);
        Ok(match self.lent.strip_suffix(b"\n") {
            Some(line) => Line::Whole(line),
            None => Line::Cut(&self.lent),
        })
    }

    fn array<const N: usize>(&mut self) -> Result<'gc, Option<[u8; N]>> {
        let mut bytes = [0; N];
        if !self.source.fill(self.ctx, &mut bytes)? {
            return Ok(None);
        }
        self.offset = self.offset.wrapping_add(N as u64);
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Read};

    use halfsour_runtime::Runtime;

    use super::*;

    #[test]
    fn nothing_is_read_ahead() {
        let mut bytes: &[u8] = b"abc\nde\nrest";
        Runtime::python2().enter(|ctx| {
            let mut reader = Reader::new(ctx, &mut bytes);
            assert_eq!(reader.next().unwrap(), Some(b'a'));
            assert_eq!(reader.line().unwrap(), Line::Whole(b"bc"));
            assert_eq!(reader.array().unwrap(), Some(*b"de"));
            assert_eq!(reader.line().unwrap(), Line::Whole(b""));
            assert_eq!(reader.offset(), 7);
        });
        assert_eq!(bytes, b"rest");
    }

    #[test]
    fn a_claimed_length_is_no_allocation() {
        let mut bytes: &[u8] = b"short";
        Runtime::python2().enter(|ctx| {
            let mut reader = Reader::new(ctx, &mut bytes);
            assert_eq!(reader.take(usize::MAX).unwrap(), None);
            assert!(reader.lent.capacity() < 1 << 16);
        });
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
        let mut stuttering = Stuttering(b"abc\ndefg", false);
        Runtime::python2().enter(|ctx| {
            let mut reader = Reader::new(ctx, &mut stuttering);
            assert_eq!(reader.line().unwrap(), Line::Whole(b"abc"));
            assert_eq!(reader.take(4).unwrap(), Some(&b"defg"[..]));
            assert_eq!(reader.next().unwrap(), None);
        });
    }
}
