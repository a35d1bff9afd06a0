//! `TestCase` of `test_shelve.py`.

use halfsour_runtime::{Dialect, Dict, Value, exc};

use crate::common::python::{equal, ints, raises, with_engines};
use crate::common::shelves::{self, closed, list, over, stored};

const DIALECT: Dialect = Dialect::Python3;

#[test]
fn test_close() {
    shelves::close(DIALECT);
}

#[test]
fn test_open_template() {
    shelves::file_shelf(DIALECT, None);
}

#[test]
fn test_ascii_file_shelf() {
    shelves::file_shelf(DIALECT, Some(0));
}

#[test]
fn test_binary_file_shelf() {
    shelves::file_shelf(DIALECT, Some(1));
}

#[test]
fn test_proto2_file_shelf() {
    shelves::file_shelf(DIALECT, Some(2));
}

#[test]
fn test_in_memory_shelf() {
    shelves::in_memory_shelf(DIALECT);
}

#[test]
fn test_mutable_entry() {
    shelves::mutable_entry(DIALECT);
}

#[test]
fn test_keyencoding() {
    with_engines(DIALECT, |ctx, _| {
        let key = "P\u{f6}p";
        let encodings = [
            (None, "P\u{f6}p".as_bytes()),
            (Some("latin-1"), b"P\xf6p"),
            (Some("utf-8"), "P\u{f6}p".as_bytes()),
        ];
        for (encoding, expected) in encodings {
            let dict = Dict::new(ctx);
            let keywords: Vec<_> =
                encoding.map(|name| ("keyencoding", ctx.str(name))).into_iter().collect();
            let shelf = over(ctx, dict, &keywords)?;
            shelf.set_item(ctx, key, list(ctx, &[1]))?;
            let stored = halfsour_runtime::Bytes::new(ctx, expected);
            assert!(dict.contains(ctx, stored.into())?);
            equal(ctx, shelf.iter(ctx)?.collect_vec(ctx)?, vec![ctx.str(key)]);
        }
        let shelf = over(ctx, Dict::new(ctx), &[("keyencoding", ctx.str("ascii"))])?;
        let set = shelf.set_item(ctx, key, list(ctx, &[1]));
        raises(ctx, set.map(|()| Value::None), &exc::UNICODE_ENCODE_ERROR);
        Ok(())
    });
}

#[test]
fn test_writeback_also_writes_immediately() {
    shelves::writeback_also_writes_immediately(DIALECT);
}

#[test]
fn test_with() {
    with_engines(DIALECT, |ctx, _| {
        let dict = Dict::new(ctx);
        let shelf = over(ctx, dict, &[("protocol", Value::Int(2))])?;
        assert!(shelf.call_method(ctx, "__enter__", ())?.is(shelf));
        shelf.set_item(ctx, "key1", ints(ctx, &[1, 2, 3, 4]))?;
        equal(ctx, shelf.get_item(ctx, "key1")?, ints(ctx, &[1, 2, 3, 4]));
        assert_eq!(shelf.len(ctx)?, 1);
        shelf.call_method(ctx, "__exit__", (Value::None, Value::None, Value::None))?;
        closed(ctx, shelf);
        assert!(dict.contains(ctx, stored(ctx, "key1"))?);
        Ok(())
    });
}

#[test]
fn test_default_protocol() {
    with_engines(DIALECT, |ctx, _| {
        let shelf = over(ctx, Dict::new(ctx), &[])?;
        equal(ctx, shelf.get_attr(ctx, "_protocol")?, 4);
        Ok(())
    });
}
