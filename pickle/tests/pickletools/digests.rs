//! Our tools say to every stream of the repository's corpora what the `pickletools` of CPython 2.7.18 and 3.13.0
//! said, as far as digests tell; `tests/data/pickletools/make_digests.py` made those.

use std::collections::HashMap;

use halfsour_corpus::{Result, decode_base64, folder};
use halfsour_runtime::Dialect;
use sha2::{Digest, Sha256};

use crate::streams::{NEVER_STORED, answer, is_too_deep, streams};

#[test]
fn python27_said_the_same() -> Result<()> {
    compare("py27", Dialect::Python2)
}

#[test]
fn python313_said_the_same() -> Result<()> {
    compare("py313", Dialect::Python3)
}

fn compare(python: &str, dialect: Dialect) -> Result<()> {
    let path = folder::data().join("pickletools").join(format!("{python}.txt.gz"));
    let text = folder::read_text(&path)?;
    let mut expected: HashMap<&str, (&str, &str)> = HashMap::new();
    for line in text.lines() {
        let mut digests = line.split(' ');
        let mut next = || digests.next().unwrap_or_default();
        expected.insert(next(), (next(), next()));
    }
    assert!(expected.len() > 8000, "only {} digests", expected.len());
    let mut differ = Vec::new();
    let mut seen = 0;
    for stream in streams()? {
        // A further corpus has streams that were not asked about.
        let key = digest(&stream.bytes);
        let Some((dis, optimized)) = expected.get(&*key) else { continue };
        assert!(!is_too_deep(&stream.bytes));
        seen += 1;
        let found = answer(&stream.bytes, dialect);
        let said = format!("{}\0{}", found.dis, found.dis_error.unwrap_or_default());
        let shrunk = found.optimized.map(|text| decode_base64(&text)).transpose()?;
        // Where CPython refuses an argument, we may not.
        let agree = *optimized == "-"
            || found.optimize_error.as_deref() == Some(NEVER_STORED)
            || shrunk.is_some_and(|it| digest(&it) == *optimized);
        if digest(said.as_bytes()) != *dis || !agree {
            differ.push(stream.name);
        }
    }
    println!("pickletools {python}: {} of {seen}", seen - differ.len());
    assert!(seen >= expected.len(), "{seen} streams for {} digests", expected.len());
    assert_eq!(differ, Vec::<String>::new());
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
