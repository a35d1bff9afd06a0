//! Instances of classic classes, which have their own opcodes: INST in text, OBJ in binary.
//!
//! Their `__reduce__` is ignored, and so is `copy_reg`: `__getinitargs__` and `__getstate__` count alone.

use halfsour_runtime::{ClassicInstance, Error, Result, Value, exc};

use super::Saver;
use super::frame::{ClassicFrame, ClassicStage, Frame, Step};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    pub(super) fn save_classic(&mut self, instance: ClassicInstance<'gc>) -> Result<'gc, ()> {
        let args = self.init_args(instance.into())?;
        let args_start = self.pending.len();
        self.pending.extend(args);
        self.encoder.op(Opcode::MARK);
        let binary = self.encoder.is_binary();
        self.begin(Frame::Classic(ClassicFrame {
            instance,
            class: instance.class().into(),
            args_start,
            next_arg: args_start,
            stage: if binary { ClassicStage::Class } else { ClassicStage::Args },
        }))
    }

    pub(super) fn classic_parts(
        &mut self,
        frame: &mut ClassicFrame<'gc>,
    ) -> Result<'gc, Step<'gc>> {
        loop {
            let part = match frame.stage {
                ClassicStage::Class => {
                    frame.stage = ClassicStage::Args;
                    frame.class
                }
                ClassicStage::Args => match self.pending.get(frame.next_arg) {
                    Some(&arg) => {
                        frame.next_arg += 1;
                        arg
                    }
                    None => {
                        self.pending.truncate(frame.args_start);
                        self.make_classic(frame)?;
                        frame.stage = ClassicStage::Build;
                        self.classic_state(frame.instance.into())?
                    }
                },
                ClassicStage::Build => {
                    self.encoder.op(Opcode::BUILD);
                    return Ok(Step::Done);
                }
            };
            if !self.save_leaf(part)? {
                return Ok(Step::Part(part));
            }
        }
    }

    /// What `__getinitargs__` returns. `pickle.py` takes any iterable with a length, `cPickle` a sequence.
    fn init_args(&mut self, instance: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
        let by_cpickle = self.encoder.flavour() == Flavour::CPickle;
        // `hasattr` of 2.7, which `pickle.py` asks, takes any exception for a no.
        let method = match instance.find_attr(self.ctx, self.ctx.names().getinitargs) {
            Err(_) if !by_cpickle => None,
            found => found?,
        };
        let Some(method) = method else { return Ok(Vec::new()) };
        let args = method.call(self.ctx, ())?;
        let length = args.len(self.ctx)?;
        if by_cpickle {
            let item = |index: usize| args.get_item(self.ctx, Value::Int(index as i64));
            return (0..length).map(item).collect();
        }
        if self.encoder.flavour() == Flavour::Pickle {
            self.memo.keep_temporary();
        }
        args.iter(self.ctx)?.collect_vec(self.ctx)
    }

    /// Writes INST or OBJ.
    fn make_classic(&mut self, frame: &ClassicFrame<'gc>) -> Result<'gc, ()> {
        if self.encoder.is_binary() {
            self.encoder.op(Opcode::OBJ);
        } else {
            let name = frame.class.get_attr(self.ctx, self.ctx.names().name)?;
            let module = match self.encoder.flavour() {
                Flavour::CPickle => self.module_of(frame.class, name)?,
                Flavour::Pickle | Flavour::Python3 => {
                    frame.class.get_attr(self.ctx, self.ctx.names().module)?
                }
            };
            let (module, name) = (self.text(module)?, self.text(name)?);
            self.encoder.two_lines(Opcode::INST, module, name);
        }
        let by_cpickle = self.encoder.flavour() == Flavour::CPickle;
        if !by_cpickle && self.memo.get(frame.instance.into()).is_some() {
            // The instance's own `__getinitargs__` leads back to it; `pickle.py` asserts that it does not.
            return Err(Error::bare(&exc::ASSERTION_ERROR));
        }
        self.memoize(frame.instance.into());
        Ok(())
    }

    /// What `__getstate__` returns, or the `__dict__`.
    fn classic_state(&mut self, instance: Value<'gc>) -> Result<'gc, Value<'gc>> {
        let Some(method) = instance.find_attr(self.ctx, self.ctx.names().getstate)? else {
            return instance.get_attr(self.ctx, self.ctx.names().dict);
        };
        let state = method.call(self.ctx, ())?;
        if self.encoder.flavour() == Flavour::Pickle {
            self.memo.keep_temporary();
        }
        Ok(state)
    }
}
