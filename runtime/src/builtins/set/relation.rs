//! `issubset`, `issuperset` and `isdisjoint`.

use super::super::arguments::one;
use super::super::define::Define;
use super::algebra::items_of;
use super::{own, table};
use crate::context::Context;
use crate::error::Result;
use crate::types::Set;
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .method("isdisjoint", |ctx, this, args| {
            let other = one(&args, "isdisjoint")?;
            let set = own(ctx, this)?;
            for item in items_of(ctx, other)? {
                if set.contains(ctx, item)? {
                    return Ok(Value::Bool(false));
                }
            }
            Ok(Value::Bool(true))
        })
        .method("issubset", |ctx, this, args| {
            let other = one(&args, "issubset")?;
            let whole = match table(other) {
                Some(set) => set,
                None => Set::from_items(ctx, &items_of(ctx, other)?)?,
            };
            holds_all(ctx, whole, &own(ctx, this)?.to_vec())
        })
        .method("issuperset", |ctx, this, args| {
            let other = one(&args, "issuperset")?;
            let part = match table(other) {
                Some(set) => set,
                None => Set::from_items(ctx, &items_of(ctx, other)?)?,
            };
            holds_all(ctx, own(ctx, this)?, &part.to_vec())
        });
}

fn holds_all<'gc>(ctx: Context<'gc>, whole: Set<'gc>, items: &[Value<'gc>]) -> Result<'gc> {
    for &item in items {
        if !whole.contains(ctx, item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}
