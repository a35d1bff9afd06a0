//! What is in a stream.

use halfsour::pickle::Opcode;
use halfsour::pickle::tools::genops;

/// How often an opcode is in a pickle.
pub(crate) fn count_opcode(opcode: Opcode, stream: &[u8]) -> usize {
    let operations = genops(stream).map(|it| it.expect("the stream consists of opcodes"));
    operations.filter(|it| it.opcode == opcode).count()
}

/// Whether an opcode is in a pickle.
pub(crate) fn opcode_in_pickle(opcode: Opcode, stream: &[u8]) -> bool {
    count_opcode(opcode, stream) > 0
}

/// Whether these bytes are somewhere in a stream.
pub(crate) fn contains(stream: &[u8], part: impl AsRef<[u8]>) -> bool {
    let part = part.as_ref();
    stream.windows(part.len()).any(|window| window == part)
}
