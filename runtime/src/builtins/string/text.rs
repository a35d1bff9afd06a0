//! What only Python 2's `unicode`, or Python 3's `str`, has.

use super::super::arguments::{named, none, operands, receiver};
use super::super::codec::{self, Request};
use super::super::define::{Define, wrap};
use super::super::{buffer, repr_text};
use super::case::all;
use super::kind::TextString;
use super::unit::decimal_value;
use super::{format, operators};
use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, Tuple, Unicode};
use crate::value::Value;

pub(super) fn install(define: Define<'_>) {
    define
        .new_with(|ctx, class, args| Ok(wrap(ctx, class, new_text(ctx, class, &args)?)))
        .special("__add__", |ctx, this, args| {
            let [other] = operands(&args, "__add__")?;
            operators::add_to_text(ctx, this, other)
        })
        .special("__mod__", |ctx, this, args| {
            let [values] = operands(&args, "__mod__")?;
            format::format_text(ctx, own(ctx, this)?, values)
        })
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            // A copy of its own, as in CPython, so that a pickle does not take it for the string itself.
            let copy = Unicode::from_valid(ctx, own(ctx, this)?.as_generalised_utf8());
            Ok(Tuple::new(ctx, &[copy.into()]).into())
        })
        .method("encode", |ctx, this, args| {
            let request = Request::of_method(ctx, &args, "encode")?;
            Ok(Bytes::from_vec(ctx, request.encode(ctx, own(ctx, this)?.into())?).into())
        })
        .method("isdecimal", |ctx, this, args| {
            none(&args, "isdecimal")?;
            let points: Vec<u32> = own(ctx, this)?.code_points().collect();
            Ok(Value::Bool(all(&points, |point| decimal_value(point).is_some())))
        })
        .method("isnumeric", |ctx, this, args| {
            none(&args, "isnumeric")?;
            let points: Vec<u32> = own(ctx, this)?.code_points().collect();
            Ok(Value::Bool(all(&points, is_numeric)))
        })
        .method("translate", |ctx, this, args| {
            let (table,) = args.parse::<(Value<'_>,)>(ctx, "translate")?;
            translate(ctx, own(ctx, this)?, table)
        });
    operators::install_repetition::<TextString>(define);
    operators::install_simple_slice::<TextString>(define);
    if define.dialect() == Dialect::Python2 {
        define.method("decode", |ctx, this, args| {
            let request = Request::of_method(ctx, &args, "decode")?;
            let bytes = Request::new("ascii", "strict").encode(ctx, own(ctx, this)?.into())?;
            request.decode(ctx, &bytes)
        });
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Unicode<'gc>> {
    receiver(ctx, this, this.as_unicode())
}

fn is_numeric(point: u32) -> bool {
    // Ideographs of numbers, which Rust does not count.
    const IDEOGRAPHS: &str = "一二三四五六七八九十百千万億兆零〇";
    char::from_u32(point).is_some_and(|it| it.is_numeric() || IDEOGRAPHS.contains(it))
}

/// `unicode(x, encoding, errors)`.
fn new_text<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let (function, first) = ctx.dialect().pick(("unicode", "string"), ("str", "object"));
    let [object, encoding, errors] = named(args, function, [first, "encoding", "errors"], 0)?;
    let Some(object) = object else {
        return Ok(Unicode::new(ctx, "").into());
    };
    if encoding.is_none() && errors.is_none() {
        let text = text_of_any(ctx, object)?;
        return Ok(if class.is_heap_type() { text.content() } else { text });
    }
    let request = Request::of_values(ctx, function, [encoding, errors], 2)?;
    let bytes = encoded_bytes(ctx, object)?;
    let text = request.decode(ctx, &bytes)?;
    match text {
        Value::Unicode(_) => Ok(text),
        _ => {
            let got = text.type_name(ctx);
            let message = format!("decoder did not return an unicode object (type={got})");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn encoded_bytes<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
) -> Result<'gc, std::borrow::Cow<'gc, [u8]>> {
    let message = match (object.content(), ctx.dialect()) {
        (Value::Unicode(_), Dialect::Python2) => "decoding Unicode is not supported".to_owned(),
        (Value::Unicode(_), Dialect::Python3) => "decoding str is not supported".to_owned(),
        (Value::ByteArray(_), Dialect::Python2) => "decoding bytearray is not supported".to_owned(),
        _ => match buffer::bytes_of(object) {
            Some(bytes) => return Ok(bytes),
            None if ctx.dialect() == Dialect::Python3 => format!(
                "decoding to str: need a bytes-like object, {} found",
                object.type_name(ctx)
            ),
            None => return Err(codec::no_text(ctx, object)),
        },
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// What `unicode(x)` gives, an exact text: of strings their own text, else what `__unicode__` or `__str__` returns.
pub(super) fn text_of_any<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    if let Value::Unicode(_) = object {
        return Ok(object);
    }
    if ctx.dialect() == Dialect::Python3 {
        let text = object.str(ctx)?;
        return Ok(text.content());
    }
    let shown = match object.special(ctx, ctx.names().unicode)? {
        Some(hook) => hook.call(ctx, ())?,
        None => match object {
            Value::Instance(_) if object.as_unicode().is_some() => object.content(),
            _ => object.str(ctx)?,
        },
    };
    match codec::text_of(ctx, shown)? {
        Some(text) => Ok(text.into()),
        None => Err(codec::no_text(ctx, shown)),
    }
}

fn translate<'gc>(ctx: Context<'gc>, text: Unicode<'gc>, table: Value<'gc>) -> Result<'gc> {
    let mut points = Vec::new();
    for point in text.code_points() {
        let mapped = match table.get_item(ctx, point) {
            Ok(mapped) => mapped,
            Err(error) if error.is(ctx, &exc::LOOKUP_ERROR) => {
                points.push(point);
                continue;
            }
            Err(error) => return Err(error),
        };
        match mapped.content() {
            Value::None => {}
            Value::Unicode(text) => points.extend(text.code_points()),
            Value::Int(number) => match u32::try_from(number) {
                Ok(point @ ..=0x10_FFFF) => points.push(point),
                _ => {
                    let message = "character mapping must be in range(0x110000)";
                    return Err(Error::new(&exc::TYPE_ERROR, message));
                }
            },
            _ => {
                let message = ctx.dialect().pick(
                    "character mapping must return integer, None or unicode",
                    "character mapping must return integer, None or str",
                );
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
        }
    }
    Ok(codec::text_of_points(ctx, &points).into())
}

/// The repr of an object, as text.
pub(super) fn repr_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Value<'gc>> {
    Ok(Unicode::new(ctx, &repr_text(ctx, object)?).into())
}
