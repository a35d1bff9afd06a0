//! The list items and dict items of a reduce value: what an iterator gives, in batches.

use halfsour_runtime::{Error, Result, Value, exc};

use super::Saver;
use super::frame::{Closing, ItemKind, ItemSource, ItemsFrame, Step};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    /// The state before the first of the items that `items` gives.
    pub(super) fn begin_items(
        &mut self,
        items: Value<'gc>,
        kind: ItemKind,
    ) -> Result<'gc, Box<ItemsFrame<'gc>>> {
        let source = self.item_source(items)?;
        let start = self.pending.len();
        Ok(Box::new(ItemsFrame {
            source,
            kind,
            start,
            next: start,
            value: None,
            closing: Closing::Nothing,
            exhausted: false,
            written: 0,
        }))
    }

    pub(super) fn item_parts(&mut self, frame: &mut ItemsFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            loop {
                if let Some(value) = frame.value.take()
                    && !self.save_leaf(value)?
                {
                    return Ok(Step::Part(value));
                }
                let Some(&item) = self.pending.get(frame.next) else { break };
                frame.next += 1;
                let first = self.first_part(frame, item)?;
                if !self.save_leaf(first)? {
                    return Ok(Step::Part(first));
                }
            }
            let (single, many) = match frame.kind {
                ItemKind::List => (Opcode::APPEND, Opcode::APPENDS),
                ItemKind::Dict => (Opcode::SETITEM, Opcode::SETITEMS),
            };
            self.close(frame.closing, single, many);
            frame.written += self.pending.len() - frame.start;
            self.pending.truncate(frame.start);
            self.fetch_batch(frame)?;
            let count = self.pending.len() - frame.start;
            if count == 0 {
                return Ok(Step::Done);
            }
            frame.closing = self.open(count == 1);
            if self.is_full() {
                return Ok(Step::Pause);
            }
        }
    }

    /// Takes the next batch from the iterator.
    fn fetch_batch(&mut self, frame: &mut ItemsFrame<'gc>) -> Result<'gc, ()> {
        frame.next = frame.start;
        while !frame.exhausted && self.pending.len() - frame.start < self.batch_size() {
            match self.next_item(frame.source)? {
                Some(item) => self.pending.push(item),
                None => frame.exhausted = true,
            }
        }
        Ok(())
    }

    /// In text `pickle.py` loops over any iterable; in binary it calls the `next` of an iterator, as the C
    /// picklers do.
    fn item_source(&self, items: Value<'gc>) -> Result<'gc, ItemSource<'gc>> {
        let any_iterable = match self.encoder.flavour() {
            Flavour::Pickle => !self.encoder.is_binary(),
            Flavour::CPickle => false,
            Flavour::Python3 => true,
        };
        let built_in = !items.type_of(self.ctx).is_heap_type() && items.is_iterator(self.ctx)?;
        if any_iterable || built_in {
            return Ok(ItemSource::Iter(items.iter(self.ctx)?));
        }
        Ok(ItemSource::NextOf(items))
    }

    fn next_item(&self, source: ItemSource<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        match source {
            ItemSource::Iter(iterator) => iterator.next(self.ctx),
            ItemSource::NextOf(iterator) => {
                match iterator.call_method(self.ctx, self.ctx.names().next, ()) {
                    Ok(item) => Ok(Some(item)),
                    Err(error) if error.is(self.ctx, &exc::STOP_ITERATION) => Ok(None),
                    Err(error) => Err(error),
                }
            }
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
            (Flavour::Pickle, _) => self.unpack_pair(item)?,
        };
        frame.value = Some(value);
        Ok(key)
    }

    /// `key, value = item`.
    fn unpack_pair(&self, item: Value<'gc>) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
        let parts = item.iter(self.ctx)?;
        let next = || parts.next(self.ctx);
        let message = match (next()?, next()?, next()?) {
            (Some(key), Some(value), None) => return Ok((key, value)),
            (None, ..) => "need more than 0 values to unpack",
            (Some(_), None, _) => "need more than 1 value to unpack",
            (Some(_), Some(_), Some(_)) => "too many values to unpack",
        };
        Err(Error::new(&exc::VALUE_ERROR, message))
    }
}
