//! The special methods of comparison and hashing of built-in data types: they look at the content alone, so that a
//! subclass's own method can call them.

use super::arguments::operands;
use super::define::Define;
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::ops::Operator;
use crate::ops::equality::content_equal;
use crate::ops::hash::content_hash;
use crate::ops::order::{content_compare, content_three_way};
use crate::types::Dict;
use crate::value::Value;

/// Defines `__eq__` and the other comparison operators.
pub(super) fn install(define: Define<'_>) {
    install_equality(define);
    define
        .special("__lt__", |ctx, this, args| order(ctx, this, &args, Operator::Less))
        .special("__le__", |ctx, this, args| order(ctx, this, &args, Operator::LessEqual))
        .special("__gt__", |ctx, this, args| order(ctx, this, &args, Operator::Greater))
        .special("__ge__", |ctx, this, args| order(ctx, this, &args, Operator::GreaterEqual));
}

/// Defines the comparison operators of a type without order, or with Python 2's `__cmp__` for it.
pub(super) fn install_without_order(define: Define<'_>) {
    install_equality(define);
    for name in ["__lt__", "__le__", "__gt__", "__ge__"] {
        define.special(name, |_, _, args| {
            let [_] = operands(&args, "comparison")?;
            Ok(Value::NotImplemented)
        });
    }
}

fn install_equality(define: Define<'_>) {
    define
        .special("__eq__", |ctx, this, args| {
            let [other] = operands(&args, "__eq__")?;
            Ok(content_equal(ctx, this, other)?.map_or(Value::NotImplemented, Value::Bool))
        })
        .special("__ne__", |ctx, this, args| {
            let [other] = operands(&args, "__ne__")?;
            let equal = content_equal(ctx, this, other)?;
            Ok(equal.map_or(Value::NotImplemented, |equal| Value::Bool(!equal)))
        });
}

fn order<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let [other] = operands(args, "comparison")?;
    Ok(content_compare(ctx, this, other, operator)?.unwrap_or(Value::NotImplemented))
}

/// Defines `__hash__` of an immutable type.
pub(super) fn install_hash(define: Define<'_>) {
    define.special("__hash__", |ctx, this, args| {
        let [] = operands(&args, "__hash__")?;
        content_hash(ctx, this).map(Value::Int)
    });
}

/// Says that a mutable type has no hash.
pub(super) fn refuse_hash(define: Define<'_>) {
    define.attr("__hash__", Value::None);
}

/// Defines Python 2's `dict.__cmp__`.
pub(super) fn install_three_way(define: Define<'_>) {
    if define.dialect() == Dialect::Python3 {
        return;
    }
    define.special("__cmp__", |ctx, this, args| {
        let [other] = operands(&args, "__cmp__")?;
        let other = other.as_dict().map(Dict::into).ok_or_else(|| {
            let got = other.type_name(ctx);
            let message = format!("dict.__cmp__(x,y) requires y to be a 'dict', not a '{got}'");
            crate::error::Error::new(&crate::exception_type::exc::TYPE_ERROR, message)
        })?;
        Ok(Value::Int(content_three_way(ctx, this, other)? as i64))
    });
}
