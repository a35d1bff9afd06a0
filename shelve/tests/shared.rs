//! Objects that several keys share: stored once, one object again when loaded.

use halfsour_pickle::{PICKLING_ERROR, UNPICKLING_ERROR};
use halfsour_runtime::{
    Class, ClassicClass, Context, Dialect, IntoValue, List, Result, Runtime, Tuple, Value, exc,
};
use halfsour_shelve::{
    Commit, Flag, MemoryStore, Op, Scan, Shelf, ShelfOptions, Store, StoreOptions, Walk,
};

mod common;
use common::python::{equal, raises};
use common::{Directory, engines};

/// Where the entries of shared objects are.
const PREFIX: &str = "\0shared\0";

/// The module `kitchen` with the class `Cook`, whose instances are shared, and in Python 2 a classic one.
fn kitchen(ctx: Context<'_>) -> Result<'_, ()> {
    halfsour_copyreg::install(ctx)?;
    let kitchen = ctx.new_module("kitchen")?;
    kitchen.class_named(ctx, Class::builder(ctx, "Cook").module("kitchen").build()?)?;
    kitchen.class_named(ctx, Class::builder(ctx, "Jar").module("kitchen").build()?)?;
    let slots = Class::builder(ctx, "Slots").module("kitchen").slots(&["cook"]).build()?;
    kitchen.class_named(ctx, slots)?;
    if ctx.dialect() == Dialect::Python2 {
        kitchen
            .class_named(ctx, ClassicClass::builder(ctx, "Classic").module("kitchen").build()?)?;
    }
    Ok(())
}

fn make<'gc>(ctx: Context<'gc>, class: &str) -> Result<'gc> {
    ctx.import_from("kitchen", class)?.call(ctx, ())
}

fn is_shared<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, bool> {
    let name: String = object.class_of(ctx).get_attr(ctx, "__name__")?.to(ctx)?;
    Ok(["Cook", "Classic", "Slots"].contains(&name.as_str()))
}

fn options() -> ShelfOptions {
    ShelfOptions::new().shared(is_shared)
}

fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

/// Runs a test with every engine, and the protocols of every dialect.
#[track_caller]
fn every_engine(test: impl Fn(&mut Runtime, &dyn Fn(ShelfOptions, Flag) -> Shelf)) {
    for (dialect, protocols) in [(Dialect::Python2, 0..3), (Dialect::Python3, 0..6)] {
        for (engine, protocol) in
            engines().into_iter().flat_map(|it| protocols.clone().map(move |p| (it, p)))
        {
            let directory = Directory::new("shared");
            let open = |options: ShelfOptions, flag| {
                let store = StoreOptions::new().engine(engine);
                let options = options.protocol(protocol).store(store);
                options.open(directory.file("shelf"), flag).expect("the shelf opens")
            };
            let mut runtime = Runtime::new(dialect);
            runtime.try_enter(kitchen).expect("the classes are made");
            test(&mut runtime, &open);
        }
    }
}

#[track_caller]
fn done(result: std::result::Result<(), halfsour_runtime::Uncaught>) {
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// The keys of a store, those of shared objects included.
fn all_keys(store: &dyn Store) -> Vec<Vec<u8>> {
    let page = store.scan(&Scan { values: false, ..Scan::all() }).expect("the store reads");
    page.items.into_iter().map(|(key, _)| key).collect()
}

fn shared_entries(shelf: &Shelf) -> usize {
    all_keys(shelf.store()).iter().filter(|key| key.starts_with(PREFIX.as_bytes())).count()
}

#[test]
fn what_two_keys_reach_is_one_object_again() {
    every_engine(|runtime, open| {
        let mut shelf = open(options(), Flag::Create);
        done(runtime.try_enter(|ctx| {
            let anna = make(ctx, "Cook")?;
            anna.set_attr(ctx, "name", "Anna")?;
            shelf.set(ctx, "dill", list(ctx, &[anna, anna]))?;
            shelf.set(ctx, "anna", anna)?;
            assert_eq!(shared_entries(&shelf), 1);
            // A further one, which the first reaches.
            let bert = make(ctx, "Cook")?;
            bert.set_attr(ctx, "teacher", anna)?;
            anna.set_attr(ctx, "jars", list(ctx, &[bert]))?;
            let jar = make(ctx, "Jar")?;
            jar.set_attr(ctx, "cook", bert)?;
            shelf.update(ctx, [("one", jar), ("two", jar)])?;
            assert_eq!(shared_entries(&shelf), 2);
            shelf.close(ctx)
        }));
        let mut shelf = open(options(), Flag::Write);
        done(runtime.try_enter(|ctx| {
            let anna = shelf.get_item(ctx, "anna")?;
            let dill = shelf.get_item(ctx, "dill")?;
            assert!(dill.get_item(ctx, 0)?.is(anna) && dill.get_item(ctx, 1)?.is(anna));
            let (one, two) = (shelf.get_item(ctx, "one")?, shelf.get_item(ctx, "two")?);
            assert!(!one.is(two), "jars are not shared");
            let bert = one.get_attr(ctx, "cook")?;
            assert!(two.get_attr(ctx, "cook")?.is(bert));
            assert!(bert.get_attr(ctx, "teacher")?.is(anna));
            assert!(anna.get_attr(ctx, "jars")?.get_item(ctx, 0)?.is(bert));
            equal(ctx, anna.get_attr(ctx, "name")?, "Anna");
            // A change is written with any key that reaches it, and takes no new entry.
            anna.set_attr(ctx, "name", "Anne")?;
            shelf.set(ctx, "two", two)?;
            assert_eq!(shared_entries(&shelf), 2);
            Ok(())
        }));
        drop(shelf);
        let mut shelf = open(options(), Flag::Read);
        done(runtime.try_enter(|ctx| {
            equal(ctx, shelf.get_item(ctx, "anna")?.get_attr(ctx, "name")?, "Anne");
            Ok(())
        }));
    });
}

#[test]
fn classic_instances_are_shared_too() {
    for protocol in 0..3 {
        let mut runtime = Runtime::python2();
        let mut shelf = options().protocol(protocol).over(MemoryStore::new());
        done(runtime.try_enter(|ctx| {
            kitchen(ctx)?;
            let (one, two) = (make(ctx, "Classic")?, make(ctx, "Classic")?);
            one.set_attr(ctx, "other", two)?;
            two.set_attr(ctx, "other", one)?;
            shelf.update(ctx, [("one", one), ("two", two)])
        }));
        runtime.collect();
        done(runtime.try_enter(|ctx| {
            let (one, two) = (shelf.get_item(ctx, "one")?, shelf.get_item(ctx, "two")?);
            assert!(one.get_attr(ctx, "other")?.is(two) && two.get_attr(ctx, "other")?.is(one));
            Ok(())
        }));
        assert_eq!(shared_entries(&shelf), 2);
    }
}

#[test]
fn the_shelf_shows_its_own_keys_only() {
    every_engine(|runtime, open| {
        let mut shelf = open(options(), Flag::Create);
        done(runtime.try_enter(|ctx| {
            let mut entries = Vec::new();
            for number in 0..100 {
                let cook = make(ctx, "Cook")?;
                entries.push((format!("{number:02}"), list(ctx, &[cook, Value::Int(number)])));
            }
            shelf.update(ctx, entries)?;
            shelf.set(ctx, "\0", Value::Int(1))?;
            assert_eq!((shelf.len(ctx)?, shared_entries(&shelf)), (101, 100));
            let keys = shelf.keys(ctx)?;
            assert_eq!((keys.len(), &keys[0][..], &keys[1][..]), (101, &b"\0"[..], &b"00"[..]));
            let mut walk = Walk::all();
            let mut walked = 0;
            while let Some((key, _)) = walk.next_item(ctx, &mut shelf)? {
                assert_eq!(key, keys[walked]);
                walked += 1;
            }
            assert_eq!(walked, 101);
            let mut walk = Walk::range("\0a".."01");
            assert_eq!(walk.next_key(ctx, &mut shelf)?.as_deref(), Some(&b"00"[..]));
            assert_eq!(walk.next_key(ctx, &mut shelf)?, None);
            let key = format!("{PREFIX}mine");
            raises(ctx, shelf.set(ctx, &key, Value::None).map(|()| Value::None), &exc::VALUE_ERROR);
            raises(ctx, shelf.get_item(ctx, &key), &exc::VALUE_ERROR);
            shelf.clear(ctx)?;
            assert!(shelf.is_empty(ctx)? && shelf.store().is_empty().expect("it counts"));
            Ok(())
        }));
    });
}

#[test]
fn cycles_and_long_chains_are_loaded_without_recursion() {
    for (dialect, protocol) in [(Dialect::Python2, 2), (Dialect::Python3, 0), (Dialect::Python3, 4)]
    {
        let mut runtime = Runtime::new(dialect);
        let mut shelf = options().protocol(protocol).over(MemoryStore::new());
        let length = 5000;
        done(runtime.try_enter(|ctx| {
            kitchen(ctx)?;
            // A ring in which each has the one before and the one behind, and itself.
            let cooks: Vec<Value<'_>> =
                (0..length).map(|_| make(ctx, "Cook")).collect::<Result<'_, _>>()?;
            for (place, &cook) in cooks.iter().enumerate() {
                let last = cooks.len() - 1;
                cook.set_attr(ctx, "before", cooks[place.checked_sub(1).unwrap_or(last)])?;
                cook.set_attr(ctx, "behind", cooks[if place == last { 0 } else { place + 1 }])?;
                cook.set_attr(ctx, "self", list(ctx, &[cook]))?;
            }
            shelf.set(ctx, "ring", cooks[0])
        }));
        runtime.collect();
        done(runtime.try_enter(|ctx| {
            let first = shelf.get_item(ctx, "ring")?;
            let mut cook = first;
            for _ in 0..length {
                let behind = cook.get_attr(ctx, "behind")?;
                assert!(behind.get_attr(ctx, "before")?.is(cook));
                assert!(behind.get_attr(ctx, "self")?.get_item(ctx, 0)?.is(behind));
                cook = behind;
            }
            assert!(cook.is(first));
            Ok(())
        }));
    }
}

/// What an object is made of is complete before: a set asks for the hash of what is in it.
#[test]
fn what_is_hashed_is_complete() {
    let mut runtime = Runtime::python3();
    let mut shelf = options().over(MemoryStore::new());
    done(runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        let class = Class::builder(ctx, "Cook")
            .module("kitchen")
            .method("__hash__", |ctx, this, _| {
                this.get_attr(ctx, "name")?.hash(ctx).map(Value::Int)
            })
            .build()?;
        ctx.new_module("kitchen")?.class_named(ctx, class)?;
        let mut inner = Value::None;
        for name in 0..500 {
            let cook = make(ctx, "Cook")?;
            cook.set_attr(ctx, "name", name)?;
            let set = ctx.import_from("builtins", "set")?;
            cook.set_attr(ctx, "friends", set.call(ctx, (list(ctx, &[inner]),))?)?;
            inner = cook;
        }
        shelf.set(ctx, "last", inner)
    }));
    runtime.collect();
    done(runtime.try_enter(|ctx| {
        let friends = shelf.get_item(ctx, "last")?.get_attr(ctx, "friends")?;
        assert_eq!(friends.len(ctx)?, 1);
        Ok(())
    }));
}

#[test]
fn writeback_and_deferred_changes_are_one_batch() {
    every_engine(|runtime, open| {
        let mut shelf = open(options().writeback(true).commit(Commit::Deferred), Flag::Create);
        done(runtime.try_enter(|ctx| {
            let anna = make(ctx, "Cook")?;
            shelf.set(ctx, "a", list(ctx, &[anna]))?;
            shelf.set(ctx, "b", list(ctx, &[anna]))?;
            assert!(shelf.store().is_empty().expect("it counts"));
            let cook = shelf.get_item(ctx, "a")?.get_item(ctx, 0)?;
            cook.set_attr(ctx, "name", "Anna")?;
            // What cannot be pickled is found in the shared object, and nothing is written.
            let module = Value::from(ctx.new_module("larder")?);
            cook.set_attr(ctx, "jars", list(ctx, &[Value::None, module]))?;
            let error = shelf.sync(ctx).expect_err("modules are not pickled");
            let path = error.location().and_then(|it| it.path.clone()).unwrap_or_default();
            assert!(
                path.contains("shelf['\\x00shared\\x00") && path.contains("'].jars[1]"),
                "{path}"
            );
            assert!(shelf.store().is_empty().expect("it counts"));
            cook.set_attr(ctx, "jars", Value::None)?;
            shelf.sync(ctx)?;
            assert_eq!((shelf.len(ctx)?, shared_entries(&shelf)), (2, 1));
            shelf.close(ctx)
        }));
        let mut shelf = open(options(), Flag::Read);
        done(runtime.try_enter(|ctx| {
            let cook = shelf.get_item(ctx, "b")?.get_item(ctx, 0)?;
            equal(ctx, cook.get_attr(ctx, "name")?, "Anna");
            assert!(shelf.get_item(ctx, "a")?.get_item(ctx, 0)?.is(cook));
            Ok(())
        }));
    });
}

#[test]
fn a_transaction_that_fails_leaves_no_shared_objects() {
    every_engine(|runtime, open| {
        let mut shelf = open(options(), Flag::Create);
        done(runtime.try_enter(|ctx| {
            let cook = make(ctx, "Cook")?;
            let failed = shelf.transaction(ctx, |shelf| {
                shelf.set(ctx, "a", cook)?;
                assert!(shelf.get_item(ctx, "a")?.is(cook));
                shelf.delete(ctx, "none")
            });
            assert!(failed.is_err());
            assert!(shelf.store().is_empty().expect("it counts"));
            // It has its id already, and is written all the same.
            shelf.set(ctx, "b", cook)?;
            assert_eq!(shared_entries(&shelf), 1);
            Ok(())
        }));
        runtime.collect();
        done(runtime.try_enter(|ctx| shelf.get_item(ctx, "b").map(drop)));
    });
}

#[test]
fn what_nobody_has_is_not_kept() {
    let mut runtime = Runtime::python3();
    let mut shelf = options().over(MemoryStore::new());
    done(runtime.try_enter(|ctx| {
        kitchen(ctx)?;
        let cook = make(ctx, "Cook")?;
        cook.set_attr(ctx, "name", "Anna")?;
        shelf.set(ctx, "a", cook)
    }));
    runtime.collect();
    done(runtime.try_enter(|ctx| {
        // Changed, and not written: who has it keeps the change, and nobody else.
        shelf.get_item(ctx, "a")?.set_attr(ctx, "name", "Anne")?;
        equal(ctx, shelf.get_item(ctx, "a")?.get_attr(ctx, "name")?, "Anne");
        Ok(())
    }));
    runtime.collect();
    done(runtime.try_enter(|ctx| {
        equal(ctx, shelf.get_item(ctx, "a")?.get_attr(ctx, "name")?, "Anna");
        Ok(())
    }));
    let objects = runtime.objects();
    for round in 0..50 {
        done(runtime.try_enter(|ctx| {
            for number in 0..20 {
                shelf.set(ctx, format!("{}", round * 20 + number), make(ctx, "Cook")?)?;
            }
            Ok(())
        }));
        runtime.collect();
    }
    // A thousand objects came and went.
    assert!(runtime.objects() < objects + 500, "{objects} objects became {}", runtime.objects());
    let shown = format!("{shelf:?}");
    let known = shown.split("shared: Some(").nth(1).and_then(|rest| rest.split(')').next());
    assert!(
        known.is_some_and(|known| known.parse::<u32>().is_ok_and(|known| known < 200)),
        "{shown}"
    );
}

#[test]
fn what_no_key_reaches_is_found_and_removed() {
    every_engine(|runtime, open| {
        let mut shelf = open(options(), Flag::Create);
        done(runtime.try_enter(|ctx| {
            let [ring, other, alone] = [(); 3].map(|()| make(ctx, "Cook"));
            let (ring, other, alone) = (ring?, other?, alone?);
            ring.set_attr(ctx, "other", other)?;
            other.set_attr(ctx, "other", ring)?;
            shelf.update(ctx, [("ring", ring), ("both", list(ctx, &[other, alone]))])?;
            let found = shelf.shared_objects(ctx)?;
            assert_eq!((found.reached, found.unreachable.len(), found.missing.len()), (3, 0, 0));
            shelf.delete(ctx, "both")?;
            let found = shelf.shared_objects(ctx)?;
            assert_eq!((found.reached, found.unreachable.len()), (2, 1));
            assert_eq!(shared_entries(&shelf), 3);
            assert_eq!(shelf.collect_shared(ctx)?, found);
            assert_eq!(shared_entries(&shelf), 2);
            // Who has it in hand may write it again.
            shelf.set(ctx, "alone", alone)?;
            assert_eq!(shelf.shared_objects(ctx)?.reached, 3);
            // A ring keeps itself in memory, not in the shelf.
            shelf.delete(ctx, "ring")?;
            assert_eq!(shelf.collect_shared(ctx)?.unreachable.len(), 2);
            assert!(shelf.shared_objects(ctx)?.unreachable.is_empty());
            Ok(())
        }));
    });
}

#[test]
fn a_shared_object_that_cannot_be_loaded_fails_alone() {
    let mut runtime = Runtime::python3();
    let directory = Directory::new("shared");
    let path = directory.file("shelf");
    let mut shelf = options().open(&path, Flag::Create).expect("it opens");
    done(runtime.try_enter(|ctx| {
        kitchen(ctx)?;
        let (anna, bert, cleo) = (make(ctx, "Cook")?, make(ctx, "Cook")?, make(ctx, "Cook")?);
        anna.set_attr(ctx, "other", bert)?;
        bert.set_attr(ctx, "other", anna)?;
        shelf.update(ctx, [("a", anna), ("b", list(ctx, &[bert]))])?;
        shelf.set(ctx, "c", cleo)?;
        shelf.close(ctx)
    }));
    drop(shelf);
    let mut store = StoreOptions::new().open(&path, Flag::Write).expect("it opens");
    let ids: Vec<Vec<u8>> =
        all_keys(&*store).into_iter().filter(|key| key.starts_with(PREFIX.as_bytes())).collect();
    let whole = store.get(&ids[1]).expect("it reads").expect("it is there");
    for damaged in [Op::delete(&ids[1]), Op::put(&ids[1], &whole[..whole.len() - 3])] {
        let missing = matches!(damaged, Op::Delete { .. });
        store.apply(&[damaged]).expect("it writes");
        store.close().expect("it closes");
        let mut shelf = options().open(&path, Flag::Read).expect("it opens");
        done(runtime.try_enter(|ctx| {
            for key in ["a", "b", "a"] {
                let error = shelf.get(ctx, key).expect_err("half of the ring is gone");
                let path = error.location().and_then(|it| it.path.clone()).unwrap_or_default();
                // What is not there has no key; what refers to it has.
                let by_key = missing && key == "b";
                assert_eq!(path.contains("shelf['\\x00shared\\x00"), !by_key, "{path}");
                assert_eq!(path.contains("shelf['b']"), by_key, "{path}");
                if missing {
                    assert!(error.is(ctx, &UNPICKLING_ERROR));
                    assert!(error.message(ctx).ends_with("is not in the shelf"));
                }
            }
            shelf.get_item(ctx, "c")?;
            if missing {
                assert_eq!(shelf.shared_objects(ctx)?.missing.len(), 1);
            } else {
                // Nothing may be removed while it is not known what is reached.
                assert!(shelf.shared_objects(ctx).is_err());
            }
            Ok(())
        }));
        drop(shelf);
        store = StoreOptions::new().open(&path, Flag::Write).expect("it opens");
    }
    store.put(&ids[1], &whole).expect("it writes");
    store.close().expect("it closes");
    let mut shelf = options().open(&path, Flag::Read).expect("it opens");
    done(runtime.try_enter(|ctx| {
        let a = shelf.get_item(ctx, "a")?;
        assert!(a.get_attr(ctx, "other")?.get_attr(ctx, "other")?.is(a));
        Ok(())
    }));
}

#[test]
fn what_cannot_be_shared_says_so() {
    let mut shelf = options().over(MemoryStore::new());
    done(Runtime::python3().try_enter(|ctx| {
        kitchen(ctx)?;
        let slots = make(ctx, "Slots")?;
        let error = shelf.set(ctx, "a", slots).expect_err("nothing refers to it weakly");
        assert!(error.is(ctx, &exc::TYPE_ERROR));
        assert_eq!(error.message(ctx), "cannot create weak reference to 'Slots' object");
        assert!(error.hint().is_some_and(|hint| hint.contains("weak references")));
        assert!(shelf.store().is_empty().expect("it counts"));
        Ok(())
    }));
    let failing = ShelfOptions::new()
        .shared(|_, _| Err(halfsour_runtime::Error::new(&PICKLING_ERROR, "no rule today")));
    let mut shelf = failing.over(MemoryStore::new());
    done(Runtime::python3().try_enter(|ctx| {
        kitchen(ctx)?;
        shelf.set(ctx, "number", Value::Int(7))?;
        let jar = make(ctx, "Jar")?;
        let error = shelf.set(ctx, "jar", Tuple::new(ctx, &[jar]).into()).expect_err("it fails");
        assert_eq!(error.message(ctx), "no rule today");
        assert_eq!(shelf.keys(ctx)?, [b"number"]);
        assert!(shelf.shared_objects(ctx)?.unreachable.is_empty());
        Ok(())
    }));
    let mut shelf = ShelfOptions::new().over(MemoryStore::new());
    done(Runtime::python3().try_enter(|ctx| {
        let error = shelf.shared_objects(ctx).expect_err("nothing is shared");
        assert!(error.is(ctx, &exc::VALUE_ERROR));
        Ok(())
    }));
}

/// Two shelves give ids that do not clash, one after another or at once.
#[test]
fn ids_of_several_openers_do_not_clash() {
    let mut runtime = Runtime::python3();
    let directory = Directory::new("shared");
    let path = directory.file("shelf");
    done(runtime.try_enter(kitchen));
    for number in 0..5_i64 {
        let mut shelf = options().open(&path, Flag::Create).expect("it opens");
        done(runtime.try_enter(|ctx| {
            let cook = make(ctx, "Cook")?;
            cook.set_attr(ctx, "name", number.into_value(ctx))?;
            shelf.set(ctx, number.to_string(), cook)?;
            shelf.close(ctx)
        }));
        runtime.collect();
    }
    let mut shelf = options().open(&path, Flag::Read).expect("it opens");
    assert_eq!(shared_entries(&shelf), 5);
    done(runtime.try_enter(|ctx| {
        for number in 0..5_i64 {
            let cook = shelf.get_item(ctx, number.to_string())?;
            equal(ctx, cook.get_attr(ctx, "name")?, number);
        }
        Ok(())
    }));
}
