//! `weakref.ref`, callbacks, and that garbage is found: cycles, native content, names. Expected values were measured on
//! CPython 2.7.18.

use halfsour_runtime::{
    Class, ClassicClass, Context, Function, Instance, List, Runtime, Stashed, Traced, Value,
};

fn reference<'gc>(ctx: Context<'gc>, target: impl Into<Value<'gc>>) -> Value<'gc> {
    let make = ctx.import_from("weakref", "ref").expect("the class");
    make.call(ctx, (target.into(),)).expect("a weak reference")
}

fn plain<'gc>(ctx: Context<'gc>, name: &str) -> Class<'gc> {
    Class::builder(ctx, name).build().expect("a plain class")
}

/// Asserts that the target of a weak reference is gone after a collection.
#[track_caller]
fn assert_gone(runtime: &mut Runtime, reference: &Stashed<Value<'static>>) {
    runtime.collect();
    let target = runtime.try_enter(|ctx| Ok(ctx.fetch(reference).call(ctx, ())?.is_none()));
    assert!(target.expect("a weak reference can be called"));
}

#[test]
fn a_reference_does_not_keep_its_target() {
    let mut runtime = Runtime::python2();
    let (target, weak) = runtime.enter(|ctx| {
        let target = Value::from(plain(ctx, "O")).call(ctx, ()).unwrap();
        (ctx.stash(target), ctx.stash(reference(ctx, target)))
    });
    runtime.collect();
    runtime.enter(|ctx| {
        let found = ctx.fetch(&weak).call(ctx, ()).unwrap();
        assert!(found.is(ctx.fetch(&target)));
    });
    drop(target);
    assert_gone(&mut runtime, &weak);
}

#[test]
fn what_can_be_referred_to() {
    Runtime::python2().enter(|ctx| {
        let class = plain(ctx, "O");
        let old = ClassicClass::builder(ctx, "Old").build().unwrap();
        let of_list = Class::builder(ctx, "L").base(ctx.types().list).build().unwrap();
        let targets = [
            Value::from(class),
            Value::from(class).call(ctx, ()).unwrap(),
            old.into(),
            Value::from(old).call(ctx, ()).unwrap(),
            Function::new(ctx, "f", |_, _| Ok(Value::None)).into(),
            Value::from(of_list).call(ctx, ()).unwrap(),
            Value::from(ctx.types().set).call(ctx, ()).unwrap(),
        ];
        for target in targets {
            assert!(reference(ctx, target).call(ctx, ()).unwrap().is(target), "{target:?}");
        }
        let make = ctx.import_from("weakref", "ref").unwrap();
        let of_str = Class::builder(ctx, "St").base(ctx.types().bytes).build().unwrap();
        let slotted = Class::builder(ctx, "S").slots(&[]).build().unwrap();
        let refused = [
            (Value::Int(1), "int"),
            (List::new(ctx).into(), "list"),
            (Value::from(slotted).call(ctx, ()).unwrap(), "S"),
            (Instance::with_content(ctx, of_str, ctx.str("")).into(), "St"),
        ];
        for (target, name) in refused {
            let error = make.call(ctx, (target,)).unwrap_err();
            let text = format!("cannot create weak reference to '{name}' object");
            assert_eq!(error.message(ctx), text);
        }
        let many = make.call(ctx, (class, 1, 2)).unwrap_err();
        assert_eq!(many.message(ctx), "__new__ expected at most 2 arguments, got 3");
    });
}

#[test]
fn references_compare_and_hash_by_their_targets() {
    let mut runtime = Runtime::python2();
    let (target, weak) = runtime.enter(|ctx| {
        let class = Class::builder(ctx, "E")
            .method("__eq__", |_, _, _| Ok(Value::Bool(true)))
            .method("__hash__", |_, _, _| Ok(Value::Int(7)))
            .build()
            .unwrap();
        let (one, other) =
            (Value::from(class).call(ctx, ()).unwrap(), Value::from(class).call(ctx, ()).unwrap());
        let (a, b) = (reference(ctx, one), reference(ctx, other));
        assert!(a.equals(ctx, b).unwrap());
        assert_eq!(a.hash(ctx).unwrap(), 7);
        let unhashed = reference(ctx, other);
        (ctx.stash(other), (ctx.stash(b), ctx.stash(unhashed)))
    });
    drop(target);
    runtime.collect();
    runtime.enter(|ctx| {
        let (b, unhashed) = (ctx.fetch(&weak.0), ctx.fetch(&weak.1));
        let error = unhashed.hash(ctx).unwrap_err();
        assert_eq!(error.message(ctx), "weak object has gone away");
        assert!(b.equals(ctx, b).unwrap());
        assert!(!b.equals(ctx, unhashed).unwrap());
    });
}

#[test]
fn callbacks_run_when_the_target_is_gone() {
    let mut runtime = Runtime::python2();
    let (log, kept) = runtime.enter(|ctx| {
        let log = List::new(ctx);
        let note = Function::capturing(ctx, "note", log, |ctx, log, args| {
            let (reference,): (Value<'_>,) = args.parse(ctx, "note")?;
            let gone = reference.call(ctx, ())?.is_none();
            log.call_method(ctx, "append", (gone,))
        });
        let fails = Function::new(ctx, "fails", |ctx, _| Value::None.call(ctx, ()));
        let make = ctx.import_from("weakref", "ref").unwrap();
        let class = Value::from(plain(ctx, "O"));
        let target = class.call(ctx, ()).unwrap();
        let first = make.call(ctx, (target, fails)).unwrap();
        let second = make.call(ctx, (target, note)).unwrap();
        // A reference that nobody holds calls nobody.
        make.call(ctx, (class.call(ctx, ()).unwrap(), note)).unwrap();
        (ctx.stash(log), [ctx.stash(first), ctx.stash(second)])
    });
    runtime.collect();
    runtime.enter(|ctx| {
        let calls = ctx.fetch(&log).to_vec();
        assert_eq!(calls.len(), 1);
        assert!(calls[0].is(Value::Bool(true)));
    });
    drop(kept);
}

#[test]
fn cycles_of_instances_are_freed() {
    let mut runtime = Runtime::python2();
    let weak = runtime.enter(|ctx| {
        let class = Value::from(plain(ctx, "O"));
        let (a, b) = (class.call(ctx, ()).unwrap(), class.call(ctx, ()).unwrap());
        a.set_attr(ctx, "other", b).unwrap();
        b.set_attr(ctx, "other", a).unwrap();
        b.set_attr(ctx, "method", a.get_attr(ctx, "__reduce__").unwrap()).unwrap();
        ctx.stash(reference(ctx, a))
    });
    assert_gone(&mut runtime, &weak);
}

#[test]
fn native_content_that_holds_its_own_object_is_freed() {
    // As a Pickler does whose memo holds the Pickler.
    let mut runtime = Runtime::python2();
    let weak = runtime.enter(|ctx| {
        let class = Class::builder(ctx, "Keeper").native().build().unwrap();
        let content = Traced::new(ctx, vec![1_u8; 100]);
        let keeper = Value::from(Instance::native(ctx, class, content));
        content.push(ctx, keeper);
        content.push(ctx, List::from_vec(ctx, vec![keeper]).into());
        ctx.stash(reference(ctx, keeper))
    });
    assert_gone(&mut runtime, &weak);
}

#[test]
fn names_do_not_pile_up() {
    let mut runtime = Runtime::python2();
    runtime.collect();
    let before = runtime.objects();
    for round in 0..50 {
        runtime.enter(|ctx| {
            for number in 0..100 {
                let _ = ctx.intern(&format!("a name that comes once: {round} {number}"));
            }
        });
    }
    // The first collection finds the names, the second one their memory.
    runtime.collect();
    runtime.collect();
    let after = runtime.objects();
    assert!(after <= before + 10, "{before} objects became {after}");
}

#[test]
fn stress_mode_collects_at_every_border() {
    let mut runtime = Runtime::python2();
    runtime.set_stress(true);
    let before = runtime.collections();
    let list = runtime.enter(|ctx| {
        let class = Value::from(plain(ctx, "O"));
        let it = class.call(ctx, ()).unwrap();
        it.set_attr(ctx, "self", it).unwrap();
        ctx.stash(List::from_vec(ctx, vec![it]))
    });
    runtime.enter(|ctx| {
        let it = ctx.fetch(&list).to_vec()[0];
        assert!(it.get_attr(ctx, "self").unwrap().is(it));
    });
    assert_eq!(runtime.collections(), before + 2);
}

#[test]
fn gc_collect_is_done_at_the_end() {
    let mut runtime = Runtime::python2();
    let weak = runtime.enter(|ctx| {
        let it = Value::from(plain(ctx, "O")).call(ctx, ()).unwrap();
        let weak = reference(ctx, it);
        ctx.import("gc").unwrap().call_method(ctx, "collect", ()).unwrap();
        assert!(weak.call(ctx, ()).unwrap().is(it));
        ctx.stash(weak)
    });
    runtime.enter(|ctx| assert!(ctx.fetch(&weak).call(ctx, ()).unwrap().is_none()));
    runtime.enter(|ctx| {
        let gc = ctx.import("gc").unwrap();
        gc.call_method(ctx, "disable", ()).unwrap();
        assert!(gc.call_method(ctx, "isenabled", ()).unwrap().is(Value::Bool(false)));
        gc.call_method(ctx, "enable", ()).unwrap();
    });
}
