//! The two parts of a pickle: what makes its object, and what fills it.
//!
//! Objects in a cycle refer to each other before they are complete. Inside of one pickle the memo serves for that; where the
//! cycle leads through several pickles, all of its objects are made first, and then filled.

use halfsour_pickle::tools::{self, Operation};
use halfsour_pickle::{Opcode, StackItem};

/// Splits a pickle behind the opcode that makes its object; `None` if it cannot be followed.
///
/// The second part begins with the persistent id of the object, and needs the memo of the first.
pub(super) fn split(pickle: &[u8], id: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let operations: Vec<Operation<'_>> = tools::genops(pickle).collect::<Result<_, _>>().ok()?;
    let made = maker(&operations)?;
    // Frames would not have their lengths any more, and mean nothing to a loader.
    let part = |operations: &[Operation<'_>]| -> Vec<u8> {
        let unframed = operations.iter().filter(|it| it.opcode != Opcode::FRAME);
        unframed.flat_map(|it| it.bytes).copied().collect()
    };
    let (make, fill) = operations.split_at_checked(made + 1)?;
    let protocol = operations.first().filter(|first| first.opcode == Opcode::PROTO);
    let header = protocol.map_or(&b""[..], |protocol| protocol.bytes);
    let reference = format!("P{id}\n").into_bytes();
    Some(([part(make), b".".to_vec()].concat(), [header, &reference, &part(fill)].concat()))
}

/// Returns the place of the opcode that makes the object which is on the stack at the end.
fn maker(operations: &[Operation<'_>]) -> Option<usize> {
    let (mut depth, mut marks, mut made) = (0_usize, Vec::new(), None);
    for (place, operation) in operations.iter().enumerate() {
        match operation.opcode {
            Opcode::STOP => break,
            Opcode::MARK => marks.push(depth),
            Opcode::POP if marks.last() == Some(&depth) => drop(marks.pop()),
            opcode => {
                let taken = if opcode.before().contains(&StackItem::Mark) {
                    let container = opcode.before().first() != Some(&StackItem::Mark);
                    marks.pop()?.checked_sub(usize::from(container))?
                } else {
                    depth.checked_sub(opcode.before().len())?
                };
                depth = taken + opcode.after().len();
                if taken == 0 && depth > 0 && !keeps_lowest(opcode) {
                    made = Some(place);
                }
            }
        }
    }
    made
}

/// Whether the lowest object that an opcode takes is also the one that it leaves.
const fn keeps_lowest(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::BUILD
            | Opcode::APPEND
            | Opcode::APPENDS
            | Opcode::SETITEM
            | Opcode::SETITEMS
            | Opcode::ADDITEMS
            | Opcode::DUP
            | Opcode::PUT
            | Opcode::BINPUT
            | Opcode::LONG_BINPUT
            | Opcode::MEMOIZE
            | Opcode::PROTO
            | Opcode::FRAME
    )
}

#[cfg(test)]
mod tests {
    use super::split;

    fn parts(pickle: &[u8]) -> Option<(String, String)> {
        let (make, fill) = split(pickle, "7")?;
        Some((make.escape_ascii().to_string(), fill.escape_ascii().to_string()))
    }

    #[test]
    fn what_makes_the_object_is_in_the_first_part() {
        let found = |make: &str, fill: &str| Some((make.to_owned(), fill.to_owned()));
        assert_eq!(
            parts(b"(icellar\nBarrel\np0\n(dp1\nS'a'\nP8\nsb."),
            found("(icellar\\nBarrel\\n.", "P7\\np0\\n(dp1\\nS\\'a\\'\\nP8\\nsb.")
        );
        assert_eq!(
            parts(b"\x80\x02cm\nA\n)\x81q\x00}q\x01U\x01aU\x018Qsb."),
            found("\\x80\\x02cm\\nA\\n)\\x81.", "\\x80\\x02P7\\nq\\x00}q\\x01U\\x01aU\\x018Qsb.")
        );
        assert_eq!(parts(b"(lp0\n(U\x018Qe."), found("(l.", "P7\\np0\\n(U\\x018Qe."));
        assert_eq!(
            parts(b"\x80\x04\x95\x08\0\0\0\0\0\0\0]\x94(K\x01K\x02e."),
            found("\\x80\\x04].", "\\x80\\x04P7\\n\\x94(K\\x01K\\x02e.")
        );
    }

    #[test]
    fn what_cannot_be_followed_has_no_parts() {
        assert_eq!(parts(b"e."), None);
        assert_eq!(parts(b"(lp0"), None);
        assert_eq!(parts(b"."), None);
    }
}
