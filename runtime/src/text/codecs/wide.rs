//! UTF-16 and UTF-32.

use super::errors::{EncodeFlaw, Errors};
use super::push;
use crate::dialect::Dialect;
use crate::text::codepoints::{CodePoints, Malformed};

/// The bytes of a code unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Two,
    Four,
}

/// The order of the bytes in a code unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
    /// As a mark at the start says; without one, little.
    Marked,
}

impl Width {
    fn bytes(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Four => 4,
        }
    }
}

pub(super) fn shown_name(width: Width, order: ByteOrder) -> &'static str {
    match (width, order) {
        (Width::Two, ByteOrder::Little) => "utf-16-le",
        (Width::Two, ByteOrder::Big) => "utf-16-be",
        (Width::Two, ByteOrder::Marked) => "utf-16",
        (Width::Four, ByteOrder::Little) => "utf-32-le",
        (Width::Four, ByteOrder::Big) => "utf-32-be",
        (Width::Four, ByteOrder::Marked) => "utf-32",
    }
}

/// The code point of a pair of surrogates.
pub(super) fn join(high: u32, low: u32) -> Option<u32> {
    let is_pair = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
    is_pair.then(|| 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
}

pub(super) fn decode(
    data: &[u8],
    width: Width,
    order: ByteOrder,
    errors: Errors,
) -> Result<Vec<u8>, Malformed> {
    let (mark, order) = skip_mark(data, width, order);
    let mut text = Vec::with_capacity(data.len());
    let mut at = mark;
    while at < data.len() {
        match unit_at(data, at, width, order) {
            Some(unit) if width == Width::Two && (0xD800..0xE000).contains(&unit) => {
                at = surrogate(data, at, unit, order, errors, &mut text)?;
            }
            Some(unit) if unit > 0x10_FFFF => {
                let reason = "code point not in range(0x110000)";
                let flaw = Malformed { start: at, end: at + 4, reason };
                errors.undecodable(&mut text, data, flaw)?;
                at += 4;
            }
            Some(unit) => {
                push(&mut text, unit);
                at += width.bytes();
            }
            None => {
                let flaw = Malformed { start: at, end: data.len(), reason: "truncated data" };
                errors.undecodable(&mut text, data, flaw)?;
                break;
            }
        }
    }
    Ok(text)
}

fn skip_mark(data: &[u8], width: Width, order: ByteOrder) -> (usize, ByteOrder) {
    if order != ByteOrder::Marked {
        return (0, order);
    }
    for order in [ByteOrder::Little, ByteOrder::Big] {
        if unit_at(data, 0, width, order) == Some(0xFEFF) {
            return (width.bytes(), order);
        }
    }
    (0, ByteOrder::Little)
}

fn unit_at(data: &[u8], at: usize, width: Width, order: ByteOrder) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(width.bytes())?)?;
    let append = |unit: u32, byte: &u8| unit << 8 | u32::from(*byte);
    Some(match order {
        ByteOrder::Big => bytes.iter().fold(0, append),
        ByteOrder::Little | ByteOrder::Marked => bytes.iter().rev().fold(0, append),
    })
}

/// Decodes a unit that is half of a pair, and returns the offset behind it.
fn surrogate(
    data: &[u8],
    at: usize,
    unit: u32,
    order: ByteOrder,
    errors: Errors,
    text: &mut Vec<u8>,
) -> Result<usize, Malformed> {
    let next = unit_at(data, at + 2, Width::Two, order);
    if let Some(point) = next.and_then(|low| join(unit, low)) {
        push(text, point);
        return Ok(at + 4);
    }
    if errors == Errors::SurrogatePass {
        push(text, unit);
        return Ok(at + 2);
    }
    let flaw = |length: usize, reason| Malformed { start: at, end: at + length, reason };
    let flaw = match (unit, next) {
        (0xD800..0xDC00, Some(_)) => flaw(2, "illegal UTF-16 surrogate"),
        (0xD800..0xDC00, None) => flaw(data.len() - at, "unexpected end of data"),
        (_, Some(_)) => flaw(2, "illegal encoding"),
        (_, None) => flaw(data.len() - at, "unexpected end of data"),
    };
    errors.undecodable(text, data, flaw)?;
    Ok(flaw.end)
}

pub(super) fn encode(
    text: &[u8],
    width: Width,
    order: ByteOrder,
    errors: Errors,
    dialect: Dialect,
) -> Result<Vec<u8>, EncodeFlaw> {
    let mut encoded = Vec::with_capacity(text.len() * 2);
    if order == ByteOrder::Marked {
        push_unit(&mut encoded, 0xFEFF, width, order);
    }
    for (at, point) in CodePoints::new(text).enumerate() {
        let refused = (0xD800..0xE000).contains(&point)
            && dialect == Dialect::Python3
            && errors != Errors::SurrogatePass;
        if refused {
            let flaw = EncodeFlaw { start: at, end: at + 1, reason: "surrogates not allowed" };
            let mut replacement = Vec::new();
            errors.unencodable(&mut replacement, &[point], flaw)?;
            for byte in replacement {
                push_unit(&mut encoded, byte.into(), width, order);
            }
        } else if width == Width::Two && point >= 0x1_0000 {
            let offset = point - 0x1_0000;
            push_unit(&mut encoded, 0xD800 + (offset >> 10), width, order);
            push_unit(&mut encoded, 0xDC00 + (offset & 0x3FF), width, order);
        } else {
            push_unit(&mut encoded, point, width, order);
        }
    }
    Ok(encoded)
}

fn push_unit(encoded: &mut Vec<u8>, unit: u32, width: Width, order: ByteOrder) {
    match order {
        ByteOrder::Big => encoded.extend_from_slice(&unit.to_be_bytes()[4 - width.bytes()..]),
        ByteOrder::Little | ByteOrder::Marked => {
            encoded.extend_from_slice(&unit.to_le_bytes()[..width.bytes()]);
        }
    }
}
