//! [`Store`]: a dictionary from bytes to bytes that lasts, which is what a shelf stands on.

use std::ops::Bound;
use std::path::Path;

use crate::error::StoreResult;

/// A persistent dictionary from bytes to bytes.
///
/// The counterpart of the dict-like object under a Python `Shelf`. What [`apply`](Self::apply) has accepted is durable,
/// and a batch is there as a whole or not at all; a store that cannot do that for several keys says so
/// ([`Caps::atomic_batch`]), and does them by [`apply_each`](Self::apply_each). Implement it to keep shelves anywhere.
///
/// # Examples
/// ```
/// use halfsour_shelve::{MemoryStore, Op, Scan, Store};
///
/// let mut store = MemoryStore::new();
/// store.apply(&[Op::put("dill", "3"), Op::put("salt", "4"), Op::delete("dill")])?;
/// assert_eq!(store.get(b"salt")?, Some(b"4".to_vec()));
/// assert_eq!(store.scan(&Scan::all())?.items, [(b"salt".to_vec(), b"4".to_vec())]);
/// # Ok::<(), halfsour_shelve::StoreError>(())
/// ```
pub trait Store: Send {
    /// Returns what the store can do.
    fn caps(&self) -> Caps;

    /// Returns the path by which it was opened, if it has one.
    fn path(&self) -> Option<&Path> {
        None
    }

    /// Returns a key's value.
    ///
    /// # Errors
    /// Closed, and what the engine reports.
    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>>;

    /// Returns whether there is a key.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        Ok(self.get(key)?.is_some())
    }

    /// Returns the number of keys.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn len(&self) -> StoreResult<u64>;

    /// Returns whether there are no keys.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn is_empty(&self) -> StoreResult<bool> {
        Ok(self.len()? == 0)
    }

    /// Returns a page of entries.
    ///
    /// # Errors
    /// As [`get`](Self::get); Unsupported for a range of a store that is not ordered.
    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page>;

    /// Does all of a batch, in its order, or nothing. After `Ok` it survives a crash of the machine.
    ///
    /// # Errors
    /// Closed, ReadOnly, TooLarge, Conflict, Unsupported for several keys that cannot change together, and what the engine
    /// reports.
    fn apply(&mut self, batch: &[Op]) -> StoreResult<()>;

    /// Does the changes of a batch: as [`apply`](Self::apply), or where batches are not atomic
    /// ([`Caps::atomic_batch`]) each for itself. To do the same batch again after an error does what is missing.
    ///
    /// # Errors
    /// As [`apply`](Self::apply); where batches are not atomic, some changes may have been made.
    fn apply_each(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.apply(batch)
    }

    /// Sets a key.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn put(&mut self, key: &[u8], value: &[u8]) -> StoreResult<()> {
        self.apply(&[Op::put(key, value)])
    }

    /// Deletes a key; returns whether there was one.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn delete(&mut self, key: &[u8]) -> StoreResult<bool> {
        let found = self.contains(key)?;
        if found {
            self.apply(&[Op::delete(key)])?;
        }
        Ok(found)
    }

    /// Deletes every key.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn clear(&mut self) -> StoreResult<()> {
        let mut batch = Vec::new();
        let mut scan = Scan { values: false, ..Scan::all() };
        loop {
            let page = self.scan(&scan)?;
            batch.extend(page.items.into_iter().map(|(key, _)| Op::Delete { key }));
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return self.apply_each(&batch),
            }
        }
    }

    /// Tidies the files, as Python's `sync()` of the format does. What was accepted is durable without it.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn sync(&mut self) -> StoreResult<()>;

    /// Gives back the space of what was deleted and overwritten (Python's `reorganize()`).
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn reorganize(&mut self) -> StoreResult<()> {
        Ok(())
    }

    /// Syncs and lets go of the files; every further operation is an error, except to close again.
    ///
    /// # Errors
    /// As [`sync`](Self::sync).
    fn close(&mut self) -> StoreResult<()>;
}

/// What a store can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caps {
    /// Whether scans are in the order of the keys' bytes, so that there are ranges.
    pub ordered: bool,
    /// Whether a batch of several keys is there as a whole or not at all.
    pub atomic_batch: bool,
    /// Whether it was opened for reading only.
    pub read_only: bool,
}

impl Caps {
    /// Returns the capabilities of an ordered store with atomic batches.
    #[must_use]
    pub const fn new(read_only: bool) -> Self {
        Self { ordered: true, atomic_batch: true, read_only }
    }
}

/// One change of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Sets a key.
    Put {
        /// The key.
        key: Vec<u8>,
        /// Its value.
        value: Vec<u8>,
    },
    /// Deletes a key, if it is there.
    Delete {
        /// The key.
        key: Vec<u8>,
    },
}

impl Op {
    /// Returns the change that sets a key.
    #[must_use]
    pub fn put(key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        Op::Put { key: key.as_ref().to_vec(), value: value.as_ref().to_vec() }
    }

    /// Returns the change that deletes a key.
    #[must_use]
    pub fn delete(key: impl AsRef<[u8]>) -> Self {
        Op::Delete { key: key.as_ref().to_vec() }
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Op::Put { key, .. } | Op::Delete { key } => key,
        }
    }
}

/// Where a scan goes on: made by a store, understood by the same store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<u8>);

/// The first and the last key of a range.
pub type KeyRange<'a> = (Bound<&'a [u8]>, Bound<&'a [u8]>);

/// Which entries to return.
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    /// The first and the last key; needs an ordered store.
    pub range: KeyRange<'a>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// How many entries a page may have.
    pub max: usize,
    /// Whether values are asked for; without, they are empty.
    pub values: bool,
}

impl Scan<'_> {
    /// Returns a scan of everything, with values, in pages of 256.
    #[must_use]
    pub const fn all() -> Self {
        Scan { range: (Bound::Unbounded, Bound::Unbounded), after: None, max: 256, values: true }
    }

    /// Returns the bounds that are left, for stores whose cursor is the last key of the page before; `None` if nothing
    /// can lie between them.
    #[must_use]
    pub fn remaining(&self) -> Option<KeyRange<'_>> {
        let start = match &self.after {
            Some(Cursor(key)) => Bound::Excluded(key.as_slice()),
            None => self.range.0,
        };
        let empty = match (start, self.range.1) {
            (Bound::Included(start), Bound::Included(end)) => start > end,
            (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end))
            | (Bound::Excluded(start), Bound::Included(end)) => start >= end,
            _ => false,
        };
        (!empty).then_some((start, self.range.1))
    }
}

/// A page of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Keys and values.
    pub items: Vec<(Vec<u8>, Vec<u8>)>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

impl Page {
    /// Returns a page of an ordered store, which goes on behind its last key unless it is shorter than asked for.
    #[must_use]
    pub fn ordered(items: Vec<(Vec<u8>, Vec<u8>)>, max: usize) -> Self {
        let full = items.len() >= max;
        let next = items.last().filter(|_| full).map(|(key, _)| Cursor(key.clone()));
        Self { items, next }
    }
}
