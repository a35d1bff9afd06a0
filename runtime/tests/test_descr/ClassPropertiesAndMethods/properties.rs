//! `property` and descriptors that a program defines.

use halfsour_runtime::{Class, Context, Error, Result, Value, exc};

use crate::common::{
    assert_attr, assert_equal, assert_has, assert_is, assert_lacks, assert_raises, builtin, class,
    classic, function, lambda, make, plain, python,
};

/// `def get(self): return self.NAME`.
fn getter<'gc>(ctx: Context<'gc>, attribute: &'static str) -> Value<'gc> {
    lambda(ctx, move |ctx, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "get")?;
        this.get_attr(ctx, attribute)
    })
}

/// `def set(self, value): self.NAME = CHANGE(value)`.
fn setter<'gc>(ctx: Context<'gc>, attribute: &'static str, change: fn(i64) -> i64) -> Value<'gc> {
    lambda(ctx, move |ctx, args| {
        let (this, value): (Value<'_>, i64) = args.parse(ctx, "set")?;
        this.set_attr(ctx, attribute, change(value)).map(Into::into)
    })
}

/// `def delete(self): del self.NAME`.
fn deleter<'gc>(ctx: Context<'gc>, attribute: &'static str) -> Value<'gc> {
    lambda(ctx, move |ctx, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "delete")?;
        this.del_attr(ctx, attribute).map(Into::into)
    })
}

#[test]
fn test_properties() {
    python(|ctx| {
        let (get, set, delete) =
            (getter(ctx, "_C__x"), setter(ctx, "_C__x", |it| it), deleter(ctx, "_C__x"));
        let args = halfsour_runtime::Args::new(&[get, set, delete]);
        let x = args.keyword(ctx, "doc", "I'm the x property.");
        let x = builtin(ctx, "property")?.call(ctx, x)?;
        let c = class(ctx, "C")
            .attr("getx", get)
            .attr("setx", set)
            .attr("delx", delete)
            .attr("x", x)
            .build()?;
        let a = make(ctx, c)?;
        assert_lacks(ctx, a, "x")?;
        a.set_attr(ctx, "x", 42)?;
        assert_attr(ctx, a, "_C__x", 42)?;
        assert_attr(ctx, a, "x", 42)?;
        a.del_attr(ctx, "x")?;
        assert_lacks(ctx, a, "x")?;
        assert_lacks(ctx, a, "_C__x")?;
        let found = Value::from(c).get_attr(ctx, "x")?;
        found.call_method(ctx, "__set__", (a, 100))?;
        assert_equal(ctx, found.call_method(ctx, "__get__", (a,))?, 100)?;
        found.call_method(ctx, "__delete__", (a,))?;
        assert_lacks(ctx, a, "x")?;

        let namespace = Value::from(c).get_attr(ctx, "__dict__")?;
        let raw = namespace.get_item(ctx, "x")?;
        assert!(raw.is_instance(ctx, ctx.types().property)?);
        let names = builtin(ctx, "dir")?.call(ctx, (raw,))?;
        for name in ["__doc__", "fget", "fset", "fdel"] {
            assert!(names.contains(ctx, ctx.str(name))?, "{name}");
            let message = assert_raises(ctx, &exc::TYPE_ERROR, raw.set_attr(ctx, name, 42));
            assert!(message.contains("readonly"), "{name}: {message}");
        }
        assert_attr(ctx, raw, "__doc__", "I'm the x property.")?;
        for (part, name) in [("fget", "getx"), ("fset", "setx"), ("fdel", "delx")] {
            assert_is(raw.get_attr(ctx, part)?, namespace.get_item(ctx, name)?);
        }
        // A property that fails as a special method.
        let fails = lambda(ctx, |_, _| Err(Error::bare(&exc::ZERO_DIVISION_ERROR)));
        let d = class(ctx, "D")
            .attr("__getitem__", builtin(ctx, "property")?.call(ctx, (fails,))?)
            .build()?;
        let all = make(ctx, d)?.iter(ctx).and_then(|it| it.collect_vec(ctx));
        assert_raises(ctx, &exc::ZERO_DIVISION_ERROR, all);
        Ok(())
    });
}

/// Replaces a part of a property, as a decorator does.
fn with<'gc>(ctx: Context<'gc>, property: Value<'gc>, part: &str, code: Value<'gc>) -> Result<'gc> {
    property.call_method(ctx, part, (code,))
}

fn foo_of<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc> {
    Value::from(class).get_attr(ctx, "foo")
}

#[test]
fn test_properties_plus() {
    python(|ctx| {
        let property = builtin(ctx, "property")?;
        let doc = halfsour_runtime::Args::default().keyword(ctx, "doc", "hello");
        let x = property.call(ctx, doc)?;
        let x = with(ctx, x, "getter", getter(ctx, "_foo"))?;
        let x = with(ctx, x, "setter", setter(ctx, "_foo", i64::abs))?;
        let x = with(ctx, x, "deleter", deleter(ctx, "_foo"))?;
        let c = class(ctx, "C").attr("foo", x).build()?;
        let it = make(ctx, c)?;
        assert_attr(ctx, foo_of(ctx, c)?, "__doc__", "hello")?;
        assert_lacks(ctx, it, "foo")?;
        it.set_attr(ctx, "foo", -42)?;
        assert_has(ctx, it, "_foo")?;
        assert_attr(ctx, it, "_foo", 42)?;
        assert_attr(ctx, it, "foo", 42)?;
        it.del_attr(ctx, "foo")?;
        assert_lacks(ctx, it, "_foo")?;
        assert_lacks(ctx, it, "foo")?;

        let forgiving = lambda(ctx, |ctx, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "foo")?;
            match this.del_attr(ctx, "_foo") {
                Err(error) if !error.is(ctx, &exc::ATTRIBUTE_ERROR) => Err(error),
                _ => Ok(Value::None),
            }
        });
        let x = with(ctx, foo_of(ctx, c)?, "deleter", forgiving)?;
        let d = make(ctx, class(ctx, "D").base(c).attr("foo", x).build()?)?;
        d.set_attr(ctx, "foo", 24)?;
        assert_attr(ctx, d, "foo", 24)?;
        d.del_attr(ctx, "foo")?;
        d.del_attr(ctx, "foo")?;

        let x = property.call(ctx, (getter(ctx, "_foo"),))?;
        let raises = lambda(ctx, |_, _| Err(Error::bare(&exc::RUNTIME_ERROR)));
        let x = with(ctx, x, "setter", raises)?;
        let x = with(ctx, x, "setter", setter(ctx, "_foo", i64::abs))?;
        let x = with(ctx, x, "deleter", deleter(ctx, "_foo"))?;
        let e = class(ctx, "E").attr("foo", x).build()?;
        let it = make(ctx, e)?;
        it.set_attr(ctx, "foo", -42)?;
        assert_attr(ctx, it, "foo", 42)?;
        it.del_attr(ctx, "foo")?;

        let x = with(ctx, foo_of(ctx, e)?, "deleter", deleter(ctx, "_foo"))?;
        let x = with(ctx, x, "setter", setter(ctx, "_foo", |it| it.max(0)))?;
        let f = make(ctx, class(ctx, "F").base(e).attr("foo", x).build()?)?;
        f.set_attr(ctx, "foo", -10)?;
        assert_attr(ctx, f, "foo", 0)?;
        f.del_attr(ctx, "foo")
    });
}

/// A descriptor class that keeps three functions, and calls the one in turn with the object.
fn computed_attribute(ctx: Context<'_>) -> Result<'_, Class<'_>> {
    class(ctx, "computed_attribute")
        .method("__init__", |ctx, this, args| {
            let (get, set, delete): (Value<'_>, Value<'_>, Value<'_>) =
                args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "get", get)?;
            this.set_attr(ctx, "set", set)?;
            this.set_attr(ctx, "delete", delete)?;
            Ok(Value::None)
        })
        .method("__get__", |ctx, this, args| {
            let (object, _): (Value<'_>, Option<Value<'_>>) = args.parse(ctx, "__get__")?;
            this.get_attr(ctx, "get")?.call(ctx, (object,))
        })
        .method("__set__", |ctx, this, args| this.get_attr(ctx, "set")?.call(ctx, args))
        .method("__delete__", |ctx, this, args| this.get_attr(ctx, "delete")?.call(ctx, args))
        .build()
}

#[test]
fn test_compattr() {
    python(|ctx| {
        let counts = lambda(ctx, |ctx, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, "__get_x")?;
            let x = this.get_attr(ctx, "_C__x")?.to::<i64>(ctx)?;
            this.set_attr(ctx, "_C__x", x + 1)?;
            Ok(Value::Int(x))
        });
        let (set, delete) = (setter(ctx, "_C__x", |it| it), deleter(ctx, "_C__x"));
        let x = Value::from(computed_attribute(ctx)?).call(ctx, (counts, set, delete))?;
        let c = class(ctx, "C")
            .method("__init__", |ctx, this, _| this.set_attr(ctx, "_C__x", 0).map(Into::into))
            .attr("x", x)
            .build()?;
        let a = make(ctx, c)?;
        assert_attr(ctx, a, "x", 0)?;
        assert_attr(ctx, a, "x", 1)?;
        a.set_attr(ctx, "x", 10)?;
        assert_attr(ctx, a, "x", 10)?;
        assert_attr(ctx, a, "x", 11)?;
        a.del_attr(ctx, "x")?;
        assert_lacks(ctx, a, "x")
    });
}

#[test]
fn test_set_and_no_get() {
    python(|ctx| {
        let descr_class = class(ctx, "Descr")
            .method("__init__", |ctx, this, args| {
                let (name,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "name", name).map(Into::into)
            })
            .method("__set__", |ctx, this, args| {
                let (object, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__set__")?;
                let dict = object.get_attr(ctx, "__dict__")?;
                dict.set_item(ctx, this.get_attr(ctx, "name")?, value).map(Into::into)
            })
            .build()?;
        let descr_class = Value::from(descr_class);
        let descr = descr_class.call(ctx, ("a",))?;
        let x = make(ctx, class(ctx, "X").attr("a", descr).build()?)?;
        assert_is(x.get_attr(ctx, "a")?, descr);
        x.set_attr(ctx, "a", 42)?;
        assert_attr(ctx, x, "a", 42)?;
        // The same of a metaclass.
        let meta = plain(ctx, "Meta", &[ctx.types().type_]);
        let x = Value::from(class(ctx, "X").metaclass(meta).build()?);
        x.set_attr(ctx, "a", 42)?;
        Value::from(meta).set_attr(ctx, "a", descr_class.call(ctx, ("a",))?)?;
        assert_attr(ctx, x, "a", 42)
    });
}

fn name_of<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc, String> {
    class.get_attr(ctx, "__name__")?.to(ctx)
}

#[test]
fn test_doc_descriptor() {
    python(|ctx| {
        let descr = class(ctx, "DocDescr")
            .method("__get__", |ctx, _, args| {
                let (object, class): (Value<'_>, Value<'_>) = args.parse(ctx, "__get__")?;
                let object = match object.truth(ctx)? {
                    true => {
                        format!("{} instance", name_of(ctx, object.get_attr(ctx, "__class__")?)?)
                    }
                    false => "None".to_owned(),
                };
                let class =
                    if class.truth(ctx)? { name_of(ctx, class)? } else { "None".to_owned() };
                Ok(ctx.str(&format!("object={object}; type={class}")))
            })
            .build()?;
        let doc = make(ctx, descr)?;
        let old = Value::from(classic(ctx, "OldClass").attr("__doc__", doc).build()?);
        let new = Value::from(class(ctx, "NewClass").attr("__doc__", doc).build()?);
        for (class, name) in [(old, "OldClass"), (new, "NewClass")] {
            assert_attr(ctx, class, "__doc__", format!("object=None; type={name}"))?;
            let expected = format!("object={name} instance; type={name}");
            assert_attr(ctx, make(ctx, class)?, "__doc__", expected)?;
        }
        Ok(())
    });
}

#[test]
fn test_overloading() {
    python(|ctx| {
        let b = plain(ctx, "B", &[]);
        let c = class(ctx, "C")
            .base(b)
            .method("__getattr__", |ctx, _, args| {
                let (name,): (String,) = args.parse(ctx, "__getattr__")?;
                if name == "foo" {
                    return Ok(crate::common::tuple(ctx, &[ctx.str("getattr"), ctx.str(&name)]));
                }
                Err(Error::bare(&exc::ATTRIBUTE_ERROR))
            })
            .method("__getitem__", |ctx, _, args| {
                let (key,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
                Ok(crate::common::tuple(ctx, &[ctx.str("getitem"), key]))
            })
            .method("__setitem__", |ctx, this, args| {
                this.set_attr(ctx, "setitem", args.to_tuple(ctx)).map(Into::into)
            })
            .method("__delitem__", |ctx, this, args| {
                let (key,): (Value<'_>,) = args.parse(ctx, "__delitem__")?;
                this.set_attr(ctx, "delitem", key).map(Into::into)
            })
            .build()?;
        let set = function(ctx, "__setattr__", b, |ctx, b, args| {
            let (this, name, value): (Value<'_>, String, Value<'_>) =
                args.parse(ctx, "__setattr__")?;
            if name == "foo" {
                let noted = crate::common::tuple(ctx, &[ctx.str(&name), value]);
                return this.set_attr(ctx, "setattr", noted).map(Into::into);
            }
            b.call_method(ctx, "__setattr__", (this, name, value))
        });
        let delete = function(ctx, "__delattr__", b, |ctx, b, args| {
            let (this, name): (Value<'_>, String) = args.parse(ctx, "__delattr__")?;
            if name == "foo" {
                return this.set_attr(ctx, "delattr", name).map(Into::into);
            }
            b.call_method(ctx, "__delattr__", (this, name))
        });
        c.define(ctx, "__setattr__", set)?;
        c.define(ctx, "__delattr__", delete)?;
        let a = make(ctx, c)?;
        assert_attr(ctx, a, "foo", ("getattr", "foo"))?;
        a.set_attr(ctx, "foo", 12)?;
        assert_attr(ctx, a, "setattr", ("foo", 12))?;
        a.del_attr(ctx, "foo")?;
        assert_attr(ctx, a, "delattr", "foo")?;
        assert_equal(ctx, a.get_item(ctx, 12)?, ("getitem", 12))?;
        a.set_item(ctx, 12, 21)?;
        assert_attr(ctx, a, "setitem", (12, 21))?;
        a.del_item(ctx, 12)?;
        assert_attr(ctx, a, "delitem", 12)?;
        a.del_attr(ctx, "delitem")?;
        assert_lacks(ctx, a, "delitem")
    });
}
