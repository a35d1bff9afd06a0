//! The list items and dict items of a reduce value: what an iterator gives, in batches.

use halfsour_runtime::{Error, Result, Value, exc};

use super::Saver;
use super::frame::{Closing, Frame, ItemKind, ItemsFrame};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    /// Begins to write what `items` gives.
    pub(super) fn save_items(&mut self, items: Value<'gc>, kind: ItemKind) -> Result<'gc, ()> {
        // In text `pickle.py` loops over any iterable; in binary it calls the `next` of an iterator.
        let iterator = match self.encoder.flavour() {
            Flavour::CPickle => items,
            Flavour::Pickle if self.encoder.is_binary() => items,
            Flavour::Pickle | Flavour::Python3 => items.iter(self.ctx)?,
        };
        let start = self.pending.len();
        self.push(Frame::Items(ItemsFrame {
            iterator,
            kind,
            start,
            next: start,
            value: None,
            closing: Closing::Nothing,
            exhausted: false,
            written: 0,
        }))
    }

    pub(super) fn item_parts(&mut self, mut frame: ItemsFrame<'gc>) -> Result<'gc, ()> {
        loop {
            loop {
                if let Some(value) = frame.value.take()
                    && !self.save_part(value)?
                {
                    self.park(Frame::Items(frame));
                    return self.save(value);
                }
                let Some(&item) = self.pending.get(frame.next) else { break };
                frame.next += 1;
                let first = self.first_part(&mut frame, item)?;
                if !self.save_part(first)? {
                    self.park(Frame::Items(frame));
                    return self.save(first);
                }
            }
            let (single, many) = match frame.kind {
                ItemKind::List => (Opcode::APPEND, Opcode::APPENDS),
                ItemKind::Dict => (Opcode::SETITEM, Opcode::SETITEMS),
            };
            self.close(frame.closing, single, many);
            frame.written += self.pending.len() - frame.start;
            self.pending.truncate(frame.start);
            self.fetch_batch(&mut frame)?;
            let count = self.pending.len() - frame.start;
            if count == 0 {
                self.frames.pop();
                return Ok(());
            }
            frame.closing = self.open(count == 1);
        }
    }

    /// Takes the next batch from the iterator.
    fn fetch_batch(&mut self, frame: &mut ItemsFrame<'gc>) -> Result<'gc, ()> {
        frame.next = frame.start;
        while !frame.exhausted && self.pending.len() - frame.start < self.batch_size() {
            match self.next_of(frame.iterator)? {
                Some(item) => self.pending.push(item),
                None => frame.exhausted = true,
            }
        }
        Ok(())
    }

    fn next_of(&self, iterator: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        if self.encoder.flavour() != Flavour::Pickle || !self.encoder.is_binary() {
            return iterator.next(self.ctx);
        }
        let next = iterator.get_attr(self.ctx, "next")?;
        match next.call(self.ctx, ()) {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.is(self.ctx, &exc::STOP_ITERATION) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What to write first of an item: itself, or the key of a pair.
    fn first_part(&self, frame: &mut ItemsFrame<'gc>, item: Value<'gc>) -> Result<'gc, Value<'gc>> {
        if frame.kind == ItemKind::List {
            return Ok(item);
        }
        let (key, value) = match (self.encoder.flavour(), item.as_tuple().map(|it| it.as_slice())) {
            (_, Some(&[key, value])) => (key, value),
            (Flavour::CPickle | Flavour::Python3, _) => {
                let message = "dict items iterator must return 2-tuples";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            (Flavour::Pickle, _) => item.unpack_two(self.ctx)?,
        };
        frame.value = Some(value);
        Ok(key)
    }
}
