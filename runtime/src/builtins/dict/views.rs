//! The views of a dict: Python 3's `keys()`, `values()` and `items()`, Python 2.7's `viewkeys()` and so on.

use super::super::arguments::{one, operands, receiver};
use super::super::define::Define;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::instance::Payload;
use crate::iter::{DictPart, Iter, IterState};
use crate::types::{Dict, List, Set};
use crate::value::Value;

/// Defines the methods of the views.
pub(in super::super) fn install<'gc>(ctx: Context<'gc>) {
    let types = ctx.types();
    for class in [types.dict_keys, types.dict_values, types.dict_items] {
        common(ctx, class);
    }
    for class in [types.dict_keys, types.dict_items] {
        as_set(ctx, class);
    }
}

fn common<'gc>(ctx: Context<'gc>, class: Class<'gc>) {
    Define::new(ctx, class)
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            let (dict, part) = own(ctx, this)?;
            Ok(Iter::builtin(ctx, IterState::dict(dict, part)).into_object(ctx))
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.0.len() as i64))
        })
        .special("__repr__", |ctx, this, args| {
            let [] = operands(&args, "__repr__")?;
            let items = List::from_vec(ctx, this.iter(ctx)?.collect_vec(ctx)?);
            let text = super::super::repr_text(ctx, items.into())?;
            Ok(ctx.str(&format!("{}({text})", this.type_name(ctx))))
        });
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, (Dict<'gc>, DictPart)> {
    let content = match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::DictView(dict, part) => Some((dict, part)),
            _ => None,
        },
        _ => None,
    };
    receiver(ctx, this, content)
}

/// Views of keys and items are like sets.
fn as_set<'gc>(ctx: Context<'gc>, class: Class<'gc>) {
    let define = Define::new(ctx, class)
        .special("__contains__", |ctx, this, args| {
            let [item] = operands(&args, "__contains__")?;
            Ok(Value::Bool(contains(ctx, this, item)?))
        })
        .attr("__hash__", Value::None);
    algebra(define);
    comparison(define);
    if ctx.dialect() == Dialect::Python3 {
        define.method("isdisjoint", |ctx, this, args| {
            let others = one(&args, "isdisjoint")?.iter(ctx)?;
            while let Some(other) = others.next(ctx)? {
                if contains(ctx, this, other)? {
                    return Ok(Value::Bool(false));
                }
            }
            Ok(Value::Bool(true))
        });
    }
}

fn contains<'gc>(ctx: Context<'gc>, this: Value<'gc>, item: Value<'gc>) -> Result<'gc, bool> {
    let (dict, part) = own(ctx, this)?;
    if part == DictPart::Keys {
        return dict.contains(ctx, item);
    }
    let Some(pair) = item.as_tuple() else {
        return Ok(false);
    };
    let &[key, value] = pair.as_slice() else {
        return Ok(false);
    };
    match dict.get(ctx, key)? {
        Some(found) => Ok(found.is(value) || found.equals(ctx, value)?),
        None => Ok(false),
    }
}

fn algebra(define: Define<'_>) {
    define
        .special("__and__", |ctx, this, args| {
            let [other] = operands(&args, "__and__")?;
            combine(ctx, this, other, "intersection_update")
        })
        .special("__or__", |ctx, this, args| {
            let [other] = operands(&args, "__or__")?;
            combine(ctx, this, other, "update")
        })
        .special("__sub__", |ctx, this, args| {
            let [other] = operands(&args, "__sub__")?;
            combine(ctx, this, other, "difference_update")
        })
        .special("__xor__", |ctx, this, args| {
            let [other] = operands(&args, "__xor__")?;
            combine(ctx, this, other, "symmetric_difference_update")
        })
        .special("__rand__", |ctx, this, args| {
            let [other] = operands(&args, "__rand__")?;
            combine(ctx, other, this, "intersection_update")
        })
        .special("__ror__", |ctx, this, args| {
            let [other] = operands(&args, "__ror__")?;
            combine(ctx, other, this, "update")
        })
        .special("__rsub__", |ctx, this, args| {
            let [other] = operands(&args, "__rsub__")?;
            combine(ctx, other, this, "difference_update")
        })
        .special("__rxor__", |ctx, this, args| {
            let [other] = operands(&args, "__rxor__")?;
            combine(ctx, other, this, "symmetric_difference_update")
        });
}

fn combine<'gc>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    right: Value<'gc>,
    operation: &str,
) -> Result<'gc> {
    let items = left.iter(ctx)?.collect_vec(ctx)?;
    let set = Value::from(Set::from_items(ctx, &items)?);
    set.call_method(ctx, operation, (right,))?;
    Ok(set)
}

fn comparison(define: Define<'_>) {
    define
        .special("__eq__", |ctx, this, args| {
            let [other] = operands(&args, "__eq__")?;
            compare(ctx, this, other, |own, other| own == other, Subset::OfOther)
        })
        .special("__ne__", |ctx, this, args| {
            let [other] = operands(&args, "__ne__")?;
            match compare(ctx, this, other, |own, other| own == other, Subset::OfOther)? {
                Value::Bool(equal) => Ok(Value::Bool(!equal)),
                other => Ok(other),
            }
        })
        .special("__lt__", |ctx, this, args| {
            let [other] = operands(&args, "__lt__")?;
            compare(ctx, this, other, |own, other| own < other, Subset::OfOther)
        })
        .special("__le__", |ctx, this, args| {
            let [other] = operands(&args, "__le__")?;
            compare(ctx, this, other, |own, other| own <= other, Subset::OfOther)
        })
        .special("__gt__", |ctx, this, args| {
            let [other] = operands(&args, "__gt__")?;
            compare(ctx, this, other, |own, other| own > other, Subset::OfThis)
        })
        .special("__ge__", |ctx, this, args| {
            let [other] = operands(&args, "__ge__")?;
            compare(ctx, this, other, |own, other| own >= other, Subset::OfThis)
        });
}

/// Which operand of a comparison must hold all items of the other.
#[derive(Clone, Copy, Debug)]
enum Subset {
    OfOther,
    OfThis,
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    lengths: fn(usize, usize) -> bool,
    subset: Subset,
) -> Result<'gc> {
    let set_like = matches!(other.content(), Value::Set(_) | Value::FrozenSet(_))
        || matches!(own(ctx, other), Ok((_, DictPart::Keys | DictPart::Items)));
    if !set_like {
        return Ok(Value::NotImplemented);
    }
    let items = this.iter(ctx)?.collect_vec(ctx)?;
    let others = other.iter(ctx)?.collect_vec(ctx)?;
    if !lengths(items.len(), others.len()) {
        return Ok(Value::Bool(false));
    }
    let (part, whole) = match subset {
        Subset::OfOther => (items, Value::from(Set::from_items(ctx, &others)?)),
        Subset::OfThis => (others, this),
    };
    for item in part {
        let found = match whole {
            Value::Set(set) => set.contains(ctx, item)?,
            view => contains(ctx, view, item)?,
        };
        if !found {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}
