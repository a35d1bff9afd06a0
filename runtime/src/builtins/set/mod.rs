//! `set` and `frozenset`: their methods and operators.
//!
//! Both have the same table inside; the methods work on it whichever the type is.

mod algebra;
mod relation;

use super::arguments::{counted, none, one, operands, receiver};
use super::define::{Define, wrap};
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::types::{FrozenSet, List, Set, Tuple};
use crate::value::Value;

/// Defines the methods of `set` and `frozenset`.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let set = Define::new(ctx, ctx.types().set)
        .new_with(|ctx, class, _| Ok(wrap(ctx, class, Set::new(ctx))))
        .special("__init__", |ctx, this, args| {
            let items = iterable(&args, "set")?;
            let set = own(ctx, this)?;
            set.clear(ctx);
            items.map_or(Ok(()), |items| algebra::update(ctx, set, items))?;
            Ok(Value::None)
        });
    changing(set);
    algebra::install_changing(set);
    let frozen = Define::new(ctx, ctx.types().frozenset).new_with(new_frozen);
    super::comparison::install_hash(frozen);
    super::comparison::refuse_hash(set);
    for define in [set, frozen] {
        common(define);
        algebra::install(define);
        relation::install(define);
        super::comparison::install(define);
    }
}

/// Returns the table of a set or frozenset, or of an instance of a subclass.
fn table(value: Value<'_>) -> Option<Set<'_>> {
    match value.content() {
        Value::Set(set) => Some(set),
        Value::FrozenSet(set) => Some(Set(set.0)),
        _ => None,
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Set<'gc>> {
    receiver(ctx, this, table(this))
}

/// Makes an object of the type of `like` out of a fresh table; Python 2 keeps a subclass, Python 3 does not.
fn make_like<'gc>(ctx: Context<'gc>, like: Value<'gc>, made: Set<'gc>) -> Value<'gc> {
    let content = match like.content() {
        Value::FrozenSet(_) => FrozenSet(made.0).into(),
        _ => Value::Set(made),
    };
    match (like, ctx.dialect()) {
        (Value::Instance(like), Dialect::Python2) => wrap(ctx, like.class(), content),
        _ => content,
    }
}

fn iterable<'gc>(args: &Args<'gc>, name: &str) -> Result<'gc, Option<Value<'gc>>> {
    if !args.keywords().is_empty() {
        let message = format!("{name}() does not take keyword arguments");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    Ok(counted(args, name, 0, 1)?.first().copied())
}

fn new_frozen<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    // A subclass may take keywords in its `__init__`.
    let items = if class.is_heap_type() {
        counted(&args, "frozenset", 0, 1)?.first().copied()
    } else {
        iterable(&args, "frozenset")?
    };
    match items {
        Some(Value::FrozenSet(same)) if !class.is_heap_type() => Ok(same.into()),
        items => {
            let set = Set::new(ctx);
            items.map_or(Ok(()), |items| algebra::update(ctx, set, items))?;
            // Python 2 has one empty frozenset.
            if set.is_empty() && !class.is_heap_type() && ctx.dialect() == Dialect::Python2 {
                return Ok(ctx.state.empty_frozenset.into());
            }
            Ok(wrap(ctx, class, FrozenSet(set.0)))
        }
    }
}

/// Looks for an item; a set, which is unhashable, is looked for as the frozenset of the same items.
fn with_frozen<'gc, T>(
    ctx: Context<'gc>,
    item: Value<'gc>,
    find: impl Fn(Value<'gc>) -> Result<'gc, T>,
) -> Result<'gc, T> {
    match (find(item), item.as_set()) {
        (Err(error), Some(set)) if error.is(ctx, &exc::TYPE_ERROR) => {
            find(FrozenSet(set.shallow_copy(ctx).0).into())
        }
        (found, _) => found,
    }
}

fn common(define: Define<'_>) {
    define
        .method("__contains__", |ctx, this, args| {
            let item = one(&args, "__contains__")?;
            let set = own(ctx, this)?;
            Ok(Value::Bool(with_frozen(ctx, item, |item| set.contains(ctx, item))?))
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            let state = IterState::of_content(this);
            Ok(Iter::builtin(ctx, receiver(ctx, this, state)?).into_object(ctx))
        })
        .special("__len__", |ctx, this, args| {
            let [] = operands(&args, "__len__")?;
            Ok(Value::Int(own(ctx, this)?.len() as i64))
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let items = List::from_vec(ctx, own(ctx, this)?.to_vec());
            let state = super::reduced_state_of(ctx, this)?;
            let items = Tuple::new(ctx, &[items.into()]);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), items.into(), state]).into())
        })
        .method("copy", |ctx, this, args| {
            none(&args, "copy")?;
            if let Value::FrozenSet(_) = this {
                return Ok(this);
            }
            Ok(make_like(ctx, this, own(ctx, this)?.shallow_copy(ctx)))
        });
}

fn changing(define: Define<'_>) {
    define
        .method("add", |ctx, this, args| {
            let item = one(&args, "add")?;
            own(ctx, this)?.add(ctx, item)?;
            Ok(Value::None)
        })
        .method("clear", |ctx, this, args| {
            none(&args, "clear")?;
            own(ctx, this)?.clear(ctx);
            Ok(Value::None)
        })
        .method("discard", |ctx, this, args| {
            let item = one(&args, "discard")?;
            let set = own(ctx, this)?;
            with_frozen(ctx, item, |item| set.discard(ctx, item))?;
            Ok(Value::None)
        })
        .method("pop", |ctx, this, args| {
            none(&args, "pop")?;
            own(ctx, this)?
                .pop_item(ctx)
                .ok_or_else(|| Error::new(&exc::KEY_ERROR, "pop from an empty set"))
        })
        .method("remove", |ctx, this, args| {
            let item = one(&args, "remove")?;
            let set = own(ctx, this)?;
            if with_frozen(ctx, item, |item| set.discard(ctx, item))? {
                return Ok(Value::None);
            }
            Err(Error::with_args(&exc::KEY_ERROR, &[item]))
        });
}
