//! [`AddressTable`]: from an object's address to a number.

/// Numbers by the addresses of objects: what the memos of `pickle` and `copy` look objects up in.
///
/// Python keeps dicts from `id(x)` for them. One look-up for every object is the hottest step of a dump or a deep
/// copy, so this is a table for addresses only, in two levels as the page tables of processors are: a group of
/// neighbouring addresses has a number for each of them, and the groups are hashed. Objects that are walked one after
/// another were mostly made one after another, so the next look-up finds its group in the cache.
///
/// An address names an object only while that lives: whoever keeps a table keeps the objects, too. Addresses within the
/// same four words are taken for one, as no two objects are so near to each other.
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
const SMALLEST: usize = 64;

/// 2**64 divided by the golden ratio: consecutive prefixes land far apart.
const FIBONACCI: u64 = 0x9e37_79b9_7f4a_7c15;

/// What one object has for a number in an [`AddressTable`]. To look at it leaves the table as it is.
#[derive(Debug)]
pub struct AddressEntry<'t> {
    table: &'t mut AddressTable,
    prefix: usize,
    neighbour: usize,
    /// The group, if there is one.
    group: Option<usize>,
}

impl AddressEntry<'_> {
    /// Returns the number, if there is one.
    #[must_use]
    #[inline]
    pub fn number(&self) -> Option<u32> {
        self.table.number_of(self.group?, self.neighbour)
    }

    /// Sets the number, of at most 2**32 - 2; the one above is taken for it.
    #[inline]
    pub fn set(self, number: u32) {
        let group = self.group.unwrap_or_else(|| self.table.add_group(self.prefix));
        self.table.groups[group][self.neighbour] = number.saturating_add(1);
    }
}

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
        self.number_of(self.find(prefix).ok()?, neighbour)
    }

    #[inline]
    fn number_of(&self, group: usize, neighbour: usize) -> Option<u32> {
        self.groups.get(group)?[neighbour].checked_sub(1)
    }

    /// Gives the object at `address` a number, and a new one if it had one already.
    ///
    /// A number is at most 2**32 - 2; the one above is taken for it.
    #[inline]
    pub fn insert(&mut self, address: usize, number: u32) {
        self.entry(address).set(number);
    }

    /// Returns what the object at `address` has for a number, to be looked at and set with one search.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::AddressTable;
    ///
    /// let mut table = AddressTable::new();
    /// let entry = table.entry(64);
    /// assert_eq!(entry.number(), None);
    /// entry.set(7);
    /// assert_eq!(table.entry(64).number(), Some(7));
    /// ```
    #[inline]
    pub fn entry(&mut self, address: usize) -> AddressEntry<'_> {
        let (prefix, neighbour) = split(address);
        let group = self.find(prefix).ok();
        AddressEntry { table: self, prefix, neighbour, group }
    }

    /// Forgets every object and keeps the room.
    pub fn clear(&mut self) {
        self.places.fill(Place::default());
        self.groups.clear();
    }

    /// Returns the group with a prefix, or else the place where it would be.
    ///
    /// Of the product the highest bits are taken: there, and only there, prefixes that follow each other are spread evenly
    /// (Knuth's Fibonacci hashing), so that in a table as empty as this hardly any of them share a place.
    #[inline]
    fn find(&self, prefix: usize) -> Result<usize, usize> {
        let mask = self.places.len().wrapping_sub(1);
        let hash = (prefix as u64).wrapping_mul(FIBONACCI);
        let mut place = hash.wrapping_shr(self.shift) as usize & mask;
        while let Some(known) = self.places.get(place) {
            if known.prefix == prefix {
                return Ok(known.group);
            }
            if known.prefix == 0 {
                break;
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    /// Adds a group without numbers, and returns it.
    #[cold]
    fn add_group(&mut self, prefix: usize) -> usize {
        let group = self.groups.len();
        if group * 2 >= self.places.len() {
            self.grow();
        }
        if group == 0 {
            self.groups.reserve(SMALLEST / 4);
        }
        self.groups.push([0; NEIGHBOURS]);
        self.put(Place { prefix, group });
        group
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 4).max(SMALLEST);
        let places = std::mem::replace(&mut self.places, vec![Place::default(); size]);
        self.shift = u64::BITS - size.trailing_zeros();
        for known in places.into_iter().filter(|known| known.prefix != 0) {
            self.put(known);
        }
    }

    /// Fills the place of a group that has none.
    fn put(&mut self, new: Place) {
        if let Err(place) = self.find(new.prefix) {
            self.places[place] = new;
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
    fn to_look_takes_no_room() {
        let mut memo = AddressTable::new();
        memo.insert(16, 1);
        assert_eq!(memo.entry(1 << 20).number(), None);
        assert_eq!(memo.groups.len(), 1);
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
