//! Classes that change, and objects that change their class or their `__dict__`.

use halfsour_runtime::{Class, Context, Dict, Error, List, Result, Runtime, Unicode, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_is, assert_mro, assert_raises, builtin, class,
    classic, function, lambda, list, make, new_type, plain, python, tuple,
};

/// Assigning `__class__` is refused, and so is deleting it.
#[track_caller]
fn cannot_become<'gc>(ctx: Context<'gc>, x: Value<'gc>, class: impl Into<Value<'gc>>) {
    let class = class.into();
    assert_raises(ctx, &exc::TYPE_ERROR, x.set_attr(ctx, "__class__", class));
    let error = x.del_attr(ctx, "__class__").expect_err("__class__ cannot be deleted");
    assert!(error.is(ctx, &exc::TYPE_ERROR) || error.is(ctx, &exc::ATTRIBUTE_ERROR));
}

#[track_caller]
fn becomes<'gc>(ctx: Context<'gc>, x: Value<'gc>, class: Class<'gc>) -> Result<'gc, ()> {
    x.set_attr(ctx, "__class__", class)?;
    assert_is(x.get_attr(ctx, "__class__")?, class);
    Ok(())
}

#[test]
fn test_set_class() {
    python(|ctx| {
        let [c, d, e] = ["C", "D", "E"].map(|name| plain(ctx, name, &[]));
        let f = plain(ctx, "F", &[d, e]);
        for one in [c, d, e, f] {
            for other in [c, d, e, f] {
                let x = make(ctx, one)?;
                becomes(ctx, x, other)?;
                becomes(ctx, x, one)?;
            }
        }
        let types = ctx.types();
        let int = class(ctx, "Int").base(types.int).slots(&[]).build()?;
        let object = make(ctx, types.object)?;
        cannot_become(ctx, make(ctx, c)?, types.list);
        cannot_become(ctx, list(ctx, &[]), c);
        cannot_become(ctx, make(ctx, c)?, 1);
        cannot_become(ctx, make(ctx, c)?, types.object);
        cannot_become(ctx, object, types.list);
        cannot_become(ctx, list(ctx, &[]), types.object);
        cannot_become(ctx, Value::Int(2), int);
        cannot_become(ctx, make(ctx, int)?, types.int);
        cannot_become(ctx, Value::Bool(true), types.int);
        cannot_become(ctx, Value::Int(2), types.bool);
        cannot_become(ctx, object, types.int);
        cannot_become(ctx, object, types.none_type);
        Ok(())
    });
    python(|ctx| classes_with_slots(ctx));
    becomes_another_in_del();
}

fn classes_with_slots<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let slotted = |name, slots: &[&str]| class(ctx, name).slots(slots).build();
    let derived = |name, base, slots: &[&str]| class(ctx, name).base(base).slots(slots).build();
    let g = slotted("G", &["a", "b"])?;
    let h = slotted("H", &["b", "a"])?;
    let names = [Unicode::new(ctx, "a").into(), Unicode::new(ctx, "b").into()];
    let i = class(ctx, "I").attr("__slots__", list(ctx, &names)).build()?;
    let j = slotted("J", &["c", "b"])?;
    let k = slotted("K", &["a", "b", "d"])?;
    let l = derived("L", h, &["e"])?;
    let m = derived("M", i, &["e"])?;
    let n = derived("N", j, &["__weakref__"])?;
    let p = derived("P", j, &["__dict__"])?;
    let q = plain(ctx, "Q", &[j]);
    let r = derived("R", j, &["__dict__", "__weakref__"])?;
    for (one, other) in [(g, h), (g, i), (i, h), (q, r), (r, q)] {
        let x = make(ctx, one)?;
        x.set_attr(ctx, "a", 1)?;
        becomes(ctx, x, other)?;
        assert_attr(ctx, x, "a", 1)?;
        becomes(ctx, x, one)?;
        assert_attr(ctx, x, "a", 1)?;
    }
    let int = class(ctx, "Int").base(ctx.types().int).slots(&[]).build()?;
    let all = [g, j, k, l, m, n, p, r, ctx.types().list, int];
    for one in all {
        for other in all {
            if !one.is(other) {
                cannot_become(ctx, make(ctx, one)?, other);
            }
        }
    }
    Ok(())
}

fn becomes_another_in_del() {
    let mut runtime = Runtime::python2();
    let count = std::rc::Rc::new(std::cell::Cell::new(0));
    let calls = count.clone();
    crate::common::enter(&mut runtime, |ctx| {
        let o = plain(ctx, "O", &[]);
        let del = function(ctx, "__del__", o, move |ctx, o, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "__del__")?;
            calls.set(calls.get() + 1);
            this.set_attr(ctx, "__class__", o)?;
            Ok(Value::None)
        });
        let a = class(ctx, "A").attr("__del__", del).build()?;
        let instances: Result<'_, Vec<Value<'_>>> = (0..100).map(|_| make(ctx, a)).collect();
        instances.map(drop)
    });
    runtime.collect();
    assert_eq!(count.get(), 100);
}

/// Assigning `__dict__` is refused.
#[track_caller]
fn cannot_have_dict<'gc>(ctx: Context<'gc>, x: Value<'gc>, dict: impl Into<Value<'gc>>) {
    let error = x.set_attr(ctx, "__dict__", dict.into()).expect_err("the __dict__ is no dict");
    assert!(error.is(ctx, &exc::TYPE_ERROR) || error.is(ctx, &exc::ATTRIBUTE_ERROR), "{error:?}");
}

/// `x` is of a class that derives from `base`.
#[track_caller]
fn assert_dict_readonly<'gc>(
    ctx: Context<'gc>,
    x: Value<'gc>,
    base: Class<'gc>,
) -> Result<'gc, ()> {
    cannot_have_dict(ctx, x, Dict::new(ctx));
    let error = x.del_attr(ctx, "__dict__").expect_err("the __dict__ cannot be deleted");
    assert!(error.is(ctx, &exc::TYPE_ERROR) || error.is(ctx, &exc::ATTRIBUTE_ERROR), "{error:?}");
    let descriptor = Value::from(base).get_attr(ctx, "__dict__")?.get_item(ctx, "__dict__")?;
    let set = descriptor.call_method(ctx, "__set__", (x, Dict::new(ctx)));
    let error = set.expect_err("a class that has no such __dict__");
    assert!(error.is(ctx, &exc::TYPE_ERROR) || error.is(ctx, &exc::ATTRIBUTE_ERROR), "{error:?}");
    Ok(())
}

#[test]
fn test_set_dict() {
    python(|ctx| {
        let c = plain(ctx, "C", &[]);
        let a = make(ctx, c)?;
        let dict = Dict::new(ctx);
        dict.insert(ctx, ctx.str("b"), Value::Int(1))?;
        a.set_attr(ctx, "__dict__", dict)?;
        assert_attr(ctx, a, "b", 1)?;
        cannot_have_dict(ctx, a, Value::None);
        cannot_have_dict(ctx, a, List::new(ctx));
        cannot_have_dict(ctx, a, 1);
        a.del_attr(ctx, "__dict__")?;
        // Classes have a read-only one, whatever their metaclass derives from.
        let base = plain(ctx, "Base", &[]);
        let type_ = ctx.types().type_;
        let d = class(ctx, "D").metaclass(plain(ctx, "Meta1", &[type_, base])).build()?;
        let e = class(ctx, "E").metaclass(plain(ctx, "Meta2", &[base, type_])).build()?;
        for class in [c, d, e].map(Value::from) {
            assert_dict_readonly(ctx, class, base)?;
            let proxy = class.get_attr(ctx, "__dict__")?;
            assert_raises(ctx, &exc::TYPE_ERROR, proxy.set_item(ctx, "spam", "eggs"));
        }
        let module = ctx.types().module;
        for class in
            [plain(ctx, "Module1", &[module, base]), plain(ctx, "Module2", &[base, module])]
        {
            let spam = Value::from(class).call(ctx, ("spam",))?;
            assert_dict_readonly(ctx, spam, base)?;
            spam.get_attr(ctx, "__dict__")?.set_item(ctx, "spam", "eggs")?;
            assert_attr(ctx, spam, "spam", "eggs")?;
        }
        exceptions_dict(ctx, base)
    });
}

fn exceptions_dict<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc, ()> {
    let exception = ctx.exception_class(&exc::EXCEPTION);
    let can_delete = |e: Value<'gc>| e.del_attr(ctx, "__dict__").is_ok();
    let other = can_delete(make(ctx, ctx.exception_class(&exc::VALUE_ERROR))?);
    let derived = [
        exception,
        plain(ctx, "Exception1", &[exception, base]),
        plain(ctx, "Exception2", &[base, exception]),
    ];
    for class in derived {
        let e = make(ctx, class)?;
        let dict = Dict::new(ctx);
        dict.insert(ctx, ctx.str("a"), Value::Int(1))?;
        e.set_attr(ctx, "__dict__", dict)?;
        assert_attr(ctx, e, "a", 1)?;
        assert_eq!(can_delete(e), other);
    }
    Ok(())
}

fn set_bases<'gc>(ctx: Context<'gc>, class: Class<'gc>, bases: &[Value<'gc>]) -> Result<'gc, ()> {
    Value::from(class).set_attr(ctx, "__bases__", tuple(ctx, bases))
}

#[test]
fn test_mutable_bases() {
    python(|ctx| {
        let c = plain(ctx, "C", &[]);
        let c2 = class(ctx, "C2").method("meth", |_, _, _| Ok(Value::Int(1))).build()?;
        let hook = function(ctx, "__getattribute__", c2, |ctx, c2, args| {
            let (this, name): (Value<'_>, String) = args.parse(ctx, "__getattribute__")?;
            if name == "a" {
                return Ok(Value::Int(2));
            }
            let behind = Value::from(ctx.types().super_).call(ctx, (c2, this))?;
            behind.call_method(ctx, "__getattribute__", (name,))
        });
        c2.define(ctx, "__getattribute__", hook)?;
        let d = plain(ctx, "D", &[c]);
        let e = plain(ctx, "E", &[d]);
        let (d_it, e_it) = (make(ctx, d)?, make(ctx, e)?);
        set_bases(ctx, d, &[c.into()])?;
        set_bases(ctx, d, &[c2.into()])?;
        for it in [d_it, e_it] {
            assert_call(ctx, it, "meth", 1)?;
            assert_attr(ctx, it, "a", 2)?;
        }
        let subclasses = Value::from(c2).call_method(ctx, "__subclasses__", ())?;
        assert_equal(ctx, subclasses, list(ctx, &[d.into()]))?;
        let subclasses = Value::from(c).call_method(ctx, "__subclasses__", ())?;
        assert_equal(ctx, subclasses, list(ctx, &[]))?;

        assert_raises(ctx, &exc::TYPE_ERROR, Value::from(d).del_attr(ctx, "__bases__"));
        let message = assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, d, &[]));
        assert_ne!(message, "a new-style class can't have only classic bases");
        for refused in [vec![d.into()], vec![c.into(), c.into()], vec![e.into()]] {
            assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, d, &refused));
        }
        // A classic class comes in.
        let old = classic(ctx, "Classic").method("meth2", |_, _, _| Ok(Value::Int(3))).build()?;
        set_bases(ctx, d, &[c.into(), old.into()])?;
        assert_call(ctx, d_it, "meth2", 3)?;
        assert_call(ctx, e_it, "meth2", 3)?;
        assert_raises(ctx, &exc::ATTRIBUTE_ERROR, d_it.get_attr(ctx, "a"));
        assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, d, &[old.into()]));
        Ok(())
    });
}

#[test]
fn test_builtin_bases() {
    python(|ctx| {
        let object = ctx.types().object;
        let names = ctx.import("__builtin__")?.get_attr(ctx, "__dict__")?;
        let look_up = Value::from(object).get_attr(ctx, "__getattribute__")?;
        for value in names.call_method(ctx, "values", ())?.iter(ctx)?.collect_vec(ctx)? {
            let Value::Class(class) = value else { continue };
            let bases = look_up.call(ctx, (class, "__bases__"))?;
            let expected = usize::from(!class.is(object));
            assert_eq!(bases.len(ctx)?, expected, "{}", class.name());
        }
        let (list, dict) = (ctx.types().list, ctx.types().dict);
        let l = plain(ctx, "L", &[list]);
        let c = plain(ctx, "C", &[]);
        let d = plain(ctx, "D", &[c]);
        assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, l, &[dict.into()]));
        assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, list, &[dict.into()]));
        assert_raises(ctx, &exc::TYPE_ERROR, set_bases(ctx, d, &[c.into(), list.into()]));
        Ok(())
    });
}

#[test]
fn test_unsubclassable_types() {
    python(|ctx| {
        let none = Value::from(ctx.types().none_type);
        let object = Value::from(ctx.types().object);
        let o = Value::from(plain(ctx, "O", &[]));
        let x = Value::from(plain(ctx, "X", &[]));
        let refused =
            [vec![none], vec![object, none], vec![none, object], vec![o, none], vec![none, o]];
        for bases in refused {
            assert_raises(ctx, &exc::TYPE_ERROR, new_type(ctx, "X", &bases));
            let assigned = x.set_attr(ctx, "__bases__", tuple(ctx, &bases));
            assert_raises(ctx, &exc::TYPE_ERROR, assigned);
        }
        Ok(())
    });
}

#[test]
fn test_mutable_bases_with_failing_mro() {
    python(|ctx| {
        let type_ = ctx.types().type_;
        let calls = std::cell::Cell::new(0);
        let work_once = class(ctx, "WorkOnce")
            .base(type_)
            .method("mro", move |ctx, this, _| {
                calls.set(calls.get() + 1);
                if calls.get() > 1 {
                    return Err(Error::new(&exc::RUNTIME_ERROR, "bozo"));
                }
                Value::from(ctx.types().type_).call_method(ctx, "mro", (this,))
            })
            .build()?;
        let work_always = class(ctx, "WorkAlways")
            .base(type_)
            .method("mro", |ctx, this, _| {
                Value::from(ctx.types().type_).call_method(ctx, "mro", (this,))
            })
            .build()?;
        let (c, c2) = (plain(ctx, "C", &[]), plain(ctx, "C2", &[]));
        let d = plain(ctx, "D", &[c]);
        let e = plain(ctx, "E", &[d]);
        let f = class(ctx, "F").base(d).metaclass(work_once).build()?;
        let g = class(ctx, "G").base(d).metaclass(work_always).build()?;
        let object = Value::from(ctx.types().object);
        let assigned = Value::from(d).set_attr(ctx, "__bases__", tuple(ctx, &[c2.into()]));
        assert_eq!(assert_raises(ctx, &exc::RUNTIME_ERROR, assigned), "bozo");
        assert_mro(d, &[d.into(), c.into(), object]);
        for derived in [e, f, g] {
            assert_mro(derived, &[derived.into(), d.into(), c.into(), object]);
        }
        assert_equal(ctx, Value::from(d).get_attr(ctx, "__bases__")?, tuple(ctx, &[c.into()]))
    });
}

#[test]
fn test_mutable_bases_catch_mro_conflict() {
    python(|ctx| {
        let (a, b) = (plain(ctx, "A", &[]), plain(ctx, "B", &[]));
        let (c, d) = (plain(ctx, "C", &[a, b]), plain(ctx, "D", &[a, b]));
        let e = plain(ctx, "E", &[c, d]);
        let mro = e.mro();
        let assigned = Value::from(c).set_attr(ctx, "__bases__", tuple(ctx, &[b.into(), a.into()]));
        assert_raises(ctx, &exc::TYPE_ERROR, assigned);
        assert_mro(e, mro.as_slice());
        Ok(())
    });
}

#[test]
fn test_mutable_names() {
    python(|ctx| {
        let c = Value::from(plain(ctx, "C", &[]));
        for name in ["D", "D.E"] {
            c.set_attr(ctx, "__name__", name)?;
            assert_attr(ctx, c, "__module__", "__main__")?;
            assert_attr(ctx, c, "__name__", name)?;
        }
        Ok(())
    });
}

#[test]
fn test_evil_type_name() {
    let mut runtime = Runtime::python2();
    let c = crate::common::enter(&mut runtime, |ctx| {
        let c = plain(ctx, "C", &[]);
        let del = function(ctx, "__del__", c, |ctx, c, _| {
            c.set_attr(ctx, "__name__", "other")?;
            Ok(Value::None)
        });
        let nasty = class(ctx, "Nasty").base(ctx.types().bytes).attr("__del__", del).build()?;
        Value::from(c).set_attr(ctx, "__name__", Value::from(nasty).call(ctx, ("abc",))?)?;
        Value::from(c).set_attr(ctx, "__name__", "normal")?;
        assert_attr(ctx, c, "__name__", "normal")?;
        Ok(ctx.stash(c))
    });
    // The name that was replaced goes at the next collection.
    runtime.collect();
    crate::common::enter(&mut runtime, |ctx| assert_attr(ctx, ctx.fetch(&c), "__name__", "other"));
}

#[test]
fn test_dynamics() {
    python(|ctx| {
        let d = plain(ctx, "D", &[]);
        let derived = [plain(ctx, "E", &[d]), plain(ctx, "F", &[d])];
        Value::from(d).set_attr(ctx, "foo", 1)?;
        assert_attr(ctx, d, "foo", 1)?;
        for class in derived {
            assert_attr(ctx, class, "foo", 1)?;
        }
        let c = plain(ctx, "C", &[]);
        let class = Value::from(c);
        let a = make(ctx, c)?;
        crate::common::assert_lacks(ctx, a, "foobar")?;
        class.set_attr(ctx, "foobar", 2)?;
        assert_attr(ctx, a, "foobar", 2)?;
        class.set_attr(ctx, "method", lambda(ctx, |_, _| Ok(Value::Int(42))))?;
        assert_call(ctx, a, "method", 42)?;
        class.set_attr(ctx, "__repr__", lambda(ctx, |ctx, _| Ok(ctx.str("C()"))))?;
        assert_equal(ctx, a.repr(ctx)?, "C()")?;
        class.set_attr(ctx, "__int__", lambda(ctx, |_, _| Ok(Value::Int(100))))?;
        assert_equal(ctx, builtin(ctx, "int")?.call(ctx, (a,))?, 100)?;
        assert_attr(ctx, a, "foobar", 2)?;
        crate::common::assert_lacks(ctx, a, "spam")?;
        hooks_are_installed(ctx, class, a)?;
        let derived = make(ctx, plain(ctx, "D", &[c]))?;
        derived.set_attr(ctx, "foo", 1)?;
        assert_attr(ctx, derived, "foo", 1)
    });
    python(|ctx| {
        // Subclasses of numbers repeat sequences, and multiply.
        for base in [ctx.types().int, ctx.types().long] {
            let i = Value::from(plain(ctx, "I", &[base]));
            let (two, three) = (i.call(ctx, (2,))?, i.call(ctx, (3,))?);
            assert_equal(ctx, ctx.str("a").call_method(ctx, "__mul__", (two,))?, "aa")?;
            assert_equal(ctx, ctx.str("a").call_method(ctx, "__rmul__", (two,))?, "aa")?;
            assert_equal(ctx, three.call_method(ctx, "__rmul__", (2,))?, 6)?;
            assert_equal(ctx, three.call_method(ctx, "__mul__", (2,))?, 6)?;
            assert_equal(ctx, three.call_method(ctx, "__mul__", (two,))?, 6)?;
        }
        let meta = plain(ctx, "dynamicmetaclass", &[ctx.types().type_]);
        let some = class(ctx, "someclass").metaclass(meta).build()?;
        crate::common::assert_not_equal(ctx, some, ctx.types().object)
    });
}

fn hooks_are_installed<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    a: Value<'gc>,
) -> Result<'gc, ()> {
    let get = lambda(ctx, |ctx, args| {
        let (_, name): (Value<'_>, String) = args.parse(ctx, "mygetattr")?;
        if name == "spam" {
            Ok(ctx.str("spam"))
        } else {
            Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
        }
    });
    class.set_attr(ctx, "__getattr__", get)?;
    assert_attr(ctx, a, "spam", "spam")?;
    a.set_attr(ctx, "new", 12)?;
    assert_attr(ctx, a, "new", 12)?;
    let set = lambda(ctx, |ctx, args| {
        let (this, name, value): (Value<'_>, String, Value<'_>) = args.parse(ctx, "mysetattr")?;
        if name == "spam" {
            return Err(Error::bare(&exc::ATTRIBUTE_ERROR));
        }
        let own = Value::from(ctx.types().object).get_attr(ctx, "__setattr__")?;
        own.call(ctx, (this, name, value))
    });
    class.set_attr(ctx, "__setattr__", set)?;
    assert_raises(ctx, &exc::ATTRIBUTE_ERROR, a.set_attr(ctx, "spam", "not spam"));
    assert_attr(ctx, a, "spam", "spam")
}

#[test]
fn test_subclass_propagation() {
    python(|ctx| {
        let a = plain(ctx, "A", &[]);
        let (b, c) = (plain(ctx, "B", &[a]), plain(ctx, "C", &[a]));
        let d = plain(ctx, "D", &[b, c]);
        let it = make(ctx, d)?;
        let original = it.hash(ctx)?;
        let hashes = [(a, 42), (c, 314), (b, 144), (d, 100)];
        for (class, hash) in hashes {
            let function = lambda(ctx, move |_, _| Ok(Value::Int(hash)));
            Value::from(class).set_attr(ctx, "__hash__", function)?;
            assert_eq!(it.hash(ctx)?, hash);
        }
        for (class, next) in [(d, 144), (b, 314), (c, 42), (a, original)] {
            Value::from(class).set_attr(ctx, "__hash__", Value::None)?;
            assert_raises(ctx, &exc::TYPE_ERROR, it.hash(ctx));
            Value::from(class).del_attr(ctx, "__hash__")?;
            assert_eq!(it.hash(ctx)?, next);
        }
        attribute_hooks_propagate(ctx, a.into(), b.into(), it)
    });
    // A subclass that is gone does not matter when its base changes.
    let mut runtime = Runtime::python2();
    let a = crate::common::enter(&mut runtime, |ctx| {
        let a = plain(ctx, "A", &[]);
        plain(ctx, "B", &[a]);
        Ok(ctx.stash(a))
    });
    runtime.collect();
    crate::common::enter(&mut runtime, |ctx| {
        let a = Value::from(ctx.fetch(&a));
        assert_eq!(a.call_method(ctx, "__subclasses__", ())?.len(ctx)?, 0);
        a.set_attr(ctx, "__setitem__", lambda(ctx, |_, _| Ok(Value::None)))
    });
}

fn attribute_hooks_propagate<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    d: Value<'gc>,
) -> Result<'gc, ()> {
    d.set_attr(ctx, "foo", 42)?;
    d.set_attr(ctx, "bar", 42)?;
    assert_attr(ctx, d, "foo", 42)?;
    assert_attr(ctx, d, "bar", 42)?;
    let always = lambda(ctx, |ctx, args| {
        let (this, name): (Value<'_>, String) = args.parse(ctx, "__getattribute__")?;
        if name == "foo" {
            return Ok(Value::Int(24));
        }
        let own = Value::from(ctx.types().object).get_attr(ctx, "__getattribute__")?;
        own.call(ctx, (this, name))
    });
    a.set_attr(ctx, "__getattribute__", always)?;
    assert_attr(ctx, d, "foo", 24)?;
    assert_attr(ctx, d, "bar", 42)?;
    let otherwise = lambda(ctx, |ctx, args| {
        let (_, name): (Value<'_>, String) = args.parse(ctx, "__getattr__")?;
        match name.as_str() {
            "spam" | "foo" | "bar" => Ok(ctx.str("hello")),
            _ => Err(Error::new(&exc::ATTRIBUTE_ERROR, name)),
        }
    });
    b.set_attr(ctx, "__getattr__", otherwise)?;
    assert_attr(ctx, d, "spam", "hello")?;
    assert_attr(ctx, d, "foo", 24)?;
    assert_attr(ctx, d, "bar", 42)?;
    a.del_attr(ctx, "__getattribute__")?;
    assert_attr(ctx, d, "foo", 42)?;
    d.del_attr(ctx, "foo")?;
    assert_attr(ctx, d, "foo", "hello")?;
    assert_attr(ctx, d, "bar", 42)?;
    b.del_attr(ctx, "__getattr__")?;
    assert_raises(ctx, &exc::ATTRIBUTE_ERROR, d.get_attr(ctx, "foo"));
    Ok(())
}
