//! `PickleBuffer`: bytes that protocol 5 can leave out of the pickle.

use halfsour_runtime::Result;

use super::Saver;
use crate::opcode::Opcode;
use crate::pickle_buffer::{PickleBuffer, Placement};

impl<'gc> Saver<'_, 'gc> {
    pub(super) fn save_picklebuffer(&mut self, buffer: PickleBuffer<'gc>) -> Result<'gc, ()> {
        if self.encoder.protocol() < 5 {
            let message = "PickleBuffer can only be pickled with protocol >= 5";
            return Err(self.pickling_error(message));
        }
        buffer.raw()?;
        let placement = match self.hooks.buffer_callback {
            Some(callback) => callback(self.ctx, buffer)?,
            None => Placement::InBand,
        };
        let read_only = buffer.is_read_only()?;
        match placement {
            Placement::OutOfBand => {
                self.encoder.op(Opcode::NEXT_BUFFER);
                if read_only {
                    self.encoder.op(Opcode::READONLY_BUFFER);
                }
            }
            Placement::InBand => {
                let encoder = &mut self.encoder;
                let written = buffer.with_bytes(|bytes| {
                    if read_only {
                        return encoder.byte_string(bytes);
                    }
                    encoder.bytearray(bytes);
                    Ok(())
                })?;
                written.map_err(|_| self.too_long())?;
                self.memoize(buffer.into());
            }
        }
        Ok(())
    }
}
