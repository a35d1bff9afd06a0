//! The order of built-in contents: numbers, strings, sequences, sets, and in Python 2 dicts and slices.

use std::cmp::Ordering;

use super::deep_equality::{Comparison, set_entries};
use super::number::Number;
use super::order::{Operator, Step};
use super::{equality, lookup};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, Dict, Slice, Unicode};
use crate::value::Value;

/// Applies an operator to the contents of two objects; `None` if contents of these types do not have it.
pub(super) fn rich_step<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, Step<'gc, Option<bool>>> {
    if let Operator::Equal | Operator::NotEqual = operator {
        let Some(equal) = equality::content_equal(ctx, a, b)? else {
            return Ok(Step::Decided(None));
        };
        return Ok(Step::Decided(Some(equal == (operator == Operator::Equal))));
    }
    let (x, y) = (a.content(), b.content());
    let decided = match (x, y) {
        (Value::Set(_) | Value::FrozenSet(_), Value::Set(_) | Value::FrozenSet(_)) => {
            set_relation(ctx, x, y, operator).map(Some)?
        }
        _ => match ordered(ctx, x, y)? {
            Step::Decided(None) if has_nan(x, y) => Some(false),
            Step::Decided(order) => order.map(|order| operator.holds(order)),
            Step::Compare(x, y) => return Ok(Step::Compare(x, y)),
        },
    };
    Ok(Step::Decided(decided))
}

fn has_nan<'gc>(a: Value<'gc>, b: Value<'gc>) -> bool {
    Number::of(a).is_some() && Number::of(b).is_some()
}

/// Finds Python 2's `cmp` of the contents of two objects; `None` if contents of these types are not ordered.
pub(super) fn three_way_step<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Step<'gc, Option<Ordering>>> {
    let (x, y) = (a.content(), b.content());
    match (x, y) {
        (Value::Set(_) | Value::FrozenSet(_), Value::Set(_) | Value::FrozenSet(_)) => {
            order_of_sets(ctx, a, b).map(|order| Step::Decided(Some(order)))
        }
        (Value::Complex(_), _) | (_, Value::Complex(_)) if equality_of_numbers(x, y) => {
            Ok(Step::Decided(Some(Ordering::Equal)))
        }
        _ => ordered(ctx, x, y),
    }
}

/// Sets of one type refuse to be ordered; those of two are asked for equality and inclusion first.
fn order_of_sets<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) -> Result<'gc, Ordering> {
    if !a.type_of(ctx).is(b.type_of(ctx)) {
        let (x, y) = (a.content(), b.content());
        if equality::content_equal(ctx, x, y)? == Some(true) {
            return Ok(Ordering::Equal);
        }
        for (operator, order) in
            [(Operator::Less, Ordering::Less), (Operator::Greater, Ordering::Greater)]
        {
            if set_relation(ctx, x, y, operator)? {
                return Ok(order);
            }
        }
    }
    Err(Error::new(&exc::TYPE_ERROR, "cannot compare sets using cmp()"))
}

fn equality_of_numbers<'gc>(a: Value<'gc>, b: Value<'gc>) -> bool {
    Number::of(a).zip(Number::of(b)).is_some_and(|(a, b)| a.equals(b))
}

/// Orders contents that are in a line: not sets.
fn ordered<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Step<'gc, Option<Ordering>>> {
    let order = match (a, b) {
        (Value::Bytes(a), Value::Bytes(b)) => a.as_slice().cmp(b.as_slice()),
        // Generalised UTF-8 is in the order of its code points.
        (Value::Unicode(a), Value::Unicode(b)) => order_of_texts(a, b),
        (Value::Bytes(a), Value::Unicode(b)) => match order_of_mixed(ctx, a, b)? {
            Some(order) => order,
            None => return Ok(Step::Decided(None)),
        },
        (Value::Unicode(a), Value::Bytes(b)) => match order_of_mixed(ctx, b, a)? {
            Some(order) => order.reverse(),
            None => return Ok(Step::Decided(None)),
        },
        (Value::ByteArray(a), Value::ByteArray(b)) => a.to_vec().cmp(&b.to_vec()),
        (Value::ByteArray(a), Value::Bytes(b)) => a.with(|a| a.cmp(b.as_slice())),
        (Value::Bytes(a), Value::ByteArray(b)) => b.with(|b| a.as_slice().cmp(b)),
        (Value::List(_), Value::List(_)) | (Value::Tuple(_), Value::Tuple(_)) => {
            return match Comparison::new(ctx).first_difference(a, b)? {
                Some((x, y)) => Ok(Step::Compare(x, y)),
                None => Ok(Step::Decided(Some(a.len(ctx)?.cmp(&b.len(ctx)?)))),
            };
        }
        (Value::Slice(a), Value::Slice(b)) => return order_of_slices(ctx, a, b),
        (Value::Dict(a), Value::Dict(b)) if ctx.dialect() == Dialect::Python2 => {
            return order_of_dicts(ctx, a, b);
        }
        _ => return order_of_numbers(ctx, a, b).map(Step::Decided),
    };
    Ok(Step::Decided(Some(order)))
}

fn order_of_texts<'gc>(a: Unicode<'gc>, b: Unicode<'gc>) -> Ordering {
    a.as_generalised_utf8().cmp(b.as_generalised_utf8())
}

/// Python 2 decodes the byte string as ASCII.
fn order_of_mixed<'gc>(
    ctx: Context<'gc>,
    bytes: Bytes<'gc>,
    text: Unicode<'gc>,
) -> Result<'gc, Option<Ordering>> {
    if ctx.dialect() == Dialect::Python3 {
        return Ok(None);
    }
    crate::text::ascii::check(ctx, bytes)?;
    Ok(Some(bytes.as_slice().cmp(text.as_generalised_utf8())))
}

fn order_of_numbers<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, Option<Ordering>> {
    let (Some(x), Some(y)) = (Number::of(a), Number::of(b)) else {
        return Ok(None);
    };
    let is_complex = matches!(x, Number::Complex(_)) || matches!(y, Number::Complex(_));
    if is_complex {
        return match ctx.dialect() {
            Dialect::Python2 => Err(Error::new(
                &exc::TYPE_ERROR,
                "no ordering relation is defined for complex numbers",
            )),
            Dialect::Python3 => Ok(None),
        };
    }
    Ok(x.order(y))
}

fn order_of_slices<'gc>(
    ctx: Context<'gc>,
    a: Slice<'gc>,
    b: Slice<'gc>,
) -> Result<'gc, Step<'gc, Option<Ordering>>> {
    for (x, y) in [(a.start(), b.start()), (a.stop(), b.stop()), (a.step(), b.step())] {
        if !x.is_or_equals(ctx, y)? {
            return Ok(Step::Compare(x, y));
        }
    }
    Ok(Step::Decided(Some(Ordering::Equal)))
}

/// Orders dicts by length, then by the smallest key whose value differs, then by that value.
///
/// Source: measured on 2.7.18; the documentation calls the order consistent but not otherwise defined.
fn order_of_dicts<'gc>(
    ctx: Context<'gc>,
    a: Dict<'gc>,
    b: Dict<'gc>,
) -> Result<'gc, Step<'gc, Option<Ordering>>> {
    let by_length = a.len().cmp(&b.len());
    if by_length.is_ne() {
        return Ok(Step::Decided(Some(by_length)));
    }
    let Some((a_key, a_value)) = smallest_difference(ctx, a, b)? else {
        return Ok(Step::Decided(Some(Ordering::Equal)));
    };
    let Some((b_key, b_value)) = smallest_difference(ctx, b, a)? else {
        return Ok(Step::Decided(Some(Ordering::Equal)));
    };
    if a_key.is_or_equals(ctx, b_key)? {
        return Ok(Step::Compare(a_value, b_value));
    }
    Ok(Step::Compare(a_key, b_key))
}

/// Returns the smallest key of `dict` that `other` does not have with an equal value, and its value.
fn smallest_difference<'gc>(
    ctx: Context<'gc>,
    dict: Dict<'gc>,
    other: Dict<'gc>,
) -> Result<'gc, Option<(Value<'gc>, Value<'gc>)>> {
    let mut smallest: Option<(Value<'gc>, Value<'gc>)> = None;
    for (key, value) in dict.entries() {
        if let Some((known, _)) = smallest
            && !key.less_than(ctx, known)?
        {
            continue;
        }
        let same = match other.get(ctx, key)? {
            Some(of_other) => value.is_or_equals(ctx, of_other)?,
            None => false,
        };
        if !same {
            smallest = Some((key, value));
        }
    }
    Ok(smallest)
}

/// `<` and `<=` of sets say which is part of which.
fn set_relation<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    operator: Operator,
) -> Result<'gc, bool> {
    let (part, whole) = match operator {
        Operator::Less | Operator::LessEqual => (a, b),
        _ => (b, a),
    };
    let is_proper = matches!(operator, Operator::Less | Operator::Greater);
    let (part_length, whole_length) = (part.len(ctx)?, whole.len(ctx)?);
    if part_length > whole_length || (is_proper && part_length == whole_length) {
        return Ok(false);
    }
    for (hash, item, _) in set_entries(part) {
        let found = match whole {
            Value::Set(whole) => lookup::find(ctx, whole.0, hash, item)?,
            Value::FrozenSet(whole) => lookup::find(ctx, whole.0, hash, item)?,
            _ => None,
        };
        if found.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}
