//! What the tests of `dumbdbm` and its like of both versions share.

use std::collections::BTreeMap;
use std::path::Path;

use halfsour_runtime::{Bytes, Context, Dialect, IntoValue, Result, Value, exc};

use super::Directory;
use super::python::{equal, raises, sorted};

/// The entries of the tests; one is empty.
pub(crate) const ENTRIES: [(&str, &str); 7] = [
    ("0", ""),
    ("a", "Python:"),
    ("b", "Programming"),
    ("c", "the"),
    ("d", "way"),
    ("f", "Guido"),
    ("g", "intended"),
];

/// Opens a database by a module, with a flag if there is one.
pub(crate) fn open<'gc>(
    ctx: Context<'gc>,
    module: &str,
    path: &Path,
    flag: Option<&str>,
) -> Result<'gc> {
    let module = ctx.import(module)?;
    let path = path.to_str().into_value(ctx);
    match flag {
        Some(flag) => module.call_method(ctx, "open", (path, flag)),
        None => module.call_method(ctx, "open", (path,)),
    }
}

/// The module of the one format.
pub(crate) fn dumb(ctx: Context<'_>) -> &'static str {
    ctx.dialect().pick("dumbdbm", "dbm.dumb")
}

/// The module that finds out.
pub(crate) fn any(ctx: Context<'_>) -> &'static str {
    ctx.dialect().pick("anydbm", "dbm")
}

pub(crate) fn bytes<'gc>(ctx: Context<'gc>, text: &str) -> Value<'gc> {
    Bytes::new(ctx, text.as_bytes()).into()
}

/// Writes the entries into a new database.
pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: &str, path: &Path) -> Result<'gc, ()> {
    let database = open(ctx, module, path, Some("c"))?;
    for (key, value) in ENTRIES {
        database.set_item(ctx, bytes(ctx, key), bytes(ctx, value))?;
    }
    close(ctx, database)
}

pub(crate) fn close<'gc>(ctx: Context<'gc>, database: Value<'gc>) -> Result<'gc, ()> {
    database.call_method(ctx, "close", ()).map(drop)
}

/// Checks that a database has the entries.
pub(crate) fn has_entries<'gc>(ctx: Context<'gc>, database: Value<'gc>) -> Result<'gc, ()> {
    for (key, value) in ENTRIES {
        equal(ctx, database.get_item(ctx, bytes(ctx, key))?, bytes(ctx, value));
        assert!(database.contains(ctx, bytes(ctx, key))?);
    }
    let keys = sorted(ctx, database.call_method(ctx, "keys", ())?)?;
    equal(ctx, keys, ENTRIES.map(|(key, _)| bytes(ctx, key)).to_vec());
    Ok(())
}

/// A fresh database is empty, and has what was written.
pub(crate) fn creation<'gc>(ctx: Context<'gc>, module: &str, path: &Path) -> Result<'gc, ()> {
    let database = open(ctx, module, path, Some("c"))?;
    assert_eq!(database.call_method(ctx, "keys", ())?.len(ctx)?, 0);
    for (key, value) in ENTRIES {
        database.set_item(ctx, bytes(ctx, key), bytes(ctx, value))?;
    }
    has_entries(ctx, database)?;
    close(ctx, database)
}

/// A value that is written again is there when the database is opened again.
pub(crate) fn modification<'gc>(
    ctx: Context<'gc>,
    module: &str,
    path: &Path,
    flag: &str,
) -> Result<'gc, ()> {
    fill(ctx, module, path)?;
    let database = open(ctx, module, path, Some(flag))?;
    database.set_item(ctx, bytes(ctx, "g"), bytes(ctx, "indented"))?;
    equal(ctx, database.get_item(ctx, bytes(ctx, "g"))?, bytes(ctx, "indented"));
    let set = database.call_method(ctx, "setdefault", (bytes(ctx, "xxx"), bytes(ctx, "foo")))?;
    equal(ctx, set, bytes(ctx, "foo"));
    equal(ctx, database.get_item(ctx, bytes(ctx, "xxx"))?, bytes(ctx, "foo"));
    close(ctx, database)
}

/// A database opened to be read has the entries.
pub(crate) fn reading<'gc>(ctx: Context<'gc>, module: &str, path: &Path) -> Result<'gc, ()> {
    fill(ctx, module, path)?;
    let database = open(ctx, module, path, Some("r"))?;
    has_entries(ctx, database)?;
    raises(ctx, database.get_item(ctx, bytes(ctx, "xxx")), &exc::KEY_ERROR);
    equal(ctx, database.call_method(ctx, "get", (bytes(ctx, "a"),))?, bytes(ctx, "Python:"));
    assert!(database.call_method(ctx, "get", (bytes(ctx, "xxx"),))?.is_none());
    let default = bytes(ctx, "foo");
    equal(ctx, database.call_method(ctx, "get", (bytes(ctx, "xxx"), default))?, default);
    for written in [
        database.set_item(ctx, bytes(ctx, "g"), bytes(ctx, "indented")),
        database.del_item(ctx, bytes(ctx, "a")),
    ] {
        let error = raises(ctx, written.map(|()| Value::None), &exc::IO_ERROR);
        assert_eq!(error.message(ctx), "The database is opened for reading only");
    }
    has_entries(ctx, database)?;
    close(ctx, database)
}

pub(crate) fn write_write_read<'gc>(ctx: Context<'gc>, path: &Path) -> Result<'gc, ()> {
    for (key, value) in [("1", "hello"), ("1", "hello2")] {
        let database = open(ctx, dumb(ctx), path, None)?;
        database.set_item(ctx, bytes(ctx, key), bytes(ctx, value))?;
        close(ctx, database)?;
    }
    let database = open(ctx, dumb(ctx), path, None)?;
    equal(ctx, database.get_item(ctx, bytes(ctx, "1"))?, bytes(ctx, "hello2"));
    close(ctx, database)
}

pub(crate) fn line_endings<'gc>(ctx: Context<'gc>, path: &Path) -> Result<'gc, ()> {
    fill(ctx, dumb(ctx), path)?;
    let dir = format!("{}.dir", path.display());
    let text = std::fs::read_to_string(&dir).expect("there is an index");
    std::fs::write(&dir, text.replace('\n', "\r\n")).expect("the index is written");
    let database = open(ctx, dumb(ctx), path, None)?;
    has_entries(ctx, database)?;
    close(ctx, database)
}

/// Random changes, mirrored.
pub(crate) fn random<'gc>(ctx: Context<'gc>, path: &Path) -> Result<'gc, ()> {
    let mut number = 20_u64;
    let mut below = |bound: u64| {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % bound
    };
    let mut model = BTreeMap::new();
    for _ in 0..5 {
        let database = open(ctx, dumb(ctx), path, None)?;
        for _ in 0..100 {
            let key = below(20).to_string();
            if below(10) < 2 {
                let deleted = database.del_item(ctx, bytes(ctx, &key));
                assert_eq!(deleted.is_ok(), model.remove(&key).is_some());
            } else {
                let value = "x".repeat(below(10_000) as usize);
                database.set_item(ctx, bytes(ctx, &key), bytes(ctx, &value))?;
                model.insert(key, value);
            }
        }
        close(ctx, database)?;
        let database = open(ctx, dumb(ctx), path, None)?;
        assert_eq!(database.len(ctx)?, model.len());
        for (key, value) in &model {
            equal(ctx, database.get_item(ctx, bytes(ctx, key))?, bytes(ctx, value));
        }
        close(ctx, database)?;
    }
    Ok(())
}

pub(crate) fn eval<'gc>(ctx: Context<'gc>, path: &Path) -> Result<'gc, ()> {
    let write = |suffix, text: &str| std::fs::write(format!("{}{suffix}", path.display()), text);
    write(".dir", "str(print('Hacked!')), 0\n").expect("the index is written");
    write(".dat", "").expect("the values are written");
    raises(ctx, open(ctx, dumb(ctx), path, None), &exc::VALUE_ERROR);
    Ok(())
}

/// Files that cannot be written, in a directory that cannot be written.
#[cfg(unix)]
pub(crate) fn readonly_files<'gc>(ctx: Context<'gc>, directory: &Directory) -> Result<'gc, ()> {
    use std::os::unix::fs::PermissionsExt;
    let path = directory.file("db");
    fill(ctx, dumb(ctx), &path)?;
    let permit = |path: &Path, mode| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("it is permitted");
    };
    let dir = directory.file("db.dir");
    let before = std::fs::read(&dir).expect("there is an index");
    permit(&directory.file("db.dat"), 0o444);
    permit(&dir, 0o444);
    permit(directory.path(), 0o555);
    let read = open(ctx, dumb(ctx), &path, Some("r")).and_then(|database| {
        has_entries(ctx, database)?;
        close(ctx, database)
    });
    permit(directory.path(), 0o755);
    read?;
    assert_eq!(std::fs::read(&dir).expect("there is an index"), before);
    Ok(())
}

/// Only what can be read by its owner and executed by others: `mode & ~umask`.
#[cfg(unix)]
pub(crate) fn creation_mode<'gc>(ctx: Context<'gc>, directory: &Directory) -> Result<'gc, ()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| {
        std::fs::metadata(path).expect("there is a file").permissions().mode() & 0o777
    };
    // What the umask of this process leaves of all permissions.
    let probe = directory.file("probe");
    let mut options = std::fs::OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(options.create(true).write(true), 0o777);
    options.open(&probe).expect("a file is made");
    let path = directory.file("db").to_str().into_value(ctx);
    let database = ctx.import(dumb(ctx))?.call_method(ctx, "open", (path, "n", 0o637))?;
    database.set_item(ctx, bytes(ctx, "k"), bytes(ctx, "v"))?;
    close(ctx, database)?;
    for file in ["db.dat", "db.dir"] {
        assert_eq!(mode(&directory.file(file)), 0o637 & mode(&probe), "{file}");
    }
    Ok(())
}

/// `whichdb` knows an empty database and one with a key.
pub(crate) fn which<'gc>(ctx: Context<'gc>, directory: &Directory) -> Result<'gc, ()> {
    let whichdb = ctx.import(ctx.dialect().pick("whichdb", "dbm"))?;
    let path = directory.file("db");
    let name = path.to_str().into_value(ctx);
    assert!(whichdb.call_method(ctx, "whichdb", (name,))?.is_none());
    close(ctx, open(ctx, dumb(ctx), &path, Some("c"))?)?;
    equal(ctx, whichdb.call_method(ctx, "whichdb", (name,))?, dumb(ctx));
    let database = open(ctx, dumb(ctx), &path, Some("w"))?;
    database.set_item(ctx, bytes(ctx, "1"), bytes(ctx, "1"))?;
    close(ctx, database)?;
    equal(ctx, whichdb.call_method(ctx, "whichdb", (name,))?, dumb(ctx));
    Ok(())
}

/// The dialect of a test, for those that have one engine.
pub(crate) fn in_dumb(
    dialect: Dialect,
    test: impl for<'gc> FnOnce(Context<'gc>, &Directory) -> Result<'gc, ()>,
) {
    let directory = Directory::new("dumb");
    super::python::with_engine(dialect, halfsour_shelve::Engine::Dumb, |ctx| test(ctx, &directory));
}
