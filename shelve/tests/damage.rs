//! Truncated, damaged and half-written files of GNU dbm and Berkeley DB: an error of a documented kind, or entries. Nothing
//! panics, and nothing runs without end.
//!
//! `HALFSOUR_FLIPS` says how many damaged copies each file gets, 40 if it is not set.

#![cfg(all(feature = "gdbm", feature = "bdb"))]

use std::path::Path;

use halfsour_shelve::{
    BerkeleyStore, Engine, ErrorKind, Flag, GdbmStore, Op, Store, StoreOptions, StoreResult,
};

mod common;
use common::Directory;
use common::entries::{Entries, data, read_all};

/// How a file of a format is opened, whatever is in it.
type Open = fn(&Path, Flag) -> StoreResult<Box<dyn Store>>;

const FORMATS: [(Engine, Open); 2] = [
    (Engine::Gdbm, |path, flag| Ok(Box::new(GdbmStore::open(path, flag, 0o666)?))),
    (Engine::Berkeley, |path, flag| Ok(Box::new(BerkeleyStore::open(path, flag, 0o666)?))),
];

fn entries() -> Entries {
    let mut entries: Entries = (0..40_u8).map(|it| (vec![it; 5], vec![it; 30])).collect();
    entries.insert(vec![b'k'; 1500], vec![b'v'; 6000]);
    entries.insert(Vec::new(), Vec::new());
    entries
}

/// Makes a file, and returns its bytes.
fn made(engine: Engine) -> Vec<u8> {
    let directory = Directory::new("damage");
    let path = directory.file("store");
    let mut store = StoreOptions::new().engine(engine).open(&path, Flag::New).expect("it opens");
    let batch: Vec<Op> = entries().iter().map(|(key, value)| Op::put(key, value)).collect();
    store.apply(&batch).expect("it writes");
    store.close().expect("it closes");
    drop(store);
    std::fs::read(path).expect("there is a file")
}

fn is_documented(kind: ErrorKind) -> bool {
    use ErrorKind::{Corrupt, TooLarge, UnknownFormat, Unsupported};
    matches!(kind, Corrupt | UnknownFormat | Unsupported | TooLarge)
}

#[track_caller]
fn documented<T>(result: StoreResult<T>) -> Option<T> {
    match result {
        Ok(done) => Some(done),
        Err(error) => {
            assert!(is_documented(error.kind()), "{error:?}");
            None
        }
    }
}

/// Reads and writes what may be damaged. Returns what was read, as far as there was no error.
fn work(path: &Path, open: Open) -> Option<Entries> {
    let found = documented(open(path, Flag::Read)).and_then(|store| {
        documented(store.get(&[7; 5]));
        documented(store.get(b"\xff no such key"));
        documented(store.len());
        documented(read_all(&*store))
    });
    if let Some(mut store) = documented(open(path, Flag::Write)) {
        documented(store.apply(&[Op::put([7; 5], vec![7; 500]), Op::delete([8; 5])]));
        documented(store.sync());
        documented(store.get(&[7; 5]));
        documented(store.reorganize());
        documented(store.close());
    }
    found
}

#[test]
fn every_truncation_is_an_error_or_changes_nothing() {
    for (engine, open) in FORMATS {
        let whole = made(engine);
        let directory = Directory::new("damage");
        let path = directory.file("store");
        // Through the header, and in steps that meet every page.
        for length in (0..600).step_by(3).chain((600..whole.len()).step_by(257)) {
            let _ = std::fs::remove_file(directory.file("store.journal"));
            std::fs::write(&path, &whole[..length]).expect("it is written");
            let found = work(&path, open);
            assert!(found.is_none_or(|found| found == entries()), "{engine:?} {length}");
        }
    }
}

/// Numbers that look random and are the same every time.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn damaged_bytes_are_an_error_or_other_entries() {
    let flips = std::env::var("HALFSOUR_FLIPS").ok().and_then(|it| it.parse().ok()).unwrap_or(40);
    let read = |name: &str| std::fs::read(data(name)).expect("there is a file");
    let files = FORMATS.map(|(engine, open)| (open, made(engine)));
    let more = [
        (FORMATS[0].1, read("gnu_numsync")),
        (FORMATS[0].1, read("gnu")),
        (FORMATS[1].1, read("berkeley_big_endian")),
        (FORMATS[1].1, read("berkeley_ndbm.db")),
    ];
    let directory = Directory::new("damage");
    let path = directory.file("store");
    let mut state = 5;
    for (open, whole) in files.into_iter().chain(more) {
        for round in 0..flips {
            let mut bytes = whole.clone();
            for _ in 0..=next(&mut state) % 4 {
                // Half of it where the structure is, and half of that in numbers that are there already.
                let at = match round % 2 {
                    0 => next(&mut state) % 600,
                    _ => next(&mut state) % bytes.len(),
                };
                bytes[at] = match round % 4 {
                    0 | 1 => bytes[at] ^ (1 << (next(&mut state) % 8)),
                    2 => [0, 1, 0x7f, 0x80, 0xff][next(&mut state) % 5],
                    _ => bytes[next(&mut state) % bytes.len()],
                };
            }
            let _ = std::fs::remove_file(directory.file("store.journal"));
            std::fs::write(&path, bytes).expect("it is written");
            work(&path, open);
        }
    }
}

/// GNU dbm makes a file as long as its header claims, and copies of it would fill the disk.
#[test]
fn a_file_does_not_become_as_long_as_it_claims() {
    let mut bytes = made(Engine::Gdbm);
    let directory = Directory::new("damage");
    let path = directory.file("store");
    bytes[32..40].copy_from_slice(&(1_u64 << 40).to_ne_bytes());
    std::fs::write(&path, &bytes).expect("it is written");
    let error = GdbmStore::open(&path, Flag::Write, 0o666).expect_err("it is cut short");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
}

/// A chain of pages that leads into itself, of a bucket and of a large value.
#[test]
fn chains_in_circles_end() {
    let number = |bytes: &[u8], at: usize| {
        u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
    };
    let whole = made(Engine::Berkeley);
    let directory = Directory::new("damage");
    let path = directory.file("store");
    let size = number(&whole, 20) as usize;
    let mut circles = 0;
    for page in 1..whole.len() / size {
        for next in 1..whole.len() / size {
            let mut bytes = whole.clone();
            bytes[page * size + 16] = next as u8;
            std::fs::write(&path, &bytes).expect("it is written");
            let store = BerkeleyStore::open(&path, Flag::Read, 0o666).expect("the header is fine");
            match read_all(&store) {
                Err(error) => assert_eq!(error.kind(), ErrorKind::Corrupt),
                Ok(found) => assert!(found == entries(), "page {page} next {next}"),
            }
            circles += 1;
        }
    }
    assert!(circles > 10);
}

/// Many keys of the same bytes in a file would take far more memory than the file has bytes.
#[test]
fn large_keys_share_no_bytes() {
    let large = |engine: Engine| {
        let directory = Directory::new("damage");
        let path = directory.file("store");
        let mut store =
            StoreOptions::new().engine(engine).open(&path, Flag::New).expect("it opens");
        store.apply(&[Op::put(vec![b'k'; 9000], b"v")]).expect("it writes");
        store.close().expect("it closes");
        std::fs::read(path).expect("there is a file")
    };
    let check = |open: Open, bytes: &[u8]| {
        let directory = Directory::new("damage");
        let path = directory.file("store");
        std::fs::write(&path, bytes).expect("it is written");
        let error =
            open(&path, Flag::Read).and_then(|store| store.len()).expect_err("it is corrupt");
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(
            error.to_string().contains("twice") || error.to_string().contains("longer"),
            "{error}"
        );
    };
    let [(_, gnu), (_, berkeley)] = FORMATS;

    // An entry is a hash, four bytes of the key, and where it begins and how long it is; a hash of no bits but ones is none.
    let mut bytes = large(Engine::Gdbm);
    let sizes = [9000_i32.to_ne_bytes(), 1_i32.to_ne_bytes()].concat();
    let end = bytes.windows(8).position(|it| *it == sizes).expect("there is an entry") + 8;
    let entry = bytes[end - 24..end].to_vec();
    assert!(bytes[end..].starts_with(&[0xff; 4]));
    for copy in 0..8 {
        bytes[end + 24 * copy..][..24].copy_from_slice(&entry);
    }
    // Before its entries a bucket has how many there are.
    let bucket = end / 4096 * 4096;
    assert_eq!(bytes[bucket + 108..bucket + 112], 1_i32.to_ne_bytes());
    bytes[bucket + 108..bucket + 112].copy_from_slice(&9_i32.to_ne_bytes());
    check(gnu, &bytes);

    // A page has how many items it has, and where each begins; the key is one that lies elsewhere.
    let mut bytes = large(Engine::Berkeley);
    let number = |bytes: &[u8], at: usize| u16::from_ne_bytes([bytes[at], bytes[at + 1]]);
    let page = (1..bytes.len() / 4096).map(|page| page * 4096);
    let page = page.into_iter().find(|at| number(&bytes, at + 20) == 2).expect("there is a pair");
    let starts = [26, 28].map(|at| number(&bytes, page + at));
    let pair = bytes[page + usize::from(starts[1])..page + 4096].to_vec();
    let copy = page + usize::from(starts[1]) - pair.len();
    bytes[copy..copy + pair.len()].copy_from_slice(&pair);
    for (at, start) in [(30, starts[0]), (32, starts[1])] {
        let start = start - pair.len() as u16;
        bytes[page + at..page + at + 2].copy_from_slice(&start.to_ne_bytes());
    }
    bytes[page + 20..page + 22].copy_from_slice(&4_u16.to_ne_bytes());
    check(berkeley, &bytes);
}

/// What a crash leaves: the journal, whole or torn, beside a file that lacks what it has.
#[test]
fn a_torn_journal_has_what_was_acknowledged() {
    for (engine, open) in FORMATS {
        let directory = Directory::new("damage");
        let (path, journal) = (directory.file("store"), directory.file("store.journal"));
        let options = StoreOptions::new().engine(engine);
        options.open(&path, Flag::New).and_then(|mut store| store.close()).expect("it is made");
        let mut store = open(&path, Flag::Write).expect("it opens");
        let mut ends = vec![0];
        for number in 0..6_u8 {
            let batch = [Op::put([number], vec![number; 100]), Op::put("last", [number])];
            store.apply(&batch).expect("it writes");
            ends.push(std::fs::metadata(&journal).expect("there is a journal").len() as usize);
        }
        let whole = std::fs::read(&journal).expect("there is a journal");
        std::fs::copy(&path, directory.file("base")).expect("it is copied");
        let times = std::fs::metadata(&path).expect("there is a file").modified().expect("a time");
        store.close().expect("it closes");
        drop(store);
        for length in (0..60).chain((60..whole.len()).step_by(7)).chain([whole.len()]) {
            for flag in [Flag::Read, Flag::Write] {
                std::fs::copy(directory.file("base"), &path).expect("it is copied");
                let file = std::fs::File::options().write(true).open(&path).expect("it opens");
                file.set_modified(times).expect("it takes a time");
                std::fs::write(&journal, &whole[..length]).expect("it is written");
                let batches = ends.iter().rposition(|&end| end <= length).expect("0 is an end");
                let mut expected: Entries =
                    (0..batches as u8).map(|number| (vec![number], vec![number; 100])).collect();
                if let Some(last) = batches.checked_sub(1) {
                    expected.insert(b"last".to_vec(), vec![last as u8]);
                }
                let store = open(&path, flag).expect("it opens");
                assert!(read_all(&*store).expect("it reads") == expected, "{length} {flag:?}");
                if flag == Flag::Read {
                    continue;
                }
                drop(store);
                assert!(!journal.exists() || batches == 0, "{length}");
                let store = open(&path, Flag::Read).expect("it opens");
                assert!(read_all(&*store).expect("it reads") == expected, "{length}");
            }
        }
    }
}

/// A crash between the new file and the end of the journal, and after further writes; and a file that somebody else has
/// changed.
#[test]
fn a_journal_belongs_to_its_file() {
    for (engine, open) in FORMATS {
        let directory = Directory::new("damage");
        let (path, journal) = (directory.file("store"), directory.file("store.journal"));
        let options = StoreOptions::new().engine(engine);
        let mut store = options.open(&path, Flag::New).expect("it opens");
        store.put(b"dill", b"3").expect("it writes");
        let kept = std::fs::read(&journal).expect("there is a journal");
        store.sync().expect("it syncs");
        assert!(!journal.exists());
        store.put(b"dill", b"4").expect("it writes");
        store.close().expect("it closes");
        drop(store);

        // The journal of another state of the file.
        std::fs::write(&journal, &kept).expect("it is written");
        for flag in [Flag::Read, Flag::Write, Flag::Create] {
            let error = open(&path, flag).err().expect("it is refused");
            assert_eq!(error.kind(), ErrorKind::Conflict);
            assert!(error.to_string().contains("store.journal"), "{error}");
        }
        std::fs::remove_file(&journal).expect("it is given up");
        let mut store = open(&path, Flag::Write).expect("it opens");
        assert_eq!(store.get(b"dill").expect("it reads"), Some(b"4".to_vec()));

        // Somebody writes who knows of no lock.
        store.put(b"salt", b"5").expect("it writes");
        let mut bytes = std::fs::read(&path).expect("there is a file");
        bytes.push(0);
        std::fs::write(&path, bytes).expect("it is written");
        assert_eq!(store.sync().map_err(|error| error.kind()), Err(ErrorKind::Conflict));
        assert_eq!(store.get(b"salt").expect("it reads"), Some(b"5".to_vec()));
        assert_eq!(store.close().map_err(|error| error.kind()), Err(ErrorKind::Conflict));
        drop(store);

        // A new one has nothing to do with it.
        let store = open(&path, Flag::New).expect("it opens");
        assert!(store.is_empty().expect("it counts") && !journal.exists());
    }
}

/// What is overwritten again and again does not make the file grow.
#[test]
fn overwriting_costs_no_space_for_ever() {
    for (engine, _) in FORMATS {
        let directory = Directory::new("damage");
        let path = directory.file("store");
        let mut store =
            StoreOptions::new().engine(engine).open(&path, Flag::New).expect("it opens");
        let mut state = 3;
        for _ in 0..60 {
            let put = |key: u8, state: &mut u64| Op::put([key], vec![key; next(state) % 9000]);
            let batch: Vec<Op> = (0..50).map(|key| put(key, &mut state)).collect();
            store.apply(&batch).expect("it writes");
            store.sync().expect("it syncs");
        }
        let size = std::fs::metadata(&path).expect("there is a file").len();
        assert!(size < 2 << 20, "{engine:?}: {size} bytes");
    }
}

/// A journal that is longer than the file and a limit ends by itself, without a `sync()`.
#[test]
fn a_long_journal_ends() {
    for (engine, open) in FORMATS {
        let directory = Directory::new("damage");
        let (path, journal) = (directory.file("store"), directory.file("store.journal"));
        let options = StoreOptions::new().engine(engine);
        let mut store = options.open(&path, Flag::New).expect("it opens");
        for number in 0..40_u8 {
            let value = vec![number; 2 << 20];
            store.put(&[number % 3], &value).expect("it writes");
        }
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        assert!(size(&journal) < 64 << 20, "the journal has {} bytes", size(&journal));
        assert!(size(&path) > 6 << 20, "the file has {} bytes", size(&path));
        drop(store);
        let store = open(&path, Flag::Read).expect("it opens");
        for number in 37..40_u8 {
            let value = store.get(&[number % 3]).expect("it reads");
            assert!(value == Some(vec![number; 2 << 20]));
        }
    }
}
