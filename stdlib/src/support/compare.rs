//! The six comparison methods of a class from one function.

use halfsour_runtime::{ClassBuilder, Context, Operator, Result, Value};

use super::one;

/// What a class gives for a comparison with any object; NotImplemented leaves it to the other.
pub(crate) type Compare = for<'a> fn(Context<'a>, Value<'a>, Value<'a>, Operator) -> Result<'a>;

const METHODS: [(&str, Operator); 6] = [
    ("__lt__", Operator::Less),
    ("__le__", Operator::LessEqual),
    ("__eq__", Operator::Equal),
    ("__ne__", Operator::NotEqual),
    ("__gt__", Operator::Greater),
    ("__ge__", Operator::GreaterEqual),
];

/// Adds `__lt__` and its like.
pub(crate) fn comparisons(mut builder: ClassBuilder<'_>, compare: Compare) -> ClassBuilder<'_> {
    for (name, operator) in METHODS {
        builder = builder.method(name, move |ctx, this, args| {
            let other = one(&args, name)?;
            compare(ctx, this, other, operator)
        });
    }
    builder
}

/// Objects that are never equal: True for `!=`, False for `==`, no answer for an order.
pub(crate) fn never<'gc>(operator: Operator) -> Value<'gc> {
    match operator {
        Operator::Equal => Value::Bool(false),
        Operator::NotEqual => Value::Bool(true),
        _ => Value::NotImplemented,
    }
}
