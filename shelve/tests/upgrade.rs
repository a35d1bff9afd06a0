//! What the values of a shelf name, and other names for that.

use halfsour_pickle::{Missing, Unpickler};
use halfsour_runtime::{Class, ClassicClass, Context, Dialect, List, Result, Runtime, Value};
use halfsour_shelve::{Flag, MemoryStore, Shelf, ShelfOptions, Store, StoreOptions};

mod common;
use common::python::equal;
use common::{Directory, engines};

/// Makes a module with the class `Egg`, and in Python 2 the classic class `Ham`.
fn module<'gc>(ctx: Context<'gc>, name: &'static str) -> Result<'gc, ()> {
    let module = ctx.new_module(name)?;
    module.class_named(ctx, Class::builder(ctx, "Egg").module(name).build()?)?;
    if ctx.dialect() == Dialect::Python2 {
        module.class_named(ctx, ClassicClass::builder(ctx, "Ham").module(name).build()?)?;
    }
    Ok(())
}

fn table(module: &str, name: &str) -> Option<(String, String)> {
    (module == "spam").then(|| ("larder".to_owned(), name.to_owned()))
}

#[track_caller]
fn done(result: std::result::Result<(), halfsour_runtime::Uncaught>) {
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Fills a shelf with objects of the classes of `spam`.
fn fill<'gc>(ctx: Context<'gc>, shelf: &mut Shelf) -> Result<'gc, ()> {
    halfsour_copyreg::install(ctx)?;
    module(ctx, "spam")?;
    let classes: &[&str] =
        if ctx.dialect() == Dialect::Python2 { &["Egg", "Ham"] } else { &["Egg"] };
    for &class in classes {
        let made = ctx.import_from("spam", class)?.call(ctx, ())?;
        // Strings as those of the names, kept in the same memo.
        made.set_attr(ctx, "spam", "Egg")?;
        made.set_attr(ctx, "other", ctx.import_from("spam", class)?)?;
        shelf.set(ctx, class, made)?;
    }
    shelf.set(ctx, "number", Value::Int(7))?;
    shelf.close(ctx)
}

#[test]
fn a_class_is_renamed_in_every_protocol_and_store() {
    for (dialect, protocols) in [(Dialect::Python2, 0..3), (Dialect::Python3, 0..6)] {
        for protocol in protocols {
            for engine in engines() {
                let directory = Directory::new("upgrade");
                let path = directory.file("shelf");
                let open = |flag| {
                    let store = StoreOptions::new().engine(engine);
                    let options = ShelfOptions::new().protocol(protocol).store(store);
                    options.open(&path, flag).expect("it opens")
                };
                let mut shelf = open(Flag::Create);
                done(Runtime::new(dialect).try_enter(|ctx| fill(ctx, &mut shelf)));
                // A program that has the classes elsewhere.
                done(Runtime::new(dialect).try_enter(|ctx| {
                    halfsour_copyreg::install(ctx)?;
                    module(ctx, "larder")?;
                    let mut shelf = open(Flag::Write);
                    let before = shelf.store().get(b"number").expect("it reads");
                    let egg = shelf
                        .globals(ctx)?
                        .globals
                        .into_iter()
                        .find(|it| it.target.to_string() == "spam.Egg");
                    let unresolved = egg.and_then(|it| it.unresolved).expect("it is not there");
                    assert!(unresolved.contains("No module named"), "{unresolved}");
                    let mut steps = Vec::new();
                    let renamed = shelf.rename_globals(ctx, table, |done| steps.push(done))?;
                    let values = if dialect == Dialect::Python2 { 3 } else { 2 };
                    assert_eq!((renamed.changed, renamed.values), (values - 1, values));
                    assert!(renamed.left.is_empty());
                    assert_eq!(steps, (0..=values).collect::<Vec<_>>());
                    let found = shelf.globals(ctx)?;
                    assert!(found.globals.iter().all(|it| it.unresolved.is_none()), "{found:?}");
                    assert_eq!(shelf.store().get(b"number").expect("it reads"), before);
                    let egg = shelf.get_item(ctx, "Egg")?;
                    let class = ctx.import_from("larder", "Egg")?;
                    assert!(egg.class_of(ctx).is(class));
                    assert!(egg.get_attr(ctx, "other")?.is(class));
                    equal(ctx, egg.get_attr(ctx, "spam")?, "Egg");
                    // Once is enough.
                    assert_eq!(shelf.rename_globals(ctx, table, |_| {})?.changed, 0);
                    Ok(())
                }));
            }
        }
    }
}

/// What a pickler would write, had the class always had its new name.
#[test]
fn the_bytes_are_those_of_the_new_names() {
    for protocol in 0..6 {
        let values: Vec<Vec<u8>> = ["spam", "larder"]
            .into_iter()
            .map(|name| {
                let mut shelf = ShelfOptions::new().protocol(protocol).over(MemoryStore::new());
                let mut value = Vec::new();
                done(Runtime::python3().try_enter(|ctx| {
                    halfsour_copyreg::install(ctx)?;
                    module(ctx, name)?;
                    let egg = ctx.import_from(name, "Egg")?.call(ctx, ())?;
                    let list = List::from_vec(ctx, vec![egg, egg.class_of(ctx)]);
                    shelf.set(ctx, "k", list.into())?;
                    shelf.rename_globals(ctx, table, |_| {})?;
                    value.extend(shelf.store().get(b"k").expect("it reads").unwrap_or_default());
                    Ok(())
                }));
                value
            })
            .collect();
        assert_eq!(values[0].escape_ascii().to_string(), values[1].escape_ascii().to_string());
    }
}

#[test]
fn what_cannot_be_renamed_is_listed_and_left_alone() {
    let mut store = MemoryStore::new();
    for (key, value) in [
        ("code", &b"\x80\x02(\x82\x07cspam\nEgg\nt."[..]),
        ("noise", b"no pickle"),
        ("torn", b"cspam\nEgg\n"),
        ("egg", b"cspam\nEgg\n."),
        ("two", b"(cspam\nEgg\ncspam\nHam\ncspam\nEgg\nt."),
    ] {
        store.put(key.as_bytes(), value).expect("it writes");
    }
    let mut shelf = ShelfOptions::new().over(store);
    done(Runtime::python2().try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        module(ctx, "spam")?;
        let found = shelf.globals(ctx)?;
        let counts: Vec<(String, u64, bool)> = found
            .globals
            .iter()
            .map(|it| (it.target.to_string(), it.values, it.unresolved.is_some()))
            .collect();
        let expected =
            [("extension code 7", 1, true), ("spam.Egg", 3, false), ("spam.Ham", 1, false)];
        assert_eq!(
            counts,
            expected.map(|(name, count, missing)| (name.to_owned(), count, missing))
        );
        assert_eq!(found.values, 5);
        let unreadable: Vec<&[u8]> = found.unreadable.iter().map(|(key, _)| &key[..]).collect();
        assert_eq!(unreadable, [&b"noise"[..], b"torn"]);
        let renamed = shelf.rename_globals(ctx, table, |_| {})?;
        assert_eq!((renamed.changed, renamed.values), (3, 5));
        let left: Vec<&[u8]> = renamed.left.iter().map(|(key, _)| &key[..]).collect();
        assert_eq!(left, [&b"code"[..], b"noise", b"torn"]);
        assert_eq!(renamed.left[0].1, "it names extension code 7");
        Ok(())
    }));
    let value = |key: &[u8]| shelf.store().get(key).expect("it reads").unwrap_or_default();
    assert_eq!(value(b"torn"), b"cspam\nEgg\n");
    assert_eq!(value(b"code"), b"\x80\x02(\x82\x07clarder\nEgg\nt.");
    assert_eq!(value(b"two"), b"(clarder\nEgg\nclarder\nHam\nclarder\nEgg\nt.");
}

#[test]
fn what_loads_as_an_opaque_object_is_unresolved() {
    let mut store = MemoryStore::new();
    store.put(b"egg", b"cspam\nEgg\n.").expect("it writes");
    let unpickler = Unpickler::new().missing(Missing::Opaque);
    let mut shelf = ShelfOptions::new().unpickler(unpickler).over(store);
    done(Runtime::python3().try_enter(|ctx| {
        let found = shelf.globals(ctx)?;
        assert!(found.globals[0].unresolved.as_deref().is_some_and(|it| it.contains("opaque")));
        Ok(())
    }));
}
