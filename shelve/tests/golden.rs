//! Files that other libraries wrote, kept in `tests/data`: what is in them, that changes leave the rest as it is, and what
//! is refused.

use halfsour_shelve::{ErrorKind, Flag, Format, Op, StoreOptions, which};

mod common;
use common::Directory;
use common::entries::{copy_data, data, golden_entries, read_all};

/// Reads a database, and changes it. `files` are its files, `name` is how it is opened.
fn check(name: &str, files: &[&str], format: Format) {
    let mut expected = golden_entries();
    assert_eq!(which(&data(name)).expect("it looks"), Some(format), "{name}");
    let store = StoreOptions::new().open(data(name), Flag::Read).expect("it opens");
    for (key, value) in &expected {
        assert_eq!(store.get(key).expect("it reads").as_ref(), Some(value), "{name}");
    }
    assert_eq!(store.get(b"gone").expect("it reads"), None);
    assert_eq!(store.len().expect("it counts"), expected.len() as u64);
    assert!(read_all(&*store).expect("it reads") == expected, "{name}");

    let directory = Directory::new("golden");
    copy_data(files, &directory);
    let path = directory.file(name);
    let open = || StoreOptions::new().open(&path, Flag::Write).expect("it opens");
    let mut store = open();
    let batch = [Op::delete(b"dill"), Op::put(b"salt", vec![4; 5000]), Op::put([7], b"")];
    store.apply(&batch).expect("it writes");
    expected.remove(&b"dill"[..]);
    expected.insert(b"salt".to_vec(), vec![4; 5000]);
    expected.insert(vec![7], Vec::new());
    assert!(read_all(&*store).expect("it reads") == expected, "{name}");
    store.close().expect("it closes");
    let mut store = open();
    assert!(read_all(&*store).expect("it reads") == expected, "{name}");
    store.reorganize().expect("it reorganizes");
    assert!(read_all(&*store).expect("it reads") == expected, "{name}");
    drop(store);
    assert!(read_all(&*open()).expect("it reads") == expected, "{name}");
    // It is of the same format still, and nothing is left beside it.
    assert_eq!(which(&path).expect("it looks"), Some(format), "{name}");
    let left = std::fs::read_dir(directory.path()).expect("there is a directory").count();
    assert_eq!(left, files.len(), "{name}");
}

#[cfg(feature = "gdbm")]
#[test]
fn files_of_gnu_dbm() {
    check("gnu", &["gnu"], Format::Gdbm);
    check("gnu_numsync", &["gnu_numsync"], Format::Gdbm);
    check("gnu_ndbm", &["gnu_ndbm.pag", "gnu_ndbm.dir"], Format::Ndbm);
}

#[cfg(feature = "gdbm")]
#[test]
fn new_files_are_as_gnu_dbm_makes_them() {
    let directory = Directory::new("golden");
    let path = directory.file("gnu_ndbm");
    let options = StoreOptions::new().engine(halfsour_shelve::Engine::GdbmNdbm);
    options.open(&path, Flag::New).and_then(|mut store| store.close()).expect("it is made");
    let read = |path| std::fs::read(path).expect("there is a file");
    assert_eq!(read(directory.file("gnu_ndbm.dir")), read(data("gnu_ndbm.dir")));
    // The word that `whichdb` looks for. Its order of bytes is that of the machine.
    let new = read(directory.file("gnu_ndbm.pag"));
    assert_eq!(new[..4], 0x1357_9acf_u32.to_ne_bytes());
}

#[cfg(feature = "bdb")]
#[test]
fn files_of_berkeley_db() {
    check("berkeley_ndbm", &["berkeley_ndbm.db"], Format::Ndbm);
    check("berkeley_big_endian", &["berkeley_big_endian"], Format::BerkeleyHash);
    check("berkeley_large_pages", &["berkeley_large_pages"], Format::BerkeleyHash);
}

#[cfg(feature = "bdb")]
#[test]
fn what_is_not_read_is_named() {
    use ErrorKind::{UnknownFormat, Unsupported};
    for (name, kind, words) in [
        ("btree", UnknownFormat, "a B-tree"),
        ("several", UnknownFormat, "several databases"),
        ("duplicates", Unsupported, "several values for a key"),
        ("checksums", Unsupported, "checksums"),
        ("encrypted", Unsupported, "encrypted"),
    ] {
        let path = data(&format!("refused_{name}"));
        let error = StoreOptions::new().open(&path, Flag::Read).err().expect("it is refused");
        assert_eq!((error.kind(), error.path()), (kind, Some(path.as_path())));
        assert!(error.to_string().contains(words), "{error}");
    }
    // A version that is not known, of each side.
    let directory = Directory::new("golden");
    let path = directory.file("version");
    for version in [5, 7, 8, 10, 0] {
        let mut bytes = std::fs::read(data("berkeley_ndbm.db")).expect("there is a file");
        bytes[16] = version;
        std::fs::write(&path, bytes).expect("it is written");
        let error = StoreOptions::new().open(&path, Flag::Write).err().expect("it is refused");
        assert_eq!(error.kind(), Unsupported);
        assert!(error.to_string().contains(&format!("version {version}")), "{error}");
    }
}

/// The index that a crash of CPython's `dbm.dumb` has left, of which the values are lost, and whole shelves of
/// `dbm.sqlite3`.
#[test]
fn shelves_of_the_wild() {
    let mut opened = 0;
    for manifest in halfsour_corpus::folder::corpora().iter().flat_map(|corpus| {
        halfsour_corpus::wild_manifests(corpus).expect("the manifests are there")
    }) {
        let files = halfsour_corpus::WildFile::read_manifest(&manifest).expect("it is read");
        for file in files {
            match file.container.as_str() {
                "shelve-dbm_dumb-bak" => wild_index(&file.bytes().expect("it has a content")),
                #[cfg(feature = "sqlite")]
                "shelve-dbm_sqlite3" => wild_sqlite(&file),
                _ => continue,
            }
            opened += 1;
        }
    }
    let expected = if cfg!(feature = "sqlite") { 8 } else { 6 };
    assert!(opened >= expected, "{opened} shelves of the wild");
}

fn wild_index(index: &[u8]) {
    let directory = Directory::new("wild");
    let path = directory.file("shelf");
    std::fs::write(directory.file("shelf.bak"), index).expect("it is written");
    std::fs::write(directory.file("shelf.dat"), b"").expect("it is written");
    assert_eq!(which(&path).expect("it looks"), Some(Format::Dumb));
    let store = StoreOptions::new().open(&path, Flag::Write).expect("it opens");
    assert_eq!(store.len().expect("it counts"), 4);
    for key in ["alpha", "beta", "gamma", "delta"] {
        assert!(store.contains(key.as_bytes()).expect("it looks"));
        let error = store.get(key.as_bytes()).expect_err("there is no value");
        assert_eq!(error.kind(), ErrorKind::Corrupt);
    }
}

#[cfg(feature = "sqlite")]
fn wild_sqlite(file: &halfsour_corpus::WildFile) {
    let directory = Directory::new("wild");
    let path = directory.file("shelf");
    std::fs::write(&path, file.bytes().expect("the shelf is there")).expect("it is written");
    let store = StoreOptions::new().open(&path, Flag::Read).expect("it opens");
    let mut found: Vec<Vec<u8>> = read_all(&*store).expect("it reads").into_values().collect();
    let streams = file.streams().expect("it has pickles").into_iter();
    let mut expected: Vec<Vec<u8>> = streams.map(|stream| stream.bytes).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{}", file.file);
}
