//! Keys of shelves on the command line: bytes, which are written as text with escapes.

/// The form of keys, for people.
pub(crate) const HELP: &str = "\
Keys are bytes. They are shown, and taken, as text in UTF-8; in it \\xHH is a byte in
hexadecimal, \\\\ a backslash, and \\n, \\r, \\t, \\0 are what they are in Python.";

/// Shows a key, so that [`read`] gives the same bytes.
pub(crate) fn show(key: &[u8]) -> String {
    let mut shown = String::new();
    for chunk in key.utf8_chunks() {
        for it in chunk.valid().chars() {
            match it {
                '\\' => shown.push_str("\\\\"),
                '\n' => shown.push_str("\\n"),
                '\r' => shown.push_str("\\r"),
                '\t' => shown.push_str("\\t"),
                // What is not seen as it is.
                it if it.is_control() || is_unseen(it) => escape(&mut shown, &it),
                it => shown.push(it),
            }
        }
        chunk.invalid().iter().for_each(|byte| shown.push_str(&format!("\\x{byte:02x}")));
    }
    shown
}

fn escape(shown: &mut String, it: &char) {
    let mut buffer = [0; 4];
    for byte in it.encode_utf8(&mut buffer).bytes() {
        shown.push_str(&format!("\\x{byte:02x}"));
    }
}

/// Whether a character is a blank other than the usual one, or invisible.
fn is_unseen(it: char) -> bool {
    it != ' ' && it.is_whitespace()
        || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Reads a key.
pub(crate) fn read(text: &str) -> Result<Vec<u8>, String> {
    let mut key = Vec::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        if it != '\\' {
            let mut buffer = [0; 4];
            key.extend(it.encode_utf8(&mut buffer).bytes());
            continue;
        }
        key.push(match rest.next() {
            Some('\\') => b'\\',
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            Some('0') => 0,
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                let is_byte = digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_hexdigit());
                let byte = is_byte.then(|| u8::from_str_radix(&digits, 16).ok()).flatten();
                byte.ok_or("two hexadecimal digits follow a \\x")?
            }
            _ => return Err("a backslash is \\\\, a byte is \\xHH".to_owned()),
        });
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::{read, show};

    #[track_caller]
    fn check(key: &[u8], shown: &str) {
        assert_eq!(show(key), shown);
        assert_eq!(read(shown).unwrap(), key);
    }

    #[test]
    fn keys_are_shown_and_read() {
        check(b"dill", "dill");
        check("Grüße 1".as_bytes(), "Grüße 1");
        check(b"", "");
        check(b"a\\b\nc\td\re", r"a\\b\nc\td\re");
        check(b"\0\x1b\xff\xfe", r"\x00\x1b\xff\xfe");
        check("\u{a0}\u{202e}\u{85}".as_bytes(), r"\xc2\xa0\xe2\x80\xae\xc2\x85");
        check(b"\xe2\x82", r"\xe2\x82");
    }

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&show(&all)).unwrap(), all);
        for byte in 0..=255 {
            assert_eq!(read(&show(&[byte])).unwrap(), [byte]);
        }
    }

    #[test]
    fn odd_escapes_are_refused() {
        for text in ["\\", "\\q", "\\x", "\\x1", "\\x+1", "\\xg0"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("\\0"), Ok(vec![0]));
    }
}
