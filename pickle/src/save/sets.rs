//! Sets and frozensets, which have opcodes of their own from protocol 4 on; below they are reduced.

use halfsour_runtime::{Error, FrozenSet, Result, Set, Value, exc};

use super::Saver;
use super::frame::{Frame, FrozenSetFrame, SetFrame, Step};
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    pub(super) fn save_set(&mut self, set: Set<'gc>) -> Result<'gc, ()> {
        self.encoder.op(Opcode::EMPTY_SET);
        self.memoize(set.into());
        if set.is_empty() {
            return Ok(());
        }
        self.encoder.op(Opcode::MARK);
        let size = set.len();
        self.begin(Frame::Set(SetFrame { set, position: 0, taken: 0, size }))
    }

    /// As of a dict, a full batch is followed by another one, be it empty; a single item has a MARK too.
    pub(super) fn set_parts(&mut self, frame: &mut SetFrame<'gc>) -> Result<'gc, Step<'gc>> {
        while let Some(item) = frame.set.next_item(&mut frame.position) {
            frame.taken += 1;
            if frame.taken > 1 && frame.taken % self.batch_size() == 1 {
                self.end_set_batch(frame)?;
                self.encoder.op(Opcode::MARK);
            }
            if !self.save_leaf(item)? {
                return Ok(Step::Part(item));
            }
        }
        if frame.taken.is_multiple_of(self.batch_size()) {
            self.end_set_batch(frame)?;
            self.encoder.op(Opcode::MARK);
        }
        self.end_set_batch(frame)?;
        Ok(Step::Done)
    }

    fn end_set_batch(&mut self, frame: &SetFrame<'gc>) -> Result<'gc, ()> {
        self.encoder.op(Opcode::ADDITEMS);
        if frame.set.len() != frame.size {
            let message = "set changed size during iteration";
            return Err(Error::new(&exc::RUNTIME_ERROR, message));
        }
        Ok(())
    }

    pub(super) fn save_frozenset(&mut self, set: FrozenSet<'gc>) -> Result<'gc, ()> {
        self.encoder.op(Opcode::MARK);
        self.begin(Frame::FrozenSet(FrozenSetFrame { set, position: 0 }))
    }

    pub(super) fn frozenset_parts(
        &mut self,
        frame: &mut FrozenSetFrame<'gc>,
    ) -> Result<'gc, Step<'gc>> {
        while let Some(item) = frame.set.next_item(&mut frame.position) {
            if !self.save_leaf(item)? {
                return Ok(Step::Part(item));
            }
        }
        let set = Value::from(frame.set);
        // An item led back to the set and has written it: drops the items again and fetches that.
        if let Some(number) = self.memo.get(set) {
            self.encoder.op(Opcode::POP_MARK);
            self.encoder.get(number);
            return Ok(Step::Done);
        }
        self.encoder.op(Opcode::FROZENSET);
        self.memoize(set);
        Ok(Step::Done)
    }
}
