//! The mapping protocol as CPython's `mapping_tests` checks it, of shelves.

use halfsour_runtime::{
    Class, Context, Dialect, Dict, Error, Function, Iter, List, Result, Tuple, Value, exc,
};

use super::python::{equal, every_shelf, raises, reference, sorted, triple};

pub(crate) fn read(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.full(ctx)?;
        let reference = reference(ctx)?;
        for key in reference.iter(ctx)?.collect_vec(ctx)? {
            equal(ctx, shelf.get_item(ctx, key)?, reference.get_item(ctx, key)?);
            assert!(shelf.contains(ctx, key)?);
            equal(ctx, shelf.call_method(ctx, "get", (key, 7))?, reference.get_item(ctx, key)?);
        }
        raises(ctx, shelf.get_item(ctx, "key4"), &exc::KEY_ERROR);
        assert!(!shelf.contains(ctx, ctx.str("key4"))?);
        equal(ctx, shelf.call_method(ctx, "get", ("key4", 7))?, 7);
        assert!(shelf.call_method(ctx, "get", ("key4",))?.is_none());
        assert_eq!(shelf.len(ctx)?, 3);
        assert!(shelf.truth(ctx)?);
        let empty = shelves.empty(ctx)?;
        assert!(!empty.truth(ctx)?);
        equal(ctx, shelf, shelf);
        assert!(!shelf.equals(ctx, empty)?);
        if dialect == Dialect::Python2 {
            read_2(ctx, shelf, empty, reference)?;
        }
        for name in ["keys", "values", "items"] {
            let found = shelf.call_method(ctx, name, ())?;
            assert_eq!(found.len(ctx)?, 3, "{name}");
            let expected = reference.call_method(ctx, name, ())?.iter(ctx)?.collect_vec(ctx)?;
            let found = found.iter(ctx)?.collect_vec(ctx)?;
            for item in expected {
                let same = found.iter().map(|found| found.equals(ctx, item));
                assert!(same.collect::<Result<'_, Vec<bool>>>()?.contains(&true), "{name}");
            }
        }
        Ok(())
    });
}

/// What only Python 2's mappings have.
fn read_2<'gc>(
    ctx: Context<'gc>,
    shelf: Value<'gc>,
    empty: Value<'gc>,
    reference: Value<'gc>,
) -> Result<'gc, ()> {
    equal(ctx, shelf.call_method(ctx, "has_key", ("key1",))?, true);
    equal(ctx, shelf.call_method(ctx, "has_key", ("key4",))?, false);
    use std::cmp::Ordering::{Equal, Greater, Less};
    assert_eq!(shelf.compare(ctx, shelf)?, Equal);
    assert_eq!(empty.compare(ctx, shelf)?, Less);
    assert_eq!(shelf.compare(ctx, empty)?, Greater);
    for (method, plain) in [("iterkeys", "keys"), ("itervalues", "values"), ("iteritems", "items")]
    {
        let iterator = shelf.call_method(ctx, method, ())?;
        assert!(iterator.is_iterator(ctx)?);
        equal(ctx, sorted(ctx, iterator)?, sorted(ctx, reference.call_method(ctx, plain, ())?)?);
    }
    Ok(())
}

pub(crate) fn write(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        let reference = reference(ctx)?;
        for key in reference.iter(ctx)?.collect_vec(ctx)? {
            shelf.set_item(ctx, key, reference.get_item(ctx, key)?)?;
            equal(ctx, shelf.get_item(ctx, key)?, reference.get_item(ctx, key)?);
        }
        for key in reference.iter(ctx)?.collect_vec(ctx)? {
            shelf.del_item(ctx, key)?;
            raises(ctx, shelf.get_item(ctx, key), &exc::KEY_ERROR);
            raises(ctx, shelf.del_item(ctx, key).map(|()| Value::None), &exc::KEY_ERROR);
        }
        shelf.call_method(ctx, "update", (reference,))?;
        assert_eq!(shelf.len(ctx)?, 3);
        for key in shelf.call_method(ctx, "keys", ())?.iter(ctx)?.collect_vec(ctx)? {
            equal(ctx, shelf.call_method(ctx, "pop", (key,))?, reference.get_item(ctx, key)?);
            raises(ctx, shelf.get_item(ctx, key), &exc::KEY_ERROR);
        }
        raises(ctx, shelf.call_method(ctx, "pop", ("key1",)), &exc::KEY_ERROR);
        equal(ctx, shelf.call_method(ctx, "pop", ("key1", 7))?, 7);
        let pair = Tuple::new(ctx, &[ctx.str("key3"), triple(ctx)]);
        shelf.call_method(ctx, "update", (List::from_vec(ctx, vec![pair.into()]),))?;
        equal(ctx, shelf.get_item(ctx, "key3")?, triple(ctx));
        equal(ctx, shelf.call_method(ctx, "setdefault", ("key3", 7))?, triple(ctx));
        equal(ctx, shelf.call_method(ctx, "setdefault", ("key4", 7))?, 7);
        equal(ctx, shelf.get_item(ctx, "key4")?, 7);
        while shelf.truth(ctx)? {
            let item = shelf.call_method(ctx, "popitem", ())?;
            assert!(!shelf.contains(ctx, item.get_item(ctx, 0)?)?);
        }
        raises(ctx, shelf.call_method(ctx, "popitem", ()), &exc::KEY_ERROR);
        shelf.call_method(ctx, "update", (reference,))?;
        shelf.call_method(ctx, "clear", ())?;
        assert_eq!(shelf.len(ctx)?, 0);
        Ok(())
    });
}

pub(crate) fn constructor(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let (one, other) = (shelves.empty(ctx)?, shelves.empty(ctx)?);
        assert!(!one.is(other));
        equal(ctx, one, other);
        Ok(())
    });
}

pub(crate) fn truth(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        assert!(!shelves.empty(ctx)?.truth(ctx)?);
        assert!(shelves.full(ctx)?.truth(ctx)?);
        Ok(())
    });
}

/// Of `keys`, `values` and `items`: nothing of an empty shelf, and no arguments.
pub(crate) fn listed(dialect: Dialect, method: &str) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        let none = shelf.call_method(ctx, method, ())?.iter(ctx)?.collect_vec(ctx)?;
        assert!(none.is_empty());
        raises(ctx, shelf.call_method(ctx, method, (Value::None,)), &exc::TYPE_ERROR);
        let reference = reference(ctx)?;
        raises(ctx, reference.call_method(ctx, method, (Value::None,)), &exc::TYPE_ERROR);
        let full = shelves.full(ctx)?;
        equal(ctx, full.call_method(ctx, method, ())?.len(ctx)? as i64, 3);
        Ok(())
    });
}

pub(crate) fn len(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        assert_eq!(shelves.empty(ctx)?.len(ctx)?, 0);
        assert_eq!(shelves.full(ctx)?.len(ctx)?, 3);
        Ok(())
    });
}

pub(crate) fn getitem(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.full(ctx)?;
        equal(ctx, shelf.get_item(ctx, "key1")?, "value1");
        raises(ctx, shelf.call_method(ctx, "__getitem__", ()), &exc::TYPE_ERROR);
        Ok(())
    });
}

pub(crate) fn update(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        shelf.call_method(ctx, "update", (reference(ctx)?,))?;
        equal(ctx, shelf, shelves.full(ctx)?);
        shelf.call_method(ctx, "update", ())?;
        assert_eq!(shelf.len(ctx)?, 3);
        let pairs = reference(ctx)?.call_method(ctx, "items", ())?;
        for pairs in [pairs, pairs.iter(ctx)?.into_object(ctx)] {
            let shelf = shelves.empty(ctx)?;
            shelf.call_method(ctx, "update", (pairs,))?;
            assert_eq!(shelf.len(ctx)?, 3);
        }
        let wrong = shelf.call_method(ctx, "update", (42,)).expect_err("42 is no mapping");
        assert!(wrong.is(ctx, &exc::TYPE_ERROR) || wrong.is(ctx, &exc::ATTRIBUTE_ERROR));
        simple_mappings(ctx, shelf)?;
        let triples = List::from_vec(ctx, vec![triple(ctx)]);
        raises(ctx, shelf.call_method(ctx, "update", (triples,)), &exc::VALUE_ERROR);
        Ok(())
    });
}

/// What tests raise.
fn fail<'gc>() -> Error<'gc> {
    Error::new(&exc::REFERENCE_ERROR, "on purpose")
}

/// Objects with `keys` and `__getitem__`, and what they raise.
fn simple_mappings<'gc>(ctx: Context<'gc>, shelf: Value<'gc>) -> Result<'gc, ()> {
    let simple = Class::builder(ctx, "SimpleUserDict")
        .method("keys", |ctx, _, _| reference(ctx)?.call_method(ctx, "keys", ()))
        .method("__getitem__", |ctx, _, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
            reference(ctx)?.get_item(ctx, key)
        })
        .build()?;
    shelf.call_method(ctx, "clear", ())?;
    shelf.call_method(ctx, "update", (Value::from(simple).call(ctx, ())?,))?;
    assert_eq!(shelf.len(ctx)?, 3);
    let keys = Class::builder(ctx, "Keys").method("keys", |_, _, _| Err(fail())).build()?;
    let iterator = Class::builder(ctx, "Iterator")
        .method("keys", |ctx, _, _| {
            let next = Function::new(ctx, "next", |_, _| Err(fail()));
            Ok(Iter::generator(ctx, next.into()).into_object(ctx))
        })
        .build()?;
    let item = Class::builder(ctx, "Item")
        .method("keys", |ctx, _, _| Ok(List::from_vec(ctx, vec![ctx.str("key1")]).into()))
        .method("__getitem__", |_, _, _| Err(fail()))
        .build()?;
    for class in [keys, iterator, item] {
        let failing = Value::from(class).call(ctx, ())?;
        raises(ctx, shelf.call_method(ctx, "update", (failing,)), &exc::REFERENCE_ERROR);
    }
    let next = Function::new(ctx, "next", |_, _| Err(fail()));
    let failing = Iter::generator(ctx, next.into()).into_object(ctx);
    raises(ctx, shelf.call_method(ctx, "update", (failing,)), &exc::REFERENCE_ERROR);
    Ok(())
}

pub(crate) fn get(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.full(ctx)?;
        assert!(shelf.call_method(ctx, "get", ("key4",))?.is_none());
        equal(ctx, shelf.call_method(ctx, "get", ("key4", 3))?, 3);
        equal(ctx, shelf.call_method(ctx, "get", ("key2", 3))?, 2);
        raises(ctx, shelf.call_method(ctx, "get", ()), &exc::TYPE_ERROR);
        let none = Value::None;
        raises(ctx, shelf.call_method(ctx, "get", (none, none, none)), &exc::TYPE_ERROR);
        Ok(())
    });
}

pub(crate) fn setdefault(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        raises(ctx, shelf.call_method(ctx, "setdefault", ()), &exc::TYPE_ERROR);
        assert_eq!(shelf.len(ctx)?, 0);
        Ok(())
    });
}

pub(crate) fn popitem(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        raises(ctx, shelf.call_method(ctx, "popitem", ()), &exc::KEY_ERROR);
        raises(ctx, shelf.call_method(ctx, "popitem", (42,)), &exc::TYPE_ERROR);
        Ok(())
    });
}

pub(crate) fn pop(dialect: Dialect) {
    every_shelf(dialect, |ctx, shelves| {
        let shelf = shelves.empty(ctx)?;
        raises(ctx, shelf.call_method(ctx, "pop", ("key1",)), &exc::KEY_ERROR);
        raises(ctx, shelf.call_method(ctx, "pop", ()), &exc::TYPE_ERROR);
        shelf.set_item(ctx, "key1", Dict::new(ctx))?;
        equal(ctx, shelf.call_method(ctx, "pop", ("key1",))?, Dict::new(ctx));
        raises(ctx, shelf.call_method(ctx, "pop", ("key1",)), &exc::KEY_ERROR);
        Ok(())
    });
}
