//! [`Lookups`]: what attributes of a class were looked up of late.

use gc_arena::Collect;

use crate::name::Name;
use crate::value::Value;

/// Results of lookups through the MRO of a class, valid while no class of the runtime changes.
///
/// Each name has one place, which it shares with others: whichever was looked up last is known.
#[derive(Collect, Default)]
#[collect(no_drop)]
pub(super) struct Lookups<'gc> {
    /// A power of two of them, or none.
    places: Box<[Option<Lookup<'gc>>]>,
    version: u64,
}

#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
struct Lookup<'gc> {
    name: Name<'gc>,
    /// `None` is an attribute that the class has not.
    found: Option<Value<'gc>>,
}

/// Most classes are asked for a few names only.
const FEWEST: usize = 8;

/// No more places than these: a hostile program could ask for ever new names.
const MOST: usize = 256;

impl<'gc> Lookups<'gc> {
    /// Returns what was found under a name at a version of all classes, if that is known.
    #[inline]
    pub(super) fn get(&self, version: u64, name: Name<'gc>) -> Option<Option<Value<'gc>>> {
        let known = self.places.get(self.place_of(name))?.as_ref()?;
        (self.version == version && known.name.is(name)).then_some(known.found)
    }

    /// Notes what was found under a name at a version of all classes.
    pub(super) fn insert(&mut self, version: u64, name: Name<'gc>, found: Option<Value<'gc>>) {
        if self.version != version {
            self.places.fill(None);
            self.version = version;
        }
        let most = (4 * self.places.iter().flatten().count()).clamp(FEWEST, MOST);
        while self.is_taken(name) && self.places.len() < most {
            self.grow();
        }
        let place = self.place_of(name);
        if let Some(place) = self.places.get_mut(place) {
            *place = Some(Lookup { name, found });
        }
    }

    /// Forgets everything, unless it is of this version.
    pub(super) fn forget_unless(&mut self, version: u64) {
        if self.version != version {
            self.places = Box::default();
        }
    }

    /// Whether another name has the place of this one, or there is no place at all.
    fn is_taken(&self, name: Name<'gc>) -> bool {
        match self.places.get(self.place_of(name)) {
            Some(place) => place.is_some_and(|known| !known.name.is(name)),
            None => true,
        }
    }

    fn grow(&mut self) {
        let size = (2 * self.places.len()).max(FEWEST);
        let known = std::mem::replace(&mut self.places, vec![None; size].into_boxed_slice());
        for lookup in known.into_iter().flatten() {
            let place = self.place_of(lookup.name);
            if let Some(place) = self.places.get_mut(place) {
                *place = Some(lookup);
            }
        }
    }

    /// The place of a name; 0 where there is none.
    #[inline]
    fn place_of(&self, name: Name<'gc>) -> usize {
        // Names lie at least 64 bytes apart, but not all at multiples of that.
        let address = name.addr();
        (address >> 4 ^ address >> 10) & self.places.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lookups, MOST};
    use crate::runtime::Runtime;
    use crate::value::Value;

    #[test]
    fn what_was_found_is_known_at_its_version_only() {
        Runtime::python3().enter(|ctx| {
            let (spam, eggs) = (ctx.intern("spam"), ctx.intern("eggs"));
            let mut lookups = Lookups::default();
            assert!(lookups.get(0, spam).is_none());
            lookups.insert(1, spam, None);
            assert!(matches!(lookups.get(1, spam), Some(None)));
            assert!(lookups.get(1, eggs).is_none() && lookups.get(2, spam).is_none());
            lookups.insert(2, eggs, Some(Value::Int(7)));
            assert!(matches!(lookups.get(2, eggs), Some(Some(Value::Int(7)))));
            assert!(lookups.get(2, spam).is_none());
            lookups.forget_unless(2);
            assert!(lookups.get(2, eggs).is_some());
            lookups.forget_unless(3);
            assert!(lookups.get(2, eggs).is_none());
        });
    }

    #[test]
    fn places_grow_with_the_names_and_not_without_end() {
        Runtime::python2().enter(|ctx| {
            let mut lookups = Lookups::default();
            for number in 0..10 * MOST {
                let name = ctx.intern(&format!("name{number}"));
                lookups.insert(1, name, Some(Value::Int(number as i64)));
                assert!(matches!(lookups.get(1, name), Some(Some(Value::Int(_)))));
            }
            assert_eq!(lookups.places.len(), MOST);
        });
    }
}
