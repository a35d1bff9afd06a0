//! Pickles and copies of descriptors, and of instances of all kinds of classes.

use halfsour::{Class, ClassBuilder, Context, Dict, Module, Result, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_is, assert_lacks, assert_raises, builtin,
    function, list, make, tuple,
};
use crate::{MODULES, bounce, deep_copy, dumps, python, shallow_copy};

/// A descriptor of a function that can be pickled by name is copied, and pickled from protocol 2 on.
fn check_descriptor(kind: &'static str) {
    python(|ctx| {
        let module = ctx.new_module("test_descr")?;
        let func = module.function(ctx, "func", |ctx, args| Ok(args.to_tuple(ctx).into()))?;
        let descriptor = builtin(ctx, kind)?.call(ctx, (func,))?;
        let copies = [shallow_copy(ctx, descriptor)?, deep_copy(ctx, descriptor)?];
        for copy in copies {
            assert_is(copy.type_of(ctx), descriptor.type_of(ctx));
        }
        for pickle in MODULES {
            for protocol in 0..2 {
                let refused = dumps(ctx, pickle, descriptor, protocol);
                assert_raises(ctx, &exc::TYPE_ERROR, refused);
            }
            dumps(ctx, pickle, descriptor, 2)?;
        }
        Ok(())
    });
}

#[test]
fn test_classmethod_copy_pickle() {
    check_descriptor("classmethod");
}

#[test]
fn test_staticmethod_copy_pickle() {
    check_descriptor("staticmethod");
}

#[test]
fn test_property_copy_pickle() {
    check_descriptor("property");
}

/// `self.NAME = value` for each argument.
fn set_all<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    names: &[&str],
    values: &[Value<'gc>],
) -> Result<'gc> {
    for (name, value) in names.iter().zip(values) {
        this.set_attr(ctx, *name, *value)?;
    }
    Ok(Value::None)
}

/// The names and reprs that CPython's `__repr__` methods show: `NAME(a, b)`.
fn text_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, String> {
    let part = |name: &str| this.get_attr(ctx, name)?.repr(ctx)?.to::<String>(ctx);
    Ok(format!("({}, {})", part("a")?, part("b")?))
}

/// `def __new__(cls, a, b, val=0): return super(C, cls).__new__(cls, val)`, with `val` for a number only.
fn new_of<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc> {
    let new = function(ctx, "__new__", base, |ctx, base, args| {
        let given = args.positional();
        let number = base.is_subclass(ctx, ctx.types().int)?;
        let value = given.get(3).copied().unwrap_or(Value::Int(0));
        let of_base = if number { vec![given[0], value] } else { vec![given[0]] };
        base.get_attr(ctx, "__new__")?.call(ctx, &*of_base)
    });
    builtin(ctx, "staticmethod")?.call(ctx, (new,))
}

/// The classes `C`, `C1` and `C2` of the test.
fn define_classes<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, [Value<'gc>; 3]> {
    let two = |builder: ClassBuilder<'gc>| {
        builder
            .method("__init__", |ctx, this, args| {
                set_all(ctx, this, &["a", "b"], args.positional())
            })
            .method("__repr__", |ctx, this, _| {
                let class = this.type_of(ctx).name();
                let content = match class.as_str() {
                    "C1" => format!("<{:?}>", this.as_list().map_or(0, |it| it.len())),
                    "C2" => format!("<{}>", this.to::<i64>(ctx)?),
                    _ => String::new(),
                };
                Ok(ctx.str(&format!("{class}{}{content}", text_of(ctx, this)?)))
            })
    };
    let (list, int) = (ctx.types().list, ctx.types().int);
    let c = two(Class::builder(ctx, "C")).build()?;
    let c1 = two(Class::builder(ctx, "C1"))
        .base(list)
        .attr("__new__", new_of(ctx, list)?)
        .method("__getnewargs__", |ctx, this, _| {
            Ok(tuple(ctx, &[this.get_attr(ctx, "a")?, this.get_attr(ctx, "b")?]))
        })
        .build()?;
    let c2 = two(Class::builder(ctx, "C2"))
        .base(int)
        .attr("__new__", new_of(ctx, int)?)
        .method("__getnewargs__", |ctx, this, _| {
            let number = Value::Int(this.to::<i64>(ctx)?);
            Ok(tuple(ctx, &[this.get_attr(ctx, "a")?, this.get_attr(ctx, "b")?, number]))
        })
        .build()?;
    for class in [c, c1, c2] {
        module.class_named(ctx, class)?;
    }
    Ok([c.into(), c1.into(), c2.into()])
}

/// Checks that a copy has the class, the attributes and the text of the original.
#[track_caller]
fn assert_same<'gc>(ctx: Context<'gc>, copy: Value<'gc>, original: Value<'gc>) -> Result<'gc, ()> {
    assert_is(copy.get_attr(ctx, "__class__")?, original.get_attr(ctx, "__class__")?);
    assert_attr(ctx, copy, "__dict__", original.get_attr(ctx, "__dict__")?)?;
    assert_equal(ctx, copy.repr(ctx)?, original.repr(ctx)?)?;
    assert_equal(ctx, copy.content(), original.content())
}

#[test]
fn test_pickles() {
    python(|ctx| {
        let module = ctx.new_module("test_descr")?;
        let classes = define_classes(ctx, module)?;
        let c3 = Class::builder(ctx, "C3")
            .method("__init__", |ctx, this, args| set_all(ctx, this, &["foo"], args.positional()))
            .method("__getstate__", |ctx, this, _| this.get_attr(ctx, "foo"))
            .method("__setstate__", |ctx, this, args| {
                set_all(ctx, this, &["foo"], args.positional())
            })
            .build()?;
        let old = halfsour::ClassicClass::builder(ctx, "C4classic").build()?;
        let c4 = Class::builder(ctx, "C4").base(old).base(ctx.types().object).build()?;
        module.class_named(ctx, c3)?;
        module.class_named(ctx, old)?;
        module.class_named(ctx, c4)?;

        let a = classes[1].call(ctx, (1, 2))?;
        a.call_method(ctx, "append", (42,))?;
        a.call_method(ctx, "append", (24,))?;
        let b = classes[2].call(ctx, ("hello", "world", 42))?;
        let both = tuple(ctx, &[a, b]);
        for pickle in MODULES {
            for protocol in 0..=2 {
                for class in classes {
                    assert_is(bounce(ctx, pickle, class, protocol)?, class);
                }
                let copies = bounce(ctx, pickle, both, protocol)?;
                assert_same(ctx, crate::common::item(copies, 0), a)?;
                assert_same(ctx, crate::common::item(copies, 1), b)?;
                let u = Value::from(c3).call(ctx, (42,))?;
                let v = bounce(ctx, pickle, u, protocol)?;
                assert_is(v.get_attr(ctx, "__class__")?, c3);
                assert_attr(ctx, v, "foo", 42)?;
                let u = make(ctx, c4)?;
                u.set_attr(ctx, "foo", 42)?;
                let v = bounce(ctx, pickle, u, protocol)?;
                assert_is(v.get_attr(ctx, "__class__")?, c4);
                assert_attr(ctx, v, "foo", 42)?;
            }
        }
        for class in classes {
            assert_is(deep_copy(ctx, class)?, class);
        }
        let copies = deep_copy(ctx, both)?;
        assert_same(ctx, crate::common::item(copies, 0), a)?;
        assert_same(ctx, crate::common::item(copies, 1), b)
    });
}

/// The state of an object with slots: `__dict__` and the slots that are set.
fn get_state<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let state = Dict::new(ctx);
    if let Some(own) = this.find_attr(ctx, "__dict__")?.and_then(Value::as_dict) {
        for (key, value) in own.entries() {
            state.insert(ctx, key, value)?;
        }
    }
    let mro = this.get_attr(ctx, "__class__")?.get_attr(ctx, "__mro__")?;
    for class in mro.iter(ctx)?.collect_vec(ctx)? {
        let none = tuple(ctx, &[]);
        let slots =
            class.get_attr(ctx, "__dict__")?.call_method(ctx, "get", ("__slots__", none))?;
        for name in slots.iter(ctx)?.collect_vec(ctx)? {
            if let Some(value) = this.find_attr(ctx, &name.to::<String>(ctx)?)? {
                state.insert(ctx, name, value)?;
            }
        }
    }
    Ok(state.into())
}

fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, state: Dict<'gc>) -> Result<'gc> {
    for (name, value) in state.entries() {
        this.set_attr(ctx, &name.to::<String>(ctx)?, value)?;
    }
    Ok(Value::None)
}

/// Pickles an object with each module at each protocol, and looks at what comes back.
#[track_caller]
fn for_all_copies<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    check: impl Fn(Value<'gc>) -> Result<'gc, ()>,
) -> Result<'gc, ()> {
    for pickle in MODULES {
        for protocol in 0..=2 {
            check(bounce(ctx, pickle, object, protocol)?)?;
        }
    }
    Ok(())
}

#[test]
fn test_pickle_slots() {
    python(|ctx| {
        let module = ctx.new_module("test_descr")?;
        let b = Class::builder(ctx, "B").build()?;
        module.class_named(ctx, b)?;
        for base in [ctx.types().object, b] {
            let c = Class::builder(ctx, "C").base(base).slots(&["a"]).build()?;
            let d = Class::builder(ctx, "D").base(c).build()?;
            module.class_named(ctx, c)?;
            module.class_named(ctx, d)?;
            for class in [c, d] {
                for pickle in MODULES {
                    for protocol in 0..2 {
                        let refused = dumps(ctx, pickle, make(ctx, class)?, protocol);
                        assert_raises(ctx, &exc::TYPE_ERROR, refused);
                    }
                }
            }
            let c = Class::builder(ctx, "C")
                .base(base)
                .slots(&["a"])
                .method("__getstate__", |ctx, this, _| get_state(ctx, this))
                .method("__setstate__", |ctx, this, args| {
                    let (state,): (Dict<'_>,) = args.parse(ctx, "__setstate__")?;
                    set_state(ctx, this, state)
                })
                .build()?;
            let d = Class::builder(ctx, "D").base(c).build()?;
            let e = Class::builder(ctx, "E").base(c).slots(&["b"]).build()?;
            for class in [c, d, e] {
                module.class_named(ctx, class)?;
            }
            let x = make(ctx, c)?;
            for_all_copies(ctx, x, |y| assert_lacks(ctx, y, "a"))?;
            x.set_attr(ctx, "a", 42)?;
            for_all_copies(ctx, x, |y| assert_attr(ctx, y, "a", 42))?;
            for (class, other) in [(d, Value::Int(100)), (e, ctx.str("foo"))] {
                let x = make(ctx, class)?;
                x.set_attr(ctx, "a", 42)?;
                x.set_attr(ctx, "b", other)?;
                for_all_copies(ctx, x, |y| {
                    assert_attr(ctx, y, "a", 42)?;
                    assert_attr(ctx, y, "b", other)
                })?;
            }
        }
        Ok(())
    });
}

#[test]
fn test_deepcopy_recursive() {
    python(|ctx| {
        let node = crate::common::plain_classic(ctx, "Node", &[]);
        let (a, b) = (make(ctx, node)?, make(ctx, node)?);
        a.set_attr(ctx, "b", b)?;
        b.set_attr(ctx, "a", a)?;
        let z = deep_copy(ctx, a)?;
        assert!(!z.is(a) && !z.get_attr(ctx, "b")?.is(b));
        assert_is(z.get_attr(ctx, "b")?.get_attr(ctx, "a")?, z);
        Ok(())
    });
}

#[test]
fn test_copy_setstate() {
    python(|ctx| {
        let c = Class::builder(ctx, "C")
            .method("__init__", |ctx, this, args| {
                let foo = args.positional()[0];
                set_all(ctx, this, &["foo", "_C__foo"], &[foo, foo])
            })
            .method("setfoo", |ctx, this, args| set_all(ctx, this, &["foo"], args.positional()))
            .method("getfoo", |ctx, this, _| this.get_attr(ctx, "_C__foo"))
            .method("__getstate__", |ctx, this, _| Ok(list(ctx, &[this.get_attr(ctx, "foo")?])))
            .method("__setstate__", |ctx, this, args| {
                let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
                assert_eq!(state.len(ctx)?, 1);
                let foo = crate::common::item(state, 0);
                set_all(ctx, this, &["_C__foo", "foo"], &[foo, foo])
            })
            .build()?;
        let a = Value::from(c).call(ctx, (42,))?;
        a.call_method(ctx, "setfoo", (24,))?;
        assert_attr(ctx, a, "foo", 24)?;
        assert_call(ctx, a, "getfoo", 42)?;
        for b in [shallow_copy(ctx, a)?, deep_copy(ctx, a)?] {
            assert_attr(ctx, b, "foo", 24)?;
            assert_call(ctx, b, "getfoo", 24)?;
        }
        Ok(())
    });
}
