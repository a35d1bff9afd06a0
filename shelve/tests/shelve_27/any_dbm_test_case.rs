//! `AnyDBMTestCase` of `test_anydbm.py`, with every engine and on servers.

use halfsour_runtime::Dialect;

use crate::common::databases::{self, any, close, fill, has_entries, open};
use crate::common::python::with_every_store;

const DIALECT: Dialect = Dialect::Python2;

#[test]
fn test_anydbm_creation() {
    with_every_store(DIALECT, |ctx, directory| {
        databases::creation(ctx, any(ctx), &directory.file("db"))
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
