//! The symbolic machine: what would be on the stack and in the memo, as far as it matters for globals.

use std::collections::HashMap;
use std::sync::Arc;

use super::memo::{Key, Memo, Style};
use super::names::{Name, Names};
use super::report::{Globals, Target, Use};
use crate::opcode::{Opcode, StackItem};
use crate::tools::error::{Error, Problem};
use crate::tools::genops::Operation;

/// What is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A string that an opcode pushed, by its number.
    String(u32),
    /// Something outside of the stream, by its number in the report.
    Target(u32),
    /// An object that a target made.
    MadeBy(u32),
    /// A tuple whose first element is a target.
    Arguments(u32),
    /// A tuple whose first element is an object that a target made.
    ArgumentsMadeBy(u32),
    /// Anything that the stream holds itself.
    Plain,
}

/// A scan in progress.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    stack: Vec<Item>,
    marks: Vec<usize>,
    memo: Memo<'a>,
    names: Names<'a>,
    globals: Globals,
    known: HashMap<Known, u32>,
}

/// What is reported once, however often it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Known {
    Global(Name, Name),
    Extension(i64),
    Persistent,
}

type Step<T = ()> = Result<T, Problem>;

impl<'a> Scan<'a> {
    pub(super) fn into_globals(mut self, end: usize) -> Globals {
        self.globals.set_end(end);
        self.globals
    }

    /// Begins a further pickle with the memo of those before.
    pub(super) fn next_pickle(&mut self) {
        self.stack.clear();
        self.marks.clear();
    }

    /// Does symbolically what an opcode does.
    pub(super) fn step(&mut self, operation: &Operation<'a>) -> Result<(), Error> {
        self.obey(operation).map_err(|problem| operation.error(problem))
    }

    fn obey(&mut self, operation: &Operation<'a>) -> Step {
        match operation.opcode {
            Opcode::MARK => self.marks.push(self.stack.len()),
            Opcode::POP if self.marks.last() == Some(&self.stack.len()) => {
                self.marks.pop();
            }
            Opcode::DUP => self.stack.push(self.top()?),
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => self.fetch(operation)?,
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT => self.store(operation)?,
            Opcode::MEMOIZE => {
                let item = self.top()?;
                self.memo.memoize(item);
            }
            Opcode::TUPLE | Opcode::TUPLE1 | Opcode::TUPLE2 | Opcode::TUPLE3 => {
                let items = self.take(operation)?;
                let tuple = match items.first {
                    Some(Item::Target(target)) => Item::Arguments(target),
                    Some(Item::MadeBy(target)) => Item::ArgumentsMadeBy(target),
                    _ => Item::Plain,
                };
                self.stack.push(tuple);
            }
            Opcode::APPEND | Opcode::SETITEM => {
                self.take_items(operation)?;
                let container = self.top()?;
                self.change(operation, container, Use::GivenItems);
            }
            Opcode::APPENDS | Opcode::SETITEMS | Opcode::ADDITEMS => {
                let mark = self.pop_mark()?;
                self.stack.truncate(mark);
                let container = self.top()?;
                self.change(operation, container, Use::GivenItems);
            }
            Opcode::GLOBAL
            | Opcode::STACK_GLOBAL
            | Opcode::EXT1
            | Opcode::EXT2
            | Opcode::EXT4
            | Opcode::PERSID
            | Opcode::BINPERSID => {
                let target = self.refer(operation)?;
                self.stack.push(Item::Target(target));
            }
            Opcode::INST | Opcode::OBJ | Opcode::NEWOBJ | Opcode::NEWOBJ_EX | Opcode::REDUCE => {
                let made = self.make(operation)?;
                self.stack.push(made);
            }
            Opcode::BUILD => {
                self.pop()?;
                let object = self.top()?;
                self.change(operation, object, Use::GivenState);
            }
            _ => self.obey_plain(operation)?,
        }
        Ok(())
    }

    /// Any opcode that makes objects of what is in the stream, or drops some.
    fn obey_plain(&mut self, operation: &Operation<'a>) -> Step {
        if let Some(string) = self.names.push(operation) {
            self.stack.push(Item::String(string));
            return Ok(());
        }
        self.take(operation)?;
        self.stack.extend(operation.opcode.after().iter().map(|_| Item::Plain));
        Ok(())
    }

    fn fetch(&mut self, operation: &Operation<'a>) -> Step {
        let item = match operation.opcode {
            Opcode::GET => self.memo.get(Key::text(operation.argument)?, Style::Text)?,
            _ => self.memo.get(Key::binary(operation.argument), Style::Binary)?,
        };
        self.stack.push(item);
        Ok(())
    }

    fn store(&mut self, operation: &Operation<'a>) -> Step {
        let item = self.top()?;
        match operation.opcode {
            Opcode::PUT => self.memo.put(Key::text(operation.argument)?, item, Style::Text),
            _ => self.memo.put(Key::binary(operation.argument), item, Style::Binary),
        }
        Ok(())
    }

    /// Notes that something is named, and returns its number.
    fn refer(&mut self, operation: &Operation<'a>) -> Step<u32> {
        let number = match operation.opcode {
            Opcode::GLOBAL => self.global_of_lines(operation),
            Opcode::STACK_GLOBAL => {
                let name = self.pop()?;
                let module = self.pop()?;
                let [module, name] = [module, name].map(|item| match item {
                    Item::String(string) => self.names.read(string),
                    _ => None,
                });
                self.global(operation, module, name)
            }
            Opcode::BINPERSID => {
                self.pop()?;
                self.target(operation, Known::Persistent, || Target::Persistent)
            }
            Opcode::PERSID => self.target(operation, Known::Persistent, || Target::Persistent),
            _ => {
                let code = extension_code(operation.opcode, operation.argument);
                self.target(operation, Known::Extension(code), || Target::Extension(code))
            }
        };
        self.note(operation, number, Use::Referenced);
        Ok(number)
    }

    fn global_of_lines(&mut self, operation: &Operation<'a>) -> u32 {
        let mut lines = operation.argument.splitn(2, |&byte| byte == b'\n');
        let mut line = || self.names.read_line(lines.next().unwrap_or_default());
        let (module, name) = (line(), line());
        self.global(operation, module, name)
    }

    fn global(
        &mut self,
        operation: &Operation<'a>,
        module: Option<(Name, Arc<str>)>,
        name: Option<(Name, Arc<str>)>,
    ) -> u32 {
        match (module, name) {
            (Some((module, module_text)), Some((name, name_text))) => {
                self.target(operation, Known::Global(module, name), || Target::Global {
                    module: module_text,
                    name: name_text,
                })
            }
            (module, name) => {
                let text = |it: Option<(Name, Arc<str>)>| it.map(|(_, text)| text);
                let target = Target::Unresolved { module: text(module), name: text(name) };
                self.globals.add(target, operation.offset)
            }
        }
    }

    fn target(
        &mut self,
        operation: &Operation<'a>,
        known: Known,
        target: impl FnOnce() -> Target,
    ) -> u32 {
        *self.known.entry(known).or_insert_with(|| self.globals.add(target(), operation.offset))
    }

    /// Notes that an object is made, and returns what is known of it.
    fn make(&mut self, operation: &Operation<'a>) -> Step<Item> {
        let (maker, arguments) = match operation.opcode {
            Opcode::INST => {
                self.take(operation)?;
                let class = self.global_of_lines(operation);
                self.note(operation, class, Use::Referenced);
                (Item::Target(class), Item::Plain)
            }
            Opcode::OBJ => {
                let taken = self.take(operation)?;
                let Some(class) = taken.first else {
                    return Err(Problem::other("there is no class behind the mark"));
                };
                (class, Item::Plain)
            }
            Opcode::NEWOBJ_EX => {
                self.pop()?;
                (self.below_top()?, Item::Plain)
            }
            Opcode::NEWOBJ => (self.below_top()?, Item::Plain),
            _ => {
                let arguments = self.top()?;
                (self.below_top()?, arguments)
            }
        };
        if operation.opcode == Opcode::REDUCE {
            self.call(operation, maker, arguments)
        } else {
            self.instantiate(operation, maker)
        }
    }

    fn instantiate(&mut self, operation: &Operation<'a>, class: Item) -> Step<Item> {
        match class {
            Item::Target(target) => {
                self.note(operation, target, Use::Instantiated);
                Ok(Item::MadeBy(target))
            }
            other => self.call(operation, other, Item::Plain),
        }
    }

    fn call(&mut self, operation: &Operation<'a>, callable: Item, arguments: Item) -> Step<Item> {
        match (callable, arguments) {
            (Item::Target(helper), Item::Arguments(class)) if self.makes_objects(helper) => {
                self.note(operation, helper, Use::Called);
                self.note(operation, class, Use::Instantiated);
                Ok(Item::MadeBy(class))
            }
            (Item::Target(helper), Item::ArgumentsMadeBy(target)) if self.makes_objects(helper) => {
                self.note(operation, helper, Use::Called);
                self.note(operation, target, Use::ResultCalled);
                Ok(Item::MadeBy(target))
            }
            (Item::Target(target), _) => {
                self.note(operation, target, Use::Called);
                Ok(Item::MadeBy(target))
            }
            (Item::MadeBy(target), _) => {
                self.note(operation, target, Use::ResultCalled);
                Ok(Item::MadeBy(target))
            }
            (Item::String(_) | Item::Arguments(_) | Item::ArgumentsMadeBy(_) | Item::Plain, _) => {
                Err(Problem::other("what it calls is neither a global nor made by one"))
            }
        }
    }

    fn makes_objects(&self, target: u32) -> bool {
        self.globals.target(target).is_some_and(Target::makes_objects)
    }

    /// Notes that an object gets state or items.
    fn change(&mut self, operation: &Operation<'a>, object: Item, usage: Use) {
        match object {
            Item::MadeBy(target) => self.note(operation, target, usage),
            Item::Target(target) => self.note(operation, target, Use::Altered),
            Item::String(_) | Item::Arguments(_) | Item::ArgumentsMadeBy(_) | Item::Plain => {}
        }
    }

    fn note(&mut self, operation: &Operation<'a>, target: u32, usage: Use) {
        self.globals.note(target, usage, operation.opcode, operation.offset);
    }
}

/// What an opcode has taken from the stack.
struct Taken {
    /// The lowest of it, which was pushed first; `None` for nothing.
    first: Option<Item>,
}

impl<'a> Scan<'a> {
    /// Takes what the table says that an opcode takes.
    fn take(&mut self, operation: &Operation<'a>) -> Step<Taken> {
        let before = operation.opcode.before();
        let start = if before.contains(&StackItem::Mark) {
            self.pop_mark()?
        } else {
            self.start_of(before.len())?
        };
        let first = self.stack.get(start).copied();
        self.stack.truncate(start);
        Ok(Taken { first })
    }

    /// Takes all that an opcode takes but the container, which is the lowest of it.
    fn take_items(&mut self, operation: &Operation<'a>) -> Step {
        let start = self.start_of(operation.opcode.before().len())?;
        self.stack.truncate(start + 1);
        Ok(())
    }

    /// Takes two objects, and returns the lower one.
    fn below_top(&mut self) -> Step<Item> {
        self.pop()?;
        self.pop()
    }

    fn pop(&mut self) -> Step<Item> {
        let item = self.top()?;
        self.stack.pop();
        Ok(item)
    }

    fn top(&self) -> Step<Item> {
        let start = self.start_of(1)?;
        self.stack.get(start).copied().ok_or_else(underflow)
    }

    /// Where the topmost objects begin, none of which may be below a mark.
    fn start_of(&self, count: usize) -> Step<usize> {
        let start = self.stack.len().checked_sub(count).ok_or_else(underflow)?;
        match self.marks.last() {
            Some(&mark) if start < mark => {
                Err(Problem::other("it takes objects from below a mark"))
            }
            _ => Ok(start),
        }
    }

    fn pop_mark(&mut self) -> Step<usize> {
        self.marks.pop().ok_or_else(|| Problem::other("no MARK is on the stack"))
    }
}

#[cold]
fn underflow() -> Problem {
    Problem::other("it takes more objects than are on the stack")
}

fn extension_code(opcode: Opcode, argument: &[u8]) -> i64 {
    let code = argument.iter().rev().fold(0, |sum: u32, &byte| sum << 8 | u32::from(byte));
    if opcode == Opcode::EXT4 { i64::from(code.cast_signed()) } else { i64::from(code) }
}
