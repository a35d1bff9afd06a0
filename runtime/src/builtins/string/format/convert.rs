//! The conversions: from a value to the units that stand for it.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use super::FormatKind;
use super::arguments::Arguments;
use super::specification::Specification;
use crate::builtins::codec;
use crate::builtins::string::kind::{ByteString, TextString};
use crate::builtins::string::text::{repr_of, text_of_any};
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::text::float_format::{Notation, format_float};
use crate::value::Value;

/// A converted value.
pub(super) enum Converted<U> {
    Units(Vec<U>),
    /// Text, which the format of a byte string does not hold.
    Text,
}

impl FormatKind for ByteString {
    fn convert<'gc>(
        ctx: Context<'gc>,
        specification: &Specification,
        values: &mut Arguments<'gc>,
    ) -> Result<'gc, Option<Converted<u8>>> {
        let shown = match specification.conversion {
            b's' => values.next()?.content_or_str(ctx)?,
            b'r' => values.next()?.repr(ctx)?,
            b'c' => {
                let value = values.next()?;
                if let Value::Unicode(_) = value.content() {
                    return Ok(Some(Converted::Text));
                }
                return Ok(Some(Converted::Units(vec![byte(ctx, value)?])));
            }
            _ => return Ok(ascii(ctx, specification, values)?.map(Converted::Units)),
        };
        let Value::Bytes(bytes) = shown.content() else {
            return Ok(Some(Converted::Text));
        };
        let shown = bytes.as_slice();
        let length = specification.precision.unwrap_or(shown.len()).min(shown.len());
        Ok(Some(Converted::Units(shown[..length].to_vec())))
    }
}

impl FormatKind for TextString {
    fn convert<'gc>(
        ctx: Context<'gc>,
        specification: &Specification,
        values: &mut Arguments<'gc>,
    ) -> Result<'gc, Option<Converted<u32>>> {
        let shown = match specification.conversion {
            b's' => text_of_any(ctx, values.next()?)?,
            b'r' => repr_of(ctx, values.next()?)?,
            b'a' if ctx.dialect() == Dialect::Python3 => ascii_repr(ctx, values.next()?)?,
            b'c' => {
                let point = code_point(ctx, values.next()?)?;
                return Ok(Some(Converted::Units(vec![point])));
            }
            _ => {
                let units = ascii(ctx, specification, values)?;
                let wide = |units: Vec<u8>| units.into_iter().map(u32::from).collect();
                return Ok(units.map(wide).map(Converted::Units));
            }
        };
        let Some(text) = shown.as_unicode() else {
            return Err(codec::no_text(ctx, shown));
        };
        let most = specification.precision.unwrap_or(usize::MAX);
        Ok(Some(Converted::Units(text.code_points().take(most).collect())))
    }
}

fn ascii_repr<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    let repr = repr_of(ctx, value)?;
    let escaped = codec::Request::new("ascii", "backslashreplace").encode(ctx, repr)?;
    Ok(ctx.str(&String::from_utf8_lossy(&escaped)))
}

impl<'gc> Value<'gc> {
    /// A string's own content, else what `str(x)` gives.
    fn content_or_str(self, ctx: Context<'gc>) -> Result<'gc> {
        match self {
            Value::Bytes(_) | Value::Unicode(_) => Ok(self),
            // Text is left to the format of text, which asks it for itself.
            Value::Instance(_) if self.as_unicode().is_some() => Ok(self),
            _ => self.str(ctx),
        }
    }
}

/// The conversions that give the same in every type of string; `None` if there is no such.
fn ascii<'gc>(
    ctx: Context<'gc>,
    specification: &Specification,
    values: &mut Arguments<'gc>,
) -> Result<'gc, Option<Vec<u8>>> {
    let text = match specification.conversion {
        b'%' => "%".to_owned(),
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
            let number = whole_number(ctx, specification.conversion, values.next()?)?;
            write_integer(specification, &number)
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            write_float(specification, float(ctx, values.next()?)?)
        }
        _ => return Ok(None),
    };
    Ok(Some(text.into_bytes()))
}

fn byte<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, u8> {
    let error = |message: &'static str| Err(Error::new(&exc::OVERFLOW_ERROR, message));
    match value.content() {
        Value::Bytes(bytes) => match bytes.as_slice() {
            &[byte] => Ok(byte),
            _ => Err(Error::new(&exc::TYPE_ERROR, "%c requires int or char")),
        },
        Value::Int(..0) => error("unsigned byte integer is less than minimum"),
        _ => match u8::try_from(crate::builtins::arguments::integer(ctx, value)?) {
            Ok(byte) => Ok(byte),
            Err(_) => error("unsigned byte integer is greater than maximum"),
        },
    }
}

fn code_point<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, u32> {
    if let Some(text) = codec::text_of(ctx, value)? {
        let mut points = text.code_points();
        return match (points.next(), points.next()) {
            (Some(point), None) => Ok(point),
            _ => Err(Error::new(&exc::TYPE_ERROR, "%c requires int or char")),
        };
    }
    match u32::try_from(crate::builtins::arguments::integer(ctx, value)?) {
        Ok(point @ ..=0x10_FFFF) => Ok(point),
        _ => {
            let message = ctx.dialect().pick(
                "%c arg not in range(0x110000) (wide Python build)",
                "%c arg not in range(0x110000)",
            );
            Err(Error::new(&exc::OVERFLOW_ERROR, message))
        }
    }
}

/// The whole number that a value stands for: floats are cut off, other objects are asked by `__int__`.
fn whole_number<'gc>(ctx: Context<'gc>, letter: u8, value: Value<'gc>) -> Result<'gc, BigInt> {
    let letter = char::from(if letter == b'i' { b'd' } else { letter });
    let required = || {
        let name = value.type_name(ctx);
        let message = format!("%{letter} format: a number is required, not {name}");
        Error::new(&exc::TYPE_ERROR, message)
    };
    match value.content() {
        Value::Float(number) => BigInt::from_f64(number.trunc()).ok_or_else(|| {
            let message = "cannot convert float infinity or NaN to integer";
            Error::new(&exc::OVERFLOW_ERROR, message)
        }),
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => value.to(ctx),
        _ => {
            let hook = value.special(ctx, ctx.names().int)?.ok_or_else(required)?;
            hook.call(ctx, ())?.to::<BigInt>(ctx).map_err(|_| required())
        }
    }
}

fn write_integer(specification: &Specification, number: &BigInt) -> String {
    let magnitude = number.abs();
    let (prefix, digits) = match (specification.conversion, specification.alternate) {
        (b'o', alternate) => {
            let digits = magnitude.to_str_radix(8);
            let prefix = if alternate && digits != "0" { "0" } else { "" };
            (prefix, digits)
        }
        (b'x', alternate) => (if alternate { "0x" } else { "" }, magnitude.to_str_radix(16)),
        (b'X', alternate) => {
            (if alternate { "0X" } else { "" }, magnitude.to_str_radix(16).to_uppercase())
        }
        _ => ("", magnitude.to_string()),
    };
    let zeros = specification.precision.unwrap_or(0).saturating_sub(digits.len());
    let sign = sign(specification, number.is_negative());
    format!("{sign}{prefix}{}{digits}", "0".repeat(zeros))
}

fn sign(specification: &Specification, negative: bool) -> &'static str {
    match (negative, specification.plus, specification.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn float<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, f64> {
    if let Value::Instance(_) | Value::ClassicInstance(_) = value
        && let Some(hook) = value.special(ctx, ctx.intern("__float__"))?
    {
        return hook.call(ctx, ())?.to(ctx);
    }
    value.to::<f64>(ctx).map_err(|error| {
        if !error.is(ctx, &exc::TYPE_ERROR) {
            return error;
        }
        let name = value.type_name(ctx);
        Error::new(&exc::TYPE_ERROR, format!("float argument required, not {name}"))
    })
}

fn write_float(specification: &Specification, number: f64) -> String {
    let notation = match specification.conversion {
        b'e' | b'E' => Notation::Exponent,
        b'f' | b'F' => Notation::Fixed,
        _ => Notation::General,
    };
    let precision = specification.precision.unwrap_or(6);
    let text = format_float(number, notation, precision, specification.alternate);
    let text = match text.strip_prefix('-') {
        Some(magnitude) => format!("-{magnitude}"),
        None => format!("{}{text}", sign(specification, false)),
    };
    if specification.conversion.is_ascii_uppercase() { text.to_uppercase() } else { text }
}
