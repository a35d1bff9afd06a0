//! Lines of a `.dir` file: the literal of a key, and where its value is.

use halfsour_runtime::codecs::{Errors, unescape_bytes};
use halfsour_runtime::string_text;

/// Where a value is in the `.dat` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: u64,
    pub(super) size: u64,
}

/// Writes a line as 2.7 does, which every version reads: everything beyond ASCII is escaped.
pub(super) fn write(out: &mut Vec<u8>, key: &[u8], extent: Extent) {
    string_text::write_repr(out, key);
    out.extend(format!(", ({}, {})\n", extent.start, extent.size).bytes());
}

/// Reads a line; `None` if it is not what any version writes.
pub(super) fn parse(line: &[u8]) -> Option<(Vec<u8>, Extent)> {
    let mut rest = line.trim_ascii();
    let key = string(&mut rest)?;
    symbol(&mut rest, b',')?;
    symbol(&mut rest, b'(')?;
    let start = number(&mut rest)?;
    symbol(&mut rest, b',')?;
    let size = number(&mut rest)?;
    symbol(&mut rest, b')')?;
    rest.is_empty().then_some((key, Extent { start, size }))
}

/// Takes a string literal off. Python 3 writes bytes beyond ASCII as they are (Latin-1), or escaped as Python 2.
fn string(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let (&quote, text) = rest.split_first()?;
    if quote != b'\'' && quote != b'"' {
        return None;
    }
    let mut escaped = false;
    let end = text.iter().position(|&byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let (literal, behind) = text.split_at_checked(end)?;
    *rest = behind.strip_prefix(&[quote])?;
    unescape_bytes(literal, Errors::Strict).ok()
}

/// Takes a number off: decimal, with the `L` that Python 2 gives to a long.
fn number(rest: &mut &[u8]) -> Option<u64> {
    *rest = rest.trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, behind) = rest.split_at_checked(digits)?;
    *rest = behind.strip_prefix(b"L").unwrap_or(behind);
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Takes a symbol off, with the blanks before it.
fn symbol(rest: &mut &[u8], symbol: u8) -> Option<()> {
    *rest = rest.trim_ascii_start().strip_prefix(&[symbol])?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[u8]) -> Option<(Vec<u8>, u64, u64)> {
        parse(line).map(|(key, extent)| (key, extent.start, extent.size))
    }

    #[test]
    fn every_byte_is_written_in_ascii_and_read_back() {
        let mut keys: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        keys.extend([b"".to_vec(), b"it's".to_vec(), b"it's \"it\"".to_vec(), (0..=255).collect()]);
        for key in keys {
            let mut line = Vec::new();
            write(&mut line, &key, Extent { start: 512, size: 7 });
            assert!(line.is_ascii());
            assert_eq!(read(&line), Some((key, 512, 7)));
        }
    }

    #[test]
    fn what_the_versions_write_is_read() {
        let jar = |start, size| Some((b"jar".to_vec(), start, size));
        assert_eq!(read(b"'jar', (0, 3)\r\n"), jar(0, 3));
        assert_eq!(read(b"\"jar\", (2147483648L, 3L)"), jar(2_147_483_648, 3));
        assert_eq!(read(b"'\\152\\x61r',(512 , 0)"), jar(512, 0));
        assert_eq!(read(b"'\xe9\\xa0', (0, 1)"), Some((b"\xe9\xa0".to_vec(), 0, 1)));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in
            ["", "'jar'", "'jar', (0, 3", "'jar, (0, 3)", "'jar', (0, 3, 1)", "'jar', (-1, 3)"]
        {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
        for line in
            ["str(print('!')), 0", "'jar', (0, 99999999999999999999)", "jar, (0, 3)", "'a\\"]
        {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
