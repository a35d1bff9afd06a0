//! Streams in a form in which those of different picklers are equal when they mean the same.

use std::collections::HashMap;

use super::error::{Error, Problem};
use super::genops::{Operation, genops};
use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// Drops unused PUTs and numbers the others in their order from zero, so that picklers can be compared.
///
/// `cPickle` leaves PUTs out by reference count and numbers from one, `pickle.py` skips numbers: what they
/// mean is equal exactly when the normalized streams are. Pickles that follow each other are normalized
/// as one stream over one memo. FRAMEs, which mean nothing to a loader, are dropped.
///
/// # Errors
/// [`Error`] when the stream cannot be listed to its end, or fetches what it never kept.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
///
/// let by_pickle = b"(lp0\n(lp1\nag1\na.";
/// let by_cpickle = b"(lp1\n(lp2\nag2\na.";
/// assert_eq!(tools::normalize(by_pickle)?, tools::normalize(by_cpickle)?);
/// # Ok::<(), tools::Error>(())
/// ```
pub fn normalize(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let operations = operations_of_all(stream)?;
    Memo::of(&operations).renumber(&operations)
}

/// Drops the PUTs that nothing fetches, as cPickle does in what it keeps for `getvalue`. Numbers stay, and pickles that
/// follow each other share a memo.
pub(crate) fn without_unused_puts(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let operations = operations_of_all(stream)?;
    let memo = Memo::of(&operations);
    let used =
        operations.iter().zip(&memo.roles).filter(|(_, role)| !matches!(role, Role::UnusedPut));
    Ok(used.flat_map(|(operation, _)| operation.bytes).copied().collect())
}

/// Lists the operations of pickles that follow each other.
fn operations_of_all(stream: &[u8]) -> Result<Vec<Operation<'_>>, Error> {
    let mut listing = genops(stream);
    let mut operations = Vec::new();
    loop {
        for operation in listing.by_ref() {
            operations.push(operation?);
        }
        if !listing.next_pickle() {
            return Ok(operations);
        }
    }
}

/// What an operation has to do with the memo.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// Nothing.
    Other,
    /// Keeps an object that nothing fetches.
    UnusedPut,
    /// Keeps an object.
    Put,
    /// Fetches what the operation of that index kept; `None` when nothing did.
    Get(Option<usize>),
}

/// Who fetches what in a list of operations.
struct Memo {
    roles: Vec<Role>,
}

impl Memo {
    fn of(operations: &[Operation<'_>]) -> Self {
        let mut roles = Vec::with_capacity(operations.len());
        let mut kept_by: HashMap<Key<'_>, usize> = HashMap::new();
        for (index, operation) in operations.iter().enumerate() {
            let role = match Access::of(operation, kept_by.len()) {
                None => Role::Other,
                Some(Access::Put(key)) => {
                    kept_by.insert(key, index);
                    Role::UnusedPut
                }
                Some(Access::Get(key)) => {
                    let source = kept_by.get(&key).copied();
                    if let Some(role) = source.and_then(|source| roles.get_mut(source)) {
                        *role = Role::Put;
                    }
                    Role::Get(source)
                }
            };
            roles.push(role);
        }
        Self { roles }
    }

    /// Writes the operations with consecutive memo numbers and without frames.
    fn renumber(&self, operations: &[Operation<'_>]) -> Result<Vec<u8>, Error> {
        let mut numbers: HashMap<usize, u32> = HashMap::new();
        let mut out = Vec::new();
        for (index, (operation, role)) in operations.iter().zip(&self.roles).enumerate() {
            match role {
                Role::UnusedPut => {}
                Role::Other if operation.opcode == Opcode::FRAME => {}
                Role::Other => out.extend_from_slice(operation.bytes),
                Role::Put => {
                    let number = numbers.len() as u32;
                    numbers.insert(index, number);
                    write_reference(&mut out, operation, |encoder| encoder.put(number));
                }
                Role::Get(source) => {
                    let number =
                        source.and_then(|source| numbers.get(&source)).ok_or_else(|| {
                            operation.error(Problem::other("no PUT wrote what it asks for"))
                        })?;
                    write_reference(&mut out, operation, |encoder| encoder.get(*number));
                }
            }
        }
        Ok(out)
    }
}

/// Writes a reference in the style, text or binary, of the one that it replaces.
fn write_reference(out: &mut Vec<u8>, like: &Operation<'_>, write: impl FnOnce(&mut Encoder)) {
    let mut encoder = Encoder::new(Flavour::Python3, like.opcode.protocol());
    write(&mut encoder);
    out.extend_from_slice(encoder.ready());
}

/// The name of a memo entry. In Python 2 the keys of text are strings of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Number(u64),
    Text(&'a [u8]),
}

impl<'a> Key<'a> {
    fn text(line: &'a [u8]) -> Self {
        let digits = std::str::from_utf8(line).ok();
        digits.and_then(|digits| digits.parse().ok()).map_or(Key::Text(line), Key::Number)
    }

    fn binary(bytes: &[u8]) -> Self {
        Key::Number(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }
}

enum Access<'a> {
    Put(Key<'a>),
    Get(Key<'a>),
}

impl<'a> Access<'a> {
    /// `count` is how many entries the memo has, which is the number that MEMOIZE takes.
    fn of(operation: &Operation<'a>, count: usize) -> Option<Self> {
        Some(match operation.opcode {
            Opcode::PUT => Access::Put(Key::text(operation.argument)),
            Opcode::BINPUT | Opcode::LONG_BINPUT => Access::Put(Key::binary(operation.argument)),
            Opcode::MEMOIZE => Access::Put(Key::Number(count as u64)),
            Opcode::GET => Access::Get(Key::text(operation.argument)),
            Opcode::BINGET | Opcode::LONG_BINGET => Access::Get(Key::binary(operation.argument)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn normalize_counts_from_zero() {
        assert_eq!(
            normalize(b"]r\x00\x01\x00\x00(U\x01ar\x01\x01\x00\x00j\x01\x01\x00\x00e.").as_deref(),
            Ok(&b"](U\x01aq\x00h\x00e."[..])
        );
    }

    #[test]
    fn pickles_behind_each_other_share_a_memo() {
        assert_eq!(normalize(b"(lp5\n.g5\n.").as_deref(), Ok(&b"(lp0\n.g0\n."[..]));
        let cleared = normalize(b"(lp5\n.(lp5\n.g5\n.");
        assert_eq!(cleared.as_deref(), Ok(&b"(l.(lp0\n.g0\n."[..]));
    }

    #[test]
    fn memoize_is_renumbered_and_frames_dropped() {
        let framed = b"\x80\x04\x95\x0d\0\0\0\0\0\0\0]\x94(\x8c\x01a\x94h\x01e.";
        assert_eq!(normalize(framed).as_deref(), Ok(&b"\x80\x04](\x8c\x01a\x94h\x00e."[..]));
    }

    #[test]
    fn a_get_of_nothing_is_an_error() {
        let error = normalize(b"N.g7\n.").expect_err("7 was never kept");
        assert_eq!(
            (error.offset(), error.to_string().as_str()),
            (2, "at offset 2, GET: no PUT wrote what it asks for")
        );
    }
}
