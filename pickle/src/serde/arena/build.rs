//! From opcodes to an arena: a machine that obeys a stream without making or calling anything.

use std::cell::RefCell;
use std::rc::Rc;
use std::vec::Drain;

use super::atoms::atom;
use super::{Arena, Cell, Id, Made};
use crate::limits::Limits;
use crate::opcode::Opcode;
use crate::serde::class::Class;
use crate::serde::{Category, Error, Result};
use crate::tools::{Key, Memo, Operation, Problem, Stack, Style, extension_code, genops};

/// The places that every arena has.
const NONE: Id = 0;
const FALSE: Id = 1;
const TRUE: Id = 2;
const NO_ITEMS: Id = 3;
const SMALL: Id = 4;
/// The first place of an object that is told from others that are equal.
pub(super) const FIRST: Id = SMALL + 256;

/// Reads the pickle at the beginning of a stream.
///
/// # Errors
/// When it is no sound pickle, or costs more than the limits allow.
pub(in crate::serde) fn read<'a>(stream: &'a [u8], limits: &Limits) -> Result<Arena<'a>> {
    if stream.is_empty() {
        return Err(Error::new(Category::Eof, "nothing is there to be read").at_offset(0));
    }
    let mut builder = Builder::new(stream.len());
    let mut operations = genops(stream);
    let mut root = None;
    for operation in operations.by_ref() {
        let operation = operation?;
        if operation.opcode == Opcode::STOP {
            let top = builder.stack.pop().map_err(|problem| operation.error(problem))?;
            root = Some(top);
            break;
        }
        builder.obey(&operation, limits).map_err(|problem| operation.error(problem))?;
        if builder.memo.len() > limits.memo_entries {
            let message = format!("the memo holds more than {} objects", limits.memo_entries);
            return Err(Error::new(Category::Limit, message).at_offset(operation.offset));
        }
    }
    let end = operations.offset();
    let missing = || Error::new(Category::Stream, "the stream ends without STOP").at_offset(end);
    let root = root.ok_or_else(missing)?;
    Ok(Arena { cells: builder.cells, root, end, visited: RefCell::default() })
}

struct Builder<'a> {
    cells: Vec<Cell<'a>>,
    stack: Stack<Id>,
    memo: Memo<'a, Id>,
}

type Step<T = ()> = std::result::Result<T, Problem>;

impl<'a> Builder<'a> {
    fn new(length: usize) -> Self {
        // A guess that a long stream outgrows, and that costs a short one little.
        let mut cells = Vec::with_capacity(FIRST as usize + (length / 8).min(1 << 12));
        cells.extend([Cell::None, Cell::Bool(false), Cell::Bool(true), Cell::Tuple([].into())]);
        cells.extend((0..256).map(Cell::Int));
        Self { cells, stack: Stack::default(), memo: Memo::default() }
    }

    fn obey(&mut self, operation: &Operation<'a>, limits: &Limits) -> Step {
        if let Some(cell) = atom(operation, limits)? {
            return self.push(cell);
        }
        match operation.opcode {
            Opcode::BININT1 => {
                let small = operation.argument.first().copied().unwrap_or_default();
                self.stack.push(SMALL + Id::from(small));
            }
            Opcode::MARK => self.stack.mark(),
            Opcode::GET => {
                let key = Key::text(operation.argument)?;
                self.stack.push(self.memo.get(key, Style::Text)?);
            }
            Opcode::BINGET | Opcode::LONG_BINGET => {
                let key = Key::binary(operation.argument);
                self.stack.push(self.memo.get(key, Style::Binary)?);
            }
            Opcode::PUT => {
                let top = self.stack.top()?;
                self.memo.put(Key::text(operation.argument)?, top, Style::Text);
            }
            Opcode::BINPUT | Opcode::LONG_BINPUT => {
                let top = self.stack.top()?;
                self.memo.put(Key::binary(operation.argument), top, Style::Binary);
            }
            Opcode::MEMOIZE => {
                let top = self.stack.top()?;
                self.memo.memoize(top);
            }
            Opcode::NONE => self.stack.push(NONE),
            Opcode::NEWTRUE => self.stack.push(TRUE),
            Opcode::NEWFALSE => self.stack.push(FALSE),
            Opcode::EMPTY_TUPLE => self.stack.push(NO_ITEMS),
            Opcode::DUP => self.stack.push(self.stack.top()?),
            Opcode::POP => self.drop_top()?,
            Opcode::POP_MARK => {
                self.stack.take_marked()?;
            }
            Opcode::PROTO => match operation.argument {
                [0..=5] => {}
                other => return Err(newer(other)),
            },
            Opcode::FRAME | Opcode::READONLY_BUFFER => {}
            Opcode::NEXT_BUFFER => self.push(Cell::Buffer)?,
            _ => self.obey_structure(operation)?,
        }
        Ok(())
    }

    /// Any opcode that makes an object of others, or changes one.
    fn obey_structure(&mut self, operation: &Operation<'a>) -> Step {
        let opcode = operation.opcode;
        match opcode {
            Opcode::TUPLE | Opcode::TUPLE1 | Opcode::TUPLE2 | Opcode::TUPLE3 => {
                let items = self.stack.take(opcode)?.collect();
                self.push(Cell::Tuple(items))
            }
            Opcode::EMPTY_LIST => self.push(Cell::List(Vec::new())),
            Opcode::EMPTY_DICT => self.push(Cell::Dict(Vec::new())),
            Opcode::EMPTY_SET => self.push(Cell::Set(Vec::new())),
            Opcode::LIST => {
                let items = self.stack.take(opcode)?.collect();
                self.push(Cell::List(items))
            }
            Opcode::FROZENSET => {
                let items = self.stack.take(opcode)?.collect();
                self.push(Cell::Set(items))
            }
            Opcode::DICT => {
                let items = pairs(self.stack.take(opcode)?)?;
                self.push(Cell::Dict(items))
            }
            Opcode::APPEND | Opcode::SETITEM => {
                let items: Vec<Id> = self.stack.take_items(opcode)?.collect();
                self.add(opcode, &items)
            }
            Opcode::APPENDS | Opcode::SETITEMS | Opcode::ADDITEMS => {
                let items: Vec<Id> = self.stack.take_marked()?.collect();
                self.add(opcode, &items)
            }
            Opcode::BUILD => {
                let state = self.stack.pop()?;
                self.build(state)
            }
            _ => self.obey_reference(operation),
        }
    }

    /// Any opcode that names something outside of the stream, or makes an object by it.
    fn obey_reference(&mut self, operation: &Operation<'a>) -> Step {
        match operation.opcode {
            Opcode::GLOBAL => {
                let class = global(operation.argument)?;
                self.push(class)
            }
            Opcode::STACK_GLOBAL => {
                let name = self.stack.pop()?;
                let module = self.stack.pop()?;
                let class = Class::new(self.text(module)?, self.text(name)?);
                self.push(Cell::Global(Rc::new(class)))
            }
            Opcode::EXT1 | Opcode::EXT2 | Opcode::EXT4 => {
                let code = extension_code(operation.opcode, operation.argument);
                self.push(Cell::Global(Rc::new(Class::extension(code))))
            }
            Opcode::PERSID => {
                let id = self.store(Cell::Native(operation.argument.into()))?;
                self.push(Cell::Persistent(id))
            }
            Opcode::BINPERSID => {
                let id = self.stack.pop()?;
                self.push(Cell::Persistent(id))
            }
            Opcode::INST => {
                let args = self.stack.take(operation.opcode)?.collect();
                let args = self.store(Cell::Tuple(args))?;
                let class = global(operation.argument)?;
                let class = self.store(class)?;
                self.make(false, class, args, None)
            }
            Opcode::OBJ => {
                let mut taken = self.stack.take(operation.opcode)?;
                let Some(class) = taken.next() else {
                    return Err(Problem::other("there is no class behind the mark"));
                };
                let args = taken.collect();
                let args = self.store(Cell::Tuple(args))?;
                self.make(false, class, args, None)
            }
            Opcode::REDUCE | Opcode::NEWOBJ => {
                let args = self.stack.pop()?;
                let maker = self.stack.pop()?;
                self.make(operation.opcode == Opcode::REDUCE, maker, args, None)
            }
            Opcode::NEWOBJ_EX => {
                let keywords = self.stack.pop()?;
                let args = self.stack.pop()?;
                let maker = self.stack.pop()?;
                self.make(false, maker, args, Some(keywords))
            }
            other => Err(Problem::other(format!("{other} is not known here"))),
        }
    }

    fn make(&mut self, is_called: bool, maker: Id, args: Id, keywords: Option<Id>) -> Step {
        if !matches!(self.cells.get(args as usize), Some(Cell::Tuple(_))) {
            return Err(Problem::other("the arguments of a call are no tuple"));
        }
        let made = Made {
            maker,
            is_called,
            args,
            keywords,
            state: None,
            items: Vec::new(),
            entries: Vec::new(),
        };
        self.push(Cell::Object(Box::new(made)))
    }

    /// Adds items to the container on top of the stack.
    fn add(&mut self, opcode: Opcode, items: &[Id]) -> Step {
        let container = self.stack.top()?;
        let in_pairs = matches!(opcode, Opcode::SETITEM | Opcode::SETITEMS);
        let place = match self.cells.get_mut(container as usize) {
            Some(Cell::Dict(entries)) if in_pairs => entries,
            Some(Cell::Object(made)) if in_pairs => &mut made.entries,
            Some(Cell::Object(made)) => &mut made.items,
            Some(Cell::List(list)) if matches!(opcode, Opcode::APPEND | Opcode::APPENDS) => list,
            Some(Cell::Set(set)) if opcode == Opcode::ADDITEMS => set,
            _ => return Err(Problem::other("what it adds to cannot hold such items")),
        };
        if in_pairs && items.len() % 2 == 1 {
            return Err(odd());
        }
        place.extend_from_slice(items);
        Ok(())
    }

    fn build(&mut self, state: Id) -> Step {
        let object = self.stack.top()?;
        match self.cells.get_mut(object as usize) {
            Some(Cell::Object(made)) if made.state.is_none() => {
                made.state = Some(state);
                Ok(())
            }
            Some(Cell::Object(_)) => Err(Problem::other("the object has a state already")),
            _ => Err(Problem::other("what it gives a state to is not made by a call")),
        }
    }

    /// Drops a mark or an object. The result of a state setter is dropped so, and the state is the object's below.
    fn drop_top(&mut self) -> Step {
        if self.stack.is_marked() {
            self.stack.pop_mark()?;
            return Ok(());
        }
        let dropped = self.stack.pop()?;
        if let Some(Cell::Object(call)) = self.cells.get(dropped as usize)
            && let Some(Cell::Tuple(args)) = self.cells.get(call.args as usize)
            && let &[object, state] = &**args
            && self.stack.top().is_ok_and(|below| below == object)
        {
            return self.build(state);
        }
        Ok(())
    }

    fn text(&self, at: Id) -> Step<&str> {
        let text = match self.cells.get(at as usize) {
            Some(Cell::Text(text)) => std::str::from_utf8(text).ok(),
            // A name that Python 2 wrote.
            Some(Cell::Native(text)) => std::str::from_utf8(text).ok(),
            _ => None,
        };
        text.ok_or_else(|| Problem::other("module and name are no texts"))
    }

    #[inline]
    fn push(&mut self, cell: Cell<'a>) -> Step {
        let at = self.store(cell)?;
        self.stack.push(at);
        Ok(())
    }

    #[inline]
    fn store(&mut self, cell: Cell<'a>) -> Step<Id> {
        let at = Id::try_from(self.cells.len()).map_err(|_| {
            Problem::other("the pickle has more than four thousand million objects")
        })?;
        self.cells.push(cell);
        Ok(at)
    }
}

/// What the two lines of a GLOBAL or an INST name.
fn global<'a>(argument: &[u8]) -> Step<Cell<'a>> {
    let mut lines = argument.splitn(2, |&byte| byte == b'\n');
    let mut line = || std::str::from_utf8(lines.next().unwrap_or_default()).ok();
    match (line(), line()) {
        (Some(module), Some(name)) => Ok(Cell::Global(Rc::new(Class::new(module, name)))),
        _ => Err(Problem::other("module and name are no UTF-8")),
    }
}

fn pairs(items: Drain<'_, Id>) -> Step<Vec<Id>> {
    let items: Vec<Id> = items.collect();
    if items.len() % 2 == 1 { Err(odd()) } else { Ok(items) }
}

#[cold]
fn odd() -> Problem {
    Problem::other("a key has no value")
}

#[cold]
fn newer(protocol: &[u8]) -> Problem {
    Problem::other(format!("protocol {} is not known", protocol.first().unwrap_or(&0)))
}
