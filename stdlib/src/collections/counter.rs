//! `Counter`: a dict that counts.

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Dict, Error, Iter, List, Result, Value, exc,
};

use super::updating::{ENTRY, pairs_of};
use crate::support::{self, Kind, none, one, operate, python3, reduced, repr, type_error};

/// `elements()` gives no more, as it makes them at once.
const MOST_ELEMENTS: usize = 1 << 24;

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, "Counter", Kind::Python)
        .base(ctx.types().dict)
        .method("__init__", |ctx, this, args| change(ctx, this, &args, "__init__", "__add__"))
        .method("update", |ctx, this, args| change(ctx, this, &args, "update", "__add__"))
        .method("subtract", |ctx, this, args| change(ctx, this, &args, "subtract", "__sub__"))
        .method("__missing__", |_, _, _| Ok(Value::Int(0)))
        .method("__delitem__", |ctx, this, args| {
            dict(ctx, this)?.remove(ctx, one(&args, "__delitem__")?)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            Ok(reduced(ctx, this, &[dict(ctx, this)?.shallow_copy(ctx).into()], &[]))
        })
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("copy", |ctx, this, _| Value::from(this.type_of(ctx)).call(ctx, (this,)))
        .method("most_common", |ctx, this, args| {
            let [most] = args.bind("most_common", ["n"], 0)?;
            let mut common = most_common(ctx, dict(ctx, this)?)?;
            if let Some(most) = most.filter(|most| !most.is_none()) {
                common.truncate(usize::try_from(most.to::<i64>(ctx)?).unwrap_or_default());
            }
            Ok(List::from_vec(ctx, common).into())
        })
        .method("elements", |ctx, this, _| {
            let mut elements = Vec::new();
            for (key, count) in dict(ctx, this)?.entries() {
                let count = usize::try_from(count.to::<i64>(ctx)?).unwrap_or_default();
                if count > MOST_ELEMENTS - elements.len() {
                    return Err(Error::bare(&exc::MEMORY_ERROR));
                }
                elements.extend(std::iter::repeat_n(key, count));
            }
            Ok(Value::from(List::from_vec(ctx, elements)).iter(ctx)?.into_object(ctx))
        });
    let builder = if python3(ctx) { builder.method("total", total) } else { builder };
    algebra(builder).build()
}

fn dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Dict<'gc>> {
    this.as_dict().ok_or_else(|| support::wrong_receiver(ctx, this, "Counter"))
}

fn count<'gc>(ctx: Context<'gc>, dict: Dict<'gc>, key: Value<'gc>) -> Result<'gc> {
    Ok(dict.get(ctx, key)?.unwrap_or(Value::Int(0)))
}

/// Counts what an iterable gives, or adds (or takes away) the counts of a mapping.
fn change<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    name: &str,
    operator: &str,
) -> Result<'gc> {
    let sources = match args.positional() {
        [] => None,
        [source] => Some(*source).filter(|source| !source.is_none()),
        given => {
            let given = given.len();
            return Err(type_error(if python3(ctx) {
                format!(
                    "Counter.{name}() takes from 1 to 2 positional arguments but {} were given",
                    given + 1
                )
            } else {
                format!("expected at most 1 arguments, got {given}")
            }));
        }
    };
    let own = dict(ctx, this)?;
    if let Some(source) = sources {
        let mapping = source.as_dict().is_some() || source.find_attr(ctx, "keys")?.is_some();
        let counts: Vec<_> = if mapping {
            pairs_of(ctx, source)?
        } else {
            let items = source.iter(ctx)?.collect_vec(ctx)?;
            items.into_iter().map(|item| (item, Value::Int(1))).collect()
        };
        for (key, more) in counts {
            ctx.take_allowance(ENTRY)?;
            let counted = operate(ctx, count(ctx, own, key)?, operator, more)?;
            this.set_item(ctx, key, counted)?;
        }
    }
    for (key, more) in args.keywords() {
        let counted = operate(ctx, count(ctx, own, key.value())?, operator, *more)?;
        this.set_item(ctx, key.value(), counted)?;
    }
    Ok(Value::None)
}

/// The items, the highest counts first.
fn most_common<'gc>(ctx: Context<'gc>, dict: Dict<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let items = List::from_vec(ctx, Iter::dict_items(ctx, dict).collect_vec(ctx)?);
    let second = halfsour_runtime::Function::new(ctx, "count", |ctx, args| {
        one(&args, "count")?.get_item(ctx, 1)
    });
    let args = Args::default().keyword(ctx, "key", second).keyword(ctx, "reverse", true);
    Value::from(items).call_method(ctx, "sort", args)?;
    Ok(items.to_vec())
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let own = dict(ctx, this)?;
    let name = support::class_name(ctx, this);
    support::show_once(ctx, this, "...", || {
        if own.is_empty() {
            return Ok(format!("{name}()"));
        }
        let ordered = Dict::new(ctx);
        // Counts that have no order are shown as they come.
        let items = match most_common(ctx, own) {
            Ok(items) => items,
            Err(_) => Iter::dict_items(ctx, own).collect_vec(ctx)?,
        };
        for item in items {
            ordered.insert(ctx, item.get_item(ctx, 0)?, item.get_item(ctx, 1)?)?;
        }
        Ok(format!("{name}({})", repr(ctx, ordered.into())?))
    })
}

fn total<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let mut total = Value::Int(0);
    for (_, count) in dict(ctx, this)?.entries() {
        total = operate(ctx, total, "__add__", count)?;
    }
    Ok(total)
}

/// `+`, `-`, `|` and `&`, which keep only counts above zero.
fn algebra(mut builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    for name in ["__add__", "__sub__", "__or__", "__and__"] {
        builder = builder
            .method(name, move |ctx, this, args| combine(ctx, this, one(&args, name)?, name));
    }
    builder
}

fn combine<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: &str,
) -> Result<'gc> {
    let class = ctx.import_from(super::MODULE, "Counter")?;
    if !other.is_instance(ctx, class)? {
        return Ok(Value::NotImplemented);
    }
    let (own, other) = (dict(ctx, this)?, dict(ctx, other)?);
    let made = class.call(ctx, ())?;
    let keep = |key, count: Value<'gc>| -> Result<'gc, ()> {
        if Value::Int(0).less_than(ctx, count)? {
            made.set_item(ctx, key, count)?;
        }
        Ok(())
    };
    for (key, count_here) in own.entries() {
        let there = count(ctx, other, key)?;
        keep(key, joined(ctx, count_here, there, operator)?)?;
    }
    if operator != "__and__" {
        for (key, there) in other.entries() {
            if !own.contains(ctx, key)? {
                keep(key, joined(ctx, Value::Int(0), there, operator)?)?;
            }
        }
    }
    Ok(made)
}

fn joined<'gc>(
    ctx: Context<'gc>,
    here: Value<'gc>,
    there: Value<'gc>,
    operator: &str,
) -> Result<'gc> {
    match operator {
        "__or__" => Ok(if here.less_than(ctx, there)? { there } else { here }),
        "__and__" => Ok(if here.less_than(ctx, there)? { here } else { there }),
        _ => operate(ctx, here, operator, there),
    }
}
