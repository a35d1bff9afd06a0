//! Out-of-band buffers: NEXT_BUFFER and READONLY_BUFFER (PEP 574).

use halfsour_runtime::Result;

use super::Machine;

impl<'gc> Machine<'_, 'gc> {
    /// Pushes the next of the buffers that the host gives.
    pub(super) fn load_next_buffer(&mut self) -> Result<'gc, ()> {
        let Some(buffers) = self.hooks.buffers else {
            return Err(self.unpickling_error(
                "pickle stream refers to out-of-band data but no *buffers* argument was given",
            ));
        };
        let Some(buffer) = buffers(self.ctx, self.buffers_taken)? else {
            return Err(self.unpickling_error("not enough out-of-band buffers"));
        };
        self.buffers_taken += 1;
        self.push(buffer)
    }

    /// Makes the topmost object read-only, unless it is so already.
    pub(super) fn load_readonly_buffer(&mut self) -> Result<'gc, ()> {
        let object = self.stack.top()?;
        let view = self.ctx.memoryview(object)?;
        if halfsour_runtime::Value::from(view).has_read_only_bytes() == Some(false) {
            self.stack.replace_top(self.ctx.read_only_view(view.into())?.into());
        }
        Ok(())
    }
}
