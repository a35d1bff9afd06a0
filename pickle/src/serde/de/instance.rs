//! What an object that a call makes stands for: a value of Python's library, or an instance of some class.

use std::rc::Rc;

use super::super::class::{Class, Known};
use super::super::graph::{Chunk, Graph, Items, Node, Object};
use super::super::{Category, Error, Result};
use super::library;

/// An instance of a class.
#[derive(Clone, Debug)]
pub(super) struct Instance<'r, H: Copy> {
    pub(super) class: Rc<Class>,
    /// Whether the class is called with the arguments, which then need not be what it holds.
    pub(super) is_called: bool,
    pub(super) args: Items<'r, H>,
    keywords: Option<H>,
    pub(super) state: Option<H>,
    items: Items<'r, H>,
    entries: Items<'r, H>,
    /// What it is as an instance of a built-in type, where that is no argument.
    content: Option<H>,
}

/// An object, with what is special about Python's own classes resolved.
#[derive(Clone, Debug)]
pub(super) enum View<'r, 'de, H: Copy> {
    /// Never an object that a call makes.
    Value(Node<'r, 'de, H>),
    Instance(Instance<'r, H>),
}

/// What an instance holds.
pub(super) enum Content<'r, H: Copy> {
    /// Attributes, or the entries of a dict.
    Map {
        entries: Items<'r, H>,
        are_attributes: bool,
    },
    /// The items of a list.
    Seq(Items<'r, H>),
    /// What its class was called with.
    Args(Items<'r, H>),
    /// What its class, or its state, makes of this object.
    Delegated(H),
    Nothing,
}

/// How many calls may be nested in what makes an object.
const DEEPEST_MAKER: usize = 16;

/// Looks at an object.
pub(super) fn view<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    at: G::Handle,
) -> Result<View<'r, 'de, G::Handle>> {
    view_within(graph, at, DEEPEST_MAKER)
}

#[inline]
pub(super) fn view_within<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    at: G::Handle,
    depth: usize,
) -> Result<View<'r, 'de, G::Handle>> {
    match graph.node(at)? {
        Node::Object(object) => view_object(graph, object, depth),
        node => Ok(View::Value(node)),
    }
}

fn view_object<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    object: Object<'r, G::Handle>,
    depth: usize,
) -> Result<View<'r, 'de, G::Handle>> {
    let instance = instance_within(graph, object, depth)?;
    of_library(graph, instance, depth.saturating_sub(1))
}

/// Says whose instance an object is.
pub(super) fn instance<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    object: Object<'r, G::Handle>,
) -> Result<Instance<'r, G::Handle>> {
    instance_within(graph, object, DEEPEST_MAKER)
}

fn instance_within<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    object: Object<'r, G::Handle>,
    depth: usize,
) -> Result<Instance<'r, G::Handle>> {
    let Some(depth) = depth.checked_sub(1) else { return Err(too_many_calls()) };
    let maker = global(graph, object.maker, depth)?;
    let Object { mut is_called, mut args, mut keywords, state, items, entries, .. } = object;
    let mut content = None;
    let class = match (maker.known, &*args) {
        (Known::NewObj, &[class, ..]) => {
            (args, is_called) = (skip(args, 1), false);
            global(graph, class, depth)?
        }
        (Known::NewObjEx, &[class, positional, named]) => {
            args = match graph.node(positional)? {
                Node::Tuple(args) => args,
                _ => return Err(unknown_call(&maker)),
            };
            (keywords, is_called) = (Some(named), false);
            global(graph, class, depth)?
        }
        (Known::Reconstructor, &[class, base, of_base]) => {
            args = Items::Borrowed(&[]);
            let base = global(graph, base, depth)?;
            content = (base.known != Known::Object).then_some(of_base);
            global(graph, class, depth)?
        }
        _ => maker,
    };
    Ok(Instance { class, is_called, args, keywords, state, items, entries, content })
}

/// The value that an instance of a class of Python's library is, if it is one.
fn of_library<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    instance: Instance<'r, G::Handle>,
    depth: usize,
) -> Result<View<'r, 'de, G::Handle>> {
    let text = |text: String| Node::Text(Chunk::Made(text.into_bytes()));
    let parts = library::Parts { graph, class: &instance.class, args: &instance.args, depth };
    let node = match instance.class.known {
        Known::No | Known::Namespace => return Ok(View::Instance(instance)),
        Known::NewObj | Known::NewObjEx | Known::Reconstructor | Known::Object => {
            return Err(unknown_call(&instance.class));
        }
        Known::GetAttr => Node::Global(Rc::new(parts.attribute()?)),
        Known::Sequence if instance.items.is_empty() => Node::List(parts.items()?),
        Known::Sequence => Node::List(instance.items),
        Known::Mapping if instance.entries.is_empty() => Node::Dict(parts.entries()?),
        Known::Mapping => Node::Dict(instance.entries),
        Known::Bytes => Node::Bytes(Chunk::Made(parts.bytes()?)),
        Known::Arguments | Known::TimeDelta => Node::Tuple(instance.args),
        Known::Argument => match *instance.args {
            [only] => return view_within(graph, only, depth),
            _ => return Err(unknown_call(&instance.class)),
        },
        Known::Fraction => text(parts.fraction()?),
        Known::Path => text(parts.path()?),
        Known::Uuid => text(parts.uuid(instance.state)?),
        Known::Date => text(parts.date()?),
        Known::Time => text(parts.time()?),
        Known::DateTime => text(parts.date_time()?),
        Known::TimeZone => text(parts.offset()?),
        Known::Utc => text("+00:00".to_owned()),
    };
    Ok(View::Value(node))
}

/// The class or function that an object is.
pub(super) fn global<'de, G: Graph<'de>>(
    graph: &G,
    at: G::Handle,
    depth: usize,
) -> Result<Rc<Class>> {
    let object = match graph.node(at)? {
        Node::Global(class) => return Ok(class),
        Node::Object(object) => object,
        _ => return Err(no_class()),
    };
    match view_object(graph, object, depth)? {
        View::Value(Node::Global(class)) => Ok(class),
        _ => Err(no_class()),
    }
}

impl<'r, H: Copy> Instance<'r, H> {
    /// What it holds: its own items or entries, else its attributes, else what its class was called with.
    pub(super) fn content<'de, G: Graph<'de, Handle = H>>(
        self,
        graph: &'r G,
    ) -> Result<Content<'r, H>> {
        if !self.entries.is_empty() {
            return Ok(Content::Map { entries: self.entries, are_attributes: false });
        }
        if !self.items.is_empty() {
            return Ok(Content::Seq(self.items));
        }
        if let Some(state) = self.state
            && let Some(content) = of_state(graph, state)?
        {
            return Ok(content);
        }
        if let Some(content) = self.content {
            return Ok(Content::Delegated(content));
        }
        if let Some(keywords) = self.keywords
            && let Node::Dict(entries) = graph.node(keywords)?
            && !entries.is_empty()
        {
            if self.args.is_empty() {
                return Ok(Content::Map { entries, are_attributes: true });
            }
            let message = format!("{} is made with arguments of both kinds", self.class);
            return Err(Error::new(Category::Unsupported, message).in_data());
        }
        Ok(if self.args.is_empty() { Content::Nothing } else { Content::Args(self.args) })
    }
}

/// What a state says; `None` for one that says nothing.
fn of_state<'r, 'de, G: Graph<'de>>(
    graph: &'r G,
    state: G::Handle,
) -> Result<Option<Content<'r, G::Handle>>> {
    let attributes = |entries| Some(Content::Map { entries, are_attributes: true });
    Ok(match graph.node(state)? {
        Node::None => None,
        Node::Dict(entries) => attributes(entries),
        Node::Tuple(parts) => match *parts {
            [dict, slots] => match (graph.node(dict)?, graph.node(slots)?) {
                (Node::None, Node::Dict(slots)) => attributes(slots),
                (Node::Dict(dict), Node::None) => attributes(dict),
                (Node::Dict(dict), Node::Dict(slots)) => {
                    let mut both = dict.into_owned();
                    both.extend_from_slice(&slots);
                    attributes(both.into())
                }
                _ => Some(Content::Delegated(state)),
            },
            _ => Some(Content::Delegated(state)),
        },
        _ => Some(Content::Delegated(state)),
    })
}

pub(super) fn skip<H: Copy>(items: Items<'_, H>, count: usize) -> Items<'_, H> {
    match items {
        Items::Borrowed(items) => Items::Borrowed(items.get(count..).unwrap_or_default()),
        Items::Owned(mut items) => {
            items.drain(..count.min(items.len()));
            Items::Owned(items)
        }
    }
}

#[cold]
pub(super) fn unknown_call(class: &Class) -> Error {
    let message = format!("{class} is called with other arguments than Python's own pickles have");
    Error::new(Category::Unsupported, message).in_data()
}

#[cold]
fn too_many_calls() -> Error {
    let message = format!("more than {DEEPEST_MAKER} calls are nested in what makes the object");
    Error::new(Category::Limit, message).in_data()
}

#[cold]
fn no_class() -> Error {
    Error::new(Category::Unsupported, "what makes the object is no class or function").in_data()
}
