//! Deep copies of instances without hooks, or with hooks for the state only: a new instance of the class, with copies of
//! the attributes, of the slots or of the state.
//!
//! Python takes a detour to the same result: it copies the `__dict__`, and then updates that of the new instance; and
//! it copies a dict of the slots.

use halfsour_runtime::{ClassicInstance, Context, Dict, DictCopy, Instance, Result, Value, reduce};

use super::deep::{Copier, Next};
use super::frame::{AttributesFrame, Frame, SlotsFrame, StateFrame};
use super::state::{set_state, update};

impl<'gc> Copier<'gc> {
    pub(super) fn visit_attributes(&mut self, source: Value<'gc>) -> Result<'gc, Next<'gc>> {
        let ctx = self.ctx;
        let (copy, attributes) = match source {
            Value::Instance(it) => (Instance::bare(ctx, it.class()).into(), it.existing_dict()),
            Value::ClassicInstance(it) => {
                (ClassicInstance::bare(ctx, it.class()).into(), Some(it.dict()))
            }
            other => return self.done(other, other),
        };
        self.memo.insert(ctx, source, copy)?;
        let Some(attributes) = attributes.filter(|attributes| !attributes.is_empty()) else {
            return self.done(source, copy);
        };
        if let Some(known) = self.memo.get(ctx, attributes.into())? {
            // Somebody refers to the `__dict__` itself, and its copy is another one than that of the new instance.
            if let Value::Dict(known) = known {
                attach(ctx, copy, known.shallow_copy(ctx))?;
            }
            return self.done(source, copy);
        }
        if let Some(attributes) = self.copy_of_atoms(attributes) {
            attach(ctx, copy, attributes)?;
            return self.done(source, copy);
        }
        self.push(Frame::Attributes(AttributesFrame { source, copy }))?;
        self.copy_entries(DictCopy::new(ctx, attributes))
    }

    pub(super) fn resume_attributes(
        &mut self,
        frame: AttributesFrame<'gc>,
        attributes: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        if let Value::Dict(mut attributes) = attributes {
            if !self.memo.is_private() {
                // The memo has become visible meanwhile, and these are in it as the copy of the old `__dict__`.
                attributes = attributes.shallow_copy(self.ctx);
            }
            attach(self.ctx, frame.copy, attributes)?;
        }
        self.done(frame.source, frame.copy)
    }

    pub(super) fn visit_slots(&mut self, source: Instance<'gc>) -> Result<'gc, Next<'gc>> {
        let copy = Instance::bare(self.ctx, source.class());
        self.memo.insert(self.ctx, source.into(), copy.into())?;
        let (start, mut set) = (self.values.len(), 0);
        for (at, value) in source.slot_values().into_iter().enumerate() {
            if let Some(value) = value {
                set |= 1 << at;
                self.values.push(value);
            }
        }
        self.copy_slots(SlotsFrame { source, copy, start, next: start, set })
    }

    pub(super) fn resume_slots(
        &mut self,
        mut frame: SlotsFrame<'gc>,
        value: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        if let Some(place) = self.values.get_mut(frame.next) {
            *place = value;
        }
        frame.next += 1;
        self.copy_slots(frame)
    }

    fn copy_slots(&mut self, mut frame: SlotsFrame<'gc>) -> Result<'gc, Next<'gc>> {
        while let Some(&value) = self.values.get(frame.next) {
            if !self.is_plain_atom(value) {
                self.push(Frame::Slots(frame))?;
                return Ok(Next::Visit(value));
            }
            frame.next += 1;
        }
        let mut copies = self.values.drain(frame.start..);
        let slots: Vec<_> = (0..frame.copy.class().n_slots())
            .map(|at| if frame.set >> at & 1 == 1 { copies.next() } else { None })
            .collect();
        drop(copies);
        frame.copy.set_slot_values(self.ctx, &slots);
        self.done(frame.source.into(), frame.copy.into())
    }

    /// Makes an instance as `object` does, and begins to copy the state: `__reduce_ex__` would say that in more words.
    pub(super) fn visit_state(&mut self, source: Instance<'gc>) -> Result<'gc, Next<'gc>> {
        self.runs_code();
        let state = reduce::state(self.ctx, source.into())?;
        let copy = Instance::bare(self.ctx, source.class());
        self.memo.insert(self.ctx, source.into(), copy.into())?;
        if state.is_none() {
            return self.done(source.into(), copy.into());
        }
        self.push(Frame::State(StateFrame { source, copy }))?;
        Ok(Next::Visit(state))
    }

    pub(super) fn resume_state(
        &mut self,
        frame: StateFrame<'gc>,
        state: Value<'gc>,
    ) -> Result<'gc, Next<'gc>> {
        self.runs_code();
        set_state(self.ctx, frame.copy.into(), state)?;
        self.done(frame.source.into(), frame.copy.into())
    }
}

/// Gives a new instance its attributes, beside those that code may have given it meanwhile.
fn attach<'gc>(ctx: Context<'gc>, instance: Value<'gc>, attributes: Dict<'gc>) -> Result<'gc, ()> {
    let existing = match instance {
        Value::Instance(it) => it.existing_dict(),
        Value::ClassicInstance(it) => Some(it.dict()),
        _ => None,
    };
    match (existing.filter(|existing| !existing.is_empty()), instance) {
        (Some(existing), _) => return update(ctx, existing, attributes),
        (None, Value::Instance(it)) => it.set_dict(ctx, attributes),
        (None, Value::ClassicInstance(it)) => it.set_dict(ctx, attributes),
        _ => {}
    }
    Ok(())
}
