//! `AnyDBMTestCase` of `test_dbm.py`, with every engine and on servers.

use halfsour_runtime::{Dialect, Value, exc};

use crate::common::databases::{self, any, bytes, close, fill, has_entries, open};
use crate::common::python::{equal, raises, with_engines, with_every_store};

const DIALECT: Dialect = Dialect::Python3;

#[test]
fn test_error() {
    with_every_store(DIALECT, |ctx, _| {
        let error = ctx.import_from("dbm.dumb", "error")?;
        assert!(error.is_subclass(ctx, ctx.exception_class(&exc::OS_ERROR))?);
        let errors = ctx.import_from("dbm", "error")?;
        equal(ctx, errors.get_item(ctx, 1)?, Value::from(ctx.exception_class(&exc::OS_ERROR)));
        Ok(())
    });
}

#[test]
fn test_anydbm_not_existing() {
    with_every_store(DIALECT, |ctx, directory| {
        let error = open(ctx, any(ctx), &directory.file("db"), None).expect_err("there is none");
        let class = ctx.import_from("dbm", "error")?.get_item(ctx, 0)?;
        assert!(error.class(ctx).is(class));
        let message = "db file doesn't exist; use 'c' or 'n' flag to create a new db";
        assert_eq!(error.message(ctx), message);
        Ok(())
    });
}

#[test]
fn test_anydbm_creation() {
    with_every_store(DIALECT, |ctx, directory| {
        databases::creation(ctx, any(ctx), &directory.file("db"))
    });
}

#[test]
fn test_anydbm_creation_n_file_exists_with_invalid_contents() {
    with_engines(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        std::fs::write(&path, "junk").expect("the file is written");
        let error = open(ctx, any(ctx), &path, Some("c")).expect_err("that is no database");
        assert_eq!(error.message(ctx), "db type could not be determined");
        let database = open(ctx, any(ctx), &path, Some("n"))?;
        assert_eq!(database.len(ctx)?, 0);
        close(ctx, database)
    });
}

#[test]
fn test_anydbm_modification() {
    with_every_store(DIALECT, |ctx, directory| {
        databases::modification(ctx, any(ctx), &directory.file("db"), "c")
    });
}

#[test]
fn test_anydbm_read() {
    with_every_store(DIALECT, |ctx, directory| {
        databases::reading(ctx, any(ctx), &directory.file("db"))
    });
}

#[test]
fn test_anydbm_keys() {
    with_every_store(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        fill(ctx, any(ctx), &path)?;
        let database = open(ctx, any(ctx), &path, Some("r"))?;
        has_entries(ctx, database)?;
        close(ctx, database)
    });
}

#[test]
fn test_empty_value() {
    with_every_store(DIALECT, |ctx, directory| {
        let database = open(ctx, any(ctx), &directory.file("db"), Some("c"))?;
        database.set_item(ctx, bytes(ctx, "a"), bytes(ctx, ""))?;
        equal(ctx, database.get_item(ctx, bytes(ctx, "a"))?, bytes(ctx, ""));
        equal(ctx, database.call_method(ctx, "get", (bytes(ctx, "a"), 7))?, bytes(ctx, ""));
        equal(ctx, database.call_method(ctx, "get", (bytes(ctx, "b"), 7))?, 7);
        close(ctx, database)
    });
}

#[test]
fn test_anydbm_access() {
    with_every_store(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        fill(ctx, any(ctx), &path)?;
        let database = open(ctx, any(ctx), &path, Some("r"))?;
        assert!(database.contains(ctx, bytes(ctx, "a"))?);
        equal(ctx, database.get_item(ctx, bytes(ctx, "a"))?, bytes(ctx, "Python:"));
        raises(ctx, database.get_item(ctx, bytes(ctx, "zzz")), &exc::KEY_ERROR);
        close(ctx, database)
    });
}

#[test]
fn test_keys() {
    with_every_store(DIALECT, |ctx, directory| {
        let database = open(ctx, any(ctx), &directory.file("db"), Some("c"))?;
        equal(ctx, database.call_method(ctx, "keys", ())?, Vec::<Value<'_>>::new());
        let (a, x) = (bytes(ctx, "a"), bytes(ctx, "xxx"));
        database.set_item(ctx, a, bytes(ctx, "b"))?;
        equal(ctx, database.call_method(ctx, "keys", ())?, vec![a]);
        assert!(database.contains(ctx, a)? && !database.contains(ctx, x)?);
        raises(ctx, database.get_item(ctx, x), &exc::KEY_ERROR);
        raises(ctx, database.del_item(ctx, x).map(|()| Value::None), &exc::KEY_ERROR);
        close(ctx, database)
    });
}

#[test]
fn test_clear() {
    with_every_store(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        fill(ctx, any(ctx), &path)?;
        let database = open(ctx, any(ctx), &path, Some("w"))?;
        database.call_method(ctx, "clear", ())?;
        assert_eq!(database.len(ctx)?, 0);
        close(ctx, database)?;
        let database = open(ctx, any(ctx), &path, Some("r"))?;
        assert_eq!(database.len(ctx)?, 0);
        close(ctx, database)
    });
}
