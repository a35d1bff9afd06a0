//! Frames that end where joblib ends them: it writes the bytes of an array between two frames.

use halfsour_pickle::{Opcode, tools};

/// CPython writes no frame around less.
const SMALLEST: usize = 4;

/// Frames a stream anew, so that a frame ends at each gap of another stream of the same opcodes.
pub(crate) fn end_at_gaps(
    stream: &[u8],
    like: &[u8],
    gaps: &[usize],
) -> Result<Vec<u8>, tools::Error> {
    let before = |gap: usize| {
        let operations = tools::genops(like).map_while(Result::ok);
        operations.filter(|it| it.offset < gap && it.opcode != Opcode::FRAME).count()
    };
    let ends: Vec<usize> = gaps.iter().map(|&gap| before(gap)).collect();
    let (mut out, mut frame) = (Vec::new(), Vec::new());
    let mut count = 0;
    for operation in tools::genops(stream) {
        let operation = operation?;
        match operation.opcode {
            Opcode::FRAME => continue,
            Opcode::PROTO => out.extend_from_slice(operation.bytes),
            _ => frame.extend_from_slice(operation.bytes),
        }
        count += 1;
        if ends.contains(&count) || operation.opcode == Opcode::STOP {
            if frame.len() >= SMALLEST {
                out.push(Opcode::FRAME.byte());
                out.extend_from_slice(&(frame.len() as u64).to_le_bytes());
            }
            out.append(&mut frame);
        }
    }
    Ok(out)
}
