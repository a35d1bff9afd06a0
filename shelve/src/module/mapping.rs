//! What a mapping gets from its own `keys` and items: Python 2's `DictMixin`, Python 3's `MutableMapping`.

use std::cmp::Ordering;

use halfsour_runtime::{
    Args, Context, Dialect, Dict, Error, Function, Iter, List, Result, Tuple, Value, exc,
};

use super::define::Define;
use super::views;

/// Adds the methods that stand on `__getitem__`, `__setitem__`, `__delitem__`, `keys` and `__iter__`.
pub(super) fn methods<B: Define>(dialect: Dialect, builder: B) -> B {
    let builder = builder
        .define("pop", |ctx, this, args| pop(ctx, this, &args))
        .define("popitem", |ctx, this, args| {
            let () = args.parse(ctx, "popitem")?;
            popitem(ctx, this)
        })
        .define("setdefault", |ctx, this, args| setdefault(ctx, this, &args))
        .define("update", |ctx, this, args| update(ctx, this, &args));
    match dialect {
        Dialect::Python2 => python2(builder),
        _ => python3(builder),
    }
}

fn python2<B: Define>(builder: B) -> B {
    builder
        .define("iterkeys", |ctx, this, args| {
            let () = args.parse(ctx, "iterkeys")?;
            Ok(keys(ctx, this)?.into_object(ctx))
        })
        .define("itervalues", |ctx, this, args| {
            let () = args.parse(ctx, "itervalues")?;
            Ok(each(ctx, this, value_of)?.into_object(ctx))
        })
        .define("iteritems", |ctx, this, args| {
            let () = args.parse(ctx, "iteritems")?;
            Ok(each(ctx, this, item_of)?.into_object(ctx))
        })
        .define("values", |ctx, this, args| {
            let () = args.parse(ctx, "values")?;
            Ok(List::from_vec(ctx, each(ctx, this, value_of)?.collect_vec(ctx)?).into())
        })
        .define("items", |ctx, this, args| {
            let () = args.parse(ctx, "items")?;
            Ok(List::from_vec(ctx, each(ctx, this, item_of)?.collect_vec(ctx)?).into())
        })
        .define("has_key", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "has_key")?;
            Ok(this.contains(ctx, key)?.into())
        })
        .define("__repr__", |ctx, this, args| {
            let () = args.parse(ctx, "__repr__")?;
            Value::from(as_dict(ctx, this)?).repr(ctx)
        })
        .define("__cmp__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__cmp__")?;
            if other.is_none() {
                return Ok(Value::Int(1));
            }
            let other = match other.content() {
                Value::Dict(_) => other,
                _ if other.find_attr(ctx, "iteritems")?.is_some() => as_dict(ctx, other)?.into(),
                _ => other,
            };
            Ok(Value::Int(match Value::from(as_dict(ctx, this)?).compare(ctx, other)? {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            }))
        })
}

fn python3<B: Define>(builder: B) -> B {
    builder
        .define("keys", |ctx, this, args| {
            let () = args.parse(ctx, "keys")?;
            views::view(ctx, "KeysView", this)
        })
        .define("values", |ctx, this, args| {
            let () = args.parse(ctx, "values")?;
            views::view(ctx, "ValuesView", this)
        })
        .define("items", |ctx, this, args| {
            let () = args.parse(ctx, "items")?;
            views::view(ctx, "ItemsView", this)
        })
        .define("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            let is_mapping = matches!(other.content(), Value::Dict(_))
                || other.find_attr(ctx, "keys")?.is_some();
            if !is_mapping {
                return Ok(Value::NotImplemented);
            }
            let (own, other) = (as_dict(ctx, this)?, as_dict(ctx, other)?);
            Ok(Value::from(own).equals(ctx, other.into())?.into())
        })
}

/// Returns an iterator over the keys.
pub(super) fn keys<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Iter<'gc>> {
    match ctx.dialect() {
        Dialect::Python2 => this.call_method(ctx, "keys", ())?.iter(ctx),
        _ => this.iter(ctx),
    }
}

/// What an iterator gives for a key.
pub(super) type OfKey = for<'a> fn(Context<'a>, Value<'a>, Value<'a>) -> Result<'a>;

pub(super) fn value_of<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    this.get_item(ctx, key)
}

pub(super) fn item_of<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    Ok(Tuple::new(ctx, &[key, this.get_item(ctx, key)?]).into())
}

/// Returns an iterator over something for each key.
pub(super) fn each<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    of_key: OfKey,
) -> Result<'gc, Iter<'gc>> {
    let keys = keys(ctx, this)?.into_object(ctx);
    let captured = Tuple::new(ctx, &[this, keys]);
    let next = Function::capturing(ctx, "next", captured, move |ctx, captured, _| {
        let captured = captured.as_tuple().map_or(&[][..], |captured| captured.as_slice());
        let &[this, keys] = captured else { return Err(Error::bare(&exc::STOP_ITERATION)) };
        match keys.iter(ctx)?.next(ctx)? {
            Some(key) => of_key(ctx, this, key),
            None => Err(Error::bare(&exc::STOP_ITERATION)),
        }
    });
    Ok(Iter::generator(ctx, next.into()))
}

/// Returns a dict with what a mapping has.
fn as_dict<'gc>(ctx: Context<'gc>, mapping: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    if let Value::Dict(dict) = mapping.content() {
        return Ok(dict);
    }
    let dict = Dict::new(ctx);
    let keys = keys(ctx, mapping)?;
    while let Some(key) = keys.next(ctx)? {
        Value::from(dict).set_item(ctx, key, mapping.get_item(ctx, key)?)?;
    }
    Ok(dict)
}

/// Turns a KeyError into nothing.
pub(super) fn unless_missing<'gc>(
    ctx: Context<'gc>,
    found: Result<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match found {
        Err(error) if error.is(ctx, &exc::KEY_ERROR) => Ok(None),
        other => other.map(Some),
    }
}

fn pop<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [key, default] = args.bind("pop", ["key", "default"], 1)?;
    let key = key.unwrap_or(Value::None);
    match (this.get_item(ctx, key), default) {
        (Err(error), Some(default)) if error.is(ctx, &exc::KEY_ERROR) => Ok(default),
        (found, _) => {
            let found = found?;
            this.del_item(ctx, key)?;
            Ok(found)
        }
    }
}

fn popitem<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let Some(key) = keys(ctx, this)?.next(ctx)? else {
        return Err(match ctx.dialect() {
            Dialect::Python2 => Error::new(&exc::KEY_ERROR, "container is empty"),
            _ => Error::bare(&exc::KEY_ERROR),
        });
    };
    let item = item_of(ctx, this, key)?;
    this.del_item(ctx, key)?;
    Ok(item)
}

fn setdefault<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [key, default] = args.bind("setdefault", ["key", "default"], 1)?;
    let (key, default) = (key.unwrap_or(Value::None), default.unwrap_or(Value::None));
    match unless_missing(ctx, this.get_item(ctx, key))? {
        Some(found) => Ok(found),
        None => this.set_item(ctx, key, default).map(|()| default),
    }
}

/// `update(other=(), **kwargs)`.
fn update<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let other = match args.positional() {
        [] => None,
        &[other] => Some(other),
        more => {
            let message = format!("update() takes at most 1 argument ({} given)", more.len());
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    match other {
        None => {}
        Some(Value::None) if ctx.dialect() == Dialect::Python2 => {}
        Some(other) => match other.find_attr(ctx, "keys")? {
            Some(keys) => {
                let keys = keys.call(ctx, ())?.iter(ctx)?;
                while let Some(key) = keys.next(ctx)? {
                    this.set_item(ctx, key, other.get_item(ctx, key)?)?;
                }
            }
            None => {
                let pairs = other.iter(ctx)?;
                while let Some(pair) = pairs.next(ctx)? {
                    let (key, value) = unpack(ctx, pair)?;
                    this.set_item(ctx, key, value)?;
                }
            }
        },
    }
    for &(name, value) in args.keywords() {
        this.set_item(ctx, name.value(), value)?;
    }
    Ok(Value::None)
}

/// Unpacks a pair, as `for key, value in pairs` does.
fn unpack<'gc>(ctx: Context<'gc>, pair: Value<'gc>) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
    let items = pair.iter(ctx)?.collect_vec(ctx)?;
    let message = match (items.as_slice(), ctx.dialect()) {
        (&[key, value], _) => return Ok((key, value)),
        ([] | [_], Dialect::Python2) => "need more than 1 value to unpack",
        ([] | [_], _) => "not enough values to unpack (expected 2)",
        (_, Dialect::Python2) => "too many values to unpack",
        (_, _) => "too many values to unpack (expected 2)",
    };
    Err(Error::new(&exc::VALUE_ERROR, message))
}
