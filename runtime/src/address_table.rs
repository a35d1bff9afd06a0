//! [`AddressTable`]: from an object's address to a number.

/// Numbers by the addresses of objects: what the memos of `pickle` and `copy` look objects up in.
///
/// Python keeps dicts from `id(x)` for them. One look-up for every object is the hottest step of a dump or a deep
/// copy, so this is a table for addresses only, in two levels as the page tables of processors are: a group of
/// neighbouring addresses has a number for each of them, and the groups are hashed. Objects that are walked one after
/// another were mostly made one after another, so the next look-up finds its group in the cache.
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
    /// Where to look for a group first: open addressing, linear probing, never more than half full.
    places: Vec<Place>,
    /// How many bits of a hash are not used: those that are left number the places.
    shift: u32,
    /// What the neighbours in each group have for a number.
    groups: Vec<Group>,
}

/// Where the group of an address is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// What all addresses of the group have in common; zero, which no object's address has, marks an empty place.
    prefix: usize,
    group: usize,
}

/// The numbers of neighbours, one more than they are; zero marks one without.
type Group = [u32; NEIGHBOURS];

/// No two objects are nearer to each other than this: each has two words of the collector's before its content, which
/// has at least two itself (`handle!` holds it to that).
const DISTANCE_BITS: u32 = (4 * size_of::<usize>()).trailing_zeros();

/// How many times that distance there is among neighbours: they are within 128 words.
const NEIGHBOURS: usize = 1 << NEIGHBOUR_BITS;
const NEIGHBOUR_BITS: u32 = 5;

/// How many places the smallest table has.
const SMALLEST: usize = 16;

/// 2**64 divided by the golden ratio: consecutive prefixes land far apart.
const FIBONACCI: u64 = 0x9e37_79b9_7f4a_7c15;

impl AddressTable {
    /// Returns an empty table, which has allocated nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { places: Vec::new(), shift: 0, groups: Vec::new() }
    }

    /// Returns the number of the object at `address`, if it has one.
    #[must_use]
    #[inline]
    pub fn get(&self, address: usize) -> Option<u32> {
        let (prefix, neighbour) = split(address);
        let place = self.places.get(self.find(prefix))?;
        // An empty place leads to no group that has numbers for the address.
        if place.prefix != prefix {
            return None;
        }
        self.groups.get(place.group)?[neighbour].checked_sub(1)
    }

    /// Gives the object at `address` a number, and a new one if it had one already.
    ///
    /// A number is at most 2**32 - 2; the one above is taken for it.
    #[inline]
    pub fn insert(&mut self, address: usize, number: u32) {
        let (prefix, neighbour) = split(address);
        let mut place = self.find(prefix);
        if self.places.get(place).is_none_or(|known| known.prefix != prefix) {
            place = self.add_group(prefix);
        }
        if let Some(place) = self.places.get(place)
            && let Some(group) = self.groups.get_mut(place.group)
        {
            group[neighbour] = number.saturating_add(1);
        }
    }

    /// Forgets every object and keeps the room.
    pub fn clear(&mut self) {
        self.places.fill(Place::default());
        self.groups.clear();
    }

    /// The place where a group is or would be.
    ///
    /// Of the product the highest bits are taken: there, and only there, prefixes that follow each other are spread evenly
    /// (Knuth's Fibonacci hashing), so that in a table as empty as this none of them share a place.
    #[inline]
    fn find(&self, prefix: usize) -> usize {
        let mask = self.places.len().wrapping_sub(1);
        let mut place =
            (prefix as u64).wrapping_mul(FIBONACCI).wrapping_shr(self.shift) as usize & mask;
        while let Some(known) = self.places.get(place) {
            if known.prefix == prefix || known.prefix == 0 {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    /// Adds a group without numbers and returns its place.
    #[cold]
    fn add_group(&mut self, prefix: usize) -> usize {
        if self.groups.len() * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.find(prefix);
        if let Some(free) = self.places.get_mut(place) {
            *free = Place { prefix, group: self.groups.len() };
            self.groups.push([0; NEIGHBOURS]);
        }
        place
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 4).max(SMALLEST);
        let places = std::mem::replace(&mut self.places, vec![Place::default(); size]);
        self.shift = u64::BITS - size.trailing_zeros();
        for known in places.into_iter().filter(|known| known.prefix != 0) {
            let place = self.find(known.prefix);
            if let Some(free) = self.places.get_mut(place) {
                *free = known;
            }
        }
    }
}

/// What an address has in common with its neighbours, and which of them it is.
#[inline]
const fn split(address: usize) -> (usize, usize) {
    let unit = address >> DISTANCE_BITS;
    // Moved away from zero, which means no prefix.
    ((unit >> NEIGHBOUR_BITS) + 1, unit & (NEIGHBOURS - 1))
}

#[cfg(test)]
mod tests {
    use super::{AddressTable, NEIGHBOURS};

    #[test]
    fn numbers_are_found_again_after_growing() {
        let mut memo = AddressTable::new();
        assert_eq!(memo.get(16), None);
        for number in 0..10_000_u32 {
            memo.insert(0x7f00_0000 + number as usize * 32, number);
        }
        assert_eq!(memo.groups.len(), 10_000_usize.div_ceil(NEIGHBOURS));
        for number in 0..10_000_u32 {
            assert_eq!(memo.get(0x7f00_0000 + number as usize * 32), Some(number));
        }
        assert_eq!(memo.get(0x7e00_0000), None);
    }

    #[test]
    fn a_second_number_replaces_the_first() {
        let mut memo = AddressTable::new();
        memo.insert(16, 1);
        memo.insert(16, 2);
        assert_eq!(memo.get(16), Some(2));
    }

    #[test]
    fn clear_forgets() {
        let mut memo = AddressTable::new();
        memo.insert(16, 1);
        memo.clear();
        assert_eq!(memo.get(16), None);
        memo.insert(48, 7);
        assert_eq!((memo.get(16), memo.get(48)), (None, Some(7)));
    }

    #[test]
    fn addresses_far_apart_and_at_the_ends_have_places_of_their_own() {
        let addresses = [16, 1008, 1024, 1 << 20, usize::MAX - 15, usize::MAX / 2];
        let mut memo = AddressTable::new();
        for (number, address) in addresses.into_iter().enumerate() {
            assert_eq!(memo.get(address), None);
            memo.insert(address, number as u32);
        }
        for (number, address) in addresses.into_iter().enumerate() {
            assert_eq!(memo.get(address), Some(number as u32));
        }
    }
}
