//! UTF-8.

use super::errors::{EncodeFlaw, Errors};
use crate::dialect::Dialect;
use crate::text::codepoints::{self, CodePoints, Malformed};

/// The mark that `utf-8-sig` puts before a text.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn decode(data: &[u8], errors: Errors, dialect: Dialect) -> Result<Vec<u8>, Malformed> {
    // Python 2 takes surrogates for characters like any other.
    let surrogates = dialect == Dialect::Python2 || errors == Errors::SurrogatePass;
    let mut text = Vec::with_capacity(data.len());
    let mut rest = data;
    loop {
        let at = data.len() - rest.len();
        let flaw = match first_flaw(rest, surrogates) {
            None => {
                text.extend_from_slice(rest);
                return Ok(text);
            }
            Some(flaw) => flaw,
        };
        text.extend_from_slice(&rest[..flaw.start]);
        let (start, end) = (at + flaw.start, at + flaw.end);
        errors.undecodable(&mut text, data, Malformed { start, end, ..flaw })?;
        rest = &data[end..];
    }
}

fn first_flaw(data: &[u8], surrogates: bool) -> Option<Malformed> {
    let flaw = codepoints::validate(data).err();
    if surrogates {
        return flaw;
    }
    let valid = flaw.map_or(data.len(), |flaw| flaw.start);
    let surrogate = data[..valid].windows(2).position(|pair| pair[0] == 0xED && pair[1] >= 0xA0);
    match surrogate {
        Some(start) => {
            Some(Malformed { start, end: start + 1, reason: "invalid continuation byte" })
        }
        None => flaw,
    }
}

pub(super) fn encode(text: &[u8], errors: Errors, dialect: Dialect) -> Result<Vec<u8>, EncodeFlaw> {
    if simdutf8::basic::from_utf8(text).is_ok() {
        return Ok(text.to_vec());
    }
    if dialect == Dialect::Python2 {
        return Ok(join_surrogates(text));
    }
    let mut encoded = Vec::with_capacity(text.len());
    let points: Vec<u32> = CodePoints::new(text).collect();
    let is_surrogate = |point: &u32| (0xD800..0xE000).contains(point);
    let mut at = 0;
    while let Some(&point) = points.get(at) {
        let flawed = points[at..].iter().take_while(|point| is_surrogate(point)).count();
        if flawed == 0 || errors == Errors::SurrogatePass {
            super::push(&mut encoded, point);
            at += 1;
            continue;
        }
        let flaw = EncodeFlaw { start: at, end: at + flawed, reason: "surrogates not allowed" };
        errors.unencodable(&mut encoded, &points[at..at + flawed], flaw)?;
        at += flawed;
    }
    Ok(encoded)
}

/// Python 2 encodes a pair of surrogates as the one character that it stands for, and a lone one as it is.
fn join_surrogates(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len());
    let mut points = CodePoints::new(text).peekable();
    while let Some(point) = points.next() {
        let joined = match points.peek() {
            Some(&low) => super::wide::join(point, low),
            None => None,
        };
        if joined.is_some() {
            points.next();
        }
        super::push(&mut encoded, joined.unwrap_or(point));
    }
    encoded
}
