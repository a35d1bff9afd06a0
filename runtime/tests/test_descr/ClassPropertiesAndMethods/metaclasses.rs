//! Metaclasses, and classes that cannot be.

use halfsour_runtime::{Class, ClassBuilder, Context, Dict, Result, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_is, assert_lacks, assert_mro, assert_raises,
    builtin, class, function, list, make, new_type, plain, python,
};

#[test]
fn test_metaclass() {
    python(|ctx| simple_metaclasses(ctx));
    python(|ctx| a_metaclass_that_is_no_type(ctx));
    python(|ctx| {
        let autosuper = autosuper(ctx)?;
        let a = class(ctx, "A")
            .metaclass(autosuper)
            .method("meth", |ctx, _, _| Ok(ctx.str("A")))
            .build()?;
        let b = meth(class(ctx, "B"), "B").base(a).build()?;
        let c = meth(class(ctx, "C"), "C").base(a).build()?;
        let d = meth(class(ctx, "D"), "D").base(c).base(b).build()?;
        assert_call(ctx, make(ctx, d)?, "meth", "DCBA")?;
        let e = meth(class(ctx, "E"), "E").base(b).base(c).build()?;
        assert_call(ctx, make(ctx, e)?, "meth", "EBCA")
    });
    python(|ctx| {
        let autoproperty = autoproperty(ctx)?;
        let a = class(ctx, "A")
            .metaclass(autoproperty)
            .method("_get_x", |ctx, this, _| {
                let x = this.get_attr(ctx, "_A__x")?.to::<i64>(ctx)?;
                Ok(Value::Int(-x))
            })
            .method("_set_x", |ctx, this, args| {
                let (x,): (i64,) = args.parse(ctx, "_set_x")?;
                this.set_attr(ctx, "_A__x", -x).map(Into::into)
            })
            .build()?;
        let a = make(ctx, a)?;
        assert_lacks(ctx, a, "x")?;
        a.set_attr(ctx, "x", 12)?;
        assert_attr(ctx, a, "x", 12)?;
        assert_attr(ctx, a, "_A__x", -12)
    });
    python(|ctx| {
        // Metaclasses that work together.
        let both = plain(ctx, "multimetaclass", &[autoproperty(ctx)?, autosuper(ctx)?]);
        let a = class(ctx, "A")
            .metaclass(both)
            .method("_get_x", |ctx, _, _| Ok(ctx.str("A")))
            .build()?;
        let b = get_x(class(ctx, "B"), "B").base(a).build()?;
        let c = get_x(class(ctx, "C"), "C").base(a).build()?;
        let d = get_x(class(ctx, "D"), "D").base(c).base(b).build()?;
        assert_attr(ctx, make(ctx, d)?, "x", "DCBA")
    });
    python(|ctx| {
        let calls = std::rc::Rc::new(std::cell::Cell::new(0));
        let count = calls.clone();
        let t = class(ctx, "T")
            .base(ctx.types().type_)
            .method("__init__", move |_, _, _| {
                count.set(count.get() + 1);
                Ok(Value::None)
            })
            .build()?;
        let c = class(ctx, "C").metaclass(t).build()?;
        assert_eq!(calls.get(), 1);
        let a = make(ctx, c)?;
        assert_is(Value::from(ctx.types().type_).call(ctx, (a,))?, c);
        assert_eq!(calls.get(), 1);

        let c = make(ctx, plain(ctx, "C", &[]))?;
        assert_raises(ctx, &exc::TYPE_ERROR, c.call(ctx, ()));

        // The most derived metaclass of the bases is taken.
        let a = class(ctx, "A")
            .base(ctx.types().type_)
            .method("__new__", |ctx, metaclass, args| {
                let type_ = Value::from(ctx.types().type_);
                type_.call_method(ctx, "__new__", args.prepend(metaclass))
            })
            .build()?;
        let b = plain(ctx, "B", &[]);
        let c = class(ctx, "C").metaclass(a).build()?;
        assert_is(plain(ctx, "D", &[b, c]).metaclass(), a);
        Ok(())
    });
}

fn simple_metaclasses<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let type_ = ctx.types().type_;
    let c = class(ctx, "C")
        .metaclass(type_)
        .method("__init__", |ctx, this, _| this.set_attr(ctx, "_C__state", 0).map(Into::into))
        .method("getstate", |ctx, this, _| this.get_attr(ctx, "_C__state"))
        .method("setstate", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "setstate")?;
            this.set_attr(ctx, "_C__state", state).map(Into::into)
        })
        .build()?;
    let a = make(ctx, c)?;
    assert_call(ctx, a, "getstate", 0)?;
    a.call_method(ctx, "setstate", (10,))?;
    assert_call(ctx, a, "getstate", 10)?;

    let meta = class(ctx, "__metaclass__")
        .base(type_)
        .method("myself", |_, class, _| Ok(class))
        .build()?;
    let d = class(ctx, "D").metaclass(meta).build()?;
    assert_is(Value::from(d).call_method(ctx, "myself", ())?, d);
    assert_is(make(ctx, d)?.get_attr(ctx, "__class__")?, d);

    let m1 = class(ctx, "M1")
        .base(type_)
        .method("__new__", |ctx, metaclass, args| {
            let (name, bases, dict): (Value<'_>, Value<'_>, Value<'_>) =
                args.parse(ctx, "__new__")?;
            dict.set_item(ctx, "__spam__", 1)?;
            let type_ = Value::from(ctx.types().type_);
            type_.call_method(ctx, "__new__", (metaclass, name, bases, dict))
        })
        .build()?;
    let c = class(ctx, "C").metaclass(m1).build()?;
    assert_attr(ctx, c, "__spam__", 1)?;
    assert_attr(ctx, make(ctx, c)?, "__spam__", 1)
}

/// What makes instances need not be a class.
fn a_metaclass_that_is_no_type<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let instance = plain(ctx, "_instance", &[]);
    let call = function(ctx, "__call__", instance, |ctx, instance, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "__call__")?;
        let it = make(ctx, instance)?;
        for item in this
            .get_attr(ctx, "dict")?
            .call_method(ctx, "items", ())?
            .iter(ctx)?
            .collect_vec(ctx)?
        {
            let (name, method) = (crate::common::item(item, 0), crate::common::item(item, 1));
            let name = name.to::<String>(ctx)?;
            if !name.starts_with("__") {
                it.set_attr(ctx, &name, method.call_method(ctx, "__get__", (it, this))?)?;
            }
        }
        Ok(it)
    });
    let m2 = class(ctx, "M2")
        .method("__new__", |ctx, class, args| {
            let (name, bases, dict): (Value<'_>, Value<'_>, Value<'_>) =
                args.parse(ctx, "__new__")?;
            let made = Value::from(ctx.types().object).call_method(ctx, "__new__", (class,))?;
            for (attribute, value) in [("name", name), ("bases", bases), ("dict", dict)] {
                made.set_attr(ctx, attribute, value)?;
            }
            Ok(made)
        })
        .attr("__call__", call)
        .build()?;
    let namespace = Dict::new(ctx);
    let spam = crate::common::lambda(ctx, |_, _| Ok(Value::Int(42)));
    namespace.insert(ctx, ctx.str("spam"), spam)?;
    let none = crate::common::tuple(ctx, &[]);
    let c = Value::from(m2).call(ctx, ("C", none, namespace))?;
    assert_attr(ctx, c, "name", "C")?;
    assert_attr(ctx, c, "bases", none)?;
    assert!(c.get_attr(ctx, "dict")?.contains(ctx, ctx.str("spam"))?);
    assert_call(ctx, make(ctx, c)?, "spam", 42)
}

/// A metaclass that gives each class a private `super` of its own.
fn autosuper(ctx: Context<'_>) -> Result<'_, Class<'_>> {
    let meta = plain(ctx, "autosuper", &[ctx.types().type_]);
    let new = function(ctx, "__new__", meta, |ctx, meta, args| {
        let (metaclass, name, bases, dict): (Value<'_>, String, Value<'_>, Value<'_>) =
            args.parse(ctx, "__new__")?;
        let behind = builtin(ctx, "super")?.call(ctx, (meta, metaclass))?;
        let made = behind.call_method(ctx, "__new__", (metaclass, &*name, bases, dict))?;
        let private = format!("_{}__super", name.trim_start_matches('_'));
        made.set_attr(ctx, &private, builtin(ctx, "super")?.call(ctx, (made,))?)?;
        Ok(made)
    });
    meta.define(ctx, "__new__", builtin(ctx, "staticmethod")?.call(ctx, (new,))?)?;
    Ok(meta)
}

/// A metaclass that makes properties of methods named `_get_x` and `_set_x`.
fn autoproperty(ctx: Context<'_>) -> Result<'_, Class<'_>> {
    let meta = plain(ctx, "autoproperty", &[ctx.types().type_]);
    let new = function(ctx, "__new__", meta, |ctx, meta, args| {
        let (metaclass, name, bases, dict): (Value<'_>, Value<'_>, Value<'_>, Dict<'_>) =
            args.parse(ctx, "__new__")?;
        let get = |prefix: &str, name: &str| dict.get(ctx, ctx.str(&format!("{prefix}{name}")));
        for (key, _) in dict.entries() {
            let key = key.to::<String>(ctx)?;
            let hit = key.strip_prefix("_get_").or_else(|| key.strip_prefix("_set_"));
            if let Some(hit) = hit {
                let (getter, setter) = (get("_get_", hit)?, get("_set_", hit)?);
                let property = builtin(ctx, "property")?.call(ctx, (getter, setter))?;
                dict.insert(ctx, ctx.str(hit), property)?;
            }
        }
        let behind = builtin(ctx, "super")?.call(ctx, (meta, metaclass))?;
        behind.call_method(ctx, "__new__", (metaclass, name, bases, dict))
    });
    meta.define(ctx, "__new__", builtin(ctx, "staticmethod")?.call(ctx, (new,))?)?;
    Ok(meta)
}

/// `def meth(self): return NAME + self.__super.meth()`.
fn meth<'gc>(builder: ClassBuilder<'gc>, name: &'static str) -> ClassBuilder<'gc> {
    builder.method("meth", move |ctx, this, _| behind(ctx, this, name, "meth"))
}

/// `def _get_x(self): return NAME + self.__super._get_x()`.
fn get_x<'gc>(builder: ClassBuilder<'gc>, name: &'static str) -> ClassBuilder<'gc> {
    builder.method("_get_x", move |ctx, this, _| behind(ctx, this, name, "_get_x"))
}

fn behind<'gc>(ctx: Context<'gc>, this: Value<'gc>, name: &str, method: &str) -> Result<'gc> {
    let behind = this.get_attr(ctx, &format!("_{name}__super"))?;
    let text = behind.call_method(ctx, method, ())?.to::<String>(ctx)?;
    Ok(ctx.str(&format!("{name}{text}")))
}

#[test]
fn test_errors() {
    python(|ctx| {
        let types = ctx.types();
        let refused: [&[Value<'_>]; 3] = [
            &[types.list.into(), types.dict.into()],
            &[types.object.into(), Value::None],
            &[types.builtin_function.into()],
        ];
        for bases in refused {
            assert_raises(ctx, &exc::TYPE_ERROR, new_type(ctx, "C", bases));
        }
        for slots in [Value::Int(1), list(ctx, &[Value::Int(1)])] {
            let refused = class(ctx, "C").attr("__slots__", slots).build();
            assert_raises(ctx, &exc::TYPE_ERROR, refused);
        }
        let [a1, a2] = ["M1", "M2"].map(|name| {
            let meta = plain(ctx, name, &[types.type_]);
            class(ctx, "A").metaclass(meta).build().expect("a class with a metaclass")
        });
        let conflict = class(ctx, "B").base(a1).base(a2).build();
        assert_raises(ctx, &exc::TYPE_ERROR, conflict);
        Ok(())
    });
}

#[test]
fn test_altmro() {
    python(|ctx| {
        let object = ctx.types().object;
        let a = class(ctx, "A").method("f", |ctx, _, _| Ok(ctx.str("A"))).build()?;
        let b = plain(ctx, "B", &[a]);
        let c = class(ctx, "C").base(a).method("f", |ctx, _, _| Ok(ctx.str("C"))).build()?;
        let d = plain(ctx, "D", &[b, c]);
        let order = [d, b, c, a, object].map(Value::from);
        assert_equal(ctx, Value::from(d).call_method(ctx, "mro", ())?, list(ctx, &order))?;
        assert_mro(d, &order);
        assert_call(ctx, make(ctx, d)?, "f", "C")?;

        let perverse = class(ctx, "PerverseMetaType")
            .base(ctx.types().type_)
            .method("mro", |ctx, class, _| {
                let order = Value::from(ctx.types().type_).call_method(ctx, "mro", (class,))?;
                order.call_method(ctx, "reverse", ())?;
                Ok(order)
            })
            .build()?;
        let builder = [d, b, c, a].iter().fold(class(ctx, "X"), |it, base| it.base(*base));
        let x = builder.metaclass(perverse).build()?;
        assert_mro(x, &[object, a, c, b, d, x].map(Value::from));
        assert_call(ctx, make(ctx, x)?, "f", "A")?;

        devious_orders(ctx)
    });
}

type Order = for<'gc> fn(Context<'gc>, Value<'gc>) -> Value<'gc>;

/// What `mro()` must not return: a base of another layout, what is no class, what is no sequence.
fn devious_orders<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let orders: [Order; 3] = [
        |ctx, class| list(ctx, &[class, ctx.types().dict.into(), ctx.types().object.into()]),
        |ctx, _| list(ctx, &[Value::Int(1)]),
        |_, _| Value::Int(1),
    ];
    for order in orders {
        let meta = class(ctx, "Meta")
            .base(ctx.types().type_)
            .method("mro", move |ctx, class, _| Ok(order(ctx, class)))
            .build()?;
        let refused = class(ctx, "X").metaclass(meta).build();
        assert_raises(ctx, &exc::TYPE_ERROR, refused);
    }
    Ok(())
}
