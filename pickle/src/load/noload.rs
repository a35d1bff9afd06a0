//! Obeying a stream without making what it describes: cPickle's `Unpickler.noload`.
//!
//! Globals are not looked up and nothing is called: `None` stands for every class, function and instance. What would
//! fill or alter an object is dropped. Tuples, and the lists and dicts that LIST and DICT make at once, are real, and
//! so is what `persistent_load` finds.
//!
//! Source: the documentation of Python 2.7, "pickle", "Pickling and unpickling external objects", and what 2.7.18 does.

use halfsour_runtime::{Result, Value};

use super::{InputError, Machine};
use crate::decode::Arguments;
use crate::opcode::Opcode;
use crate::source::Input;

impl<'gc> Machine<'_, 'gc> {
    /// Reads one pickle, up to its STOP, without making its objects.
    ///
    /// # Errors
    /// What the stream, its source or a persistent id's hook raises, with offset and opcode.
    pub(crate) fn noload<I>(&mut self, input: &mut I) -> Result<'gc>
    where
        I: Input<Error: InputError<'gc>>,
    {
        self.run(input, Self::obey_without_loading)
    }

    fn obey_without_loading<I>(&mut self, opcode: Opcode, input: &mut I) -> Result<'gc, ()>
    where
        I: Input<Error: InputError<'gc>>,
    {
        match opcode {
            Opcode::GLOBAL => {
                self.read_global(input)?;
                self.push(Value::None)
            }
            Opcode::INST => {
                let mark = self.stack.pop_mark()?;
                self.read_global(input)?;
                self.stand_in_from(mark)
            }
            Opcode::EXT1 => self.read(input.uint1()).and_then(|_| self.push(Value::None)),
            Opcode::EXT2 => self.read(input.uint2()).and_then(|_| self.push(Value::None)),
            Opcode::EXT4 => self.read(input.int4()).and_then(|_| self.push(Value::None)),
            Opcode::OBJ => {
                let mark = self.stack.pop_mark()?;
                if self.stack.from(mark).is_empty() {
                    return Err(self.unpickling_error("bad pickle data"));
                }
                self.stand_in_from(mark)
            }
            Opcode::REDUCE | Opcode::NEWOBJ | Opcode::STACK_GLOBAL => self.stand_in_for::<2>(),
            Opcode::NEWOBJ_EX => self.stand_in_for::<3>(),
            Opcode::NEXT_BUFFER => self.push(Value::None),
            Opcode::READONLY_BUFFER => self.stack.top().map(drop),
            Opcode::APPEND | Opcode::BUILD => self.drop_topmost::<1>(),
            Opcode::SETITEM => self.drop_topmost::<2>(),
            Opcode::APPENDS | Opcode::SETITEMS | Opcode::ADDITEMS => {
                let mark = self.stack.pop_mark()?;
                self.stack.below(mark)?;
                self.stack.truncate(mark);
                Ok(())
            }
            _ => self.obey(opcode, input),
        }
    }

    /// Puts a stand-in in the place of the topmost objects, of which it would be made.
    fn stand_in_for<const N: usize>(&mut self) -> Result<'gc, ()> {
        self.drop_topmost::<N>()?;
        self.push(Value::None)
    }

    /// Puts a stand-in in the place of the objects above a mark.
    fn stand_in_from(&mut self, mark: usize) -> Result<'gc, ()> {
        self.stack.truncate(mark);
        self.push(Value::None)
    }

    fn drop_topmost<const N: usize>(&mut self) -> Result<'gc, ()> {
        self.stack.pop_array::<N>().map(drop)
    }
}
