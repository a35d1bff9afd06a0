//! The objects that a stream describes, without making them: an arena whose places refer to each other.

mod atoms;
mod build;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use num_bigint::BigInt;

use super::class::Class;
use super::graph::{Chunk, Graph, Node, Object};
use super::{Error, Result};

pub(super) use self::build::read;

/// The place of an object.
type Id = u32;

/// Everything that a pickle describes.
#[derive(Debug)]
pub(super) struct Arena<'a> {
    cells: Vec<Cell<'a>>,
    pub(super) root: Id,
    /// Where the pickle ends.
    pub(super) end: usize,
    /// One bit for each place: whether it was visited.
    visited: RefCell<Vec<u64>>,
}

#[derive(Debug)]
enum Cell<'a> {
    None,
    Bool(bool),
    Int(i64),
    Big(Box<BigInt>),
    Float(f64),
    Text(Cow<'a, [u8]>),
    Native(Cow<'a, [u8]>),
    Bytes(&'a [u8]),
    Tuple(Box<[Id]>),
    List(Vec<Id>),
    Set(Vec<Id>),
    Dict(Vec<Id>),
    Global(Rc<Class>),
    Object(Box<Made>),
    Persistent(Id),
    /// A buffer that is not in the stream.
    Buffer,
}

/// An object that a call makes.
#[derive(Debug)]
struct Made {
    maker: Id,
    is_called: bool,
    /// A tuple.
    args: Id,
    keywords: Option<Id>,
    state: Option<Id>,
    items: Vec<Id>,
    entries: Vec<Id>,
}

impl<'a> Arena<'a> {
    fn cell(&self, at: Id) -> Result<&Cell<'a>> {
        let missing = || Error::new(super::Category::Stream, "an object is missing");
        self.cells.get(at as usize).ok_or_else(missing)
    }

    fn tuple(&self, at: Id) -> &[Id] {
        match self.cells.get(at as usize) {
            Some(Cell::Tuple(items)) => items,
            _ => &[],
        }
    }
}

impl<'de> Graph<'de> for Arena<'de> {
    type Handle = Id;

    #[inline]
    fn node(&self, at: Id) -> Result<Node<'_, 'de, Id>> {
        Ok(match self.cell(at)? {
            Cell::None => Node::None,
            Cell::Bool(value) => Node::Bool(*value),
            Cell::Int(value) => Node::Int(*value),
            Cell::Big(value) => Node::Big(value),
            Cell::Float(value) => Node::Float(*value),
            Cell::Text(text) => Node::Text(chunk(text)),
            Cell::Native(string) => Node::Native(chunk(string)),
            Cell::Bytes(bytes) => Node::Bytes(Chunk::Lasting(bytes)),
            Cell::Tuple(items) => Node::Tuple(Cow::Borrowed(items)),
            Cell::List(items) | Cell::Set(items) => Node::List(Cow::Borrowed(items)),
            Cell::Dict(items) => Node::Dict(Cow::Borrowed(items)),
            Cell::Global(class) => Node::Global(class.clone()),
            Cell::Object(made) => Node::Object(Object {
                maker: made.maker,
                is_called: made.is_called,
                args: Cow::Borrowed(self.tuple(made.args)),
                keywords: made.keywords,
                state: made.state,
                items: Cow::Borrowed(&made.items),
                entries: Cow::Borrowed(&made.entries),
            }),
            Cell::Persistent(id) => Node::Persistent(*id),
            Cell::Buffer => Node::Other("a buffer that is not in the stream".into()),
        })
    }

    #[inline]
    fn identity(&self, at: Id) -> Option<usize> {
        (at >= build::FIRST).then_some(at as usize)
    }

    fn is_new(&self, identity: usize) -> bool {
        let (word, bit) = (identity / 64, 1 << (identity % 64));
        let mut visited = self.visited.borrow_mut();
        if visited.len() <= word {
            visited.resize(word + 1, 0);
        }
        let Some(word) = visited.get_mut(word) else { return true };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

fn chunk<'r, 'de>(string: &'r Cow<'de, [u8]>) -> Chunk<'r, 'de> {
    match string {
        Cow::Borrowed(bytes) => Chunk::Lasting(bytes),
        Cow::Owned(bytes) => Chunk::Passing(bytes),
    }
}
