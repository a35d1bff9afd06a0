//! What Python 3 makes of the byte strings that Python 2 wrote: `encoding` and `errors` of its Unpickler.

use halfsour_runtime::codecs::{Codec, Errors};
use halfsour_runtime::{Bytes, Dialect, Result, Unicode, Value};

use super::Machine;

/// How Python 3 reads the options STRING, BINSTRING and SHORT_BINSTRING.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextEncoding<'h> {
    name: &'h str,
    errors: &'h str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// `encoding="bytes"`: they stay what they are.
    Bytes,
    Known(Codec, Errors),
    /// By whatever the method `decode` makes of the names, which may be an exception.
    Unknown,
}

impl<'h> TextEncoding<'h> {
    pub(crate) fn new(name: &'h str, errors: &'h str) -> Self {
        if (name, errors) == (Self::DEFAULT.name, Self::DEFAULT.errors) {
            return Self::DEFAULT;
        }
        let kind = match (name, Codec::named(name), Errors::named(errors)) {
            ("bytes", ..) => Kind::Bytes,
            (_, Some(codec), Some(errors)) => Kind::Known(codec, errors),
            _ => Kind::Unknown,
        };
        Self { name, errors, kind }
    }

    /// What Python takes if it is told nothing.
    pub(crate) const DEFAULT: Self =
        Self { name: "ASCII", errors: "strict", kind: Kind::Known(Codec::ASCII, Errors::Strict) };
}

impl<'gc> Machine<'_, 'gc> {
    /// The object for a byte string that Python 2 wrote.
    #[inline]
    pub(super) fn decoded(&self, string: &[u8]) -> Result<'gc> {
        let ctx = self.ctx;
        let encoding = self.options.encoding;
        match encoding.kind {
            _ if ctx.dialect() == Dialect::Python2 => Ok(Bytes::new(ctx, string).into()),
            Kind::Bytes => Ok(Bytes::new(ctx, string).into()),
            Kind::Known(Codec::ASCII, _) if string.is_ascii() => Ok(std::str::from_utf8(string)
                .map_or(Value::None, |text| Unicode::new(ctx, text).into())),
            // Nothing is decoded without asking whether there is such an encoding.
            _ if string.is_empty() => Ok(Unicode::new(ctx, "").into()),
            Kind::Known(codec, errors) => match Unicode::decode(ctx, string, codec, errors) {
                Ok(text) => Ok(text.into()),
                Err(_) => self.decoded_by_method(string),
            },
            Kind::Unknown => self.decoded_by_method(string),
        }
    }

    /// `string.decode(encoding, errors)`
    #[cold]
    fn decoded_by_method(&self, string: &[u8]) -> Result<'gc> {
        let ctx = self.ctx;
        let TextEncoding { name, errors, .. } = self.options.encoding;
        let string = Value::from(Bytes::new(ctx, string));
        string.call_method(ctx, "decode", (name, errors))
    }
}
