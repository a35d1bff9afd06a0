//! What a deserializer sees of objects, wherever they are: in the opcodes of a stream, or in the heap of a runtime.

use std::borrow::Cow;
use std::rc::Rc;

use num_bigint::BigInt;

use super::Result;
use super::class::Class;

/// Objects that refer to each other, and are looked at one by one. Nothing is made of them by looking.
pub(super) trait Graph<'de> {
    /// What refers to an object.
    type Handle: Copy;

    /// Looks at an object.
    ///
    /// # Errors
    /// When it cannot be looked at: its text is broken, or taking it apart raises.
    fn node(&self, at: Self::Handle) -> Result<Node<'_, 'de, Self::Handle>>;

    /// A number that no other object has; `None` for what holds nothing and is small.
    fn identity(&self, at: Self::Handle) -> Option<usize>;

    /// Whether nobody has asked this about the object with this identity before.
    fn is_new(&self, identity: usize) -> bool;
}

/// Objects that another one holds: one after the other, or keys and values in turn.
pub(super) type Items<'r, H> = Cow<'r, [H]>;

/// An object, seen one level deep.
#[derive(Clone, Debug)]
pub(super) enum Node<'r, 'de, H: Copy> {
    None,
    Bool(bool),
    Int(i64),
    Big(&'r BigInt),
    Float(f64),
    /// Text in generalised UTF-8, which may have surrogates that stand alone.
    Text(Chunk<'r, 'de>),
    /// Python 2's `str`: bytes or text.
    Native(Chunk<'r, 'de>),
    Bytes(Chunk<'r, 'de>),
    Tuple(Items<'r, H>),
    /// A list or a set.
    List(Items<'r, H>),
    Dict(Items<'r, H>),
    /// A class or function.
    Global(Rc<Class>),
    Object(Object<'r, H>),
    /// An object outside of the pickle, by its id.
    Persistent(H),
    /// Something without a counterpart, in words.
    Other(Cow<'static, str>),
}

/// An object that a call makes.
#[derive(Clone, Debug)]
pub(super) struct Object<'r, H: Copy> {
    pub(super) maker: H,
    /// Whether it is called as any function is, and not asked to make an object without more ado.
    pub(super) is_called: bool,
    pub(super) args: Items<'r, H>,
    pub(super) keywords: Option<H>,
    pub(super) state: Option<H>,
    /// What it holds as a list does.
    pub(super) items: Items<'r, H>,
    /// What it holds as a dict does.
    pub(super) entries: Items<'r, H>,
}

/// The bytes of a string.
#[derive(Clone, Debug)]
pub(super) enum Chunk<'r, 'de> {
    /// They are there as long as the source is.
    Lasting(&'de [u8]),
    /// They are there as long as the graph is.
    Passing(&'r [u8]),
    Made(Vec<u8>),
}

impl Chunk<'_, '_> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Lasting(bytes) => bytes,
            Self::Passing(bytes) => bytes,
            Self::Made(bytes) => bytes,
        }
    }
}
