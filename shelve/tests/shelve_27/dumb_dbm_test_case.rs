//! `DumbDBMTestCase` of `test_dumbdbm.py`.

use halfsour_runtime::Dialect;

use crate::common::databases::{self, close, dumb, fill, has_entries, in_dumb, open};

const DIALECT: Dialect = Dialect::Python2;

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

/// 2.7 would let it be written too, against its documentation.
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
