//! Python 2's implicit conversions between byte strings and text, by ASCII.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{Bytes, Unicode};
use crate::value::Value;

/// Checks that a byte string can be taken for text.
///
/// # Errors
///
/// `UnicodeDecodeError` at the first byte that is not ASCII.
pub(crate) fn check<'gc>(ctx: Context<'gc>, bytes: Bytes<'gc>) -> Result<'gc, ()> {
    let Some(at) = bytes.as_slice().iter().position(|byte| !byte.is_ascii()) else {
        return Ok(());
    };
    // A position in memory fits 63 bits.
    let at = at as i64;
    let args = [
        ctx.str("ascii"),
        bytes.into(),
        Value::Int(at),
        Value::Int(at + 1),
        ctx.str("ordinal not in range(128)"),
    ];
    Err(Error::with_args(&exc::UNICODE_DECODE_ERROR, &args))
}

/// Makes a byte string of a text.
///
/// # Errors
///
/// `UnicodeEncodeError` at the first characters that are not ASCII.
pub(crate) fn encode<'gc>(ctx: Context<'gc>, text: Unicode<'gc>) -> Result<'gc, Bytes<'gc>> {
    let is_ascii = |point: &u32| *point < 128;
    let Some(start) = text.code_points().position(|point| !is_ascii(&point)) else {
        return Ok(Bytes::new(ctx, text.as_generalised_utf8()));
    };
    let length = text.code_points().skip(start).take_while(|point| !is_ascii(point)).count();
    // Positions in memory fit 63 bits.
    let args = [
        ctx.str("ascii"),
        text.into(),
        Value::Int(start as i64),
        Value::Int((start + length) as i64),
        ctx.str("ordinal not in range(128)"),
    ];
    Err(Error::with_args(&exc::UNICODE_ENCODE_ERROR, &args))
}

/// Makes a byte string of a text that may be a number: Latin-1, with spaces for white space beyond it.
///
/// # Errors
///
/// `UnicodeEncodeError` at the first character that can be no part of a number.
pub(crate) fn encode_decimal<'gc>(ctx: Context<'gc>, text: Unicode<'gc>) -> Result<'gc, Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for (at, point) in text.code_points().enumerate() {
        let is_space = char::from_u32(point).is_some_and(char::is_whitespace);
        match u8::try_from(point) {
            Ok(byte) if byte.is_ascii() => bytes.push(byte),
            _ if is_space => bytes.push(b' '),
            Ok(byte) => bytes.push(byte),
            Err(_) => {
                let args = [
                    ctx.str("decimal"),
                    text.into(),
                    Value::Int(at as i64),
                    Value::Int(at as i64 + 1),
                    ctx.str("invalid decimal Unicode string"),
                ];
                return Err(Error::with_args(&exc::UNICODE_ENCODE_ERROR, &args));
            }
        }
    }
    Ok(bytes)
}
