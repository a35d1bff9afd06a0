//! [`Walk`]: going through a shelf that may be larger than memory, and may change meanwhile.

use std::collections::VecDeque;
use std::ops::{Bound, RangeBounds};

use halfsour_runtime::{Context, Result, Value};

use crate::shared;
use crate::shelf::Shelf;
use crate::store::{Cursor, Scan};

/// How many entries are read at once.
const PAGE: usize = 64;

/// A place in a shelf, between two of its entries. It borrows nothing, so the shelf may be changed on the way.
///
/// Entries are read in pages, in constant memory; where the store is ordered, in the order of the bytes of the keys. An
/// entry that is deleted before it is reached is left out, one that is changed shows its new object, and one that is
/// added is seen or not.
///
/// # Examples
/// ```
/// use halfsour_runtime::{Runtime, Value};
/// use halfsour_shelve::{MemoryStore, ShelfOptions, Walk};
///
/// let mut shelf = ShelfOptions::new().over(MemoryStore::new());
/// Runtime::python3().try_enter(|ctx| {
///     shelf.update(ctx, [("dill", Value::Int(3)), ("mint", Value::Int(0)), ("salt", Value::Int(4))])?;
///     let mut walk = Walk::range("e"..);
///     while let Some((key, jars)) = walk.next_item(ctx, &mut shelf)? {
///         if jars.is(Value::Int(0)) {
///             shelf.delete(ctx, key)?;
///         }
///     }
///     assert_eq!(shelf.keys(ctx)?, [b"dill", b"salt"]);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Walk {
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    values: bool,
    page: VecDeque<(Vec<u8>, Vec<u8>)>,
    /// The version of the shelf that the page shows.
    version: u64,
    next: Next,
}

#[derive(Clone, Debug)]
enum Next {
    First,
    Page(Cursor),
    End,
}

impl Walk {
    /// Begins to go through all entries.
    pub fn all() -> Self {
        Self::range::<&[u8]>(..)
    }

    /// Begins to go through all keys; their objects are read only if they are asked for.
    pub fn keys() -> Self {
        Self { values: false, ..Self::all() }
    }

    /// Begins to go through the entries whose keys lie in a range. The store must be ordered.
    pub fn range<K: AsRef<[u8]>>(keys: impl RangeBounds<K>) -> Self {
        let owned = |bound: Bound<&K>| bound.map(|key| key.as_ref().to_vec());
        Self {
            start: owned(keys.start_bound()),
            end: owned(keys.end_bound()),
            values: true,
            page: VecDeque::new(),
            version: 0,
            next: Next::First,
        }
    }

    /// Returns the next key; `None` at the end.
    ///
    /// # Errors
    /// What the store reports; ValueError when the shelf is closed.
    pub fn next_key<'gc>(
        &mut self,
        ctx: Context<'gc>,
        shelf: &mut Shelf,
    ) -> Result<'gc, Option<Vec<u8>>> {
        loop {
            let Some((key, _)) = self.next_entry(ctx, shelf)? else { return Ok(None) };
            if self.is_fresh(shelf) || shelf.contains(ctx, &key)? {
                return Ok(Some(key));
            }
        }
    }

    /// Returns the next key with its object; `None` at the end.
    ///
    /// # Errors
    /// As [`next_key`](Self::next_key), and what loading raises, with the key in its location; to call again then goes on
    /// behind that key.
    pub fn next_item<'gc>(
        &mut self,
        ctx: Context<'gc>,
        shelf: &mut Shelf,
    ) -> Result<'gc, Option<(Vec<u8>, Value<'gc>)>> {
        loop {
            let Some((key, value)) = self.next_entry(ctx, shelf)? else { return Ok(None) };
            let object = if let Some(kept) = shelf.kept(ctx, &key)? {
                Some(kept)
            } else if self.values && self.is_fresh(shelf) {
                Some(shelf.load(ctx, &key, &value)?)
            } else {
                shelf.get(ctx, &key)?
            };
            if let Some(object) = object {
                return Ok(Some((key, object)));
            }
        }
    }

    /// Whether nothing was changed since the page was read.
    fn is_fresh(&self, shelf: &Shelf) -> bool {
        self.version == shelf.overlay.version()
    }

    fn next_entry<'gc>(
        &mut self,
        ctx: Context<'gc>,
        shelf: &mut Shelf,
    ) -> Result<'gc, Option<(Vec<u8>, Vec<u8>)>> {
        shelf.check(ctx)?;
        loop {
            if let Some(entry) = self.page.pop_front() {
                if shelf.shared.is_none() || !shared::is_entry(&entry.0) {
                    return Ok(Some(entry));
                }
                if shelf.overlay.caps().ordered {
                    self.start = shared::behind_entries();
                    (self.page, self.next) = (VecDeque::new(), Next::First);
                }
                continue;
            }
            let after = match &self.next {
                Next::First => None,
                Next::Page(cursor) => Some(cursor.clone()),
                Next::End => return Ok(None),
            };
            let range = (as_slice(&self.start), as_slice(&self.end));
            let scan = Scan { range, after, max: PAGE, values: self.values };
            let page = shelf.overlay.scan(&scan).map_err(|error| error.into_exception(ctx))?;
            self.page = page.items.into();
            self.version = shelf.overlay.version();
            self.next = page.next.map_or(Next::End, Next::Page);
        }
    }
}

fn as_slice(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(|key| key.as_slice())
}
