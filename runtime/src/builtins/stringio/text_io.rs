//! `io.StringIO`: a file of text in memory.

use super::super::arguments::{integer, none, one};
use super::super::{codec, state_of};
use super::memory_file::{MemoryFile, any, open, peek};
use crate::args::Args;
use crate::class::{Class, ClassBuilder};
use crate::context::Context;
use crate::convert::FromValue;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::types::{List, Tuple};
use crate::value::Value;

type File = MemoryFile<u32>;

/// Makes the class `io.StringIO`.
// DIFFERENCE: line ends are kept as they are written; the `newline` argument is taken for the default.
pub(super) fn string_io<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = Class::builder(ctx, "StringIO")
        .module("_io")
        .native()
        .method("__new__", |ctx, class, _| {
            let class = Class::from_value(ctx, class)?;
            Ok(Instance::native(ctx, class, Traced::new(ctx, File::default())).into())
        })
        .method("__init__", |ctx, this, args| {
            let [initial, _] = args.bind("StringIO", ["initial_value", "newline"], 0)?;
            let initial = initial.filter(|initial| !initial.is_none());
            let units = initial.map_or(Ok(Vec::new()), |initial| points_of(ctx, initial))?;
            *any::<u32>(ctx, this)? = File { units, ..File::default() };
            Ok(Value::None)
        })
        .property("closed", |ctx, this| Ok(Value::Bool(peek::<u32>(ctx, this)?.closed)))
        .property("newlines", |_, _| Ok(Value::None))
        .property("line_buffering", |_, _| Ok(Value::Bool(false)));
    lifetime(positions(writing(reading(builder)))).build()
}

fn points_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<u32>> {
    match value.as_unicode() {
        Some(text) => {
            // Four bytes for each that may be one here, while a buffer grows.
            ctx.take_allowance((text.as_generalised_utf8().len() as u64).saturating_mul(12))?;
            Ok(text.code_points().collect())
        }
        None => {
            let got = value.type_name(ctx);
            let wanted = ctx.dialect().pick("unicode", "string");
            let message = format!("{wanted} argument expected, got '{got}'");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn text<'gc>(ctx: Context<'gc>, points: &[u32]) -> Value<'gc> {
    codec::text_of_points(ctx, points).into()
}

fn long(ctx: Context<'_>, number: usize) -> Value<'_> {
    Value::long(ctx, number.into())
}

fn count_of<'gc>(ctx: Context<'gc>, count: Option<Value<'gc>>) -> Result<'gc, usize> {
    let count = count.map_or(Ok(-1), |count| integer(ctx, count))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn reading(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("read", |ctx, this, args| {
            let (count,) = args.parse::<(Option<Value<'_>>,)>(ctx, "read")?;
            let count = count_of(ctx, count)?;
            let points = open::<u32>(ctx, this)?.read(count);
            Ok(text(ctx, &points))
        })
        .method("readline", |ctx, this, args| {
            let (count,) = args.parse::<(Option<Value<'_>>,)>(ctx, "readline")?;
            let count = count_of(ctx, count)?;
            let points = open::<u32>(ctx, this)?.read_line(count);
            Ok(text(ctx, &points))
        })
        .method("readlines", |ctx, this, _| {
            let lines = List::new(ctx);
            loop {
                let points = open::<u32>(ctx, this)?.read_line(usize::MAX);
                if points.is_empty() {
                    return Ok(lines.into());
                }
                lines.push(ctx, text(ctx, &points));
            }
        })
        .method("__iter__", |ctx, this, _| {
            open::<u32>(ctx, this)?;
            Ok(this)
        })
        .method("next", next_line)
        .method("__next__", next_line)
        .method("getvalue", |ctx, this, args| {
            none(&args, "getvalue")?;
            let points = open::<u32>(ctx, this)?.units.clone();
            Ok(text(ctx, &points))
        })
}

fn next_line<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let points = open::<u32>(ctx, this)?.read_line(usize::MAX);
    if points.is_empty() {
        return Err(Error::bare(&exc::STOP_ITERATION));
    }
    Ok(text(ctx, &points))
}

fn writing(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("write", |ctx, this, args| {
            let points = points_of(ctx, one(&args, "write")?)?;
            open::<u32>(ctx, this)?.write(&points)?;
            Ok(long(ctx, points.len()))
        })
        .method("writelines", |ctx, this, args| {
            let lines = one(&args, "writelines")?.iter(ctx)?;
            while let Some(line) = lines.next(ctx)? {
                this.call_method(ctx, "write", (line,))?;
            }
            Ok(Value::None)
        })
        .method("truncate", |ctx, this, args| {
            let (size,) = args.parse::<(Option<Value<'_>>,)>(ctx, "truncate")?;
            let size = size.map(|size| integer(ctx, size)).transpose()?;
            let mut file = open::<u32>(ctx, this)?;
            let size = match size {
                None => file.position,
                Some(size) => usize::try_from(size).map_err(|_| {
                    Error::new(&exc::VALUE_ERROR, format!("Negative size value {size}"))
                })?,
            };
            file.units.truncate(size);
            Ok(long(ctx, size))
        })
}

fn positions(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("seek", |ctx, this, args| {
            let (offset, whence) = args.parse::<(Value<'_>, Option<i64>)>(ctx, "seek")?;
            let offset = integer(ctx, offset)?;
            let mut file = open::<u32>(ctx, this)?;
            let base = match whence.unwrap_or(0) {
                0 if offset < 0 => {
                    let message = format!("Negative seek position {offset}");
                    return Err(Error::new(&exc::VALUE_ERROR, message));
                }
                0 => offset,
                1 | 2 if offset != 0 => {
                    let message = "Can't do nonzero cur-relative seeks";
                    return Err(Error::new(&exc::IO_ERROR, message));
                }
                1 => file.position as i64,
                2 => file.units.len() as i64,
                other => {
                    let message = format!("Invalid whence ({other}, should be 0, 1 or 2)");
                    return Err(Error::new(&exc::VALUE_ERROR, message));
                }
            };
            file.position = usize::try_from(base).unwrap_or(usize::MAX);
            Ok(long(ctx, file.position))
        })
        .method("tell", |ctx, this, args| {
            none(&args, "tell")?;
            Ok(long(ctx, open::<u32>(ctx, this)?.position))
        })
}

fn lifetime(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    let builder =
        ["readable", "writable", "seekable"].into_iter().fold(builder, |builder, name| {
            builder.method(name, |ctx, this, _| {
                open::<u32>(ctx, this)?;
                Ok(Value::Bool(true))
            })
        });
    builder
        .method("close", |ctx, this, args| {
            none(&args, "close")?;
            *any::<u32>(ctx, this)? = File { closed: true, ..File::default() };
            Ok(Value::None)
        })
        .method("flush", |ctx, this, _| {
            open::<u32>(ctx, this)?;
            Ok(Value::None)
        })
        .method("isatty", |ctx, this, _| {
            open::<u32>(ctx, this)?;
            Ok(Value::Bool(false))
        })
        .method("__enter__", |ctx, this, _| {
            open::<u32>(ctx, this)?;
            Ok(this)
        })
        .method("__exit__", |ctx, this, _| this.call_method(ctx, "close", ()))
        .method("__getstate__", |ctx, this, args| {
            none(&args, "__getstate__")?;
            let state = state_of(ctx, this)?;
            let state = if state.truth(ctx)? { state } else { Value::None };
            let (points, position) = {
                let file = open::<u32>(ctx, this)?;
                (file.units.clone(), Value::Int(file.position as i64))
            };
            Ok(Tuple::new(ctx, &[text(ctx, &points), ctx.str("\n"), position, state]).into())
        })
        .method("__setstate__", set_state)
}

fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let state = one(&args, "__setstate__")?;
    let parts = state.as_tuple().map(Tuple::as_slice).unwrap_or_default();
    let &[value, _, position, attributes] = parts else {
        let got = state.type_name(ctx);
        let message = format!("StringIO.__setstate__ argument should be 4-tuple, got {got}");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let units = points_of(ctx, value)?;
    let Ok(position) = usize::try_from(integer(ctx, position)?) else {
        return Err(Error::new(&exc::VALUE_ERROR, "position value cannot be negative"));
    };
    *any::<u32>(ctx, this)? = File { units, position, ..File::default() };
    if let (Value::Instance(this), Some(attributes)) = (this, attributes.as_dict())
        && let Some(dict) = this.dict(ctx)
    {
        for (key, value) in attributes.entries() {
            dict.insert(ctx, key, value)?;
        }
    }
    Ok(Value::None)
}
