//! `encode` and `decode`: codecs by name, between string objects, with Python's exceptions.

use super::arguments::named;
use crate::args::Args;
use crate::context::Context;
use crate::convert::expected;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::text::codecs::{self, Codec, EncodeFlaw, Errors};
use crate::text::codepoints::{self, Malformed};
use crate::types::{Bytes, Unicode};
use crate::value::Value;

impl<'gc> Unicode<'gc> {
    /// Decodes bytes.
    ///
    /// # Errors
    ///
    /// `UnicodeDecodeError` at the first bytes that cannot be decoded, unless `errors` deals with them.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::codecs::{Codec, Errors};
    /// use halfsour_runtime::{Runtime, Unicode};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let text = Unicode::decode(ctx, b"sm\xF6rg\xE5s", Codec::LATIN_1, Errors::Strict)?;
    ///     assert_eq!(text.as_str(), Some("smörgås"));
    ///     assert_eq!(text.encode(ctx, Codec::ASCII, Errors::Replace)?, b"sm?rg?s");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn decode(
        ctx: Context<'gc>,
        data: &[u8],
        codec: Codec,
        errors: Errors,
    ) -> Result<'gc, Self> {
        match codec.decode(data, errors, ctx.dialect()) {
            Ok(text) => Ok(Self::from_valid(ctx, &text)),
            Err(flaw) => Err(undecodable(ctx, data, codec, flaw)),
        }
    }

    /// Encodes the text.
    ///
    /// # Errors
    ///
    /// `UnicodeEncodeError` at the first code points that cannot be encoded, unless `errors` deals with them.
    pub fn encode(self, ctx: Context<'gc>, codec: Codec, errors: Errors) -> Result<'gc, Vec<u8>> {
        codec
            .encode(self.as_generalised_utf8(), errors, ctx.dialect())
            .map_err(|flaw| unencodable(ctx, self, codec, flaw))
    }
}

#[cold]
fn undecodable<'gc>(ctx: Context<'gc>, data: &[u8], codec: Codec, flaw: Malformed) -> Error<'gc> {
    let args = [
        ctx.str(codec.shown_name(ctx.dialect())),
        Bytes::new(ctx, data).into(),
        Value::Int(flaw.start as i64),
        Value::Int(flaw.end as i64),
        ctx.str(flaw.reason),
    ];
    Error::with_args(&exc::UNICODE_DECODE_ERROR, &args)
}

#[cold]
fn unencodable<'gc>(
    ctx: Context<'gc>,
    text: Unicode<'gc>,
    codec: Codec,
    flaw: EncodeFlaw,
) -> Error<'gc> {
    let args = [
        ctx.str(codec.shown_name(ctx.dialect())),
        text.into(),
        Value::Int(flaw.start as i64),
        Value::Int(flaw.end as i64),
        ctx.str(flaw.reason),
    ];
    Error::with_args(&exc::UNICODE_ENCODE_ERROR, &args)
}

/// Returns the text of code points, which come from texts.
pub(super) fn text_of_points<'gc>(ctx: Context<'gc>, points: &[u32]) -> Unicode<'gc> {
    let mut text = Vec::with_capacity(points.len());
    for &point in points {
        let pushed = codepoints::push(&mut text, point);
        debug_assert!(pushed.is_some(), "{point:#x} is no code point");
    }
    Unicode::from_valid(ctx, &text)
}

/// Returns the text of a string object: Python 2 takes a byte string, or other bytes, for ASCII. `None` if the object
/// is no string.
///
/// # Errors
///
/// `UnicodeDecodeError` if a byte string is not ASCII.
pub(super) fn text_of<'gc>(
    ctx: Context<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Unicode<'gc>>> {
    match (value.content(), ctx.dialect()) {
        (Value::Unicode(text), _) => Ok(Some(text)),
        (_, Dialect::Python2) => match super::buffer::bytes_of(value) {
            Some(bytes) => Unicode::decode(ctx, &bytes, Codec::ASCII, Errors::Strict).map(Some),
            None => Ok(None),
        },
        (_, Dialect::Python3) => Ok(None),
    }
}

/// The `TypeError` for an object that is no string where text is wanted.
#[cold]
pub(super) fn no_text<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Error<'gc> {
    let name = value.type_name(ctx);
    let message = match ctx.dialect() {
        Dialect::Python2 => {
            format!("coercing to Unicode: need string or buffer, {name} found")
        }
        Dialect::Python3 => format!("must be str, not {name}"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// What `encode` or `decode` was asked for.
pub(super) struct Request {
    encoding: String,
    errors: String,
}

impl Request {
    /// Takes an encoding and the name of an error handler.
    pub(super) fn new(encoding: &str, errors: &str) -> Self {
        Self { encoding: encoding.to_owned(), errors: errors.to_owned() }
    }

    /// Reads the arguments of `encode` or `decode`.
    pub(super) fn of_method<'gc>(
        ctx: Context<'gc>,
        args: &Args<'gc>,
        method: &str,
    ) -> Result<'gc, Self> {
        let [encoding, errors] = named(args, method, ["encoding", "errors"], 0)?;
        Self::of_values(ctx, method, [encoding, errors], 1)
    }

    /// Reads an encoding and an error handler, either of which may be left out; `first` is the position of the first
    /// among the arguments of `function`.
    pub(super) fn of_values<'gc>(
        ctx: Context<'gc>,
        function: &str,
        values: [Option<Value<'gc>>; 2],
        first: usize,
    ) -> Result<'gc, Self> {
        let default = ctx.dialect().pick("ascii", "utf-8");
        let mut names = [default.to_owned(), "strict".to_owned()];
        for (at, value) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            if ctx.dialect() == Dialect::Python2
                && let Value::Unicode(text) = value.content()
            {
                // A unicode argument becomes a str first, or raises UnicodeEncodeError.
                text.encode(ctx, Codec::ASCII, Errors::Strict)?;
            }
            names[at] = value.to::<String>(ctx).map_err(|_| {
                let position = first + at;
                let expected = ctx.dialect().pick("string", "str");
                let got = value.type_name(ctx);
                let message =
                    format!("{function}() argument {position} must be {expected}, not {got}");
                Error::new(&exc::TYPE_ERROR, message)
            })?;
        }
        let [encoding, errors] = names;
        Ok(Self { encoding, errors })
    }

    /// The error handler; one of an unknown name counts as strict until there is an error to handle.
    fn handler(&self) -> Errors {
        Errors::named(&self.errors).unwrap_or(Errors::Strict)
    }

    /// Explains an error in terms of a handler that did not deal with it.
    fn refused<'gc>(&self, error: Error<'gc>, ctx: Context<'gc>) -> Error<'gc> {
        if !error.is(ctx, &exc::UNICODE_ERROR) {
            return error;
        }
        match (Errors::named(&self.errors), error.is(ctx, &exc::UNICODE_DECODE_ERROR)) {
            (None, _) => {
                let message = format!("unknown error handler name '{}'", self.errors);
                Error::new(&exc::LOOKUP_ERROR, message)
            }
            (Some(Errors::XmlCharRef), true) => {
                let message = "don't know how to handle UnicodeDecodeError in error callback";
                Error::new(&exc::TYPE_ERROR, message)
            }
            _ => error,
        }
    }

    fn unknown<'gc>(&self) -> Error<'gc> {
        Error::new(&exc::LOOKUP_ERROR, format!("unknown encoding: {}", self.encoding))
    }

    /// Decodes bytes to text, or by Python 2's codecs between byte strings.
    pub(super) fn decode<'gc>(&self, ctx: Context<'gc>, data: &[u8]) -> Result<'gc> {
        ctx.take_allowance((data.len() as u64).saturating_mul(GROWTH))?;
        if let Some(codec) = Codec::named(&self.encoding) {
            let text = Unicode::decode(ctx, data, codec, self.handler());
            return text.map(Into::into).map_err(|error| self.refused(error, ctx));
        }
        let decoded = match ByteCodec::named(ctx, &self.encoding) {
            Some(ByteCodec::Hex) => {
                codecs::from_hex(data).map_err(|flaw| Error::new(&exc::TYPE_ERROR, flaw))?
            }
            Some(ByteCodec::StringEscape) => codecs::unescape_bytes(data, self.handler())
                .map_err(|flaw| Error::new(&exc::VALUE_ERROR, flaw))?,
            None => return Err(self.unknown()),
        };
        Ok(Bytes::from_vec(ctx, decoded).into())
    }

    /// Encodes text, or a byte string that Python 2 takes for ASCII text, to bytes.
    pub(super) fn encode<'gc>(&self, ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Vec<u8>> {
        if let Some(codec) = Codec::named(&self.encoding) {
            let text = text_of(ctx, value)?.ok_or_else(|| expected(ctx, "text", value))?;
            let length = text.as_generalised_utf8().len() as u64;
            ctx.take_allowance(length.saturating_mul(GROWTH))?;
            let encoded = text.encode(ctx, codec, self.handler());
            return encoded.map_err(|error| self.refused(error, ctx));
        }
        let Some(codec) = ByteCodec::named(ctx, &self.encoding) else {
            return Err(self.unknown());
        };
        let data = match value.content() {
            Value::Unicode(text) => text.encode(ctx, Codec::ASCII, Errors::Strict)?,
            _ => super::buffer::required(ctx, value)?.into_owned(),
        };
        ctx.take_allowance((data.len() as u64).saturating_mul(GROWTH))?;
        Ok(match codec {
            ByteCodec::Hex => codecs::to_hex(&data),
            ByteCodec::StringEscape => codecs::escape_bytes(&data),
        })
    }
}

/// How many bytes a codec makes of one at most, while the buffer for them grows.
const GROWTH: u64 = 8;

/// Python 2's codecs between byte strings.
// DIFFERENCE: base64, bz2, quopri, rot13, uu and zlib are not here.
#[derive(Clone, Copy, Debug)]
enum ByteCodec {
    Hex,
    StringEscape,
}

impl ByteCodec {
    fn named(ctx: Context<'_>, name: &str) -> Option<Self> {
        match (codecs::normalized(name).as_str(), ctx.dialect()) {
            ("hex" | "hex_codec", Dialect::Python2) => Some(Self::Hex),
            ("string_escape", Dialect::Python2) => Some(Self::StringEscape),
            _ => None,
        }
    }
}
