//! `__del__` and the collector.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Context, Dict, Result, Runtime, Value};

use crate::common::{assert_is, class, classic, enter, list, make, plain, plain_classic, weak};
use crate::support::{garbage, garbage_length, is_gone, quiet};

/// A class whose `__del__` counts.
type Counting = for<'gc> fn(Context<'gc>, Rc<Cell<u32>>) -> Result<'gc>;

const CLASSIC: Counting = |ctx, calls| {
    let class = classic(ctx, "A").method("__del__", move |_, _, _| {
        calls.set(calls.get() + 1);
        Ok(Value::None)
    });
    Ok(class.build()?.into())
};

const NEW_STYLE: Counting = |ctx, calls| {
    let class = class(ctx, "A").method("__del__", move |_, _, _| {
        calls.set(calls.get() + 1);
        Ok(Value::None)
    });
    Ok(class.build()?.into())
};

/// An object with a `__del__` in a cycle is kept in `gc.garbage`; a cycle beside it goes.
fn check_finalizer(counting: Counting, plain: for<'gc> fn(Context<'gc>) -> Value<'gc>) {
    let mut runtime = quiet(Runtime::python2());
    let calls = Rc::new(Cell::new(0));
    let (a, b) = enter(&mut runtime, |ctx| {
        let (a, b) = (make(ctx, counting(ctx, calls.clone())?)?, make(ctx, plain(ctx))?);
        a.set_attr(ctx, "a", a)?;
        b.set_attr(ctx, "b", b)?;
        Ok((ctx.stash(weak(ctx, a)?), ctx.stash(weak(ctx, b)?)))
    });
    runtime.collect();
    assert!(!is_gone(&mut runtime, &a));
    assert!(is_gone(&mut runtime, &b));
    assert_eq!(calls.get(), 0);
    enter(&mut runtime, |ctx| {
        let garbage = Value::from(garbage(ctx)?);
        let object = ctx.fetch(&a).call(ctx, ())?;
        assert_is(crate::common::item(garbage, 0), object);
        // Once the cycle is broken, all is as usual.
        object.del_attr(ctx, "a")?;
        garbage.call_method(ctx, "remove", (object,)).map(drop)
    });
    assert_eq!(garbage_length(&mut runtime), 0);
    runtime.collect();
    assert_eq!(calls.get(), 1);
    assert!(is_gone(&mut runtime, &a));
    runtime.collect();
    assert_eq!((calls.get(), garbage_length(&mut runtime)), (1, 0));
}

#[test]
fn test_finalizer() {
    check_finalizer(CLASSIC, |ctx| plain_classic(ctx, "B", &[]).into());
}

#[test]
fn test_finalizer_newclass() {
    check_finalizer(NEW_STYLE, |ctx| plain(ctx, "B", &[]).into());
    // In Python 3 `__del__` is called, and the object goes.
    let mut runtime = quiet(Runtime::python3());
    let calls = Rc::new(Cell::new(0));
    let a = enter(&mut runtime, |ctx| {
        let a = make(ctx, NEW_STYLE(ctx, calls.clone())?)?;
        a.set_attr(ctx, "a", a)?;
        Ok(ctx.stash(weak(ctx, a)?))
    });
    runtime.collect();
    assert_eq!(calls.get(), 1);
    assert!(is_gone(&mut runtime, &a));
    assert_eq!(garbage_length(&mut runtime), 0);
}

/// `__del__` makes objects, and asks for a collection while one ends.
fn check_del(define: for<'gc> fn(Context<'gc>, Rc<Cell<u32>>) -> Result<'gc>) {
    let mut runtime = Runtime::python2();
    let calls = Rc::new(Cell::new(0));
    let a = enter(&mut runtime, |ctx| {
        let a = make(ctx, define(ctx, calls.clone())?)?;
        Ok(ctx.stash(weak(ctx, a)?))
    });
    runtime.collect();
    assert_eq!(calls.get(), 1);
    assert!(is_gone(&mut runtime, &a));
}

fn look_around<'gc>(ctx: Context<'gc>, this: Value<'gc>, calls: &Cell<u32>) -> Result<'gc> {
    let names = ctx.import_from("__builtin__", "dir")?.call(ctx, (this,))?;
    assert!(names.contains(ctx, ctx.str("__del__"))?);
    ctx.import("gc")?.call_method(ctx, "collect", ())?;
    calls.set(calls.get() + 1);
    Ok(Value::None)
}

#[test]
fn test_del() {
    check_del(|ctx, calls| {
        let class =
            classic(ctx, "A").method("__del__", move |ctx, this, _| look_around(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

#[test]
fn test_del_newclass() {
    check_del(|ctx, calls| {
        let class =
            class(ctx, "A").method("__del__", move |ctx, this, _| look_around(ctx, this, &calls));
        Ok(class.build()?.into())
    });
}

#[test]
fn test_trashcan() {
    const N: u32 = 150;
    let mut runtime = Runtime::python2();
    let calls = Rc::new(Cell::new(0_u32));
    let counted = calls.clone();
    let ouch = enter(&mut runtime, |ctx| {
        let ouch = classic(ctx, "Ouch").method("__del__", move |ctx, _, _| {
            counted.set(counted.get() + 1);
            if counted.get().is_multiple_of(17) {
                ctx.import("gc")?.call_method(ctx, "collect", ())?;
            }
            Ok(Value::None)
        });
        Ok(ctx.stash(ouch.build()?))
    });
    for _ in 0..2 {
        enter(&mut runtime, |ctx| {
            let ouch = Value::from(ctx.fetch(&ouch));
            let (mut t, mut u) = (list(ctx, &[]), list(ctx, &[]));
            let mut v = Dict::new(ctx);
            for _ in 0..N {
                t = list(ctx, &[t, make(ctx, ouch)?]);
                u = list(ctx, &[u, make(ctx, ouch)?]);
                let next = Dict::new(ctx);
                next.insert(ctx, Value::Int(1), v.into())?;
                next.insert(ctx, Value::Int(2), make(ctx, ouch)?)?;
                v = next;
            }
            Ok(())
        });
    }
    runtime.collect();
    assert_eq!(calls.get(), 2 * 3 * N);
}
