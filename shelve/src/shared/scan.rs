//! Which shared objects the keys of a shelf still reach, and removing the others.

use std::collections::{BTreeSet, HashSet};

use halfsour_runtime::{Context, Error, Result, exc};

use super::{entry, id_of_entry, ids_in, is_entry};
use crate::shelf::Shelf;
use crate::store::{Op, Scan};

/// The shared objects of a shelf, as [`Shelf::shared_objects`] finds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharedObjects {
    /// How many some key reaches.
    pub reached: usize,
    /// The ids of those that no key reaches, in order.
    pub unreachable: Vec<String>,
    /// The ids that something refers to, and that are not there.
    pub missing: Vec<String>,
}

impl Shelf {
    /// Finds the shared objects that no key reaches. Nothing is loaded, and nothing is changed.
    ///
    /// It reads every entry once and looks for persistent ids; what it keeps is the ids. Objects that `writeback` keeps
    /// count as they are in the store.
    ///
    /// # Errors
    /// ValueError when the shelf is closed or has no [`shared`](crate::ShelfOptions::shared) objects; what the store
    /// reports; UnpicklingError and its like for a value that is no pickle, with its key in the location.
    pub fn shared_objects<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, SharedObjects> {
        self.check(ctx)?;
        if self.shared.is_none() {
            return Err(Error::new(
                &exc::VALUE_ERROR,
                "the shelf was opened without shared objects",
            ));
        }
        let mut there = BTreeSet::new();
        let mut reached = HashSet::new();
        let mut unread = Vec::new();
        let mut scan = Scan::all();
        loop {
            let page = self.overlay.scan(&scan).map_err(|error| error.into_exception(ctx))?;
            for (key, value) in &page.items {
                match id_of_entry(key) {
                    Some(id) => drop(there.insert(id)),
                    None => unread.extend(self.ids_of(ctx, key, value)?),
                }
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        let mut missing = BTreeSet::new();
        while let Some(id) = unread.pop() {
            if reached.contains(&id) {
                continue;
            }
            let key = entry(&id);
            match self.overlay.get(&key).map_err(|error| error.into_exception(ctx))? {
                Some(value) => unread.extend(self.ids_of(ctx, &key, &value)?),
                None => drop(missing.insert(id.clone())),
            }
            reached.insert(id);
        }
        Ok(SharedObjects {
            reached: reached.len() - missing.len(),
            unreachable: there.into_iter().filter(|id| !reached.contains(id)).collect(),
            missing: missing.into_iter().collect(),
        })
    }

    /// Removes the shared objects that no key reaches, in one batch, and returns what
    /// [`shared_objects`](Self::shared_objects) found.
    ///
    /// Objects that the program has in hand are written again with the next key that reaches them. Nobody else may write
    /// to the store meanwhile.
    ///
    /// # Errors
    /// As [`shared_objects`](Self::shared_objects); nothing is removed then.
    pub fn collect_shared<'gc>(&mut self, ctx: Context<'gc>) -> Result<'gc, SharedObjects> {
        let found = self.shared_objects(ctx)?;
        let batch: Vec<Op> = found.unreachable.iter().map(|id| Op::delete(entry(id))).collect();
        if !batch.is_empty() {
            self.overlay.apply(batch).map_err(|error| error.into_exception(ctx))?;
        }
        Ok(found)
    }

    fn ids_of<'gc>(&self, ctx: Context<'gc>, key: &[u8], value: &[u8]) -> Result<'gc, Vec<String>> {
        ids_in(ctx, &self.unpickler, value).map_err(|error| self.located(ctx, error, key))
    }

    /// Returns how many entries are those of shared objects.
    pub(crate) fn count_shared<'gc>(&self, ctx: Context<'gc>) -> Result<'gc, u64> {
        if self.shared.is_none() {
            return Ok(0);
        }
        let mut scan = Scan { values: false, ..Scan::all() };
        if self.overlay.caps().ordered {
            scan.range = super::entries();
        }
        let mut count = 0;
        loop {
            let page = self.overlay.scan(&scan).map_err(|error| error.into_exception(ctx))?;
            count += page.items.iter().filter(|(key, _)| is_entry(key)).count() as u64;
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(count),
            }
        }
    }
}
