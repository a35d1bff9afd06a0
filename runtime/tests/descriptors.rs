//! property, staticmethod, classmethod, slots and super. Expected values were measured on CPython 2.7.18.

use halfsour_runtime::{Args, Class, Context, Function, Result, Runtime, Value};

#[track_caller]
fn message<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    result.expect_err("an exception").message(ctx)
}

#[test]
fn properties() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = Value::from(ctx.types().property);
            let get = Function::new(ctx, "get", |_, _| Ok(Value::Int(1)));
            let set = Function::new(ctx, "set", |ctx, args| {
                let (this, value): (Value<'_>, Value<'_>) = args.parse(ctx, "set")?;
                this.set_attr(ctx, "kept", value)?;
                Ok(Value::None)
            });
            let property = make.call(ctx, (get,))?;
            assert!(property.get_attr(ctx, "fget")?.is(get.into()));
            assert!(property.get_attr(ctx, "fset")?.is_none());
            let writable = property.call_method(ctx, "setter", (set,))?;
            let class =
                Class::builder(ctx, "P").attr("fixed", property).attr("loose", writable).build()?;
            let it = Value::from(class).call(ctx, ())?;
            assert!(it.get_attr(ctx, "fixed")?.is(Value::Int(1)));
            assert!(Value::from(class).get_attr(ctx, "fixed")?.is(property));
            assert_eq!(
                it.set_attr(ctx, "fixed", 1).unwrap_err().message(ctx),
                "can't set attribute"
            );
            assert_eq!(
                it.del_attr(ctx, "loose").unwrap_err().message(ctx),
                "can't delete attribute"
            );
            it.set_attr(ctx, "loose", 9)?;
            assert!(it.get_attr(ctx, "kept")?.is(Value::Int(9)));
            let keyword = Args::default().keyword(ctx, "foo", 1);
            let texts = [
                (make.call(ctx, keyword), "'foo' is an invalid keyword argument for this function"),
                (make.call(ctx, (1, 2, 3, 4, 5)), "property() takes at most 4 arguments (5 given)"),
                (
                    property.call_method(ctx, "__get__", (Value::None,)),
                    "__get__(None, None) is invalid",
                ),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            assert_eq!(
                property.set_attr(ctx, "fget", 1).unwrap_err().message(ctx),
                "readonly attribute"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn static_and_class_methods() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let echo = Function::new(ctx, "echo", |_, args| {
                Ok(args.positional().first().copied().unwrap_or(Value::None))
            });
            let class = Class::builder(ctx, "C")
                .attr("s", Value::from(ctx.types().staticmethod).call(ctx, (echo,))?)
                .attr("c", Value::from(ctx.types().classmethod).call(ctx, (echo,))?)
                .build()?;
            let it = Value::from(class).call(ctx, ())?;
            assert!(it.call_method(ctx, "s", (4,))?.is(Value::Int(4)));
            assert!(it.call_method(ctx, "c", (4,))?.is(class.into()));
            assert!(Value::from(class).call_method(ctx, "c", ())?.is(class.into()));
            let none = Value::from(ctx.types().staticmethod).call(ctx, ());
            assert_eq!(message(ctx, none), "staticmethod expected 1 arguments, got 0");
            Ok(())
        })
        .unwrap();
}

#[test]
fn slots() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "S").slots(&["a"]).build()?;
            let slot = Value::from(class).get_attr(ctx, "a")?;
            let it = Value::from(class).call(ctx, ())?;
            assert_eq!(message(ctx, slot.call_method(ctx, "__get__", (it,))), "a");
            slot.call_method(ctx, "__set__", (it, 1))?;
            assert!(it.get_attr(ctx, "a")?.is(Value::Int(1)));
            slot.call_method(ctx, "__delete__", (it,))?;
            assert_eq!(message(ctx, slot.call_method(ctx, "__delete__", (it,))), "a");
            assert!(slot.get_attr(ctx, "__objclass__")?.is(class.into()));
            let twice = Class::builder(ctx, "T").slots(&["__dict__", "__dict__"]).build();
            assert_eq!(
                message(ctx, twice.map(Into::into)),
                "__dict__ slot disallowed: we already got one"
            );
            let texts = Class::builder(ctx, "U").base(ctx.types().bytes).slots(&["a"]).build();
            assert_eq!(
                message(ctx, texts.map(Into::into)),
                "nonempty __slots__ not supported for subtype of 'str'"
            );
            let private = Class::builder(ctx, "_V").slots(&["__x"]).build()?;
            assert!(private.lookup(ctx, "_V__x").is_some());
            Ok(())
        })
        .unwrap();
}

#[test]
fn super_looks_behind_a_class() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let base =
                Class::builder(ctx, "A").method("who", |ctx, _, _| Ok(ctx.str("A"))).build()?;
            let derived = Class::builder(ctx, "B")
                .base(base)
                .method("who", |ctx, _, _| Ok(ctx.str("B")))
                .build()?;
            let make = Value::from(ctx.types().super_);
            let it = Value::from(derived).call(ctx, ())?;
            let view = make.call(ctx, (derived, it))?;
            assert_eq!(view.call_method(ctx, "who", ())?.to::<String>(ctx)?, "A");
            assert!(view.get_attr(ctx, "__class__")?.is(make));
            assert!(view.get_attr(ctx, "__thisclass__")?.is(derived.into()));
            assert!(view.get_attr(ctx, "__self__")?.is(it));
            let of_class = make.call(ctx, (derived, derived))?.get_attr(ctx, "who")?;
            assert_eq!(of_class.call(ctx, (it,))?.to::<String>(ctx)?, "A");
            let texts = [
                (view.get_attr(ctx, "x"), "'super' object has no attribute 'x'"),
                (make.call(ctx, ()), "super() takes at least 1 argument (0 given)"),
                (make.call(ctx, (5, it)), "super() argument 1 must be type, not int"),
                (
                    make.call(ctx, (derived, 5)),
                    "super(type, obj): obj must be an instance or subtype of type",
                ),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_built_in_method_may_serve_under_another_name() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let set_item = Value::from(ctx.types().dict).get_attr(ctx, "__setitem__")?;
            let class = Class::builder(ctx, "X")
                .base(ctx.types().dict)
                .attr("__setattr__", set_item)
                .build()?;
            let x = Value::from(class).call(ctx, ())?;
            x.set_attr(ctx, "y", 42)?;
            assert!(x.get_item(ctx, "y")?.is(Value::Int(42)));
            assert!(x.find_attr(ctx, "y")?.is_none());
            Ok(())
        })
        .unwrap();
}

#[test]
fn super_is_set_up_by_its_init() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let super_ = Value::from(ctx.types().super_);
            let bare = super_.call_method(ctx, "__new__", (super_,))?;
            assert_eq!(bare.repr(ctx)?.to::<String>(ctx)?, "<super: <class 'NULL'>, NULL>");
            assert!(bare.get_attr(ctx, "__thisclass__")?.is_none());
            // A subclass may take other arguments, and is called to bind one that is kept in a class.
            let a = Class::builder(ctx, "A").build()?;
            let calls = Function::capturing(ctx, "__init__", a, |ctx, a, args| {
                let (this, given) = (args.positional()[0], args.positional().len());
                this.set_attr(ctx, "given", given as i64)?;
                let object = args.positional().get(2).copied().unwrap_or(Value::None);
                let super_ = Value::from(ctx.types().super_);
                super_.call_method(ctx, "__init__", (this, a, object))
            });
            let mine = Class::builder(ctx, "S").base(ctx.types().super_).attr("__init__", calls);
            let mine = Value::from(mine.build()?);
            a.define(ctx, "s", mine.call(ctx, ())?)?;
            let bound = Value::from(a).call(ctx, ())?.get_attr(ctx, "s")?;
            assert!(bound.type_of(ctx).is(mine.to::<Class<'_>>(ctx)?));
            assert_eq!(bound.get_attr(ctx, "given")?.to::<i64>(ctx)?, 3);
            assert_eq!(bound.repr(ctx)?.to::<String>(ctx)?, "<super: <class 'A'>, <A object>>");
            Ok(())
        })
        .unwrap();
}
