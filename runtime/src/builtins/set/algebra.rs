//! Union, intersection, difference and symmetric difference: as methods, which take any iterables, and as operators,
//! which take sets.

use super::super::arguments::{no_keywords, one, operands};
use super::super::define::{Define, MethodFn};
use super::{make_like, own, table};
use crate::args::Args;
use crate::context::Context;
use crate::error::Result;
use crate::types::{Dict, Set};
use crate::value::Value;

/// Changes a set by another collection.
type Change = for<'a> fn(Context<'a>, Set<'a>, Value<'a>) -> Result<'a, ()>;

/// Defines what both types have.
pub(super) fn install(define: Define<'_>) {
    let methods: [(&'static str, MethodFn); 12] = [
        ("union", |ctx, this, args| changed_copy(ctx, this, &args, "union", update)),
        ("intersection", |ctx, this, args| {
            changed_copy(ctx, this, &args, "intersection", intersect)
        }),
        ("difference", |ctx, this, args| changed_copy(ctx, this, &args, "difference", subtract)),
        ("symmetric_difference", |ctx, this, args| {
            let args = Args::new(&[one(&args, "symmetric_difference")?]);
            changed_copy(ctx, this, &args, "symmetric_difference", toggle)
        }),
        ("__or__", |ctx, this, args| operator(ctx, this, &args, "__or__", update)),
        ("__and__", |ctx, this, args| operator(ctx, this, &args, "__and__", intersect)),
        ("__sub__", |ctx, this, args| operator(ctx, this, &args, "__sub__", subtract)),
        ("__xor__", |ctx, this, args| operator(ctx, this, &args, "__xor__", toggle)),
        ("__ror__", |ctx, this, args| reflected(ctx, this, &args, "__ror__", update)),
        ("__rand__", |ctx, this, args| reflected(ctx, this, &args, "__rand__", intersect)),
        ("__rsub__", |ctx, this, args| reflected(ctx, this, &args, "__rsub__", subtract)),
        ("__rxor__", |ctx, this, args| reflected(ctx, this, &args, "__rxor__", toggle)),
    ];
    install_all(define, methods);
}

/// Defines what only `set` has.
pub(super) fn install_changing(define: Define<'_>) {
    let methods: [(&'static str, MethodFn); 8] = [
        ("update", |ctx, this, args| change(ctx, this, &args, "update", update)),
        ("intersection_update", |ctx, this, args| {
            change(ctx, this, &args, "intersection_update", intersect)
        }),
        ("difference_update", |ctx, this, args| {
            change(ctx, this, &args, "difference_update", subtract)
        }),
        ("symmetric_difference_update", |ctx, this, args| {
            let args = Args::new(&[one(&args, "symmetric_difference_update")?]);
            change(ctx, this, &args, "symmetric_difference_update", toggle)
        }),
        ("__ior__", |ctx, this, args| in_place(ctx, this, &args, "__ior__", update)),
        ("__iand__", |ctx, this, args| in_place(ctx, this, &args, "__iand__", intersect)),
        ("__isub__", |ctx, this, args| in_place(ctx, this, &args, "__isub__", subtract)),
        ("__ixor__", |ctx, this, args| in_place(ctx, this, &args, "__ixor__", toggle)),
    ];
    install_all(define, methods);
}

fn install_all<const N: usize>(define: Define<'_>, methods: [(&'static str, MethodFn); N]) {
    for (name, code) in methods {
        if name.starts_with("__") {
            define.special(name, code);
        } else {
            define.method(name, code);
        }
    }
}

fn changed_copy<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    change: Change,
) -> Result<'gc> {
    no_keywords(args, name)?;
    let made = own(ctx, this)?.shallow_copy(ctx);
    for &other in args.positional() {
        change(ctx, made, other)?;
    }
    Ok(make_like(ctx, this, made))
}

fn change<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    change: Change,
) -> Result<'gc> {
    no_keywords(args, name)?;
    let set = own(ctx, this)?;
    for &other in args.positional() {
        change(ctx, set, other)?;
    }
    Ok(Value::None)
}

fn operator<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    change: Change,
) -> Result<'gc> {
    let [other] = operands(args, name)?;
    combine(ctx, this, other, change)
}

fn reflected<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    change: Change,
) -> Result<'gc> {
    let [other] = operands(args, name)?;
    combine(ctx, other, this, change)
}

fn combine<'gc>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    right: Value<'gc>,
    change: Change,
) -> Result<'gc> {
    let (Some(items), Some(_)) = (table(left), table(right)) else {
        return Ok(Value::NotImplemented);
    };
    let made = items.shallow_copy(ctx);
    change(ctx, made, right)?;
    Ok(make_like(ctx, left, made))
}

fn in_place<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    change: Change,
) -> Result<'gc> {
    let [other] = operands(args, name)?;
    if table(other).is_none() {
        return Ok(Value::NotImplemented);
    }
    change(ctx, own(ctx, this)?, other)?;
    Ok(this)
}

/// Adds what an object iterates over.
pub(super) fn update<'gc>(ctx: Context<'gc>, set: Set<'gc>, other: Value<'gc>) -> Result<'gc, ()> {
    if let Some(others) = table(other) {
        for item in others.to_vec() {
            set.add(ctx, item)?;
        }
        return Ok(());
    }
    // Most items are added by no code that could change the list.
    let is_done = match other {
        Value::List(list) => set.insert_plain(ctx, &list.borrow())? == list.len(),
        Value::Tuple(items) => set.insert_plain(ctx, items.as_slice())? == items.len(),
        _ => false,
    };
    if is_done {
        return Ok(());
    }
    // What was added already stays as it is.
    let others = other.iter(ctx)?;
    while let Some(item) = others.next(ctx)? {
        set.add(ctx, item)?;
    }
    Ok(())
}

fn intersect<'gc>(ctx: Context<'gc>, set: Set<'gc>, other: Value<'gc>) -> Result<'gc, ()> {
    let common = Set::new(ctx);
    for item in items_of(ctx, other)? {
        if set.contains(ctx, item)? {
            common.add(ctx, item)?;
        }
    }
    set.replace(ctx, common);
    Ok(())
}

fn subtract<'gc>(ctx: Context<'gc>, set: Set<'gc>, other: Value<'gc>) -> Result<'gc, ()> {
    for item in items_of(ctx, other)? {
        set.discard(ctx, item)?;
    }
    Ok(())
}

/// Symmetric difference: items of `other` that are there go, those that are not come; repeats count once.
fn toggle<'gc>(ctx: Context<'gc>, set: Set<'gc>, other: Value<'gc>) -> Result<'gc, ()> {
    let others = match table(other) {
        Some(others) => others.to_vec(),
        None => {
            let distinct = Dict::new(ctx);
            for item in items_of(ctx, other)? {
                distinct.insert(ctx, item, Value::None)?;
            }
            distinct.entries().into_iter().map(|(item, _)| item).collect()
        }
    };
    for item in others {
        if !set.discard(ctx, item)? {
            set.add(ctx, item)?;
        }
    }
    Ok(())
}

/// The items of a collection, of a set past any `__iter__` of a subclass.
pub(super) fn items_of<'gc>(ctx: Context<'gc>, other: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    match table(other) {
        Some(set) => Ok(set.to_vec()),
        None => other.iter(ctx)?.collect_vec(ctx),
    }
}
