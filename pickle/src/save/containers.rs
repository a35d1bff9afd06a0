//! Lists, tuples and dicts: exactly these, subclasses are reduced.

use halfsour_runtime::{Dict, Error, List, Result, Tuple, Value, exc};

use super::Saver;
use super::frame::{Closing, DictFrame, Frame, ListFrame, Step, TupleFrame};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// Binary protocols write items in batches of this size.
const BATCH: usize = 1000;

/// Containers with more parts are not looked at to see whether they are flat, and may pause for the sink.
const FEW: usize = 8;

impl<'gc> Saver<'_, 'gc> {
    /// How many items one APPENDS or SETITEMS takes; text has only APPEND and SETITEM.
    pub(super) const fn batch_size(&self) -> usize {
        if self.encoder.is_binary() { BATCH } else { 1 }
    }

    pub(super) fn save_list(&mut self, list: List<'gc>) -> Result<'gc, ()> {
        if self.encoder.is_binary() {
            self.encoder.op(Opcode::EMPTY_LIST);
        } else {
            self.encoder.op(Opcode::MARK);
            self.encoder.op(Opcode::LIST);
        }
        self.memoize(list.into());
        let closing = Closing::Nothing;
        self.begin(Frame::List(ListFrame { list, next: 0, batch_end: 0, closing }))
    }

    // DIFFERENCE: `pickle.py` copies a batch before it writes it, so a list that shrinks meanwhile is written
    // as it was; here and in cPickle it ends early.
    pub(super) fn list_parts(&mut self, frame: &mut ListFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            // Leaves run no code that could change the list.
            let items = frame.list.borrow();
            while frame.next < frame.batch_end {
                let Some(&item) = items.get(frame.next) else { break };
                frame.next += 1;
                if !self.save_leaf(item)? {
                    return Ok(Step::Part(item));
                }
            }
            drop(items);
            self.close(frame.closing, Opcode::APPEND, Opcode::APPENDS);
            let length = frame.list.len();
            let count = length.saturating_sub(frame.next).min(self.batch_size());
            if count == 0 {
                return Ok(Step::Done);
            }
            // Python 3's C pickler writes a single item without MARK only if the list has no other.
            let single = count == 1 && (self.encoder.flavour() != Flavour::Python3 || length == 1);
            frame.closing = self.open(single || !self.encoder.is_binary());
            frame.batch_end = frame.next + count;
            if length > FEW && self.is_full() {
                return Ok(Step::Pause);
            }
        }
    }

    pub(super) fn save_dict(&mut self, dict: Dict<'gc>) -> Result<'gc, ()> {
        if self.encoder.is_binary() {
            self.encoder.op(Opcode::EMPTY_DICT);
        } else {
            self.encoder.op(Opcode::MARK);
            self.encoder.op(Opcode::DICT);
        }
        self.memoize(dict.into());
        self.begin(Frame::Dict(DictFrame {
            dict,
            position: 0,
            key: Value::None,
            value: None,
            taken: 0,
            batch_end: 0,
            closing: Closing::Nothing,
            size: dict.len() as u32,
        }))
    }

    // DIFFERENCE: in binary `pickle.py` copies a batch before it writes it, so a dict that shrinks meanwhile is
    // written as it was; here that is a RuntimeError, as in cPickle and in text.
    pub(super) fn dict_parts(&mut self, frame: &mut DictFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            if let Some(value) = frame.value.take()
                && !self.save_leaf(value)?
            {
                return Ok(Step::Part(value));
            }
            while frame.taken < frame.batch_end {
                let Some((key, value)) = frame.dict.next_entry(&mut frame.position) else {
                    // Entries that were there when the batch was begun have gone.
                    return Err(changed_size());
                };
                frame.taken += 1;
                frame.key = key;
                match self.save_leaf(key) {
                    Ok(true) => {}
                    other => {
                        frame.value = Some(value);
                        return other.map(|_| Step::Part(key));
                    }
                }
                if !self.save_leaf(value)? {
                    return Ok(Step::Part(value));
                }
            }
            self.close(frame.closing, Opcode::SETITEM, Opcode::SETITEMS);
            if !self.open_dict_batch(frame)? {
                return Ok(Step::Done);
            }
            if frame.size as usize > FEW && self.is_full() {
                return Ok(Step::Pause);
            }
        }
    }

    /// Begins the next batch of a dict; returns whether there is one.
    ///
    /// The C picklers end a batch when it is full, and so write an empty one behind the last full one, and
    /// a single entry without MARK only if the dict has no other (measured on 2.7.18 and 3.13.0).
    fn open_dict_batch(&mut self, frame: &mut DictFrame<'gc>) -> Result<'gc, bool> {
        let size = self.batch_size() as u32;
        let by_c = self.encoder.is_binary() && self.encoder.flavour() != Flavour::Pickle;
        let first = frame.closing == Closing::Nothing;
        let last_was_full = !first && frame.taken.is_multiple_of(size);
        let looks_again = by_c && frame.size > 1 || last_was_full;
        if !first && looks_again && frame.dict.len() != frame.size as usize {
            return Err(changed_size());
        }
        let count = frame.size.saturating_sub(frame.taken).min(size);
        if count == 0 && !(by_c && last_was_full && frame.size > 1) {
            return Ok(false);
        }
        let single = if by_c { frame.size == 1 } else { count == 1 };
        frame.closing = self.open(single);
        frame.batch_end = frame.taken + count;
        if count == 0 {
            self.close(Closing::Many, Opcode::SETITEM, Opcode::SETITEMS);
        }
        Ok(count > 0)
    }

    /// Begins a batch: with MARK, unless it has a single item.
    pub(super) fn open(&mut self, single: bool) -> Closing {
        if single {
            return Closing::Single;
        }
        self.encoder.op(Opcode::MARK);
        Closing::Many
    }

    /// Ends a batch.
    pub(super) fn close(&mut self, closing: Closing, single: Opcode, many: Opcode) {
        match closing {
            Closing::Nothing => {}
            Closing::Single => self.encoder.op(single),
            Closing::Many => self.encoder.op(many),
        }
    }

    /// Writes a container that has only a few parts, all of them atoms; returns whether it was one.
    ///
    /// No frame has to wait for such a container, nor does the one around it for that.
    #[inline(never)]
    pub(super) fn save_flat(&mut self, container: Value<'gc>) -> Result<'gc, bool> {
        match container {
            // It is time for the sink, which the way by frames leads to.
            _ if self.is_full() => return Ok(false),
            Value::Tuple(tuple) if self.are_few_atoms(tuple.as_slice()) => {
                self.save_tuple(tuple)?
            }
            Value::List(list) if self.are_few_atoms(&list.borrow()) => self.save_list(list)?,
            Value::Dict(dict) if self.has_few_atoms(dict) => self.save_dict(dict)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn are_few_atoms(&self, items: &[Value<'gc>]) -> bool {
        items.len() <= FEW && items.iter().all(|&item| self.is_atom(item))
    }

    fn has_few_atoms(&self, dict: Dict<'gc>) -> bool {
        let mut position = 0;
        dict.len() <= FEW
            && std::iter::from_fn(|| dict.next_entry(&mut position))
                .all(|(key, value)| self.is_atom(key) && self.is_atom(value))
    }

    /// Whether a part is written at once and without fail, as a number that may have too many digits is not.
    fn is_atom(&self, part: Value<'gc>) -> bool {
        match part {
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Unicode(_) => {
                true
            }
            Value::Bytes(_) => self.encoder.has_byte_strings(),
            _ => false,
        }
    }

    pub(super) fn save_empty_tuple(&mut self) {
        if self.encoder.is_binary() {
            self.encoder.op(Opcode::EMPTY_TUPLE);
        } else {
            self.encoder.op(Opcode::MARK);
            self.encoder.op(Opcode::TUPLE);
        }
    }

    /// Writes a tuple that is not empty.
    pub(super) fn save_tuple(&mut self, tuple: Tuple<'gc>) -> Result<'gc, ()> {
        if self.short_tuple(tuple).is_none() {
            self.encoder.op(Opcode::MARK);
        }
        self.begin(Frame::Tuple(TupleFrame { tuple, next: 0 }))
    }

    pub(super) fn tuple_parts(&mut self, frame: &mut TupleFrame<'gc>) -> Result<'gc, Step<'gc>> {
        let resumed = frame.next > 0;
        while let Some(&item) = frame.tuple.as_slice().get(frame.next) {
            frame.next += 1;
            if !self.save_leaf(item)? {
                return Ok(Step::Part(item));
            }
        }
        // Only an item with parts can have led back here.
        if resumed && let Some(number) = self.memo.get(frame.tuple.into()) {
            self.replace_tuple(frame.tuple, number);
            return Ok(Step::Done);
        }
        self.encoder.op(self.short_tuple(frame.tuple).unwrap_or(Opcode::TUPLE));
        self.memoize(frame.tuple.into());
        Ok(Step::Done)
    }

    /// The opcode of a tuple that needs no MARK.
    fn short_tuple(&self, tuple: Tuple<'gc>) -> Option<Opcode> {
        match tuple.len() {
            1 if self.encoder.protocol() >= 2 => Some(Opcode::TUPLE1),
            2 if self.encoder.protocol() >= 2 => Some(Opcode::TUPLE2),
            3 if self.encoder.protocol() >= 2 => Some(Opcode::TUPLE3),
            _ => None,
        }
    }

    /// An item led back to the tuple and has written it: drops the items again and fetches that.
    fn replace_tuple(&mut self, tuple: Tuple<'gc>, number: u32) {
        let pops = match self.short_tuple(tuple) {
            Some(_) => tuple.len(),
            None if self.encoder.is_binary() => {
                self.encoder.op(Opcode::POP_MARK);
                0
            }
            // One more for the MARK.
            None => tuple.len() + 1,
        };
        for _ in 0..pops {
            self.encoder.op(Opcode::POP);
        }
        self.encoder.get(number);
    }
}

#[cold]
fn changed_size<'gc>() -> Error<'gc> {
    Error::new(&exc::RUNTIME_ERROR, "dictionary changed size during iteration")
}
