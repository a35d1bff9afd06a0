//! What a Pickler has written so far: `Pickler.memo`.

use halfsour_runtime::{AddressEntry, AddressTable, Value};

use crate::flavour::Flavour;

/// The objects written, in the order of their numbers, with a way back from object to number.
///
/// It holds the objects themselves, as Python's does: an address names an object only while that lives.
#[derive(Clone, Debug)]
pub(crate) struct Memo<'gc> {
    pub(crate) index: MemoIndex,
    pub(crate) objects: Vec<Value<'gc>>,
    /// How many objects were written, if the memo ends with the dump: nothing is collected before that, so that
    /// addresses name objects without holding them.
    once: Option<u32>,
}

/// The part of a memo that names no objects, which outlives a single visit to the runtime.
#[derive(Clone, Debug)]
pub(crate) struct MemoIndex {
    table: AddressTable,
    first: u32,
    keeps_temporaries: bool,
}

impl MemoIndex {
    /// An index whose numbers start where the flavour's do.
    pub(crate) fn new(flavour: Flavour) -> Self {
        let first = if flavour == Flavour::CPickle { 1 } else { 0 };
        Self { table: AddressTable::new(), first, keeps_temporaries: false }
    }

    /// The number of an object that was written.
    #[inline(always)]
    pub(crate) fn get(&self, object: Value<'_>) -> Option<u32> {
        self.table.get(object.addr()?)
    }

    pub(crate) fn clear(&mut self) {
        self.table.clear();
        self.keeps_temporaries = false;
    }
}

impl<'gc> Memo<'gc> {
    pub(crate) fn new(flavour: Flavour) -> Self {
        Self::resumed(MemoIndex::new(flavour), Vec::new())
    }

    /// A memo for one dump.
    pub(crate) fn once(flavour: Flavour) -> Self {
        Self { once: Some(0), ..Self::new(flavour) }
    }

    /// The memo of an earlier dump.
    pub(crate) const fn resumed(index: MemoIndex, objects: Vec<Value<'gc>>) -> Self {
        Self { index, objects, once: None }
    }

    /// The number of an object that was written.
    #[inline(always)]
    pub(crate) fn get(&self, object: Value<'gc>) -> Option<u32> {
        self.index.get(object)
    }

    /// Forgets all objects.
    pub(crate) fn clear(&mut self) {
        self.index.clear();
        self.objects.clear();
        self.once = self.once.map(|_| 0);
    }

    /// Notes that the object at an address has a number, and keeps an object alive.
    pub(crate) fn insert_as(&mut self, address: usize, number: u32, object: Value<'gc>) {
        self.index.table.insert(address, number);
        self.keep(object);
    }

    /// Numbers an object.
    #[inline(always)]
    pub(crate) fn insert(&mut self, object: Value<'gc>) -> u32 {
        self.entry(object).insert()
    }

    /// What the memo has of an object, to be looked at and numbered with one search.
    #[inline(always)]
    pub(crate) fn entry(&mut self, object: Value<'gc>) -> Entry<'_, 'gc> {
        let MemoIndex { table, first, .. } = &mut self.index;
        let known = object.addr().map(|address| table.entry(address));
        Entry { object, known, first: *first, objects: &mut self.objects, once: &mut self.once }
    }

    #[inline(always)]
    fn keep(&mut self, object: Value<'gc>) {
        keep(&mut self.objects, &mut self.once, object);
    }

    /// Keeps a temporary alive, as `pickle.py` does: in a list that is itself an entry of the memo, which
    /// is why a number is skipped the first time (measured on 2.7.18).
    pub(crate) fn keep_temporary(&mut self) {
        if !self.index.keeps_temporaries {
            self.index.keeps_temporaries = true;
            self.keep(Value::None);
        }
    }
}

/// What a memo has of one object.
pub(crate) struct Entry<'m, 'gc> {
    object: Value<'gc>,
    /// Only what has no address has none.
    known: Option<AddressEntry<'m>>,
    first: u32,
    objects: &'m mut Vec<Value<'gc>>,
    once: &'m mut Option<u32>,
}

impl Entry<'_, '_> {
    /// The number of the object, if it was written.
    #[inline(always)]
    pub(crate) fn number(&self) -> Option<u32> {
        self.known.as_ref()?.number()
    }

    /// Numbers the object.
    #[inline(always)]
    pub(crate) fn insert(self) -> u32 {
        // More than 2**32 objects of at least 16 bytes each, and the memo's own part, fit no address space
        // in use; a wrapped number would still be a valid opcode.
        let number = self.first.wrapping_add(self.once.unwrap_or(self.objects.len() as u32));
        if let Some(known) = self.known {
            known.set(number);
        }
        keep(self.objects, self.once, self.object);
        number
    }
}

#[inline(always)]
fn keep<'gc>(objects: &mut Vec<Value<'gc>>, once: &mut Option<u32>, object: Value<'gc>) {
    match once {
        Some(count) => *count = count.wrapping_add(1),
        None => objects.push(object),
    }
}
