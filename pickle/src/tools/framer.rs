//! The frames of an optimized stream.

use crate::encode::Framing;

/// An opcode that is longer than this with its argument stands between frames.
const LONG: usize = 64 * 1024;

/// Puts opcodes into frames as `pickle.py` of Python 3 does, where the protocol has frames.
pub(super) struct Framer {
    out: Vec<u8>,
    framing: Framing,
    has_frames: bool,
}

impl Framer {
    /// A stream that begins with `header`, which is in no frame.
    pub(super) fn new(header: &[u8], protocol: u8) -> Self {
        let mut framer =
            Self { out: header.to_vec(), framing: Framing::OFF, has_frames: protocol >= 4 };
        framer.open();
        framer
    }

    /// Writes an opcode with its argument.
    pub(super) fn write(&mut self, opcode: &[u8]) {
        let is_long = opcode.len() > LONG;
        if is_long || self.framing.is_full(&self.out) {
            self.framing.close(&mut self.out);
        }
        if is_long {
            self.out.extend_from_slice(opcode);
        }
        if !self.framing.is_open() {
            self.open();
        }
        if !is_long {
            self.out.extend_from_slice(opcode);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.framing.close(&mut self.out);
        self.out
    }

    fn open(&mut self) {
        if self.has_frames {
            self.framing.open(&mut self.out);
        }
    }
}
