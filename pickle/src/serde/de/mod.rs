//! The deserializer: what each kind of object is to serde, once for streams and heaps.

mod access;
mod instance;
mod library;
mod parts;
mod text;
mod variant;
mod walk;

use std::borrow::Cow;

use ::serde::de::{self, Visitor};
use ::serde::forward_to_deserialize_any;
use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use self::access::{Entries, Sequence};
use self::instance::{Content, Instance, View, view};
use self::walk::Visited;
pub(super) use self::walk::Walk;
use super::class::{Class, Known};
use super::graph::{Graph, Items, Node};
use super::options::{BigInts, Classes};
use super::{Category, Error, Result};

/// An object that is to be read into a type.
pub(super) struct Deserializer<'w, 'r, 'de, G: Graph<'de>> {
    walk: &'w Walk<'r, G>,
    at: G::Handle,
    /// The name of the type that is asked for, which may be that of the object's class.
    wanted: Option<&'static str>,
    /// Whether an instance may be read whatever its class is.
    is_admitted: bool,
    /// Whether it is the key of a dict.
    is_key: bool,
}

/// What a type has asked for, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Anything,
    /// A number, a bool, a text or bytes.
    Atom,
    Float,
    Text,
    /// The name of a field or variant.
    Name,
    Bytes,
    Seq,
    Map,
}

impl<'w, 'r, 'de, G: Graph<'de>> Deserializer<'w, 'r, 'de, G> {
    pub(super) fn new(walk: &'w Walk<'r, G>, at: G::Handle) -> Self {
        Self { walk, at, wanted: None, is_admitted: false, is_key: false }
    }

    /// Another object, for which nothing is known yet.
    fn part(&self, at: G::Handle) -> Self {
        Self::new(self.walk, at)
    }

    fn key(walk: &'w Walk<'r, G>, at: G::Handle) -> Self {
        Self { is_key: true, ..Self::new(walk, at) }
    }

    fn named(self, name: &'static str) -> Self {
        Self { wanted: Some(name), ..self }
    }

    fn view(&self) -> Result<View<'r, 'de, G::Handle>> {
        view(self.walk.graph, self.at)
    }

    /// Shows the object to a visitor that has asked for something.
    fn show<V: Visitor<'de>>(self, ask: Ask, visitor: V) -> Result<V::Value> {
        let node = match self.view()? {
            View::Value(node) => node,
            View::Instance(instance) => return self.show_instance(instance, ask, visitor),
        };
        match node {
            Node::None => visitor.visit_unit(),
            Node::Int(value) if ask == Ask::Name => visitor.visit_string(value.to_string()),
            Node::Int(_) | Node::Bool(_) | Node::Float(_) | Node::Big(_)
                if self.is_key && ask == Ask::Text && self.walk.options.text_keys =>
            {
                visitor.visit_string(text::shown(&node))
            }
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Int(value) => visitor.visit_i64(value),
            Node::Float(value) => visitor.visit_f64(value),
            Node::Big(value) => self.show_big(value, ask, visitor),
            Node::Text(text) => self.show_text(text, ask, visitor),
            Node::Native(string) => self.show_native(string, ask, visitor),
            Node::Bytes(bytes) => self.show_bytes(bytes, ask, visitor),
            Node::Tuple(items) | Node::List(items) => self.show_seq(items, visitor),
            Node::Dict(entries) => self.show_map(entries, false, visitor),
            Node::Global(class) => {
                self.admit(&class, false)?;
                visitor.visit_str(class.dotted())
            }
            Node::Persistent(id) => {
                if self.walk.options.classes != Classes::Any {
                    return Err(persistent());
                }
                self.delegate(id, ask, visitor)
            }
            Node::Object(_) => Err(Error::new(Category::Unsupported, "an object of no class")),
            Node::Other(what) => {
                let message = format!("{what} has no counterpart in Rust");
                Err(Error::new(Category::Unsupported, message).in_data())
            }
        }
    }

    fn show_instance<V: Visitor<'de>>(
        self,
        instance: Instance<'r, G::Handle>,
        ask: Ask,
        visitor: V,
    ) -> Result<V::Value> {
        self.admit(&instance.class, self.is_called(&instance.class))?;
        let is_called = instance.is_called;
        match instance.content(self.walk.graph)? {
            Content::Map { entries, are_attributes } => {
                self.show_map(entries, are_attributes, visitor)
            }
            Content::Seq(items) => self.show_seq(items, visitor),
            Content::Args(args) => match (&*args, ask) {
                (&[only], Ask::Atom | Ask::Float | Ask::Text | Ask::Name | Ask::Bytes) => {
                    self.delegate(only, ask, visitor)
                }
                // A mapping that is made of another one.
                (&[only], Ask::Map)
                    if is_called && matches!(self.walk.graph.node(only)?, Node::Dict(_)) =>
                {
                    self.delegate(only, ask, visitor)
                }
                _ => self.show_seq(args, visitor),
            },
            Content::Delegated(other) => self.delegate(other, ask, visitor),
            Content::Nothing if ask == Ask::Seq => self.show_seq(Cow::Borrowed(&[]), visitor),
            Content::Nothing => self.show_map(Cow::Borrowed(&[]), true, visitor),
        }
    }

    /// Shows another object in the place of this one.
    fn delegate<V: Visitor<'de>>(self, to: G::Handle, ask: Ask, visitor: V) -> Result<V::Value> {
        let part = self.part(to);
        self.inside(1, visitor, |visitor| part.show(ask, visitor))
    }

    fn show_seq<V: Visitor<'de>>(
        self,
        items: Items<'r, G::Handle>,
        visitor: V,
    ) -> Result<V::Value> {
        let walk = self.walk;
        self.inside(items.len(), visitor, |visitor| {
            let mut sequence = Sequence::new(walk, items);
            let value = visitor.visit_seq(&mut sequence)?;
            sequence.finish().map(|()| value)
        })
    }

    fn show_map<V: Visitor<'de>>(
        self,
        entries: Items<'r, G::Handle>,
        are_attributes: bool,
        visitor: V,
    ) -> Result<V::Value> {
        let walk = self.walk;
        self.inside(entries.len(), visitor, |visitor| {
            let mut entries = Entries::new(walk, entries, are_attributes);
            let value = visitor.visit_map(&mut entries)?;
            entries.finish().map(|()| value)
        })
    }

    /// Visits what is in the object, which counts and must not be inside of itself.
    fn inside<V: Visitor<'de>>(
        &self,
        parts: usize,
        visitor: V,
        visit: impl FnOnce(V) -> Result<V::Value>,
    ) -> Result<V::Value> {
        let mut visitor = Some(visitor);
        let visited = self.walk.inside(self.at, parts, || match visitor.take() {
            Some(visitor) => visit(visitor).map(Some),
            None => Ok(None),
        })?;
        match (visited, visitor) {
            (Visited::Whole(Some(value)), _) => Ok(value),
            (_, Some(visitor)) => visitor.visit_unit(),
            _ => Err(Error::new(Category::Data, "nothing was visited")),
        }
    }

    fn show_big<V: Visitor<'de>>(self, value: &BigInt, ask: Ask, visitor: V) -> Result<V::Value> {
        if ask == Ask::Float
            && let Some(value) = value.to_f64()
        {
            return visitor.visit_f64(value);
        }
        if let Some(value) = value.to_u64() {
            return visitor.visit_u64(value);
        }
        match (value.to_i128(), value.to_u128()) {
            (Some(value), _) => visitor.visit_i128(value),
            (None, Some(value)) => visitor.visit_u128(value),
            (None, None) => match self.walk.options.big_ints {
                BigInts::AsText => visitor.visit_string(self.digits(value)?),
                BigInts::Refused => Err(Error::new(
                    Category::Unsupported,
                    format!("the int of {} bits fits no type of Rust's", value.bits()),
                )
                .in_data()
                .with_hint("BigInts::AsText reads its digits")),
            },
        }
    }

    /// The decimal digits of an int, of which there may not be too many: that takes time.
    fn digits(&self, value: &BigInt) -> Result<String> {
        let most = self.walk.options.limits.digits_for(crate::Flavour::Python3);
        let fewest_digits = value.bits().saturating_sub(1) as f64 * std::f64::consts::LOG10_2;
        if fewest_digits > most as f64 {
            let message = format!("the int has more than {most} digits");
            return Err(Error::new(Category::Limit, message)
                .in_data()
                .with_hint("Limits::digits raises the limit"));
        }
        Ok(value.to_string())
    }

    /// Whether the type that is asked for has the name of a class.
    fn is_called(&self, class: &Class) -> bool {
        self.is_admitted || self.wanted.is_some_and(|name| class.is_called(name))
    }

    /// Refuses a class that may not be read here.
    fn admit(&self, class: &Class, is_called: bool) -> Result<()> {
        let is_admitted = match &self.walk.options.classes {
            _ if class.known != Known::No => true,
            Classes::SameName => is_called,
            Classes::Listed(names) => names.iter().any(|name| name == class.dotted()),
            Classes::Any => true,
            Classes::None => false,
        };
        if is_admitted { Ok(()) } else { Err(self.refused(class)) }
    }

    #[cold]
    fn refused(&self, class: &Class) -> Error {
        let message = match (&self.walk.options.classes, self.wanted) {
            (Classes::SameName, Some(name)) => {
                format!("the class {class} is not what the type {name} is called")
            }
            (Classes::SameName, None) => format!("the class {class} needs a type of its name"),
            _ => format!("the class {class} is not allowed"),
        };
        Error::new(Category::Class, message).in_data().with_hint(
            "give the type the class's name (#[serde(rename = \"...\")]), or allow the class (Reader::classes)",
        )
    }
}

#[cold]
fn persistent() -> Error {
    Error::new(Category::Unsupported, "the object is outside of the pickle, which has its id only")
        .in_data()
        .with_hint("Classes::Any reads the id in its place")
}

impl<'de, G: Graph<'de>> de::Deserializer<'de> for Deserializer<'_, '_, 'de, G> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Anything, visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Atom, visitor)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Float, visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Float, visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Text, visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Text, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Text, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Name, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Bytes, visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Bytes, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Seq, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.show(Ask::Seq, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.named(name).show(Ask::Seq, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.show(Ask::Map, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if name == super::parts::NAME {
            return self.show_parts(visitor);
        }
        self.named(name).show(Ask::Map, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        let this = self.named(name);
        match this.view()? {
            // An instance of a class without anything to it.
            View::Instance(instance) => {
                this.admit(&instance.class, this.is_called(&instance.class))?;
                match instance.content(this.walk.graph)? {
                    Content::Nothing => visitor.visit_unit(),
                    _ => this.show(Ask::Map, visitor),
                }
            }
            View::Value(_) => this.show(Ask::Anything, visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self.named(name))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.walk.graph.node(self.at)? {
            Node::None => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.show_enum(name, variants, visitor)
    }

    /// Does not look at the object at all.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { unit }
}
