//! The memo of a symbolic machine.

use std::collections::HashMap;

use crate::tools::error::Problem;

/// What was stored, by number as far as numbers are dense.
#[derive(Debug)]
pub(crate) struct Memo<'a, T> {
    dense: Vec<Option<Entry<T>>>,
    sparse: HashMap<Key<'a>, Entry<T>>,
    /// What was stored last under a key in the other style than the very last; `cPickle` keeps both.
    others: HashMap<Key<'a>, T>,
    /// How many keys there are.
    count: usize,
}

/// What was stored last under a key.
#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    item: T,
    style: Style,
}

/// How a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Text,
    Binary,
}

/// A memo key. In Python 2 the keys of text are strings of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key<'a> {
    Number(u64),
    Text(&'a [u8]),
}

/// How far beyond twice the count of entries a number may be and still have its place in the table.
const SLACK: usize = 1024;

impl<'a> Key<'a> {
    /// The key of a GET or a PUT.
    ///
    /// # Errors
    /// For a key that is a number to Python 3 and another key to Python 2: `01`, ` 1`, `1_0`.
    pub(crate) fn text(line: &'a [u8]) -> Result<Self, Problem> {
        let is_number = match line {
            [b'0'] => true,
            [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        let number = std::str::from_utf8(line).ok().filter(|_| is_number);
        if let Some(number) = number.and_then(|text| text.parse().ok()) {
            return Ok(Key::Number(number));
        }
        let digits = line.iter().filter(|byte| byte.is_ascii_digit()).count();
        if !is_number && digits > 0 && line.iter().all(|byte| is_part_of_number(*byte)) {
            return Err(Problem::other(format!(
                "the memo key '{}' is not the same to all Pythons",
                line.escape_ascii()
            )));
        }
        Ok(Key::Text(line))
    }

    /// The key of BINGET, BINPUT and their like.
    pub(crate) fn binary(bytes: &[u8]) -> Self {
        Key::Number(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }
}

fn is_part_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_whitespace() || matches!(byte, b'+' | b'-' | b'_' | 0x0b)
}

impl<T> Default for Memo<'_, T> {
    fn default() -> Self {
        Self { dense: Vec::new(), sparse: HashMap::new(), others: HashMap::new(), count: 0 }
    }
}

impl<'a, T: Copy + PartialEq> Memo<'a, T> {
    /// Returns how many keys there are.
    #[cfg(feature = "serde")]
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// Returns what a GET pushes.
    ///
    /// # Errors
    /// When nothing was stored, or `cPickle` would push something else than the others.
    pub(crate) fn get(&self, key: Key<'a>, style: Style) -> Result<T, Problem> {
        let dense = match key {
            Key::Number(number) => usize::try_from(number).ok().and_then(|at| self.dense.get(at)),
            Key::Text(_) => None,
        };
        let entry = dense.and_then(Option::as_ref).or_else(|| self.sparse.get(&key));
        let Some(&Entry { item, style: last }) = entry else {
            return Err(Problem::other("nothing was stored under this memo key"));
        };
        match self.others.get(&key) {
            Some(other) if last != style && *other != item => Err(Problem::other(
                "two objects were stored under this memo key, one by text and one in binary",
            )),
            _ => Ok(item),
        }
    }

    /// Stores under the number that comes next: MEMOIZE.
    pub(crate) fn memoize(&mut self, item: T) {
        self.put(Key::Number(self.count as u64), item, Style::Binary);
    }

    pub(crate) fn put(&mut self, key: Key<'a>, item: T, style: Style) {
        let entry = Entry { item, style };
        let old = if let Some(place) = self.sparse.get_mut(&key) {
            Some(std::mem::replace(place, entry))
        } else if let Some(place) = self.place(key) {
            place.replace(entry)
        } else {
            self.sparse.insert(key, entry)
        };
        match old {
            None => self.count += 1,
            Some(old) if old.style != style => {
                self.others.insert(key, old.item);
            }
            Some(_) => {}
        }
    }

    /// The place of a key in the table, which grows for it; `None` for a key that has none there.
    fn place(&mut self, key: Key<'a>) -> Option<&mut Option<Entry<T>>> {
        let Key::Number(number) = key else { return None };
        let at = usize::try_from(number).ok()?;
        if at >= self.dense.len() && at <= 2 * self.count + SLACK {
            self.dense.resize(at + 1, None);
        }
        self.dense.get_mut(at)
    }
}
