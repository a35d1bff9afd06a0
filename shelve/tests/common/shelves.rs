//! The tests of `test_shelve.py` that both versions have.

use halfsour_runtime::{Args, Context, Dialect, Dict, IntoValue, List, Result, Value, exc};

use super::Directory;
use super::python::{equal, ints, raises, with_every_store};

/// Opens a shelf with keyword arguments.
pub(crate) fn open<'gc>(
    ctx: Context<'gc>,
    directory: &Directory,
    keywords: &[(&str, Value<'gc>)],
) -> Result<'gc> {
    let path = directory.file("test");
    let mut args = Args::new(&[path.to_str().into_value(ctx)]);
    for &(name, value) in keywords {
        args = args.keyword(ctx, name, value);
    }
    ctx.import("shelve")?.get_attr(ctx, "open")?.call(ctx, args)
}

/// A shelf over a dict that the test sees.
pub(crate) fn over<'gc>(
    ctx: Context<'gc>,
    dict: Dict<'gc>,
    keywords: &[(&str, Value<'gc>)],
) -> Result<'gc> {
    let mut args = Args::new(&[dict.into()]);
    for &(name, value) in keywords {
        args = args.keyword(ctx, name, value);
    }
    ctx.import("shelve")?.get_attr(ctx, "Shelf")?.call(ctx, args)
}

/// What a key is in the dict under a shelf.
pub(crate) fn stored<'gc>(ctx: Context<'gc>, key: &str) -> Value<'gc> {
    halfsour_runtime::Bytes::new(ctx, key.as_bytes()).into()
}

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[i64]) -> Value<'gc> {
    List::from_vec(ctx, items.iter().map(|&item| Value::Int(item)).collect()).into()
}

pub(crate) fn close(dialect: Dialect) {
    with_every_store(dialect, |ctx, _| {
        let shelf = over(ctx, Dict::new(ctx), &[("protocol", Value::Int(2))])?;
        shelf.set_item(ctx, "key1", list(ctx, &[1, 2, 3, 4]))?;
        equal(ctx, shelf.get_item(ctx, "key1")?, list(ctx, &[1, 2, 3, 4]));
        assert_eq!(shelf.len(ctx)?, 1);
        shelf.call_method(ctx, "close", ())?;
        closed(ctx, shelf);
        shelf.call_method(ctx, "close", ())?;
        Ok(())
    });
}

/// Checks that a shelf is closed.
pub(crate) fn closed<'gc>(ctx: Context<'gc>, shelf: Value<'gc>) {
    let len = shelf.len(ctx).map(|_| Value::None);
    for result in [len, shelf.get_item(ctx, "key1"), shelf.call_method(ctx, "get", ("key1",))] {
        let error = raises(ctx, result, &exc::VALUE_ERROR);
        assert_eq!(error.message(ctx), "invalid operation on closed shelf");
    }
}

/// A file shelf of a protocol, or of the default.
pub(crate) fn file_shelf(dialect: Dialect, protocol: Option<i64>) {
    with_every_store(dialect, |ctx, directory| {
        let protocol: Vec<_> =
            protocol.map(|it| ("protocol", Value::Int(it))).into_iter().collect();
        let shelf = open(ctx, directory, &protocol)?;
        shelf.set_item(ctx, "key1", ints(ctx, &[1, 2, 3, 4]))?;
        equal(ctx, shelf.get_item(ctx, "key1")?, ints(ctx, &[1, 2, 3, 4]));
        shelf.call_method(ctx, "close", ())?;
        let shelf = open(ctx, directory, &[("flag", ctx.str("r"))])?;
        equal(ctx, shelf.get_item(ctx, "key1")?, ints(ctx, &[1, 2, 3, 4]));
        shelf.call_method(ctx, "close", ())?;
        Ok(())
    });
}

pub(crate) fn in_memory_shelf(dialect: Dialect) {
    with_every_store(dialect, |ctx, _| {
        let (one, other) = (Dict::new(ctx), Dict::new(ctx));
        for (protocol, dict) in [(0, one), (1, other)] {
            let shelf = over(ctx, dict, &[("protocol", Value::Int(protocol))])?;
            shelf.set_item(ctx, "key1", ints(ctx, &[1, 2, 3, 4]))?;
            equal(ctx, shelf.get_item(ctx, "key1")?, ints(ctx, &[1, 2, 3, 4]));
            shelf.call_method(ctx, "close", ())?;
            assert_eq!(dict.len(), 1);
        }
        assert!(!Value::from(one).equals(ctx, other.into())?);
        Ok(())
    });
}

pub(crate) fn mutable_entry(dialect: Dialect) {
    with_every_store(dialect, |ctx, directory| {
        for protocol in 0..=2 {
            let protocol = ("protocol", Value::Int(protocol));
            let dict = Dict::new(ctx);
            let shelf = over(ctx, dict, &[protocol])?;
            appended(ctx, shelf, &[1, 2, 3, 4])?;
            assert_eq!(dict.len(), 1);
            let dict = Dict::new(ctx);
            let shelf = over(ctx, dict, &[protocol, ("writeback", true.into())])?;
            appended(ctx, shelf, &[1, 2, 3, 4, 5])?;
            assert_eq!(dict.len(), 1);
            // And on files: what was changed is there when they are opened again.
            let writeback = ("writeback", true.into());
            let shelf = open(ctx, directory, &[protocol, writeback, ("flag", ctx.str("n"))])?;
            appended(ctx, shelf, &[1, 2, 3, 4, 5])?;
            let shelf = open(ctx, directory, &[])?;
            equal(ctx, shelf.get_item(ctx, "key1")?, list(ctx, &[1, 2, 3, 4, 5]));
            shelf.call_method(ctx, "close", ())?;
        }
        Ok(())
    });
}

/// Appends to an entry, looks what it is, and closes.
fn appended<'gc>(ctx: Context<'gc>, shelf: Value<'gc>, expected: &[i64]) -> Result<'gc, ()> {
    shelf.set_item(ctx, "key1", list(ctx, &[1, 2, 3, 4]))?;
    equal(ctx, shelf.get_item(ctx, "key1")?, list(ctx, &[1, 2, 3, 4]));
    shelf.get_item(ctx, "key1")?.call_method(ctx, "append", (5,))?;
    equal(ctx, shelf.get_item(ctx, "key1")?, list(ctx, expected));
    shelf.call_method(ctx, "close", ())?;
    Ok(())
}

pub(crate) fn writeback_also_writes_immediately(dialect: Dialect) {
    with_every_store(dialect, |ctx, _| {
        let dict = Dict::new(ctx);
        let shelf = over(ctx, dict, &[("writeback", true.into())])?;
        shelf.set_item(ctx, "key", list(ctx, &[1]))?;
        let first = Value::from(dict).get_item(ctx, stored(ctx, "key"))?;
        shelf.get_item(ctx, "key")?.call_method(ctx, "append", (2,))?;
        shelf.call_method(ctx, "close", ())?;
        let last = Value::from(dict).get_item(ctx, stored(ctx, "key"))?;
        assert!(!first.equals(ctx, last)?);
        Ok(())
    });
}
