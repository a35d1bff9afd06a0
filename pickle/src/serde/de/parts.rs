//! Instances in their parts.

use ::serde::de::value::{SeqAccessDeserializer, StrDeserializer};
use ::serde::de::{self, DeserializeSeed, MapAccess, Unexpected, Visitor};

use super::super::error::Step;
use super::super::graph::{Graph, Node};
use super::super::parts::FIELDS;
use super::super::{Error, Result};
use super::instance::{Instance, instance};
use super::{Deserializer, Sequence, Walk};

impl<'de, G: Graph<'de>> Deserializer<'_, '_, 'de, G> {
    /// Shows the parts of an instance.
    pub(super) fn show_parts<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Node::Object(object) = self.walk.graph.node(self.at)? else {
            let found = Unexpected::Other("an object that no call makes");
            return Err(de::Error::invalid_type(found, &visitor));
        };
        let instance = instance(self.walk.graph, object)?;
        self.admit(&instance.class, true)?;
        let parts = PartsAccess { walk: self.walk, instance, next: 0 };
        self.inside(FIELDS.len(), visitor, |visitor| visitor.visit_map(parts))
    }
}

struct PartsAccess<'w, 'r, 'de, G: Graph<'de>> {
    walk: &'w Walk<'r, G>,
    instance: Instance<'r, G::Handle>,
    next: usize,
}

impl<'de, G: Graph<'de>> MapAccess<'de> for PartsAccess<'_, '_, 'de, G> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        match FIELDS.get(self.next) {
            None | Some(&"state") if self.instance.state.is_none() => Ok(None),
            None => Ok(None),
            Some(&field) => {
                self.next += 1;
                seed.deserialize(StrDeserializer::new(field)).map(Some)
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let at = |field| move |error: Error| error.behind(Step::Attribute(String::from(field)));
        match (self.next, self.instance.state) {
            (1, _) => seed.deserialize(StrDeserializer::new(self.instance.class.dotted())),
            (2, _) => {
                let args = Sequence::new(self.walk, self.instance.args.clone());
                seed.deserialize(SeqAccessDeserializer::new(args)).map_err(at("args"))
            }
            (_, Some(state)) => {
                let state = Deserializer::new(self.walk, state);
                seed.deserialize(state).map_err(at("state"))
            }
            (_, None) => Err(de::Error::missing_field("state")),
        }
    }
}
