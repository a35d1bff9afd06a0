//! What only `bytearray` has: it is a mutable sequence of ints.

use super::super::arguments::{integer, named, none, one, operands, receiver};
use super::super::codec::{Request, text_of_points};
use super::super::define::{Define, wrap};
use super::super::{buffer, positions};
use super::kind::ByteArrayString;
use super::{bytes, operators};
use crate::allowance::room;
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::iter::{Iter, IterState};
use crate::types::{ByteArray, Tuple, Unicode};
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .new_with(|ctx, class, _| Ok(wrap(ctx, class, ByteArray::from_vec(ctx, Vec::new()))))
        .special("__init__", |ctx, this, args| {
            let content = content_of(ctx, &args, "bytearray")?;
            own(ctx, this)?.update(|bytes| *bytes = content);
            Ok(Value::None)
        })
        .special("__iter__", |ctx, this, args| {
            let [] = operands(&args, "__iter__")?;
            Ok(Iter::builtin(ctx, IterState::ByteArray(own(ctx, this)?, 0)).into_object(ctx))
        })
        .special("__str__", |ctx, this, args| {
            let [] = operands(&args, "__str__")?;
            if ctx.dialect() == Dialect::Python3 {
                return this.repr(ctx);
            }
            Ok(crate::types::Bytes::from_vec(ctx, own(ctx, this)?.to_vec()).into())
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            reduce(ctx, this)
        })
        .method("decode", |ctx, this, args| {
            let request = Request::of_method(ctx, &args, "decode")?;
            request.decode(ctx, &own(ctx, this)?.to_vec())
        })
        .method("translate", |ctx, this, args| {
            let translated = bytes::translate(ctx, &own(ctx, this)?.to_vec(), &args)?;
            Ok(ByteArray::from_vec(ctx, translated).into())
        })
        .class_method("fromhex", |ctx, class, args| {
            let bytes = from_hex(ctx, &args)?;
            class.call(ctx, (Value::from(ByteArray::from_vec(ctx, bytes)),))
        });
    if define.dialect() == Dialect::Python3 {
        define.static_method("maketrans", bytes::make_translation);
    }
    items(define);
    operators(define);
    operators::install_repetition::<ByteArrayString>(define);
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, ByteArray<'gc>> {
    receiver(ctx, this, this.as_bytearray())
}

/// The bytes that `bytearray(...)`, or Python 3's `bytes(...)`, is made of.
pub(super) fn content_of<'gc>(
    ctx: Context<'gc>,
    args: &Args<'gc>,
    function: &str,
) -> Result<'gc, Vec<u8>> {
    let [source, encoding, errors] = named(args, function, ["source", "encoding", "errors"], 0)?;
    let refuse = |message: &'static str| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(source) = source else {
        if encoding.is_some() || errors.is_some() {
            return refuse(ctx.dialect().pick(
                "encoding or errors without sequence argument",
                "encoding without a string argument",
            ));
        }
        return Ok(Vec::new());
    };
    match source.content() {
        Value::Unicode(text) => {
            if encoding.is_none() {
                return refuse(ctx.dialect().pick(
                    "unicode argument without an encoding",
                    "string argument without an encoding",
                ));
            }
            Request::of_values(ctx, function, [encoding, errors], 2)?.encode(ctx, text.into())
        }
        // Python 2 takes an encoding for a byte string too: it is decoded as ASCII first.
        Value::Bytes(_) if encoding.is_some() && ctx.dialect() == Dialect::Python2 => {
            Request::of_values(ctx, function, [encoding, errors], 2)?.encode(ctx, source)
        }
        _ if encoding.is_some() || errors.is_some() => refuse(ctx.dialect().pick(
            "encoding or errors without a string argument",
            "encoding without a string argument",
        )),
        _ => bytes_of_source(ctx, source),
    }
}

fn bytes_of_source<'gc>(ctx: Context<'gc>, source: Value<'gc>) -> Result<'gc, Vec<u8>> {
    if let Some(bytes) = buffer::bytes_of(source) {
        return Ok(bytes.into_owned());
    }
    if let Some(view) = ctx.exported_view(source)? {
        return Ok(buffer::required(ctx, view.into())?.into_owned());
    }
    if let Some(count) = positions::exact(ctx, source, &exc::OVERFLOW_ERROR)? {
        let Ok(count) = usize::try_from(count) else {
            return Err(Error::new(&exc::VALUE_ERROR, "negative count"));
        };
        let mut zeros = room(ctx, count)?;
        zeros.resize(count, 0);
        return Ok(zeros);
    }
    if let Some(view) = ctx.exported_view(source)?
        && let Some(bytes) = buffer::bytes_of(view.into())
    {
        return Ok(bytes.into_owned());
    }
    bytes_of_items(ctx, source)
}

fn bytes_of_items<'gc>(ctx: Context<'gc>, source: Value<'gc>) -> Result<'gc, Vec<u8>> {
    let items = source.iter(ctx)?;
    let mut bytes = Vec::new();
    while let Some(item) = items.next(ctx)? {
        bytes.push(byte_of(ctx, item)?);
    }
    Ok(bytes)
}

/// Reads an item of a bytearray: an int, or in Python 2 a string of one byte.
pub(super) fn byte_of<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, u8> {
    if let (Value::Bytes(bytes), Dialect::Python2) = (item.content(), ctx.dialect()) {
        return match bytes.as_slice() {
            &[byte] => Ok(byte),
            _ => Err(Error::new(&exc::VALUE_ERROR, "string must be of size 1")),
        };
    }
    match positions::clipped(ctx, item)? {
        Some(number) => u8::try_from(number)
            .map_err(|_| Error::new(&exc::VALUE_ERROR, "byte must be in range(0, 256)")),
        None => Err(match ctx.dialect() {
            Dialect::Python2 => {
                Error::new(&exc::TYPE_ERROR, "an integer or string of size 1 is required")
            }
            Dialect::Python3 => {
                let name = item.type_name(ctx);
                let message = format!("'{name}' object cannot be interpreted as an integer");
                Error::new(&exc::TYPE_ERROR, message)
            }
        }),
    }
}

fn items(define: Define<'_>) {
    define
        .method("append", |ctx, this, args| {
            let byte = byte_of(ctx, one(&args, "append")?)?;
            own(ctx, this)?.update(|bytes| bytes.push(byte));
            Ok(Value::None)
        })
        .method("extend", |ctx, this, args| {
            let items = one(&args, "extend")?;
            let more = match buffer::bytes_of(items) {
                Some(more) => more.into_owned(),
                None => bytes_of_items(ctx, items)?,
            };
            own(ctx, this)?.update(|bytes| bytes.extend_from_slice(&more));
            Ok(Value::None)
        })
        .method("insert", |ctx, this, args| {
            let (at, item) = args.parse::<(Value<'_>, Value<'_>)>(ctx, "insert")?;
            let (at, byte) = (integer(ctx, at)?, byte_of(ctx, item)?);
            own(ctx, this)?.update(|bytes| bytes.insert(positions::bound(at, bytes.len()), byte));
            Ok(Value::None)
        })
        .method("pop", |ctx, this, args| {
            let (at,) = args.parse::<(Option<Value<'_>>,)>(ctx, "pop")?;
            let at = at.map_or(Ok(-1), |at| integer(ctx, at))?;
            let bytes = own(ctx, this)?;
            if bytes.is_empty() {
                return Err(Error::new(&exc::INDEX_ERROR, "pop from empty bytearray"));
            }
            bytes
                .update(|bytes| positions::position(at, bytes.len()).map(|at| bytes.remove(at)))
                .map(Value::from)
                .ok_or_else(|| Error::new(&exc::INDEX_ERROR, "pop index out of range"))
        })
        .method("remove", |ctx, this, args| {
            let doomed = byte_of(ctx, one(&args, "remove")?)?;
            let found = own(ctx, this)?.update(|bytes| {
                bytes.iter().position(|&byte| byte == doomed).map(|at| bytes.remove(at))
            });
            match found {
                Some(_) => Ok(Value::None),
                None => Err(Error::new(&exc::VALUE_ERROR, "value not found in bytearray")),
            }
        })
        .method("reverse", |ctx, this, args| {
            none(&args, "reverse")?;
            own(ctx, this)?.update(|bytes| bytes.reverse());
            Ok(Value::None)
        });
}

fn operators(define: Define<'_>) {
    define
        .special("__add__", |ctx, this, args| {
            let [other] = operands(&args, "__add__")?;
            let Some(more) = buffer::bytes_of(other) else {
                return Err(cannot_concatenate(this.type_name(ctx), other.type_name(ctx)));
            };
            let mut joined = own(ctx, this)?.to_vec();
            joined.extend_from_slice(&more);
            Ok(ByteArray::from_vec(ctx, joined).into())
        })
        .special("__iadd__", |ctx, this, args| {
            let [other] = operands(&args, "__iadd__")?;
            let Some(more) = buffer::bytes_of(other) else {
                return Err(cannot_concatenate(other.type_name(ctx), this.type_name(ctx)));
            };
            own(ctx, this)?.update(|bytes| bytes.extend_from_slice(&more));
            Ok(this)
        })
        .special("__imul__", |ctx, this, args| {
            let [times] = operands(&args, "__imul__")?;
            let times = positions::count(ctx, times)?;
            let repeated = super::super::list::repeat(ctx, &own(ctx, this)?.to_vec(), times)?;
            own(ctx, this)?.update(|bytes| *bytes = repeated);
            Ok(this)
        });
}

#[cold]
fn cannot_concatenate<'gc>(one: String, other: String) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, format!("can't concat {one} to {other}"))
}

/// `(class, (text in Latin-1, 'latin-1'), __dict__)`.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let points: Vec<u32> =
        own(ctx, this)?.with(|bytes| bytes.iter().map(|&byte| byte.into()).collect());
    let text: Unicode<'gc> = text_of_points(ctx, &points);
    let args = Tuple::new(ctx, &[text.into(), ctx.str("latin-1")]);
    let state = super::super::reduced_state_of(ctx, this)?;
    Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), args.into(), state]).into())
}

/// Reads the hexadecimal digits of `fromhex`, between which blanks may stand.
pub(super) fn from_hex<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc, Vec<u8>> {
    let (digits,) = args.parse::<(String,)>(ctx, "fromhex")?;
    let mut bytes = Vec::new();
    let mut digits = digits.char_indices().peekable();
    while let Some((at, first)) = digits.next() {
        if first == ' ' {
            continue;
        }
        let high = first.to_digit(16);
        let low = digits.next().and_then(|(_, second)| second.to_digit(16));
        let byte = high.zip(low).and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
        let Some(byte) = byte else {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {at}");
            return Err(Error::new(&exc::VALUE_ERROR, message));
        };
        bytes.push(byte);
    }
    Ok(bytes)
}
