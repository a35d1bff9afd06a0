//! The Python-visible module beyond CPython's tests: files need leave, order, `sync` as a whole, `__del__`.

use halfsour_pickle::Unpickler;
use halfsour_runtime::{Dialect, IntoValue, Runtime, Tuple, Value, exc};
use halfsour_shelve::{Flag, Modules, Shelf, StoreOptions};

mod common;
use common::Directory;
use common::python::{equal, raises, with_engines, with_every_store};
use common::shelves::{list, open};

const DIALECTS: [Dialect; 2] = [Dialect::Python2, Dialect::Python3];

#[test]
fn no_files_are_opened_unless_the_host_lets_them() {
    for dialect in DIALECTS {
        let directory = Directory::new("module");
        let path = directory.file("shelf");
        let done = Runtime::new(dialect).try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            halfsour_shelve::install(ctx)?;
            let error = open(ctx, &directory, &[]).expect_err("there is no leave");
            assert!(error.message(ctx).contains("opens no files"), "{error:?}");
            // Nor for a pickle that calls the class.
            let pickle = format!("cshelve\nDbfilenameShelf\n(V{}\ntR.", path.display());
            let error = Unpickler::new().loads(ctx, pickle.as_bytes()).expect_err("it is refused");
            assert!(error.message(ctx).contains("opens no files"), "{error:?}");
            for name in ["shelf", "test"] {
                assert!(!directory.file(name).exists());
            }
            Ok(())
        });
        done.expect("the modules are installed");
    }
}

#[test]
fn an_ordered_shelf_walks() {
    for dialect in DIALECTS {
        with_every_store(dialect, |ctx, directory| {
            let path = directory.file("ordered").to_str().into_value(ctx);
            let any = ctx.import(dialect.pick("anydbm", "dbm"))?;
            let database = any.call_method(ctx, "open", (path, "c"))?;
            let shelf = ctx.import("shelve")?.call_method(ctx, "BsdDbShelf", (database,))?;
            for (key, value) in [("salt", 4), ("dill", 3), ("mint", 0)] {
                shelf.set_item(ctx, key, value)?;
            }
            let item = |key: &str, value: i64| Tuple::new(ctx, &[ctx.str(key), Value::Int(value)]);
            equal(ctx, shelf.call_method(ctx, "first", ())?, item("dill", 3));
            equal(ctx, shelf.call_method(ctx, "next", ())?, item("mint", 0));
            equal(ctx, shelf.call_method(ctx, "next", ())?, item("salt", 4));
            raises(ctx, shelf.call_method(ctx, "next", ()), &exc::KEY_ERROR);
            equal(ctx, shelf.call_method(ctx, "previous", ())?, item("mint", 0));
            equal(ctx, shelf.call_method(ctx, "last", ())?, item("salt", 4));
            equal(ctx, shelf.call_method(ctx, "set_location", ("e",))?, item("mint", 0));
            Ok(())
        });
    }
}

#[test]
fn a_sync_that_fails_writes_nothing() {
    for dialect in DIALECTS {
        with_engines(dialect, |ctx, directory| {
            let shelf = open(ctx, directory, &[("writeback", true.into())])?;
            for key in ["a", "b", "c"] {
                shelf.set_item(ctx, key, list(ctx, &[1]))?;
                shelf.get_item(ctx, key)?.call_method(ctx, "append", (2,))?;
            }
            let module = Value::from(ctx.new_module("larder")?);
            shelf.get_item(ctx, "b")?.call_method(ctx, "append", (module,))?;
            assert!(shelf.call_method(ctx, "sync", ()).is_err());
            let dict = shelf.get_attr(ctx, "dict")?;
            let plain = ctx.import("shelve")?.call_method(ctx, "Shelf", (dict,))?;
            for key in ["a", "b", "c"] {
                equal(ctx, plain.get_item(ctx, key)?, list(ctx, &[1]));
            }
            assert!(shelf.get_attr(ctx, "writeback")?.truth(ctx)?);
            shelf.get_item(ctx, "b")?.call_method(ctx, "pop", ())?;
            shelf.call_method(ctx, "sync", ())?;
            for key in ["a", "b", "c"] {
                equal(ctx, plain.get_item(ctx, key)?, list(ctx, &[1, 2]));
            }
            Ok(())
        });
    }
}

#[test]
fn a_forgotten_shelf_writes_back_as_in_python() {
    for dialect in DIALECTS {
        let directory = Directory::new("module");
        let mut runtime = Runtime::new(dialect);
        let done = runtime.try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            Modules::new().files(StoreOptions::new()).install(ctx)?;
            let shelf = open(ctx, &directory, &[("writeback", true.into())])?;
            shelf.set_item(ctx, "a", list(ctx, &[1]))?;
            shelf.get_item(ctx, "a")?.call_method(ctx, "append", (2,)).map(drop)
        });
        done.expect("the shelf is made");
        runtime.collect();
        runtime.collect();
        let mut shelf = Shelf::open(directory.file("test"), Flag::Write).expect("it was closed");
        let done = runtime.try_enter(|ctx| {
            equal(ctx, shelf.get_item(ctx, "a")?, list(ctx, &[1, 2]));
            Ok(())
        });
        done.expect("the shelf is read");
    }
}
