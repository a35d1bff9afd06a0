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
    /// Whether it has Python 2's byte strings under the name of a protocol of Python 3, as ZODB writes it.
    pub(crate) is_of_zodb: bool,
    /// The memo begins at 1.
    numbers_from_one: bool,
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
            is_of_zodb: false,
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
            survey.is_of_zodb |= scan.announced.is_some_and(|it| it >= 3) && signs.byte_strings;
            start = range.end;
            let pickle = scan.pickle(range);
            survey.pickles.push(pickle);
            kept_before.extend(scan.kept);
            if !operations.next_pickle() {
                break;
            }
        }
        survey.numbers_from_one = signs.first_put == Some(1);
        let is_of_python2 = signs.byte_strings || signs.classic || survey.numbers_from_one;
        if is_of_python2 {
            survey.dialect = Dialect::Python2;
        }
        survey
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
    byte_strings: bool,
    classic: bool,
    first_put: Option<u64>,
}

impl Signs {
    fn see(&mut self, operation: &Operation<'_>) {
        use Opcode::{BINSTRING, INST, OBJ, SHORT_BINSTRING, STRING};
        match operation.opcode {
            STRING | BINSTRING | SHORT_BINSTRING => self.byte_strings = true,
            INST | OBJ => self.classic = true,
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT if self.first_put.is_none() => {
                self.first_put = key(operation);
            }
            _ => {}
        }
    }
}

/// One pickle on the way.
#[derive(Default)]
struct Scan {
    announced: Option<u8>,
    needed: u8,
    kept: HashSet<u64>,
    /// What is fetched and was not kept in this pickle.
    missed: Vec<u64>,
    buffers: Vec<bool>,
}

impl Scan {
    fn see(&mut self, operation: &Operation<'_>) {
        self.needed = self.needed.max(operation.opcode.protocol());
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
        Pickle { range, protocol, buffers: self.buffers.clone() }
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
        assert!(Survey::of(b"\x80\x03U\x01a.").is_of_zodb);
    }
}
