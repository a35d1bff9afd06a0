//! The symbolic machine: what would be on the stack and in the memo, as far as it matters for globals.

use std::collections::HashMap;
use std::sync::Arc;

use super::memo::{Key, Memo, Style};
use super::names::{Name, Names};
use super::report::{Globals, Target, Use};
use super::stack::Stack;
use crate::opcode::Opcode;
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
pub(in crate::tools) struct Scan<'a> {
    stack: Stack<Item>,
    memo: Memo<'a, Item>,
    names: Names<'a>,
    globals: Globals,
    known: HashMap<Known, u32>,
    named: Vec<NamedByStack>,
}

/// A STACK_GLOBAL whose names were told.
#[derive(Clone, Debug)]
pub(in crate::tools) struct NamedByStack {
    /// Where it is.
    pub(in crate::tools) offset: usize,
    /// The module.
    pub(in crate::tools) module: NameString,
    /// The name in it.
    pub(in crate::tools) name: NameString,
}

/// A string that a STACK_GLOBAL takes.
#[derive(Clone, Debug)]
pub(in crate::tools) struct NameString {
    pub(in crate::tools) text: Arc<str>,
    string: u32,
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

    /// Returns every STACK_GLOBAL whose names were told, in their order.
    pub(in crate::tools) fn named_by_stack(&self) -> &[NamedByStack] {
        &self.named
    }

    /// Returns where a string is pushed that serves for nothing but names of globals.
    pub(in crate::tools) fn place_of_mere_name(&self, name: &NameString) -> Option<usize> {
        self.names.place_of_mere_name(name.string)
    }

    /// Begins a further pickle with the memo of those before.
    pub(super) fn next_pickle(&mut self) {
        self.stack.clear();
    }

    /// Does symbolically what an opcode does.
    pub(super) fn step(&mut self, operation: &Operation<'a>) -> Result<(), Error> {
        self.obey(operation).map_err(|problem| operation.error(problem))
    }

    fn obey(&mut self, operation: &Operation<'a>) -> Step {
        match operation.opcode {
            Opcode::MARK => self.stack.mark(),
            Opcode::POP if self.stack.is_marked() => {
                self.stack.pop_mark()?;
            }
            Opcode::DUP => self.push_again(self.stack.top()?),
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => self.fetch(operation)?,
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT => self.store(operation)?,
            Opcode::MEMOIZE => {
                let item = self.stack.top()?;
                self.memo.memoize(item);
            }
            Opcode::TUPLE | Opcode::TUPLE1 | Opcode::TUPLE2 | Opcode::TUPLE3 => {
                let first = self.stack.take(operation.opcode)?.next();
                let tuple = match first {
                    Some(Item::Target(target)) => Item::Arguments(target),
                    Some(Item::MadeBy(target)) => Item::ArgumentsMadeBy(target),
                    _ => Item::Plain,
                };
                self.stack.push(tuple);
            }
            Opcode::APPEND | Opcode::SETITEM => {
                self.stack.take_items(operation.opcode)?;
                let container = self.stack.top()?;
                self.change(operation, container, Use::GivenItems);
            }
            Opcode::APPENDS | Opcode::SETITEMS | Opcode::ADDITEMS => {
                self.stack.take_marked()?;
                let container = self.stack.top()?;
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
                self.stack.pop()?;
                let object = self.stack.top()?;
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
        self.stack.take(operation.opcode)?;
        for _ in operation.opcode.after() {
            self.stack.push(Item::Plain);
        }
        Ok(())
    }

    fn fetch(&mut self, operation: &Operation<'a>) -> Step {
        let item = match operation.opcode {
            Opcode::GET => self.memo.get(Key::text(operation.argument)?, Style::Text)?,
            _ => self.memo.get(Key::binary(operation.argument), Style::Binary)?,
        };
        self.push_again(item);
        Ok(())
    }

    fn push_again(&mut self, item: Item) {
        if let Item::String(string) = item {
            self.names.fetched(string);
        }
        self.stack.push(item);
    }

    fn store(&mut self, operation: &Operation<'a>) -> Step {
        let item = self.stack.top()?;
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
                let name = self.stack.pop()?;
                let module = self.stack.pop()?;
                self.note_names(operation, module, name);
                let [module, name] = [module, name].map(|item| match item {
                    Item::String(string) => self.names.read(string),
                    _ => None,
                });
                self.global(operation, module, name)
            }
            Opcode::BINPERSID => {
                self.stack.pop()?;
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

    fn note_names(&mut self, operation: &Operation<'a>, module: Item, name: Item) {
        let (Item::String(module), Item::String(name)) = (module, name) else { return };
        let mut read = |string| {
            self.names.taken_as_name(string);
            let (_, text) = self.names.read(string)?;
            Some(NameString { text, string })
        };
        if let (Some(module), Some(name)) = (read(module), read(name)) {
            self.named.push(NamedByStack { offset: operation.offset, module, name });
        }
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
                self.stack.take(operation.opcode)?;
                let class = self.global_of_lines(operation);
                self.note(operation, class, Use::Referenced);
                (Item::Target(class), Item::Plain)
            }
            Opcode::OBJ => {
                let Some(class) = self.stack.take(operation.opcode)?.next() else {
                    return Err(Problem::other("there is no class behind the mark"));
                };
                (class, Item::Plain)
            }
            Opcode::NEWOBJ_EX => {
                self.stack.pop()?;
                (self.stack.below_top()?, Item::Plain)
            }
            Opcode::NEWOBJ => (self.stack.below_top()?, Item::Plain),
            _ => {
                let arguments = self.stack.top()?;
                (self.stack.below_top()?, arguments)
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

/// The code of an EXT1, EXT2 or EXT4.
pub(crate) fn extension_code(opcode: Opcode, argument: &[u8]) -> i64 {
    let code = argument.iter().rev().fold(0, |sum: u32, &byte| sum << 8 | u32::from(byte));
    if opcode == Opcode::EXT4 { i64::from(code.cast_signed()) } else { i64::from(code) }
}
