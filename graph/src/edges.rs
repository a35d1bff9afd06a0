//! [`edges`]: what an object consists of.

use halfsour_pickle::{Opaque, OpaqueGlobal};
use halfsour_runtime::reduce::slot_state;
use halfsour_runtime::{Context, Dict, Instance, Result, Value};

use crate::path::Step;
use crate::shown::{is_atom, text};

/// A part of an object.
#[derive(Clone, Debug)]
pub struct Edge<'gc> {
    /// How the part is reached from the object.
    pub step: Step<'gc>,
    /// The part.
    pub value: Value<'gc>,
}

/// Returns the parts of an object, in their order: items, keys that are more than a number or a string, attributes, slots,
/// and what an opaque object is made of.
///
/// Classes, functions, modules and the like have none, nor has what a type in native code keeps in Rust.
///
/// # Errors
///
/// `ImportError` if an object has slots and the module `copy_reg` is not installed, which knows their names.
///
/// # Examples
///
/// ```
/// use halfsour_graph::edges;
/// use halfsour_runtime::{Runtime, value};
///
/// Runtime::python3().try_enter(|ctx| {
///     let parts = edges(ctx, value!(ctx, {"dill": 1, (2, 3): 4})?)?;
///     let steps: Vec<String> = parts.iter().map(|edge| edge.step.to_string()).collect();
///     assert_eq!(steps, ["['dill']", ".keys()[1]", "[(...)]"]);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn edges<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<Edge<'gc>>> {
    let mut found = Vec::new();
    match object {
        Value::Instance(instance) => of_instance(ctx, instance, &mut found)?,
        Value::ClassicInstance(instance) => attributes(instance.dict(), &mut found),
        other => items(other, &mut found),
    }
    Ok(found)
}

/// The items of a container.
fn items<'gc>(container: Value<'gc>, found: &mut Vec<Edge<'gc>>) {
    let mut indexed = |items: &[Value<'gc>], step: fn(usize) -> Step<'gc>| {
        found.extend(items.iter().enumerate().map(|(at, &value)| Edge { step: step(at), value }));
    };
    match container {
        Value::Tuple(it) => indexed(it.as_slice(), Step::Index),
        Value::List(it) => indexed(&it.to_vec(), Step::Index),
        Value::Set(it) => indexed(&it.to_vec(), Step::Item),
        Value::FrozenSet(it) => indexed(&it.to_vec(), Step::Item),
        Value::Slice(it) => {
            for (name, value) in [("start", it.start()), ("stop", it.stop()), ("step", it.step())] {
                found.push(Edge { step: Step::Attribute(name.to_owned()), value });
            }
        }
        Value::Dict(it) => entries(&it.entries(), Step::Value, found),
        _ => {}
    }
}

/// Entries of a dict; keys that are atoms are shown in the step to their value.
fn entries<'gc>(
    entries: &[(Value<'gc>, Value<'gc>)],
    step: fn(Value<'gc>) -> Step<'gc>,
    found: &mut Vec<Edge<'gc>>,
) {
    for (at, &(key, value)) in entries.iter().enumerate() {
        if !is_atom(key) {
            found.push(Edge { step: Step::Key(at), value: key });
        }
        found.push(Edge { step: step(key), value });
    }
}

/// Entries of a `__dict__`.
fn attributes<'gc>(dict: Dict<'gc>, found: &mut Vec<Edge<'gc>>) {
    for (key, value) in dict.entries() {
        let step = text(key).map_or(Step::Value(key), Step::Attribute);
        found.push(Edge { step, value });
    }
}

fn of_instance<'gc>(
    ctx: Context<'gc>,
    instance: Instance<'gc>,
    found: &mut Vec<Edge<'gc>>,
) -> Result<'gc, ()> {
    let object = Value::from(instance);
    if OpaqueGlobal::of(object).is_some() {
        return Ok(());
    }
    if let Some(opaque) = Opaque::of(object) {
        of_opaque(ctx, opaque, found);
        return Ok(());
    }
    match object.content() {
        Value::Instance(_) => {}
        content => items(content, found),
    }
    if let Some(dict) = instance.existing_dict() {
        attributes(dict, found);
    }
    if instance.slot_values().iter().any(Option::is_some)
        && let Some(slots) = slot_state(ctx, object, instance.class().into())?
    {
        attributes(slots, found);
    }
    if let Some(held) = instance.native_content() {
        let values = (0..held.len()).filter_map(|at| Some((at, held.get(at)?)));
        found.extend(values.map(|(at, value)| Edge { step: Step::Held(at), value }));
    }
    Ok(())
}

fn of_opaque<'gc>(ctx: Context<'gc>, opaque: Opaque<'gc>, found: &mut Vec<Edge<'gc>>) {
    if OpaqueGlobal::of(opaque.callable()).is_none() && !opaque.callable().is_none() {
        found.push(Edge { step: Step::Maker, value: opaque.callable() });
    }
    for (at, &value) in opaque.args().as_slice().iter().enumerate() {
        found.push(Edge { step: Step::Argument(at), value });
    }
    if let Some(keywords) = opaque.keywords() {
        entries(&keywords.entries(), Step::Keyword, found);
    }
    match opaque.state() {
        None => {}
        Some(state) => match fields(state) {
            Some(dicts) => dicts.into_iter().for_each(|dict| attributes(dict, found)),
            None => found.push(Edge { step: Step::State, value: state }),
        },
    }
    found.extend(opaque.state_setter().map(|value| Edge { step: Step::StateSetter, value }));
    for (at, value) in opaque.list_items(ctx).to_vec().into_iter().enumerate() {
        found.push(Edge { step: Step::Index(at), value });
    }
    let pairs = opaque.dict_items(ctx).to_vec();
    let pair = |value: Value<'gc>| match value.as_tuple()?.as_slice() {
        &[key, value] => Some((key, value)),
        _ => None,
    };
    let pairs: Vec<_> = pairs.into_iter().filter_map(pair).collect();
    entries(&pairs, Step::Value, found);
}

/// The dicts of fields in a state: the state itself, or a pair of dicts either of which may be None.
fn fields(state: Value<'_>) -> Option<Vec<Dict<'_>>> {
    if let Value::Dict(dict) = state {
        return Some(vec![dict]);
    }
    let Value::Tuple(pair) = state else { return None };
    let [first, second] = pair.as_slice() else { return None };
    let part = |value: &Value<'_>| value.is_none() || matches!(value, Value::Dict(_));
    if !part(first) || !part(second) || first.is_none() && second.is_none() {
        return None;
    }
    Some([first, second].into_iter().filter_map(|it| it.as_dict()).collect())
}
