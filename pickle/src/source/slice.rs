//! A pickle in memory: the fastest source, which copies nothing.

use std::convert::Infallible;

use memchr::memchr;

use super::{Input, Line};

/// A slice that is read from its beginning.
#[derive(Debug)]
pub(crate) struct Slice<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Slice<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Slice { rest: bytes, length: bytes.len() }
    }
}

impl Input for Slice<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn offset(&self) -> u64 {
        self.length.wrapping_sub(self.rest.len()) as u64
    }

    #[inline(always)]
    fn next(&mut self) -> Result<Option<u8>, Infallible> {
        let Some((&byte, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        Ok(Some(byte))
    }

    #[inline(always)]
    fn take(&mut self, count: usize) -> Result<Option<&[u8]>, Infallible> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else { return Ok(None) };
        self.rest = rest;
        Ok(Some(taken))
    }

    #[inline]
    fn line(&mut self) -> Result<Line<'_>, Infallible> {
        let end = memchr(b'\n', self.rest);
        let Some((line, [_, rest @ ..])) = end.and_then(|end| self.rest.split_at_checked(end))
        else {
            return Ok(Line::Cut(std::mem::take(&mut self.rest)));
        };
        self.rest = rest;
        Ok(Line::Whole(line))
    }

    fn lacks(&self, count: u64) -> bool {
        (self.rest.len() as u64) < count
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<Option<[u8; N]>, Infallible> {
        let Some((&array, rest)) = self.rest.split_first_chunk() else { return Ok(None) };
        self.rest = rest;
        Ok(Some(array))
    }
}
