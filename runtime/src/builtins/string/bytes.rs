//! What only Python 2's `str`, or Python 3's `bytes`, has.

use super::super::arguments::{named, none, operands, receiver};
use super::super::codec::Request;
use super::super::define::{Define, wrap};
use super::super::{buffer, codec};
use super::kind::{ByteString, Kind};
use super::{bytearray, format, operators};
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, Tuple};
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .new_with(|ctx, class, args| {
            let content = match ctx.dialect() {
                Dialect::Python2 => new_str(ctx, class, &args)?,
                Dialect::Python3 => new_bytes(ctx, &args)?,
            };
            Ok(wrap(ctx, class, content))
        })
        .special("__add__", |ctx, this, args| {
            let [other] = operands(&args, "__add__")?;
            operators::add_to_bytes(ctx, this, other)
        })
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            // A copy of its own, as in CPython, so that a pickle does not take it for the string itself.
            let copy = Bytes::new(ctx, own(ctx, this)?.as_slice());
            Ok(Tuple::new(ctx, &[copy.into()]).into())
        })
        .method("decode", |ctx, this, args| {
            let request = Request::of_method(ctx, &args, "decode")?;
            request.decode(ctx, own(ctx, this)?.as_slice())
        })
        .method("translate", |ctx, this, args| {
            let translated = translate(ctx, own(ctx, this)?.as_slice(), &args)?;
            Ok(Bytes::from_vec(ctx, translated).into())
        });
    operators::install_repetition::<ByteString>(define);
    operators::install_simple_slice::<ByteString>(define);
    match define.dialect() {
        Dialect::Python2 => python2(define),
        Dialect::Python3 => {
            define
                .class_method("fromhex", |ctx, class, args| {
                    let bytes = bytearray::from_hex(ctx, &args)?;
                    class.call(ctx, (Value::from(Bytes::from_vec(ctx, bytes)),))
                })
                .static_method("maketrans", make_translation);
        }
    }
}

/// `bytes.maketrans(from, to)`: a table for `translate`.
pub(super) fn make_translation<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (from, to) = args.parse::<(Value<'gc>, Value<'gc>)>(ctx, "maketrans")?;
    let (from, to) = (buffer::required(ctx, from)?, buffer::required(ctx, to)?);
    if from.len() != to.len() {
        let message = "maketrans arguments must have same length";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&from, &to) in from.iter().zip(to.iter()) {
        table[usize::from(from)] = to;
    }
    Ok(Bytes::from_vec(ctx, table).into())
}

fn python2(define: Define<'_>) {
    define
        .special("__mod__", |ctx, this, args| {
            let [values] = operands(&args, "__mod__")?;
            format::format_bytes(ctx, own(ctx, this)?, values)
        })
        .method("encode", |ctx, this, args| {
            let request = Request::of_method(ctx, &args, "encode")?;
            Ok(Bytes::from_vec(ctx, request.encode(ctx, this)?).into())
        });
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Bytes<'gc>> {
    receiver(ctx, this, this.as_bytes())
}

/// Python 2's `str(x)`.
fn new_str<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [object] = named(args, "str", ["object"], 0)?;
    let Some(object) = object else {
        return Ok(Bytes::new(ctx, b"").into());
    };
    let text = object.str(ctx)?;
    match text.content() {
        Value::Bytes(content) if class.is_heap_type() => Ok(content.into()),
        Value::Bytes(_) => Ok(text),
        _ => Err(codec::no_text(ctx, text)),
    }
}

/// Python 3's `bytes(x)`.
fn new_bytes<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    if let ([same @ Value::Bytes(_)], []) = (args.positional(), args.keywords()) {
        return Ok(*same);
    }
    if let ([object], []) = (args.positional(), args.keywords())
        && let Some(hook) = object.special(ctx, ctx.intern("__bytes__"))?
    {
        let made = hook.call(ctx, ())?;
        return receiver(ctx, made, made.as_bytes()).map(Into::into);
    }
    Ok(Bytes::from_vec(ctx, bytearray::content_of(ctx, args, "bytes")?).into())
}

/// What `translate(table[, deletions])` makes of bytes.
pub(super) fn translate<'gc>(
    ctx: Context<'gc>,
    data: &[u8],
    args: &Args<'gc>,
) -> Result<'gc, Vec<u8>> {
    let delete_name = ctx.dialect().pick("deletechars", "delete");
    let [table, doomed] = named(args, "translate", ["table", delete_name], 1)?;
    let table = table.filter(|table| !table.is_none());
    let table = table.map(|table| ByteString::argument(ctx, table)).transpose()?;
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        let message = "translation table must be 256 characters long";
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    let doomed = doomed.map(|doomed| buffer::required(ctx, doomed)).transpose()?;
    let doomed = doomed.unwrap_or_default();
    let kept = data.iter().filter(|byte| !doomed.contains(byte));
    Ok(match table {
        Some(table) => kept.map(|&byte| table[usize::from(byte)]).collect(),
        None => kept.copied().collect(),
    })
}
