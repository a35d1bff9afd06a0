//! Whether what we made of a stream agrees with what CPython made of it.

use halfsour_corpus::{Outcome, Refusal};
use halfsour_pickle::Opcode;

use crate::Manifest;
use crate::child::{Answer, Raised};
use crate::parent::in_our_words;

/// What is wrong with an answer, if anything.
pub(crate) fn judge(
    manifest: &Manifest,
    stream: &[u8],
    pure: &Outcome,
    by_c: &Outcome,
    answer: &Answer,
) -> Result<(), String> {
    if let Answer::Raised(raised) = answer {
        let by_cpython = [pure, by_c].iter().any(|outcome| match outcome {
            Outcome::Raised(Refusal(class, _)) => in_our_words(class) == raised.class,
            Outcome::Loaded(_) => false,
        });
        well_raised(stream, raised, by_cpython)?;
    }
    match (pure, by_c, answer) {
        (Outcome::Loaded(one), Outcome::Loaded(other), _) if one == other => {
            same_graph(manifest, one, answer)
        }
        (Outcome::Raised(one), Outcome::Raised(other), Answer::Loaded(_)) => {
            let (Refusal(one, _), Refusal(other, _)) = (one, other);
            Err(format!("loads, where CPython raises {one} or {other}"))
        }
        _ => Ok(()),
    }
}

fn same_graph(manifest: &Manifest, key: &str, answer: &Answer) -> Result<(), String> {
    let expected = manifest.descriptions.get(key).map_err(|error| error.to_string())?;
    let found = match answer {
        Answer::Loaded(found) => found,
        Answer::Raised(Raised { class, message, .. }) => {
            return Err(format!("raises {class}: {message:?}, where both of CPython's load"));
        }
    };
    if expected.difference(found).is_none() {
        return Ok(());
    }
    // 2.7 orders dicts by hash.
    let difference = expected.with_sorted_dicts().difference(&found.with_sorted_dicts());
    difference.map_or(Ok(()), Err)
}

/// An error is of a class that a stream may raise, or that a function which the stream called raised for CPython too; and
/// it says at which opcode of the stream it came up.
fn well_raised(stream: &[u8], raised: &Raised, by_cpython: bool) -> Result<(), String> {
    let Raised { class, message, expected, offset, opcode } = raised;
    let say = |wrong: &str| Err(format!("raises {class}: {message:?}, {wrong}"));
    if !expected && !by_cpython {
        return say("which is no exception that a malformed stream may raise");
    }
    let Some(at) = offset.and_then(|offset| usize::try_from(offset).ok()) else {
        return say("without an offset");
    };
    if at > stream.len() {
        return say("with an offset behind the end");
    }
    let there = stream.get(at).and_then(|byte| Opcode::from_byte(*byte)).map(Opcode::name);
    if opcode.as_deref() != there {
        return say(&format!("at {at} in {opcode:?}, where the stream has {there:?}"));
    }
    Ok(())
}
