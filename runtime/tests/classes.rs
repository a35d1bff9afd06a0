//! `type` and metaclasses. Expected values were measured on CPython 2.7.18.

use halfsour_runtime::{
    Class, ClassicClass, Context, Dict, Function, List, Result, Runtime, Tuple, Value,
};

#[track_caller]
fn message<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    result.expect_err("an exception").message(ctx)
}

fn plain<'gc>(ctx: Context<'gc>, name: &str) -> Class<'gc> {
    Class::builder(ctx, name).module("__main__").build().expect("a plain class")
}

#[test]
fn type_makes_classes() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = Value::from(ctx.types().type_);
            let (none, dict) = (Tuple::new(ctx, &[]), Dict::new(ctx));
            let class = make.call(ctx, ("X", none, dict))?;
            assert_eq!(class.get_attr(ctx, "__name__")?.to::<String>(ctx)?, "X");
            assert!(make.call(ctx, ("X",))?.is(ctx.types().bytes.into()));
            let old = ClassicClass::builder(ctx, "Old").build()?;
            let object = Value::from(ctx.types().object);
            let o = Value::from(plain(ctx, "O"));
            let texts = [
                (make.call(ctx, ()), "type() takes 1 or 3 arguments"),
                (make.call(ctx, ("X", none)), "type() takes 1 or 3 arguments"),
                (make.call(ctx, (1, none, dict)), "type() argument 1 must be string, not int"),
                (make.call(ctx, ("X", 1, dict)), "type() argument 2 must be tuple, not int"),
                (make.call(ctx, ("X", none, 1)), "type() argument 3 must be dict, not int"),
                (make.call(ctx, ("X\0", none, dict)), "type name must not contain null characters"),
                (
                    make.call(ctx, ("X", Tuple::new(ctx, &[old.into()]), dict)),
                    "a new-style class can't have only classic bases",
                ),
                (
                    make.call(ctx, ("X", Tuple::new(ctx, &[ctx.types().bool.into()]), dict)),
                    "type 'bool' is not an acceptable base type",
                ),
                (
                    make.call(ctx, ("X", Tuple::new(ctx, &[object, o]), dict)),
                    "Cannot create a consistent method resolution\norder (MRO) for bases object, O",
                ),
                (make.call(ctx, ("X", Tuple::new(ctx, &[o, o]), dict)), "duplicate base class O"),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn attributes_of_a_class() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let own = plain(ctx, "O");
            let class = Value::from(own);
            assert!(class.get_attr(ctx, "__base__")?.is(ctx.types().object.into()));
            assert_eq!(class.get_attr(ctx, "__mro__")?.as_tuple().unwrap().len(), 2);
            assert_eq!(class.call_method(ctx, "mro", ())?.as_list().unwrap().len(), 2);
            class.set_attr(ctx, "__name__", "P")?;
            assert_eq!(own.name(), "P");
            let namespace = class.get_attr(ctx, "__dict__")?;
            assert_eq!(namespace.type_name(ctx), "dictproxy");
            let module = namespace.call_method(ctx, "get", ("__module__",))?;
            assert_eq!(module.to::<String>(ctx)?, "__main__");
            assert!(ctx.types().int.module(ctx).is_some());
            // No instance of a built-in type shows the module of its type.
            assert!(Value::Int(5).find_attr(ctx, "__module__")?.is_none());
            let refused = [
                (
                    class.set_attr(ctx, "__name__", 5),
                    "can only assign string to P.__name__, not 'int'",
                ),
                (class.del_attr(ctx, "__name__"), "can't delete P.__name__"),
                (
                    class.set_attr(ctx, "__bases__", 5),
                    "can only assign tuple to P.__bases__, not int",
                ),
                (
                    class.set_attr(ctx, "__dict__", 5),
                    "attribute '__dict__' of 'type' objects is not writable",
                ),
                (class.del_attr(ctx, "nix"), "nix"),
                (
                    Value::from(ctx.types().int).set_attr(ctx, "x", 1),
                    "can't set attributes of built-in/extension type 'int'",
                ),
            ];
            for (result, text) in refused {
                assert_eq!(result.expect_err("an exception").message(ctx), text);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn bases_can_be_replaced() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let a = plain(ctx, "A");
            a.define(ctx, "x", 1)?;
            let b = plain(ctx, "B");
            b.define(ctx, "x", 2)?;
            let c = Class::builder(ctx, "C").base(a).build()?;
            let d = Class::builder(ctx, "D").base(c).build()?;
            let it = Value::from(d).call(ctx, ())?;
            assert!(it.get_attr(ctx, "x")?.is(Value::Int(1)));
            Value::from(c).set_attr(ctx, "__bases__", Tuple::new(ctx, &[b.into()]))?;
            assert!(it.get_attr(ctx, "x")?.is(Value::Int(2)));
            let cycle = Value::from(b).set_attr(ctx, "__bases__", Tuple::new(ctx, &[d.into()]));
            assert_eq!(
                cycle.unwrap_err().message(ctx),
                "a __bases__ item causes an inheritance cycle"
            );
            let list = Tuple::new(ctx, &[ctx.types().list.into()]);
            let layout = Value::from(c).set_attr(ctx, "__bases__", list);
            assert_eq!(
                layout.unwrap_err().message(ctx),
                "__bases__ assignment: 'list' deallocator differs from 'B'"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn metaclasses_have_their_say() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let meta = Class::builder(ctx, "M")
                .base(ctx.types().type_)
                .method("__new__", |ctx, meta, args| {
                    let made = Value::from(ctx.types().type_).call_method(
                        ctx,
                        "__new__",
                        args.prepend(meta),
                    )?;
                    made.set_attr(ctx, "made", 1)?;
                    Ok(made)
                })
                .method("__init__", |ctx, class, _| {
                    class.set_attr(ctx, "initialized", 1)?;
                    Ok(Value::None)
                })
                .method("__call__", |ctx, class, args| {
                    let made = Value::from(ctx.types().type_).call_method(
                        ctx,
                        "__call__",
                        args.prepend(class),
                    )?;
                    made.set_attr(ctx, "called", 1)?;
                    Ok(made)
                })
                .method("__getattr__", |_, _, _| Ok(Value::Int(42)))
                .build()?;
            let class = Class::builder(ctx, "C").metaclass(meta).build()?;
            assert!(class.metaclass().is(meta));
            let value = Value::from(class);
            assert!(value.get_attr(ctx, "made")?.is(Value::Int(1)));
            assert!(value.get_attr(ctx, "initialized")?.is(Value::Int(1)));
            assert!(value.get_attr(ctx, "anything")?.is(Value::Int(42)));
            assert!(value.call(ctx, ())?.get_attr(ctx, "called")?.is(Value::Int(1)));
            // A class derived from it has the same metaclass.
            let derived = Class::builder(ctx, "D").base(class).build()?;
            assert!(derived.metaclass().is(meta));
            assert!(derived.lookup(ctx, "made").is_some());
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_metaclass_may_decide_the_order_of_lookup() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let other = plain(ctx, "P");
            other.define(ctx, "x", 2)?;
            let order = List::from_vec(ctx, vec![other.into(), ctx.types().object.into()]);
            let mro = Function::capturing(ctx, "mro", order, |ctx, order, args| {
                let items = order.iter(ctx)?.collect_vec(ctx)?;
                Ok(List::from_vec(ctx, [&args.positional()[..1], &items].concat()).into())
            });
            let meta = Class::builder(ctx, "M").base(ctx.types().type_).attr("mro", mro).build()?;
            let class = Class::builder(ctx, "C").metaclass(meta).build()?;
            assert_eq!(class.mro().len(), 3);
            assert!(Value::from(class).get_attr(ctx, "x")?.is(Value::Int(2)));
            order.push(ctx, Value::Int(5));
            let number = Class::builder(ctx, "D").metaclass(meta).build();
            assert_eq!(message(ctx, number.map(Into::into)), "mro() returned a non-class ('int')");
            order.set(ctx, 2, ctx.types().list.into());
            let list = Class::builder(ctx, "E").metaclass(meta).build();
            assert_eq!(
                message(ctx, list.map(Into::into)),
                "mro() returned base with unsuitable layout ('list')"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn subclasses_are_known_while_they_live() {
    let mut runtime = Runtime::python2();
    let base = runtime.enter(|ctx| ctx.stash(plain(ctx, "A")));
    runtime.enter(|ctx| {
        Class::builder(ctx, "B").base(ctx.fetch(&base)).build().expect("a subclass");
        assert_eq!(ctx.fetch(&base).subclasses(ctx).len(), 1);
    });
    runtime.collect();
    runtime.enter(|ctx| assert_eq!(ctx.fetch(&base).subclasses(ctx).len(), 0));
}
