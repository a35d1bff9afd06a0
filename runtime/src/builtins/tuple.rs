//! `tuple`: its methods and operators.

use super::arguments::{none, one, one_named, operands, receiver};
use super::define::{Define, wrap};
use super::list::{cannot_concatenate, count, find, repeat, simple_slice};
use super::positions::{self, Positions, Subscript};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::types::Tuple;
use crate::value::Value;

/// Defines the methods of `tuple`.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let define = Define::new(ctx, ctx.types().tuple).new_with(|ctx, class, args| {
        let content = match one_named(&args, "tuple", "sequence")? {
            None => Tuple::new(ctx, &[]),
            Some(items) => from_iterable(ctx, items)?,
        };
        Ok(wrap(ctx, class, content))
    });
    methods(define);
    operators(define);
    items(define);
    super::comparison::install(define);
    super::comparison::install_hash(define);
}

/// Returns the tuple of what an object iterates over (`tuple(x)`): a tuple itself, if it is one.
pub(super) fn from_iterable<'gc>(ctx: Context<'gc>, items: Value<'gc>) -> Result<'gc, Tuple<'gc>> {
    match items {
        Value::Tuple(tuple) => Ok(tuple),
        Value::List(list) => Ok(Tuple::from_vec(ctx, list.to_vec())),
        items => Ok(Tuple::from_vec(ctx, items.iter(ctx)?.collect_vec(ctx)?)),
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Tuple<'gc>> {
    receiver(ctx, this, this.as_tuple())
}

fn methods(define: Define<'_>) {
    define
        .method("count", |ctx, this, args| {
            let sought = one(&args, "count")?;
            let items = own(ctx, this)?.as_slice();
            count(ctx, |at| items.get(at).copied(), sought)
        })
        .method("index", |ctx, this, args| {
            let (sought, from, to) = args.parse(ctx, "index")?;
            let items = own(ctx, this)?.as_slice();
            let get = |at: usize| items.get(at).copied();
            match find(ctx, || items.len(), get, sought, (from, to))? {
                Some(at) => Ok(Value::Int(at as i64)),
                None => Err(Error::new(&exc::VALUE_ERROR, "tuple.index(x): x not in tuple")),
            }
        })
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            // A tuple itself; of a subclass's instance a copy, so that a pickle does not take it for the instance.
            let copy = match this {
                Value::Tuple(tuple) => tuple,
                _ => Tuple::new(ctx, own(ctx, this)?.as_slice()),
            };
            Ok(Tuple::new(ctx, &[copy.into()]).into())
        });
}

fn operators(define: Define<'_>) {
    define
        .special("__add__", |ctx, this, args| {
            let [other] = operands(&args, "__add__")?;
            let Value::Tuple(other) = other.content() else {
                return Err(cannot_concatenate(ctx, "tuple", other));
            };
            let mut items = own(ctx, this)?.as_slice().to_vec();
            items.extend_from_slice(other.as_slice());
            Ok(Tuple::from_vec(ctx, items).into())
        })
        .special("__mul__", |ctx, this, args| {
            let [times] = operands(&args, "__mul__")?;
            multiply(ctx, this, times)
        })
        .special("__rmul__", |ctx, this, args| {
            let [times] = operands(&args, "__rmul__")?;
            multiply(ctx, this, times)
        });
}

fn multiply<'gc>(ctx: Context<'gc>, this: Value<'gc>, times: Value<'gc>) -> Result<'gc> {
    let times = positions::count(ctx, times)?;
    if let Value::Tuple(_) = this
        && times == 1
    {
        return Ok(this);
    }
    Ok(Tuple::from_vec(ctx, repeat(ctx, own(ctx, this)?.as_slice(), times)?).into())
}

fn items(define: Define<'_>) {
    define
        .special("__contains__", |ctx, this, args| {
            let [item] = operands(&args, "__contains__")?;
            let items = own(ctx, this)?.as_slice();
            let get = |at: usize| items.get(at).copied();
            let found = find(ctx, || items.len(), get, item, (None, None))?;
            Ok(Value::Bool(found.is_some()))
        })
        .special("__getitem__", |ctx, this, args| {
            let [key] = operands(&args, "__getitem__")?;
            get(ctx, this, key)
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            Ok(Iter::builtin(ctx, IterState::Tuple(own(ctx, this)?, 0)).into_object(ctx))
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.len() as i64))
        });
    if define.dialect() == Dialect::Python2 {
        define.special("__getslice__", |ctx, this, args| {
            let [start, stop] = operands(&args, "__getslice__")?;
            let positions = simple_slice(ctx, start, stop, own(ctx, this)?.len())?;
            part(ctx, this, positions)
        });
    }
}

fn get<'gc>(ctx: Context<'gc>, this: Value<'gc>, key: Value<'gc>) -> Result<'gc> {
    let tuple = own(ctx, this)?;
    match Subscript::read(ctx, key, tuple.len())? {
        Some(Subscript::Index(at)) => positions::position(at, tuple.len())
            .and_then(|at| tuple.as_slice().get(at).copied())
            .ok_or_else(|| Error::new(&exc::INDEX_ERROR, "tuple index out of range")),
        Some(Subscript::Slice(positions)) => part(ctx, this, positions),
        None => {
            let or_slices = ctx.dialect().pick("", " or slices");
            let key = key.type_name(ctx);
            let message = format!("tuple indices must be integers{or_slices}, not {key}");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// A part of a tuple: the tuple itself where it is all of it.
fn part<'gc>(ctx: Context<'gc>, this: Value<'gc>, positions: Positions) -> Result<'gc> {
    let tuple = own(ctx, this)?;
    if let Value::Tuple(_) = this
        && positions.contiguous() == Some(0..tuple.len())
    {
        return Ok(this);
    }
    Ok(Tuple::from_vec(ctx, positions.pick(tuple.as_slice())).into())
}
