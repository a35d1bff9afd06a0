//! What a stream has stored to be fetched again: `Unpickler.memo`.

use std::collections::HashMap;

use halfsour_runtime::Value;

/// The objects stored, in the order in which they were first stored, and the way from their numbers to them.
#[derive(Debug, Default)]
pub(crate) struct Memo<'gc> {
    pub(crate) index: MemoIndex,
    pub(crate) objects: Vec<Value<'gc>>,
    /// Whether an object took the place of another.
    pub(crate) replaced: bool,
}

/// The part of a memo that names no objects, which outlives a single visit to the runtime.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoIndex {
    numbers: Numbers,
    /// The places of objects under keys that are no numbers, or far beyond the others. Python 2 takes any
    /// line as the key of PUT, and tells `00` from `0`.
    odd: HashMap<Box<[u8]>, u32>,
}

/// Where the object of a number is.
#[derive(Clone, Debug)]
enum Numbers {
    /// Each number is one above the number before, as picklers write them.
    Sequential { first: u32 },
    /// The place of every number, plus one; 0 where nothing was stored.
    Places(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers::Sequential { first: 0 }
    }
}

/// How far beyond twice the count of objects a number may be and still have its entry in a table: what is
/// allocated follows what was stored, not what a number claims.
const SLACK: usize = 1024;

impl<'gc> Memo<'gc> {
    /// An empty memo with room for what most pickles store.
    pub(crate) fn with_room() -> Self {
        Self { objects: Vec::with_capacity(64), ..Self::default() }
    }

    /// How many bytes the memo takes.
    pub(crate) fn size(&self) -> usize {
        let places = match &self.index.numbers {
            Numbers::Sequential { .. } => 0,
            Numbers::Places(places) => size_of::<u32>() * places.capacity(),
        };
        // An entry has a key of its own.
        let odd = 64 * self.index.odd.capacity();
        size_of::<Value<'gc>>() * self.objects.capacity() + places + odd
    }

    /// Returns the object stored under a number.
    #[inline(always)]
    pub(crate) fn get(&self, number: u32) -> Option<Value<'gc>> {
        match &self.index.numbers {
            Numbers::Sequential { first } => {
                self.objects.get(number.checked_sub(*first)? as usize).copied()
            }
            Numbers::Places(places) => self.get_at(places, number),
        }
    }

    #[cold]
    fn get_at(&self, places: &[u32], number: u32) -> Option<Value<'gc>> {
        let place = match places.get(number as usize) {
            Some(&place) if place != 0 => place - 1,
            _ => *self.index.odd.get(number.to_string().as_bytes())?,
        };
        self.objects.get(place as usize).copied()
    }

    /// Stores an object under a number.
    #[inline(always)]
    pub(crate) fn put(&mut self, number: u32, object: Value<'gc>) {
        match self.index.numbers {
            Numbers::Sequential { first }
                if number.checked_sub(first).map(|place| place as usize)
                    == Some(self.objects.len()) =>
            {
                self.objects.push(object);
            }
            _ => self.put_out_of_order(number, object),
        }
    }

    /// Returns the object stored under the key of a GET.
    pub(crate) fn get_text(&self, key: &[u8]) -> Option<Value<'gc>> {
        match number(key) {
            Some(number) => self.get(number),
            None => self.objects.get(*self.index.odd.get(key)? as usize).copied(),
        }
    }

    /// Stores an object under the key of a PUT.
    pub(crate) fn put_text(&mut self, key: &[u8], object: Value<'gc>) {
        match number(key) {
            Some(number) => self.put(number, object),
            None => {
                self.places();
                self.put_odd(key, object);
            }
        }
    }

    #[cold]
    fn put_out_of_order(&mut self, number: u32, object: Value<'gc>) {
        if self.objects.is_empty() && self.index.odd.is_empty() {
            self.index.numbers = Numbers::Sequential { first: number };
            self.objects.push(object);
            return;
        }
        let (next, limit) = (self.objects.len() as u32, 2 * self.objects.len() + SLACK);
        let key = number.to_string();
        if number as usize >= limit || self.index.odd.contains_key(key.as_bytes()) {
            self.places();
            self.put_odd(key.as_bytes(), object);
            return;
        }
        let places = self.places();
        if places.len() <= number as usize {
            places.resize(number as usize + 1, 0);
        }
        match places.get_mut(number as usize) {
            Some(place) if *place == 0 => {
                *place = next + 1;
                self.objects.push(object);
            }
            Some(&mut place) => self.replace(place - 1, object),
            None => {}
        }
    }

    fn put_odd(&mut self, key: &[u8], object: Value<'gc>) {
        if let Some(&place) = self.index.odd.get(key) {
            return self.replace(place, object);
        }
        self.index.odd.insert(key.into(), self.objects.len() as u32);
        self.objects.push(object);
    }

    fn replace(&mut self, place: u32, object: Value<'gc>) {
        self.replaced = true;
        if let Some(known) = self.objects.get_mut(place as usize) {
            *known = object;
        }
    }

    /// Returns the table of places, made now if the numbers have been in sequence.
    fn places(&mut self) -> &mut Vec<u32> {
        if let Numbers::Sequential { first } = self.index.numbers {
            let stored = self.objects.len() as u32;
            if (first as usize) < 2 * self.objects.len() + SLACK {
                let gap = std::iter::repeat_n(0, first as usize);
                self.index.numbers = Numbers::Places(gap.chain(1..=stored).collect());
            } else {
                let key = |place| first.wrapping_add(place).to_string().into_bytes().into();
                self.index.odd.extend((0..stored).map(|place| (key(place), place)));
                self.index.numbers = Numbers::Places(Vec::new());
            }
        }
        match &mut self.index.numbers {
            Numbers::Places(places) => places,
            Numbers::Sequential { .. } => unreachable!("the numbers have a table by now"),
        }
    }
}

impl MemoIndex {
    /// Returns the keys under which objects are stored from a place on, each with the place of its object, in the order of the
    /// places.
    pub(crate) fn keys(&self, start: usize, stored: usize) -> Vec<(String, usize)> {
        let numbers: Vec<(String, usize)> = match &self.numbers {
            Numbers::Sequential { first } => (start..stored)
                .map(|place| ((u64::from(*first) + place as u64).to_string(), place))
                .collect(),
            Numbers::Places(places) => places
                .iter()
                .enumerate()
                .filter(|&(_, &place)| place as usize > start)
                .map(|(number, &place)| (number.to_string(), place as usize - 1))
                .collect(),
        };
        let odd = self
            .odd
            .iter()
            .filter(|&(_, &place)| place as usize >= start)
            .map(|(key, &place)| (String::from_utf8_lossy(key).into_owned(), place as usize));
        let mut keys: Vec<_> = numbers.into_iter().chain(odd).collect();
        keys.sort_by_key(|&(_, place)| place);
        keys
    }
}

/// Returns the number that a key is, if it is written as Python writes it.
fn number(key: &[u8]) -> Option<u32> {
    match key {
        b"0" => Some(0),
        [b'1'..=b'9', ..] => std::str::from_utf8(key).ok()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores 0, 1, 2... under the keys and returns what each key fetches then.
    fn fetch(keys: &[&str]) -> Vec<Option<i64>> {
        let mut memo = Memo::default();
        for (key, value) in keys.iter().zip(0..) {
            memo.put_text(key.as_bytes(), Value::Int(value));
        }
        keys.iter().map(|key| int(memo.get_text(key.as_bytes()))).collect()
    }

    fn int(value: Option<Value<'_>>) -> Option<i64> {
        match value {
            Some(Value::Int(int)) => Some(int),
            _ => None,
        }
    }

    #[track_caller]
    fn check(keys: &[&str]) {
        let expected: Vec<_> = keys
            .iter()
            .map(|key| Some(keys.iter().rposition(|it| it == key).unwrap() as i64))
            .collect();
        assert_eq!(fetch(keys), expected);
    }

    #[test]
    fn any_order_of_keys() {
        check(&["0", "1", "2", "3"]);
        check(&["1", "2", "3"]);
        check(&["0", "1", "3", "4", "2"]);
        check(&["5", "1", "5", "0"]);
        check(&["4294967295", "0", "4294967294"]);
        check(&["4000000", "4000001", "1", "4000002", "4000000"]);
        check(&["0", "00", "foo", "-1", "foo", "1", "4294967296"]);
        check(&["x", "0", "1", "2000", "x", "2000"]);
    }

    #[test]
    fn the_keys_in_order() {
        for keys in [&["4", "5", "6"][..], &["1", "0", "7", "x", "4294967295"]] {
            let mut memo = Memo::default();
            for key in keys {
                memo.put_text(key.as_bytes(), Value::None);
            }
            let found = memo.index.keys(0, memo.objects.len());
            let expected: Vec<_> = keys.iter().map(|&key| key.to_owned()).zip(0..).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_was_not_stored() {
        let mut memo = Memo::default();
        assert!(memo.get(0).is_none());
        memo.put(1, Value::None);
        memo.put(5, Value::None);
        for number in [0, 2, 4, 6, u32::MAX] {
            assert!(memo.get(number).is_none(), "{number}");
        }
        assert!(memo.get_text(b"05").is_none());
    }

    #[test]
    fn numbers_far_apart_cost_nothing() {
        let mut memo = Memo::default();
        for number in (0..100_u32).map(|i| i * 40_000_000) {
            memo.put(number, Value::None);
        }
        assert!(matches!(&memo.index.numbers, Numbers::Places(places) if places.len() < 2000));
    }
}
