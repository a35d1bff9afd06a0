//! What the classes of Python's library say with their arguments.

use std::borrow::Cow;

use halfsour_runtime::codepoints::CodePoints;
use num_traits::ToPrimitive as _;

use super::super::class::{Class, Known};
use super::super::graph::{Graph, Items, Node};
use super::super::{Category, Error, Result};
use super::instance::{View, global, unknown_call, view_within};

/// An object of a class of the library, in its parts.
pub(super) struct Parts<'p, 'r, 'de, G: Graph<'de>> {
    pub(super) graph: &'r G,
    pub(super) class: &'p Class,
    pub(super) args: &'p Items<'r, G::Handle>,
    /// How many calls may still be nested in the arguments.
    pub(super) depth: usize,
}

impl<'r, 'de, G: Graph<'de>> Parts<'_, 'r, 'de, G> {
    fn view(&self, at: G::Handle) -> Result<View<'r, 'de, G::Handle>> {
        view_within(self.graph, at, self.depth)
    }

    fn unknown(&self) -> Error {
        unknown_call(self.class)
    }

    /// `getattr(outer, name)`
    pub(super) fn attribute(&self) -> Result<Class> {
        let &[outer, name] = &**self.args else { return Err(self.unknown()) };
        let outer = global(self.graph, outer, self.depth)?;
        Ok(outer.nested(&self.text(name)?))
    }

    /// The items of what a sequence is made of.
    pub(super) fn items(&self) -> Result<Items<'r, G::Handle>> {
        let Some(&first) = self.args.first() else { return Ok(Cow::Borrowed(&[])) };
        match self.view(first)? {
            View::Value(Node::List(items) | Node::Tuple(items)) => Ok(items),
            _ => Err(self.unknown()),
        }
    }

    /// The entries of what a mapping is made of: a mapping, or pairs. The first argument may be a factory.
    pub(super) fn entries(&self) -> Result<Items<'r, G::Handle>> {
        let Some(&last) = self.args.last() else { return Ok(Cow::Borrowed(&[])) };
        let pairs = match self.view(last)? {
            View::Value(Node::Dict(entries)) => return Ok(entries),
            View::Value(Node::None | Node::Global(_)) => return Ok(Cow::Borrowed(&[])),
            View::Value(Node::List(pairs) | Node::Tuple(pairs)) => pairs,
            _ => return Err(self.unknown()),
        };
        let mut entries = Vec::new();
        for &pair in &*pairs {
            match self.graph.node(pair)? {
                Node::List(pair) | Node::Tuple(pair) if pair.len() == 2 => {
                    entries.extend_from_slice(&pair);
                }
                _ => return Err(self.unknown()),
            }
        }
        Ok(entries.into())
    }

    /// Bytes of nothing, of bytes, of text in Latin-1, or of ints.
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        match &**self.args {
            [] => Ok(Vec::new()),
            &[only] | &[only, _] => match self.view(only)? {
                View::Value(Node::List(items)) => {
                    let byte = |&item| u8::try_from(self.int(item)?).map_err(|_| self.unknown());
                    items.iter().map(byte).collect()
                }
                _ => self.bytes_of(only),
            },
            _ => Err(self.unknown()),
        }
    }

    pub(super) fn fraction(&self) -> Result<String> {
        match **self.args {
            [text] => self.text(text),
            [numerator, denominator] => {
                Ok(format!("{}/{}", self.number(numerator)?, self.number(denominator)?))
            }
            _ => Err(self.unknown()),
        }
    }

    pub(super) fn path(&self) -> Result<String> {
        let windows = self.class.name().contains("Windows");
        let separator = if windows { '\\' } else { '/' };
        let mut path = String::new();
        for &part in &**self.args {
            if !path.is_empty() && !path.ends_with(separator) {
                path.push(separator);
            }
            path.push_str(&self.text(part)?);
        }
        Ok(if path.is_empty() { ".".to_owned() } else { path })
    }

    pub(super) fn uuid(&self, state: Option<G::Handle>) -> Result<String> {
        let Some(state) = state else { return Err(self.unknown()) };
        let Node::Dict(entries) = self.graph.node(state)? else { return Err(self.unknown()) };
        for entry in entries.chunks_exact(2) {
            let &[name, value] = entry else { continue };
            if self.text(name)? == "int" {
                let bits = match self.graph.node(value)? {
                    Node::Int(value) => u128::try_from(value).ok(),
                    Node::Big(value) => value.to_u128(),
                    _ => None,
                };
                let hex = format!("{:032x}", bits.ok_or_else(|| self.unknown())?);
                let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part));
                return Ok(parts.map(Option::unwrap_or_default).join("-"));
            }
        }
        Err(self.unknown())
    }

    pub(super) fn date(&self) -> Result<String> {
        match *self.fields()? {
            [high, low, month, day] => Ok(iso_date([high, low, month, day])),
            _ => Err(self.unknown()),
        }
    }

    pub(super) fn time(&self) -> Result<String> {
        match *self.fields()? {
            [hour, minute, second, a, b, c] => {
                // The highest bit of the hour says which of two equal times it is.
                Ok(iso_time([hour & 0x7f, minute, second, a, b, c]) + &self.zone()?)
            }
            _ => Err(self.unknown()),
        }
    }

    pub(super) fn date_time(&self) -> Result<String> {
        match *self.fields()? {
            [high, low, month, day, hour, minute, second, a, b, c] => Ok(format!(
                "{}T{}{}",
                // The highest bit of the month says which of two equal times it is.
                iso_date([high, low, month & 0x7f, day]),
                iso_time([hour, minute, second, a, b, c]),
                self.zone()?
            )),
            _ => Err(self.unknown()),
        }
    }

    /// `timezone(timedelta(days, seconds, microseconds))`
    pub(super) fn offset(&self) -> Result<String> {
        let Some(&delta) = self.args.first() else { return Err(self.unknown()) };
        let View::Value(Node::Tuple(delta)) = self.view(delta)? else {
            return Err(self.unknown());
        };
        let &[days, seconds, micros] = &*delta else { return Err(self.unknown()) };
        let (days, seconds, micros) = (self.int(days)?, self.int(seconds)?, self.int(micros)?);
        let seconds = days.checked_mul(86_400).and_then(|days| days.checked_add(seconds));
        let seconds = seconds.filter(|it| it.abs() < 86_400 && micros == 0);
        let Some(seconds) = seconds else { return Err(self.unknown()) };
        let sign = if seconds < 0 { '-' } else { '+' };
        let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
        let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        Ok(if seconds == 0 { offset } else { format!("{offset}:{seconds:02}") })
    }

    /// The offset of the time zone behind the fields of a time; nothing if there is none.
    fn zone(&self) -> Result<String> {
        let Some(&zone) = self.args.get(1) else { return Ok(String::new()) };
        let Node::Object(object) = self.graph.node(zone)? else {
            return match self.graph.node(zone)? {
                Node::None => Ok(String::new()),
                _ => Err(self.unknown()),
            };
        };
        let class = global(self.graph, object.maker, self.depth)?;
        match self.view(zone)? {
            View::Value(Node::Text(offset))
                if matches!(class.known, Known::TimeZone | Known::Utc) =>
            {
                Ok(String::from_utf8_lossy(offset.bytes()).into_owned())
            }
            _ => {
                let message = format!("the time zone of the class {class} has no fixed offset");
                Err(Error::new(Category::Unsupported, message).in_data())
            }
        }
    }

    /// The bytes in which a date or time keeps its fields.
    fn fields(&self) -> Result<Vec<u8>> {
        match self.args.first() {
            Some(&fields) => self.bytes_of(fields),
            None => Err(self.unknown()),
        }
    }

    fn bytes_of(&self, at: G::Handle) -> Result<Vec<u8>> {
        match self.view(at)? {
            View::Value(Node::Bytes(bytes) | Node::Native(bytes)) => Ok(bytes.bytes().to_vec()),
            View::Value(Node::Text(text)) => {
                let byte = |point| u8::try_from(point).map_err(|_| self.unknown());
                CodePoints::new(text.bytes()).map(byte).collect()
            }
            _ => Err(self.unknown()),
        }
    }

    fn text(&self, at: G::Handle) -> Result<String> {
        match self.view(at)? {
            View::Value(Node::Text(text) | Node::Native(text)) => {
                let text = std::str::from_utf8(text.bytes());
                text.map(str::to_owned).map_err(|_| self.unknown())
            }
            _ => Err(self.unknown()),
        }
    }

    fn int(&self, at: G::Handle) -> Result<i64> {
        match self.graph.node(at)? {
            Node::Int(value) => Ok(value),
            _ => Err(self.unknown()),
        }
    }

    /// A number of up to 128 bits.
    fn number(&self, at: G::Handle) -> Result<i128> {
        match self.graph.node(at)? {
            Node::Int(value) => Ok(value.into()),
            Node::Big(value) => value.to_i128().ok_or_else(|| self.unknown()),
            _ => Err(self.unknown()),
        }
    }
}

fn iso_date([high, low, month, day]: [u8; 4]) -> String {
    let year = u16::from_be_bytes([high, low]);
    format!("{year:04}-{month:02}-{day:02}")
}

fn iso_time([hour, minute, second, a, b, c]: [u8; 6]) -> String {
    let micros = u32::from_be_bytes([0, a, b, c]);
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if micros == 0 { time } else { format!("{time}.{micros:06}") }
}
