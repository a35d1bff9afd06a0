//! What can be wrong with a stream whose opcodes are listed.

/// A stream that cannot be listed further; `pickletools` raises ValueError.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at offset {offset}: {problem}")]
pub struct Error {
    offset: usize,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("byte {0:#04x} is no opcode")]
    UnknownOpcode(u8),
    #[error("the stream ends before STOP")]
    Exhausted,
    #[error("the argument of {0} is cut short")]
    CutShort(&'static str),
    #[error("the argument of {0} claims a negative length")]
    NegativeLength(&'static str),
    #[error("no PUT wrote what {0} asks for")]
    NotMemoized(&'static str),
}

impl Error {
    pub(super) const fn new(offset: usize, problem: Problem) -> Self {
        Self { offset, problem }
    }

    /// The same error in a stream that has `distance` bytes more in front.
    pub(super) fn moved_by(mut self, distance: usize) -> Self {
        self.offset += distance;
        self
    }

    /// Returns where in the stream the opcode starts that cannot be read.
    pub const fn offset(&self) -> usize {
        self.offset
    }
}
