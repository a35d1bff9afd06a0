//! Frames: from protocol 4 on, opcodes are written in blocks that say how long they are.
//!
//! A loader reads a frame in one go. PROTO stands before the first frame, and a long string between two
//! (measured on 3.13.0).

use crate::opcode::Opcode;

/// A frame that has reached this size is closed when the next object begins; as long a string gets none.
const FRAME_SIZE: usize = 64 * 1024;

/// A frame shorter than this is not worth a header.
const FRAME_SIZE_MIN: usize = 4;

/// FRAME and an eight-byte length.
const HEADER: usize = 9;

/// Which part of a buffer is an open frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    /// Where the open frame's header is, or will be.
    start: Option<usize>,
    /// At this length of the buffer the frame is full.
    full_at: usize,
}

impl Framing {
    /// No frame is open, and none will be.
    pub(crate) const OFF: Self = Self { start: None, full_at: usize::MAX };

    /// Opens a frame at the end of a buffer.
    pub(crate) fn open(&mut self, out: &mut Vec<u8>) {
        self.start = Some(out.len());
        out.extend_from_slice(&[0; HEADER]);
        self.full_at = out.len() + FRAME_SIZE;
    }

    /// Closes the open frame, if there is one; a very short one loses its header.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        let Some(start) = self.start.take() else { return };
        self.full_at = usize::MAX;
        let length = out.len().saturating_sub(start + HEADER);
        if length < FRAME_SIZE_MIN {
            out.drain(start..start + HEADER);
            return;
        }
        let mut header = [Opcode::FRAME.byte(); HEADER];
        if let Some(place) = header.last_chunk_mut() {
            *place = (length as u64).to_le_bytes();
        }
        if let Some(place) = out.get_mut(start..start + HEADER) {
            place.copy_from_slice(&header);
        }
    }

    /// Whether there is an open frame.
    pub(crate) const fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// Whether an object that begins now begins a new frame.
    #[inline]
    pub(crate) const fn is_full(&self, out: &[u8]) -> bool {
        out.len() >= self.full_at
    }

    /// Whether a string of this length stands between frames.
    #[inline]
    pub(crate) const fn stands_alone(&self, length: usize) -> bool {
        self.start.is_some() && length >= FRAME_SIZE
    }

    /// How many bytes of the buffer will not change any more.
    pub(crate) fn ready(&self, out: &[u8]) -> usize {
        self.start.unwrap_or(out.len())
    }

    /// Takes bytes that are ready off the front.
    pub(crate) fn discard(&mut self, out: &mut Vec<u8>, count: usize) {
        out.drain(..count);
        if let Some(start) = &mut self.start {
            *start -= count;
            self.full_at -= count;
        }
    }
}
