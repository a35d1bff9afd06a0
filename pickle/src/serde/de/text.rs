//! Strings: text, bytes, and what may be either.

use ::serde::de::Visitor;
use ::serde::de::value::SeqDeserializer;
use halfsour_runtime::codepoints;

use super::super::graph::{Chunk, Graph, Node};
use super::super::options::Strings;
use super::super::{Category, Error, Result};
use super::{Ask, Deserializer};

impl<'r, 'de, G: Graph<'de>> Deserializer<'_, 'r, 'de, G> {
    /// Shows text, which is UTF-8 unless it has surrogates that stand alone.
    #[inline]
    pub(super) fn show_text<V: Visitor<'de>>(
        self,
        text: Chunk<'r, 'de>,
        ask: Ask,
        visitor: V,
    ) -> Result<V::Value> {
        self.walk.string(self.at, text.bytes().len())?;
        match text {
            Chunk::Lasting(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_borrowed_str(text),
                Err(_) => self.show_surrogates(bytes, ask, visitor),
            },
            Chunk::Passing(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_str(text),
                Err(_) => self.show_surrogates(bytes, ask, visitor),
            },
            Chunk::Made(bytes) => match String::from_utf8(bytes) {
                Ok(text) => visitor.visit_string(text),
                Err(error) => self.show_surrogates(error.as_bytes(), ask, visitor),
            },
        }
    }

    #[cold]
    fn show_surrogates<V: Visitor<'de>>(
        self,
        text: &[u8],
        ask: Ask,
        visitor: V,
    ) -> Result<V::Value> {
        if codepoints::validate(text).is_err() {
            return Err(Error::new(Category::Stream, "the text is no UTF-8").in_data());
        }
        if self.walk.options.lossy_text {
            return visitor.visit_string(without_surrogates(text));
        }
        if ask == Ask::Bytes {
            return visitor.visit_bytes(text);
        }
        Err(Error::new(
            Category::Unsupported,
            "the text has surrogates that stand alone, which no text of Rust's has",
        )
        .in_data()
        .with_hint("Reader::lossy_text replaces them; a type that asks for bytes gets their UTF-8"))
    }

    /// Shows a string of Python 2.
    pub(super) fn show_native<V: Visitor<'de>>(
        self,
        string: Chunk<'r, 'de>,
        ask: Ask,
        visitor: V,
    ) -> Result<V::Value> {
        let strings = self.walk.options.strings;
        if ask == Ask::Bytes || strings == Strings::Bytes && !matches!(ask, Ask::Text | Ask::Name) {
            return self.show_bytes(string, ask, visitor);
        }
        if strings == Strings::Latin1 && !string.bytes().is_ascii() {
            self.walk.string(self.at, string.bytes().len())?;
            return visitor.visit_string(string.bytes().iter().copied().map(char::from).collect());
        }
        match std::str::from_utf8(string.bytes()) {
            Ok(_) => self.show_text(string, ask, visitor),
            // The type that wants text says so itself.
            Err(_) => self.show_bytes(string, ask, visitor),
        }
    }

    pub(super) fn show_bytes<V: Visitor<'de>>(
        self,
        bytes: Chunk<'r, 'de>,
        ask: Ask,
        visitor: V,
    ) -> Result<V::Value> {
        self.walk.string(self.at, bytes.bytes().len())?;
        if ask == Ask::Seq {
            return visitor.visit_seq(SeqDeserializer::new(bytes.bytes().iter().copied()));
        }
        match bytes {
            Chunk::Lasting(bytes) => visitor.visit_borrowed_bytes(bytes),
            Chunk::Passing(bytes) => visitor.visit_bytes(bytes),
            Chunk::Made(bytes) => visitor.visit_byte_buf(bytes),
        }
    }
}

/// A key as short as a path should be.
pub(super) fn shown<H: Copy>(node: &Node<'_, '_, H>) -> String {
    match node {
        Node::None => "None".to_owned(),
        Node::Bool(true) => "True".to_owned(),
        Node::Bool(false) => "False".to_owned(),
        Node::Int(key) => key.to_string(),
        Node::Big(key) if key.bits() <= 256 => key.to_string(),
        Node::Float(key) => halfsour_runtime::float_text::repr(*key),
        Node::Text(key) | Node::Native(key) => format!("'{}'", shown_text(key.bytes(), true)),
        Node::Bytes(key) => format!("b'{}'", shown_text(key.bytes(), true)),
        _ => "...".to_owned(),
    }
}

/// The beginning of a text, for a path.
pub(super) fn shown_text(text: &[u8], is_quoted: bool) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(text);
    let escaped = |char: char| match char {
        '\\' | '\'' if is_quoted => format!("\\{char}"),
        _ if char.is_control() => char.escape_default().to_string(),
        _ => char.to_string(),
    };
    let short: String = text.chars().take(LONGEST).map(escaped).collect();
    let dots = if text.chars().nth(LONGEST).is_some() { "..." } else { "" };
    format!("{short}{dots}")
}

fn without_surrogates(text: &[u8]) -> String {
    codepoints::CodePoints::new(text)
        .map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
