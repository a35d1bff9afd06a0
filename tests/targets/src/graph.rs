//! Descriptions of object graphs, and how they are built through the runtime's API.

use arbitrary::{Arbitrary, Unstructured};
use halfsour_runtime::{
    ByteArray, Bytes, Class, ClassicClass, ClassicInstance, Complex, Context, Dialect, Dict, Error,
    FrozenSet, Instance, List, Long, Result, Set, Tuple, Unicode, Value, exc,
};
use num_bigint::BigInt;
use proptest::prelude::*;

/// A graph: nodes refer to each other by index, taken modulo what they may refer to.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Which of them the graph is reached from.
    pub root: usize,
}

/// A node. Lists, dicts, instances and sets may refer to any node, those behind them included; tuples and frozensets
/// only to nodes before them.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is the type that it is called by")]
pub enum Node {
    Atom(Atom),
    List(Vec<usize>),
    Dict(Vec<(Atom, usize)>),
    Set(Vec<Atom>),
    Tuple(Vec<usize>),
    FrozenSet(Vec<Atom>),
    Classic(Vec<(String, usize)>),
    NewStyle(Vec<(String, usize)>),
    Slotted(usize),
    /// Of atoms only: in protocols 0 and 1 the content is an argument of the call that makes the object, and one
    /// that leads back to it ends in RuntimeError, in CPython too.
    SubList(Vec<Atom>, Vec<(String, usize)>),
    SubDict(Vec<(Atom, Atom)>),
    SubInt(i64),
}

/// What has no parts.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is the type that it is called by")]
pub enum Atom {
    None,
    Bool(bool),
    Int(i64),
    Long(BigInt),
    Float(f64),
    Complex(f64, f64),
    Bytes(Vec<u8>),
    Unicode(Vec<u32>),
    ByteArray(Vec<u8>),
}

/// Any graph, for proptest.
pub fn graphs() -> impl Strategy<Value = Graph> {
    (prop::collection::vec(node(), 1..24), any::<usize>())
        .prop_map(|(nodes, root)| Graph { root: root % nodes.len(), nodes })
}

impl<'a> Arbitrary<'a> for Graph {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let count = bytes.int_in_range(1..=40)?;
        let nodes = (0..count).map(|_| bytes.arbitrary()).collect::<arbitrary::Result<Vec<_>>>()?;
        Ok(Self { root: bytes.choose_index(nodes.len())?, nodes })
    }
}

impl<'a> Arbitrary<'a> for Node {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(match bytes.int_in_range(0..=11_u8)? {
            0 => Self::Atom(any_atom(bytes)?),
            1 => Self::List(some(bytes, 8, link)?),
            2 => Self::Dict(some(bytes, 8, |it| Ok((hashable(it)?, link(it)?)))?),
            3 => Self::Set(some(bytes, 6, hashable)?),
            4 => Self::Tuple(some(bytes, 8, link)?),
            // Of empty frozensets there is one only, as in CPython 2.7.
            5 => Self::FrozenSet([vec![hashable(bytes)?], some(bytes, 6, hashable)?].concat()),
            6 => Self::Classic(some(bytes, 5, attribute)?),
            7 => Self::NewStyle(some(bytes, 5, attribute)?),
            8 => Self::Slotted(link(bytes)?),
            9 => Self::SubList(some(bytes, 6, any_atom)?, some(bytes, 4, attribute)?),
            10 => Self::SubDict(some(bytes, 6, |it| Ok((hashable(it)?, any_atom(it)?)))?),
            _ => Self::SubInt(bytes.arbitrary()?),
        })
    }
}

fn some<T>(
    bytes: &mut Unstructured<'_>,
    most: usize,
    mut one: impl FnMut(&mut Unstructured<'_>) -> arbitrary::Result<T>,
) -> arbitrary::Result<Vec<T>> {
    let count = bytes.int_in_range(0..=most)?;
    (0..count).map(|_| one(bytes)).collect()
}

fn link(bytes: &mut Unstructured<'_>) -> arbitrary::Result<usize> {
    Ok(usize::from(bytes.arbitrary::<u8>()?))
}

fn attribute(bytes: &mut Unstructured<'_>) -> arbitrary::Result<(String, usize)> {
    let name = bytes.choose(&["a", "b", "name", "self", "c"])?;
    Ok(((*name).to_owned(), link(bytes)?))
}

/// An atom with a hash.
fn hashable(bytes: &mut Unstructured<'_>) -> arbitrary::Result<Atom> {
    Ok(match bytes.int_in_range(0..=6_u8)? {
        0 => Atom::None,
        1 => Atom::Bool(bytes.arbitrary()?),
        2 => Atom::Int(bytes.arbitrary()?),
        3 => Atom::Long(bytes.arbitrary::<i128>()?.into()),
        4 => Atom::Float(bytes.arbitrary()?),
        5 => Atom::Bytes(some(bytes, 5, |it| it.arbitrary())?),
        _ => Atom::Unicode(some(bytes, 5, |it| it.arbitrary::<char>().map(u32::from))?),
    })
}

fn any_atom(bytes: &mut Unstructured<'_>) -> arbitrary::Result<Atom> {
    Ok(match bytes.int_in_range(0..=9_u8)? {
        0 => Atom::Complex(bytes.arbitrary()?, bytes.arbitrary()?),
        1 => Atom::Bytes(some(bytes, 300, |it| it.arbitrary())?),
        2 => Atom::ByteArray(some(bytes, 40, |it| it.arbitrary())?),
        _ => hashable(bytes)?,
    })
}

fn node() -> impl Strategy<Value = Node> {
    let links = || prop::collection::vec(any::<usize>(), 0..6);
    let pairs = || prop::collection::vec((key(), any::<usize>()), 0..6);
    let attributes = || prop::collection::vec(("[a-z]{1,3}", any::<usize>()), 0..4);
    prop_oneof![
        3 => atom().prop_map(Node::Atom),
        3 => links().prop_map(Node::List),
        2 => pairs().prop_map(Node::Dict),
        1 => prop::collection::vec(key(), 0..5).prop_map(Node::Set),
        3 => links().prop_map(Node::Tuple),
        // Of empty frozensets there is one only, as in CPython 2.7.
        1 => prop::collection::vec(key(), 1..5).prop_map(Node::FrozenSet),
        2 => attributes().prop_map(Node::Classic),
        2 => attributes().prop_map(Node::NewStyle),
        1 => any::<usize>().prop_map(Node::Slotted),
        1 => (prop::collection::vec(atom(), 0..6), attributes())
            .prop_map(|(items, own)| Node::SubList(items, own)),
        1 => prop::collection::vec((key(), atom()), 0..6).prop_map(Node::SubDict),
        1 => any::<i64>().prop_map(Node::SubInt),
    ]
}

/// Atoms with a hash.
fn key() -> impl Strategy<Value = Atom> {
    prop_oneof![
        Just(Atom::None),
        any::<bool>().prop_map(Atom::Bool),
        any::<i64>().prop_map(Atom::Int),
        any::<i128>().prop_map(|it| Atom::Long(it.into())),
        any::<f64>().prop_map(Atom::Float),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(Atom::Bytes),
        prop::collection::vec(code_point(), 0..4).prop_map(Atom::Unicode),
    ]
}

fn atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        4 => key(),
        1 => (any::<f64>(), any::<f64>()).prop_map(|(re, im)| Atom::Complex(re, im)),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Atom::Bytes),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Atom::ByteArray),
    ]
}

/// Without surrogates: Python 2's binary protocols join a pair of them into one character.
fn code_point() -> impl Strategy<Value = u32> {
    any::<char>().prop_map(u32::from)
}

const MODULE: &str = "graph_classes";

/// Makes the classes of the graphs importable.
pub fn define_classes(ctx: Context<'_>) -> Result<'_, ()> {
    let module = ctx.new_module(MODULE)?;
    // Python 3 has no classic classes.
    let classic = match ctx.dialect() {
        Dialect::Python2 => Value::from(ClassicClass::builder(ctx, "Classic").build()?),
        _ => Class::builder(ctx, "Classic").build()?.into(),
    };
    module.class_named(ctx, classic)?;
    module.class_named(ctx, Class::builder(ctx, "NewStyle").build()?)?;
    let slotted = Class::builder(ctx, "Slotted").slots(&["held"]);
    module.class_named(
        ctx,
        slotted
            .method("__getstate__", |ctx, this, _| {
                let held = this.get_attr(ctx, "held")?;
                Ok(List::from_vec(ctx, vec![held]).into())
            })
            .method("__setstate__", |ctx, this, args| {
                let (state,): (List<'_>,) = args.parse(ctx, "__setstate__")?;
                let held = state.get(0).unwrap_or(Value::None);
                this.set_attr(ctx, "held", held)?;
                Ok(Value::None)
            })
            .build()?,
    )?;
    let types = ctx.types();
    for (name, base) in [("SubList", types.list), ("SubDict", types.dict), ("SubInt", types.int)] {
        module.class_named(ctx, Class::builder(ctx, name).base(base).build()?)?;
    }
    Ok(())
}

/// Builds the graph and returns its root: objects first, what they refer to afterwards.
pub fn build<'gc>(ctx: Context<'gc>, graph: &Graph) -> Result<'gc> {
    let mut objects = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let object = begin(ctx, node, &objects)?;
        objects.push(object);
    }
    for (node, &object) in graph.nodes.iter().zip(&objects) {
        finish(ctx, node, object, &objects)?;
    }
    Ok(objects[graph.root])
}

fn begin<'gc>(ctx: Context<'gc>, node: &Node, before: &[Value<'gc>]) -> Result<'gc> {
    let earlier = |link: &usize| match before.len() {
        0 => Value::None,
        n => before[link % n],
    };
    Ok(match node {
        Node::Atom(atom) => atom.build(ctx),
        Node::List(_) => List::new(ctx).into(),
        Node::Dict(_) => Dict::new(ctx).into(),
        Node::Set(atoms) => Set::from_items(ctx, &build_all(ctx, atoms))?.into(),
        Node::FrozenSet(atoms) => FrozenSet::from_items(ctx, &build_all(ctx, atoms))?.into(),
        Node::Tuple(links) => Tuple::from_vec(ctx, links.iter().map(earlier).collect()).into(),
        Node::Classic(_) => match ctx.import_from(MODULE, "Classic")? {
            Value::ClassicClass(class) => ClassicInstance::bare(ctx, class).into(),
            Value::Class(class) => Instance::bare(ctx, class).into(),
            _ => return Err(Error::new(&exc::TYPE_ERROR, "Classic is a classic class")),
        },
        Node::NewStyle(_) => Instance::bare(ctx, class(ctx, "NewStyle")?).into(),
        Node::Slotted(_) => Instance::bare(ctx, class(ctx, "Slotted")?).into(),
        Node::SubList(..) => {
            Instance::with_content(ctx, class(ctx, "SubList")?, List::new(ctx).into()).into()
        }
        Node::SubDict(_) => {
            Instance::with_content(ctx, class(ctx, "SubDict")?, Dict::new(ctx).into()).into()
        }
        Node::SubInt(number) => {
            Instance::with_content(ctx, class(ctx, "SubInt")?, Value::Int(*number)).into()
        }
    })
}

fn class<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Class<'gc>> {
    ctx.import_from(MODULE, name)?.to(ctx)
}

fn build_all<'gc>(ctx: Context<'gc>, atoms: &[Atom]) -> Vec<Value<'gc>> {
    atoms.iter().map(|atom| atom.build(ctx)).collect()
}

fn finish<'gc>(
    ctx: Context<'gc>,
    node: &Node,
    object: Value<'gc>,
    objects: &[Value<'gc>],
) -> Result<'gc, ()> {
    let any = |link: usize| objects[link % objects.len()];
    let fill_list = |items: Vec<Value<'gc>>| {
        if let Some(list) = object.as_list() {
            list.extend(ctx, &items);
        }
    };
    let fill_dict = |pairs: Vec<(&Atom, Value<'gc>)>| -> Result<'gc, ()> {
        let dict = object.as_dict().ok_or_else(|| Error::bare(&exc::TYPE_ERROR))?;
        pairs.into_iter().try_for_each(|(key, value)| dict.insert(ctx, key.build(ctx), value))
    };
    let set_attributes = |attributes: &[(String, usize)]| {
        attributes.iter().try_for_each(|(name, link)| object.set_attr(ctx, name, any(*link)))
    };
    match node {
        Node::List(links) => fill_list(links.iter().map(|&link| any(link)).collect()),
        Node::Dict(pairs) => {
            fill_dict(pairs.iter().map(|(key, link)| (key, any(*link))).collect())?;
        }
        Node::SubDict(pairs) => {
            fill_dict(pairs.iter().map(|(key, value)| (key, value.build(ctx))).collect())?;
        }
        Node::Classic(attributes) | Node::NewStyle(attributes) => set_attributes(attributes)?,
        Node::Slotted(link) => object.set_attr(ctx, "held", any(*link))?,
        Node::SubList(items, attributes) => {
            fill_list(build_all(ctx, items));
            set_attributes(attributes)?;
        }
        Node::Atom(_) | Node::Set(_) | Node::Tuple(_) | Node::FrozenSet(_) | Node::SubInt(_) => {}
    }
    Ok(())
}

impl Atom {
    fn build<'gc>(&self, ctx: Context<'gc>) -> Value<'gc> {
        match self {
            Atom::None => Value::None,
            Atom::Bool(it) => Value::Bool(*it),
            Atom::Int(it) => Value::Int(*it),
            Atom::Long(it) => match (i64::try_from(it), ctx.dialect()) {
                // Python 3 has one type for numbers of every size.
                (Ok(small), Dialect::Python3) => Value::Int(small),
                _ => Long::new(ctx, it.clone()).into(),
            },
            Atom::Float(it) => Value::Float(*it),
            Atom::Complex(re, im) => Complex::new(ctx, *re, *im).into(),
            Atom::Bytes(it) => Bytes::new(ctx, it).into(),
            Atom::Unicode(it) => match Unicode::from_code_points(ctx, it.iter().copied()) {
                Some(text) => text.into(),
                None => Value::None,
            },
            Atom::ByteArray(it) => ByteArray::from_vec(ctx, it.clone()).into(),
        }
    }
}
