//! Reduce values: what `__reduce__` may return, and how it is written.

use halfsour_runtime::{Name, Result, Tuple, Value};

use super::Saver;
use super::frame::{Frame, ItemKind, MadeBy, ReduceFrame, Stage, Step};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// What has returned a reduce value, for messages.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reducer<'gc> {
    /// What was called.
    Callable(Value<'gc>),
    /// The method of this name of the object, which is made only when it is to be shown.
    Method(Value<'gc>, Name<'gc>),
    /// The messages of Python 3 do not name it.
    Unnamed,
}

impl<'gc> Saver<'_, 'gc> {
    /// Writes what `reducer`, named in messages, returned for `object`.
    pub(super) fn save_reduce_value(
        &mut self,
        object: Value<'gc>,
        reducer: Reducer<'gc>,
        reduced: Value<'gc>,
    ) -> Result<'gc, ()> {
        // `pickle.py` wants exactly a str or tuple, the C picklers take subclasses.
        let content = match self.encoder.flavour() {
            Flavour::Pickle => reduced,
            Flavour::CPickle | Flavour::Python3 => reduced.content(),
        };
        match content {
            Value::Bytes(_) => self.save_global(object, Some(content)),
            Value::Unicode(_) if self.encoder.flavour() == Flavour::Python3 => {
                self.save_global(object, Some(content))
            }
            Value::Tuple(tuple) => self.save_reduce_tuple(object, reducer, tuple),
            _ => Err(self.bad_reduce_value(reducer)?),
        }
    }

    fn save_reduce_tuple(
        &mut self,
        object: Value<'gc>,
        reducer: Reducer<'gc>,
        tuple: Tuple<'gc>,
    ) -> Result<'gc, ()> {
        let items = tuple.as_slice();
        // Behind the callable and its arguments. Python 3.8 added a function that sets the state.
        let most = if self.encoder.flavour() == Flavour::Python3 { 4 } else { 3 };
        let (&[callable, args], rest) = match items.split_first_chunk() {
            Some((first, rest)) if rest.len() <= most => (first, rest),
            _ => return Err(self.bad_reduce_length(reducer)?),
        };
        let optional = |index: usize| rest.get(index).copied().unwrap_or(Value::None);
        let frame = ReduceFrame {
            object,
            callable,
            args,
            made_by: MadeBy::Reduce,
            state: optional(0),
            list_items: optional(1),
            dict_items: optional(2),
            setter: optional(3),
            keywords: Value::None,
            stage: Stage::Callable,
        };
        self.check_parts(&frame, reducer)?;
        let frame = self.prefer_new_object(frame)?;
        self.save_reduction(frame)
    }

    /// Writes a reduce value.
    pub(super) fn save_reduction(&mut self, mut frame: ReduceFrame<'gc>) -> Result<'gc, ()> {
        let step = self.reduce_parts(&mut frame);
        // Mostly it is the state that is waited for, with the callable in the memo and arguments without parts.
        self.begun(step, || match frame.stage {
            Stage::Build if frame.setter.is_none() => Frame::Build,
            _ => Frame::Reduce(Box::new(frame)),
        })
    }

    pub(super) fn reduce_parts(&mut self, frame: &mut ReduceFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            let stage = frame.stage;
            frame.stage = stage.next();
            let part = match stage {
                Stage::Callable => frame.callable,
                Stage::Args => frame.args,
                Stage::Keywords if frame.made_by == MadeBy::NewObjEx => frame.keywords,
                Stage::Make if !self.make(frame) => return Ok(Step::Done),
                Stage::ListItems if !frame.list_items.is_none() => {
                    let items = self.begin_items(frame.list_items, ItemKind::List)?;
                    return Ok(Step::Items(items));
                }
                Stage::DictItems if !frame.dict_items.is_none() => {
                    let items = self.begin_items(frame.dict_items, ItemKind::Dict)?;
                    return Ok(Step::Items(items));
                }
                Stage::State if frame.state.is_none() => return Ok(Step::Done),
                Stage::Setter | Stage::SetterObject if frame.setter.is_none() => continue,
                Stage::Setter => frame.setter,
                Stage::SetterObject => frame.object,
                Stage::StateItself => frame.state,
                Stage::Build => {
                    self.build(frame);
                    return Ok(Step::Done);
                }
                Stage::Keywords
                | Stage::Make
                | Stage::ListItems
                | Stage::DictItems
                | Stage::State => continue,
            };
            if !self.save_leaf(part)? {
                return Ok(Step::Part(part));
            }
        }
    }

    /// Writes what gives the object its state: BUILD, or a call of the state setter, whose result is dropped.
    fn build(&mut self, frame: &ReduceFrame<'gc>) {
        if frame.setter.is_none() {
            return self.encoder.op(Opcode::BUILD);
        }
        // TUPLE2 at every protocol, even those that do not have it yet (measured on 3.13.0).
        for opcode in [Opcode::TUPLE2, Opcode::REDUCE, Opcode::POP] {
            self.encoder.op(opcode);
        }
    }

    /// Writes the opcode that makes the object; returns whether its items and state come next.
    ///
    /// When the arguments led back to the object, it exists already: the second one is dropped. Then the C
    /// picklers are done, and `pickle.py` writes items and state once more (measured).
    fn make(&mut self, frame: &ReduceFrame<'gc>) -> bool {
        self.encoder.op(match frame.made_by {
            MadeBy::Reduce => Opcode::REDUCE,
            MadeBy::NewObj => Opcode::NEWOBJ,
            MadeBy::NewObjEx => Opcode::NEWOBJ_EX,
        });
        let Some(number) = self.memo.get(frame.object) else {
            self.memoize(frame.object);
            return true;
        };
        self.encoder.op(Opcode::POP);
        self.encoder.get(number);
        self.encoder.flavour() == Flavour::Pickle
    }
}
