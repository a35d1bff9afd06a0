//! [`Kind`]: what the three types of strings have different, so that each method is written once.

use std::borrow::Cow;

use super::unit::Unit;
use crate::args::Args;
use crate::builtins::buffer;
use crate::builtins::codec;
use crate::builtins::positions;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{ByteArray, Bytes};
use crate::value::Value;

/// A type of strings: a sequence of units.
pub(super) trait Kind: 'static {
    type Unit: Unit + Into<u32>;

    /// What the messages of `index` call a part.
    const PART: &'static str = "substring";

    /// The units of an object of the type.
    fn units<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [Self::Unit]>>;

    /// The units of an argument; other types of strings will do where Python takes them.
    fn argument<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Cow<'gc, [Self::Unit]>>;

    /// The units of what `find`, `index` and `count` look for.
    fn sought<'gc>(
        ctx: Context<'gc>,
        method: &str,
        value: Value<'gc>,
    ) -> Result<'gc, Cow<'gc, [Self::Unit]>> {
        let _ = method;
        Self::argument(ctx, value)
    }

    fn make<'gc>(ctx: Context<'gc>, units: &[Self::Unit]) -> Value<'gc>;

    /// A part of `this`; all of it is the object itself, if that is of the immutable type itself.
    fn part<'gc>(
        ctx: Context<'gc>,
        this: Value<'gc>,
        whole: &[Self::Unit],
        part: &[Self::Unit],
    ) -> Value<'gc> {
        match this {
            Value::Bytes(_) | Value::Unicode(_) if part.len() == whole.len() => this,
            _ => Self::make(ctx, part),
        }
    }

    /// The text that a byte string stands for, where an argument is text: Python 2 goes on with `unicode`'s method.
    fn promoted<'gc>(
        _: Context<'gc>,
        _: Value<'gc>,
        _: &Args<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        Ok(None)
    }

    /// The `TypeError` for an argument of `strip` of the wrong type.
    fn no_strip_argument<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc>;

    /// The `TypeError` for an argument of `startswith` or `endswith` of the wrong type.
    fn no_affix<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc>;

    /// Reads the character that `center`, `ljust` and `rjust` fill up with.
    fn fill<'gc>(ctx: Context<'gc>, method: &str, fill: Value<'gc>) -> Result<'gc, Self::Unit>;
}

/// Python 2's `str`, Python 3's `bytes`.
#[derive(Debug)]
pub(super) struct ByteString;

impl Kind for ByteString {
    type Unit = u8;

    fn units<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        let bytes = crate::builtins::arguments::receiver(ctx, this, this.as_bytes())?;
        Ok(Cow::Borrowed(bytes.as_slice()))
    }

    fn argument<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        buffer::bytes_of(value).ok_or_else(|| {
            let message = match ctx.dialect() {
                Dialect::Python2 => "expected a string or other character buffer object".to_owned(),
                Dialect::Python3 => {
                    format!("a bytes-like object is required, not '{}'", value.type_name(ctx))
                }
            };
            Error::new(&exc::TYPE_ERROR, message)
        })
    }

    fn sought<'gc>(ctx: Context<'gc>, _: &str, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        bytes_sought::<Self>(ctx, value)
    }

    fn make<'gc>(ctx: Context<'gc>, units: &[u8]) -> Value<'gc> {
        Bytes::new(ctx, units).into()
    }

    fn promoted<'gc>(
        ctx: Context<'gc>,
        this: Value<'gc>,
        args: &Args<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        let is_text = |value: &Value<'gc>| matches!(value.content(), Value::Unicode(_));
        if ctx.dialect() == Dialect::Python3 || !args.positional().iter().any(is_text) {
            return Ok(None);
        }
        codec::text_of(ctx, this).map(|text| text.map(Value::Unicode))
    }

    fn no_strip_argument<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc> {
        match ctx.dialect() {
            Dialect::Python2 => {
                let message = format!("{method} arg must be None, str or unicode");
                Error::new(&exc::TYPE_ERROR, message)
            }
            Dialect::Python3 => ByteArrayString::no_strip_argument(ctx, method, got),
        }
    }

    fn no_affix<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc> {
        no_affix(ctx, method, got, ["str, unicode, or tuple", "bytes or a tuple of bytes"])
    }

    fn fill<'gc>(ctx: Context<'gc>, method: &str, fill: Value<'gc>) -> Result<'gc, u8> {
        byte_to_fill(ctx, method, fill)
    }
}

/// What is looked for among bytes: other bytes, or in Python 3 one as a number.
fn bytes_sought<'gc, K: Kind<Unit = u8>>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Cow<'gc, [u8]>> {
    if ctx.dialect() == Dialect::Python2 {
        return K::argument(ctx, value);
    }
    if let Some(bytes) = buffer::bytes_of(value) {
        return Ok(bytes);
    }
    match positions::clipped(ctx, value)? {
        Some(number) => match u8::try_from(number) {
            Ok(byte) => Ok(Cow::Owned(vec![byte])),
            Err(_) => Err(Error::new(&exc::VALUE_ERROR, "byte must be in range(0, 256)")),
        },
        None => {
            let got = value.type_name(ctx);
            let message = format!("argument should be integer or bytes-like object, not '{got}'");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn no_affix<'gc>(
    ctx: Context<'gc>,
    method: &str,
    got: Value<'gc>,
    [python2, python3]: [&str; 2],
) -> Error<'gc> {
    let expected = ctx.dialect().pick(python2, python3);
    let got = got.type_name(ctx);
    Error::new(&exc::TYPE_ERROR, format!("{method} first arg must be {expected}, not {got}"))
}

fn byte_to_fill<'gc>(ctx: Context<'gc>, method: &str, fill: Value<'gc>) -> Result<'gc, u8> {
    if let Some(&[byte]) = buffer::bytes_of(fill).as_deref() {
        return Ok(byte);
    }
    let expected = ctx.dialect().pick("char", "a byte string of length 1");
    let got = fill.type_name(ctx);
    Err(Error::new(
        &exc::TYPE_ERROR,
        format!("{method}() argument 2 must be {expected}, not {got}"),
    ))
}

/// Python 2's `unicode`, Python 3's `str`.
#[derive(Debug)]
pub(super) struct TextString;

impl Kind for TextString {
    type Unit = u32;

    fn units<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [u32]>> {
        let text = crate::builtins::arguments::receiver(ctx, this, this.as_unicode())?;
        Ok(Cow::Owned(text.code_points().collect()))
    }

    fn argument<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u32]>> {
        match codec::text_of(ctx, value)? {
            Some(text) => Ok(Cow::Owned(text.code_points().collect())),
            None => Err(codec::no_text(ctx, value)),
        }
    }

    fn sought<'gc>(
        ctx: Context<'gc>,
        method: &str,
        value: Value<'gc>,
    ) -> Result<'gc, Cow<'gc, [u32]>> {
        if ctx.dialect() == Dialect::Python3 && value.as_unicode().is_none() {
            let got = value.type_name(ctx);
            let message = format!("{method}() argument 1 must be str, not {got}");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        Self::argument(ctx, value)
    }

    fn make<'gc>(ctx: Context<'gc>, units: &[u32]) -> Value<'gc> {
        codec::text_of_points(ctx, units).into()
    }

    fn no_strip_argument<'gc>(ctx: Context<'gc>, method: &str, _: Value<'gc>) -> Error<'gc> {
        let expected = ctx.dialect().pick("None, unicode or str", "None or str");
        Error::new(&exc::TYPE_ERROR, format!("{method} arg must be {expected}"))
    }

    fn no_affix<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc> {
        no_affix(ctx, method, got, ["str, unicode, or tuple", "str or a tuple of str"])
    }

    fn fill<'gc>(ctx: Context<'gc>, _: &str, fill: Value<'gc>) -> Result<'gc, u32> {
        let Some(text) = codec::text_of(ctx, fill)? else {
            let message = "The fill character cannot be converted to Unicode";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        let mut points = text.code_points();
        match (points.next(), points.next()) {
            (Some(point), None) => Ok(point),
            _ => {
                let message = "The fill character must be exactly one character long";
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }
}

/// `bytearray`.
#[derive(Debug)]
pub(super) struct ByteArrayString;

impl Kind for ByteArrayString {
    type Unit = u8;

    const PART: &'static str = "subsection";

    fn units<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        let bytes = crate::builtins::arguments::receiver(ctx, this, this.as_bytearray())?;
        Ok(Cow::Owned(bytes.to_vec()))
    }

    fn argument<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        buffer::bytes_of(value).ok_or_else(|| buffer::no_buffer(ctx, value))
    }

    fn sought<'gc>(ctx: Context<'gc>, _: &str, value: Value<'gc>) -> Result<'gc, Cow<'gc, [u8]>> {
        bytes_sought::<Self>(ctx, value)
    }

    fn make<'gc>(ctx: Context<'gc>, units: &[u8]) -> Value<'gc> {
        ByteArray::from_vec(ctx, units.to_vec()).into()
    }

    fn no_strip_argument<'gc>(ctx: Context<'gc>, _: &str, got: Value<'gc>) -> Error<'gc> {
        buffer::no_buffer(ctx, got)
    }

    fn no_affix<'gc>(ctx: Context<'gc>, method: &str, got: Value<'gc>) -> Error<'gc> {
        match ctx.dialect() {
            Dialect::Python2 => buffer::no_buffer(ctx, got),
            Dialect::Python3 => ByteString::no_affix(ctx, method, got),
        }
    }

    fn fill<'gc>(ctx: Context<'gc>, method: &str, fill: Value<'gc>) -> Result<'gc, u8> {
        byte_to_fill(ctx, method, fill)
    }
}

/// Whether an object is a string of either kind, or of a subclass.
pub(super) fn is_string(value: Value<'_>) -> bool {
    matches!(value.content(), Value::Bytes(_) | Value::Unicode(_))
}
