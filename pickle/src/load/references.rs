//! PUT, GET and their like: what the memo keeps and gives back.

use std::borrow::Cow;

use halfsour_runtime::{Error, Result, exc};

use super::{InputError, Machine, hints};
use crate::decode::{Fault, Malformed, memo_number};
use crate::flavour::Flavour;
use crate::limits::exceeded;

impl<'gc> Machine<'_, 'gc> {
    /// Pushes what the memo has under a number.
    #[inline(always)]
    pub(super) fn fetch(&mut self, number: u32) -> Result<'gc, ()> {
        match self.memo.get(number) {
            Some(object) => self.push(object),
            None => Err(self.no_number(number)),
        }
    }

    /// Stores the topmost object in the memo under a number.
    #[inline(always)]
    pub(super) fn store(&mut self, number: u32) -> Result<'gc, ()> {
        let object = self.stack.top()?;
        self.memo.put(number, object);
        self.check_memo()
    }

    #[inline(always)]
    pub(super) fn memoize(&mut self) -> Result<'gc, ()> {
        self.store(self.memo.objects.len() as u32)
    }

    pub(super) fn fetch_text<E: InputError<'gc>>(
        &mut self,
        key: std::result::Result<&[u8], Fault<E>>,
    ) -> Result<'gc, ()> {
        let key = self.memo_key(self.read(key)?)?;
        match self.memo.get_text(&key) {
            Some(object) => self.push(object),
            None => Err(self.not_stored(&key)),
        }
    }

    pub(super) fn store_text<E: InputError<'gc>>(
        &mut self,
        key: std::result::Result<&[u8], Fault<E>>,
    ) -> Result<'gc, ()> {
        let key = self.memo_key(self.read(key)?)?;
        let object = self.stack.top()?;
        self.memo.put_text(&key, object);
        self.check_memo()
    }

    /// Returns the key of a line: the line itself in Python 2, a number in Python 3.
    fn memo_key<'a>(&self, line: &'a [u8]) -> Result<'gc, Cow<'a, [u8]>> {
        if line.is_empty() {
            // DIFFERENCE: pickle.py takes the empty string for a key.
            return Err(self.empty_line());
        }
        if line.ends_with(b"\r") {
            // DIFFERENCE: Python takes the CR for a part of the key, or drops it, and loads a damaged pickle
            // with wrong texts.
            return Err(self.flaw(Malformed::damaged()));
        }
        if self.flavour != Flavour::Python3 {
            return Ok(Cow::Borrowed(line));
        }
        memo_number(line).map_err(|malformed| self.flaw(malformed))
    }

    #[inline(always)]
    fn check_memo(&self) -> Result<'gc, ()> {
        if self.memo.objects.len() <= self.limits.memo_entries {
            return Ok(());
        }
        Err(self.memo_is_full())
    }

    #[cold]
    fn memo_is_full(&self) -> Error<'gc> {
        let most = self.limits.memo_entries;
        self.unpickling_error(exceeded(most, "objects in the memo", "memo_entries"))
    }

    #[cold]
    fn no_number(&self, number: u32) -> Error<'gc> {
        self.not_stored(number.to_string().as_bytes())
    }

    /// The error for a key under which nothing was stored.
    #[cold]
    fn not_stored(&self, key: &[u8]) -> Error<'gc> {
        let key = key.escape_ascii().to_string();
        let error = match self.flavour {
            Flavour::Pickle => Error::with_args(&exc::KEY_ERROR, &[self.ctx.str(&key)]),
            Flavour::CPickle => Error::new(&crate::exceptions::cpickle::BAD_PICKLE_GET, key),
            Flavour::Python3 => {
                self.unpickling_error(format!("Memo value not found at index {key}"))
            }
        };
        error.with_hint(hints::MEMO)
    }
}
