//! `OrderedDict`: a dict that remembers the order of its keys. Every dict here does, so that what is left is what it
//! shows of it: order in comparisons, both ends of `popitem`, its `repr` and how it is reduced.

use halfsour_runtime::{
    Args, Class, Context, Dict, Error, Iter, List, Operator, Result, Value, exc, reduce,
};

use super::updating::update;
use crate::support::{self, Kind, class_name, none, one, python3, reduced, repr, tuple};

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let kind = if python3(ctx) { Kind::Static } else { Kind::Python };
    let builder = support::class(ctx, super::MODULE, "OrderedDict", kind)
        .base(ctx.types().dict)
        .method("__init__", init)
        .method("update", |ctx, this, args| {
            update(ctx, this, &args, |given| too_many(ctx, "update", given))?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            if python3(ctx) { reduce_3(ctx, this) } else { reduce_2(ctx, this) }
        })
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("__eq__", |ctx, this, args| {
            equals(ctx, this, one(&args, "__eq__")?, Operator::Equal)
        })
        .method("__ne__", |ctx, this, args| {
            equals(ctx, this, one(&args, "__ne__")?, Operator::NotEqual)
        })
        .attr("__hash__", Value::None)
        .method("__reversed__", |ctx, this, _| {
            let keys = dict(ctx, this)?.entries().into_iter().rev().map(|(key, _)| key).collect();
            Ok(Value::from(List::from_vec(ctx, keys)).iter(ctx)?.into_object(ctx))
        })
        .method("popitem", pop_item)
        .method("copy", |ctx, this, _| {
            let copy = Value::from(this.type_of(ctx)).call(ctx, ())?;
            for (key, value) in dict(ctx, this)?.entries() {
                copy.set_item(ctx, key, value)?;
            }
            Ok(copy)
        });
    if python3(ctx) {
        return builder.method("move_to_end", move_to_end).build();
    }
    builder.build()
}

fn dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    this.as_dict().ok_or_else(|| support::wrong_receiver(ctx, this, "OrderedDict"))
}

fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    update(ctx, this, &args, |given| format!("expected at most 1 arguments, got {given}"))?;
    Ok(Value::None)
}

fn too_many(ctx: Context<'_>, name: &str, given: usize) -> String {
    if python3(ctx) {
        return format!("{name}() takes at most 1 positional argument ({given} given)");
    }
    format!("{name}() takes at most 2 positional arguments ({} given)", given + 1)
}

/// `OrderedDict([['a', 1]])`, with the instance's own attributes as the state.
fn reduce_2<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let keys = this.iter(ctx)?.collect_vec(ctx)?;
    let lists = keys.into_iter().map(|key| {
        let value = this.get_item(ctx, key)?;
        Ok(List::from_vec(ctx, vec![key, value]).into())
    });
    let items = List::from_vec(ctx, lists.collect::<Result<'_, Vec<Value<'_>>>>()?).into();
    let state = this.get_attr(ctx, ctx.names().dict)?;
    match state.as_dict() {
        Some(state) if !state.is_empty() => {
            Ok(reduced(ctx, this, &[items], &[state.shallow_copy(ctx).into()]))
        }
        _ => Ok(reduced(ctx, this, &[items], &[])),
    }
}

/// `OrderedDict()`, then the state, then the items.
fn reduce_3<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let state = reduce::default_state(ctx, this)?;
    let items = this.call_method(ctx, "items", ())?.iter(ctx)?.into_object(ctx);
    Ok(reduced(ctx, this, &[], &[state, Value::None, items]))
}

/// 2.7 shows pairs, Python 3.12 and later a dict.
fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let dict = dict(ctx, this)?;
    let name = class_name(ctx, this);
    support::show_once(ctx, this, "...", || {
        if dict.is_empty() {
            return Ok(format!("{name}()"));
        }
        if python3(ctx) {
            return Ok(format!("{name}({})", repr(ctx, dict.shallow_copy(ctx).into())?));
        }
        let items = Iter::dict_items(ctx, dict).collect_vec(ctx)?;
        Ok(format!("{name}({})", repr(ctx, List::from_vec(ctx, items).into())?))
    })
}

/// Equal to another OrderedDict in the same order, to any other mapping in whatever order.
fn equals<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let (dict, Some(other_dict)) = (dict(ctx, this)?, other.as_dict()) else {
        return Ok(Value::NotImplemented);
    };
    let ordered = ctx.import_from(super::MODULE, "OrderedDict")?;
    let mut equal = Value::from(dict).equals(ctx, other_dict.into())?;
    if equal && other.is_instance(ctx, ordered)? {
        let keys = |dict: Dict<'gc>| {
            List::from_vec(ctx, dict.entries().into_iter().map(|(key, _)| key).collect())
        };
        equal = Value::from(keys(dict)).equals(ctx, keys(other_dict).into())?;
    }
    Ok(Value::Bool(equal == (operator == Operator::Equal)))
}

fn pop_item<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [last] = args.bind("popitem", ["last"], 0)?;
    let last = last.map_or(Ok(true), |last| last.truth(ctx))?;
    let dict = dict(ctx, this)?;
    let entry = if last { dict.pop_entry(ctx) } else { first(ctx, dict)? };
    match entry {
        Some((key, value)) => Ok(tuple(ctx, &[key, value])),
        None => Err(Error::new(&exc::KEY_ERROR, "dictionary is empty")),
    }
}

fn first<'gc>(ctx: Context<'gc>, dict: Dict<'gc>) -> Result<'gc, Option<(Value<'gc>, Value<'gc>)>> {
    let Some((key, value)) = dict.next_entry(&mut 0) else { return Ok(None) };
    dict.remove(ctx, key)?;
    Ok(Some((key, value)))
}

fn move_to_end<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [key, last] = args.bind("move_to_end", ["key", "last"], 1)?;
    let key = key.unwrap_or(Value::None);
    let last = last.map_or(Ok(true), |last| last.truth(ctx))?;
    let dict = dict(ctx, this)?;
    let Some(value) = dict.remove(ctx, key)? else {
        return Err(Error::with_args(&exc::KEY_ERROR, &[key]));
    };
    let others = if last { Vec::new() } else { dict.entries() };
    if !last {
        dict.clear(ctx);
    }
    dict.insert(ctx, key, value)?;
    for (key, value) in others {
        dict.insert(ctx, key, value)?;
    }
    Ok(Value::None)
}
