//! [`AddressTable`]: from an object's address to a number.

/// Numbers by the addresses of objects: what the memos of `pickle` and `copy` look objects up in.
///
/// Python keeps dicts from `id(x)` for them. One look-up for every object is the hottest step of a dump or a deep
/// copy, so this is a table for addresses only: open addressing, linear probing, never more than half full, and a hash
/// that keeps neighbours together. Objects that are walked one after another were mostly made one after another, so
/// the next look-up finds its place in the cache.
///
/// An address names an object only while that lives: whoever keeps a table keeps the objects, too.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{AddressTable, List, Runtime};
///
/// Runtime::python2().enter(|ctx| {
///     let list = List::new(ctx);
///     let mut table = AddressTable::new();
///     table.insert(list.addr(), 7);
///     assert_eq!(table.get(list.addr()), Some(7));
///     assert_eq!(table.get(List::new(ctx).addr()), None);
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct AddressTable {
    /// The address in each place; zero, which no object has, marks an empty one.
    addresses: Vec<usize>,
    /// The number in each place.
    numbers: Vec<u32>,
    used: usize,
}

const SMALLEST: usize = 2 * NEIGHBOURS;

/// Smaller tables grow faster.
const SMALL: usize = 1 << 16;

/// Objects have addresses that are multiples of this.
const ALIGNMENT_BITS: u32 = 4;

/// Objects within this many alignments of each other are neighbours.
const NEIGHBOURS: usize = 1 << NEIGHBOUR_BITS;
const NEIGHBOUR_BITS: u32 = 6;

/// 2**64 divided by the golden ratio: consecutive groups of neighbours land far apart.
const FIBONACCI: u64 = 0x9e37_79b9_7f4a_7c15;

impl AddressTable {
    /// Returns an empty table, which has allocated nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { addresses: Vec::new(), numbers: Vec::new(), used: 0 }
    }

    /// Returns the number of the object at `address`, if it has one.
    #[must_use]
    #[inline]
    pub fn get(&self, address: usize) -> Option<u32> {
        let place = self.find(address);
        if *self.addresses.get(place)? != address {
            return None;
        }
        self.numbers.get(place).copied()
    }

    /// Gives the object at `address` a number, and a new one if it had one already.
    #[inline]
    pub fn insert(&mut self, address: usize, number: u32) {
        if self.used * 2 >= self.addresses.len() {
            self.grow();
        }
        let place = self.find(address);
        let slot = (self.addresses.get_mut(place), self.numbers.get_mut(place));
        if let (Some(known), Some(own)) = slot {
            self.used += usize::from(*known == 0);
            (*known, *own) = (address, number);
        }
    }

    /// Forgets every object and keeps the room.
    pub fn clear(&mut self) {
        self.addresses.fill(0);
        self.used = 0;
    }

    /// The place where `address` is or would be; 0 in a table without places.
    #[inline]
    fn find(&self, address: usize) -> usize {
        let mask = self.addresses.len().wrapping_sub(1);
        let unit = address >> ALIGNMENT_BITS;
        let group = ((unit >> NEIGHBOUR_BITS) as u64).wrapping_mul(FIBONACCI) >> 32;
        let mut place = ((group as usize) << NEIGHBOUR_BITS | unit & (NEIGHBOURS - 1)) & mask;
        while let Some(&known) = self.addresses.get(place) {
            if known == address || known == 0 {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    #[cold]
    fn grow(&mut self) {
        let factor = if self.addresses.len() < SMALL { 4 } else { 2 };
        let size = (self.addresses.len() * factor).max(SMALLEST);
        let addresses = std::mem::replace(&mut self.addresses, vec![0; size]);
        let numbers = std::mem::replace(&mut self.numbers, vec![0; size]);
        self.used = 0;
        for (address, number) in addresses.into_iter().zip(numbers) {
            if address != 0 {
                self.insert(address, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AddressTable;

    #[test]
    fn numbers_are_found_again_after_growing() {
        let mut memo = AddressTable::new();
        assert_eq!(memo.get(16), None);
        for number in 0..10_000_u32 {
            memo.insert(0x7f00_0000 + number as usize * 16, number);
        }
        assert_eq!(memo.used, 10_000);
        for number in 0..10_000_u32 {
            assert_eq!(memo.get(0x7f00_0000 + number as usize * 16), Some(number));
        }
        assert_eq!(memo.get(0x7f00_0008), None);
    }

    #[test]
    fn a_second_number_replaces_the_first() {
        let mut memo = AddressTable::new();
        memo.insert(16, 1);
        memo.insert(16, 2);
        assert_eq!((memo.get(16), memo.used), (Some(2), 1));
    }

    #[test]
    fn clear_forgets() {
        let mut memo = AddressTable::new();
        memo.insert(16, 1);
        memo.clear();
        assert_eq!((memo.get(16), memo.used), (None, 0));
    }
}
