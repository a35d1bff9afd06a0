//! Files that are no pickles, but something that is known by its first bytes.

use crate::failure::Failure;

/// What is refused at once: no pickle that begins so can be loaded, by any Python.
const KNOWN: [(&[u8], &str, &str); 8] = [
    (b"SQLite format 3\0", "a shelf of dbm.sqlite3, or another SQLite file", LIST),
    (b"redb\x1a\x0a\xa9\x0d\x0a", "a shelf", LIST),
    (b"\xce\x9a\x57\x13", "a shelf of GNU dbm", LIST),
    (b"\xcf\x9a\x57\x13", "a shelf of GNU dbm", LIST),
    (
        b"FS21",
        "a FileStorage of ZODB",
        "its records are pickles, which this tool does not take out",
    ),
    (b"\x93NUMPY", "an array of numpy without objects", ""),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", ""),
    (b"{", "JSON perhaps", ""),
];

const LIST: &str = "`halfsour shelf list` lists the keys of a shelf";

/// Returns an error if a file is one of those.
pub(super) fn recognise(bytes: &[u8]) -> Option<Failure> {
    let (_, what, hint) = KNOWN.iter().find(|(magic, ..)| bytes.starts_with(magic))?;
    let failure = Failure::new(format!("it is no pickle but {what}"));
    Some(if hint.is_empty() { failure } else { failure.hint(*hint) })
}

/// Guesses what a file is that does not load.
pub(super) fn guess(bytes: &[u8]) -> Option<&'static str> {
    let hash = [&b"\x61\x15\x06\0"[..], b"\0\x06\x15\x61"];
    let is_base64 = |it: &u8| it.is_ascii_alphanumeric() || b"+/=\n".contains(it);
    let is_index = || memchr::memmem::find(bytes.get(..300).unwrap_or(bytes), b"', (").is_some();
    match () {
        () if bytes.get(12..16).is_some_and(|magic| hash.contains(&magic)) => {
            Some("it looks like a shelf of Berkeley DB: `halfsour shelf list` lists its keys")
        }
        () if bytes.starts_with(b"'") && is_index() => Some(
            "it looks like the index of a shelf: `halfsour shelf list NAME` without the ending",
        ),
        () if bytes.len() > 16 && bytes.iter().all(is_base64) => {
            Some("it looks like base64: decode it first")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use halfsour::Runtime;
    use halfsour::pickle::{Flavour, Missing, Unpickler};

    use super::{KNOWN, guess, recognise};

    /// Whatever follows: what is refused at once hides nothing.
    #[test]
    fn nothing_that_is_refused_could_be_loaded() {
        for (magic, what, _) in KNOWN {
            for flavour in [Flavour::Pickle, Flavour::CPickle, Flavour::Python3] {
                let stream = [magic, b"\n.\n.\0\0\0\0\0\0N."].concat();
                assert!(recognise(&stream).is_some());
                let unpickler = Unpickler::new().flavour(flavour).missing(Missing::Opaque);
                let mut runtime = match flavour {
                    Flavour::Python3 => Runtime::python3(),
                    _ => Runtime::python2(),
                };
                let loaded = runtime.try_enter(|ctx| unpickler.loads(ctx, &stream).map(drop));
                assert!(loaded.is_err(), "{what}: {flavour:?}");
            }
        }
    }

    #[test]
    fn guesses() {
        assert!(guess(b"\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0").is_some());
        assert!(guess(b"'dill', (0, 17)\n").is_some());
        assert!(guess(b"ZGlsbCBwaWNrbGVzLCBhcyBiYXNlNjQ=\n").is_some());
        assert!(guess(b"N").is_none());
    }
}
