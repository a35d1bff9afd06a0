//! The objects in the heap of a runtime, taken apart as a pickler would.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use halfsour_runtime::{Context, Dialect, Error as Exception, Instance, Tuple, Value, exc};

use super::class::Class;
use super::graph::{Chunk, Graph, Items, Node, Object};
use super::{Error, Result};
use crate::opaque::{MadeBy, Opaque, OpaqueGlobal};

/// The heap, as far as it was looked at.
pub(super) struct Heap<'gc> {
    ctx: Context<'gc>,
    visited: RefCell<HashSet<usize>>,
    /// What is known of classes and functions, by their address: nothing is collected meanwhile.
    classes: RefCell<HashMap<usize, Rc<Class>>>,
}

type Raised<'gc, T> = std::result::Result<T, Exception<'gc>>;
type Seen<'gc> = Node<'gc, 'gc, Value<'gc>>;

/// The protocol for which objects reduce themselves: the highest that changes what they say.
const fn protocol(dialect: Dialect) -> i64 {
    dialect.pick(2, 4)
}

impl<'gc> Heap<'gc> {
    pub(super) fn new(ctx: Context<'gc>) -> Self {
        Self { ctx, visited: RefCell::default(), classes: RefCell::default() }
    }

    fn look(&self, value: Value<'gc>) -> Raised<'gc, Seen<'gc>> {
        Ok(match value {
            Value::None => Node::None,
            Value::Bool(value) => Node::Bool(value),
            Value::Int(value) => Node::Int(value),
            Value::Float(value) => Node::Float(value),
            Value::Long(value) => match i64::try_from(value.as_bigint()) {
                Ok(small) => Node::Int(small),
                Err(_) => Node::Big(value.as_bigint()),
            },
            Value::Complex(value) => {
                let value = value.get();
                Node::Tuple(Cow::Owned(vec![Value::Float(value.re), Value::Float(value.im)]))
            }
            Value::Bytes(bytes) => {
                let bytes = Chunk::Lasting(bytes.as_slice());
                if self.ctx.dialect() == Dialect::Python2 {
                    Node::Native(bytes)
                } else {
                    Node::Bytes(bytes)
                }
            }
            Value::Unicode(text) => Node::Text(Chunk::Lasting(text.as_generalised_utf8())),
            Value::ByteArray(bytes) => Node::Bytes(Chunk::Made(bytes.to_vec())),
            Value::Tuple(items) => Node::Tuple(Cow::Borrowed(items.as_slice())),
            Value::List(items) => Node::List(items.to_vec().into()),
            Value::Set(items) => Node::List(items.to_vec().into()),
            Value::FrozenSet(items) => Node::List(items.to_vec().into()),
            Value::Dict(dict) => Node::Dict(flat(dict.entries()).into()),
            Value::Class(_)
            | Value::ClassicClass(_)
            | Value::Function(_)
            | Value::Builtin(_)
            | Value::Method(_) => Node::Global(self.class(value)?),
            Value::ClassicInstance(instance) => Node::Object(Object {
                state: Some(instance.dict().into()),
                ..bare(instance.class().into())
            }),
            Value::Instance(instance) => self.look_at_instance(instance)?,
            Value::Module(_) => Node::Other("a module".into()),
            Value::Ellipsis => Node::Other("Ellipsis".into()),
            Value::NotImplemented => Node::Other("NotImplemented".into()),
            _ => self.reduced(value)?,
        })
    }

    fn look_at_instance(&self, instance: Instance<'gc>) -> Raised<'gc, Seen<'gc>> {
        let value = Value::Instance(instance);
        if let Some(global) = OpaqueGlobal::of(value) {
            return Ok(Node::Global(self.known(value, || match global.extension() {
                Some(code) => Class::extension(code.into()),
                None => Class::new(&global.module(), &global.qualname()),
            })));
        }
        match Opaque::of(value) {
            Some(opaque) => Ok(self.stand_in(opaque)),
            None => self.reduced(value),
        }
    }

    fn stand_in(&self, opaque: Opaque<'gc>) -> Seen<'gc> {
        let args = opaque.args();
        if let (MadeBy::Persistent, Some(&id)) = (opaque.made_by(), args.as_slice().first()) {
            return Node::Persistent(id);
        }
        let [items, entries] = opaque.added_items().map(|items| items.map(|items| items.to_vec()));
        let pairs = entries.unwrap_or_default().into_iter().filter_map(|pair| pair.as_tuple());
        Node::Object(Object {
            args: Cow::Borrowed(args.as_slice()),
            keywords: opaque.keywords().map(Value::from),
            state: opaque.state(),
            items: items.unwrap_or_default().into(),
            entries: pairs.flat_map(Tuple::as_slice).copied().collect(),
            is_called: opaque.made_by() == MadeBy::Reduce,
            ..bare(opaque.callable())
        })
    }

    /// What an object's `__reduce_ex__` says of it.
    fn reduced(&self, value: Value<'gc>) -> Raised<'gc, Seen<'gc>> {
        let ctx = self.ctx;
        let reduced = value.call_method(ctx, "__reduce_ex__", (protocol(ctx.dialect()),))?;
        let Some(parts) = reduced.content().as_tuple() else {
            // A string: it is a global.
            return Ok(Node::Global(self.class(value)?));
        };
        let parts = parts.as_slice();
        let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_none());
        let (Some(maker), Some(args)) = (part(0), part(1).and_then(Value::as_tuple)) else {
            let message = "__reduce_ex__ returned no callable with a tuple of arguments";
            return Err(Exception::new(&exc::TYPE_ERROR, message));
        };
        let all = |items: Option<Value<'gc>>| match items {
            Some(items) => items.iter(ctx)?.collect_vec(ctx),
            None => Ok(Vec::new()),
        };
        let mut entries = Vec::new();
        for pair in all(part(4))? {
            entries.extend_from_slice(&pair.iter(ctx)?.collect_vec(ctx)?);
        }
        Ok(Node::Object(Object {
            args: Cow::Borrowed(args.as_slice()),
            state: part(2),
            items: all(part(3))?.into(),
            entries: entries.into(),
            is_called: true,
            ..bare(maker)
        }))
    }

    /// What is known of a class or function.
    fn class(&self, value: Value<'gc>) -> Raised<'gc, Rc<Class>> {
        if let Some(known) = value.addr().and_then(|at| self.classes.borrow().get(&at).cloned()) {
            return Ok(known);
        }
        let ctx = self.ctx;
        let module = match value.find_attr(ctx, "__module__")? {
            Some(module) if !module.is_none() => text(module),
            _ => ctx.dialect().builtins_module().to_owned(),
        };
        let name = match value.find_attr(ctx, "__qualname__")? {
            Some(name) => name,
            None => value.get_attr(ctx, "__name__")?,
        };
        Ok(self.known(value, || Class::new(&module, &text(name))))
    }

    fn known(&self, value: Value<'gc>, class: impl FnOnce() -> Class) -> Rc<Class> {
        let address = value.addr().unwrap_or_default();
        self.classes.borrow_mut().entry(address).or_insert_with(|| Rc::new(class())).clone()
    }
}

impl<'gc> Graph<'gc> for Heap<'gc> {
    type Handle = Value<'gc>;

    fn node(&self, at: Value<'gc>) -> Result<Node<'_, 'gc, Value<'gc>>> {
        self.look(at).map_err(|raised| Error::python(raised.into_uncaught(self.ctx)))
    }

    fn identity(&self, at: Value<'gc>) -> Option<usize> {
        match at {
            Value::Tuple(items) if items.is_empty() => None,
            _ => at.addr(),
        }
    }

    fn is_new(&self, identity: usize) -> bool {
        self.visited.borrow_mut().insert(identity)
    }
}

fn bare<'gc>(maker: Value<'gc>) -> Object<'gc, Value<'gc>> {
    let none = || Items::Borrowed(&[]);
    Object {
        maker,
        is_called: false,
        args: none(),
        keywords: None,
        state: None,
        items: none(),
        entries: none(),
    }
}

fn flat<'gc>(entries: Vec<(Value<'gc>, Value<'gc>)>) -> Vec<Value<'gc>> {
    entries.into_iter().flat_map(|(key, value)| [key, value]).collect()
}

fn text(name: Value<'_>) -> String {
    match name.content() {
        Value::Bytes(name) => name.to_string_lossy().into_owned(),
        Value::Unicode(name) => name.to_string_lossy().into_owned(),
        _ => String::new(),
    }
}
