//! Collections that start by themselves.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Class, Context, Function, List, Result, Runtime, Stashed, Value};

use crate::common::{enter, list, weak};
use crate::support::{looping, note_targets};

/// Makes garbage until a collection has started, and ended, by itself.
#[track_caller]
fn let_it_happen(runtime: &mut Runtime) {
    let happened = Rc::new(Cell::new(false));
    let note = happened.clone();
    let detector = enter(runtime, |ctx| {
        let note = Function::new(ctx, "it_happened", move |_, _| {
            note.set(true);
            Ok(Value::None)
        });
        let target = Value::from(looping(ctx, "C1055820")?).call(ctx, (666,))?;
        let reference = ctx.import_from("weakref", "ref")?.call(ctx, (target, note))?;
        Ok(ctx.stash(reference))
    });
    let collections = runtime.collections();
    for _ in 0..1000 {
        if happened.get() {
            drop(detector);
            assert_eq!(runtime.collections(), collections, "nobody asked for it");
            return;
        }
        enter(runtime, |ctx| {
            for _ in 0..100 {
                let _ = List::new(ctx);
            }
            Ok(())
        });
    }
    panic!("no collection happened by itself");
}

/// `c1` keeps what `keep` is alive; it and `c2`, to which `reference` refers, are cycles.
fn make_trash<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    keep: Value<'gc>,
    references: Value<'gc>,
) -> Result<'gc, ()> {
    let c1 = Value::from(class).call(ctx, (1,))?;
    c1.set_attr(ctx, "keep_alive", keep)?;
    keep.del_attr(ctx, "loop")?;
    let c2 = Value::from(class).call(ctx, (2,))?;
    references.call_method(ctx, "append", (weak(ctx, c2)?,)).map(drop)
}

#[track_caller]
fn assert_saw_nothing(runtime: &mut Runtime, ouch: &Stashed<Value<'static>>) {
    enter(runtime, |ctx| {
        let seen: Vec<Value<'_>> = ctx.fetch(ouch).to(ctx)?;
        assert_eq!(seen.len(), 1, "it was not called");
        assert!(seen[0].is_none(), "{:?}", seen[0]);
        Ok(())
    });
}

#[test]
fn test_bug1055820c() {
    let mut runtime = Runtime::python2();
    let (class, c0) = enter(&mut runtime, |ctx| {
        let class = looping(ctx, "C1055820")?;
        let c0 = Value::from(class).call(ctx, (0,))?;
        Ok((ctx.stash(class), ctx.stash(c0)))
    });
    runtime.collect();
    let (ouch, kept) = enter(&mut runtime, |ctx| {
        let (ouch, references) = (list(ctx, &[]), list(ctx, &[]));
        let c0 = ctx.fetch(&c0);
        make_trash(ctx, ctx.fetch(&class), c0, references)?;
        let callback = note_targets(ctx, ouch, references);
        let reference = ctx.import_from("weakref", "ref")?.call(ctx, (c0, callback))?;
        Ok((ctx.stash(ouch), ctx.stash(reference)))
    });
    drop(c0);
    let_it_happen(&mut runtime);
    assert_saw_nothing(&mut runtime, &ouch);
    drop(kept);
}

#[test]
fn test_bug1055820d() {
    let mut runtime = Runtime::python2();
    let (class, d0, ouch, references) = enter(&mut runtime, |ctx| {
        let class = looping(ctx, "C1055820")?;
        let (ouch, references) = (list(ctx, &[]), list(ctx, &[]));
        let note = note_targets(ctx, ouch, references);
        let d = crate::common::class(ctx, "D").base(class).attr("__del__", note).build()?;
        let d0 = Value::from(d).call(ctx, (0,))?;
        Ok((ctx.stash(class), ctx.stash(d0), ctx.stash(ouch), ctx.stash(references)))
    });
    runtime.collect();
    enter(&mut runtime, |ctx| {
        make_trash(ctx, ctx.fetch(&class), ctx.fetch(&d0), ctx.fetch(&references))
    });
    drop(d0);
    let_it_happen(&mut runtime);
    assert_saw_nothing(&mut runtime, &ouch);
}
