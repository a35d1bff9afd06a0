//! Why a pickle does not come out as it was: rules, each checked on the bytes.

use std::collections::HashMap;

use halfsour_pickle::{Argument, Opcode, tools};

use crate::setup::Setup;

/// What may differ. Each holds for any pickle of its kind.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Rule {
    /// A text of one character is one object, as in CPython 3.13; 3.11 and 2.7 can have several.
    OneCharacter,
    /// Below protocol 4, CPython 3.13 names a class again in front of what is nested in it; here it is fetched.
    NamedAgain,
}

impl Rule {
    pub(crate) const ALL: [Self; 2] = [Self::OneCharacter, Self::NamedAgain];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::OneCharacter => "a text of one character is one object",
            Self::NamedAgain => "CPython 3.13 names a class again before what is nested in it",
        }
    }

    /// Whether the streams are the same but for what the rule is about.
    pub(crate) fn explains(self, setup: &Setup, expected: &[u8], found: &[u8]) -> bool {
        let same = |expand: fn(&tools::Operation<'_>) -> bool| {
            expanded(expected, expand) == expanded(found, expand)
        };
        match self {
            Self::OneCharacter => same(is_one_character),
            Self::NamedAgain => setup.protocol() < 4 && same(|it| it.opcode == Opcode::GLOBAL),
        }
    }
}

fn is_one_character(operation: &tools::Operation<'_>) -> bool {
    use Opcode::{BINSTRING, BINUNICODE, SHORT_BINSTRING, SHORT_BINUNICODE};
    let is_text = [BINUNICODE, SHORT_BINUNICODE, BINSTRING, SHORT_BINSTRING];
    is_text.contains(&operation.opcode)
        && String::from_utf8_lossy(operation.argument).chars().count() == 1
}

/// A stream with every GET of certain objects replaced by what makes the object, without FRAMEs and unused PUTs.
fn expanded(stream: &[u8], expand: fn(&tools::Operation<'_>) -> bool) -> Option<Vec<u8>> {
    let mut made_by: HashMap<Vec<u8>, &[u8]> = HashMap::new();
    let mut last: Option<tools::Operation<'_>> = None;
    let mut kept = 0_u32;
    let mut out = Vec::new();
    for operation in tools::genops(stream) {
        let operation = operation.ok()?;
        match Access::of(&operation, kept) {
            Access::Get(key) => match made_by.get(&key) {
                Some(bytes) => out.extend_from_slice(bytes),
                None => out.extend_from_slice(operation.bytes),
            },
            Access::Put(key) => {
                kept += 1;
                match last.filter(|last| expand(last)) {
                    Some(last) => made_by.insert(key, last.bytes),
                    None => made_by.remove(&key),
                };
                out.extend_from_slice(operation.bytes);
            }
            Access::None => out.extend_from_slice(operation.bytes),
        }
        last = Some(operation);
    }
    tools::normalize(&out).ok()
}

/// What an operation does with the memo. Keys are the numbers as they are in the stream, little end first.
enum Access {
    None,
    Put(Vec<u8>),
    Get(Vec<u8>),
}

impl Access {
    fn of(operation: &tools::Operation<'_>, kept: u32) -> Self {
        let key = || match operation.opcode.argument() {
            Argument::None => kept.to_le_bytes().to_vec(),
            _ if matches!(operation.opcode, Opcode::PUT | Opcode::GET) => {
                let text = String::from_utf8_lossy(operation.argument);
                text.parse::<u32>().unwrap_or_default().to_le_bytes().to_vec()
            }
            _ => {
                let mut key = operation.argument.to_vec();
                key.resize(4, 0);
                key
            }
        };
        match operation.opcode {
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT | Opcode::MEMOIZE => {
                Self::Put(key())
            }
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => Self::Get(key()),
            _ => Self::None,
        }
    }
}
