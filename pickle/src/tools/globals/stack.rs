//! The stack of a symbolic machine, with its marks.

use std::vec::Drain;

use crate::opcode::{Opcode, StackItem};
use crate::tools::error::Problem;

/// What stands for the objects on the stack, and where the marks between them are.
#[derive(Debug)]
pub(crate) struct Stack<T> {
    items: Vec<T>,
    marks: Vec<usize>,
}

type Step<T> = Result<T, Problem>;

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self { items: Vec::new(), marks: Vec::new() }
    }
}

impl<T: Copy> Stack<T> {
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.marks.clear();
    }

    pub(crate) fn mark(&mut self) {
        self.marks.push(self.items.len());
    }

    /// Whether a mark is what is topmost.
    pub(crate) fn is_marked(&self) -> bool {
        self.marks.last() == Some(&self.items.len())
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Takes what the table says that an opcode takes; lowest, which was pushed first, comes first.
    pub(crate) fn take(&mut self, opcode: Opcode) -> Step<Drain<'_, T>> {
        let before = opcode.before();
        if before.contains(&StackItem::Mark) {
            return self.take_marked();
        }
        let start = self.start_of(before.len())?;
        Ok(self.items.drain(start..))
    }

    /// Takes all that an opcode takes but the container, which is the lowest of it.
    pub(crate) fn take_items(&mut self, opcode: Opcode) -> Step<Drain<'_, T>> {
        let start = self.start_of(opcode.before().len())?;
        Ok(self.items.drain(start + 1..))
    }

    /// Takes everything above the topmost mark, and that.
    pub(crate) fn take_marked(&mut self) -> Step<Drain<'_, T>> {
        let mark = self.pop_mark()?;
        Ok(self.items.drain(mark..))
    }

    /// Takes two objects, and returns the lower one.
    pub(crate) fn below_top(&mut self) -> Step<T> {
        self.pop()?;
        self.pop()
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Step<T> {
        let item = self.top()?;
        self.items.pop();
        Ok(item)
    }

    #[inline]
    pub(crate) fn top(&self) -> Step<T> {
        let start = self.start_of(1)?;
        self.items.get(start).copied().ok_or_else(underflow)
    }

    pub(crate) fn pop_mark(&mut self) -> Step<usize> {
        self.marks.pop().ok_or_else(|| Problem::other("no MARK is on the stack"))
    }

    /// Where the topmost objects begin, none of which may be below a mark.
    fn start_of(&self, count: usize) -> Step<usize> {
        let start = self.items.len().checked_sub(count).ok_or_else(underflow)?;
        match self.marks.last() {
            Some(&mark) if start < mark => {
                Err(Problem::other("it takes objects from below a mark"))
            }
            _ => Ok(start),
        }
    }
}

#[cold]
fn underflow() -> Problem {
    Problem::other("it takes more objects than are on the stack")
}
