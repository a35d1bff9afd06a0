//! The end of objects: `__del__` and weak references.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use halfsour_runtime::{List, Runtime, Value, exc};

use crate::common::{
    assert_attr, assert_is, assert_raises, class, classic, enter, function, make, plain, python,
    weak,
};

#[test]
fn test_weakrefs() {
    let mut runtime = Runtime::python2();
    let slots: [Option<&[&str]>; 2] = [None, Some(&["foo", "__weakref__"])];
    for slots in slots {
        let (c, r) = enter(&mut runtime, |ctx| {
            let builder = class(ctx, "C");
            let class = slots.into_iter().fold(builder, |builder, names| builder.slots(names));
            let c = make(ctx, class.build()?)?;
            let r = weak(ctx, c)?;
            assert_is(r.call(ctx, ())?, c);
            Ok((ctx.stash(c), ctx.stash(r)))
        });
        runtime.collect();
        enter(&mut runtime, |ctx| {
            assert_is(ctx.fetch(&r).call(ctx, ())?, ctx.fetch(&c));
            Ok(())
        });
        drop(c);
        runtime.collect();
        enter(&mut runtime, |ctx| {
            assert_is(ctx.fetch(&r).call(ctx, ())?, Value::None);
            Ok(())
        });
    }
    python(|ctx| {
        let no = make(ctx, class(ctx, "NoWeak").slots(&["foo"]).build()?)?;
        let message = assert_raises(ctx, &exc::TYPE_ERROR, weak(ctx, no));
        assert!(message.contains("weak reference"), "{message}");
        Ok(())
    });
}

#[test]
fn test_delete_hook() {
    let mut runtime = Runtime::python2();
    let log = Rc::new(RefCell::new(Vec::new()));
    let calls = log.clone();
    let c = enter(&mut runtime, |ctx| {
        let c = class(ctx, "C").method("__del__", move |_, _, _| {
            calls.borrow_mut().push(1);
            Ok(Value::None)
        });
        let c = make(ctx, c.build()?)?;
        Ok(ctx.stash(c))
    });
    runtime.collect();
    assert_eq!(*log.borrow(), []);
    drop(c);
    runtime.collect();
    assert_eq!(*log.borrow(), [1]);
    runtime.collect();
    assert_eq!(*log.borrow(), [1]);
    python(|ctx| {
        let d = make(ctx, plain(ctx, "D", &[]))?;
        assert_raises(ctx, &exc::TYPE_ERROR, d.del_item(ctx, 0));
        Ok(())
    });
}

#[test]
fn test_subtype_resurrection() {
    let mut runtime = Runtime::python2();
    let (class, container) = enter(&mut runtime, |ctx| {
        let container = List::new(ctx);
        let del = function(ctx, "__del__", container, |ctx, container, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "__del__")?;
            container.call_method(ctx, "append", (this,))
        });
        let class = class(ctx, "C").attr("container", container).attr("__del__", del).build()?;
        make(ctx, class)?.set_attr(ctx, "attr", 42)?;
        Ok((ctx.stash(class), ctx.stash(container)))
    });
    // `__del__` brings the object back, and again when the container lets go of it.
    for _ in 0..3 {
        runtime.collect();
        enter(&mut runtime, |ctx| {
            let container = ctx.fetch(&container);
            assert_eq!(container.len(), 1);
            let c = crate::common::item(container.into(), 0);
            assert_attr(ctx, c, "attr", 42)?;
            Value::from(container).del_item(ctx, -1)
        });
    }
    runtime.collect();
    enter(&mut runtime, |ctx| {
        Value::from(ctx.fetch(&class)).del_attr(ctx, "__del__")?;
        Value::from(ctx.fetch(&container)).del_item(ctx, -1)
    });
    runtime.collect();
    enter(&mut runtime, |ctx| {
        assert_eq!(ctx.fetch(&container).len(), 0);
        Ok(())
    });
}

#[test]
fn test_cycle_through_dict() {
    let mut runtime = Runtime::python2();
    let wr = enter(&mut runtime, |ctx| {
        let class = class(ctx, "X")
            .base(ctx.types().dict)
            .method("__init__", |ctx, this, _| {
                Value::from(ctx.types().dict).call_method(ctx, "__init__", (this,))?;
                this.set_attr(ctx, "__dict__", this)?;
                Ok(Value::None)
            })
            .build()?;
        let x = make(ctx, class)?;
        x.set_attr(ctx, "attr", 42)?;
        assert_is(x.get_item(ctx, "attr")?, Value::Int(42));
        Ok(ctx.stash(weak(ctx, x)?))
    });
    runtime.collect();
    enter(&mut runtime, |ctx| {
        assert_is(ctx.fetch(&wr).call(ctx, ())?, Value::None);
        Ok(())
    });
}

#[test]
fn test_weakref_segfault() {
    let mut runtime = Runtime::python2();
    let seen = Rc::new(Cell::new(None));
    let note = seen.clone();
    enter(&mut runtime, |ctx| {
        let provoker = classic(ctx, "Provoker")
            .method("__init__", |ctx, this, args| {
                let (referent,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "ref", weak(ctx, referent)?)?;
                Ok(Value::None)
            })
            .method("__del__", move |ctx, this, _| {
                let target = this.get_attr(ctx, "ref")?.call(ctx, ())?;
                note.set(Some(target.is_none()));
                Ok(Value::None)
            })
            .build()?;
        let o = make(ctx, plain(ctx, "Oops", &[]))?;
        o.set_attr(ctx, "whatever", Value::from(provoker).call(ctx, (o,))?)
    });
    runtime.collect();
    assert_eq!(seen.get(), Some(true), "what refers to the provoker is gone before it");
}

#[test]
fn test_vicious_descriptor_nonsense() {
    let mut runtime = Runtime::python2();
    let c = enter(&mut runtime, |ctx| {
        let descr = class(ctx, "Descr").method("__get__", |_, _, _| Ok(Value::Int(1))).build()?;
        let c = class(ctx, "C").attr("attr", make(ctx, descr)?).build()?;
        let eq = function(ctx, "__eq__", c, |ctx, c, _| {
            c.del_attr(ctx, "attr")?;
            Ok(Value::Int(0))
        });
        let evil = class(ctx, "Evil")
            .method("__hash__", |ctx, _, _| Ok(Value::Int(ctx.str("attr").hash(ctx)?)))
            .attr("__eq__", eq)
            .build()?;
        let it = make(ctx, c)?;
        it.get_attr(ctx, "__dict__")?.set_item(ctx, make(ctx, evil)?, 0)?;
        assert_attr(ctx, it, "attr", 1)?;
        // DIFFERENCE: in CPython that look at an attribute asks the key too, here only a look into the dict does.
        let item = it.get_attr(ctx, "__dict__")?.get_item(ctx, "attr");
        assert_raises(ctx, &exc::KEY_ERROR, item);
        Ok(ctx.stash(it))
    });
    runtime.collect();
    enter(&mut runtime, |ctx| crate::common::assert_lacks(ctx, ctx.fetch(&c), "attr"));
}
