//! Deep copies of exact lists, dicts and tuples, and of sets of atoms.

use halfsour_runtime::{Context, Dict, DictCopy, List, Result, Tuple, Value};

use super::atoms::{is_atom, is_unchanging};
use super::deep::{Copier, Next};
use super::frame::{DictFrame, EntryPart, Frame, ListFrame, TupleFrame};
use super::memo::{Memo, Private};
use super::plan::Plan;

impl<'gc> Copier<'gc> {
    pub(super) fn visit_list(&mut self, source: List<'gc>) -> Result<'gc, Next<'gc>> {
        let copy = List::from_vec(self.ctx, Vec::with_capacity(source.len()));
        self.memo.insert(self.ctx, source.into(), copy.into())?;
        self.copy_items(ListFrame { source, copy, next: 0 })
    }

    pub(super) fn resume_list(
        &mut self,
        frame: ListFrame<'gc>,
        item: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        frame.copy.push(self.ctx, item);
        self.copy_items(frame)
    }

    fn copy_items(&mut self, mut frame: ListFrame<'gc>) -> Result<'gc, Next<'gc>> {
        if let Memo::Private(known) = &self.memo {
            copy_known(self.ctx, known, &mut frame);
        }
        let Some(item) = frame.source.get(frame.next) else {
            return self.done(frame.source.into(), frame.copy.into());
        };
        frame.next += 1;
        self.push(Frame::List(frame))?;
        Ok(Next::Visit(item))
    }

    pub(super) fn visit_dict(&mut self, source: Dict<'gc>) -> Result<'gc, Next<'gc>> {
        if let Some(copy) = self.copy_of_atoms(source) {
            self.memo.insert(self.ctx, source.into(), copy.into())?;
            return self.done(source.into(), copy.into());
        }
        let entries = DictCopy::new(self.ctx, source);
        self.memo.insert(self.ctx, source.into(), entries.copy().into())?;
        self.copy_entries(entries)
    }

    /// Returns a copy of a dict whose keys and values are all their own copies.
    pub(super) fn copy_of_atoms(&self, source: Dict<'gc>) -> Option<Dict<'gc>> {
        let mut position = 0;
        while let Some((key, value)) = source.next_entry(&mut position) {
            if !self.is_plain_atom(key) || !self.is_plain_atom(value) {
                return None;
            }
        }
        self.memo.is_private().then(|| source.shallow_copy(self.ctx))
    }

    /// Goes on when a part of an entry is copied.
    pub(super) fn resume_dict(
        &mut self,
        mut frame: DictFrame<'gc>,
        part: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        let (key, copied_key, value) = match frame.waits_for {
            EntryPart::Key { key, value } => (key, part, value),
            EntryPart::Value { key } if self.is_plain_atom(key) => (key, key, part),
            EntryPart::Value { key } => {
                frame.waits_for = EntryPart::Key { key, value: part };
                self.push(Frame::Dict(frame))?;
                return Ok(Next::Visit(key));
            }
        };
        if !is_atom(self.ctx, copied_key) {
            // It may have a hash and an equality of its own.
            self.runs_code();
        }
        frame.entries.insert(self.ctx, key, copied_key, value)?;
        self.copy_entries(frame.entries)
    }

    /// Copies the entries of a dict into a new one.
    pub(super) fn copy_entries(&mut self, mut entries: DictCopy<'gc>) -> Result<'gc, Next<'gc>> {
        let unchanged = |key, value| self.is_plain_atom(value) && self.is_plain_atom(key);
        let Some((key, value)) = entries.append_while(self.ctx, unchanged)? else {
            return self.done(entries.source().into(), entries.copy().into());
        };
        self.push(Frame::Dict(DictFrame { entries, waits_for: EntryPart::Value { key } }))?;
        Ok(Next::Visit(value))
    }

    pub(super) fn visit_tuple(&mut self, source: Tuple<'gc>) -> Result<'gc, Next<'gc>> {
        self.copy_tuple(TupleFrame { source, start: self.values.len() })
    }

    pub(super) fn resume_tuple(
        &mut self,
        frame: TupleFrame<'gc>,
        item: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.values.push(item);
        self.copy_tuple(frame)
    }

    fn copy_tuple(&mut self, frame: TupleFrame<'gc>) -> Result<'gc, Next<'gc>> {
        while let Some(&item) = frame.source.as_slice().get(self.values.len() - frame.start) {
            if !self.is_plain_atom(item) {
                self.push(Frame::Tuple(frame))?;
                return Ok(Next::Visit(item));
            }
            self.values.push(item);
        }
        let copy = self.finish_tuple(frame)?;
        self.values.truncate(frame.start);
        self.done(frame.source.into(), copy)
    }

    /// Returns the copy of a tuple whose items are copied: the one that an item which leads back to the tuple has
    /// made already, or the tuple itself if no item changed.
    fn finish_tuple(&mut self, frame: TupleFrame<'gc>) -> Result<'gc> {
        let source = Value::from(frame.source);
        if let Some(copy) = self.memo.get(self.ctx, source)? {
            return Ok(copy);
        }
        let copies = self.values.get(frame.start..).unwrap_or_default();
        let unchanged =
            frame.source.as_slice().iter().zip(copies).all(|(item, copy)| item.is(*copy));
        let copy = if unchanged { source } else { Tuple::new(self.ctx, copies).into() };
        if !unchanged || self.memo.remembers_unchanged(self.ctx) {
            self.memo.insert(self.ctx, source, copy)?;
        }
        Ok(copy)
    }

    /// Returns the copy of a set or frozenset of atoms, for which nobody has registered a reducer.
    pub(super) fn copy_of_set(&mut self, source: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        let items = match source {
            Value::Set(set) => set.to_vec(),
            Value::FrozenSet(set) => set.to_vec(),
            _ => return Ok(None),
        };
        if !items.into_iter().all(|item| self.is_plain_atom(item))
            || self.plan_of(source)? == Plan::Hooks
        {
            return Ok(None);
        }
        let copy = match source {
            Value::Set(set) => set.shallow_copy(self.ctx).into(),
            Value::FrozenSet(set) => set.shallow_copy(self.ctx).into(),
            other => other,
        };
        self.memo.insert(self.ctx, source, copy)?;
        Ok(Some(copy))
    }
}

/// Copies items up to the first that may change and was not copied before.
fn copy_known<'gc>(ctx: Context<'gc>, known: &Private<'gc>, frame: &mut ListFrame<'gc>) {
    // Nothing here runs code, and the copy is another list.
    let items = frame.source.borrow();
    let rest = items.get(frame.next..).unwrap_or_default();
    frame.copy.update(ctx, |copies| {
        for &item in rest {
            let copy = if is_unchanging(ctx, item) { Some(item) } else { known.get(item) };
            let Some(copy) = copy else { break };
            copies.push(copy);
            frame.next += 1;
        }
    });
}
