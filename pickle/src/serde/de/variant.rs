//! Enums: variants by name, as members of Python's enums, and as classes.

use ::serde::de::value::StrDeserializer;
use ::serde::de::{self, DeserializeSeed, EnumAccess, Unexpected, VariantAccess, Visitor};

use super::super::graph::{Graph, Node};
use super::super::{Category, Error, Result};
use super::instance::{Content, Instance, View};
use super::{Ask, Deserializer};

/// A variant that is being read: its name, then what is in it.
pub(super) struct Variant<'w, 'r, 'de, G: Graph<'de>> {
    name: Name<'w, 'r, 'de, G>,
    content: Option<Deserializer<'w, 'r, 'de, G>>,
}

enum Name<'w, 'r, 'de, G: Graph<'de>> {
    Object(Deserializer<'w, 'r, 'de, G>),
    Known(&'static str),
}

impl<'w, 'r, 'de, G: Graph<'de>> Deserializer<'w, 'r, 'de, G> {
    /// Shows the object to a visitor that has asked for an enum.
    pub(super) fn show_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let this = self.named(name);
        let (key, content) = match this.view()? {
            View::Instance(instance) => {
                return this.show_instance_as_variant(instance, variants, visitor);
            }
            View::Value(Node::Global(class)) => {
                // The member of an enum, by its name.
                let known = variants.iter().find(|variant| class.is_called(variant));
                let is_called = known.is_some() || class.outer_name() == name;
                this.admit(&class, is_called)?;
                let name = known
                    .copied()
                    .ok_or_else(|| <Error as de::Error>::unknown_variant(class.name(), variants))?;
                return visitor.visit_enum(Variant::<G> { name: Name::Known(name), content: None });
            }
            View::Value(Node::Dict(entries)) => match *entries {
                [key, content] => (key, Some(content)),
                _ => return Err(no_variant("a dict of one entry", Unexpected::Map)),
            },
            View::Value(Node::Tuple(parts)) => match *parts {
                [key] => (key, None),
                [key, content] => (key, Some(content)),
                _ => return Err(no_variant("a tuple of name and content", Unexpected::Seq)),
            },
            View::Value(_) => {
                let variant = Variant { name: Name::Object(this), content: None };
                return visitor.visit_enum(variant);
            }
        };
        let variant = Variant {
            name: Name::Object(this.part(key)),
            content: content.map(|content| this.part(content)),
        };
        this.inside(2, visitor, |visitor| visitor.visit_enum(variant))
    }

    /// An instance of the class that a variant is called, or the member of an enum, made by its value.
    fn show_instance_as_variant<V: Visitor<'de>>(
        self,
        instance: Instance<'r, G::Handle>,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let class = instance.class.clone();
        if let Some(name) = variants.iter().find(|variant| class.is_called(variant)) {
            self.admit(&class, true)?;
            let content = Some(Self { is_admitted: true, ..self });
            return visitor.visit_enum(Variant { name: Name::Known(name), content });
        }
        self.admit(&class, self.is_called(&class))?;
        let value = match instance.content(self.walk.graph)? {
            Content::Args(args) => args.first().copied().filter(|_| args.len() == 1),
            Content::Delegated(value) => Some(value),
            _ => None,
        };
        let Some(value) = value else {
            let message =
                format!("the class {class} is no variant, and its instance no member of an enum");
            return Err(Error::new(Category::Class, message).in_data());
        };
        let name = Name::Object(self.part(value));
        self.inside(1, visitor, |visitor| visitor.visit_enum(Variant { name, content: None }))
    }
}

#[cold]
fn no_variant(expected: &'static str, found: Unexpected<'_>) -> Error {
    de::Error::invalid_type(found, &expected)
}

impl<'w, 'r, 'de, G: Graph<'de>> EnumAccess<'de> for Variant<'w, 'r, 'de, G> {
    type Error = Error;
    type Variant = Inside<'w, 'r, 'de, G>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant)> {
        let name = match self.name {
            Name::Known(name) => seed.deserialize(StrDeserializer::<Error>::new(name))?,
            Name::Object(name) => seed.deserialize(name)?,
        };
        Ok((name, Inside(self.content)))
    }
}

/// What is in a variant.
pub(super) struct Inside<'w, 'r, 'de, G: Graph<'de>>(Option<Deserializer<'w, 'r, 'de, G>>);

impl<'w, 'r, 'de, G: Graph<'de>> Inside<'w, 'r, 'de, G> {
    fn content(self, expected: &'static str) -> Result<Deserializer<'w, 'r, 'de, G>> {
        self.0.ok_or_else(|| de::Error::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de, G: Graph<'de>> VariantAccess<'de> for Inside<'_, '_, 'de, G> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        match self.0 {
            None => Ok(()),
            // An instance: whatever attributes it has, the variant has none.
            Some(content) if content.is_admitted => Ok(()),
            Some(content) => <() as de::Deserialize>::deserialize(content),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.content("tuple variant")?.show(Ask::Seq, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.content("struct variant")?.show(Ask::Map, visitor)
    }
}
