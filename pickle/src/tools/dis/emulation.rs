//! The stack, the marks and the memo, as far as a disassembler has to know of them.
//!
//! A POP takes an object or a mark, and only an emulated stack tells which; on the way, what no pickler would
//! write is found.

use std::fmt;

use halfsour_runtime::Dialect;

use crate::decode::Integer;
use crate::opcode::{Opcode, StackItem};
use crate::tools::error::Problem;
use crate::tools::genops::Operation;
use crate::tools::numbered::Numbered;
use crate::tools::operand::Operand;

/// What is on the stack and in the memo.
#[derive(Clone, Debug)]
pub(super) struct Emulation {
    dialect: Dialect,
    stack: Vec<StackItem>,
    /// Where the MARKs are in the stream.
    marks: Vec<usize>,
    memo: Numbered<StackItem>,
}

/// What a line says of an opcode beside its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// It takes the mark of the MARK at this offset.
    MarkAt(usize),
    NoMark,
    /// MEMOIZE stores under this number.
    StoredAs(usize),
}

/// What an opcode did.
pub(super) struct Effect {
    pub(super) note: Option<Note>,
    /// Why the disassembly ends behind its line.
    pub(super) fault: Option<Problem>,
}

const NO_MARK: &str = "no MARK exists on stack";

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::MarkAt(offset) => write!(f, "(MARK at {offset})"),
            Note::NoMark => f.write_str(NO_MARK),
            Note::StoredAs(number) => write!(f, "(as {number})"),
        }
    }
}

impl Emulation {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, stack: Vec::new(), marks: Vec::new(), memo: Numbered::default() }
    }

    /// Empties the stack and keeps the memo.
    pub(super) fn restart(&mut self) {
        self.stack.clear();
        self.marks.clear();
    }

    /// Returns how many marks there are.
    pub(super) fn depth(&self) -> usize {
        self.marks.len()
    }

    /// Returns what is left on the stack, as `pickletools` prints it; `None` when nothing is.
    pub(super) fn left(&self) -> Option<String> {
        if self.stack.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.stack.iter().map(|item| name(*item, self.dialect)).collect();
        Some(format!("[{}]", names.join(", ")))
    }

    /// Does to stack and memo what an opcode does.
    ///
    /// # Errors
    /// When `pickletools` fails before it has printed the opcode's line.
    pub(super) fn step(
        &mut self,
        operation: &Operation<'_>,
        operand: &Operand<'_>,
    ) -> Result<Effect, Problem> {
        let opcode = operation.opcode;
        let before = opcode.before();
        let mut effect = Effect { note: None, fault: None };
        let mut to_pop = before.len();
        let mark_in_before = before.iter().position(|item| *item == StackItem::Mark);
        let pops_mark = opcode == Opcode::POP && self.stack.last() == Some(&StackItem::Mark);
        if mark_in_before.is_some() || pops_mark {
            match self.marks.pop() {
                Some(offset) => {
                    effect.note = Some(Note::MarkAt(offset));
                    self.pop_to_mark()?;
                    to_pop = mark_in_before.unwrap_or(0);
                }
                None => {
                    effect.note = Some(Note::NoMark);
                    effect.fault = Some(Problem::other(NO_MARK));
                }
            }
        }
        let fetched = self.use_memo(opcode, operand, &mut effect)?;
        if effect.fault.is_none() {
            effect.fault = self.exchange(operation, to_pop, fetched);
        }
        Ok(effect)
    }

    fn pop_to_mark(&mut self) -> Result<(), Problem> {
        let Some(mark) = self.stack.iter().rposition(|item| *item == StackItem::Mark) else {
            // An opcode has taken the mark itself for an object. `pickletools` raises IndexError.
            return Err(Problem::other("list index out of range"));
        };
        self.stack.truncate(mark);
        Ok(())
    }

    /// Stores to the memo or fetches from it.
    fn use_memo(
        &mut self,
        opcode: Opcode,
        operand: &Operand<'_>,
        effect: &mut Effect,
    ) -> Result<Option<StackItem>, Problem> {
        match opcode {
            Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT => {
                let Some(key) = key(operand) else { return Ok(None) };
                let shown = self.shown(operand)?;
                effect.fault = self.store(key, &shown).err();
            }
            Opcode::MEMOIZE => {
                let number = self.memo.len();
                effect.note = Some(Note::StoredAs(number));
                effect.fault = self.store(Integer::Small(number as i64), "None").err();
            }
            Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET => {
                let found = key(operand).and_then(|key| self.memo.get(&key).copied());
                if found.is_none() {
                    let shown = self.shown(operand)?;
                    let message = format!("memo key {shown} has never been stored into");
                    effect.fault = Some(Problem::other(message));
                }
                return Ok(found);
            }
            _ => {}
        }
        Ok(None)
    }

    fn shown(&self, operand: &Operand<'_>) -> Result<String, Problem> {
        Ok(crate::tools::repr::operand(operand, self.dialect)?.unwrap_or_default())
    }

    fn store(&mut self, key: Integer, shown: &str) -> Result<(), Problem> {
        if self.memo.get(&key).is_some() {
            return Err(Problem::other(format!("memo key {shown} already defined")));
        }
        match self.stack.last() {
            None => Err(Problem::other("stack is empty -- can't store into memo")),
            Some(StackItem::Mark) => Err(Problem::other("can't store markobject in the memo")),
            Some(&item) => {
                self.memo.insert(key, item);
                Ok(())
            }
        }
    }

    /// Takes from the stack what the opcode takes, and puts on it what the opcode leaves there.
    fn exchange(
        &mut self,
        operation: &Operation<'_>,
        to_pop: usize,
        fetched: Option<StackItem>,
    ) -> Option<Problem> {
        let Some(left) = self.stack.len().checked_sub(to_pop) else {
            return Some(Problem::other(format!(
                "tries to pop {to_pop} items from stack with only {} items",
                self.stack.len()
            )));
        };
        self.stack.truncate(left);
        match fetched {
            Some(item) => self.stack.push(item),
            None => self.stack.extend_from_slice(operation.opcode.after()),
        }
        if operation.opcode == Opcode::MARK {
            self.marks.push(operation.offset);
        }
        None
    }
}

/// The number that a memo key is; a bool is equal to 0 or 1.
fn key(operand: &Operand<'_>) -> Option<Integer> {
    match operand {
        Operand::Bool(bool) => Some(Integer::Small(i64::from(*bool))),
        Operand::Int(number) | Operand::Long(number) => Some(number.clone()),
        _ => None,
    }
}

/// What `pickletools` calls a thing on the stack.
fn name(item: StackItem, dialect: Dialect) -> &'static str {
    match item {
        StackItem::Any => "any",
        StackItem::None => "None",
        StackItem::Bool => "bool",
        StackItem::Int => "int",
        StackItem::IntOrBool => "int_or_bool",
        StackItem::Long => dialect.pick("long", "int"),
        StackItem::Float => "float",
        StackItem::BytesOrStr => dialect.pick("str", "bytes_or_str"),
        StackItem::Bytes => "bytes",
        StackItem::ByteArray => "bytearray",
        StackItem::Buffer => "buffer",
        StackItem::Unicode => dialect.pick("unicode", "str"),
        StackItem::Tuple => "tuple",
        StackItem::List => "list",
        StackItem::Dict => "dict",
        StackItem::Set => "set",
        StackItem::FrozenSet => "frozenset",
        StackItem::Mark => "mark",
        StackItem::StackSlice => "stackslice",
    }
}
