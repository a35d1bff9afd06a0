//! `DumbDBMTestCase` of `test_dbm_dumb.py`.

use std::path::Path;

use halfsour_runtime::{Context, Dialect, IntoValue, Result, Value, exc};

use crate::common::databases::{self, bytes, close, dumb, fill, has_entries, in_dumb, open};
use crate::common::python::{equal, raises};

const DIALECT: Dialect = Dialect::Python3;

#[test]
fn test_dumbdbm_creation() {
    in_dumb(DIALECT, |ctx, directory| databases::creation(ctx, dumb(ctx), &directory.file("db")));
}

#[cfg(unix)]
#[test]
fn test_dumbdbm_creation_mode() {
    in_dumb(DIALECT, |ctx, directory| databases::creation_mode(ctx, directory));
}

#[test]
fn test_close_twice() {
    in_dumb(DIALECT, |ctx, directory| {
        let database = open(ctx, dumb(ctx), &directory.file("db"), None)?;
        database.set_item(ctx, "a", "b")?;
        close(ctx, database)?;
        close(ctx, database)
    });
}

#[test]
fn test_dumbdbm_modification() {
    in_dumb(DIALECT, |ctx, directory| {
        databases::modification(ctx, dumb(ctx), &directory.file("db"), "w")
    });
}

#[test]
fn test_dumbdbm_read() {
    in_dumb(DIALECT, |ctx, directory| databases::reading(ctx, dumb(ctx), &directory.file("db")));
}

#[test]
fn test_dumbdbm_keys() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        fill(ctx, dumb(ctx), &path)?;
        let database = open(ctx, dumb(ctx), &path, None)?;
        has_entries(ctx, database)?;
        close(ctx, database)
    });
}

#[test]
fn test_write_write_read() {
    in_dumb(DIALECT, |ctx, directory| databases::write_write_read(ctx, &directory.file("db")));
}

#[test]
fn test_line_endings() {
    in_dumb(DIALECT, |ctx, directory| databases::line_endings(ctx, &directory.file("db")));
}

#[test]
fn test_random() {
    in_dumb(DIALECT, |ctx, directory| databases::random(ctx, &directory.file("db")));
}

#[test]
fn test_eval() {
    in_dumb(DIALECT, |ctx, directory| databases::eval(ctx, &directory.file("db")));
}

#[cfg(unix)]
#[test]
fn test_readonly_files() {
    in_dumb(DIALECT, |ctx, directory| databases::readonly_files(ctx, directory));
}

/// Returns which of `.dat`, `.dir` and `.bak` there are.
fn files(path: &Path) -> Vec<&'static str> {
    let there = |suffix: &&str| Path::new(&format!("{}{suffix}", path.display())).exists();
    [".dat", ".dir", ".bak"].into_iter().filter(there).collect()
}

fn remove(path: &Path, suffix: &str) {
    std::fs::remove_file(format!("{}{suffix}", path.display())).expect("the file is removed");
}

#[test]
fn test_write_contains() {
    in_dumb(DIALECT, |ctx, directory| {
        let database = open(ctx, dumb(ctx), &directory.file("db"), None)?;
        database.set_item(ctx, bytes(ctx, "1"), bytes(ctx, "hello"))?;
        assert!(database.contains(ctx, bytes(ctx, "1"))?);
        close(ctx, database)
    });
}

#[test]
fn test_str_read() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        let database = open(ctx, dumb(ctx), &path, None)?;
        database.set_item(ctx, bytes(ctx, "\u{fc}"), bytes(ctx, "\u{fc}"))?;
        close(ctx, database)?;
        let database = open(ctx, dumb(ctx), &path, Some("r"))?;
        equal(ctx, database.get_item(ctx, "\u{fc}")?, bytes(ctx, "\u{fc}"));
        close(ctx, database)
    });
}

#[test]
fn test_str_write_contains() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        let database = open(ctx, dumb(ctx), &path, None)?;
        database.set_item(ctx, "\u{fc}", "!")?;
        database.set_item(ctx, "1", "a")?;
        close(ctx, database)?;
        let database = open(ctx, dumb(ctx), &path, Some("r"))?;
        assert!(database.contains(ctx, ctx.str("\u{fc}"))?);
        equal(ctx, database.get_item(ctx, bytes(ctx, "\u{fc}"))?, bytes(ctx, "!"));
        equal(ctx, database.get_item(ctx, "1")?, bytes(ctx, "a"));
        close(ctx, database)
    });
}

#[test]
fn test_context_manager() {
    in_dumb(DIALECT, |ctx, directory| {
        let database = open(ctx, dumb(ctx), &directory.file("db"), Some("c"))?;
        assert!(database.call_method(ctx, "__enter__", ())?.is(database));
        database.set_item(ctx, "dumbdbm context manager", "context manager")?;
        equal(
            ctx,
            database.call_method(ctx, "keys", ())?,
            vec![bytes(ctx, "dumbdbm context manager")],
        );
        let none = Value::None;
        database.call_method(ctx, "__exit__", (none, none, none))?;
        raises(ctx, database.call_method(ctx, "keys", ()), &exc::OS_ERROR);
        Ok(())
    });
}

#[test]
fn test_check_closed() {
    in_dumb(DIALECT, |ctx, directory| {
        let database = open(ctx, dumb(ctx), &directory.file("db"), Some("c"))?;
        close(ctx, database)?;
        let key = bytes(ctx, "a");
        fn any<'gc, T>(done: Result<'gc, T>) -> Result<'gc> {
            done.map(|_| Value::None)
        }
        for done in [
            any(database.del_item(ctx, key)),
            any(database.set_item(ctx, key, key)),
            any(database.get_item(ctx, key)),
            any(database.contains(ctx, key)),
            any(database.len(ctx)),
            any(database.iter(ctx)),
            database.call_method(ctx, "keys", ()),
            database
                .call_method(ctx, "items", ())
                .and_then(|items| any(items.iter(ctx)?.next(ctx))),
            database.call_method(ctx, "sync", ()),
        ] {
            let error = raises(ctx, done, &exc::OS_ERROR);
            assert_eq!(error.message(ctx), "DBM object has already been closed");
        }
        Ok(())
    });
}

#[test]
fn test_create_new() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        for _ in 0..2 {
            let database = open(ctx, dumb(ctx), &path, Some("n"))?;
            assert_eq!(database.len(ctx)?, 0);
            database.set_item(ctx, "foo", "bar")?;
            close(ctx, database)?;
        }
        Ok(())
    });
}

#[test]
fn test_missing_data() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        for flag in ["r", "w"] {
            not_found(ctx, open(ctx, dumb(ctx), &path, Some(flag)));
            assert!(files(&path).is_empty());
        }
        for flag in ["c", "n"] {
            let path = directory.file(flag);
            let database = open(ctx, dumb(ctx), &path, Some(flag))?;
            assert_eq!(files(&path), [".dat", ".dir"]);
            close(ctx, database)?;
            assert_eq!(files(&path), [".dat", ".dir"]);
            let database = open(ctx, dumb(ctx), &path, Some(flag))?;
            database.set_item(ctx, "key", "value")?;
            close(ctx, database)?;
            assert_eq!(files(&path), [".dat", ".dir", ".bak"]);
        }
        Ok(())
    });
}

/// Checks that FileNotFoundError was raised.
#[track_caller]
fn not_found<'gc>(ctx: Context<'gc>, opened: Result<'gc>) {
    let error = raises(ctx, opened, &exc::OS_ERROR).into_uncaught(ctx);
    assert_eq!(error.class(), "FileNotFoundError");
}

#[test]
fn test_missing_index() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        close(ctx, open(ctx, dumb(ctx), &path, Some("n"))?)?;
        remove(&path, ".dir");
        for flag in ["r", "w"] {
            not_found(ctx, open(ctx, dumb(ctx), &path, Some(flag)));
            assert_eq!(files(&path), [".dat"]);
        }
        for flag in ["c", "n"] {
            close(ctx, open(ctx, dumb(ctx), &path, Some(flag))?)?;
            assert_eq!(files(&path), [".dat", ".dir"]);
            remove(&path, ".dir");
        }
        Ok(())
    });
}

#[test]
fn test_sync_empty_unmodified() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        let database = open(ctx, dumb(ctx), &path, Some("c"))?;
        remove(&path, ".dir");
        database.call_method(ctx, "sync", ())?;
        assert_eq!(files(&path), [".dat"]);
        close(ctx, database)?;
        assert_eq!(files(&path), [".dat"]);
        Ok(())
    });
}

#[test]
fn test_sync_nonempty_unmodified() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db");
        let database = open(ctx, dumb(ctx), &path, Some("c"))?;
        database.set_item(ctx, "first", "1")?;
        database.call_method(ctx, "sync", ())?;
        assert_eq!(files(&path), [".dat", ".dir", ".bak"]);
        remove(&path, ".bak");
        database.call_method(ctx, "sync", ())?;
        assert_eq!(files(&path), [".dat", ".dir"]);
        database.set_item(ctx, "second", "2")?;
        database.call_method(ctx, "sync", ())?;
        assert_eq!(files(&path), [".dat", ".dir", ".bak"]);
        close(ctx, database)
    });
}

#[test]
fn test_invalid_flag() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db").to_str().into_value(ctx);
        for flag in [ctx.str("x"), ctx.str("rf"), Value::None] {
            let opened = ctx.import(dumb(ctx))?.call_method(ctx, "open", (path, flag));
            let error = raises(ctx, opened, &exc::VALUE_ERROR);
            assert_eq!(error.message(ctx), "Flag must be one of 'r', 'w', 'c', or 'n'");
        }
        Ok(())
    });
}

#[test]
fn test_nonascii_filename() {
    in_dumb(DIALECT, |ctx, directory| {
        let path = directory.file("db\u{153}\u{3c0}");
        fill(ctx, dumb(ctx), &path)?;
        assert_eq!(files(&path), [".dat", ".dir", ".bak"]);
        let database = open(ctx, dumb(ctx), &path, Some("r"))?;
        has_entries(ctx, database)?;
        close(ctx, database)
    });
}
