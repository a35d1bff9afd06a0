//! Files of bytes in memory: `io.BytesIO`, and the two types of `cStringIO`.

use super::super::arguments::{between, integer, none, one};
use super::super::codec::Request;
use super::super::{buffer, state_of};
use super::memory_file::{MemoryFile, any, open, peek};
use crate::args::Args;
use crate::class::{Class, ClassBuilder};
use crate::context::Context;
use crate::convert::FromValue;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::Builtin;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::types::{Bytes, List, Tuple};
use crate::value::Value;

type File = MemoryFile<u8>;

/// Makes the class `io.BytesIO`.
pub(super) fn bytes_io<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = Class::builder(ctx, "BytesIO")
        .module("_io")
        .native()
        .method("__new__", |ctx, class, _| {
            let class = Class::from_value(ctx, class)?;
            Ok(Instance::native(ctx, class, Traced::new(ctx, File::default())).into())
        })
        .method("__init__", |ctx, this, args| {
            let [initial] = args.bind("BytesIO", ["initial_bytes"], 0)?;
            let initial = initial.filter(|initial| !initial.is_none());
            let units = initial.map_or(Ok(Vec::new()), |initial| bytes_of(ctx, initial))?;
            *any::<u8>(ctx, this)? = File { units, ..File::default() };
            Ok(Value::None)
        })
        .method("__getstate__", |ctx, this, args| {
            none(&args, "__getstate__")?;
            let state = state_of(ctx, this)?;
            let state = if state.truth(ctx)? { state } else { Value::None };
            let file = open::<u8>(ctx, this)?;
            let position = Value::Int(file.position as i64);
            Ok(Tuple::new(ctx, &[Bytes::new(ctx, &file.units).into(), position, state]).into())
        })
        .method("__setstate__", set_state)
        .method("truncate", |ctx, this, args| {
            truncate(ctx, this, &args).map(|size| long(ctx, size))
        })
        .method("write", |ctx, this, args| {
            let data = bytes_of(ctx, one(&args, "write")?)?;
            open::<u8>(ctx, this)?.write(&data)?;
            Ok(long(ctx, data.len()))
        })
        .method("readinto", |ctx, this, args| {
            let target = one(&args, "readinto")?;
            let Some(target) = target.as_bytearray() else {
                return Err(Error::new(&exc::TYPE_ERROR, "must be read-write buffer"));
            };
            let data = open::<u8>(ctx, this)?.read(target.len());
            target.update(|bytes| bytes[..data.len()].copy_from_slice(&data));
            Ok(long(ctx, data.len()))
        })
        .method("seek", |ctx, this, args| {
            let (offset, whence) = args.parse::<(Value<'_>, Option<i64>)>(ctx, "seek")?;
            let offset = integer(ctx, offset)?;
            if whence.unwrap_or(0) == 0 && offset < 0 {
                let message = format!("negative seek value {offset}");
                return Err(Error::new(&exc::VALUE_ERROR, message));
            }
            seek(ctx, this, offset, whence.unwrap_or(0)).map(|at| long(ctx, at))
        })
        .method("tell", |ctx, this, args| {
            none(&args, "tell")?;
            Ok(long(ctx, open::<u8>(ctx, this)?.position))
        })
        .method("__enter__", |ctx, this, args| {
            none(&args, "__enter__")?;
            open::<u8>(ctx, this)?;
            Ok(this)
        })
        .method("__exit__", |ctx, this, _| this.call_method(ctx, "close", ()))
        .method("getvalue", |ctx, this, args| {
            none(&args, "getvalue")?;
            Ok(Bytes::new(ctx, &open::<u8>(ctx, this)?.units).into())
        })
        .method("read1", |ctx, this, args| read(ctx, this, &args, "read1"));
    let builder =
        ["readable", "writable", "seekable"].into_iter().fold(builder, |builder, name| {
            builder.method(name, |ctx, this, _| {
                open::<u8>(ctx, this)?;
                Ok(Value::Bool(true))
            })
        });
    common(writing_lines(builder)).build()
}

/// Registers the module `cStringIO`: a factory of two types.
// DIFFERENCE: the types can be derived from, and are shown as classes.
pub(super) fn install_c_module<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("cStringIO")?;
    let input = positioned(common(Class::builder(ctx, "StringI").module("cStringIO").native()));
    let input = input.build()?;
    let output = Class::builder(ctx, "StringO").module("cStringIO").native();
    let output = output.method("write", |ctx, this, args| {
        let data = c_bytes_of(ctx, "write", one(&args, "write")?)?;
        open::<u8>(ctx, this)?.write(&data)?;
        Ok(Value::None)
    });
    let output = positioned(common(writing_lines(output))).build()?;
    module.set(ctx, "InputType", input)?;
    module.set(ctx, "OutputType", output)?;
    let types = Tuple::new(ctx, &[input.into(), output.into()]);
    let factory = crate::function::Code::capturing(types.into(), |ctx, types, args| {
        let types = types.as_tuple().map(Tuple::as_slice).unwrap_or_default();
        let &[input, output] = types else { return Ok(Value::None) };
        let args = between(&args, "StringIO", 0, 1)?;
        let (class, units) = match args.first() {
            Some(&initial) => (input, c_bytes_of(ctx, "StringIO", initial)?),
            None => (output, Vec::new()),
        };
        let class = Class::from_value(ctx, class)?;
        let file = File { units, ..File::default() };
        Ok(Instance::native(ctx, class, Traced::new(ctx, file)).into())
    });
    module.set(ctx, "StringIO", Builtin::with_code(ctx, "StringIO", None, factory))
}

fn bytes_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
    buffer::bytes_of(value).map(std::borrow::Cow::into_owned).ok_or_else(|| {
        let name = value.type_name(ctx);
        let message = match ctx.dialect() {
            Dialect::Python2 => format!("'{name}' does not have the buffer interface"),
            Dialect::Python3 => format!("a bytes-like object is required, not '{name}'"),
        };
        Error::new(&exc::TYPE_ERROR, message)
    })
}

/// The bytes of what `cStringIO` is given: text is encoded as ASCII.
fn c_bytes_of<'gc>(ctx: Context<'gc>, function: &str, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
    if let Value::Unicode(text) = value.content() {
        return Request::new("ascii", "strict").encode(ctx, text.into());
    }
    buffer::bytes_of(value).map(std::borrow::Cow::into_owned).ok_or_else(|| {
        let got = value.type_name(ctx);
        let message = format!("{function}() argument 1 must be string or buffer, not {got}");
        Error::new(&exc::TYPE_ERROR, message)
    })
}

/// Python 2's module `io` counts in longs.
fn long(ctx: Context<'_>, number: usize) -> Value<'_> {
    Value::long(ctx, number.into())
}

fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let state = one(&args, "__setstate__")?;
    let parts = state.as_tuple().map(Tuple::as_slice).unwrap_or_default();
    let &[value, position, attributes] = parts else {
        let got = state.type_name(ctx);
        let message = format!("BytesIO.__setstate__ argument should be 3-tuple, got {got}");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let units = bytes_of(ctx, value)?;
    let Ok(position) = usize::try_from(integer(ctx, position)?) else {
        return Err(Error::new(&exc::VALUE_ERROR, "position value cannot be negative"));
    };
    *any::<u8>(ctx, this)? = File { units, position, ..File::default() };
    if let (Value::Instance(this), Some(attributes)) = (this, attributes.as_dict())
        && let Some(dict) = this.dict(ctx)
    {
        for (key, value) in attributes.entries() {
            dict.insert(ctx, key, value)?;
        }
    }
    Ok(Value::None)
}

fn count_of<'gc>(ctx: Context<'gc>, count: Option<Value<'gc>>) -> Result<'gc, usize> {
    let count = count.map_or(Ok(-1), |count| integer(ctx, count))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn read<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>, method: &str) -> Result<'gc> {
    let (count,) = args.parse::<(Option<Value<'gc>>,)>(ctx, method)?;
    let count = count_of(ctx, count)?;
    let data = open::<u8>(ctx, this)?.read(count);
    Ok(Bytes::from_vec(ctx, data).into())
}

fn read_line<'gc>(ctx: Context<'gc>, this: Value<'gc>, count: usize) -> Result<'gc, Bytes<'gc>> {
    let line = open::<u8>(ctx, this)?.read_line(count);
    Ok(Bytes::from_vec(ctx, line))
}

/// Moves the position; before the start is the start.
fn seek<'gc>(ctx: Context<'gc>, this: Value<'gc>, offset: i64, whence: i64) -> Result<'gc, usize> {
    let mut file = open::<u8>(ctx, this)?;
    let base = match whence {
        0 => 0,
        1 => file.position,
        2 => file.units.len(),
        _ => {
            let message = format!("invalid whence ({whence}, should be 0, 1 or 2)");
            return Err(Error::new(&exc::VALUE_ERROR, message));
        }
    };
    let target = (base as i64).saturating_add(offset).max(0);
    file.position = usize::try_from(target).unwrap_or(usize::MAX);
    Ok(file.position)
}

fn truncate<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: &Args<'gc>) -> Result<'gc, usize> {
    let (size,) = args.parse::<(Option<Value<'gc>>,)>(ctx, "truncate")?;
    let size = size.map(|size| integer(ctx, size)).transpose()?;
    let mut file = open::<u8>(ctx, this)?;
    let size = match size {
        None => file.position,
        Some(size) => usize::try_from(size)
            .map_err(|_| Error::new(&exc::VALUE_ERROR, format!("negative size value {size}")))?,
    };
    file.units.truncate(size);
    Ok(size)
}

/// What all the types have.
fn common(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("read", |ctx, this, args| read(ctx, this, &args, "read"))
        .method("readline", |ctx, this, args| {
            let (count,) = args.parse::<(Option<Value<'_>>,)>(ctx, "readline")?;
            let count = count_of(ctx, count)?;
            Ok(read_line(ctx, this, count)?.into())
        })
        .method("readlines", |ctx, this, args| {
            let (hint,) = args.parse::<(Option<Value<'_>>,)>(ctx, "readlines")?;
            let enough = match count_of(ctx, hint)? {
                0 => usize::MAX,
                enough => enough,
            };
            let (lines, mut total) = (List::new(ctx), 0);
            while total < enough {
                let line = read_line(ctx, this, usize::MAX)?;
                if line.is_empty() {
                    break;
                }
                total += line.len();
                lines.push(ctx, line.into());
            }
            Ok(lines.into())
        })
        .method("__iter__", |ctx, this, _| {
            open::<u8>(ctx, this)?;
            Ok(this)
        })
        .method("next", next_line)
        .method("__next__", next_line)
        .method("close", |ctx, this, args| {
            none(&args, "close")?;
            *any::<u8>(ctx, this)? = File { closed: true, ..File::default() };
            Ok(Value::None)
        })
        .method("flush", |ctx, this, _| {
            open::<u8>(ctx, this)?;
            Ok(Value::None)
        })
        .method("isatty", |ctx, this, _| {
            open::<u8>(ctx, this)?;
            Ok(Value::Bool(false))
        })
        .property("closed", |ctx, this| Ok(Value::Bool(peek::<u8>(ctx, this)?.closed)))
}

fn next_line<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let line = read_line(ctx, this, usize::MAX)?;
    if line.is_empty() {
        return Err(Error::bare(&exc::STOP_ITERATION));
    }
    Ok(line.into())
}

fn writing_lines(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder.method("writelines", |ctx, this, args| {
        let lines = one(&args, "writelines")?.iter(ctx)?;
        while let Some(line) = lines.next(ctx)? {
            this.call_method(ctx, "write", (line,))?;
        }
        Ok(Value::None)
    })
}

/// What both types of `cStringIO` have.
fn positioned(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .attr("softspace", 0)
        .method("getvalue", |ctx, this, args| {
            let args = between(&args, "getvalue", 0, 1)?;
            let up_to_here = args.first().map_or(Ok(false), |flag| flag.truth(ctx))?;
            let file = open::<u8>(ctx, this)?;
            let end = if up_to_here { file.position } else { usize::MAX };
            Ok(Bytes::new(ctx, &file.units[..end.min(file.units.len())]).into())
        })
        .method("reset", |ctx, this, args| {
            none(&args, "reset")?;
            open::<u8>(ctx, this)?.position = 0;
            Ok(Value::None)
        })
        .method("seek", |ctx, this, args| {
            let (offset, whence) = args.parse::<(Value<'_>, Option<i64>)>(ctx, "seek")?;
            seek(ctx, this, integer(ctx, offset)?, whence.unwrap_or(0))?;
            Ok(Value::None)
        })
        .method("tell", |ctx, this, args| {
            none(&args, "tell")?;
            Ok(Value::Int(open::<u8>(ctx, this)?.position as i64))
        })
        .method("truncate", |ctx, this, args| {
            let size = truncate(ctx, this, &args)?;
            open::<u8>(ctx, this)?.position = size;
            Ok(Value::None)
        })
}
