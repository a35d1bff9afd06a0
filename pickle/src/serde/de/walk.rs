//! How far a visit of objects may go: how deep, how often, and not in circles.

use std::cell::{Cell, RefCell};

use super::super::graph::Graph;
use super::super::options::{Cycles, Sharing};
use super::super::reader::Reader;
use super::super::{Category, Error, Result};

/// A visit in progress.
pub(in crate::serde) struct Walk<'r, G> {
    pub(super) graph: &'r G,
    pub(super) options: &'r Reader,
    /// The objects that the visit is inside of.
    inside: RefCell<Vec<Option<usize>>>,
    /// What was visited for the first time, and what again.
    once: Cell<u64>,
    again: Cell<u64>,
}

/// How many parts of objects may be visited again, on top of [`FACTOR`].
const ALWAYS: u64 = 1_000_000;

/// How many times what was visited once may be visited again.
const FACTOR: u64 = 8;

/// A string up to this length costs as much as any atom.
const SHORT: usize = 64;

/// How many bytes of a string cost as much as an atom.
const BYTES: usize = 16;

impl<'r, 'de, G: Graph<'de>> Walk<'r, G> {
    pub(in crate::serde) fn new(graph: &'r G, options: &'r Reader) -> Self {
        Self { graph, options, inside: RefCell::default(), once: Cell::new(0), again: Cell::new(0) }
    }

    /// Visits what is in an object of this many parts, or returns what stands for an object that is inside of itself.
    pub(super) fn inside<T>(
        &self,
        at: G::Handle,
        parts: usize,
        visit: impl FnOnce() -> Result<T>,
    ) -> Result<Visited<T>> {
        let identity = self.graph.identity(at);
        if identity.is_some() && self.inside.borrow().contains(&identity) {
            return match self.options.cycles {
                Cycles::AsNone => Ok(Visited::Circular),
                Cycles::Refused => Err(circular()),
            };
        }
        if self.inside.borrow().len() >= self.options.nesting {
            return Err(self.too_deep());
        }
        if let Some(identity) = identity {
            let is_new = self.count(identity, parts)?;
            if !is_new && self.options.sharing == Sharing::Refused {
                return Err(Error::new(Category::Unsupported, "the object is shared").in_data());
            }
        }
        self.inside.borrow_mut().push(identity);
        let visited = visit();
        self.inside.borrow_mut().pop();
        visited.map(Visited::Whole)
    }

    /// Counts a string that is used.
    pub(super) fn string(&self, at: G::Handle, length: usize) -> Result<()> {
        if length > SHORT
            && let Some(identity) = self.graph.identity(at)
        {
            self.count(identity, length / BYTES)?;
        }
        Ok(())
    }

    /// Counts a visit; returns whether it is the object's first.
    fn count(&self, identity: usize, parts: usize) -> Result<bool> {
        let cost = parts as u64 + 1;
        if self.graph.is_new(identity) {
            self.once.set(self.once.get() + cost);
            return Ok(true);
        }
        self.again.set(self.again.get() + cost);
        let most = self.options.repeats.unwrap_or(ALWAYS + FACTOR * self.once.get());
        if self.again.get() > most {
            return Err(self.too_often(most));
        }
        Ok(false)
    }

    #[cold]
    fn too_deep(&self) -> Error {
        let message = format!("objects are nested deeper than {}", self.options.nesting);
        Error::new(Category::Limit, message)
            .in_data()
            .with_hint("Reader::nesting raises the limit, where the stack has room for it")
    }

    #[cold]
    fn too_often(&self, most: u64) -> Error {
        let message = format!("shared objects are copied to more than {most} parts");
        Error::new(Category::Limit, message).in_data().with_hint("Reader::repeats raises the limit")
    }
}

/// What has come of a visit.
pub(super) enum Visited<T> {
    Whole(T),
    /// Nothing: the visit is inside of the object already.
    Circular,
}

#[cold]
fn circular() -> Error {
    Error::new(Category::Cycle, "the object contains itself").in_data().with_hint(
        "Cycles::AsNone reads None in its place; a field of the type IgnoredAny is not looked at",
    )
}
