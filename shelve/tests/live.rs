//! Files that CPythons write are read here, and what is written here is read by them, where they are found.

use std::path::{Path, PathBuf};
use std::process::Command;

use halfsour_corpus::python::{find_python, find_python27, find_python313, find_with_module};
use halfsour_runtime::{Dialect, Runtime, Value};
use halfsour_shelve::{Engine, Flag, Format, Op, Shelf, ShelfOptions, StoreOptions, which};

mod common;
use common::Directory;
use common::entries::{Entries, from_hex, read_all};
use common::python::equal;

/// Every byte as a key, and what is quoted in different ways; values shorter and longer than a block.
fn entries() -> Entries {
    let mut keys: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    let odd: [&[u8]; 8] = [
        b"",
        b"it's",
        b"\"",
        b"it's \"it\"",
        b"\\",
        b"a\nb\r\n",
        "dill \u{e9}".as_bytes(),
        b"\xff\xfe",
    ];
    keys.extend(odd.map(<[u8]>::to_vec));
    keys.push((0..=255).collect());
    // Keys that others begin with, too large for a page and not.
    keys.extend([3, 30, 300, 1024, 1025, 3000, 9000].map(|times| vec![b'k'; times]));
    keys.extend((0..60).map(|number| format!("k{number}").into_bytes()));
    let value = |at: usize, key: &[u8]| key.repeat(at % 7 * 100);
    keys.iter().enumerate().map(|(at, key)| (key.clone(), value(at, key))).collect()
}

/// What both Pythons run: `write` makes a database of the entries on its input, `read` prints one, and `change` deletes
/// every third key and writes the next to it anew.
const SCRIPT: &str = r#"
import binascii, sys
action, module, path = sys.argv[1:]
dbm = __import__(module, fromlist=["open"])
entries = [[binascii.unhexlify(it.strip().encode("ascii")) for it in line.split(",")] for line in sys.stdin]
def keys(d):
    # Before dbm.ndbm has met a key or a value of some length, it takes an empty one for none.
    known = [key for key, value in reversed(entries)] + [b"added"]
    return sorted(set(d.keys()) | set(key for key in known if key in d))
if action == "write":
    d = dbm.open(path, "n" if sys.version_info[0] > 2 else "c")
    for key, value in entries:
        d[key] = b"overwritten later"
        d[key] = value
    d.close()
elif action == "change":
    d = dbm.open(path, "w")
    found = keys(d)
    for key in found[::3]:
        del d[key]
    for key in found[1::3]:
        d[key] = key * 9
    d.close()
else:
    d = dbm.open(path, "r")
    for key in keys(d):
        sys.stdout.write("%s,%s\n" % tuple(binascii.hexlify(it).decode("ascii") for it in (key, d[key])))
"#;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs a script with some input, and returns what it prints.
fn run(python: &Path, script: &str, arguments: &[&str], input: &Path) -> String {
    let input = std::fs::File::open(input).expect("the input is there");
    let output = Command::new(python)
        .args(["-E", "-s", "-W", "ignore", "-c", script])
        .args(arguments)
        .stdin(input)
        .output()
        .expect("the CPython runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", python.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Has a CPython write a database and read ours.
fn exchange(python: &Path, module: &str, engine: Engine, format: Format) {
    let directory = Directory::new("live");
    let input = directory.file("input");
    let lines: String =
        entries().iter().map(|(key, value)| format!("{},{}\n", hex(key), hex(value))).collect();
    std::fs::write(&input, lines).expect("the input is written");

    let theirs = directory.file("theirs");
    run(python, SCRIPT, &["write", module, &theirs.to_string_lossy()], &input);
    assert_eq!(which(&theirs).expect("it looks"), Some(format));
    let mut store = StoreOptions::new().open(&theirs, Flag::Write).expect("their files open");
    assert!(read_all(&*store).expect("it reads") == entries());
    // And go on in the same files.
    store.apply(&[Op::put("added", "here"), Op::delete([0])]).expect("it writes");
    store.put(b"added", b"here, again").expect("it writes");
    store.close().expect("it closes");
    drop(store);
    let mut expected = entries();
    expected.remove(&[0][..]);
    expected.insert(b"added".to_vec(), b"here, again".to_vec());
    same(&read(python, module, &theirs, &input), &expected);
    changed(python, module, &theirs, expected, &input);

    let ours = directory.file("ours");
    let mut store = StoreOptions::new().engine(engine).open(&ours, Flag::New).expect("it opens");
    for (key, value) in entries() {
        store.put(&key, b"overwritten later").expect("it writes");
        store.put(&key, &value).expect("it writes");
    }
    // As a crash leaves them: neither synced nor closed.
    drop(store);
    same(&read(python, module, &ours, &input), &entries());
    let mut store = StoreOptions::new().open(&ours, Flag::Write).expect("it opens");
    store.reorganize().expect("it reorganizes");
    store.close().expect("it closes");
    drop(store);
    same(&read(python, module, &ours, &input), &entries());
    verify(format, &ours);
    changed(python, module, &ours, entries(), &input);
}

/// Checks that a CPython reads what it should.
#[track_caller]
fn same(found: &Entries, expected: &Entries) {
    let show = |key: &[u8]| key[..key.len().min(20)].escape_ascii().to_string();
    let keys = found.keys().chain(expected.keys());
    let different = keys.filter(|key| found.get(*key) != expected.get(*key));
    let different: Vec<String> = different.map(|key| show(key)).collect();
    assert!(different.is_empty(), "different: {different:?}");
}

/// Has a CPython change a database of those entries, and reads it.
fn changed(python: &Path, module: &str, path: &Path, mut entries: Entries, input: &Path) {
    run(python, SCRIPT, &["change", module, &path.to_string_lossy()], input);
    let keys: Vec<Vec<u8>> = entries.keys().cloned().collect();
    for (at, key) in keys.into_iter().enumerate() {
        match at % 3 {
            0 => drop(entries.remove(&key)),
            1 => drop(entries.insert(key.clone(), key.repeat(9))),
            _ => {}
        }
    }
    let store = StoreOptions::new().open(path, Flag::Read).expect("it opens");
    assert!(read_all(&*store).expect("it reads") == entries);
}

/// Has the format's own tools look at a file of ours, where they are installed.
fn verify(format: Format, path: &Path) {
    let path = path.display();
    let commands = match format {
        Format::Gdbm => vec![["gdbmtool", "-qr", &path.to_string(), "count"].map(String::from)],
        Format::Ndbm => ["db5.3_verify", "db_verify"]
            .map(|tool| [tool, "-h", ".", &format!("{path}.db")].map(String::from))
            .to_vec(),
        _ => return,
    };
    for [tool, arguments @ ..] in commands {
        match Command::new(&tool).args(arguments).output() {
            Err(_) => println!("skipped: no {tool} was found"),
            Ok(output) => assert!(output.status.success(), "{tool}: {output:?}"),
        }
    }
}

fn read(python: &Path, module: &str, path: &Path, input: &Path) -> Entries {
    let printed = run(python, SCRIPT, &["read", module, &path.to_string_lossy()], input);
    let entry =
        |line: &str| line.split_once(',').map(|(key, value)| (from_hex(key), from_hex(value)));
    printed.lines().filter_map(entry).collect()
}

/// Runs a test with a CPython, or says that there is none.
fn with_python(found: Option<PathBuf>, name: &str, test: impl FnOnce(&Path)) {
    match found {
        Some(python) => test(&python),
        None => println!("skipped: no CPython {name} was found"),
    }
}

#[test]
fn dumbdbm_of_2_7() {
    with_python(find_python27(), "2.7", |python| {
        exchange(python, "dumbdbm", Engine::Dumb, Format::Dumb);
    });
}

#[test]
fn dbm_dumb_of_3_13() {
    with_python(find_python313(), "3.13", |python| {
        exchange(python, "dbm.dumb", Engine::Dumb, Format::Dumb);
    });
}

#[test]
fn dbm_dumb_of_the_versions_between() {
    for version in ["3.6", "3.8", "3.11"] {
        with_python(find_python(version), version, |python| {
            exchange(python, "dbm.dumb", Engine::Dumb, Format::Dumb);
        });
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn dbm_sqlite3_of_3_13() {
    with_python(find_python313(), "3.13", |python| {
        exchange(python, "dbm.sqlite3", Engine::Sqlite, Format::Sqlite);
    });
}

/// Runs a test with a CPython 3 that has a module, or says that there is none.
#[cfg(any(feature = "gdbm", feature = "bdb"))]
fn with_module(module: &str, test: impl FnOnce(&Path)) {
    with_python(find_with_module(module), &format!("with {module}"), test);
}

#[cfg(feature = "gdbm")]
#[test]
fn dbm_gnu() {
    with_module("dbm.gnu", |python| exchange(python, "dbm.gnu", Engine::Gdbm, Format::Gdbm));
}

/// Two libraries stand in for ndbm, in files of their own.
#[cfg(all(feature = "gdbm", feature = "bdb"))]
#[test]
fn dbm_ndbm() {
    with_module("dbm.ndbm", |python| {
        let script = "import dbm.ndbm; print(dbm.ndbm.library)";
        let library = run(python, script, &[], Path::new("/dev/null"));
        let engine = match library.trim() {
            "Berkeley DB" => Engine::BerkeleyNdbm,
            "GNU gdbm" => Engine::GdbmNdbm,
            other => return println!("skipped: {other} stands in for ndbm"),
        };
        exchange(python, "dbm.ndbm", engine, Format::Ndbm);
    });
}

/// The lock is theirs too.
#[cfg(feature = "gdbm")]
#[test]
fn gnu_dbm_sees_our_lock() {
    with_module("dbm.gnu", |python| {
        let directory = Directory::new("live");
        let path = directory.file("store");
        let script = "import dbm.gnu, sys\n\
                      try: dbm.gnu.open(sys.argv[1], sys.argv[2])\n\
                      except dbm.gnu.error as e: print(e.errno)";
        let attempt =
            |flag| run(python, script, &[&path.to_string_lossy(), flag], Path::new("/dev/null"));
        let options = StoreOptions::new().engine(Engine::Gdbm);
        let mut store = options.open(&path, Flag::New).expect("it opens");
        store.put(b"dill", b"3").expect("it writes");
        // Also when the file was replaced meanwhile.
        store.sync().expect("it syncs");
        assert_ne!(attempt("r"), "");
        assert_ne!(attempt("w"), "");
        store.close().expect("it closes");
        let store = options.open(&path, Flag::Read).expect("it opens");
        assert_eq!(attempt("r"), "");
        assert_ne!(attempt("w"), "");
        drop(store);
        assert_eq!(attempt("w"), "");
    });
}

/// Writes a shelf, or shows the one that was written here.
const SHELVES: &str = r#"
import shelve, sys
action, path = sys.argv[1:]
if action == "write":
    try:
        import dumbdbm as dumb
    except ImportError:
        import dbm.dumb as dumb
    s = shelve.Shelf(dumb.open(path, "c"))
    s["jars"] = [3, ("dill", None)]
    s["salt"] = 4
    s.close()
else:
    s = shelve.open(path, "r")
    sys.stdout.write(repr(sorted(s.items())))
"#;

/// Shelves with objects, through Python's `shelve` on the other side.
fn exchange_shelves(python: &Path, dialect: Dialect) {
    let directory = Directory::new("live");
    let (theirs, ours) = (directory.file("theirs"), directory.file("ours"));
    let input = directory.file("input");
    std::fs::write(&input, "").expect("the input is written");
    run(python, SHELVES, &["write", &theirs.to_string_lossy()], &input);
    let mut runtime = Runtime::new(dialect);
    let done = runtime.try_enter(|ctx| {
        let mut shelf = Shelf::open(&theirs, Flag::Write).expect("their shelf opens");
        assert_eq!(shelf.keys(ctx)?, [b"jars", b"salt"]);
        equal(ctx, shelf.get_item(ctx, "salt")?, 4);
        let jars = shelf.get_item(ctx, "jars")?;
        equal(ctx, jars.get_item(ctx, 1)?.get_item(ctx, 0)?, "dill");
        shelf.set(ctx, "salt", Value::Int(5))?;
        shelf.close(ctx)?;
        let options = ShelfOptions::new().store(StoreOptions::new().engine(Engine::Dumb));
        let mut shelf = options.open(&ours, Flag::New).expect("our shelf opens");
        shelf.set(ctx, "jars", jars)?;
        shelf.set(ctx, "salt", Value::Int(5))?;
        shelf.close(ctx)
    });
    done.expect("the shelves are worked on");
    for path in [theirs, ours] {
        let shown = run(python, SHELVES, &["read", &path.to_string_lossy()], &input);
        assert_eq!(shown, "[('jars', [3, ('dill', None)]), ('salt', 5)]");
    }
}

#[test]
fn shelves_of_2_7() {
    with_python(find_python27(), "2.7", |python| exchange_shelves(python, Dialect::Python2));
}

#[test]
fn shelves_of_3_13() {
    with_python(find_python313(), "3.13", |python| exchange_shelves(python, Dialect::Python3));
}
