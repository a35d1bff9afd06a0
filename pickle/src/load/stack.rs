//! The stack of the machine: objects, and beside them the places of the marks.
//!
//! `pickle.py` keeps its marks among the objects, the C implementations beside them; well-formed streams
//! cannot tell.
// DIFFERENCE: in pickle.py an opcode of a malformed stream can take a mark for an object; here it takes the
// object below, as in cPickle.

use halfsour_runtime::{Error, Result, Value, exc};

use crate::flavour::Flavour;

/// The objects of a load in progress.
#[derive(Debug)]
pub(super) struct Stack<'gc> {
    objects: Vec<Value<'gc>>,
    marks: Vec<usize>,
    /// Below this place nothing can be taken: in Python 3 that of the topmost mark; in Python 2, which looks
    /// for its marks only where it needs one, the bottom.
    fence: usize,
    flavour: Flavour,
}

impl<'gc> Stack<'gc> {
    pub(super) fn new(flavour: Flavour) -> Self {
        // Most pickles are small, and need no more than that.
        let (objects, marks) = (Vec::with_capacity(64), Vec::with_capacity(4));
        Stack { objects, marks, fence: 0, flavour }
    }

    #[inline]
    pub(super) fn push(&mut self, object: Value<'gc>) {
        self.objects.push(object);
    }

    /// How many bytes the stack takes.
    pub(super) fn size(&self) -> usize {
        size_of::<Value<'gc>>() * self.objects.capacity()
            + size_of::<usize>() * self.marks.capacity()
    }

    /// How many marks there are.
    #[inline]
    pub(super) fn marks(&self) -> usize {
        self.marks.len()
    }

    /// Takes the topmost object.
    #[inline]
    pub(super) fn pop(&mut self) -> Result<'gc> {
        if self.objects.len() > self.fence
            && let Some(object) = self.objects.pop()
        {
            return Ok(object);
        }
        Err(self.underflow("pop from empty list"))
    }

    /// Returns the topmost object.
    #[inline]
    pub(super) fn top(&self) -> Result<'gc> {
        match self.objects.last() {
            Some(&object) if self.objects.len() > self.fence => Ok(object),
            _ => Err(self.underflow("list index out of range")),
        }
    }

    /// Returns the object so many places below the topmost one, if there is one.
    pub(super) fn topmost(&self, below: usize) -> Option<Value<'gc>> {
        self.objects.len().checked_sub(below + 1).and_then(|place| self.objects.get(place)).copied()
    }

    /// Returns the object below the topmost mark, if there is one.
    pub(super) fn below_mark(&self) -> Option<Value<'gc>> {
        let place = self.marks.last()?.checked_sub(1)?;
        self.objects.get(place).copied()
    }

    /// Replaces the topmost object, of which [`top`](Self::top) has been asked before.
    #[inline]
    pub(super) fn replace_top(&mut self, object: Value<'gc>) {
        if let Some(top) = self.objects.last_mut() {
            *top = object;
        }
    }

    /// Takes the topmost objects, as many as the array has, the topmost last.
    #[inline]
    pub(super) fn pop_array<const N: usize>(&mut self) -> Result<'gc, [Value<'gc>; N]> {
        let available = self.objects.len().saturating_sub(self.fence);
        match self.objects.last_chunk() {
            Some(&taken) if available >= N => {
                self.objects.truncate(self.objects.len() - N);
                Ok(taken)
            }
            _ => Err(self.underflow("pop from empty list")),
        }
    }

    /// Takes what POP takes: the mark if it is on top, else the topmost object.
    pub(super) fn pop_any(&mut self) -> Result<'gc, ()> {
        if self.marks.last() == Some(&self.objects.len()) {
            self.marks.pop();
            self.set_fence();
            return Ok(());
        }
        self.pop().map(|_| ())
    }

    #[inline]
    pub(super) fn push_mark(&mut self) {
        self.marks.push(self.objects.len());
        self.set_fence();
    }

    /// Takes the topmost mark and returns where it was: the start of the slice above it.
    #[inline]
    pub(super) fn pop_mark(&mut self) -> Result<'gc, usize> {
        let Some(mark) = self.marks.pop() else { return Err(self.no_mark()) };
        self.set_fence();
        if mark > self.objects.len() {
            return Err(self.underflow("list index out of range"));
        }
        Ok(mark)
    }

    /// Returns the objects from a place on.
    #[inline]
    pub(super) fn from(&self, start: usize) -> &[Value<'gc>] {
        self.objects.get(start..).unwrap_or_default()
    }

    /// Takes the objects from a place on.
    pub(super) fn split_off(&mut self, start: usize) -> Vec<Value<'gc>> {
        self.objects.split_off(start.min(self.objects.len()))
    }

    /// Drops the objects from a place on.
    #[inline]
    pub(super) fn truncate(&mut self, start: usize) {
        self.objects.truncate(start);
    }

    /// Returns the object just below a place: what APPENDS and SETITEMS fill.
    pub(super) fn below(&self, start: usize) -> Result<'gc> {
        match start.checked_sub(1).and_then(|place| self.objects.get(place)) {
            Some(&object) if start > self.fence => Ok(object),
            _ => Err(self.underflow("list index out of range")),
        }
    }

    #[inline]
    fn set_fence(&mut self) {
        if self.flavour == Flavour::Python3 {
            self.fence = self.marks.last().copied().unwrap_or(0);
        }
    }

    /// The error for too few objects; `pickle.py` has that of the list which is its stack.
    #[cold]
    fn underflow(&self, of_list: &'static str) -> Error<'gc> {
        match self.flavour {
            Flavour::Pickle => Error::new(&exc::INDEX_ERROR, of_list),
            Flavour::Python3 if self.fence > 0 || !self.marks.is_empty() => {
                Error::new(self.flavour.unpickling_error(), "unexpected MARK found")
            }
            _ => Error::new(self.flavour.unpickling_error(), "unpickling stack underflow"),
        }
    }

    #[cold]
    fn no_mark(&self) -> Error<'gc> {
        match self.flavour {
            Flavour::Pickle => Error::new(&exc::INDEX_ERROR, "list index out of range"),
            _ => Error::new(self.flavour.unpickling_error(), "could not find MARK"),
        }
    }
}
