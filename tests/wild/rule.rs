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
    /// A `datetime.timedelta` of no length is one object, as in CPython 3.13; older ones make one each time.
    NoLength,
}

impl Rule {
    pub(crate) const ALL: [Self; 3] = [Self::OneCharacter, Self::NamedAgain, Self::NoLength];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::OneCharacter => "a text of one character is one object",
            Self::NamedAgain => "CPython 3.13 names a class again before what is nested in it",
            Self::NoLength => "a timedelta of no length is one object",
        }
    }

    /// Whether this is how a class that is registered writes its objects, which CPython's own would write so too.
    pub(crate) fn is_of_a_class(self) -> bool {
        self == Self::NoLength
    }

    /// Whether the streams are the same but for what the rule is about.
    pub(crate) fn explains(self, setup: &Setup, expected: &[u8], found: &[u8]) -> bool {
        let same = |expand: Expand| expanded(expected, expand) == expanded(found, expand);
        match self {
            Self::OneCharacter => same(one_character),
            Self::NamedAgain => setup.protocol() < 4 && same(global),
            // The files that have them have texts of one character, too.
            Self::NoLength => {
                names_timedelta(expected)
                    && same(|made| no_length(made).or_else(|| one_character(made)))
            }
        }
    }
}

/// Says how many of the last operations make an object that is to be made again wherever it is fetched.
type Expand = fn(&[tools::Operation<'_>]) -> Option<usize>;

fn one_character(made: &[tools::Operation<'_>]) -> Option<usize> {
    use Opcode::{BINSTRING, BINUNICODE, SHORT_BINSTRING, SHORT_BINUNICODE};
    let last = made.last()?;
    let is_text = [BINUNICODE, SHORT_BINUNICODE, BINSTRING, SHORT_BINSTRING].contains(&last.opcode);
    let is_one = is_text && String::from_utf8_lossy(last.argument).chars().count() == 1;
    is_one.then_some(1)
}

fn global(made: &[tools::Operation<'_>]) -> Option<usize> {
    (made.last()?.opcode == Opcode::GLOBAL).then_some(1)
}

/// A class that is named or fetched, three zeros, and a call.
fn no_length(made: &[tools::Operation<'_>]) -> Option<usize> {
    let [class, zeros @ .., tuple, reduce] = made.last_chunk::<6>()?;
    let is_class =
        matches!(class.opcode, Opcode::BINGET | Opcode::LONG_BINGET | Opcode::STACK_GLOBAL);
    let are_zeros = zeros.iter().all(|it| it.opcode == Opcode::BININT1 && it.argument == b"\0");
    let is_call = tuple.opcode == Opcode::TUPLE3 && reduce.opcode == Opcode::REDUCE;
    (is_class && are_zeros && is_call).then_some(6)
}

fn names_timedelta(stream: &[u8]) -> bool {
    tools::globals(stream).is_ok_and(|found| {
        found.reached().any(|it| it.target().to_string() == "datetime.timedelta")
    })
}

/// A stream with every GET of certain objects replaced by what makes the object, without FRAMEs and unused PUTs.
fn expanded(stream: &[u8], expand: Expand) -> Option<Vec<u8>> {
    let mut made_by: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    // What was done last, the memo aside.
    let mut made: Vec<tools::Operation<'_>> = Vec::new();
    // How the class that was named last is fetched.
    let mut class = Vec::new();
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
                if made.last().is_some_and(|last| last.opcode == Opcode::STACK_GLOBAL) {
                    class = [&[Opcode::LONG_BINGET.byte()], key.as_slice()].concat();
                }
                match expand(&made) {
                    Some(count) => {
                        let parts = &made[made.len() - count..];
                        let bytes = parts.iter().flat_map(|it| match it.opcode {
                            Opcode::STACK_GLOBAL => class.as_slice(),
                            _ => it.bytes,
                        });
                        made_by.insert(key, bytes.copied().collect())
                    }
                    None => made_by.remove(&key),
                };
                out.extend_from_slice(operation.bytes);
                continue;
            }
            Access::None => out.extend_from_slice(operation.bytes),
        }
        made.push(operation);
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
