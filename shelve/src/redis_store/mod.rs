//! [`RedisStore`]: a shelf on a Redis Cluster.

#![allow(clippy::indexing_slicing, reason = "indices are of requests, parts and keys of its own")]

mod cluster;
mod options;
mod parts;
mod slots;

use std::cell::RefCell;
use std::ops::{Bound, Range};
use std::path::{Path, PathBuf};

use redis::Value;

use self::cluster::{Cluster, Request};
pub use self::options::{Durability, RedisOptions};
use self::parts::{Parts, last_changes};
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::store::{Caps, Cursor, Op, Page, Scan, Store};

/// The most that one key or value may have.
const MAX: usize = 512 << 20;

/// How many parts are listed at once at most.
const MAX_WINDOW: u16 = 256;

/// A shelf on a Redis Cluster, for more than one machine: any number of programs may have it open, and write.
///
/// Its entries are the fields of hashes that are spread over the nodes. [`RedisOptions`] opens it, and refuses servers whose
/// settings would lose what they acknowledge.
///
/// # What the servers need
///
/// - `appendonly yes` with `appendfsync always`; or replicas, and [`Durability::Replicas`];
/// - `maxmemory-policy noeviction`;
/// - `cluster-require-full-coverage no`, so that the other nodes go on when one is down.
///
/// # What a change is
///
/// A change of one key is whole or not made. Several keys are on several nodes, which cannot act together: a
/// [`batch`](Store::apply) of keys that do not lie in one hash is Unsupported, and so are transactions of a shelf.
/// [`apply_each`](Store::apply_each) makes the changes one by one, and so do `Shelf::update`, `Shelf::clear`, and the
/// `Shelf::sync` of `writeback` and of `Commit::Deferred`. When those fail, some changes may have been made; all are kept, and
/// made again by the next `sync`.
///
/// # When a node is down
///
/// What needs it raises Unavailable, other keys work. Once it is back, or a replica has taken its place, everything does,
/// without the shelf being opened again. A change that has raised Unavailable may have been made or not. Nothing takes much
/// longer than the [`timeout`](RedisOptions::timeout).
///
/// # Order
///
/// There is none. A scan shows every entry that is there all the time once; one that another program adds or deletes
/// meanwhile, it shows or not.
#[derive(Debug)]
pub struct RedisStore {
    name: PathBuf,
    parts: Parts,
    replicas: u32,
    read_only: bool,
    /// `None` when closed.
    cluster: RefCell<Option<Cluster>>,
    /// What a scan has listed and not returned yet.
    window: RefCell<Window>,
}

/// The keys of some parts, in order.
#[derive(Debug, Default)]
struct Window {
    parts: Range<u16>,
    keys: Vec<Place>,
}

/// A key, behind those of its part.
type Place = (u16, Vec<u8>);

impl RedisStore {
    fn new(name: &str, cluster: Cluster, parts: Parts, replicas: u32, read_only: bool) -> Self {
        let cluster = RefCell::new(Some(cluster));
        Self { name: name.into(), parts, replicas, read_only, cluster, window: RefCell::default() }
    }

    fn run(&self, requests: &[Request], replicas: u32) -> StoreResult<Vec<Value>> {
        match &mut *self.cluster.borrow_mut() {
            Some(cluster) => cluster.run(requests, replicas).map_err(|error| error.at(&self.name)),
            None => Err(StoreError::new(ErrorKind::Closed, "").at(&self.name)),
        }
    }

    fn ask(&self, request: Request) -> StoreResult<Value> {
        Ok(self.run(&[request], 0)?.pop().unwrap_or(Value::Nil))
    }

    fn write(&self, requests: &[Request]) -> StoreResult<()> {
        // It would list what is gone.
        self.window.take();
        self.run(requests, self.replicas).map(drop)
    }

    /// Deletes every key, part by part.
    fn empty(&self) -> StoreResult<()> {
        let all = (0..self.parts.count()).map(|part| self.parts.part(part, "UNLINK", &[]));
        self.write(&all.collect::<Vec<_>>())
    }

    fn check_writable(&self, batch: &[Op]) -> StoreResult<()> {
        let fault = |kind| Err(StoreError::new(kind, "").at(&self.name));
        if self.cluster.borrow().is_none() {
            return fault(ErrorKind::Closed);
        }
        if self.read_only {
            return fault(ErrorKind::ReadOnly);
        }
        let size = |op: &Op| match op {
            Op::Put { key, value } => key.len().max(value.len()),
            Op::Delete { key } => key.len(),
        };
        match batch.iter().find(|op| size(op) > MAX) {
            Some(op) => fault(ErrorKind::TooLarge).map_err(|error| error.with_key(op.key())),
            None => Ok(()),
        }
    }

    /// Lists the keys from a part on: of more parts, the fewer keys they have.
    fn list(&self, first: u16, enough: usize) -> StoreResult<Window> {
        let mut window = Window { parts: first..first, keys: Vec::new() };
        let mut step = 1;
        while window.keys.len() < enough && window.parts.end < self.parts.count() {
            let end = window.parts.end.saturating_add(step).min(self.parts.count());
            let all = window.parts.end..end;
            let requests: Vec<_> =
                all.clone().map(|part| self.parts.part(part, "HKEYS", &[])).collect();
            for (part, keys) in all.zip(self.run(&requests, 0)?) {
                let Value::Array(keys) = keys else { continue };
                let keys = keys.into_iter().filter_map(bytes).map(|key| (part, key));
                window.keys.extend(keys);
            }
            window.parts.end = end;
            step = (step * 2).min(MAX_WINDOW);
        }
        window.keys.sort_unstable();
        Ok(window)
    }

    /// Returns up to `max` keys behind a place, and whether there may be more.
    fn keys(&self, after: Option<&Place>, max: usize) -> StoreResult<(Vec<Place>, bool)> {
        let mut window = self.window.borrow_mut();
        let mut part = match after {
            Some((part, _)) if window.parts.contains(part) => *part,
            // A scan that begins must not see what an earlier one has listed.
            _ => {
                let first = after.map_or(0, |(part, _)| *part);
                *window = self.list(first, max)?;
                first
            }
        };
        loop {
            let behind = |place: &Place| after.is_some_and(|after| place <= after);
            let start = window.keys.partition_point(behind);
            let end = (start + max.max(1)).min(window.keys.len());
            part = part.max(window.parts.end);
            if start < end || part >= self.parts.count() {
                let more = end < window.keys.len() || part < self.parts.count();
                return Ok((window.keys[start..end].to_vec(), more));
            }
            *window = self.list(part, max)?;
        }
    }

    /// Returns the values of keys; those that are gone meanwhile are left out.
    fn values(&self, keys: Vec<Place>) -> StoreResult<Vec<(Vec<u8>, Vec<u8>)>> {
        let requests: Vec<_> =
            keys.iter().map(|(part, key)| self.parts.part(*part, "HGET", &[key])).collect();
        let values = self.run(&requests, 0)?;
        let found = keys.into_iter().zip(values);
        Ok(found.filter_map(|((_, key), value)| Some((key, bytes(value)?))).collect())
    }
}

/// Returns the bytes of an answer that has some.
fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        _ => None,
    }
}

/// A cursor is the number of a part, and a key.
fn read_cursor(Cursor(cursor): &Cursor) -> Place {
    match cursor.split_first_chunk() {
        Some((part, key)) => (u16::from_be_bytes(*part), key.to_vec()),
        None => (0, Vec::new()),
    }
}

fn cursor((part, key): &Place) -> Cursor {
    Cursor([part.to_be_bytes().as_slice(), key].concat())
}

impl Store for RedisStore {
    fn caps(&self) -> Caps {
        Caps { ordered: false, atomic_batch: false, read_only: self.read_only }
    }

    /// Returns the name of the shelf.
    fn path(&self) -> Option<&Path> {
        Some(&self.name)
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        let value = self.ask(self.parts.key("HGET", key));
        value.map(bytes).map_err(|error| error.with_key(key))
    }

    fn contains(&self, key: &[u8]) -> StoreResult<bool> {
        let found = self.ask(self.parts.key("HEXISTS", key));
        found.map(|found| found == Value::Int(1)).map_err(|error| error.with_key(key))
    }

    fn len(&self) -> StoreResult<u64> {
        let all = (0..self.parts.count()).map(|part| self.parts.part(part, "HLEN", &[]));
        let lengths = self.run(&all.collect::<Vec<_>>(), 0)?.into_iter();
        Ok(lengths.map(|len| if let Value::Int(len) = len { len.unsigned_abs() } else { 0 }).sum())
    }

    fn scan(&self, scan: &Scan<'_>) -> StoreResult<Page> {
        if scan.range != (Bound::Unbounded, Bound::Unbounded) {
            return Err(
                StoreError::new(ErrorKind::Unsupported, "the store is not ordered").at(&self.name)
            );
        }
        let after = scan.after.as_ref().map(read_cursor);
        let (keys, more) = self.keys(after.as_ref(), scan.max)?;
        let next = keys.last().filter(|_| more).map(cursor);
        let items = match scan.values {
            true => self.values(keys)?,
            false => keys.into_iter().map(|(_, key)| (key, Vec::new())).collect(),
        };
        Ok(Page { items, next })
    }

    /// Does all of a batch, if its keys lie in one hash.
    fn apply(&mut self, batch: &[Op]) -> StoreResult<()> {
        self.check_writable(batch)?;
        let [first, rest @ ..] = batch else { return Ok(()) };
        let part = self.parts.of(first.key());
        let located = |error: StoreError| match rest {
            [] => error.with_key(first.key()),
            _ => error,
        };
        match rest {
            [] => self.write(&[self.parts.change(first)]),
            _ if rest.iter().all(|op| self.parts.of(op.key()) == part) => {
                self.write(&[self.parts.changes(part, batch)])
            }
            _ => {
                let detail = "the keys are on several nodes, which cannot change together";
                Err(StoreError::new(ErrorKind::Unsupported, detail).at(&self.name))
            }
        }
        .map_err(located)
    }

    fn apply_each(&mut self, batch: &[Op]) -> StoreResult<()> {
        if let [_] = batch {
            return self.apply(batch);
        }
        self.check_writable(batch)?;
        let requests: Vec<_> =
            last_changes(batch).into_iter().map(|op| self.parts.change(op)).collect();
        self.write(&requests)
    }

    fn clear(&mut self) -> StoreResult<()> {
        self.check_writable(&[])?;
        self.empty()
    }

    fn sync(&mut self) -> StoreResult<()> {
        match *self.cluster.borrow() {
            Some(_) => Ok(()),
            None => Err(StoreError::new(ErrorKind::Closed, "").at(&self.name)),
        }
    }

    fn close(&mut self) -> StoreResult<()> {
        self.window.take();
        self.cluster.take();
        Ok(())
    }
}
