//! The entries of the files in `tests/data`, and what reads a whole store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use halfsour_shelve::{Scan, Store, StoreResult};

pub(crate) type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

/// Returns the path of a file in `tests/data`.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Copies files of `tests/data`, so that a test may change them.
pub(crate) fn copy_data(names: &[&str], directory: &super::Directory) {
    for name in names {
        std::fs::copy(data(name), directory.file(name)).expect("the file is copied");
    }
}

/// Returns what is in the databases of `tests/data`.
pub(crate) fn golden_entries() -> Entries {
    let text = std::fs::read_to_string(data("entries.txt")).expect("there is a list of entries");
    let entry = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        let [key, part, times] = fields[..] else { panic!("a line has three fields: {line}") };
        (from_hex(key), from_hex(part).repeat(times.parse().expect("a number")))
    };
    text.lines().map(entry).collect()
}

/// Reads hexadecimal; `-` is nothing.
pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let text = text.trim_start_matches('-');
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
    (0..text.len()).step_by(2).map(digit).collect()
}

/// Reads a whole store, by pages of a size that does not divide the number of entries.
pub(crate) fn read_all(store: &dyn Store) -> StoreResult<Entries> {
    let mut entries = Entries::new();
    let mut scan = Scan { max: 7, ..Scan::all() };
    loop {
        let page = store.scan(&scan)?;
        entries.extend(page.items);
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return Ok(entries),
        }
    }
}
