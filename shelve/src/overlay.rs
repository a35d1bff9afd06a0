//! [`Overlay`]: changes on the way to a store, of transactions and of shelves that write at `sync`.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::store::{Caps, Op, Page, Scan, Store};

/// What became of keys: a value, or deleted.
type Layer = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A store, and layers of changes that it has not got yet: of a transaction, and of one around it.
pub(crate) struct Overlay {
    store: Box<dyn Store>,
    layers: Vec<Layer>,
    /// Whether the lowest layer is that of a shelf that writes at `sync`.
    deferred: bool,
    /// Counts changes, so that a page of entries can be known to be old.
    version: u64,
}

impl Overlay {
    pub(crate) fn new(store: Box<dyn Store>, deferred: bool) -> Self {
        let layers = if deferred { vec![Layer::new()] } else { Vec::new() };
        Self { store, layers, deferred, version: 0 }
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn caps(&self) -> Caps {
        self.store.caps()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Returns what the layers say about a key; `None` if nothing.
    fn pending(&self, key: &[u8]) -> Option<&Option<Vec<u8>>> {
        self.layers.iter().rev().find_map(|layer| layer.get(key))
    }

    pub(crate) fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        match self.pending(key) {
            Some(value) => Ok(value.clone()),
            None => self.store.get(key),
        }
    }

    pub(crate) fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        match self.pending(key) {
            Some(value) => Ok(value.is_some()),
            None => self.store.contains(key),
        }
    }

    pub(crate) fn len(&self) -> StoreResult<u64> {
        let mut all = BTreeMap::new();
        for layer in &self.layers {
            all.extend(layer.iter().map(|(key, value)| (key, value.is_some())));
        }
        let mut len = self.store.len()?;
        for (key, present) in all {
            match (self.store.contains(key)?, present) {
                (false, true) => len += 1,
                (true, false) => len -= 1,
                _ => {}
            }
        }
        Ok(len)
    }

    /// Returns a page, which the layers may have made longer or shorter than asked for.
    pub(crate) fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        let page = self.store.scan(scan)?;
        if self.layers.iter().all(|layer| layer.is_empty()) {
            return Ok(page);
        }
        if !self.caps().ordered {
            return self.over_unordered(scan, page);
        }
        let Some((start, end)) = scan.remaining() else { return Ok(page) };
        let mut items: BTreeMap<Vec<u8>, Vec<u8>> = page.items.into_iter().collect();
        let end = match &page.next {
            Some(next) => Bound::Included(next.0.as_slice()),
            None => end,
        };
        for layer in &self.layers {
            for (key, value) in layer.range::<[u8], _>((start, end)) {
                match value {
                    Some(value) if scan.values => items.insert(key.clone(), value.clone()),
                    Some(_) => items.insert(key.clone(), Vec::new()),
                    None => items.remove(key),
                };
            }
        }
        Ok(Page { items: items.into_iter().collect(), next: page.next })
    }

    /// Returns a page as the layers have it; what only they have comes behind the last.
    fn over_unordered(&self, scan: &Scan<'_>, mut page: Page) -> StoreResult<Page> {
        page.items.retain_mut(|(key, value)| match self.pending(key) {
            Some(Some(new)) if scan.values => {
                value.clone_from(new);
                true
            }
            Some(pending) => pending.is_some(),
            None => true,
        });
        if page.next.is_some() {
            return Ok(page);
        }
        let mut all = Layer::new();
        for layer in &self.layers {
            all.extend(layer.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        for (key, value) in all {
            let Some(value) = value else { continue };
            if !self.store.contains(&key)? {
                page.items.push((key, if scan.values { value } else { Vec::new() }));
            }
        }
        Ok(page)
    }

    /// Returns all keys.
    pub(crate) fn keys(&self) -> StoreResult<Vec<Vec<u8>>> {
        let mut keys = Vec::new();
        let mut scan = Scan { values: false, ..Scan::all() };
        loop {
            let page = self.scan(&scan)?;
            keys.extend(page.items.into_iter().map(|(key, _)| key));
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(keys),
            }
        }
    }

    pub(crate) fn apply(&mut self, batch: Vec<Op>) -> StoreResult<()> {
        self.check_writable()?;
        match self.layers.last_mut() {
            Some(layer) => layer.extend(batch.into_iter().map(|op| match op {
                Op::Put { key, value } => (key, Some(value)),
                Op::Delete { key } => (key, None),
            })),
            None => self.store.apply_each(&batch)?,
        }
        self.version += 1;
        Ok(())
    }

    /// Refuses changes of what was opened for reading only.
    pub(crate) fn check_writable(&self) -> StoreResult<()> {
        match self.caps().read_only {
            true => Err(self.located(StoreError::new(ErrorKind::ReadOnly, ""))),
            false => Ok(()),
        }
    }

    fn located(&self, error: StoreError) -> StoreError {
        match self.store.path() {
            Some(path) => error.at(path),
            None => error,
        }
    }

    /// Begins a transaction, or one inside of it.
    pub(crate) fn begin(&mut self) -> StoreResult<()> {
        if !self.caps().atomic_batch {
            let detail = "the store cannot change several keys together";
            return Err(self.located(StoreError::new(ErrorKind::Unsupported, detail)));
        }
        self.layers.push(Layer::new());
        Ok(())
    }

    /// Ends the innermost transaction: its changes go to the one around it, or as one batch to the store.
    pub(crate) fn commit(&mut self) -> StoreResult<()> {
        let Some(layer) = self.layers.pop() else { return Ok(()) };
        let batch = layer.into_iter().map(|(key, value)| match value {
            Some(value) => Op::Put { key, value },
            None => Op::Delete { key },
        });
        let batch: Vec<Op> = batch.collect();
        if batch.is_empty() { Ok(()) } else { self.apply(batch) }
    }

    /// Forgets the innermost transaction.
    pub(crate) fn roll_back(&mut self) {
        self.layers.pop();
        self.version += 1;
    }

    /// Writes what waits for it. In a transaction nothing is written before that ends.
    pub(crate) fn sync(&mut self) -> StoreResult<()> {
        if self.layers.len() > usize::from(self.deferred) {
            return Ok(());
        }
        if let Some(layer) = self.layers.first().filter(|layer| !layer.is_empty()) {
            let op = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| match value {
                Some(value) => Op::put(key, value),
                None => Op::delete(key),
            };
            let batch: Vec<Op> = layer.iter().map(op).collect();
            self.store.apply_each(&batch)?;
            self.layers = vec![Layer::new()];
        }
        self.store.sync()
    }

    pub(crate) fn reorganize(&mut self) -> StoreResult<()> {
        self.store.reorganize()
    }

    pub(crate) fn close(&mut self) -> StoreResult<()> {
        self.store.close()
    }
}
