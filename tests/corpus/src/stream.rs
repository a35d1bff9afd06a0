//! A stream as manifests hold it: base64, or pieces of base64 that are each repeated a number of times.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Result;

/// The bytes that base64 text stands for.
///
/// # Errors
/// When the text is not base64.
pub fn decode_base64(text: &str) -> Result<Vec<u8>> {
    Ok(STANDARD.decode(text)?)
}

/// Base64 text of `bytes`.
pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a manifest's `pickle` or `parts`, whichever is there.
pub(crate) fn decode(
    pickle: Option<&str>,
    parts: Option<&[(String, usize)]>,
) -> Result<Option<Vec<u8>>> {
    if let Some(text) = pickle {
        return decode_base64(text).map(Some);
    }
    let Some(parts) = parts else { return Ok(None) };
    let mut bytes = Vec::new();
    for (text, times) in parts {
        bytes.extend(decode_base64(text)?.repeat(*times));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_repeated_and_joined() {
        let parts = [("Kg==".to_owned(), 3), ("Lg==".to_owned(), 1)];
        assert_eq!(decode(None, Some(&parts)).ok().flatten().as_deref(), Some(&b"***."[..]));
    }

    #[test]
    fn base64_there_and_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode_base64(&encode_base64(&bytes)).ok(), Some(bytes));
    }
}
