//! `__slots__`.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Class, Context, Result, Runtime, Unicode, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_has, assert_lacks, assert_raises, class, enter,
    list, make, plain, python, tuple,
};

#[test]
fn test_object_class() {
    python(|ctx| {
        let object = Value::from(ctx.types().object);
        let (a, b) = (make(ctx, object)?, make(ctx, object)?);
        crate::common::assert_is(a.get_attr(ctx, "__class__")?, object);
        crate::common::assert_is(a.type_of(ctx), object);
        crate::common::assert_not_equal(ctx, a, b)?;
        assert_lacks(ctx, a, "foo")?;
        assert_raises(ctx, &exc::ATTRIBUTE_ERROR, a.set_attr(ctx, "foo", 12));
        assert_lacks(ctx, make(ctx, object)?, "__dict__")?;
        let x = make(ctx, plain(ctx, "Cdict", &[]))?;
        assert_equal(ctx, x.get_attr(ctx, "__dict__")?.len(ctx)? as i64, 0)?;
        x.set_attr(ctx, "foo", 1)?;
        assert_attr(ctx, x, "foo", 1)?;
        assert_equal(
            ctx,
            x.get_attr(ctx, "__dict__")?.call_method(ctx, "items", ())?,
            vec![("foo", 1)],
        )
    });
}

#[test]
fn test_slots() {
    python(|ctx| {
        let x = make(ctx, class(ctx, "C0").slots(&[]).build()?)?;
        assert_lacks(ctx, x, "__dict__")?;
        assert_lacks(ctx, x, "foo")?;
        let x = make(ctx, class(ctx, "C1").slots(&["a"]).build()?)?;
        assert_lacks(ctx, x, "__dict__")?;
        assert_lacks(ctx, x, "a")?;
        x.set_attr(ctx, "a", 1)?;
        assert_attr(ctx, x, "a", 1)?;
        x.set_attr(ctx, "a", Value::None)?;
        assert_attr(ctx, x, "a", Value::None)?;
        x.del_attr(ctx, "a")?;
        assert_lacks(ctx, x, "a")?;
        let x = make(ctx, class(ctx, "C3").slots(&["a", "b", "c"]).build()?)?;
        assert_lacks(ctx, x, "__dict__")?;
        for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
            assert_lacks(ctx, x, name)?;
            x.set_attr(ctx, name, number)?;
        }
        for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
            assert_attr(ctx, x, name, number)?;
        }
        Ok(())
    });
    python(|ctx| {
        // A private name is mangled; a method of the class would use the mangled one.
        let c4 = class(ctx, "C4")
            .slots(&["__a"])
            .method("__init__", |ctx, this, args| {
                let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "_C4__a", value)?;
                Ok(Value::None)
            })
            .method("get", |ctx, this, _| this.get_attr(ctx, "_C4__a"))
            .build()?;
        let x = Value::from(c4).call(ctx, (5,))?;
        assert_lacks(ctx, x, "__dict__")?;
        assert_lacks(ctx, x, "__a")?;
        assert_call(ctx, x, "get", 5)?;
        assert_raises(ctx, &exc::ATTRIBUTE_ERROR, x.set_attr(ctx, "__a", 6));
        Ok(())
    });
    python(|ctx| {
        let names =
            [Value::None, ctx.str("foo bar"), ctx.str("foo\0bar"), ctx.str("1"), ctx.str("")];
        for name in names {
            let refused = class(ctx, "C").attr("__slots__", list(ctx, &[name])).build();
            assert_raises(ctx, &exc::TYPE_ERROR, refused);
        }
        class(ctx, "C").slots(&["a", "a_b", "_a", "A0123456789Z"]).build()?;
        // A single string is one name.
        let c = make(ctx, class(ctx, "C").attr("__slots__", "abc").build()?)?;
        c.set_attr(ctx, "abc", 5)?;
        assert_attr(ctx, c, "abc", 5)
    });
}

/// A class whose instances are counted while they are alive.
fn counted<'gc>(ctx: Context<'gc>, alive: &Rc<Cell<i32>>) -> Result<'gc, Class<'gc>> {
    let (more, less) = (alive.clone(), alive.clone());
    class(ctx, "Counted")
        .method("__init__", move |_, _, _| {
            more.set(more.get() + 1);
            Ok(Value::None)
        })
        .method("__del__", move |_, _, _| {
            less.set(less.get() - 1);
            Ok(Value::None)
        })
        .build()
}

#[test]
fn test_unicode_slots() {
    python(|ctx| {
        let c = class(ctx, "C").attr("__slots__", Unicode::new(ctx, "abc")).build()?;
        let c = make(ctx, c)?;
        c.set_attr(ctx, "abc", 5)?;
        assert_attr(ctx, c, "abc", 5)?;
        let names = [Unicode::new(ctx, "foo").into(), Unicode::new(ctx, "bar").into()];
        let slots = tuple(ctx, &names);
        let x = make(ctx, class(ctx, "C").attr("__slots__", slots).build()?)?;
        x.set_attr(ctx, "foo", 5)?;
        assert_attr(ctx, x, "foo", 5)?;
        crate::common::assert_is(crate::common::item(slots, 0).type_of(ctx), ctx.types().unicode);
        let odd = list(ctx, &[Unicode::new(ctx, "\u{80}").into()]);
        let refused = class(ctx, "C").attr("__slots__", odd).build();
        let error = refused.expect_err("a slot has an ASCII name");
        assert!(error.is(ctx, &exc::TYPE_ERROR) || error.is(ctx, &exc::UNICODE_ENCODE_ERROR));
        Ok(())
    });
    slots_are_released_with_the_object();
    python(|ctx| {
        let x = make(ctx, class(ctx, "X").attr("__slots__", "a").build()?)?;
        assert_raises(ctx, &exc::ATTRIBUTE_ERROR, x.del_attr(ctx, "a"));
        Ok(())
    });
}

fn slots_are_released_with_the_object() {
    let mut runtime = Runtime::python2();
    let alive = Rc::new(Cell::new(0));
    // Each of these has the names set to a counted object.
    let classes: [(&[&str], usize); 3] =
        [(&["a", "b", "c"], 0), (&["a", "z"], 1), (&["a", "z", "e"], 2)];
    for (names, depth) in classes {
        let held = enter(&mut runtime, |ctx| {
            let c = class(ctx, "C").slots(&["a", "b", "c"]).build()?;
            let d = plain(ctx, "D", &[c]);
            let e = class(ctx, "E").base(d).slots(&["e"]).build()?;
            let counted = counted(ctx, &alive)?;
            let x = make(ctx, [c, d, e][depth])?;
            for name in names {
                x.set_attr(ctx, *name, make(ctx, counted)?)?;
            }
            Ok(ctx.stash(x))
        });
        runtime.collect();
        assert_eq!(alive.get(), names.len() as i32);
        drop(held);
        runtime.collect();
        assert_eq!(alive.get(), 0);
    }
    // A cycle that leads to one.
    let held = enter(&mut runtime, |ctx| {
        let s = make(ctx, class(ctx, "F").slots(&["a", "b"]).build()?)?;
        let counted = make(ctx, counted(ctx, &alive)?)?;
        s.set_attr(ctx, "a", list(ctx, &[counted, s]))?;
        Ok(ctx.stash(s))
    });
    runtime.collect();
    assert_eq!(alive.get(), 1);
    drop(held);
    runtime.collect();
    assert_eq!(alive.get(), 0);
    compared_objects_do_not_pile_up();
    slots_are_there_in_del();
}

fn compared_objects_do_not_pile_up() {
    let mut runtime = Runtime::python2();
    let g = enter(&mut runtime, |ctx| {
        let g = class(ctx, "G")
            .method("__cmp__", |_, _, _| Ok(Value::Int(0)))
            .attr("__hash__", Value::None);
        Ok(ctx.stash(make(ctx, g.build()?)?))
    });
    let mut compare = || {
        enter(&mut runtime, |ctx| {
            let g = ctx.fetch(&g);
            for _ in 0..10 {
                assert!(g.equals(ctx, g)?);
            }
            Ok(())
        });
        runtime.collect();
        runtime.objects()
    };
    let before = compare();
    assert_eq!(compare(), before);
}

fn slots_are_there_in_del() {
    let mut runtime = Runtime::python2();
    let seen = Rc::new(Cell::new(false));
    let note = seen.clone();
    enter(&mut runtime, |ctx| {
        let h = class(ctx, "H")
            .slots(&["a", "b"])
            .method("__init__", |ctx, this, _| {
                this.set_attr(ctx, "a", 1)?;
                this.set_attr(ctx, "b", 2)?;
                Ok(Value::None)
            })
            .method("__del__", move |ctx, this, _| {
                assert_attr(ctx, this, "a", 1)?;
                assert_attr(ctx, this, "b", 2)?;
                note.set(true);
                Ok(Value::None)
            });
        make(ctx, h.build()?).map(drop)
    });
    runtime.collect();
    assert!(seen.get());
}

#[test]
fn test_slots_special() {
    python(|ctx| {
        let d = class(ctx, "D").slots(&["__dict__"]).build()?;
        let a = make(ctx, d)?;
        assert_has(ctx, a, "__dict__")?;
        assert_lacks(ctx, a, "__weakref__")?;
        assert_dict_works(ctx, a)?;
        let w = class(ctx, "W").slots(&["__weakref__"]).build()?;
        let a = make(ctx, w)?;
        assert_has(ctx, a, "__weakref__")?;
        assert_lacks(ctx, a, "__dict__")?;
        assert_raises(ctx, &exc::ATTRIBUTE_ERROR, a.set_attr(ctx, "foo", 42));
        for bases in [[w, d], [d, w]] {
            let joined = class(ctx, "C").base(bases[0]).base(bases[1]).slots(&[]).build()?;
            let a = make(ctx, joined)?;
            assert_has(ctx, a, "__dict__")?;
            assert_has(ctx, a, "__weakref__")?;
            assert_dict_works(ctx, a)?;
            crate::common::weak(ctx, a)?;
        }
        Ok(())
    });
}

fn assert_dict_works<'gc>(ctx: Context<'gc>, a: Value<'gc>) -> Result<'gc, ()> {
    a.set_attr(ctx, "foo", 42)?;
    assert_equal(
        ctx,
        a.get_attr(ctx, "__dict__")?.call_method(ctx, "items", ())?,
        vec![("foo", 42)],
    )
}

#[test]
fn test_slots_descriptor() {
    python(|ctx| {
        // What `abc.ABCMeta` does: a class that others register with takes their instances for its own.
        let meta = class(ctx, "ABCMeta")
            .base(ctx.types().type_)
            .method("__instancecheck__", |_, _, _| Ok(Value::Bool(true)))
            .build()?;
        let abc = class(ctx, "MyABC").metaclass(meta).attr("__slots__", "a").build()?;
        let u = make(ctx, plain(ctx, "Unrelated", &[]))?;
        assert!(u.is_instance(ctx, abc)?);
        let slot = Value::from(abc).get_attr(ctx, "a")?;
        assert_raises(ctx, &exc::TYPE_ERROR, slot.call_method(ctx, "__set__", (u, 3)));
        Ok(())
    });
}

#[test]
fn test_slots_multiple_inheritance() {
    python(|ctx| {
        let a = class(ctx, "A").slots(&[]).build()?;
        let b = plain(ctx, "B", &[]);
        let c = class(ctx, "C").base(a).base(b).slots(&[]).build()?;
        // What CPython compares as `__basicsize__`.
        assert_eq!((c.n_slots(), c.has_dict()), (b.n_slots(), b.has_dict()));
        assert_has(ctx, c, "__dict__")?;
        assert_has(ctx, c, "__weakref__")?;
        make(ctx, c)?.set_attr(ctx, "x", 2)
    });
}

#[test]
fn test_slots_trash() {
    let mut runtime = Runtime::python2();
    let o = enter(&mut runtime, |ctx| {
        let trash = class(ctx, "trash")
            .slots(&["x"])
            .method("__init__", |ctx, this, args| {
                let (x,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "x", x)?;
                Ok(Value::None)
            })
            .build()?;
        let mut o = Value::None;
        for _ in 0..50_000 {
            o = Value::from(trash).call(ctx, (o,))?;
        }
        Ok(ctx.stash(o))
    });
    runtime.collect();
    let before = runtime.objects();
    drop(o);
    runtime.collect();
    assert!(runtime.objects() + 50_000 < before);
}
