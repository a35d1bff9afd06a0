//! What loading a stream would reach outside of it, found without loading.
//!
//! A pickle names classes and functions, has them called and gives their objects state; that is all it can
//! do to the program that loads it. Python has no counterpart; its documentation advises to restrict
//! globals, and this is the way to see what there would be to restrict.

mod memo;
mod names;
mod report;
mod scan;
mod stack;

#[cfg(feature = "serde")]
pub(crate) use self::memo::{Key, Memo, Style};
pub use self::report::{Event, Globals, Incomplete, Reached, Target, Use, Uses};
pub(super) use self::scan::Scan;
#[cfg(feature = "serde")]
pub(crate) use self::{scan::extension_code, stack::Stack};
use super::error::Error;
use super::genops::{Operations, genops, genops_from};

/// Lists what loading a pickle would reach: globals, extension codes and persistent ids, and what is done
/// with them.
///
/// Nothing is loaded, imported or called. Names that are on the stack rather than behind an opcode are
/// followed through stack and memo; where that does not tell them, the global is reported as
/// [`Target::Unresolved`]. Names are as the stream has them: Python 3 knows some that Python 2 wrote by other
/// names. A byte string counts as a name when it is ASCII.
///
/// Time and memory are in proportion to the length of the stream.
///
/// # Errors
/// [`Incomplete`] when the stream cannot be followed to its STOP. A load may do all that is found up to there
/// before it fails, so the error has that too. Streams that CPython's implementations read differently are
/// refused rather than guessed at.
///
/// # Examples
/// ```
/// use halfsour_pickle::tools::{self, Target, Use};
///
/// let globals = tools::globals(b"cos\nsystem\n(S'rm -rf /'\ntR.")?;
/// let reached = globals.reached().next().expect("there is one");
/// assert_eq!(reached.target().to_string(), "os.system");
/// assert!(reached.uses().contains(Use::Called));
///
/// // Whatever may be referenced and instantiated, nothing may be called.
/// let refused = globals.refused_by(|_, usage| usage != Use::Called);
/// assert_eq!(refused.len(), 1);
/// assert_eq!(refused[0].to_string(), "os.system is called by REDUCE at offset 25");
/// # Ok::<(), tools::Incomplete>(())
/// ```
pub fn globals(stream: &[u8]) -> Result<Globals, Incomplete> {
    globals_from(stream, 0)
}

/// Lists what loading the pickle that begins at an offset of a longer stream would reach.
///
/// Offsets are counted from the beginning of the stream. [`Globals::end`] is where the next pickle begins,
/// if one does.
///
/// # Errors
/// As for [`globals`].
pub fn globals_from(stream: &[u8], start: usize) -> Result<Globals, Incomplete> {
    let mut scan = Scan::default();
    let mut operations = genops_from(stream, start);
    let followed = follow(&mut scan, &mut operations);
    finish(scan, &operations, followed)
}

/// Lists what loading all pickles of a stream with one unpickler would reach, which keeps its memo for all.
///
/// # Errors
/// As for [`globals`].
///
/// # Examples
/// ```
/// use halfsour_pickle::tools;
///
/// // A pickler that wrote two objects refers to the first one's class in the second.
/// let stream = b"cspam\nEgg\np0\n.(g0\nt.";
/// assert_eq!(tools::globals_of_all(stream)?.end(), stream.len());
/// # Ok::<(), tools::Incomplete>(())
/// ```
pub fn globals_of_all(stream: &[u8]) -> Result<Globals, Incomplete> {
    let mut scan = Scan::default();
    let mut operations = genops(stream);
    let mut followed = follow(&mut scan, &mut operations);
    while followed.is_ok() && operations.next_pickle() {
        scan.next_pickle();
        followed = follow(&mut scan, &mut operations);
    }
    finish(scan, &operations, followed)
}

/// Follows one pickle to its STOP.
pub(super) fn follow<'a>(
    scan: &mut Scan<'a>,
    operations: &mut Operations<'a>,
) -> Result<(), Error> {
    operations.try_for_each(|operation| scan.step(&operation?))
}

fn finish(
    scan: Scan<'_>,
    operations: &Operations<'_>,
    followed: Result<(), Error>,
) -> Result<Globals, Incomplete> {
    let found = scan.into_globals(operations.offset());
    match followed {
        Ok(()) => Ok(found),
        Err(error) => Err(Incomplete::new(found, error)),
    }
}

#[cfg(test)]
mod tests;
