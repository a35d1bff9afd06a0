//! [`Survey`]: what opcodes alone tell of a stream: its pickles, and which Python wrote them.

use std::collections::HashSet;
use std::ops::Range;

use halfsour::Dialect;
use halfsour::pickle::tools::{self, Operation};
use halfsour::pickle::{Flavour, Opcode};

use crate::failure::Failure;

/// A pickle of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pickle {
    pub(crate) range: Range<usize>,
    /// The protocol: what PROTO says, else what the opcodes need.
    pub(crate) protocol: u8,
    /// Whether it has byte strings of Python 2.
    byte_strings: bool,
    /// Of each out-of-band buffer, whether it is read-only.
    pub(crate) buffers: Vec<bool>,
}

/// What is behind the last pickle of a stream, and is none.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) range: Range<usize>,
    /// Why it is none.
    pub(crate) why: Failure,
}

/// What is known of a stream before it is loaded.
#[derive(Debug)]
pub(crate) struct Survey {
    /// The pickles, one behind the other. What cannot be read to a STOP is one if it is all there is.
    pub(crate) pickles: Vec<Pickle>,
    pub(crate) rest: Option<Rest>,
    /// Whether a pickle refers to what an earlier one has kept: one pickler wrote them.
    pub(crate) one_memo: bool,
    /// The Python that wrote it, or might have.
    pub(crate) dialect: Dialect,
    /// The memo begins at 1.
    numbers_from_one: bool,
}

impl Pickle {
    /// Whether it has Python 2's byte strings under the name of a protocol of Python 3, as ZODB writes it.
    pub(crate) const fn is_of_zodb(&self) -> bool {
        self.protocol >= 3 && self.byte_strings
    }
}

impl Survey {
    /// Goes through the opcodes of a stream.
    ///
    /// Python 2 has opcodes of its own: byte strings, and instances of classic classes. Its cPickle numbers the memo from 1,
    /// everybody else from 0. What has neither, either Python might have written: it is taken for Python 3's.
    pub(crate) fn of(stream: &[u8]) -> Self {
        let mut survey = Survey {
            pickles: Vec::new(),
            rest: None,
            one_memo: false,
            dialect: Dialect::Python3,
            numbers_from_one: false,
        };
        let mut signs = Signs::default();
        let mut kept_before = HashSet::new();
        let mut start = 0;
        let mut operations = tools::genops(stream);
        loop {
            let mut scan = Scan::default();
            let failed = operations.by_ref().find_map(|operation| match operation {
                Ok(operation) => {
                    scan.see(&operation);
                    signs.see(&operation);
                    None
                }
                Err(error) => Some(error),
            });
            let range = start..if failed.is_some() { stream.len() } else { operations.offset() };
            match failed {
                Some(error) if !survey.pickles.is_empty() => {
                    survey.rest = Some(Rest { range, why: error.into() });
                    break;
                }
                Some(_) => {
                    survey.pickles.push(scan.pickle(range));
                    break;
                }
                None => {}
            }
            survey.one_memo |= scan.missed.iter().any(|key| kept_before.contains(key));
            start = range.end;
            let pickle = scan.pickle(range);
            survey.pickles.push(pickle);
            kept_before.extend(scan.kept);
            if !operations.next_pickle() {
                break;
            }
        }
        survey.numbers_from_one = signs.first_put == Some(1);
        if signs.opcodes || survey.numbers_from_one {
            survey.dialect = Dialect::Python2;
        }
        survey
    }

    /// The Python that wrote some of the pickles: Python 3 those of its own protocols, whatever the others are.
    pub(crate) fn dialect_of(&self, group: &[Pickle]) -> Dialect {
        let of_python3 = |pickle: &Pickle| pickle.protocol >= 3 && !pickle.byte_strings;
        if group.iter().all(of_python3) { Dialect::Python3 } else { self.dialect }
    }

    /// The implementation that wrote it, in a dialect.
    pub(crate) fn flavour(&self, dialect: Dialect) -> Flavour {
        let python2 = if self.numbers_from_one { Flavour::CPickle } else { Flavour::Pickle };
        dialect.pick(python2, Flavour::Python3)
    }
}

/// What tells Python 2 from Python 3.
#[derive(Default)]
struct Signs {
    /// Byte strings, and instances of classic classes.
    opcodes: bool,
    first_put: Option<u64>,
}

impl Signs {
    fn see(&mut self, operation: &Operation<'_>) {
        match operation.opcode {
            Opcode::INST | Opcode::OBJ => self.opcodes = true,
            opcode if is_byte_string(opcode) => self.opcodes = true,
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT if self.first_put.is_none() => {
                self.first_put = key(operation);
            }
            _ => {}
        }
    }
}

const fn is_byte_string(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::STRING | Opcode::BINSTRING | Opcode::SHORT_BINSTRING)
}

/// One pickle on the way.
#[derive(Default)]
struct Scan {
    announced: Option<u8>,
    needed: u8,
    byte_strings: bool,
    kept: HashSet<u64>,
    /// What is fetched and was not kept in this pickle.
    missed: Vec<u64>,
    buffers: Vec<bool>,
}

impl Scan {
    fn see(&mut self, operation: &Operation<'_>) {
        self.needed = self.needed.max(operation.opcode.protocol());
        self.byte_strings |= is_byte_string(operation.opcode);
        match operation.opcode {
            Opcode::PROTO => self.announced = operation.argument.first().copied(),
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT => self.kept.extend(key(operation)),
            Opcode::MEMOIZE => drop(self.kept.insert(self.kept.len() as u64)),
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => {
                self.missed.extend(key(operation).filter(|key| !self.kept.contains(key)));
            }
            Opcode::NEXT_BUFFER => self.buffers.push(false),
            Opcode::READONLY_BUFFER => {
                if let Some(last) = self.buffers.last_mut() {
                    *last = true;
                }
            }
            _ => {}
        }
    }

    fn pickle(&self, range: Range<usize>) -> Pickle {
        let protocol = self.announced.unwrap_or(self.needed);
        let (byte_strings, buffers) = (self.byte_strings, self.buffers.clone());
        Pickle { range, protocol, byte_strings, buffers }
    }
}

/// The number by which the memo keeps something.
fn key(operation: &Operation<'_>) -> Option<u64> {
    match operation.opcode {
        Opcode::PUT | Opcode::GET => std::str::from_utf8(operation.argument).ok()?.parse().ok(),
        _ => Some(operation.argument.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))),
    }
}

#[cfg(test)]
mod tests {
    use halfsour::Dialect;
    use halfsour::pickle::Flavour;

    use super::Survey;

    #[test]
    fn pickles_follow_each_other() {
        let survey = Survey::of(b"N.\x80\x02K\x01.rest");
        let ranges: Vec<_> = survey.pickles.iter().map(|pickle| pickle.range.clone()).collect();
        assert_eq!(ranges, [0..2, 2..7]);
        assert_eq!(survey.pickles[1].protocol, 2);
        let rest = survey.rest.unwrap();
        assert_eq!(rest.range, 7..11);
        assert!(rest.why.to_string().contains("offset"), "{}", rest.why);
    }

    #[test]
    fn what_is_no_pickle_is_one_to_be_complained_of() {
        for stream in [&b""[..], b"\x00", b"(lp0\n"] {
            let survey = Survey::of(stream);
            assert_eq!(survey.pickles[0].range, 0..stream.len());
            assert!(survey.rest.is_none());
        }
    }

    #[test]
    fn one_memo_or_several() {
        assert!(Survey::of(b"(lp0\n.g0\n.").one_memo);
        assert!(!Survey::of(b"(lp0\n.(lp0\ng0\na.").one_memo);
        assert!(!Survey::of(b"N.g7\n.").one_memo);
        assert!(Survey::of(b"\x80\x04]\x94.\x80\x04h\0.").one_memo);
    }

    #[test]
    fn which_python() {
        let of = |stream: &[u8]| {
            let survey = Survey::of(stream);
            (survey.dialect, survey.flavour(survey.dialect))
        };
        assert_eq!(of(b"S'a'\np0\n."), (Dialect::Python2, Flavour::Pickle));
        assert_eq!(of(b"S'a'\np1\n."), (Dialect::Python2, Flavour::CPickle));
        assert_eq!(of(b"(imod\nClass\np0\n."), (Dialect::Python2, Flavour::Pickle));
        assert_eq!(of(b"\x80\x02X\x01\0\0\0aq\0."), (Dialect::Python3, Flavour::Python3));
        assert_eq!(of(b"\x80\x04N."), (Dialect::Python3, Flavour::Python3));
        assert!(Survey::of(b"\x80\x03U\x01a.").pickles[0].is_of_zodb());
        let both = Survey::of(b"\x80\x04N.S'a'\n.I1\n.");
        let dialects = [0, 1, 2].map(|at| both.dialect_of(&both.pickles[at..=at]));
        assert_eq!(dialects, [Dialect::Python3, Dialect::Python2, Dialect::Python2]);
    }
}
