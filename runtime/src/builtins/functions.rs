//! The built-in functions that need no interpreter and no input or output: `len`, `getattr`, `sorted`, ...

use std::cmp::Ordering;

use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::module::Module;
use crate::text::codepoints;
use crate::types::{Bytes, List, Tuple, Unicode};
use crate::value::Value;

use super::arguments::{between, one};
use super::sorting::Sorting;

type Code = for<'a> fn(Context<'a>, Args<'a>) -> Result<'a>;

/// What both dialects have.
const COMMON: [(&str, Code); 20] = [
    ("all", |ctx, args| Ok(Value::Bool(find_truth(ctx, one(&args, "all")?, false)?.is_none()))),
    ("any", |ctx, args| Ok(Value::Bool(find_truth(ctx, one(&args, "any")?, true)?.is_some()))),
    ("callable", |ctx, args| Ok(Value::Bool(one(&args, "callable")?.is_callable(ctx)))),
    ("chr", chr),
    ("delattr", |ctx, args| {
        let given = between(&args, "delattr", 2, 2)?;
        given[0].del_attr(ctx, attribute_name(ctx, given[1], "delattr")?)?;
        Ok(Value::None)
    }),
    ("getattr", get_attr),
    ("hasattr", has_attr),
    ("hash", |ctx, args| Ok(Value::Int(one(&args, "hash")?.hash(ctx)?))),
    ("id", |ctx, args| Ok(one(&args, "id")?.id(ctx))),
    ("isinstance", |ctx, args| {
        let given = between(&args, "isinstance", 2, 2)?;
        Ok(Value::Bool(given[0].is_instance(ctx, given[1])?))
    }),
    ("issubclass", |ctx, args| {
        let given = between(&args, "issubclass", 2, 2)?;
        Ok(Value::Bool(given[0].is_subclass(ctx, given[1])?))
    }),
    ("iter", iter),
    ("len", |ctx, args| {
        let length = one(&args, "len")?.len(ctx)?;
        Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
    }),
    ("max", |ctx, args| extreme(ctx, &args, "max", Ordering::Greater)),
    ("min", |ctx, args| extreme(ctx, &args, "min", Ordering::Less)),
    ("next", next),
    ("ord", ord),
    ("repr", |ctx, args| one(&args, "repr")?.repr(ctx)),
    ("setattr", |ctx, args| {
        let given = between(&args, "setattr", 3, 3)?;
        given[0].set_attr(ctx, attribute_name(ctx, given[1], "setattr")?, given[2])?;
        Ok(Value::None)
    }),
    ("sorted", sorted),
];

/// What only Python 2 has as functions.
const PYTHON2: [(&str, Code); 9] = [
    ("cmp", |ctx, args| {
        let given = between(&args, "cmp", 2, 2)?;
        Ok(Value::Int(given[0].compare(ctx, given[1])? as i64))
    }),
    ("filter", filter),
    ("intern", |ctx, args| {
        let text = one(&args, "intern")?;
        match text {
            Value::Bytes(_) => Ok(ctx.name_of(text).map_or(text, |name| name.value())),
            _ => Err(Error::new(&exc::TYPE_ERROR, "can't intern subclass of string")),
        }
    }),
    ("map", map),
    ("range", range),
    ("raw_input", |_, _| Err(Error::new(&exc::EOF_ERROR, "a runtime has no standard input"))),
    ("reduce", reduce),
    ("unichr", |ctx, args| {
        let point: i64 = args.parse::<(i64,)>(ctx, "unichr")?.0;
        let text =
            u32::try_from(point).ok().and_then(|point| Unicode::from_code_points(ctx, [point]));
        let out_of_range = || {
            Error::new(&exc::VALUE_ERROR, "unichr() arg not in range(0x110000) (wide Python build)")
        };
        text.map(Value::from).ok_or_else(out_of_range)
    }),
    ("zip", zip),
];

/// What only Python 3 has as a function.
const PYTHON3: [(&str, Code); 1] =
    [("input", |_, _| Err(Error::new(&exc::EOF_ERROR, "a runtime has no standard input")))];

/// Puts the functions of the dialect into the module of built-in names.
pub(super) fn install<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let of_dialect: &[(&str, Code)] = match ctx.dialect() {
        Dialect::Python2 => &PYTHON2,
        Dialect::Python3 => &PYTHON3,
    };
    for (name, code) in COMMON.iter().chain(of_dialect) {
        module.builtin(ctx, name, *code)?;
    }
    Ok(())
}

/// The first item whose truth is as wanted.
fn find_truth<'gc>(
    ctx: Context<'gc>,
    items: Value<'gc>,
    wanted: bool,
) -> Result<'gc, Option<Value<'gc>>> {
    let items = items.iter(ctx)?;
    while let Some(item) = items.next(ctx)? {
        if item.truth(ctx)? == wanted {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn attribute_name<'gc>(
    ctx: Context<'gc>,
    name: Value<'gc>,
    function: &str,
) -> Result<'gc, crate::name::Name<'gc>> {
    ctx.name_of(name).ok_or_else(|| {
        Error::new(&exc::TYPE_ERROR, format!("{function}(): attribute name must be string"))
    })
}

fn get_attr<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = between(&args, "getattr", 2, 3)?;
    let name = attribute_name(ctx, given[1], "getattr")?;
    match given.get(2) {
        None => given[0].get_attr(ctx, name),
        Some(default) => Ok(given[0].find_attr(ctx, name)?.unwrap_or(*default)),
    }
}

/// Python 2 takes any exception but those that end a program for a no; Python 3 only `AttributeError`.
fn has_attr<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = between(&args, "hasattr", 2, 2)?;
    let name = attribute_name(ctx, given[1], "hasattr")?;
    match given[0].find_attr(ctx, name) {
        Ok(found) => Ok(Value::Bool(found.is_some())),
        Err(error) if ctx.dialect() == Dialect::Python2 && error.is(ctx, &exc::EXCEPTION) => {
            Ok(Value::Bool(false))
        }
        Err(error) => Err(error),
    }
}

fn iter<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    match between(&args, "iter", 1, 2)? {
        [function, _] if !function.is_callable(ctx) => {
            Err(Error::new(&exc::TYPE_ERROR, "iter(v, w): v must be callable"))
        }
        [function, sentinel] => {
            Ok(Iter::builtin(ctx, IterState::Callable(*function, *sentinel)).into_object(ctx))
        }
        given => Ok(given[0].iter(ctx)?.into_object(ctx)),
    }
}

fn next<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = between(&args, "next", 1, 2)?;
    if !given[0].is_iterator(ctx)? {
        let kind = given[0].type_name(ctx);
        let message = match ctx.dialect() {
            Dialect::Python2 => format!("{kind} object is not an iterator"),
            Dialect::Python3 => format!("'{kind}' object is not an iterator"),
        };
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let name = ctx.dialect().pick("next", "__next__");
    match (given[0].call_method(ctx, name, ()), given.get(1)) {
        (Err(error), Some(default)) if error.is(ctx, &exc::STOP_ITERATION) => Ok(*default),
        (outcome, _) => outcome,
    }
}

fn chr<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (code,): (i64,) = args.parse(ctx, "chr")?;
    let text = match ctx.dialect() {
        Dialect::Python2 => u8::try_from(code).ok().map(|byte| Bytes::new(ctx, &[byte]).into()),
        Dialect::Python3 => {
            let point = u32::try_from(code).ok();
            point.and_then(|point| Unicode::from_code_points(ctx, [point])).map(Value::from)
        }
    };
    let range = ctx.dialect().pick("range(256)", "range(0x110000)");
    text.ok_or_else(|| Error::new(&exc::VALUE_ERROR, format!("chr() arg not in {range}")))
}

fn ord<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let text = one(&args, "ord")?;
    let (count, first) = match text.content() {
        Value::Bytes(it) => (it.len(), it.as_slice().first().copied().map(u32::from)),
        Value::ByteArray(it) => (it.len(), it.with(|bytes| bytes.first().copied().map(u32::from))),
        Value::Unicode(it) => {
            (codepoints::count(it.as_generalised_utf8()), it.code_points().next())
        }
        _ => {
            let kind = text.type_name(ctx);
            let message = format!("ord() expected string of length 1, but {kind} found");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    match first {
        Some(code) if count == 1 => Ok(Value::Int(code.into())),
        _ => {
            let message = format!("ord() expected a character, but string of length {count} found");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn sorted<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let sorting = Sorting::from_args(ctx, &args, 1, "sorted")?;
    let Some(items) = args.positional().first() else {
        let message = "Required argument 'iterable' (pos 1) not found";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let items = items.iter(ctx)?.collect_vec(ctx)?;
    Ok(List::from_vec(ctx, sorting.sort(ctx, items)?).into())
}

/// `max` and `min`: of one iterable, or of the arguments.
fn extreme<'gc>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    function: &str,
    better: Ordering,
) -> Result<'gc> {
    let key = match args.keywords() {
        [] => Value::None,
        [(name, key)] if name.as_slice() == b"key" => *key,
        _ => {
            let message = format!("{function}() got an unexpected keyword argument");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    };
    let items = match args.positional() {
        [] => {
            let message = format!("{function} expected 1 arguments, got 0");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        [items] => items.iter(ctx)?.collect_vec(ctx)?,
        items => items.to_vec(),
    };
    let mut best: Option<(Value<'gc>, Value<'gc>)> = None;
    for item in items {
        let value = if key.is_none() { item } else { key.call(ctx, (item,))? };
        let replaces = match best {
            None => true,
            Some((known, _)) if better == Ordering::Less => value.less_than(ctx, known)?,
            Some((known, _)) => known.less_than(ctx, value)?,
        };
        if replaces {
            best = Some((value, item));
        }
    }
    let empty = || Error::new(&exc::VALUE_ERROR, format!("{function}() arg is an empty sequence"));
    best.map(|(_, item)| item).ok_or_else(empty)
}

/// Python 2's `map`: a list; shorter iterables are filled up with None.
fn map<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [function, iterables @ ..] = args.positional() else {
        return Err(Error::new(&exc::TYPE_ERROR, "map() requires at least two args"));
    };
    if iterables.is_empty() {
        return Err(Error::new(&exc::TYPE_ERROR, "map() requires at least two args"));
    }
    let iterators: Vec<Iter<'gc>> =
        iterables.iter().map(|it| it.iter(ctx)).collect::<Result<'gc, _>>()?;
    let mut out = Vec::new();
    loop {
        let items: Vec<Option<Value<'gc>>> =
            iterators.iter().map(|it| it.next(ctx)).collect::<Result<'gc, _>>()?;
        if items.iter().all(Option::is_none) {
            return Ok(List::from_vec(ctx, out).into());
        }
        let items: Vec<Value<'gc>> =
            items.into_iter().map(|item| item.unwrap_or(Value::None)).collect();
        out.push(match (function.is_none(), items.as_slice()) {
            (true, [item]) => *item,
            (true, _) => Tuple::from_vec(ctx, items).into(),
            (false, items) => function.call(ctx, items)?,
        });
    }
}

/// Python 2's `filter`: a tuple of a tuple, else a list.
// DIFFERENCE: of a string, CPython 2 makes a string again.
fn filter<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = between(&args, "filter", 2, 2)?;
    let items = given[1].iter(ctx)?;
    let mut kept = Vec::new();
    while let Some(item) = items.next(ctx)? {
        let verdict = if given[0].is_none() { item } else { given[0].call(ctx, (item,))? };
        if verdict.truth(ctx)? {
            kept.push(item);
        }
    }
    Ok(match given[1].content() {
        Value::Tuple(_) => Tuple::from_vec(ctx, kept).into(),
        _ => List::from_vec(ctx, kept).into(),
    })
}

fn reduce<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = between(&args, "reduce", 2, 3)?;
    let items = given[1].iter(ctx)?;
    let first = match given.get(2) {
        Some(initial) => Some(*initial),
        None => items.next(ctx)?,
    };
    let empty = || Error::new(&exc::TYPE_ERROR, "reduce() of empty sequence with no initial value");
    let mut folded = first.ok_or_else(empty)?;
    while let Some(item) = items.next(ctx)? {
        folded = given[0].call(ctx, (folded, item))?;
    }
    Ok(folded)
}

/// Python 2's `zip`: a list, as long as the shortest iterable.
fn zip<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let iterators: Vec<Iter<'gc>> =
        args.positional().iter().map(|it| it.iter(ctx)).collect::<Result<'gc, _>>()?;
    let mut out = Vec::new();
    if iterators.is_empty() {
        return Ok(List::from_vec(ctx, out).into());
    }
    loop {
        let mut items = Vec::with_capacity(iterators.len());
        for iterator in &iterators {
            match iterator.next(ctx)? {
                Some(item) => items.push(item),
                None => return Ok(List::from_vec(ctx, out).into()),
            }
        }
        out.push(Tuple::from_vec(ctx, items).into());
    }
}

/// Python 2's `range`: a list.
fn range<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let numbers = between(&args, "range", 1, 3)?;
    let numbers: Vec<i64> = numbers.iter().map(|it| it.to(ctx)).collect::<Result<'gc, _>>()?;
    let (start, stop, step) = match *numbers {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step, ..] => (start, stop, step),
        [] => (0, 0, 1),
    };
    let Some(range) = crate::types::Range::new(ctx, start, stop, step) else {
        return Err(Error::new(&exc::VALUE_ERROR, "range() step argument must not be zero"));
    };
    if range.len() > MOST_IN_RANGE {
        return Err(Error::new(&exc::OVERFLOW_ERROR, "range() result has too many items"));
    }
    let items = (0..range.len()).filter_map(|at| range.get(at)).map(Value::Int).collect();
    Ok(List::from_vec(ctx, items).into())
}

/// A list of more numbers is refused rather than allocated.
// DIFFERENCE: CPython 2 tries, and raises MemoryError.
const MOST_IN_RANGE: u64 = 1 << 28;
