//! The writer's memo: from an object's address to the number it was given.
//!
//! Python keeps `Pickler.memo` as a dict from `id` to `(number, object)`. One look-up for every object is
//! the hottest step of a dump, so this is a table for addresses only: open addressing, linear probing,
//! a multiplicative hash, never more than half full.

/// Addresses and their memo numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoTable {
    slots: Vec<Slot>,
    /// How far to shift a 64-bit hash right to get a slot's place.
    shift: u32,
    used: usize,
}

/// A place in the table; address zero, which no object has, marks an empty one.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    address: usize,
    number: u32,
}

const SMALLEST: usize = 32;

/// 2**64 divided by the golden ratio: consecutive addresses land far apart.
const FIBONACCI: u64 = 0x9e37_79b9_7f4a_7c15;

impl MemoTable {
    /// An empty table, which has allocated nothing.
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), shift: 64, used: 0 }
    }

    /// How many objects are in the table.
    pub(crate) const fn len(&self) -> usize {
        self.used
    }

    /// The number of the object at `address`, if it has one.
    #[inline]
    pub(crate) fn get(&self, address: usize) -> Option<u32> {
        let slot = self.slots.get(self.find(address))?;
        (slot.address == address).then_some(slot.number)
    }

    /// Gives the object at `address` a number, and a new one if it had one already.
    #[inline]
    pub(crate) fn insert(&mut self, address: usize, number: u32) {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let place = self.find(address);
        if let Some(slot) = self.slots.get_mut(place) {
            self.used += usize::from(slot.address == 0);
            *slot = Slot { address, number };
        }
    }

    /// Forgets every object and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.used = 0;
    }

    /// The place where `address` is or would be; 0 in a table without places.
    #[inline]
    fn find(&self, address: usize) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = (address as u64).wrapping_mul(FIBONACCI);
        let mut place = hash.checked_shr(self.shift).unwrap_or(0) as usize;
        while let Some(slot) = self.slots.get(place) {
            if slot.address == address || slot.address == 0 {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(SMALLEST);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        self.shift = u64::BITS - size.trailing_zeros();
        for slot in old.into_iter().filter(|slot| slot.address != 0) {
            let place = self.find(slot.address);
            if let Some(empty) = self.slots.get_mut(place) {
                *empty = slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MemoTable;

    #[test]
    fn numbers_are_found_again_after_growing() {
        let mut memo = MemoTable::new();
        assert_eq!(memo.get(16), None);
        for number in 0..10_000_u32 {
            memo.insert(0x7f00_0000 + number as usize * 16, number);
        }
        assert_eq!(memo.len(), 10_000);
        for number in 0..10_000_u32 {
            assert_eq!(memo.get(0x7f00_0000 + number as usize * 16), Some(number));
        }
        assert_eq!(memo.get(0x7f00_0008), None);
    }

    #[test]
    fn a_second_number_replaces_the_first() {
        let mut memo = MemoTable::new();
        memo.insert(16, 1);
        memo.insert(16, 2);
        assert_eq!((memo.get(16), memo.len()), (Some(2), 1));
    }

    #[test]
    fn clear_forgets() {
        let mut memo = MemoTable::new();
        memo.insert(16, 1);
        memo.clear();
        assert_eq!((memo.get(16), memo.len()), (None, 0));
    }
}
