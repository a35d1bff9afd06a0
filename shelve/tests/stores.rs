//! Every store against a model, and what survives when it is opened again.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use halfsour_shelve::{
    Engine, ErrorKind, Flag, Format, MemoryStore, Op, Scan, Store, StoreOptions, copy_entries,
    which,
};

mod common;
use common::{Directory, engines};

fn open(path: &Path, engine: Engine, flag: Flag) -> Box<dyn Store> {
    StoreOptions::new().engine(engine).open(path, flag).expect("the store opens")
}

/// Returns every entry, by pages of a size that does not divide their number.
fn entries(store: &dyn Store) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut entries = BTreeMap::new();
    let mut scan = Scan { max: 7, ..Scan::all() };
    loop {
        let page = store.scan(&scan).expect("the store scans");
        assert!(page.items.is_sorted());
        entries.extend(page.items);
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return entries,
        }
    }
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn key(&mut self) -> Vec<u8> {
        let number = self.below(40);
        (0..=number % 5).map(|at| (number * 31 + at * 77) as u8).collect()
    }

    fn op(&mut self) -> Op {
        let key = self.key();
        match self.below(3) {
            0 => Op::Delete { key },
            _ => {
                let (size, byte) = (self.below(1500), self.below(256) as u8);
                Op::Put { key, value: vec![byte; size as usize] }
            }
        }
    }
}

fn change(model: &mut BTreeMap<Vec<u8>, Vec<u8>>, batch: &[Op]) {
    for op in batch {
        match op.clone() {
            Op::Put { key, value } => model.insert(key, value),
            Op::Delete { key } => model.remove(&key),
        };
    }
}

fn agrees(store: &dyn Store, model: &BTreeMap<Vec<u8>, Vec<u8>>, numbers: &mut Numbers) {
    assert_eq!(&entries(store), model);
    assert_eq!(store.len().expect("the store counts"), model.len() as u64);
    let key = numbers.key();
    assert_eq!(store.get(&key).expect("the store reads").as_ref(), model.get(&key));
    assert_eq!(store.contains(&key).expect("the store reads"), model.contains_key(&key));
    let range = (Bound::Excluded(key.as_slice()), Bound::Unbounded);
    let page = store.scan(&Scan { range, values: false, ..Scan::all() }).expect("it scans");
    let keys: Vec<&[u8]> = page.items.iter().map(|(key, _)| key.as_slice()).collect();
    let expected: Vec<&[u8]> =
        model.range::<[u8], _>(range).map(|(key, _)| key.as_slice()).collect();
    assert_eq!(keys, expected);
}

#[test]
fn every_store_agrees_with_a_model() {
    let mut numbers = Numbers(7);
    let (mut memory, mut model) = (MemoryStore::new(), BTreeMap::new());
    for _ in 0..200 {
        let batch: Vec<Op> = (0..numbers.below(6)).map(|_| numbers.op()).collect();
        memory.apply(&batch).expect("the store writes");
        change(&mut model, &batch);
        agrees(&memory, &model, &mut numbers);
    }
    for engine in engines() {
        let directory = Directory::new("model");
        let path = directory.file("store");
        let mut model = BTreeMap::new();
        for round in 0..6 {
            let mut store = open(&path, engine, Flag::Create);
            agrees(&*store, &model, &mut numbers);
            for _ in 0..25 {
                let batch: Vec<Op> = (0..numbers.below(6)).map(|_| numbers.op()).collect();
                store.apply(&batch).expect("the store writes");
                change(&mut model, &batch);
                agrees(&*store, &model, &mut numbers);
            }
            match round {
                0 => store.reorganize().expect("the store reorganizes"),
                1 => store.sync().expect("the store syncs"),
                // Neither synced nor closed: it lasts all the same.
                2 => {
                    drop(store);
                    continue;
                }
                _ => {}
            }
            agrees(&*store, &model, &mut numbers);
            store.close().expect("the store closes");
            store.close().expect("closing twice is harmless");
            assert_eq!(store.get(b"k").map_err(|error| error.kind()), Err(ErrorKind::Closed));
        }
    }
}

#[test]
fn an_opened_path_decides_its_format_itself() {
    for engine in engines() {
        let directory = Directory::new("format");
        let path = directory.file("store");
        assert_eq!(which(&path).expect("it looks"), None);
        open(&path, engine, Flag::Create).put(b"dill", b"3").expect("it writes");
        let format = which(&path).expect("it looks");
        assert_ne!(format, Some(Format::Unknown));
        for other in engines() {
            let store = open(&path, other, Flag::Write);
            assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
        }
        // A new one is of the engine that was asked for, whatever was there.
        for other in engines() {
            let mut store = open(&path, other, Flag::New);
            assert!(store.is_empty().expect("it counts"));
            store.put(b"salt", b"4").expect("it writes");
            drop(store);
            let store = open(&path, engine, Flag::Read);
            assert_eq!(store.get(b"salt").expect("it reads"), Some(b"4".to_vec()));
        }
    }
}

#[test]
fn flags_protect_what_is_there() {
    for engine in engines() {
        let directory = Directory::new("flags");
        let path = directory.file("store");
        let options = StoreOptions::new().engine(engine);
        for flag in [Flag::Read, Flag::Write] {
            let error = options.open(&path, flag).err().expect("there is nothing");
            assert_eq!((error.kind(), error.path()), (ErrorKind::NotFound, Some(path.as_path())));
        }
        open(&path, engine, Flag::Create).put(b"dill", b"3").expect("it writes");
        let mut store = open(&path, engine, Flag::Read);
        assert!(store.caps().read_only);
        let error = store.put(b"dill", b"4").expect_err("it is only read");
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
        assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
    }
}

#[test]
fn one_writer_at_a_time() {
    // dbm.sqlite3 lets several wait for each other.
    for engine in engines().into_iter().filter(|engine| format!("{engine:?}") != "Sqlite") {
        let directory = Directory::new("lock");
        let path = directory.file("store");
        let _first = open(&path, engine, Flag::Create);
        for flag in [Flag::Read, Flag::Write, Flag::Create, Flag::New] {
            let options = StoreOptions::new().engine(engine);
            let error = options.open(&path, flag).err().expect("it is locked");
            assert_eq!(error.kind(), ErrorKind::Locked, "{engine:?} {flag:?}");
        }
    }
}

/// What the beginning of a file is to a build with an engine, and to one without.
fn if_built(feature: &str) -> ErrorKind {
    let built = match feature {
        "gdbm" => cfg!(feature = "gdbm"),
        _ => cfg!(feature = "bdb"),
    };
    if built { ErrorKind::Corrupt } else { ErrorKind::Unsupported }
}

#[test]
fn what_nobody_has_written_is_refused() {
    let directory = Directory::new("foreign");
    let kind =
        |path: &PathBuf| StoreOptions::new().open(path, Flag::Create).err().map(|it| it.kind());
    for (name, bytes, expected) in [
        ("text", &b"no database at all"[..], ErrorKind::UnknownFormat),
        ("empty", b"", ErrorKind::UnknownFormat),
        ("gdbm", b"\xcf\x9a\x57\x13 and so on", if_built("gdbm")),
        ("hash", b"\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0", if_built("bdb")),
        ("185", b"\x61\x15\x06\0 and so on", ErrorKind::Unsupported),
    ] {
        let path = directory.file(name);
        std::fs::write(&path, bytes).expect("the file is written");
        assert_eq!(kind(&path), Some(expected), "{name}");
    }
}

#[cfg(feature = "redb")]
#[test]
fn a_damaged_redb_file_is_an_error() {
    let directory = Directory::new("damaged");
    let path = directory.file("store");
    let mut store = open(&path, Engine::Redb, Flag::New);
    for number in 0..100_u8 {
        store.put(&[number], &[number; 200]).expect("it writes");
    }
    store.close().expect("it closes");
    drop(store);
    let whole = std::fs::read(&path).expect("the file is there");
    for length in [16, 100, 4096, whole.len() / 2] {
        std::fs::write(&path, &whole[..length]).expect("it is written");
        for flag in [Flag::Read, Flag::Write] {
            let opened = StoreOptions::new().open(&path, flag);
            assert!(opened.is_err(), "{length} bytes of {}", whole.len());
        }
    }
}

#[test]
fn entries_go_from_any_store_to_any_other() {
    let mut numbers = Numbers(9);
    let mut memory = MemoryStore::new();
    for number in 0..600_u32 {
        let value = vec![b'.'; numbers.below(900) as usize];
        memory.put(&number.to_be_bytes(), &value).expect("it writes");
    }
    for from in engines() {
        for to in engines() {
            let directory = Directory::new("copy");
            let mut first = open(&directory.file("first"), from, Flag::New);
            let mut second = open(&directory.file("second"), to, Flag::New);
            assert_eq!(copy_entries(&memory, &mut *first).expect("it copies"), 600);
            assert_eq!(copy_entries(&*first, &mut *second).expect("it copies"), 600);
            assert_eq!(entries(&*second), entries(&memory));
        }
    }
}

#[cfg(feature = "redb")]
#[test]
fn a_cache_smaller_than_the_file() {
    let directory = Directory::new("cache");
    let path = directory.file("shelf");
    let options = StoreOptions::new().engine(Engine::Redb).cache(1 << 16);
    let key = |number: usize| format!("{number:04}").into_bytes();
    let mut store = options.open(&path, Flag::New).unwrap();
    let ops: Vec<Op> =
        (0..2000).map(|number| Op::Put { key: key(number), value: vec![7; 500] }).collect();
    store.apply(&ops).unwrap();
    store.close().unwrap();
    let store = options.open(&path, Flag::Read).unwrap();
    assert!((0..2000).all(|number| store.get(&key(number)).unwrap() == Some(vec![7; 500])));
}
