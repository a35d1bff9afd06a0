//! Streams in which globals have other names: for classes that were moved or renamed.

use std::collections::HashMap;

use super::error::{Error, Problem};
use super::genops::{Operation, genops};
use super::globals::{Scan, follow};
use crate::encode::{Encoder, TooLong};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// Renames globals in a pickle: `rename` gets a module and a name in it, and returns other ones or `None`.
///
/// Python has no counterpart; its documentation advises to override `find_class`, which every reader would have to do for
/// ever. Nothing is loaded. What is not renamed stays as it is byte for byte: the protocol, the memo and its numbers, what
/// follows the pickle. In GLOBAL and INST the lines change. The strings that STACK_GLOBAL takes change where they stand, if
/// they serve for no other purpose; those that do stay, and the new names are pushed in their place just before it. Frames
/// get their new lengths.
///
/// Names are as the stream has them, as for [`globals`](super::globals()). What names a global otherwise stays, and
/// [`globals`](super::globals()) finds it: extension codes, and names that a call gives. So do strings in the state of
/// objects. Returns `None` if nothing was to be renamed.
///
/// # Errors
/// [`Error`] when the stream cannot be followed to its STOP, or a new name is one that an opcode which has to take it cannot
/// hold: a line break in GLOBAL.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
///
/// let rename = |module: &str, name: &str| match (module, name) {
///     ("spam", "Egg") => Some(("larder".to_owned(), "Egg".to_owned())),
///     _ => None,
/// };
/// let renamed = tools::rename_globals(b"(ispam\nEgg\np0\n.", rename)?;
/// assert_eq!(renamed.as_deref(), Some(&b"(ilarder\nEgg\np0\n."[..]));
/// let renamed = tools::rename_globals(b"\x80\x04\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94.", rename)?;
/// assert_eq!(renamed.as_deref(), Some(&b"\x80\x04\x8c\x06larder\x94\x8c\x03Egg\x94\x93\x94."[..]));
/// # Ok::<(), tools::Error>(())
/// ```
pub fn rename_globals(
    stream: &[u8],
    mut rename: impl FnMut(&str, &str) -> Option<(String, String)>,
) -> Result<Option<Vec<u8>>, Error> {
    let mut scan = Scan::default();
    let mut operations = genops(stream);
    follow(&mut scan, &mut operations)?;
    let mut other = |module: &str, name: &str| {
        rename(module, name).filter(|(other, new)| other != module || new != name)
    };
    let mut edits = edits_of_strings(&scan, &mut other);
    for operation in genops(stream) {
        let operation = operation?;
        if matches!(operation.opcode, Opcode::GLOBAL | Opcode::INST)
            && let Some((module, name)) = lines(operation.argument)
            && let Some(new) = other(module, name)
        {
            edits.insert(operation.offset, Edit::Lines(new));
        }
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let mut out = Rewriter::default();
    for operation in genops(stream) {
        let operation = operation?;
        out.write(&operation, edits.get(&operation.offset))?;
    }
    let mut out = out.finish();
    out.extend_from_slice(stream.get(operations.offset()..).unwrap_or_default());
    Ok(Some(out))
}

/// What becomes of an opcode.
#[derive(Debug, PartialEq)]
enum Edit {
    /// GLOBAL or INST gets these names.
    Lines((String, String)),
    /// What pushes a string pushes this one.
    String(String),
    /// STACK_GLOBAL gets these names in the place of those on the stack.
    Pushed((String, String)),
}

/// Decides for each STACK_GLOBAL whether its strings can change where they stand.
fn edits_of_strings(
    scan: &Scan<'_>,
    mut other: impl FnMut(&str, &str) -> Option<(String, String)>,
) -> HashMap<usize, Edit> {
    let named = scan.named_by_stack();
    let renamed: Vec<_> = named.iter().map(|it| other(&it.module.text, &it.name.text)).collect();
    // What a string would be for all that take it; `None` where they disagree.
    let mut wanted: HashMap<usize, Option<&str>> = HashMap::new();
    for (it, new) in named.iter().zip(&renamed) {
        let (module, name) = match new {
            Some((module, name)) => (module.as_str(), name.as_str()),
            None => (&*it.module.text, &*it.name.text),
        };
        for (string, text) in [(&it.module, module), (&it.name, name)] {
            if let Some(place) = scan.place_of_mere_name(string) {
                let agreed = wanted.entry(place).or_insert(Some(text));
                *agreed = agreed.filter(|agreed| *agreed == text);
            }
        }
    }
    let mut edits = HashMap::new();
    for (it, new) in named.iter().zip(&renamed) {
        let Some(new) = new else { continue };
        let parts = [(&it.module, &new.0), (&it.name, &new.1)].map(|(string, text)| {
            let place = scan.place_of_mere_name(string).filter(|_| *string.text != **text);
            let agreed = place.is_some_and(|at| wanted.get(&at) == Some(&Some(text.as_str())));
            (place.filter(|_| agreed), text, agreed || *string.text == **text)
        });
        if parts.iter().all(|(_, _, right)| *right) {
            let places = parts.into_iter().filter_map(|(place, text, _)| Some((place?, text)));
            edits.extend(places.map(|(place, text)| (place, Edit::String(text.clone()))));
        } else {
            edits.insert(it.offset, Edit::Pushed(new.clone()));
        }
    }
    edits
}

/// Returns the two lines of a GLOBAL or an INST.
fn lines(argument: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(argument).ok()?.split_once('\n')
}

/// Writes opcodes anew, and frames with the lengths that they have then.
#[derive(Default)]
struct Rewriter {
    out: Vec<u8>,
    /// Where the content of the open frame begins in what is written, and where it ends in the stream.
    frame: Option<(usize, usize)>,
}

impl Rewriter {
    fn write(&mut self, operation: &Operation<'_>, edit: Option<&Edit>) -> Result<(), Error> {
        if self.frame.is_some_and(|(_, end)| operation.offset >= end) {
            self.close_frame();
        }
        match edit {
            None => self.out.extend_from_slice(operation.bytes),
            Some(Edit::Lines((module, name))) => {
                if module.contains('\n') || name.contains('\n') {
                    return Err(operation.error(Problem::other("a new name has a line break")));
                }
                self.encode(operation, 0, |encoder| {
                    encoder.two_lines(operation.opcode, module.as_bytes(), name.as_bytes());
                    Ok(())
                })?;
            }
            Some(Edit::String(text)) => {
                self.encode(operation, operation.opcode.protocol(), |encoder| {
                    encoder.unicode(text.as_bytes())
                })?;
            }
            Some(Edit::Pushed((module, name))) => {
                self.out.extend([Opcode::POP.byte(), Opcode::POP.byte()]);
                self.encode(operation, operation.opcode.protocol(), |encoder| {
                    encoder.unicode(module.as_bytes())?;
                    encoder.unicode(name.as_bytes())
                })?;
                self.out.extend_from_slice(operation.bytes);
            }
        }
        if operation.opcode == Opcode::FRAME {
            self.close_frame();
            let length = operation
                .argument
                .iter()
                .rev()
                .fold(0, |sum: u64, &byte| sum << 8 | u64::from(byte));
            let begin = operation.offset + operation.bytes.len();
            let end = begin.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
            self.frame = Some((self.out.len(), end));
        }
        Ok(())
    }

    fn encode(
        &mut self,
        operation: &Operation<'_>,
        protocol: u8,
        write: impl FnOnce(&mut Encoder) -> Result<(), TooLong>,
    ) -> Result<(), Error> {
        let mut encoder = Encoder::new(Flavour::Python3, protocol);
        write(&mut encoder)
            .map_err(|TooLong| operation.error(Problem::other("a new name is too long")))?;
        self.out.extend_from_slice(encoder.ready());
        Ok(())
    }

    fn close_frame(&mut self) {
        let Some((begin, _)) = self.frame.take() else { return };
        let length = (self.out.len() - begin) as u64;
        if let Some(place) = self.out.get_mut(begin - 8..begin) {
            place.copy_from_slice(&length.to_le_bytes());
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.close_frame();
        self.out
    }
}

#[cfg(test)]
mod tests;
