//! ASCII and Latin-1: encodings of one byte a character.

use super::errors::{EncodeFlaw, Errors};
use crate::text::codepoints::{CodePoints, Malformed, push_latin_1};

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
        && let Some(encoded) = encode_latin_1(text)
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

/// Encodes a text without flaws.
fn encode_latin_1(text: &[u8]) -> Option<Vec<u8>> {
    let mut encoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&lead, tail)) = rest.split_first() {
        let byte = match (lead, tail.split_first()) {
            (0x00..=0x7F, _) => {
                rest = tail;
                lead
            }
            (0xC2 | 0xC3, Some((&low, tail))) => {
                rest = tail;
                lead << 6 | low & 0x3F
            }
            _ => return None,
        };
        encoded.push(byte);
    }
    Some(encoded)
}
