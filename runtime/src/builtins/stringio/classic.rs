//! The module `StringIO` of Python 2: a classic class whose state is its attributes, as programs and pickles know it.

use super::super::arguments::integer;
use crate::args::Args;
use crate::class::{ClassicClass, ClassicClassBuilder};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::List;
use crate::value::Value;

/// Registers the module.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("StringIO")?;
    let builder = ClassicClass::builder(ctx, "StringIO").module("StringIO").method(
        "__init__",
        |ctx, this, args| {
            let [initial] = args.bind("__init__", ["buf"], 0)?;
            let initial = initial.unwrap_or_else(|| ctx.str(""));
            this.set_attr(ctx, "buf", string_of(ctx, initial)?)?;
            let length = this.get_attr(ctx, "buf")?.len(ctx)?;
            this.set_attr(ctx, "len", length as i64)?;
            this.set_attr(ctx, "buflist", Value::from(List::new(ctx)))?;
            this.set_attr(ctx, "pos", 0)?;
            this.set_attr(ctx, "closed", false)?;
            this.set_attr(ctx, "softspace", 0)?;
            Ok(Value::None)
        },
    );
    let class = lifetime(writing(reading(builder))).build()?;
    module.set(ctx, "StringIO", class)
}

/// A string, or what `str` makes of anything else.
fn string_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    match value.content() {
        Value::Bytes(_) | Value::Unicode(_) => Ok(value),
        _ => value.str(ctx),
    }
}

fn check_open<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, ()> {
    if this.get_attr(ctx, "closed")?.truth(ctx)? {
        return Err(Error::new(&exc::VALUE_ERROR, "I/O operation on closed file"));
    }
    Ok(())
}

fn number<'gc>(ctx: Context<'gc>, this: Value<'gc>, name: &str) -> Result<'gc, i64> {
    integer(ctx, this.get_attr(ctx, name)?)
}

/// Joins what was written at the end to the buffer, and returns that.
fn joined<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let buffer = this.get_attr(ctx, "buf")?;
    let Some(written) = this.get_attr(ctx, "buflist")?.as_list() else {
        return Ok(buffer);
    };
    if written.is_empty() {
        return Ok(buffer);
    }
    let mut parts = vec![buffer];
    parts.extend(written.to_vec());
    let joined = join(ctx, parts)?;
    this.set_attr(ctx, "buf", joined)?;
    this.set_attr(ctx, "buflist", Value::from(List::new(ctx)))?;
    Ok(joined)
}

fn join<'gc>(ctx: Context<'gc>, parts: Vec<Value<'gc>>) -> Result<'gc> {
    ctx.str("").call_method(ctx, "join", (Value::from(List::from_vec(ctx, parts)),))
}

fn part<'gc>(ctx: Context<'gc>, text: Value<'gc>, start: i64, stop: i64) -> Result<'gc> {
    let (start, stop) = (Value::Int(start), Value::Int(stop));
    text.get_item(ctx, Value::from(crate::types::Slice::new(ctx, start, stop, Value::None)))
}

fn reading(builder: ClassicClassBuilder<'_>) -> ClassicClassBuilder<'_> {
    builder
        .method("read", |ctx, this, args| {
            let [count] = args.bind("read", ["n"], 0)?;
            check_open(ctx, this)?;
            let text = joined(ctx, this)?;
            let (start, length) = (number(ctx, this, "pos")?, number(ctx, this, "len")?);
            let count = count.filter(|count| !count.is_none());
            let count = count.map_or(Ok(-1), |count| integer(ctx, count))?;
            let stop = if count < 0 { length } else { start.saturating_add(count).min(length) };
            read_to(ctx, this, text, start, stop.max(start))
        })
        .method("readline", |ctx, this, args| {
            let [count] = args.bind("readline", ["length"], 0)?;
            check_open(ctx, this)?;
            let count = count.filter(|count| !count.is_none());
            let count = count.map_or(Ok(-1), |count| integer(ctx, count))?;
            read_line(ctx, this, count)
        })
        .method("readlines", |ctx, this, args| {
            let [hint] = args.bind("readlines", ["sizehint"], 0)?;
            let hint = hint.map_or(Ok(0), |hint| integer(ctx, hint))?;
            let (lines, mut total) = (List::new(ctx), 0);
            loop {
                let line = this.call_method(ctx, "readline", ())?;
                if !line.truth(ctx)? {
                    break;
                }
                lines.push(ctx, line);
                total += line.len(ctx)? as i64;
                if 0 < hint && hint <= total {
                    break;
                }
            }
            Ok(lines.into())
        })
        .method("next", |ctx, this, _| {
            check_open(ctx, this)?;
            let line = this.call_method(ctx, "readline", ())?;
            if line.truth(ctx)? { Ok(line) } else { Err(Error::bare(&exc::STOP_ITERATION)) }
        })
        .method("__iter__", |_, this, _| Ok(this))
        .method("getvalue", |ctx, this, _| {
            check_open(ctx, this)?;
            joined(ctx, this)
        })
}

fn read_to<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    text: Value<'gc>,
    start: i64,
    stop: i64,
) -> Result<'gc> {
    let read = part(ctx, text, start, stop)?;
    this.set_attr(ctx, "pos", stop)?;
    Ok(read)
}

fn read_line<'gc>(ctx: Context<'gc>, this: Value<'gc>, count: i64) -> Result<'gc> {
    let text = joined(ctx, this)?;
    let (start, length) = (number(ctx, this, "pos")?, number(ctx, this, "len")?);
    let found = text.call_method(ctx, "find", (ctx.str("\n"), start))?.to::<i64>(ctx)?;
    let mut stop = if found < 0 { length } else { found + 1 };
    if count >= 0 {
        stop = stop.min(start.saturating_add(count));
    }
    read_to(ctx, this, text, start, stop.max(start))
}

fn writing(builder: ClassicClassBuilder<'_>) -> ClassicClassBuilder<'_> {
    builder
        .method("write", |ctx, this, args| {
            let [text] = args.bind("write", ["s"], 1)?;
            check_open(ctx, this)?;
            let Some(text) = text else { return Ok(Value::None) };
            let text = string_of(ctx, text)?;
            write(ctx, this, text)?;
            Ok(Value::None)
        })
        .method("writelines", |ctx, this, args| {
            let (lines,) = args.parse::<(Value<'_>,)>(ctx, "writelines")?;
            let lines = lines.iter(ctx)?;
            while let Some(line) = lines.next(ctx)? {
                this.call_method(ctx, "write", (line,))?;
            }
            Ok(Value::None)
        })
        .method("truncate", truncate)
}

fn write<'gc>(ctx: Context<'gc>, this: Value<'gc>, text: Value<'gc>) -> Result<'gc, ()> {
    let written = text.len(ctx)? as i64;
    if written == 0 {
        return Ok(());
    }
    let (start, length) = (number(ctx, this, "pos")?, number(ctx, this, "len")?);
    let end = start.saturating_add(written);
    if start == length {
        if let Some(list) = this.get_attr(ctx, "buflist")?.as_list() {
            list.push(ctx, text);
        }
    } else {
        let old = joined(ctx, this)?;
        let mut parts = vec![part(ctx, old, 0, start.min(length))?];
        if start > length {
            parts.push(zeros(ctx, start - length)?);
        }
        parts.extend([text, part(ctx, old, end.min(length), length)?]);
        this.set_attr(ctx, "buf", join(ctx, parts)?)?;
    }
    this.set_attr(ctx, "len", end.max(length))?;
    this.set_attr(ctx, "pos", end)
}

fn zeros<'gc>(ctx: Context<'gc>, count: i64) -> Result<'gc> {
    let count = usize::try_from(count).unwrap_or(0);
    let mut zeros = Vec::new();
    if zeros.try_reserve_exact(count).is_err() {
        return Err(Error::bare(&exc::MEMORY_ERROR));
    }
    zeros.resize(count, 0);
    Ok(crate::types::Bytes::from_vec(ctx, zeros).into())
}

fn truncate<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [size] = args.bind("truncate", ["size"], 0)?;
    check_open(ctx, this)?;
    let position = number(ctx, this, "pos")?;
    let size = match size.filter(|size| !size.is_none()) {
        None => position,
        Some(size) => match integer(ctx, size)? {
            size @ ..0 => {
                let _ = size;
                let args = [Value::Int(22), ctx.str("Negative size not allowed")];
                return Err(Error::with_args(&exc::IO_ERROR, &args));
            }
            size => {
                if size < position {
                    this.set_attr(ctx, "pos", size)?;
                }
                size
            }
        },
    };
    let kept = part(ctx, joined(ctx, this)?, 0, size)?;
    this.set_attr(ctx, "buf", kept)?;
    this.set_attr(ctx, "len", size)?;
    Ok(Value::None)
}

fn lifetime(builder: ClassicClassBuilder<'_>) -> ClassicClassBuilder<'_> {
    builder
        .method("close", |ctx, this, _| {
            if !this.get_attr(ctx, "closed")?.truth(ctx)? {
                this.set_attr(ctx, "closed", true)?;
                this.del_attr(ctx, "buf")?;
                this.del_attr(ctx, "pos")?;
            }
            Ok(Value::None)
        })
        .method("isatty", |ctx, this, _| {
            check_open(ctx, this)?;
            Ok(Value::Bool(false))
        })
        .method("flush", |ctx, this, _| {
            check_open(ctx, this)?;
            Ok(Value::None)
        })
        .method("seek", |ctx, this, args| {
            let (offset, whence) = args.parse::<(Value<'_>, Option<i64>)>(ctx, "seek")?;
            check_open(ctx, this)?;
            joined(ctx, this)?;
            let base = match whence.unwrap_or(0) {
                1 => number(ctx, this, "pos")?,
                2 => number(ctx, this, "len")?,
                _ => 0,
            };
            let position = base.saturating_add(integer(ctx, offset)?).max(0);
            this.set_attr(ctx, "pos", position)?;
            Ok(Value::None)
        })
        .method("tell", |ctx, this, _| {
            check_open(ctx, this)?;
            this.get_attr(ctx, "pos")
        })
}
