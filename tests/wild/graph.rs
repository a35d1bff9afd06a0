//! The stand-ins in a graph, and what can be edited in one.

use std::collections::HashSet;

use halfsour_pickle::Opaque;
use halfsour_runtime::{Context, Result, Tuple, Value};

/// Every stand-in that is reached from an object, in an order that is the same for equal graphs.
pub(crate) fn opaques<'gc>(ctx: Context<'gc>, root: Value<'gc>) -> Result<'gc, Vec<Opaque<'gc>>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut left = vec![root];
    while let Some(object) = left.pop() {
        if object.addr().is_some_and(|addr| !seen.insert(addr)) {
            continue;
        }
        if let Some(opaque) = Opaque::of(object) {
            found.push(opaque);
            left.extend(parts(ctx, opaque));
            continue;
        }
        match object.content() {
            Value::Tuple(items) => left.extend(items.as_slice()),
            Value::List(items) => left.extend(items.to_vec()),
            Value::Set(items) => left.extend(items.to_vec()),
            Value::FrozenSet(items) => left.extend(items.to_vec()),
            Value::Dict(items) => {
                left.extend(items.entries().into_iter().flat_map(|(key, value)| [key, value]));
            }
            _ => {}
        }
        if matches!(object, Value::Instance(_) | Value::ClassicInstance(_)) {
            left.extend(object.get_attr(ctx, "__dict__").ok());
        }
    }
    Ok(found)
}

fn parts<'gc>(ctx: Context<'gc>, opaque: Opaque<'gc>) -> Vec<Value<'gc>> {
    let mut parts = vec![
        opaque.callable(),
        opaque.args().into(),
        opaque.list_items(ctx).into(),
        opaque.dict_items(ctx).into(),
    ];
    parts.extend(opaque.keywords().map(Value::from));
    parts.extend(opaque.state());
    parts
}

/// Where in a stand-in something is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// A field of the state.
    Field(String),
    /// An item of a state that is a tuple.
    StateItem(usize),
    ListItem(usize),
    DictItem(usize),
    Arg(usize),
}

/// The first place of a stand-in with a number or a text, and what is there.
pub(crate) fn editable<'gc>(ctx: Context<'gc>, opaque: Opaque<'gc>) -> Option<(Place, Value<'gc>)> {
    let fields = opaque.state().and_then(Value::as_dict).map(|fields| fields.entries());
    let fields = fields
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((Place::Field(name.to::<String>(ctx).ok()?), value)));
    let state_items = opaque.state().and_then(Value::as_tuple);
    let numbered = |items: Vec<Value<'gc>>, place: fn(usize) -> Place| {
        items.into_iter().enumerate().map(move |(at, item)| (place(at), item))
    };
    let tuple_items =
        |tuple: Option<Tuple<'gc>>| tuple.map_or(Vec::new(), |it| it.as_slice().to_vec());
    let pairs = opaque.dict_items(ctx).to_vec();
    let values = pairs.into_iter().map(|pair| pair.as_tuple().map_or(pair, |it| it.as_slice()[1]));
    fields
        .chain(numbered(tuple_items(state_items), Place::StateItem))
        .chain(numbered(opaque.list_items(ctx).to_vec(), Place::ListItem))
        .chain(numbered(values.collect(), Place::DictItem))
        .chain(numbered(opaque.args().as_slice().to_vec(), Place::Arg))
        .find(|(_, value)| changed(ctx, *value).is_some())
}

/// Another number or text; nothing for other objects.
pub(crate) fn changed<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Option<Value<'gc>> {
    match value {
        Value::Int(number) => Some(Value::Int(number ^ 1)),
        Value::Bytes(_) if ctx.dialect() == halfsour_runtime::Dialect::Python3 => None,
        Value::Bytes(text) => {
            Some(halfsour_runtime::Bytes::from_vec(ctx, [text.as_slice(), b"!"].concat()).into())
        }
        Value::Unicode(text) => {
            let data = [text.as_generalised_utf8(), b"!"].concat();
            halfsour_runtime::Unicode::from_generalised_utf8(ctx, &data).map(Value::from)
        }
        _ => None,
    }
}

/// What is in a place.
pub(crate) fn get<'gc>(
    ctx: Context<'gc>,
    opaque: Opaque<'gc>,
    place: &Place,
) -> Result<'gc, Option<Value<'gc>>> {
    Ok(match *place {
        Place::Field(ref name) => opaque.field(ctx, name)?,
        Place::StateItem(at) => {
            opaque.state().and_then(Value::as_tuple).and_then(|it| it.as_slice().get(at).copied())
        }
        Place::ListItem(at) => opaque.list_items(ctx).get(at),
        Place::DictItem(at) => {
            let pair = opaque.dict_items(ctx).get(at).and_then(Value::as_tuple);
            pair.and_then(|pair| pair.as_slice().get(1).copied())
        }
        Place::Arg(at) => opaque.args().as_slice().get(at).copied(),
    })
}

/// Puts an object in a place.
pub(crate) fn set<'gc>(
    ctx: Context<'gc>,
    opaque: Opaque<'gc>,
    place: &Place,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    let replaced = |tuple: Tuple<'gc>, at: usize| {
        let mut items = tuple.as_slice().to_vec();
        items[at] = value;
        Tuple::from_vec(ctx, items)
    };
    match *place {
        Place::Field(ref name) => opaque.set_field(ctx, name, value)?,
        Place::StateItem(at) => {
            let state = opaque.state().and_then(Value::as_tuple);
            opaque.set_state(ctx, state.map(|state| replaced(state, at).into()));
        }
        Place::ListItem(at) => drop(opaque.list_items(ctx).set(ctx, at, value)),
        Place::DictItem(at) => {
            let pairs = opaque.dict_items(ctx);
            if let Some(pair) = pairs.get(at).and_then(Value::as_tuple) {
                pairs.set(ctx, at, replaced(pair, 1).into());
            }
        }
        Place::Arg(at) => opaque.set_args(ctx, replaced(opaque.args(), at)),
    }
    Ok(())
}
