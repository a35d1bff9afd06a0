//! Streams without the PUTs that nothing fetches: `pickletools.optimize`.

use halfsour_runtime::Dialect;

use super::error::{Error, Problem};
use super::framer::Framer;
use super::genops::{Operation, Operations};
use super::numbered::Numbered;
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
    Get,
    None,
}

impl Access {
    const fn of(opcode: Opcode) -> Self {
        match opcode {
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT | Opcode::MEMOIZE => Access::Put,
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => Access::Get,
            _ => Access::None,
        }
    }
}

/// What has to be known of a stream before it can be written anew.
#[derive(Default)]
struct Survey {
    /// Keys under which something is stored.
    stored: Numbered<()>,
    /// Keys that are fetched, with the number that each has got.
    fetched: Numbered<Option<u32>>,
    /// The highest protocol that the stream announces, or that its GETs need.
    protocol: u8,
}

impl Survey {
    fn of(operations: Operations<'_>, dialect: Dialect) -> Result<Self, Error> {
        let mut survey = Self::default();
        for operation in operations {
            let operation = operation?;
            match Access::of(operation.opcode) {
                Access::Put => drop(survey.store(&operation, dialect)?),
                Access::Get => {
                    survey.protocol = survey.protocol.max(operation.opcode.protocol());
                    survey.fetched.insert(key(&operation, dialect)?, None);
                }
                // 2.7 does not look at the protocol, which decides nothing there.
                Access::None
                    if operation.opcode == Opcode::PROTO && dialect == Dialect::Python3 =>
                {
                    survey.protocol = survey.protocol.max(announced(&operation)?);
                }
                Access::None => {}
            }
        }
        survey.stored = Numbered::default();
        Ok(survey)
    }

    /// Notes that something is stored, and returns its key.
    fn store(&mut self, operation: &Operation<'_>, dialect: Dialect) -> Result<Integer, Error> {
        let key = match operation.opcode {
            Opcode::MEMOIZE => Integer::Small(self.stored.len() as i64),
            _ => key(operation, dialect)?,
        };
        self.stored.insert(key.clone(), ());
        Ok(key)
    }
}

fn keeping_numbers(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let operations = Operations::new(stream, Dialect::Python2);
    let mut survey = Survey::of(operations.clone(), Dialect::Python2)?;
    let mut out = Vec::with_capacity(stream.len());
    let mut copied = 0;
    for operation in operations {
        let operation = operation?;
        if Access::of(operation.opcode) == Access::Put {
            let key = survey.store(&operation, Dialect::Python2)?;
            if survey.fetched.get(&key).is_none() {
                out.extend_from_slice(stream.get(copied..operation.offset).unwrap_or_default());
                copied = operation.offset + operation.bytes.len();
            }
        }
    }
    out.extend_from_slice(stream.get(copied..).unwrap_or_default());
    Ok(out)
}

fn renumbered(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let mut operations = Operations::new(stream, Dialect::Python3);
    let mut survey = Survey::of(operations.clone(), Dialect::Python3)?;
    // PROTO stands before the first frame.
    let header = match operations.clone().next() {
        Some(Ok(first)) if first.opcode == Opcode::PROTO => {
            operations.next();
            first.bytes
        }
        _ => b"",
    };
    let mut framer = Framer::new(header, survey.protocol);
    let mut encoder = Encoder::new(Flavour::Python3, survey.protocol);
    let mut next = 0;
    for operation in operations {
        let operation = operation?;
        match Access::of(operation.opcode) {
            Access::Put => {
                let key = survey.store(&operation, Dialect::Python3)?;
                let Some(number) = survey.fetched.get_mut(&key) else { continue };
                *number = Some(next);
                encoder.put(next);
                next += 1;
            }
            Access::Get => {
                let number = survey.fetched.get(&key(&operation, Dialect::Python3)?);
                let Some(&Some(number)) = number else {
                    return Err(operation.error(Problem::other("no PUT wrote what it asks for")));
                };
                encoder.get(number);
            }
            Access::None if operation.opcode == Opcode::FRAME => continue,
            Access::None => {
                framer.write(operation.bytes);
                continue;
            }
        }
        framer.write(encoder.ready());
        encoder.discard_ready();
    }
    Ok(framer.finish())
}

/// The protocol that a PROTO says.
fn announced(operation: &Operation<'_>) -> Result<u8, Error> {
    let protocol = operation.argument.first().copied().unwrap_or_default();
    if protocol > Flavour::Python3.highest_protocol() {
        return Err(operation.error(Problem::other("pickle protocol must be <= 5")));
    }
    Ok(protocol)
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
