//! Methods, class methods, static methods, and `super`.

use halfsour_runtime::{Class, Context, Error, Result, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_is, assert_raises, builtin, class, classic,
    function, lambda, make, plain, python, shown, tuple,
};

/// `def foo(*a): return a`.
fn arguments<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    lambda(ctx, |ctx, args| Ok(tuple(ctx, args.positional())))
}

/// Checks what `foo` and `goo`, a method and a class method, get for `object` and its class.
#[track_caller]
fn assert_bound<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    object: Value<'gc>,
    goo: &[Value<'gc>],
) -> Result<'gc, ()> {
    assert_equal(ctx, class.call_method(ctx, "goo", (1,))?, tuple(ctx, goo))?;
    assert_equal(ctx, object.call_method(ctx, "goo", (1,))?, tuple(ctx, goo))?;
    let bound = (object, 1);
    assert_equal(ctx, object.call_method(ctx, "foo", (1,))?, bound)?;
    assert_equal(ctx, class.call_method(ctx, "foo", (object, 1))?, bound)
}

/// `object.goo.im_self`.
fn goo_self<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    object.get_attr(ctx, "goo")?.get_attr(ctx, "im_self")
}

#[test]
fn test_classmethods() {
    python(|ctx| {
        let one = Value::Int(1);
        let all = arguments(ctx);
        let goo = builtin(ctx, "classmethod")?.call(ctx, (all,))?;
        let c = class(ctx, "C").attr("foo", all).attr("goo", goo).build()?;
        let d = plain(ctx, "D", &[c]);
        let (c_it, d_it) = (make(ctx, c)?, make(ctx, d)?);
        assert_bound(ctx, c.into(), c_it, &[c.into(), one])?;
        assert_bound(ctx, d.into(), d_it, &[d.into(), one])?;

        let f = lambda(ctx, |ctx, args| {
            let (class, argument): (Value<'_>, Value<'_>) = args.parse(ctx, "f")?;
            Ok(tuple(ctx, &[class, argument]))
        });
        let classmethod = builtin(ctx, "classmethod")?;
        let ff = classmethod.call(ctx, (f,))?;
        let int = ctx.types().int;
        let bound = ff.call_method(ctx, "__get__", (0, int))?;
        assert_equal(ctx, bound.call(ctx, (42,))?, (int, 42))?;
        let bound = ff.call_method(ctx, "__get__", (0,))?;
        assert_equal(ctx, bound.call(ctx, (42,))?, (int, 42))?;

        assert_is(goo_self(ctx, c.into())?, c);
        assert_is(goo_self(ctx, d.into())?, d);
        let super_ = builtin(ctx, "super")?;
        for object in [d.into(), d_it] {
            let behind = super_.call(ctx, (d, object))?;
            assert_is(goo_self(ctx, behind)?, d);
            assert_call(ctx, behind, "goo", (d,))?;
        }
        let bound = classmethod.call(ctx, (1,))?.call_method(ctx, "__get__", (1,))?;
        assert_raises(ctx, &exc::TYPE_ERROR, bound.call(ctx, ()));
        let keywords = halfsour_runtime::Args::new(&[f]).keyword(ctx, "kw", 1);
        assert_raises(ctx, &exc::TYPE_ERROR, classmethod.call(ctx, keywords));
        Ok(())
    });
}

#[test]
fn test_staticmethods() {
    python(|ctx| {
        let all = arguments(ctx);
        let goo = builtin(ctx, "staticmethod")?.call(ctx, (all,))?;
        let c = class(ctx, "C").attr("foo", all).attr("goo", goo).build()?;
        let d = plain(ctx, "D", &[c]);
        for class in [c, d] {
            assert_bound(ctx, class.into(), make(ctx, class)?, &[Value::Int(1)])?;
        }
        Ok(())
    });
}

#[test]
fn test_classic() {
    python(|ctx| {
        let one = Value::Int(1);
        let all = arguments(ctx);
        let goo = builtin(ctx, "classmethod")?.call(ctx, (all,))?;
        let c = classic(ctx, "C").attr("foo", all).attr("goo", goo).build()?;
        let d = crate::common::plain_classic(ctx, "D", &[c]);
        for class in [c, d] {
            assert_bound(ctx, class.into(), make(ctx, class)?, &[class.into(), one])?;
        }
        let unbound = Value::from(c).get_attr(ctx, "foo")?;
        let e = classic(ctx, "E").attr("foo", unbound).build()?;
        assert_attr(ctx, make(ctx, e)?, "foo", Value::from(c).get_attr(ctx, "foo")?)?;
        let bound = unbound.call_method(ctx, "__get__", (make(ctx, c)?,))?;
        assert!(shown(ctx, bound)?.starts_with("<bound method "));
        Ok(())
    });
}

#[test]
fn test_methods() {
    python(|ctx| {
        let c = class(ctx, "C")
            .method("__init__", |ctx, this, args| {
                let (x,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "x", x)?;
                Ok(Value::None)
            })
            .method("foo", |ctx, this, _| this.get_attr(ctx, "x"))
            .build()?;
        let c1 = Value::from(c).call(ctx, (1,))?;
        assert_call(ctx, c1, "foo", 1)?;
        let unbound = Value::from(c).get_attr(ctx, "foo")?;
        let d = class(ctx, "D")
            .base(c)
            .attr("boo", unbound)
            .attr("goo", c1.get_attr(ctx, "foo")?)
            .build()?;
        let d2 = Value::from(d).call(ctx, (2,))?;
        for (method, number) in [("foo", 2), ("boo", 2), ("goo", 1)] {
            assert_call(ctx, d2, method, number)?;
        }
        let e = class(ctx, "E").attr("foo", unbound).build()?;
        assert_attr(ctx, make(ctx, e)?, "foo", Value::from(c).get_attr(ctx, "foo")?)?;
        let bound = unbound.call_method(ctx, "__get__", (c1,))?;
        assert!(shown(ctx, bound)?.starts_with("<bound method "));
        Ok(())
    });
}

/// A method `meth(a)` that shows its class's name and the argument, and goes on with what `behind` finds.
fn shows<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    behind: impl for<'a> Fn(Context<'a>, Value<'a>, Value<'a>) -> Result<'a> + 'static,
) -> Result<'gc, ()> {
    let name = class.name();
    let meth = function(ctx, "meth", class, move |ctx, class, args| {
        let (this, a): (Value<'_>, i64) = args.parse(ctx, "meth")?;
        let text = behind(ctx, class, this)?.call_method(ctx, "meth", (a,))?;
        Ok(ctx.str(&format!("{name}({a}){}", text.to::<String>(ctx)?)))
    });
    class.define(ctx, "meth", meth)
}

#[track_caller]
fn assert_meth<'gc>(ctx: Context<'gc>, class: Class<'gc>, a: i64, text: &str) -> Result<'gc, ()> {
    assert_equal(ctx, make(ctx, class)?.call_method(ctx, "meth", (a,))?, text)
}

#[test]
fn test_supers() {
    python(|ctx| {
        let super_ = builtin(ctx, "super")?;
        let a = class(ctx, "A")
            .method("meth", |ctx, _, args| {
                let (a,): (i64,) = args.parse(ctx, "meth")?;
                Ok(ctx.str(&format!("A({a})")))
            })
            .build()?;
        assert_meth(ctx, a, 1, "A(1)")?;
        let b = plain(ctx, "B", &[a]);
        let init = function(ctx, "__init__", b, |ctx, b, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            let behind = builtin(ctx, "super")?.call(ctx, (b, this))?;
            this.set_attr(ctx, "_B__super", behind)?;
            Ok(Value::None)
        });
        b.define(ctx, "__init__", init)?;
        shows(ctx, b, |ctx, _, this| this.get_attr(ctx, "_B__super"))?;
        assert_meth(ctx, b, 2, "B(2)A(2)")?;
        let c = plain(ctx, "C", &[a]);
        c.define(ctx, "_C__super", super_.call(ctx, (c,))?)?;
        shows(ctx, c, |ctx, _, this| this.get_attr(ctx, "_C__super"))?;
        assert_meth(ctx, c, 3, "C(3)A(3)")?;
        let d = plain(ctx, "D", &[c, b]);
        shows(ctx, d, |ctx, d, this| builtin(ctx, "super")?.call(ctx, (d, this)))?;
        assert_meth(ctx, d, 4, "D(4)C(4)B(4)A(4)")?;

        // Subclasses of super.
        let my_super = plain(ctx, "mysuper", &[ctx.types().super_]);
        let init = function(ctx, "__init__", my_super, |ctx, my_super, mut args| {
            let this = args.take_first().unwrap_or(Value::None);
            let behind = builtin(ctx, "super")?.call(ctx, (my_super, this))?;
            behind.call_method(ctx, "__init__", args)
        });
        my_super.define(ctx, "__init__", init)?;
        let e = class(ctx, "E").base(d).attr("mine", my_super).build()?;
        shows(ctx, e, |ctx, e, this| e.get_attr(ctx, "mine")?.call(ctx, (e, this)))?;
        assert_meth(ctx, e, 5, "E(5)D(5)C(5)B(5)A(5)")?;
        let f = plain(ctx, "F", &[e]);
        f.define(ctx, "_F__super", Value::from(my_super).call(ctx, (f,))?)?;
        let meth = lambda(ctx, |ctx, args| {
            let (this, a): (Value<'_>, i64) = args.parse(ctx, "meth")?;
            let behind = this.get_attr(ctx, "_F__super")?;
            let class = behind.get_attr(ctx, "__class__")?.get_attr(ctx, "__name__")?;
            let text = behind.call_method(ctx, "meth", (a,))?.to::<String>(ctx)?;
            Ok(ctx.str(&format!("F({a})[{}]{text}", class.to::<String>(ctx)?)))
        });
        f.define(ctx, "meth", meth)?;
        assert_meth(ctx, f, 6, "F(6)[mysuper]E(6)D(6)C(6)B(6)A(6)")?;

        let c_it = make(ctx, c)?;
        assert_raises(ctx, &exc::TYPE_ERROR, super_.call(ctx, (d, 42)));
        assert_raises(ctx, &exc::TYPE_ERROR, super_.call(ctx, (d, c_it)));
        let unbound = super_.call(ctx, (d,))?;
        assert_raises(ctx, &exc::TYPE_ERROR, unbound.call_method(ctx, "__get__", (12,)));
        assert_raises(ctx, &exc::TYPE_ERROR, unbound.call_method(ctx, "__get__", (c_it,)));
        let keywords = halfsour_runtime::Args::new(&[a.into()]).keyword(ctx, "kw", 1);
        assert_raises(ctx, &exc::TYPE_ERROR, super_.call(ctx, keywords));
        descriptors_behind(ctx)
    });
}

/// Data descriptors through `super`, also from a class method.
fn descriptors_behind<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let super_ = builtin(ctx, "super")?;
    let base = class(ctx, "DDbase").property("x", |_, _| Ok(Value::Int(42))).build()?;
    let sub =
        class(ctx, "DDsub").base(base).property("x", |ctx, _| Ok(ctx.str("hello"))).build()?;
    let dd = make(ctx, sub)?;
    assert_attr(ctx, dd, "x", "hello")?;
    assert_attr(ctx, super_.call(ctx, (sub, dd))?, "x", 42)?;

    let base = class(ctx, "Base").property("aProp", |ctx, _| Ok(ctx.str("foo"))).build()?;
    let sub = plain(ctx, "Sub", &[base]);
    let test = function(ctx, "test", sub, |ctx, sub, args| {
        let (class,): (Value<'_>,) = args.parse(ctx, "test")?;
        builtin(ctx, "super")?.call(ctx, (sub, class))?.get_attr(ctx, "aProp")
    });
    sub.define(ctx, "test", builtin(ctx, "classmethod")?.call(ctx, (test,))?)?;
    assert_call(ctx, sub, "test", Value::from(base).get_attr(ctx, "aProp")?)
}

/// A class whose instances show another object's attributes for their own.
pub(super) fn proxy(ctx: Context<'_>) -> Result<'_, Class<'_>> {
    class(ctx, "Proxy")
        .method("__init__", |ctx, this, args| {
            let (object,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "_Proxy__obj", object)?;
            Ok(Value::None)
        })
        .method("__getattribute__", |ctx, this, args| {
            let (name,): (String,) = args.parse(ctx, "__getattribute__")?;
            if name.starts_with("_Proxy__") {
                let own = Value::from(ctx.types().object).get_attr(ctx, "__getattribute__")?;
                return own.call(ctx, (this, name));
            }
            this.get_attr(ctx, "_Proxy__obj")?.get_attr(ctx, &name)
        })
        .build()
}

#[test]
fn test_isinst_isclass() {
    python(|ctx| {
        let proxy = Value::from(proxy(ctx)?);
        let old = crate::common::plain_classic(ctx, "C", &[]);
        let new = plain(ctx, "C", &[]);
        let cases: [(Value<'_>, Value<'_>); 4] = [
            (old.into(), old.into()),
            (crate::common::plain_classic(ctx, "D", &[old]).into(), old.into()),
            (new.into(), new.into()),
            (plain(ctx, "D", &[new]).into(), new.into()),
        ];
        for (class, base) in cases {
            let a = make(ctx, class)?;
            assert!(a.is_instance(ctx, base)?);
            assert!(proxy.call(ctx, (a,))?.is_instance(ctx, base)?);
        }
        Ok(())
    });
}

#[test]
fn test_proxy_super() {
    python(|ctx| {
        let b = class(ctx, "B").method("f", |ctx, _, _| Ok(ctx.str("B.f"))).build()?;
        let c = plain(ctx, "C", &[b]);
        let f = function(ctx, "f", c, |ctx, c, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "f")?;
            let behind = builtin(ctx, "super")?.call(ctx, (c, this))?;
            let text = behind.call_method(ctx, "f", ())?.to::<String>(ctx)?;
            Ok(ctx.str(&format!("{text}->C.f")))
        });
        c.define(ctx, "f", f)?;
        let p = Value::from(proxy(ctx)?).call(ctx, (make(ctx, c)?,))?;
        let f = Value::from(c).get_attr(ctx, "__dict__")?.get_item(ctx, "f")?;
        assert_equal(ctx, f.call(ctx, (p,))?, "B.f->C.f")
    });
}

#[test]
fn test_proxy_call() {
    python(|ctx| {
        let str_ = Value::from(ctx.types().bytes);
        let fake = make(ctx, class(ctx, "FakeStr").attr("__class__", str_).build()?)?;
        assert!(fake.is_instance(ctx, str_)?);
        assert_raises(ctx, &exc::TYPE_ERROR, str_.call_method(ctx, "split", (fake,)));
        assert_raises(ctx, &exc::TYPE_ERROR, str_.call_method(ctx, "__add__", (fake, "abc")));
        Ok(())
    });
}

#[test]
fn test_recursive_call() {
    python(|ctx| {
        let a = Value::from(plain(ctx, "A", &[]));
        a.set_attr(ctx, "__call__", make(ctx, a)?)?;
        assert_raises(ctx, &exc::RUNTIME_ERROR, make(ctx, a)?.call(ctx, ()));
        Ok(())
    });
}

#[test]
fn test_repr_as_str() {
    python(|ctx| {
        let it = Value::from(plain(ctx, "Foo", &[]));
        it.set_attr(ctx, "__repr__", it.get_attr(ctx, "__str__")?)?;
        let it = make(ctx, it)?;
        assert_raises(ctx, &exc::RUNTIME_ERROR, it.str(ctx));
        assert_raises(ctx, &exc::RUNTIME_ERROR, it.repr(ctx));
        Ok(())
    });
}

#[test]
fn test_init() {
    python(|ctx| {
        let it = class(ctx, "Foo").method("__init__", |_, _, _| Ok(Value::Int(10))).build()?;
        assert_raises(ctx, &exc::TYPE_ERROR, make(ctx, it));
        Ok(())
    });
}

#[test]
fn test_carloverre() {
    python(|ctx| {
        let object = Value::from(ctx.types().object);
        let str_ = ctx.types().bytes;
        let set = object.call_method(ctx, "__setattr__", (str_, "foo", 42));
        assert_raises(ctx, &exc::TYPE_ERROR, set);
        let delete = object.call_method(ctx, "__delattr__", (str_, "lower"));
        assert_raises(ctx, &exc::TYPE_ERROR, delete);
        crate::common::assert_has(ctx, str_, "lower")
    });
}

#[test]
fn test_type___getattribute__() {
    python(|ctx| {
        let type_ = Value::from(ctx.types().type_);
        let found = type_.call_method(ctx, "__getattribute__", (ctx.types().list, type_));
        assert_raises(ctx, &exc::TYPE_ERROR, found);
        Ok(())
    });
}

#[test]
fn test_getattr_hooks() {
    python(|ctx| {
        let calls = std::rc::Rc::new(std::cell::Cell::new(0));
        let count = calls.clone();
        let descriptor = class(ctx, "Descriptor")
            .method("__get__", move |ctx, _, _| {
                let count = count.clone();
                Ok(lambda(ctx, move |ctx, args| {
                    let (name,): (String,) = args.parse(ctx, "getter")?;
                    count.set(count.get() + 1);
                    Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
                }))
            })
            .build()?;
        let descr = make(ctx, descriptor)?;
        let a = class(ctx, "A").attr("__getattribute__", descr).build()?;
        let b = class(ctx, "B").attr("__getattr__", descr).build()?;
        let c =
            class(ctx, "C").attr("__getattribute__", descr).attr("__getattr__", descr).build()?;
        for (class, total) in [(a, 1), (b, 2), (c, 4)] {
            let found = make(ctx, class)?.get_attr(ctx, "attr");
            assert_raises(ctx, &exc::ATTRIBUTE_ERROR, found);
            assert_eq!(calls.get(), total);
        }
        // A hook that takes the other away.
        let missing = lambda(ctx, |ctx, args| {
            let (_, name): (Value<'_>, String) = args.parse(ctx, "__getattr__")?;
            Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
        });
        let evil = class(ctx, "EvilGetattribute").attr("__getattr__", missing).build()?;
        let hook = function(ctx, "__getattribute__", evil, |ctx, evil, args| {
            let (_, name): (Value<'_>, String) = args.parse(ctx, "__getattribute__")?;
            evil.del_attr(ctx, "__getattr__")?;
            ctx.import("gc")?.call_method(ctx, "collect", ())?;
            Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
        });
        evil.define(ctx, "__getattribute__", hook)?;
        let found = make(ctx, evil)?.get_attr(ctx, "attr");
        assert_eq!(assert_raises(ctx, &exc::ATTRIBUTE_ERROR, found), "attr");
        Ok(())
    });
}
