//! `string % values`.
//!
//! Source of the rules: the Python documentation, "String Formatting Operations"; errors measured on 2.7.18.

mod arguments;
mod convert;
mod specification;

use self::arguments::Arguments;
use self::convert::Converted;
use self::specification::Specification;
use super::super::codec;
use super::kind::{ByteString, Kind, TextString};
use super::unit::Unit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, Unicode};
use crate::value::Value;

/// What `str % values` gives: text, if a value is text.
pub(super) fn format_bytes<'gc>(
    ctx: Context<'gc>,
    format: Bytes<'gc>,
    values: Value<'gc>,
) -> Result<'gc> {
    match format_units::<ByteString>(ctx, format.as_slice(), values)? {
        Some(formatted) => Ok(formatted),
        None => match codec::text_of(ctx, format.into())? {
            Some(text) => format_text(ctx, text, values),
            None => Err(codec::no_text(ctx, format.into())),
        },
    }
}

/// What `unicode % values` gives.
pub(super) fn format_text<'gc>(
    ctx: Context<'gc>,
    format: Unicode<'gc>,
    values: Value<'gc>,
) -> Result<'gc> {
    let points: Vec<u32> = format.code_points().collect();
    match format_units::<TextString>(ctx, &points, values)? {
        Some(formatted) => Ok(formatted),
        None => Err(codec::no_text(ctx, values)),
    }
}

/// Formats; `None` if a byte string's format meets text.
fn format_units<'gc, K: FormatKind>(
    ctx: Context<'gc>,
    format: &[K::Unit],
    values: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let mut values = Arguments::new(ctx, values)?;
    let mut made = Vec::with_capacity(format.len());
    let mut at = 0;
    while let Some(&unit) = format.get(at) {
        at += 1;
        if !unit.is(b'%') {
            made.push(unit);
            continue;
        }
        let (specification, end) = Specification::read::<K>(ctx, format, at, &mut values)?;
        at = end;
        let converted = match K::convert(ctx, &specification, &mut values)? {
            Some(Converted::Units(units)) => units,
            Some(Converted::Text) => return Ok(None),
            None => return Err(unsupported(format, end - 1)),
        };
        pad(&mut made, &specification, &converted)?;
    }
    values.finish()?;
    Ok(Some(K::make(ctx, &made)))
}

/// The parts of formatting that depend on the type of string.
trait FormatKind: Kind {
    /// Converts the next value; `None` if the conversion is unknown.
    fn convert<'gc>(
        ctx: Context<'gc>,
        specification: &Specification,
        values: &mut Arguments<'gc>,
    ) -> Result<'gc, Option<Converted<Self::Unit>>>;
}

#[cold]
fn unsupported<'gc, U: Unit + Into<u32>>(format: &[U], at: usize) -> Error<'gc> {
    let code: u32 = format.get(at).map_or(0, |&unit| unit.into());
    let shown = match u8::try_from(code) {
        Ok(byte @ 0x20..0x7F) => char::from(byte),
        _ => '?',
    };
    let message = format!("unsupported format character '{shown}' ({code:#x}) at index {at}");
    Error::new(&exc::VALUE_ERROR, message)
}

/// Appends a converted value, filled up to the width asked for.
fn pad<'gc, U: Unit>(
    made: &mut Vec<U>,
    specification: &Specification,
    converted: &[U],
) -> Result<'gc, ()> {
    let missing = specification.width.saturating_sub(converted.len());
    if made.try_reserve(missing + converted.len()).is_err() {
        return Err(Error::bare(&exc::MEMORY_ERROR));
    }
    let fill = |made: &mut Vec<U>, unit: u8| made.resize(made.len() + missing, U::from(unit));
    if specification.left {
        made.extend_from_slice(converted);
        fill(made, b' ');
    } else if specification.zero && specification.is_number() {
        let (sign, digits) = converted.split_at(sign_length(converted));
        made.extend_from_slice(sign);
        fill(made, b'0');
        made.extend_from_slice(digits);
    } else {
        fill(made, b' ');
        made.extend_from_slice(converted);
    }
    Ok(())
}

/// The length of what zeros must stand behind: a sign and `0x`.
fn sign_length<U: Unit>(number: &[U]) -> usize {
    let is_sign = |unit: &U| unit.is(b'-') || unit.is(b'+') || unit.is(b' ');
    let sign = usize::from(number.first().is_some_and(is_sign));
    match number.get(sign..) {
        Some([zero, x, ..]) if zero.is(b'0') && (x.is(b'x') || x.is(b'X')) => sign + 2,
        _ => sign,
    }
}
