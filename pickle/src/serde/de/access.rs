//! The items of sequences and the entries of maps, one by one.

use ::serde::de::{self, DeserializeSeed, MapAccess, SeqAccess};

use super::super::error::Step;
use super::super::graph::{Graph, Items, Node};
use super::super::{Error, Result};
use super::text::{shown, shown_text};
use super::{Deserializer, Walk};

/// A sequence that is being read.
pub(super) struct Sequence<'w, 'r, 'de, G: Graph<'de>> {
    walk: &'w Walk<'r, G>,
    items: Items<'r, G::Handle>,
    next: usize,
}

impl<'w, 'r, 'de, G: Graph<'de>> Sequence<'w, 'r, 'de, G> {
    pub(super) fn new(walk: &'w Walk<'r, G>, items: Items<'r, G::Handle>) -> Self {
        Self { walk, items, next: 0 }
    }

    /// Refuses a sequence that is longer than what was read of it.
    pub(super) fn finish(self) -> Result<()> {
        match self.items.len() {
            length if length == self.next => Ok(()),
            length => Err(longer(length, self.next)),
        }
    }
}

impl<'de, G: Graph<'de>> SeqAccess<'de> for Sequence<'_, '_, 'de, G> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(&item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        match seed.deserialize(Deserializer::new(self.walk, item)) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.behind(Step::Index(index))),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// A map that is being read: keys and values in turn.
pub(super) struct Entries<'w, 'r, 'de, G: Graph<'de>> {
    walk: &'w Walk<'r, G>,
    entries: Items<'r, G::Handle>,
    next: usize,
    are_attributes: bool,
}

impl<'w, 'r, 'de, G: Graph<'de>> Entries<'w, 'r, 'de, G> {
    pub(super) fn new(
        walk: &'w Walk<'r, G>,
        entries: Items<'r, G::Handle>,
        are_attributes: bool,
    ) -> Self {
        Self { walk, entries, next: 0, are_attributes }
    }

    /// Refuses a map that is longer than what was read of it.
    pub(super) fn finish(self) -> Result<()> {
        match self.entries.len() {
            length if length == self.next => Ok(()),
            length => Err(longer(length / 2, self.next / 2)),
        }
    }

    /// The step to the value behind the key that was read last.
    #[cold]
    fn step(&self) -> Step {
        let key = self.next.checked_sub(2).and_then(|at| self.entries.get(at));
        match key.and_then(|&key| self.walk.graph.node(key).ok()) {
            Some(Node::Text(name) | Node::Native(name)) if self.are_attributes => {
                Step::Attribute(shown_text(name.bytes(), false))
            }
            Some(node) => Step::Item(shown(&node)),
            None => Step::Item("...".to_owned()),
        }
    }
}

impl<'de, G: Graph<'de>> MapAccess<'de> for Entries<'_, '_, 'de, G> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(&key) = self.entries.get(self.next) else { return Ok(None) };
        self.next += 1;
        match seed.deserialize(Deserializer::key(self.walk, key)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(error.behind(Step::Key(self.next / 2))),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some(&value) = self.entries.get(self.next) else {
            return Err(de::Error::custom("a key has no value"));
        };
        self.next += 1;
        let read = seed.deserialize(Deserializer::new(self.walk, value));
        read.map_err(|error| error.behind(self.step()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some((self.entries.len() - self.next) / 2)
    }
}

#[cold]
fn longer(length: usize, read: usize) -> Error {
    de::Error::invalid_length(length, &format!("{read} items").as_str())
}
