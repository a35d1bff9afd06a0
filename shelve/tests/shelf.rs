//! `Shelf` as Rust code has it: entries, what fails, what is kept, transactions.

use std::rc::Rc;

use halfsour_pickle::{Flavour, Limits, Pickler, Unpickler};
use halfsour_runtime::{Context, Dialect, Dict, Function, List, Result, Runtime, Value, exc};
use halfsour_shelve::{Commit, Engine, Flag, MemoryStore, Shelf, ShelfOptions, StoreOptions, Walk};

mod common;
use common::python::{equal, raises};
use common::shelves::list;
use common::{Directory, engines};

/// Runs a test with every engine: it gets a way to open one path again and again.
#[track_caller]
fn every_engine(
    test: impl for<'gc> Fn(Context<'gc>, &dyn Fn(ShelfOptions, Flag) -> Shelf) -> Result<'gc, ()>,
) {
    for dialect in [Dialect::Python2, Dialect::Python3] {
        for engine in engines() {
            let directory = Directory::new("shelf");
            let open = |options: ShelfOptions, flag| {
                let store = StoreOptions::new().engine(engine);
                options.store(store).open(directory.file("shelf"), flag).expect("the shelf opens")
            };
            let mut runtime = Runtime::new(dialect);
            let done = runtime.try_enter(|ctx| {
                halfsour_copyreg::install(ctx)?;
                test(ctx, &open)
            });
            done.unwrap_or_else(|error| panic!("{dialect:?} {engine:?}: {error}"));
        }
    }
}

/// Something that no pickler takes.
fn unpicklable<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    let module = Value::from(ctx.new_module("larder").expect("a module is made"));
    list_of(ctx, &[Value::Int(1), module])
}

fn list_of<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

#[test]
fn entries_last() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new(), Flag::Create);
        assert!(shelf.is_empty(ctx)?);
        shelf.set(ctx, "dill", Value::Int(3))?;
        shelf.set(ctx, b"\xff\0'", list(ctx, &[1, 2]))?;
        equal(ctx, shelf.setdefault(ctx, "salt", Value::Int(4))?, 4);
        equal(ctx, shelf.setdefault(ctx, "salt", Value::Int(5))?, 4);
        shelf.close(ctx)?;
        shelf.close(ctx)?;

        let mut shelf = open(ShelfOptions::new(), Flag::Write);
        assert_eq!(shelf.len(ctx)?, 3);
        equal(ctx, shelf.get_item(ctx, "dill")?, 3);
        equal(ctx, shelf.get_item(ctx, b"\xff\0'")?, list(ctx, &[1, 2]));
        assert!(shelf.get(ctx, "mint")?.is_none());
        raises(ctx, shelf.get_item(ctx, "mint"), &exc::KEY_ERROR);
        raises(ctx, shelf.delete(ctx, "mint").map(|()| Value::None), &exc::KEY_ERROR);
        assert!(shelf.contains(ctx, "dill")? && !shelf.contains(ctx, "mint")?);
        equal(ctx, shelf.pop(ctx, "dill")?.expect("it is there"), 3);
        assert!(shelf.pop(ctx, "dill")?.is_none());
        assert_eq!(shelf.keys(ctx)?, [b"salt".to_vec(), b"\xff\0'".to_vec()]);
        shelf.clear(ctx)?;
        assert!(shelf.is_empty(ctx)?);
        Ok(())
    });
}

#[test]
fn the_closed_shelf_says_so() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new(), Flag::Create);
        shelf.close(ctx)?;
        let error = raises(ctx, shelf.get_item(ctx, "dill"), &exc::VALUE_ERROR);
        assert_eq!(error.message(ctx), "invalid operation on closed shelf");
        raises(ctx, shelf.sync(ctx).map(|()| Value::None), &exc::VALUE_ERROR);
        raises(ctx, shelf.len(ctx).map(|_| Value::None), &exc::VALUE_ERROR);
        Ok(())
    });
}

#[test]
fn nothing_of_a_batch_that_cannot_be_pickled_is_written() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new(), Flag::Create);
        shelf.set(ctx, "dill", Value::Int(3))?;
        let entries =
            [("dill", Value::Int(9)), ("jars", unpicklable(ctx)), ("salt", Value::Int(4))];
        let error = shelf.update(ctx, entries).expect_err("modules are not pickled");
        let path = error.location().and_then(|it| it.path.clone()).expect("it has a path");
        assert!(path.ends_with("shelf['jars'][1]"), "{path}");
        assert_eq!(shelf.keys(ctx)?, [b"dill"]);
        equal(ctx, shelf.get_item(ctx, "dill")?, 3);
        Ok(())
    });
}

#[test]
fn a_value_that_cannot_be_loaded_leaves_the_others() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new().protocol(2), Flag::Create);
        shelf.set(ctx, "dill", Value::Int(3))?;
        // A string that the limit of another opener refuses.
        shelf.set(ctx, "poem", ctx.str(&"pickle ".repeat(100)))?;
        shelf.set(ctx, "salt", Value::Int(4))?;
        shelf.close(ctx)?;
        let unpickler = Unpickler::new().limits(Limits::new().string_length(50));
        let mut shelf = open(ShelfOptions::new().unpickler(unpickler), Flag::Write);
        let error = shelf.get(ctx, "poem").expect_err("it is too long");
        let path = error.location().and_then(|it| it.path.clone()).unwrap_or_default();
        assert!(path.ends_with("shelf['poem']"), "{path}");
        let mut walk = Walk::all();
        let mut found = Vec::new();
        loop {
            match walk.next_item(ctx, &mut shelf) {
                Ok(Some((key, _))) => found.push(key),
                Ok(None) => break,
                Err(_) => found.push(b"!".to_vec()),
            }
        }
        assert_eq!(found, [&b"dill"[..], b"!", b"salt"]);
        Ok(())
    });
}

#[test]
fn writeback_is_written_at_sync_and_never_by_dropping() {
    every_engine(|ctx, open| {
        let writeback = || ShelfOptions::new().writeback(true);
        let mut shelf = open(writeback(), Flag::Create);
        shelf.set(ctx, "jars", list(ctx, &[1]))?;
        shelf.get_item(ctx, "jars")?.call_method(ctx, "append", (2,))?;
        drop(shelf);
        let mut shelf = open(writeback(), Flag::Write);
        equal(ctx, shelf.get_item(ctx, "jars")?, list(ctx, &[1]));
        shelf.get_item(ctx, "jars")?.call_method(ctx, "append", (2,))?;
        let mut steps = Vec::new();
        shelf.sync_with(ctx, |done, all| steps.push((done, all)))?;
        assert_eq!(steps, [(0, 1), (1, 1)]);
        drop(shelf);
        let mut shelf = open(writeback(), Flag::Read);
        equal(ctx, shelf.get_item(ctx, "jars")?, list(ctx, &[1, 2]));
        Ok(())
    });
}

#[test]
fn a_sync_that_fails_writes_nothing_and_keeps_everything() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new().writeback(true), Flag::Create);
        shelf.set(ctx, "a", list(ctx, &[1]))?;
        shelf.set(ctx, "b", list(ctx, &[1]))?;
        let (a, b) = (shelf.get_item(ctx, "a")?, shelf.get_item(ctx, "b")?);
        a.call_method(ctx, "append", (2,))?;
        b.call_method(ctx, "append", (unpicklable(ctx),))?;
        let before = shelf.store().get(b"a").expect("the store reads");
        let error = shelf.close(ctx).expect_err("modules are not pickled");
        let path = error.location().and_then(|it| it.path.clone()).unwrap_or_default();
        assert!(path.ends_with("shelf['b'][1][1]"), "{path}");
        assert_eq!(shelf.store().get(b"a").expect("the store reads"), before);
        // The shelf is open still, with its objects.
        b.call_method(ctx, "pop", ())?;
        shelf.close(ctx)?;
        let mut shelf = open(ShelfOptions::new(), Flag::Read);
        equal(ctx, shelf.get_item(ctx, "a")?, list(ctx, &[1, 2]));
        Ok(())
    });
}

#[test]
fn deferred_changes_are_seen_and_written_together() {
    every_engine(|ctx, open| {
        let deferred = || ShelfOptions::new().commit(Commit::Deferred);
        let mut shelf = open(deferred(), Flag::Create);
        shelf.update(ctx, [("a", Value::Int(1)), ("b", Value::Int(2))])?;
        shelf.sync(ctx)?;
        shelf.delete(ctx, "a")?;
        shelf.set(ctx, "c", Value::Int(3))?;
        assert_eq!(shelf.keys(ctx)?, [b"b", b"c"]);
        assert_eq!(shelf.len(ctx)?, 2);
        assert_eq!(shelf.store().len().expect("it counts"), 2);
        assert!(shelf.store().contains(b"a").expect("it reads"));
        drop(shelf);
        let mut shelf = open(deferred(), Flag::Write);
        assert_eq!(shelf.keys(ctx)?, [b"a", b"b"]);
        shelf.delete(ctx, "a")?;
        shelf.close(ctx)?;
        let mut shelf = open(deferred(), Flag::Read);
        assert_eq!(shelf.keys(ctx)?, [b"b"]);
        Ok(())
    });
}

#[test]
fn transactions_are_whole() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new().writeback(true), Flag::Create);
        shelf.set(ctx, "a", Value::Int(1))?;
        shelf.transaction(ctx, |shelf| {
            shelf.set(ctx, "b", Value::Int(2))?;
            shelf.delete(ctx, "a")?;
            let inner = shelf.transaction(ctx, |shelf| {
                shelf.set(ctx, "c", Value::Int(3))?;
                shelf.delete(ctx, "none")
            });
            assert!(inner.is_err());
            shelf.sync(ctx)?;
            assert_eq!(shelf.keys(ctx)?, [b"b"]);
            assert_eq!(shelf.store().len().expect("it counts"), 1);
            Ok(())
        })?;
        assert_eq!(shelf.store().len().expect("it counts"), 1);
        let failed = shelf.transaction(ctx, |shelf| {
            shelf.clear(ctx)?;
            shelf.set(ctx, "jars", unpicklable(ctx))
        });
        assert!(failed.is_err());
        assert_eq!(shelf.keys(ctx)?, [b"b"]);
        equal(ctx, shelf.get_item(ctx, "b")?, 2);
        Ok(())
    });
}

#[test]
fn a_panic_undoes_a_transaction() {
    let mut shelf = ShelfOptions::new().over(MemoryStore::new());
    Runtime::python3().enter(|ctx| {
        let work = || {
            shelf.transaction(ctx, |shelf| {
                shelf.set(ctx, "a", Value::Int(1)).expect("it is set");
                if shelf.contains(ctx, "a").expect("it reads") {
                    panic!("on purpose");
                }
                Ok(())
            })
        };
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        assert!(caught.is_err());
        assert_eq!(shelf.len(ctx).expect("it counts"), 0);
    });
}

#[test]
fn walking_sees_changes_and_costs_no_list() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new(), Flag::Create);
        let entries = (0..300).map(|number| (format!("{number:03}"), Value::Int(number)));
        shelf.update(ctx, entries)?;
        let mut walk = Walk::range("050".."250");
        let mut seen = Vec::new();
        while let Some((key, object)) = walk.next_item(ctx, &mut shelf)? {
            let number: i64 = object.to(ctx)?;
            assert_eq!(key, format!("{:03}", number % 1000).as_bytes());
            seen.push(number);
            if number % 100 == 60 {
                shelf.delete(ctx, &key)?;
                shelf.delete(ctx, format!("{:03}", number + 1))?;
                shelf.set(ctx, format!("{:03}", number + 2), Value::Int(number + 1002))?;
            }
        }
        let expected = (50..250).filter(|number| number % 100 != 61);
        let expected: Vec<i64> =
            expected.map(|it| if it % 100 == 62 { it + 1000 } else { it }).collect();
        assert_eq!(seen, expected);
        assert_eq!(shelf.len(ctx)?, 296);
        Ok(())
    });
}

#[test]
fn read_only_shelves_refuse_changes() {
    every_engine(|ctx, open| {
        let mut shelf = open(ShelfOptions::new(), Flag::Create);
        shelf.set(ctx, "dill", Value::Int(3))?;
        shelf.close(ctx)?;
        for commit in [Commit::Autocommit, Commit::Deferred] {
            let options = ShelfOptions::new().writeback(true).commit(commit);
            let mut shelf = open(options, Flag::Read);
            let error = shelf.set(ctx, "dill", Value::Int(4)).expect_err("it is only read");
            assert!(error.is(ctx, &exc::IO_ERROR));
            assert_eq!(error.message(ctx), "The database is opened for reading only");
            equal(ctx, shelf.get_item(ctx, "dill")?, 3);
            shelf.close(ctx)?;
        }
        Ok(())
    });
}

#[test]
fn hooks_protocol_and_flavour_are_the_hosts() {
    let asked = Rc::new(std::cell::Cell::new(0));
    let own = Rc::clone(&asked);
    let pickler = Pickler::new().persistent_id(move |ctx, value| {
        own.set(own.get() + 1);
        Ok(matches!(value, Value::Function(_)).then(|| ctx.str("the function")))
    });
    let unpickler = Unpickler::new().persistent_load(|_, _| Ok(Value::Int(7)));
    let options = ShelfOptions::new().pickler(pickler).unpickler(unpickler).protocol(2);
    let mut shelf = options.flavour(Flavour::Pickle).over(MemoryStore::new());
    let done = Runtime::python2().try_enter(|ctx| {
        let function = Function::new(ctx, "f", |_, _| Ok(Value::None));
        shelf.set(ctx, "f", function.into())?;
        equal(ctx, shelf.get_item(ctx, "f")?, 7);
        shelf.set(ctx, "list", list(ctx, &[]))?;
        Ok(())
    });
    done.expect("the hooks are asked");
    assert!(asked.get() > 0);
    // `pickle.py` numbers from 0, cPickle from 1.
    let bytes = shelf.store().get(b"list").expect("it reads");
    assert_eq!(bytes.as_deref(), Some(&b"\x80\x02]q\x00."[..]));
}

#[test]
fn the_default_flavour_is_that_of_shelve() {
    for (dialect, expected) in
        [(Dialect::Python2, &b"(dp1\n."[..]), (Dialect::Python3, b"\x80\x04}\x94.")]
    {
        let mut shelf = ShelfOptions::new().over(MemoryStore::new());
        let done =
            Runtime::new(dialect).try_enter(|ctx| shelf.set(ctx, "k", Dict::new(ctx).into()));
        done.expect("a dict is pickled");
        assert_eq!(shelf.store().get(b"k").expect("it reads").as_deref(), Some(expected));
    }
}

#[test]
fn objects_that_are_kept_belong_to_one_runtime() {
    let mut shelf = ShelfOptions::new().writeback(true).over(MemoryStore::new());
    let set = Runtime::python3().try_enter(|ctx| shelf.set(ctx, "k", list(ctx, &[1])));
    set.expect("it is set");
    let error = Runtime::python3().try_enter(|ctx| shelf.get(ctx, "k").map(drop));
    assert!(error.expect_err("it is another runtime").is(&exc::RUNTIME_ERROR));
}

#[test]
fn the_errors_of_stores_have_their_path() {
    let directory = Directory::new("shelf");
    let path = directory.file("shelf");
    let first = StoreOptions::new().engine(Engine::Dumb).open(&path, Flag::Create);
    let error = Shelf::open(&path, Flag::Write).expect_err("it is locked");
    assert_eq!(error.path(), Some(path.as_path()));
    drop(first);
    assert!(Shelf::open(&path, Flag::Write).is_ok());
}
