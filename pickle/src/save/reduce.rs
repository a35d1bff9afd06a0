//! Reduce values: what `__reduce__` may return, and how it is written.

use halfsour_runtime::{Name, Result, Tuple, Value};

use super::Saver;
use super::frame::{Frame, ItemKind, MadeBy, ReduceFrame, Stage, Step};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    /// Writes what `reducer`, named in messages, returned for `object`.
    pub(super) fn save_reduce_value(
        &mut self,
        object: Value<'gc>,
        reducer: Value<'gc>,
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
        reducer: Value<'gc>,
        tuple: Tuple<'gc>,
    ) -> Result<'gc, ()> {
        let items = tuple.as_slice();
        let (&[callable, args], rest) = match items.split_first_chunk() {
            Some((first, rest)) if rest.len() <= 3 => (first, rest),
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
            stage: Stage::Callable,
        };
        self.check_parts(&frame, reducer)?;
        let frame = self.prefer_new_object(frame)?;
        self.save_reduction(frame)
    }

    /// Writes a reduce value.
    pub(super) fn save_reduction(&mut self, frame: ReduceFrame<'gc>) -> Result<'gc, ()> {
        let step = self.reduce_parts(frame)?;
        self.begin(step)
    }

    /// Uses NEWOBJ for what a function called `__newobj__` makes, whichever function that is.
    fn prefer_new_object(&self, frame: ReduceFrame<'gc>) -> Result<'gc, ReduceFrame<'gc>> {
        if self.encoder.protocol() < 2 || !self.is_newobj(frame.callable)? {
            return Ok(frame);
        }
        let args = frame.args.as_tuple().map(|args| args.as_slice()).unwrap_or_default();
        let Some((&class, rest)) = args.split_first() else { return Err(self.no_newobj_class()) };
        if !self.has_attr(class, self.ctx.names().new) {
            return Err(self.pickling_error("args[0] from __newobj__ args has no __new__"));
        }
        if !class.is(frame.object.get_attr(self.ctx, self.ctx.names().class)?) {
            return Err(self.pickling_error("args[0] from __newobj__ args has the wrong class"));
        }
        let args = Tuple::new(self.ctx, rest).into();
        Ok(ReduceFrame { callable: class, args, made_by: MadeBy::NewObj, ..frame })
    }

    /// Python 2's `hasattr`, which takes any exception for a no.
    fn has_attr(&self, object: Value<'gc>, name: Name<'gc>) -> bool {
        matches!(object.find_attr(self.ctx, name), Ok(Some(_)))
    }

    fn is_newobj(&self, callable: Value<'gc>) -> Result<'gc, bool> {
        let name = callable.find_attr(self.ctx, self.ctx.names().name)?;
        Ok(match name {
            Some(Value::Bytes(name)) => name.as_slice() == b"__newobj__",
            Some(Value::Unicode(name)) => name.as_str() == Some("__newobj__"),
            _ => false,
        })
    }

    pub(super) fn reduce_parts(&mut self, mut frame: ReduceFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            let part = match frame.stage {
                Stage::Callable => frame.callable,
                Stage::Args => frame.args,
                Stage::State if !frame.state.is_none() => frame.state,
                Stage::Make if self.make(&frame) => {
                    frame.stage = Stage::ListItems;
                    continue;
                }
                Stage::ListItems | Stage::DictItems => {
                    let (items, kind) = match frame.stage {
                        Stage::ListItems => (frame.list_items, ItemKind::List),
                        _ => (frame.dict_items, ItemKind::Dict),
                    };
                    frame.stage = frame.stage.next();
                    if items.is_none() {
                        continue;
                    }
                    let items = self.begin_items(items, kind)?;
                    return Ok(Step::Items(Frame::Reduce(frame), items));
                }
                Stage::Build => {
                    self.encoder.op(Opcode::BUILD);
                    return Ok(Step::Done);
                }
                Stage::Make | Stage::State => return Ok(Step::Done),
            };
            frame.stage = frame.stage.next();
            if !self.save_leaf(part)? {
                return Ok(Step::Part(Frame::Reduce(frame), part));
            }
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
