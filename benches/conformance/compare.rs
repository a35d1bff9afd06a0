//! What serde-pickle makes of a pickle, beside the graph that it means.

use std::collections::BTreeSet;

use halfsour_runtime::{Context, Dialect, Value};
use num_bigint::BigInt;
use serde_pickle::value::{HashableValue, Value as Tree};
use serde_pickle::{DeOptions, value_from_slice};

use crate::streams::Stream;

/// What came of a pickle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
    Refused,
}

impl Verdict {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Refused => "refused",
        }
    }
}

/// Loads a pickle by serde-pickle, and compares with the graph.
pub(crate) fn judge<'gc>(ctx: Context<'gc>, stream: &Stream, graph: Option<Value<'gc>>) -> Verdict {
    match (value_from_slice(&stream.bytes, DeOptions::new()), graph) {
        (Err(_), _) => Verdict::Refused,
        (Ok(tree), Some(graph)) if is_same(ctx, graph, &tree) => Verdict::Right,
        (Ok(_), _) => Verdict::Wrong,
    }
}

/// Whether a tree has the values of a graph.
fn is_same<'gc>(ctx: Context<'gc>, graph: Value<'gc>, tree: &Tree) -> bool {
    match (graph, tree) {
        (Value::Tuple(items), Tree::Tuple(all)) => are_same(ctx, items.as_slice(), all),
        (Value::List(items), Tree::List(all)) => are_same(ctx, &items.to_vec(), all),
        (Value::Set(items), Tree::Set(all)) => is_same_set(ctx, &items.to_vec(), all),
        (Value::FrozenSet(items), Tree::FrozenSet(all)) => is_same_set(ctx, &items.to_vec(), all),
        (Value::Dict(items), Tree::Dict(all)) => {
            items.len() == all.len()
                && items.entries().into_iter().all(|(key, value)| {
                    let same = all.iter().find(|(other, _)| is_same_key(ctx, key, other));
                    same.is_some_and(|(_, other)| is_same(ctx, value, other))
                })
        }
        (Value::ByteArray(bytes), Tree::Bytes(all)) => bytes.to_vec() == *all,
        (_, Tree::None) => graph.is_none(),
        (Value::Bool(truth), Tree::Bool(other)) => truth == *other,
        (_, Tree::I64(number)) => is_number(graph, &(*number).into()),
        // Theirs is the number of an older version of that crate.
        (_, Tree::Int(number)) => {
            is_number(graph, &BigInt::from_signed_bytes_le(&number.to_signed_bytes_le()))
        }
        (Value::Float(number), Tree::F64(other)) => {
            number.to_bits() == other.to_bits() || number.is_nan() && other.is_nan()
        }
        (Value::Bytes(bytes), Tree::Bytes(other)) => bytes.as_slice() == other,
        (Value::Unicode(text), Tree::String(other)) => text.as_str() == Some(other),
        // Python 2's names are byte strings, which are texts as long as they are ASCII.
        (Value::Bytes(text), Tree::String(other)) => {
            ctx.dialect() == Dialect::Python2 && text.as_slice() == other.as_bytes()
        }
        _ => false,
    }
}

fn are_same<'gc>(ctx: Context<'gc>, items: &[Value<'gc>], all: &[Tree]) -> bool {
    items.len() == all.len() && items.iter().zip(all).all(|(&one, other)| is_same(ctx, one, other))
}

fn is_same_set<'gc>(
    ctx: Context<'gc>,
    items: &[Value<'gc>],
    all: &BTreeSet<HashableValue>,
) -> bool {
    let is_in = |item| all.iter().any(|other| is_same_key(ctx, item, other));
    items.len() == all.len() && items.iter().all(|&item| is_in(item))
}

fn is_same_key<'gc>(ctx: Context<'gc>, key: Value<'gc>, other: &HashableValue) -> bool {
    is_same(ctx, key, &other.clone().into_value())
}

fn is_number(graph: Value<'_>, number: &BigInt) -> bool {
    match graph {
        Value::Int(own) => *number == own.into(),
        Value::Long(own) => own.as_bigint() == number,
        _ => false,
    }
}
