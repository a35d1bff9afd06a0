//! The methods and attributes of `file`.

use std::io::SeekFrom;

use super::super::arguments::{integer, none, one, operands, receiver};
use super::super::codec::Request;
use super::super::define::Define;
use super::super::{buffer, repr_text};
use super::state::{FileState, Refusal};
use super::{MODE, NAME, unopened, value_at};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Instance;
use crate::payload::Traced;
use crate::types::{Bytes, List};
use crate::value::Value;

/// Defines the methods of `file`.
pub(in super::super) fn install<'gc>(ctx: Context<'gc>) {
    let define = Define::new(ctx, ctx.types().file)
        .new_with(|ctx, class, _| Ok(Instance::native(ctx, class, unopened(ctx)).into()))
        .special("__init__", |_, _, _| {
            let message = "the runtime opens no files: the host makes file objects";
            Err(Error::new(&exc::IO_ERROR, message))
        });
    reading(define);
    writing(define);
    positioning(define);
    lifetime(define);
    attributes(define);
}

fn content<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Traced<'gc>> {
    let content = match this {
        Value::Instance(instance) => instance.native_content(),
        _ => None,
    };
    receiver(ctx, this, content)
}

/// Runs an operation on the state of a file: it cannot reach the runtime while that is borrowed.
fn with<'gc, T>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    operation: impl FnOnce(&mut FileState) -> std::result::Result<T, Refusal>,
) -> Result<'gc, T> {
    let content = content(ctx, this)?;
    let outcome = operation(&mut *content.data_mut::<FileState>()?);
    outcome.map_err(|refusal| match refusal {
        Refusal::Closed => Error::new(&exc::VALUE_ERROR, "I/O operation on closed file"),
        Refusal::NotReadable => Error::new(&exc::IO_ERROR, "File not open for reading"),
        Refusal::NotWritable => Error::new(&exc::IO_ERROR, "File not open for writing"),
        Refusal::Io(error) => error.into(),
    })
}

/// Reads a number of bytes that may be left out or negative: everything.
fn count_of<'gc>(ctx: Context<'gc>, count: Option<Value<'gc>>) -> Result<'gc, usize> {
    let count = count.map_or(Ok(-1), |count| integer(ctx, count))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn reading(define: Define<'_>) {
    define
        .method("read", |ctx, this, args| {
            let (count,) = args.parse::<(Option<Value<'_>>,)>(ctx, "read")?;
            let count = count_of(ctx, count)?;
            let data = with(ctx, this, |file| file.read(count))?;
            Ok(Bytes::from_vec(ctx, data).into())
        })
        .method("readline", |ctx, this, args| {
            let (count,) = args.parse::<(Option<Value<'_>>,)>(ctx, "readline")?;
            let count = count_of(ctx, count)?;
            let line = with(ctx, this, |file| file.read_line(count))?;
            Ok(Bytes::from_vec(ctx, line).into())
        })
        .method("readlines", |ctx, this, args| {
            let (hint,) = args.parse::<(Option<Value<'_>>,)>(ctx, "readlines")?;
            let enough = match count_of(ctx, hint)? {
                0 => usize::MAX,
                enough => enough,
            };
            let lines = List::new(ctx);
            let mut total = 0;
            while total < enough {
                let line = with(ctx, this, |file| file.read_line(usize::MAX))?;
                if line.is_empty() {
                    break;
                }
                total += line.len();
                lines.push(ctx, Bytes::from_vec(ctx, line).into());
            }
            Ok(lines.into())
        })
        .method("xreadlines", |ctx, this, args| {
            none(&args, "xreadlines")?;
            with(ctx, this, |file| file.check_open())?;
            Ok(this)
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            with(ctx, this, |file| file.check_open())?;
            Ok(this)
        })
        .special(define.dialect().pick("next", "__next__"), |ctx, this, args| {
            let [] = operands(&args, "next")?;
            let line = with(ctx, this, |file| file.read_line(usize::MAX))?;
            if line.is_empty() {
                return Err(Error::bare(&exc::STOP_ITERATION));
            }
            Ok(Bytes::from_vec(ctx, line).into())
        });
}

fn writing(define: Define<'_>) {
    define
        .method("write", |ctx, this, args| {
            let data = data_to_write(ctx, one(&args, "write")?)?;
            with(ctx, this, |file| file.write(&data))?;
            Ok(Value::None)
        })
        .method("writelines", |ctx, this, args| {
            let lines = one(&args, "writelines")?.iter(ctx)?;
            with(ctx, this, |file| file.check_open())?;
            while let Some(line) = lines.next(ctx)? {
                let data = data_to_write(ctx, line)?;
                with(ctx, this, |file| file.write(&data))?;
            }
            Ok(Value::None)
        })
        .method("flush", |ctx, this, args| {
            none(&args, "flush")?;
            with(ctx, this, FileState::flush)?;
            Ok(Value::None)
        });
}

/// The bytes of what is written; Python 2 encodes text as ASCII.
fn data_to_write<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, std::borrow::Cow<'gc, [u8]>> {
    if let Value::Unicode(text) = value.content() {
        let encoded = Request::new("ascii", "strict").encode(ctx, text.into())?;
        return Ok(encoded.into());
    }
    buffer::bytes_of(value)
        .ok_or_else(|| Error::new(&exc::TYPE_ERROR, "expected a character buffer object"))
}

fn positioning(define: Define<'_>) {
    define
        .method("seek", |ctx, this, args| {
            let (offset, whence) = args.parse::<(Value<'_>, Option<i64>)>(ctx, "seek")?;
            let offset = integer(ctx, offset)?;
            let position = seek_from(offset, whence.unwrap_or(0))?;
            with(ctx, this, |file| file.seek(position))?;
            Ok(Value::None)
        })
        .method("tell", |ctx, this, args| {
            none(&args, "tell")?;
            let position = with(ctx, this, FileState::tell)?;
            Ok(Value::Int(i64::try_from(position).unwrap_or(i64::MAX)))
        });
}

/// Reads the arguments of `seek`.
fn seek_from<'gc>(offset: i64, whence: i64) -> Result<'gc, SeekFrom> {
    let invalid = || {
        let args = "[Errno 22] Invalid argument";
        Error::new(&exc::IO_ERROR, args)
    };
    match whence {
        0 => u64::try_from(offset).map(SeekFrom::Start).map_err(|_| invalid()),
        1 => Ok(SeekFrom::Current(offset)),
        2 => Ok(SeekFrom::End(offset)),
        _ => Err(invalid()),
    }
}

fn lifetime(define: Define<'_>) {
    define
        .method("close", |ctx, this, args| {
            none(&args, "close")?;
            with(ctx, this, FileState::close)?;
            Ok(Value::None)
        })
        .method("__enter__", |ctx, this, args| {
            none(&args, "__enter__")?;
            with(ctx, this, |file| file.check_open())?;
            Ok(this)
        })
        .method("__exit__", |ctx, this, _| {
            this.call_method(ctx, "close", ())?;
            Ok(Value::None)
        })
        .method("isatty", |ctx, this, args| {
            none(&args, "isatty")?;
            with(ctx, this, |file| file.check_open())?;
            Ok(Value::Bool(false))
        })
        .special("__repr__", |ctx, this, args| {
            let [] = operands(&args, "__repr__")?;
            let content = content(ctx, this)?;
            let state = if content.data::<FileState>()?.is_closed() { "closed" } else { "open" };
            let name = repr_text(ctx, value_at(content, NAME))?;
            let mode = repr_text(ctx, value_at(content, MODE))?;
            let address = this.addr().unwrap_or(0);
            Ok(ctx.str(&format!("<{state} file {name}, mode {mode} at {address:#x}>")))
        });
}

fn attributes(define: Define<'_>) {
    define
        .getset(
            "closed",
            |ctx, this| Ok(Value::Bool(content(ctx, this)?.data::<FileState>()?.is_closed())),
            None,
        )
        .getset("name", |ctx, this| Ok(value_at(content(ctx, this)?, NAME)), None)
        .getset("mode", |ctx, this| Ok(value_at(content(ctx, this)?, MODE)), None)
        .getset("encoding", |_, _| Ok(Value::None), None)
        .getset("errors", |_, _| Ok(Value::None), None)
        .getset("newlines", |_, _| Ok(Value::None), None)
        .getset(
            "softspace",
            |ctx, this| Ok(Value::Int(content(ctx, this)?.data::<FileState>()?.soft_space)),
            Some(|ctx, this, value| {
                let Some(value) = value else {
                    return Err(Error::new(
                        &exc::TYPE_ERROR,
                        "can't delete numeric/char attribute",
                    ));
                };
                let value = integer(ctx, value)?;
                content(ctx, this)?.data_mut::<FileState>()?.soft_space = value;
                Ok(())
            }),
        );
}
