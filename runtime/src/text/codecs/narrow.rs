//! ASCII and Latin-1: encodings of one byte a character.

use super::errors::{EncodeFlaw, Errors};
use crate::text::codepoints::{CodePoints, Malformed, latin_1, push_latin_1};

pub(super) fn decode_ascii(data: &[u8], errors: Errors) -> Result<Vec<u8>, Malformed> {
    if data.is_ascii() {
        return Ok(data.to_vec());
    }
    let mut text = Vec::with_capacity(data.len());
    for (at, &byte) in data.iter().enumerate() {
        if byte.is_ascii() {
            text.push(byte);
            continue;
        }
        let reason = "ordinal not in range(128)";
        errors.undecodable(&mut text, data, Malformed { start: at, end: at + 1, reason })?;
    }
    Ok(text)
}

pub(super) fn decode_latin_1(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    push_latin_1(&mut text, data);
    text
}

/// Encodes the code points below `limit` as bytes.
pub(super) fn encode(
    text: &[u8],
    limit: u32,
    reason: &'static str,
    errors: Errors,
) -> Result<Vec<u8>, EncodeFlaw> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    if limit > 0xFF
        && let Some(encoded) = latin_1(text)
    {
        return Ok(encoded);
    }
    let fits = |point: &u32| *point < limit;
    let points: Vec<u32> = CodePoints::new(text).collect();
    let mut encoded = Vec::with_capacity(points.len());
    let mut at = 0;
    while let Some(rest) = points.get(at..)
        && !rest.is_empty()
    {
        let plain = rest.iter().take_while(|point| fits(point)).count();
        encoded.extend(rest[..plain].iter().map(|&point| point as u8));
        let flawed = rest[plain..].iter().take_while(|point| !fits(point)).count();
        let (start, end) = (at + plain, at + plain + flawed);
        if flawed > 0 {
            let flaw = EncodeFlaw { start, end, reason };
            errors.unencodable(&mut encoded, &points[start..end], flaw)?;
        }
        at = end;
    }
    Ok(encoded)
}
