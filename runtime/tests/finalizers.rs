//! `__del__`: when it is called, in which order, and what objects do that bring themselves back. What CPython does was
//! measured on 2.7.18 and 3.13.0.

use std::cell::RefCell;
use std::rc::Rc;

use halfsour_runtime::{
    Class, ClassicClass, Context, Error, Function, List, Result, Runtime, Value, exc,
};

/// The names of the objects whose `__del__` was called.
type Log = Rc<RefCell<Vec<String>>>;

/// A class whose `__del__` notes the attribute `name` of the object.
fn noting<'gc>(ctx: Context<'gc>, log: &Log) -> Result<'gc, Class<'gc>> {
    let log = log.clone();
    Class::builder(ctx, "Noting")
        .method("__del__", move |ctx, this, _| {
            log.borrow_mut().push(this.get_attr(ctx, "name")?.to(ctx)?);
            Ok(Value::None)
        })
        .build()
}

fn named<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: &str) -> Result<'gc> {
    let it = Value::from(class).call(ctx, ())?;
    it.set_attr(ctx, "name", name)?;
    Ok(it)
}

fn both(test: impl Fn(Runtime)) {
    test(Runtime::python2());
    test(Runtime::python3());
}

#[test]
fn who_refers_to_others_goes_first() {
    both(|mut runtime| {
        let log = Log::default();
        runtime
            .try_enter(|ctx| {
                let class = noting(ctx, &log)?;
                // Made in an order that is not the one they go in.
                let leaf = named(ctx, class, "leaf")?;
                let root = named(ctx, class, "root")?;
                let middle = named(ctx, class, "middle")?;
                root.set_attr(ctx, "next", List::from_vec(ctx, vec![middle]))?;
                middle.set_attr(ctx, "next", leaf)
            })
            .unwrap();
        runtime.collect();
        assert_eq!(*log.borrow(), ["root", "middle", "leaf"]);
        runtime.collect();
        assert_eq!(log.borrow().len(), 3);
    });
}

#[test]
fn a_long_chain_is_one_round() {
    let mut runtime = Runtime::python2();
    let log = Log::default();
    runtime
        .try_enter(|ctx| {
            let class = noting(ctx, &log)?;
            let mut next = Value::None;
            for number in 0..20_000 {
                let it = named(ctx, class, &number.to_string())?;
                it.set_attr(ctx, "next", next)?;
                next = it;
            }
            Ok(())
        })
        .unwrap();
    let before = runtime.collections();
    runtime.collect();
    assert_eq!(runtime.collections(), before + 1);
    let log = log.borrow();
    assert_eq!((log.len(), log[0].as_str(), log[19_999].as_str()), (20_000, "19999", "0"));
}

#[test]
fn it_happens_by_itself() {
    both(|mut runtime| {
        let log = Log::default();
        let class = runtime.try_enter(|ctx| Ok(ctx.stash(noting(ctx, &log)?))).unwrap();
        for _ in 0..20_000 {
            runtime.try_enter(|ctx| named(ctx, ctx.fetch(&class), "it").map(drop)).unwrap();
        }
        let called = log.borrow().len();
        assert!(called > 100, "only {called} of 20_000 are gone");
        runtime.collect();
        assert_eq!(log.borrow().len(), 20_000);
    });
}

#[test]
fn an_object_comes_back() {
    // Python 2 calls `__del__` each time that the object is let go, Python 3 once.
    for (mut runtime, calls) in [(Runtime::python2(), 3), (Runtime::python3(), 1)] {
        let saved = runtime
            .try_enter(|ctx| {
                let saved = List::new(ctx);
                let del = Function::capturing(ctx, "__del__", saved, |ctx, saved, args| {
                    saved.call_method(ctx, "append", (args.positional()[0],))
                });
                let class = Class::builder(ctx, "Phoenix").attr("__del__", del).build()?;
                Value::from(class).call(ctx, ())?;
                Ok(ctx.stash(saved))
            })
            .unwrap();
        let mut found = 0;
        for _ in 0..3 {
            runtime.collect();
            found +=
                runtime.enter(|ctx| ctx.fetch(&saved).update(ctx, |items| items.drain(..).count()));
        }
        assert_eq!(found, calls);
    }
}

#[test]
fn a_cycle_keeps_what_it_leads_to() {
    // The cycle has a `__del__`, so that Python 2 keeps it; what only refers to it goes.
    for (mut runtime, expected, kept) in [
        (Runtime::python2(), vec!["before"], 2),
        (Runtime::python3(), vec!["before", "cycle", "behind"], 0),
    ] {
        let log = Log::default();
        runtime
            .try_enter(|ctx| {
                let class = noting(ctx, &log)?;
                let [before, cycle, behind] = ["before", "cycle", "behind"];
                let (before, cycle, behind) = (
                    named(ctx, class, before)?,
                    named(ctx, class, cycle)?,
                    named(ctx, class, behind)?,
                );
                before.set_attr(ctx, "next", cycle)?;
                cycle.set_attr(ctx, "own", cycle)?;
                cycle.set_attr(ctx, "next", behind)
            })
            .unwrap();
        runtime.collect();
        runtime.collect();
        assert_eq!(*log.borrow(), expected);
        let garbage = runtime.try_enter(|ctx| ctx.import_from("gc", "garbage")?.len(ctx));
        assert_eq!(garbage.unwrap(), kept);
    }
}

#[test]
fn a_cycle_without_del_does_not_keep_what_it_leads_to() {
    both(|mut runtime| {
        let log = Log::default();
        runtime
            .try_enter(|ctx| {
                let class = noting(ctx, &log)?;
                let (first, last) = (named(ctx, class, "first")?, named(ctx, class, "last")?);
                let list = List::from_vec(ctx, vec![last]);
                list.push(ctx, list.into());
                first.set_attr(ctx, "list", list)
            })
            .unwrap();
        runtime.collect();
        assert_eq!(*log.borrow(), ["first", "last"]);
    });
}

#[test]
fn weak_references_are_cleared_before_in_python_2() {
    for (mut runtime, gone) in [(Runtime::python2(), true), (Runtime::python3(), false)] {
        let seen = runtime
            .try_enter(|ctx| {
                let seen = List::new(ctx);
                let del = Function::capturing(ctx, "__del__", seen, |ctx, seen, _| {
                    let reference = seen.get_item(ctx, 0)?;
                    let gone = reference.call(ctx, ())?.is_none();
                    seen.call_method(ctx, "append", (gone,))
                });
                let class = Class::builder(ctx, "C").attr("__del__", del).build()?;
                let it = Value::from(class).call(ctx, ())?;
                seen.push(ctx, ctx.import_from("weakref", "ref")?.call(ctx, (it,))?);
                Ok(ctx.stash(seen))
            })
            .unwrap();
        runtime.collect();
        runtime
            .try_enter(|ctx| {
                let seen = ctx.fetch(&seen);
                assert!(seen.get(1).is_some_and(|it| it.is(Value::Bool(gone))));
                let reference = seen.get(0).unwrap_or(Value::None);
                assert!(reference.call(ctx, ())?.is_none());
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn what_del_raises_is_dropped() {
    both(|mut runtime| {
        let log = Log::default();
        runtime
            .try_enter(|ctx| {
                let fails = Class::builder(ctx, "Fails")
                    .method("__del__", |_, _, _| Err(Error::bare(&exc::VALUE_ERROR)))
                    .build()?;
                let it = Value::from(fails).call(ctx, ())?;
                it.set_attr(ctx, "next", named(ctx, noting(ctx, &log)?, "next")?)
            })
            .unwrap();
        runtime.collect();
        assert_eq!(*log.borrow(), ["next"]);
    });
}

#[test]
fn what_gets_a_del_later() {
    let mut runtime = Runtime::python2();
    let log = Log::default();
    runtime
        .try_enter(|ctx| {
            let noting = noting(ctx, &log)?;
            // By another class.
            let it = Value::from(Class::builder(ctx, "Plain").build()?).call(ctx, ())?;
            it.set_attr(ctx, "__class__", noting)?;
            it.set_attr(ctx, "name", "another class")?;
            // By an attribute of a classic instance, which a new-style object does not count.
            let old = ClassicClass::builder(ctx, "Old").build()?;
            for class in [Value::from(old), Class::builder(ctx, "New").build()?.into()] {
                let log = log.clone();
                let del = Function::new(ctx, "__del__", move |_, _| {
                    log.borrow_mut().push("an attribute".to_owned());
                    Ok(Value::None)
                });
                class.call(ctx, ())?.set_attr(ctx, "__del__", del)?;
            }
            Ok(())
        })
        .unwrap();
    runtime.collect();
    log.borrow_mut().sort_unstable();
    assert_eq!(*log.borrow(), ["an attribute", "another class"]);
}

#[test]
fn an_attribute_of_a_class_goes_when_it_is_replaced() {
    both(|mut runtime| {
        let log = Log::default();
        let class = runtime
            .try_enter(|ctx| {
                let class = Class::builder(ctx, "C").build()?;
                class.define(ctx, "it", named(ctx, noting(ctx, &log)?, "it")?)?;
                let derived = Class::builder(ctx, "D").base(class).build()?;
                // The look-up is remembered.
                Value::from(derived).get_attr(ctx, "it")?;
                class.define(ctx, "it", Value::None)?;
                Ok(ctx.stash(derived))
            })
            .unwrap();
        runtime.collect();
        assert_eq!(*log.borrow(), ["it"]);
        drop(class);
    });
}

#[test]
fn modules_and_classes_have_one_too() {
    let mut runtime = Runtime::python3();
    let log = Log::default();
    runtime
        .try_enter(|ctx| {
            for (base, args) in [
                (ctx.types().module, vec![ctx.str("m")]),
                (
                    ctx.types().type_,
                    vec![ctx.str("C"), halfsour_runtime::Tuple::new(ctx, &[]).into(), dict(ctx)],
                ),
            ] {
                let note = log.clone();
                let class =
                    Class::builder(ctx, "Derived").base(base).method("__del__", move |_, _, _| {
                        note.borrow_mut().push("gone".to_owned());
                        Ok(Value::None)
                    });
                Value::from(class.build()?).call(ctx, &*args)?;
            }
            Ok(())
        })
        .unwrap();
    runtime.collect();
    assert_eq!(log.borrow().len(), 2);
}

fn dict(ctx: Context<'_>) -> Value<'_> {
    halfsour_runtime::Dict::new(ctx).into()
}
