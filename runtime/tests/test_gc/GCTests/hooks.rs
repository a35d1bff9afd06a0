//! Code that the collector must not run, or that must not see what is being freed.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Context, Error, List, Result, Runtime, Value, exc};

use crate::common::{class, classic, enter, list, make, weak};
use crate::support::{garbage_length, is_gone, looping, note_targets, quiet};

type Define = for<'gc> fn(Context<'gc>, Rc<Cell<u32>>) -> Result<'gc>;

/// Two instances that refer to each other go, all four objects of them, and `__getattr__` is not asked for `__del__`.
fn check_boom(define: Define) {
    let mut runtime = quiet(Runtime::python2());
    let calls = Rc::new(Cell::new(0));
    let class = enter(&mut runtime, |ctx| Ok(ctx.stash(define(ctx, calls.clone())?)));
    runtime.collect();
    runtime.collect();
    let before = (runtime.objects(), garbage_length(&mut runtime));
    let references = enter(&mut runtime, |ctx| {
        let class = ctx.fetch(&class);
        let (a, b) = (make(ctx, class)?, make(ctx, class)?);
        a.set_attr(ctx, "attr", b)?;
        b.set_attr(ctx, "attr", a)?;
        Ok([ctx.stash(weak(ctx, a)?), ctx.stash(weak(ctx, b)?)])
    });
    assert!(runtime.objects() >= before.0 + 4);
    runtime.collect();
    assert!(references.iter().all(|it| is_gone(&mut runtime, it)));
    assert_eq!(calls.get(), 0, "__getattr__ was called");
    drop(references);
    runtime.collect();
    runtime.collect();
    assert!(runtime.objects() <= before.0 + 5, "{} became {}", before.0, runtime.objects());
    assert_eq!(garbage_length(&mut runtime), before.1);
}

fn boom<'gc>(ctx: Context<'gc>, this: Value<'gc>, calls: &Cell<u32>) -> Result<'gc> {
    calls.set(calls.get() + 1);
    this.del_attr(ctx, "attr")?;
    Err(Error::bare(&exc::ATTRIBUTE_ERROR))
}

#[test]
fn test_boom() {
    check_boom(|ctx, calls| {
        let class =
            classic(ctx, "Boom").method("__getattr__", move |ctx, this, _| boom(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

#[test]
fn test_boom_new() {
    check_boom(|ctx, calls| {
        let class = class(ctx, "Boom_New")
            .method("__getattr__", move |ctx, this, _| boom(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

fn start_counting<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    this.set_attr(ctx, "x", 0)?;
    Ok(Value::None)
}

fn boom_later<'gc>(ctx: Context<'gc>, this: Value<'gc>, calls: &Cell<u32>) -> Result<'gc> {
    calls.set(calls.get() + 1);
    let x = this.get_attr(ctx, "x")?.to::<i64>(ctx)? + 1;
    this.set_attr(ctx, "x", x)?;
    if x > 1 {
        this.del_attr(ctx, "attr")?;
    }
    Err(Error::bare(&exc::ATTRIBUTE_ERROR))
}

#[test]
fn test_boom2() {
    check_boom(|ctx, calls| {
        let class = classic(ctx, "Boom2")
            .method("__init__", |ctx, this, _| start_counting(ctx, this))
            .method("__getattr__", move |ctx, this, _| boom_later(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

#[test]
fn test_boom2_new() {
    check_boom(|ctx, calls| {
        let class = class(ctx, "Boom2_New")
            .method("__init__", |ctx, this, _| start_counting(ctx, this))
            .method("__getattr__", move |ctx, this, _| boom_later(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

#[test]
fn test_bug1055820b() {
    let mut runtime = quiet(Runtime::python2());
    let (ouch, references, objects) = enter(&mut runtime, |ctx| {
        let (ouch, references) = (List::new(ctx), List::new(ctx));
        let callback = note_targets(ctx, ouch.into(), references.into());
        let class = Value::from(looping(ctx, "C1055820")?);
        let objects = [class.call(ctx, (0,))?, class.call(ctx, (1,))?];
        let make_reference = ctx.import_from("weakref", "ref")?;
        for object in objects {
            references.push(ctx, make_reference.call(ctx, (object, callback))?);
        }
        let objects = list(ctx, &objects);
        Ok((ctx.stash(ouch), ctx.stash(references), ctx.stash(objects)))
    });
    runtime.collect();
    enter(&mut runtime, |ctx| {
        assert_eq!(ctx.fetch(&ouch).len(), 0);
        Ok(())
    });
    drop(objects);
    runtime.collect();
    enter(&mut runtime, |ctx| {
        let seen = ctx.fetch(&ouch).to_vec();
        assert_eq!(seen.len(), 2, "the callbacks did not run");
        assert!(seen.iter().all(|it| it.is_none()), "{seen:?}");
        assert_eq!(ctx.fetch(&references).len(), 2);
        Ok(())
    });
}
