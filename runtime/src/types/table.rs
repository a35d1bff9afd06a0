//! [`Table`]: the insertion-ordered hash table behind dicts and sets.
//!
//! The table never calls code: it stores hashes, and offers the entries of a hash to `ops::lookup`, which decides
//! equality, perhaps by a user's `__eq__`, while no borrow of the table is held.

use gc_arena::Collect;
use hashbrown::{HashTable, hash_table};

use crate::value::Value;

/// Up to this many entries are searched one by one, which is quicker than hashing and takes no index.
const LINEAR: usize = 8;

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct Table<'gc, V> {
    /// In insertion order; a removed entry stays as a hole until the next rebuild.
    entries: Vec<Entry<'gc, V>>,
    /// Positions in `entries` by hash, once there are more than `LINEAR` entries, or are expected. Most dicts have fewer.
    index: Option<Box<HashTable<u32>>>,
    live: u32,
    /// Grows with every change of the keys, so that a search can tell that code changed the table meanwhile.
    version: u64,
}

// With the collector's two words and a flag for borrows, what an allocator gives beside its own word in 80 bytes.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Table<'static, Value<'static>>>() == 48);

#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
struct Entry<'gc, V> {
    hash: u64,
    /// `None` marks a hole.
    key: Option<Value<'gc>>,
    value: V,
}

/// More entries than positions can be counted in 32 bits.
#[derive(Debug)]
pub(crate) struct TableFull;

impl<V> Default for Table<'_, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: None, live: 0, version: 0 }
    }
}

impl<'gc, V: Copy> Table<'gc, V> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.live as usize
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Makes room for entries, and an index at once if there will be one.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.entries.reserve(additional);
        if let Some(index) = &mut self.index {
            let entries = &self.entries;
            index.reserve(additional, |&at| entries[at as usize].hash);
        } else if self.entries.len() + additional > LINEAR {
            self.index_all();
        }
    }

    /// Visits the live entries of a hash until `visit` returns something.
    pub(crate) fn search<T>(
        &self,
        hash: u64,
        mut visit: impl FnMut(usize, Value<'gc>) -> Option<T>,
    ) -> Option<T> {
        if self.entries.len() <= LINEAR {
            let of_hash = |entry: &Entry<'gc, V>| if entry.hash == hash { entry.key } else { None };
            return self
                .entries
                .iter()
                .enumerate()
                .find_map(|(at, entry)| of_hash(entry).and_then(|key| visit(at, key)));
        }
        self.index.as_ref()?.iter_hash(hash).find_map(|&at| {
            let entry = &self.entries[at as usize];
            if entry.hash != hash {
                return None;
            }
            entry.key.and_then(|key| visit(at as usize, key))
        })
    }

    /// Appends an entry whose key is known to be absent.
    pub(crate) fn push(&mut self, hash: u64, key: Value<'gc>, value: V) -> Result<(), TableFull> {
        if self.is_mostly_holes() {
            self.rebuild();
        }
        let at = u32::try_from(self.entries.len()).map_err(|_| TableFull)?;
        self.entries.push(Entry { hash, key: Some(key), value });
        self.live += 1;
        self.version += 1;
        if let Some(index) = &mut self.index {
            let entries = &self.entries;
            index.insert_unique(hash, at, |&at| entries[at as usize].hash);
        } else if self.entries.len() > LINEAR {
            self.index_all();
        }
        Ok(())
    }

    /// Sets the value of a key, or appends an entry; `equals` says whether a key of the same hash is equal. Returns
    /// `false`, and changes nothing, if it does not know.
    pub(crate) fn insert(
        &mut self,
        hash: u64,
        key: Value<'gc>,
        value: V,
        mut equals: impl FnMut(Value<'gc>) -> Option<bool>,
    ) -> Result<bool, TableFull> {
        let crowded = self.is_mostly_holes();
        let Some(index) = self.index.as_mut().filter(|_| !crowded) else {
            let found = self.search(hash, |at, candidate| match equals(candidate) {
                Some(false) => None,
                answer => Some(answer.map(|_| at)),
            });
            match found {
                Some(Some(at)) => self.set_value_at(at, value),
                Some(None) => return Ok(false),
                None => self.push(hash, key, value)?,
            }
            return Ok(true);
        };
        // One search finds the entry or the place for it.
        let (entries, mut answer) = (&mut self.entries, None);
        let is_equal = |&at: &u32| {
            let entry = &entries[at as usize];
            entry.hash == hash
                && entry.key.is_some_and(|candidate| {
                    answer = equals(candidate);
                    answer != Some(false)
                })
        };
        match index.entry(hash, is_equal, |&at| entries[at as usize].hash) {
            hash_table::Entry::Occupied(_) if answer.is_none() => return Ok(false),
            hash_table::Entry::Occupied(found) => entries[*found.get() as usize].value = value,
            hash_table::Entry::Vacant(place) => {
                place.insert(u32::try_from(entries.len()).map_err(|_| TableFull)?);
                entries.push(Entry { hash, key: Some(key), value });
                self.live += 1;
                self.version += 1;
            }
        }
        Ok(true)
    }

    pub(crate) fn value_at(&self, at: usize) -> Option<V> {
        self.entries.get(at).map(|entry| entry.value)
    }

    pub(crate) fn set_value_at(&mut self, at: usize, value: V) {
        if let Some(entry) = self.entries.get_mut(at) {
            entry.value = value;
        }
    }

    /// Removes the entry at a position that a search found.
    pub(crate) fn remove_at(&mut self, at: usize) -> Option<(Value<'gc>, V)> {
        let entry = self.entries.get_mut(at)?;
        let key = entry.key.take()?;
        let (hash, value) = (entry.hash, entry.value);
        if let Some(index) = &mut self.index
            && let Ok(found) = index.find_entry(hash, |&it| it as usize == at)
        {
            found.remove();
        }
        self.live -= 1;
        self.version += 1;
        while self.entries.last().is_some_and(|entry| entry.key.is_none()) {
            self.entries.pop();
        }
        if self.entries.len() <= LINEAR {
            self.index = None;
        }
        Some((key, value))
    }

    /// Removes the last entry.
    pub(crate) fn pop(&mut self) -> Option<(Value<'gc>, V)> {
        // A removal leaves no hole at the end.
        self.remove_at(self.entries.len().checked_sub(1)?)
    }

    /// Returns a table with the same entries: nothing is hashed or compared again.
    pub(crate) fn shallow_copy(&self) -> Self {
        if self.entries.len() == self.len() {
            let (entries, index) = (self.entries.clone(), self.index.clone());
            return Self { entries, index, live: self.live, version: 0 };
        }
        let mut copy = Self::default();
        copy.reserve(self.len());
        for (hash, key, value) in self.iter_hashed() {
            // As many entries as in the source fit.
            let _ = copy.push(hash, key, value);
        }
        copy
    }

    pub(crate) fn clear(&mut self) {
        self.replace(Self::default());
    }

    /// Takes over the entries of another table.
    pub(crate) fn replace(&mut self, other: Self) {
        let version = self.version + 1;
        *self = Self { version, ..other };
    }

    /// Returns the first live entry at or behind `position` and moves `position` behind it.
    #[inline]
    pub(crate) fn next_entry(&self, position: &mut usize) -> Option<(Value<'gc>, V)> {
        while let Some(entry) = self.entries.get(*position) {
            *position += 1;
            if let Some(key) = entry.key {
                return Some((key, entry.value));
            }
        }
        None
    }

    /// As [`next_entry`](Self::next_entry), with the hash of the key.
    #[inline]
    pub(crate) fn next_hashed(&self, position: &mut usize) -> Option<(u64, Value<'gc>, V)> {
        while let Some(entry) = self.entries.get(*position) {
            *position += 1;
            if let Some(key) = entry.key {
                return Some((entry.hash, key, entry.value));
            }
        }
        None
    }

    /// The hash of the entry just before a position, if that is the entry of this very key.
    pub(crate) fn hash_before(&self, position: usize, key: Value<'gc>) -> Option<u64> {
        let entry = self.entries.get(position.checked_sub(1)?)?;
        entry.key.is_some_and(|known| known.is(key)).then_some(entry.hash)
    }

    /// The number of live entries at or behind a position.
    pub(crate) fn count_behind(&self, position: usize) -> usize {
        let rest = self.entries.get(position..).unwrap_or_default();
        rest.iter().filter(|entry| entry.key.is_some()).count()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (Value<'gc>, V)> {
        self.entries.iter().filter_map(|entry| entry.key.map(|key| (key, entry.value)))
    }

    /// The live entries with their hashes, so that a copy need not hash again.
    pub(crate) fn iter_hashed(&self) -> impl Iterator<Item = (u64, Value<'gc>, V)> {
        self.entries.iter().filter_map(|entry| entry.key.map(|key| (entry.hash, key, entry.value)))
    }

    fn is_mostly_holes(&self) -> bool {
        self.entries.len() >= LINEAR && self.len() < self.entries.len() / 2
    }

    fn rebuild(&mut self) {
        self.entries.retain(|entry| entry.key.is_some());
        self.index = None;
        if self.entries.len() > LINEAR {
            self.index_all();
        }
    }

    fn index_all(&mut self) {
        let entries = &self.entries;
        let mut index = HashTable::with_capacity(entries.capacity());
        for (at, entry) in entries.iter().enumerate() {
            if entry.key.is_some() {
                // `push` admits only positions that fit.
                index.insert_unique(entry.hash, at as u32, |&at| entries[at as usize].hash);
            }
        }
        self.index = Some(Box::new(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Numbers = Table<'static, i64>;

    /// Inserts a number as its own key, all under one of four hashes.
    fn insert(table: &mut Numbers, number: i64, value: i64) -> bool {
        let equals = |key: Value<'_>| Some(matches!(key, Value::Int(known) if known == number));
        table.insert(number as u64 % 4, Value::Int(number), value, equals).unwrap()
    }

    fn content(table: &Numbers) -> Vec<(i64, i64)> {
        let number = |key: Value<'_>| if let Value::Int(number) = key { number } else { -1 };
        table.iter().map(|(key, value)| (number(key), value)).collect()
    }

    fn find(table: &Numbers, number: i64) -> Option<usize> {
        table.search(number as u64 % 4, |at, key| {
            matches!(key, Value::Int(known) if known == number).then_some(at)
        })
    }

    #[test]
    fn insert_sets_or_appends_whatever_was_reserved() {
        for count in [1, 7, 8, 9, 10, 100] {
            for reserved in [0, 1, 8, 9, 50, 200] {
                let mut table = Numbers::default();
                table.reserve(reserved);
                for number in 0..count {
                    assert!(insert(&mut table, number, 0));
                }
                let version = table.version();
                for number in (0..count).rev() {
                    assert!(insert(&mut table, number, -number));
                }
                assert_eq!(table.version(), version);
                assert_eq!(table.len() as i64, count);
                assert_eq!(content(&table), (0..count).map(|at| (at, -at)).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn insert_does_not_decide_what_it_does_not_know() {
        for count in [3, 20] {
            let mut table = Numbers::default();
            (0..count).for_each(|number| assert!(insert(&mut table, number, number)));
            let (version, before) = (table.version(), content(&table));
            assert!(!table.insert(1, Value::Int(-1), -1, |_| None).unwrap());
            assert_eq!((table.version(), content(&table)), (version, before));
            assert!(table.insert(9, Value::Int(-1), -1, |_| None).unwrap());
            assert_eq!(table.len() as i64, count + 1);
        }
    }

    #[test]
    fn insert_among_holes() {
        let mut table = Numbers::default();
        table.reserve(40);
        (0..40).for_each(|number| assert!(insert(&mut table, number, number)));
        for number in 0..39 {
            table.remove_at(find(&table, number).unwrap()).unwrap();
        }
        assert!(insert(&mut table, 39, 1));
        assert!(insert(&mut table, 5, 2));
        assert!(insert(&mut table, 39, 3));
        assert_eq!(content(&table), [(39, 3), (5, 2)]);
        assert!(table.entries.len() <= LINEAR);
        assert_eq!((find(&table, 5), find(&table, 6)), (Some(1), None));
    }
}
