//! Files with one JSON value a line, plain or compressed.

use std::borrow::Cow;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{CorpusError, Result, folder};

/// Reads every line of `path`, which is compressed if its name ends in `.gz`.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    folder::read_text(path)?
        .lines()
        .enumerate()
        .map(|(at, line)| {
            serde_json::from_str(&without_lone_surrogates(line))
                .map_err(|source| CorpusError::Line { path: path.to_owned(), line: at + 1, source })
        })
        .collect()
}

/// Python's json writes a lone surrogate as `\udXXX`, which Rust's strings cannot hold. It is in texts of errors
/// only (a description writes such text as code points), where U+FFFD does as well.
fn without_lone_surrogates(line: &str) -> Cow<'_, str> {
    if !line.contains(r"\ud") {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at..];
        out.push_str(&rest[..at]);
        let kept = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => 0,
            (None, _) => 2.min(escape.len()),
        };
        out.push_str(&escape[..kept]);
        if kept == 0 {
            out.push('\u{fffd}');
        }
        rest = &escape[if kept == 0 { 6 } else { kept }..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The surrogate that an escape at the start of `text` stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..0xe000).contains(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        let text = r#"["\ud83d\ude00", "\ud800", "\\ud800", "\u00e9", "\udc00\ud800"]"#;
        let read: Vec<String> =
            serde_json::from_str(&without_lone_surrogates(text)).unwrap_or_default();
        assert_eq!(read, ["\u{1f600}", "\u{fffd}", r"\ud800", "\u{e9}", "\u{fffd}\u{fffd}"]);
    }
}
