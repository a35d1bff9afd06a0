//! Streams without the PUTs that nothing fetches: `pickletools.optimize`.

use std::collections::{HashMap, HashSet};

use halfsour_runtime::Dialect;

use super::error::{Error, Problem};
use super::framer::Framer;
use super::genops::{Operation, Operations};
use super::operand::Operand;
use crate::decode::Integer;
use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// Drops the PUTs that no GET fetches from a pickle.
///
/// The counterpart of `pickletools.optimize`, byte for byte. That of Python 2 keeps the memo numbers, and
/// whatever follows the pickle's STOP. That of Python 3 numbers what is left from zero, puts it into new
/// frames where the protocol has them, and ends at STOP.
///
/// # Errors
/// [`Error`] when the stream cannot be listed to its STOP, has a memo key that is no number, or fetches
/// what it never stored.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
/// use halfsour_runtime::Dialect;
///
/// let stream = b"(lp0\nS'spam'\np1\nag1\na.";
/// assert_eq!(tools::optimize(stream, Dialect::Python2)?, b"(lS'spam'\np1\nag1\na.");
/// assert_eq!(tools::optimize(stream, Dialect::Python3)?, b"(lS'spam'\np0\nag0\na.");
/// # Ok::<(), tools::Error>(())
/// ```
pub fn optimize(stream: &[u8], dialect: Dialect) -> Result<Vec<u8>, Error> {
    if dialect == Dialect::Python2 { keeping_numbers(stream) } else { renumbered(stream) }
}

/// What an opcode does with the memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Put,
    Memoize,
    Get,
    None,
}

impl Access {
    const fn of(opcode: Opcode) -> Self {
        match opcode {
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT => Access::Put,
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => Access::Get,
            Opcode::MEMOIZE => Access::Memoize,
            _ => Access::None,
        }
    }
}

fn keeping_numbers(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let mut fetched = HashSet::new();
    let mut puts = Vec::new();
    let mut operations = Operations::new(stream, Dialect::Python2);
    for operation in operations.by_ref() {
        let operation = operation?;
        match Access::of(operation.opcode) {
            Access::Put => puts.push((key(&operation, Dialect::Python2)?, operation)),
            Access::Get => {
                fetched.insert(key(&operation, Dialect::Python2)?);
            }
            Access::Memoize | Access::None => {}
        }
    }
    let mut out = Vec::with_capacity(stream.len());
    let mut copied = 0;
    for (_, put) in puts.iter().filter(|(key, _)| !fetched.contains(key)) {
        out.extend_from_slice(stream.get(copied..put.offset).unwrap_or_default());
        copied = put.offset + put.bytes.len();
    }
    out.extend_from_slice(stream.get(copied..).unwrap_or_default());
    Ok(out)
}

/// An opcode of the optimized stream.
enum Kept<'a> {
    Bytes(&'a [u8]),
    Put(Integer),
    Get(Integer, Operation<'a>),
}

/// What has to be known of a stream before it can be written anew.
#[derive(Default)]
struct Survey<'a> {
    kept: Vec<Kept<'a>>,
    /// Keys under which something was stored.
    stored: HashSet<Integer>,
    /// Keys that are fetched, with the number that each has got.
    numbers: HashMap<Integer, Option<u32>>,
    /// The highest protocol that the stream announces, or that its GETs need.
    protocol: u8,
    header: &'a [u8],
}

fn renumbered(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let mut survey = Survey::default();
    for operation in Operations::new(stream, Dialect::Python3) {
        survey.add(operation?)?;
    }
    survey.write()
}

impl<'a> Survey<'a> {
    fn add(&mut self, operation: Operation<'a>) -> Result<(), Error> {
        let opcode = operation.opcode;
        match Access::of(opcode) {
            Access::Put => self.store(key(&operation, Dialect::Python3)?),
            Access::Memoize => self.store(Integer::Small(self.stored.len() as i64)),
            Access::Get => {
                self.protocol = self.protocol.max(opcode.protocol());
                let key = key(&operation, Dialect::Python3)?;
                self.numbers.insert(key.clone(), None);
                self.kept.push(Kept::Get(key, operation));
            }
            Access::None => self.add_other(operation)?,
        }
        Ok(())
    }

    fn store(&mut self, key: Integer) {
        self.stored.insert(key.clone());
        self.kept.push(Kept::Put(key));
    }

    fn add_other(&mut self, operation: Operation<'a>) -> Result<(), Error> {
        match operation.opcode {
            Opcode::FRAME => return Ok(()),
            Opcode::PROTO => {
                let protocol = operation.argument.first().copied().unwrap_or_default();
                if protocol > Flavour::Python3.highest_protocol() {
                    return Err(operation.error(Problem::other("pickle protocol must be <= 5")));
                }
                self.protocol = self.protocol.max(protocol);
                if operation.offset == 0 {
                    self.header = operation.bytes;
                    return Ok(());
                }
            }
            _ => {}
        }
        self.kept.push(Kept::Bytes(operation.bytes));
        Ok(())
    }

    fn write(mut self) -> Result<Vec<u8>, Error> {
        let mut framer = Framer::new(self.header, self.protocol);
        let mut encoder = Encoder::new(Flavour::Python3, self.protocol);
        let mut next = 0;
        for kept in &self.kept {
            match kept {
                Kept::Bytes(bytes) => {
                    framer.write(bytes);
                    continue;
                }
                Kept::Put(key) => {
                    let Some(number) = self.numbers.get_mut(key) else { continue };
                    *number = Some(next);
                    encoder.put(next);
                    next += 1;
                }
                Kept::Get(key, operation) => {
                    let Some(&Some(number)) = self.numbers.get(key) else {
                        return Err(
                            operation.error(Problem::other("no PUT wrote what it asks for"))
                        );
                    };
                    encoder.get(number);
                }
            }
            framer.write(encoder.ready());
            encoder.discard_ready();
        }
        Ok(framer.finish())
    }
}

/// The memo key of a PUT or a GET.
fn key(operation: &Operation<'_>, dialect: Dialect) -> Result<Integer, Error> {
    match operation.operand(dialect)? {
        Operand::Bool(bool) => Ok(Integer::Small(i64::from(bool))),
        Operand::Int(number) | Operand::Long(number) => Ok(number),
        _ => Err(operation.error(Problem::other("the memo key is no number"))),
    }
}

#[cfg(test)]
mod tests {
    use halfsour_runtime::Dialect;

    use super::optimize;

    #[test]
    fn python2_keeps_numbers_and_what_follows() {
        assert_eq!(
            optimize(b"]q\x00(U\x01aq\x01h\x01e.rest", Dialect::Python2).as_deref(),
            Ok(&b"](U\x01aq\x01h\x01e.rest"[..])
        );
    }

    #[test]
    fn python3_renumbers_and_frames() {
        assert_eq!(
            optimize(b"]q\x00(U\x01aq\x01h\x01e.rest", Dialect::Python3).as_deref(),
            Ok(&b"](U\x01aq\x00h\x00e."[..])
        );
        let framed = b"\x80\x04\x95\x0d\0\0\0\0\0\0\0]\x94(\x8c\x01a\x94h\x01e.";
        assert_eq!(
            optimize(framed, Dialect::Python3).as_deref(),
            Ok(&b"\x80\x04\x95\x0a\0\0\0\0\0\0\0](\x8c\x01a\x94h\x00e."[..])
        );
    }

    #[test]
    fn a_get_of_nothing_is_an_error() {
        let error = optimize(b"Ng7\n0.", Dialect::Python3).expect_err("7 was never stored");
        assert_eq!(error.to_string(), "at offset 1, GET: no PUT wrote what it asks for");
    }
}
