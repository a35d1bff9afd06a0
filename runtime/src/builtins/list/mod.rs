//! `list`: its methods and operators.

mod subscript;

pub(super) use self::subscript::{remove_positions, simple_slice};

use super::arguments::{self, integer, none, one, one_named, operands, receiver};
use super::define::{Define, wrap};
use super::positions;
use super::sorting::{Sorting, sort_list};
use crate::allowance::room;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::types::List;
use crate::value::Value;

/// Defines the methods of `list`.
pub(super) fn install<'gc>(ctx: Context<'gc>) {
    let define = Define::new(ctx, ctx.types().list)
        .new_with(|ctx, class, _| Ok(wrap(ctx, class, List::new(ctx))))
        .special("__init__", |ctx, this, args| {
            let list = own(ctx, this)?;
            let items = one_named(&args, "list", "sequence")?;
            list.update(ctx, Vec::clear);
            items.map_or(Ok(()), |items| extend(ctx, list, items))?;
            Ok(Value::None)
        });
    methods(define);
    operators(define);
    subscript::install(define);
    super::comparison::install(define);
    super::comparison::refuse_hash(define);
}

fn methods(define: Define<'_>) {
    define
        .method("append", |ctx, this, args| {
            let item = one(&args, "append")?;
            own(ctx, this)?.push(ctx, item);
            Ok(Value::None)
        })
        .method("count", |ctx, this, args| {
            let sought = one(&args, "count")?;
            let list = own(ctx, this)?;
            count(ctx, |at| list.get(at), sought)
        })
        .method("extend", |ctx, this, args| {
            let items = one(&args, "extend")?;
            extend(ctx, own(ctx, this)?, items)?;
            Ok(Value::None)
        })
        .method("index", |ctx, this, args| {
            let list = own(ctx, this)?;
            let (sought, from, to) = args.parse(ctx, "index")?;
            match find(ctx, || list.len(), |at| list.get(at), sought, (from, to))? {
                Some(at) => Ok(Value::Int(at as i64)),
                None => {
                    let message = format!("{} is not in list", super::repr_text(ctx, sought)?);
                    Err(Error::new(&exc::VALUE_ERROR, message))
                }
            }
        })
        .method("insert", |ctx, this, args| {
            let (at, item) = args.parse::<(Value<'_>, Value<'_>)>(ctx, "insert")?;
            let at = integer(ctx, at)?;
            own(ctx, this)?
                .update(ctx, |items| items.insert(positions::bound(at, items.len()), item));
            Ok(Value::None)
        })
        .method("pop", pop)
        .method("remove", |ctx, this, args| {
            let sought = one(&args, "remove")?;
            let list = own(ctx, this)?;
            let range = (None, None);
            let Some(at) = find(ctx, || list.len(), |at| list.get(at), sought, range)? else {
                return Err(Error::new(&exc::VALUE_ERROR, "list.remove(x): x not in list"));
            };
            // The item's `__eq__` may have shortened the list.
            list.update(ctx, |items| {
                if at < items.len() {
                    items.remove(at);
                }
            });
            Ok(Value::None)
        })
        .method("reverse", |ctx, this, args| {
            none(&args, "reverse")?;
            own(ctx, this)?.update(ctx, |items| items.reverse());
            Ok(Value::None)
        })
        .method("sort", |ctx, this, args| {
            let sorting = Sorting::from_args(ctx, &args, 0, "sort")?;
            sort_list(ctx, own(ctx, this)?, sorting)?;
            Ok(Value::None)
        })
        .method("__reversed__", |ctx, this, args| {
            none(&args, "__reversed__")?;
            let list = own(ctx, this)?;
            let state = IterState::ListReversed(list, list.len());
            Ok(Iter::builtin(ctx, state).into_object(ctx))
        });
    if define.dialect() == crate::dialect::Dialect::Python3 {
        define
            .method("clear", |ctx, this, args| {
                none(&args, "clear")?;
                own(ctx, this)?.update(ctx, Vec::clear);
                Ok(Value::None)
            })
            .method("copy", |ctx, this, args| {
                none(&args, "copy")?;
                Ok(List::from_vec(ctx, own(ctx, this)?.to_vec()).into())
            });
    }
}

fn operators(define: Define<'_>) {
    define
        .special("__add__", |ctx, this, args| {
            let [other] = operands(&args, "__add__")?;
            let Value::List(other) = other.content() else {
                return Err(cannot_concatenate(ctx, "list", other));
            };
            let mut items = own(ctx, this)?.to_vec();
            items.extend_from_slice(&other.borrow());
            Ok(List::from_vec(ctx, items).into())
        })
        .special("__iadd__", |ctx, this, args| {
            let [other] = operands(&args, "__iadd__")?;
            extend(ctx, own(ctx, this)?, other)?;
            Ok(this)
        })
        .special("__imul__", |ctx, this, args| {
            let [times] = operands(&args, "__imul__")?;
            let times = positions::count(ctx, times)?;
            let list = own(ctx, this)?;
            let items = repeat(ctx, &list.borrow(), times)?;
            list.update(ctx, |old| *old = items);
            Ok(this)
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

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, List<'gc>> {
    receiver(ctx, this, this.as_list())
}

fn multiply<'gc>(ctx: Context<'gc>, this: Value<'gc>, times: Value<'gc>) -> Result<'gc> {
    let times = positions::count(ctx, times)?;
    let items = repeat(ctx, &own(ctx, this)?.borrow(), times)?;
    Ok(List::from_vec(ctx, items).into())
}

/// Appends what an object iterates over.
pub(super) fn extend<'gc>(
    ctx: Context<'gc>,
    list: List<'gc>,
    items: Value<'gc>,
) -> Result<'gc, ()> {
    match items {
        Value::List(items) => list.extend(ctx, &items.to_vec()),
        Value::Tuple(items) => list.extend(ctx, items.as_slice()),
        // A list of a subclass that is added to itself would never end.
        items if items.as_list().is_some_and(|items| items.is(list)) => {
            list.extend(ctx, &list.to_vec());
        }
        items => {
            let items = items.iter(ctx)?;
            while let Some(item) = items.next(ctx)? {
                list.push(ctx, item);
            }
        }
    }
    Ok(())
}

fn pop<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: crate::args::Args<'gc>) -> Result<'gc> {
    let (at,) = args.parse::<(Option<Value<'gc>>,)>(ctx, "pop")?;
    let at = at.map_or(Ok(-1), |at| arguments::integer(ctx, at))?;
    let list = own(ctx, this)?;
    if list.is_empty() {
        return Err(Error::new(&exc::INDEX_ERROR, "pop from empty list"));
    }
    list.update(ctx, |items| positions::position(at, items.len()).map(|at| items.remove(at)))
        .ok_or_else(|| Error::new(&exc::INDEX_ERROR, "pop index out of range"))
}

/// Returns the first position of an item, by equality; the sequence may change while it is searched.
pub(super) fn find<'gc>(
    ctx: Context<'gc>,
    length: impl Fn() -> usize,
    get: impl Fn(usize) -> Option<Value<'gc>>,
    sought: Value<'gc>,
    (from, to): (Option<Value<'gc>>, Option<Value<'gc>>),
) -> Result<'gc, Option<usize>> {
    let from = search_bound(ctx, from, 0)?;
    let to = search_bound(ctx, to, i64::MAX)?;
    let (start, stop) = (positions::bound(from, length()), positions::bound(to, length()));
    let mut at = start;
    while at < stop
        && let Some(item) = get(at)
    {
        if item.is(sought) || item.equals(ctx, sought)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn search_bound<'gc>(
    ctx: Context<'gc>,
    bound: Option<Value<'gc>>,
    default: i64,
) -> Result<'gc, i64> {
    let Some(bound) = bound else {
        return Ok(default);
    };
    positions::clipped(ctx, bound)?.ok_or_else(|| {
        let message = "slice indices must be integers or have an __index__ method";
        Error::new(&exc::TYPE_ERROR, message)
    })
}

/// Counts the items equal to one; the sequence may change meanwhile.
pub(super) fn count<'gc>(
    ctx: Context<'gc>,
    get: impl Fn(usize) -> Option<Value<'gc>>,
    sought: Value<'gc>,
) -> Result<'gc> {
    let (mut at, mut count) = (0, 0);
    while let Some(item) = get(at) {
        if item.is(sought) || item.equals(ctx, sought)? {
            count += 1;
        }
        at += 1;
    }
    Ok(Value::Int(count))
}

/// Repeats items; what could not be held in memory is refused.
pub(super) fn repeat<'gc, T: Copy>(
    ctx: Context<'gc>,
    items: &[T],
    times: i64,
) -> Result<'gc, Vec<T>> {
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    let mut repeated = room(ctx, items.len().saturating_mul(times))?;
    if !items.is_empty() {
        for _ in 0..times {
            repeated.extend_from_slice(items);
        }
    }
    Ok(repeated)
}

#[cold]
pub(super) fn cannot_concatenate<'gc>(
    ctx: Context<'gc>,
    kind: &str,
    other: Value<'gc>,
) -> Error<'gc> {
    let other = other.type_name(ctx);
    let message = format!("can only concatenate {kind} (not \"{other}\") to {kind}");
    Error::new(&exc::TYPE_ERROR, message)
}
