//! The strings of a stream, as far as they may be names of modules and globals.

use std::collections::HashMap;
use std::sync::Arc;

use crate::decode::{quoted_line, unicode_line};
use crate::flavour::Flavour;
use crate::opcode::Opcode;
use crate::tools::genops::Operation;

/// The strings that opcodes pushed. They are read only when one turns out to be a name, and each at most
/// once, however often it is fetched from the memo.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    strings: Vec<Pushed<'a>>,
    /// The names that were read, each once.
    interned: HashMap<Arc<str>, Name>,
}

/// A name, by its number among those that were read.
pub(super) type Name = u32;

#[derive(Debug)]
struct Pushed<'a> {
    opcode: Opcode,
    argument: &'a [u8],
    offset: usize,
    /// How many times it came onto the stack, less those that a STACK_GLOBAL took it.
    others: u32,
    name: Reading,
}

#[derive(Clone, Debug)]
enum Reading {
    NotYet,
    Read(Name, Arc<str>),
    /// It is no name: not text, or text only under an encoding that the stream does not tell.
    No,
}

impl<'a> Names<'a> {
    /// Notes the string that an opcode pushes, and returns its number; `None` for what is no string.
    pub(super) fn push(&mut self, operation: &Operation<'a>) -> Option<u32> {
        if !pushes_string(operation.opcode) {
            return None;
        }
        let number = u32::try_from(self.strings.len()).ok()?;
        let Operation { opcode, argument, offset, .. } = *operation;
        self.strings.push(Pushed { opcode, argument, offset, others: 1, name: Reading::NotYet });
        Some(number)
    }

    /// Notes that a string comes onto the stack once more.
    pub(super) fn fetched(&mut self, string: u32) {
        if let Some(pushed) = self.strings.get_mut(string as usize) {
            pushed.others += 1;
        }
    }

    /// Notes that a STACK_GLOBAL takes a string from the stack.
    pub(super) fn taken_as_name(&mut self, string: u32) {
        if let Some(pushed) = self.strings.get_mut(string as usize) {
            pushed.others = pushed.others.saturating_sub(1);
        }
    }

    /// Returns where a text is pushed, if it serves for nothing but names of globals.
    pub(super) fn place_of_mere_name(&self, string: u32) -> Option<usize> {
        let pushed = self.strings.get(string as usize)?;
        let is_text = matches!(
            pushed.opcode,
            Opcode::UNICODE | Opcode::BINUNICODE | Opcode::SHORT_BINUNICODE | Opcode::BINUNICODE8
        );
        (is_text && pushed.others == 0).then_some(pushed.offset)
    }

    /// Reads a string that was pushed; `None` when it is no name.
    pub(super) fn read(&mut self, string: u32) -> Option<(Name, Arc<str>)> {
        let pushed = self.strings.get_mut(string as usize)?;
        if let Reading::NotYet = pushed.name {
            pushed.name = match read(pushed.opcode, pushed.argument) {
                Some(text) => {
                    let (name, text) = intern(&mut self.interned, &text);
                    Reading::Read(name, text)
                }
                None => Reading::No,
            };
        }
        match &pushed.name {
            Reading::Read(name, text) => Some((*name, text.clone())),
            Reading::NotYet | Reading::No => None,
        }
    }

    /// Reads a line of a GLOBAL or an INST; `None` when it is no text.
    pub(super) fn read_line(&mut self, line: &[u8]) -> Option<(Name, Arc<str>)> {
        let line = std::str::from_utf8(line).ok()?;
        Some(intern(&mut self.interned, line))
    }
}

fn intern(interned: &mut HashMap<Arc<str>, Name>, text: &str) -> (Name, Arc<str>) {
    if let Some((text, &name)) = interned.get_key_value(text) {
        return (name, text.clone());
    }
    let name = Name::try_from(interned.len()).unwrap_or(Name::MAX);
    let text: Arc<str> = text.into();
    interned.insert(text.clone(), name);
    (name, text)
}

const fn pushes_string(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::STRING
            | Opcode::BINSTRING
            | Opcode::SHORT_BINSTRING
            | Opcode::UNICODE
            | Opcode::BINUNICODE
            | Opcode::SHORT_BINUNICODE
            | Opcode::BINUNICODE8
    )
}

fn read(opcode: Opcode, argument: &[u8]) -> Option<String> {
    let bytes = match opcode {
        Opcode::UNICODE => unicode_line(argument).ok()?.into_owned(),
        Opcode::BINUNICODE | Opcode::SHORT_BINUNICODE | Opcode::BINUNICODE8 => argument.to_vec(),
        // What a byte string that is not ASCII means is up to whoever loads it.
        Opcode::STRING => {
            quoted_line(argument, Flavour::Python3).ok().filter(|it| it.is_ascii())?.into_owned()
        }
        _ if argument.is_ascii() => argument.to_vec(),
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}
