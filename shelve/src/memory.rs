//! [`MemoryStore`]: a store that ends with the program.

use std::collections::BTreeMap;

use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::store::{Caps, Op, Page, Scan, Store};

/// A store in memory, for tests and for shelves that need not last: Python's `Shelf({})`.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    closed: bool,
}

impl MemoryStore {
    /// Returns an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn open(&self) -> StoreResult<&BTreeMap<Vec<u8>, Vec<u8>>> {
        if self.closed {
            return Err(StoreError::new(ErrorKind::Closed, ""));
        }
        Ok(&self.entries)
    }
}

impl Store for MemoryStore {
    fn caps(&self) -> Caps {
        Caps::new(false)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        Ok(self.open()?.get(key).cloned())
    }

    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        Ok(self.open()?.contains_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        Ok(self.open()?.len() as u64)
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let entries = self.open()?;
        let Some(bounds) = scan.remaining() else { return Ok(Page::default()) };
        let value = |value: &Vec<u8>| if scan.values { value.clone() } else { Vec::new() };
        let range = entries.range::<[u8], _>(bounds).take(scan.max);
        let items = range.map(|(key, found)| (key.clone(), value(found))).collect();
        Ok(Page::ordered(items, scan.max))
    }

    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.open()?;
        for op in batch {
            match op {
                Op::Put { key, value } => self.entries.insert(key.clone(), value.clone()),
                Op::Delete { key } => self.entries.remove(key),
            };
        }
        Ok(())
    }

    fn sync(&mut self) -> StoreResult<()> {
        self.open().map(drop)
    }

    fn close(&mut self) -> StoreResult<()> {
        self.closed = true;
        Ok(())
    }
}
