//! The files of `dumbdbm` after accidents: of ours, of CPython's, and of others.

use std::path::{Path, PathBuf};

use halfsour_shelve::{DumbStore, ErrorKind, Flag, Op, Store, StoreOptions, StoreResult};

mod common;
use common::Directory;

fn open(path: &Path, flag: Flag) -> StoreResult<DumbStore> {
    DumbStore::open(path, flag, 0o666)
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn read(path: &Path, suffix: &str) -> Vec<u8> {
    std::fs::read(with(path, suffix)).expect("the file is read")
}

fn write(path: &Path, suffix: &str, bytes: &[u8]) {
    std::fs::write(with(path, suffix), bytes).expect("the file is written");
}

/// A database with three jars.
fn jars(directory: &Directory) -> PathBuf {
    let path = directory.file("jars");
    let mut store = open(&path, Flag::New).expect("it opens");
    for (key, value) in [("dill", "3"), ("mint", "0"), ("salt", "4")] {
        store.put(key.as_bytes(), value.as_bytes()).expect("it writes");
    }
    store.close().expect("it closes");
    path
}

fn values(store: &DumbStore) -> Vec<Option<Vec<u8>>> {
    let get = |key: &str| store.get(key.as_bytes()).expect("it reads");
    ["dill", "mint", "salt"].map(get).to_vec()
}

fn all() -> Vec<Option<Vec<u8>>> {
    ["3", "0", "4"].map(|value| Some(value.into())).to_vec()
}

#[test]
fn the_files_are_what_cpython_writes() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    let index = "'dill', (0, 1)\n'mint', (512, 1)\n'salt', (1024, 1)\n";
    assert_eq!(read(&path, ".dir"), index.as_bytes());
    let dat = read(&path, ".dat");
    assert_eq!((dat.len(), dat[0], dat[1], dat[512], dat[1024]), (1025, b'3', 0, b'0', b'4'));
}

#[test]
fn a_torn_last_line_is_dropped_and_a_missing_newline_is_added() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    let whole = read(&path, ".dir");
    for end in whole.len() - 17..whole.len() {
        for flag in [Flag::Read, Flag::Write] {
            write(&path, ".dir", &whole[..end]);
            let store = open(&path, flag).expect("it opens");
            let last = (end == whole.len() - 1).then(|| b"4".to_vec());
            let expected = [Some(b"3".to_vec()), Some(b"0".to_vec()), last];
            assert_eq!(values(&store), expected, "{end}");
        }
        // What is appended then is a line of its own.
        let mut store = open(&path, Flag::Write).expect("it opens");
        store.put(b"salt", b"5").expect("it writes");
        drop(store);
        let store = open(&path, Flag::Read).expect("it opens");
        assert_eq!(store.get(b"salt").expect("it reads"), Some(b"5".to_vec()));
        assert_eq!(store.len().expect("it counts"), 3);
    }
}

#[test]
fn any_other_line_is_an_error_with_the_line() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    write(&path, ".dir", b"'dill', (0, 1)\n'mint', 7\n'salt', (1024, 1)\n");
    let error = open(&path, Flag::Write).expect_err("a line is no entry");
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.to_string().contains("'mint\\', 7"), "{error}");
}

/// CPython renames the index before it writes the new one.
#[test]
fn an_index_that_cpython_left_as_a_backup_is_found() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    std::fs::rename(with(&path, ".dir"), with(&path, ".bak")).expect("it is renamed");
    for flag in [Flag::Read, Flag::Write, Flag::Read] {
        let store = StoreOptions::new().open(&path, flag).expect("it opens");
        assert_eq!(store.len().expect("it counts"), 3, "{flag:?}");
    }
}

#[test]
fn a_value_outside_of_the_file_fails_alone() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    for end in ["(1024, 900000000000)", "(18446744073709551615, 7)", "(99999, 1)"] {
        let index = format!("'dill', (0, 1)\n'mint', (512, 1)\n'salt', {end}\n");
        write(&path, ".dir", index.as_bytes());
        let store = open(&path, Flag::Read).expect("it opens");
        assert_eq!(store.get(b"mint").expect("it reads"), Some(b"0".to_vec()));
        let error = store.get(b"salt").expect_err("it is not there");
        assert_eq!((error.kind(), error.key()), (ErrorKind::Corrupt, Some(&b"salt"[..])));
    }
}

#[test]
fn reorganizing_gives_space_back_and_is_ended_after_a_crash() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    let mut store = open(&path, Flag::Write).expect("it opens");
    for _ in 0..20 {
        store.put(b"dill", b"3").expect("it writes");
    }
    store.close().expect("it closes");
    let (before_dat, before_dir) = (read(&path, ".dat"), read(&path, ".dir"));
    let mut store = open(&path, Flag::Write).expect("it opens");
    store.reorganize().expect("it reorganizes");
    assert_eq!(values(&store), all());
    store.put(b"dill", b"3").expect("it writes");
    store.close().expect("it closes");
    drop(store);
    let mut store = open(&path, Flag::Write).expect("it opens");
    store.reorganize().expect("it reorganizes");
    drop(store);
    let (after_dat, after_dir) = (read(&path, ".dat"), read(&path, ".dir"));
    assert_eq!(after_dat.len(), 1025);

    // As crashes leave the files: before the new index is there, and after each of the renames.
    for flag in [Flag::Read, Flag::Write] {
        for (dat, new_dat, new_dir) in [
            (&before_dat, Some(&after_dat[..600]), None),
            (&before_dat, Some(&after_dat[..]), Some(&after_dir[..])),
            (&after_dat, None, Some(&after_dir[..])),
        ] {
            write(&path, ".dat", dat);
            write(&path, ".dir", &before_dir);
            for (suffix, bytes) in [(".dat.new", new_dat), (".dir.new", new_dir)] {
                match bytes {
                    Some(bytes) => write(&path, suffix, bytes),
                    None => drop(std::fs::remove_file(with(&path, suffix))),
                }
            }
            let store = open(&path, flag).expect("it opens");
            assert_eq!(values(&store), all());
            assert!(!with(&path, ".dir.new").exists());
        }
    }
}

#[test]
fn who_changes_the_index_meanwhile_is_noticed() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    let mut store = open(&path, Flag::Write).expect("it opens");
    write(&path, ".dir", b"'pepper', (0, 1)\n");
    let error = store.put(b"dill", b"9").expect_err("it is not ours any more");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(read(&path, ".dir"), b"'pepper', (0, 1)\n");
}

/// A directory in the place of the index: whatever the system says, the store says it with the path, and stays as it was.
#[test]
fn what_cannot_be_written_changes_nothing() {
    let directory = Directory::new("dumb");
    let path = jars(&directory);
    let mut store = open(&path, Flag::Write).expect("it opens");
    std::fs::create_dir(with(&path, ".dir.partial")).expect("it is made");
    let batch = [Op::put("dill", "9"), Op::delete("salt")];
    let error = store.apply(&batch).expect_err("the index cannot be replaced");
    assert_eq!((error.kind(), error.path()), (ErrorKind::Io, Some(path.as_path())));
    assert_eq!(values(&store), all());
    std::fs::remove_dir(with(&path, ".dir.partial")).expect("it is removed");
    store.apply(&batch).expect("it writes");
    assert_eq!(store.get(b"dill").expect("it reads"), Some(b"9".to_vec()));
}
