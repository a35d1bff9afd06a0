//! The methods of `object`. Expected values were measured on CPython 2.7.18 and 3.13.0.

use halfsour_runtime::{Args, Class, Context, Result, Runtime, Value, exc};

/// Runs code that must raise `TypeError` (or what is named), and returns the message.
#[track_caller]
fn message<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    result.expect_err("an exception").message(ctx)
}

fn class<'gc>(ctx: Context<'gc>, name: &str) -> Class<'gc> {
    Class::builder(ctx, name).module("__main__").build().expect("a plain class")
}

#[test]
fn excess_arguments() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let object = Value::from(ctx.types().object);
            assert_eq!(message(ctx, object.call(ctx, (1,))), "object() takes no parameters");
            let plain = Value::from(class(ctx, "O"));
            assert_eq!(message(ctx, plain.call(ctx, (1,))), "object() takes no parameters");
            let with_init =
                Class::builder(ctx, "A").method("__init__", |_, _, _| Ok(Value::None)).build()?;
            Value::from(with_init).call(ctx, (1,))?;
            let with_new = Class::builder(ctx, "N")
                .method("__new__", |ctx, class, _| {
                    let object = Value::from(ctx.types().object);
                    object.call_method(ctx, "__new__", (class,))
                })
                .build()?;
            Value::from(with_new).call(ctx, (1,))?;
            let passes_on = Class::builder(ctx, "N2")
                .method("__new__", |ctx, class, args| {
                    let object = Value::from(ctx.types().object);
                    object.call_method(ctx, "__new__", args.prepend(class))
                })
                .build()?;
            let refused = Value::from(passes_on).call(ctx, (1,));
            assert_eq!(message(ctx, refused), "object() takes no parameters");
            Ok(())
        })
        .unwrap();
    Runtime::python3().enter(|ctx| {
        let plain = Value::from(class(ctx, "O"));
        assert_eq!(message(ctx, plain.call(ctx, (1,))), "O() takes no arguments");
    });
}

#[test]
fn new_checks_its_class() {
    Runtime::python2().enter(|ctx| {
        let new = Value::from(ctx.types().object).get_attr(ctx, "__new__").unwrap();
        let types = ctx.types();
        let texts = [
            (new.call(ctx, ()), "object.__new__(): not enough arguments"),
            (new.call(ctx, (1,)), "object.__new__(X): X is not a type object (int)"),
            (
                new.call(ctx, (types.list,)),
                "object.__new__(list) is not safe, use list.__new__()",
            ),
            (
                new.call(ctx, (types.function,)),
                "object.__new__(function) is not safe, use function.__new__()",
            ),
            (
                new.call(ctx, (ctx.exception_class(&exc::EXCEPTION),)),
                "object.__new__(exceptions.Exception) is not safe, use exceptions.Exception.__new__()",
            ),
        ];
        for (result, text) in texts {
            assert_eq!(message(ctx, result), text);
        }
        assert_eq!(
            message(ctx, Value::from(types.none_type).call(ctx, ())),
            "cannot create 'NoneType' instances"
        );
    });
}

#[test]
fn attributes_by_method() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let object = Value::from(ctx.types().object);
            let it = Value::from(class(ctx, "O")).call(ctx, ())?;
            object.call_method(ctx, "__setattr__", (it, "x", 1))?;
            let found = object.call_method(ctx, "__getattribute__", (it, "x"))?;
            assert!(found.is(Value::Int(1)));
            object.call_method(ctx, "__delattr__", (it, "x"))?;
            let gone = object.call_method(ctx, "__delattr__", (it, "x"));
            assert_eq!(message(ctx, gone), "x");
            let number = object.call_method(ctx, "__getattribute__", (it, 1));
            assert_eq!(message(ctx, number), "attribute name must be string, not 'int'");
            let own = Value::from(class(ctx, "O"));
            let class_itself = object.call_method(ctx, "__setattr__", (own, "x", 1));
            assert_eq!(message(ctx, class_itself), "can't apply this __setattr__ to type object");
            let list = Value::from(halfsour_runtime::List::new(ctx));
            let absent = object.call_method(ctx, "__setattr__", (list, "x", 1));
            assert_eq!(message(ctx, absent), "'list' object has no attribute 'x'");
            let fixed = object.call_method(ctx, "__setattr__", (list, "append", 1));
            assert_eq!(message(ctx, fixed), "'list' object attribute 'append' is read-only");
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_own_getattribute_goes_through_objects() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let loud = Class::builder(ctx, "Loud")
                .method("__getattribute__", |ctx, this, args| {
                    let object = Value::from(ctx.types().object);
                    let found = object.call_method(ctx, "__getattribute__", args.prepend(this))?;
                    Ok(Value::Int(found.to::<i64>(ctx)? + 1))
                })
                .method("__getattr__", |_, _, _| Ok(Value::Int(-1)))
                .build()?;
            let it = Value::from(loud).call(ctx, ())?;
            it.set_attr(ctx, "x", 1)?;
            assert!(it.get_attr(ctx, "x")?.is(Value::Int(2)));
            assert!(it.get_attr(ctx, "nowhere")?.is(Value::Int(-1)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_dict_of_an_instance() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let it = Value::from(class(ctx, "O")).call(ctx, ())?;
            it.set_attr(ctx, "x", 1)?;
            let dict = it.get_attr(ctx, "__dict__")?;
            assert!(dict.is(it.get_attr(ctx, "__dict__")?));
            assert_eq!(dict.as_dict().unwrap().len(), 1);
            let wrong = it.set_attr(ctx, "__dict__", 5).unwrap_err();
            assert_eq!(wrong.message(ctx), "__dict__ must be set to a dictionary, not a 'int'");
            it.del_attr(ctx, "__dict__")?;
            assert!(it.find_attr(ctx, "x")?.is_none());
            let shared = halfsour_runtime::Dict::new(ctx);
            it.set_attr(ctx, "__dict__", shared)?;
            it.set_attr(ctx, "y", 2)?;
            assert_eq!(shared.len(), 1);
            let slotted = Class::builder(ctx, "S").slots(&["a"]).build()?;
            let it = Value::from(slotted).call(ctx, ())?;
            let none = it.get_attr(ctx, "__dict__").unwrap_err();
            assert_eq!(none.message(ctx), "'S' object has no attribute '__dict__'");
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_class_of_an_instance_changes_within_its_layout() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let (one, other) = (class(ctx, "O"), class(ctx, "A"));
            let slots = |name, slot| Class::builder(ctx, name).slots(&[slot]).build();
            let (a, same, b) = (slots("S", "a")?, slots("S3", "a")?, slots("S2", "b")?);
            let it = Value::from(one).call(ctx, ())?;
            it.set_attr(ctx, "__class__", other)?;
            assert!(it.get_attr(ctx, "__class__")?.is(other.into()));
            let texts = [
                (Value::from(a), "__class__ assignment: 'A' object layout differs from 'S'"),
                (Value::Int(5), "__class__ must be set to new-style class, not 'int' object"),
                (ctx.types().object.into(), "__class__ assignment: only for heap types"),
            ];
            for (value, text) in texts {
                assert_eq!(it.set_attr(ctx, "__class__", value).unwrap_err().message(ctx), text);
            }
            let it = Value::from(a).call(ctx, ())?;
            it.set_attr(ctx, "a", 1)?;
            it.set_attr(ctx, "__class__", same)?;
            assert!(it.get_attr(ctx, "a")?.is(Value::Int(1)));
            assert!(it.set_attr(ctx, "__class__", b).is_err());
            assert!(it.set_attr(ctx, "__class__", one).is_err());
            Ok(())
        })
        .unwrap();
}

#[test]
fn native_content_stays_with_its_class() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let native = |name| Class::builder(ctx, name).native().build();
            let (jar, tin) = (native("Jar")?, native("Tin")?);
            let labelled = Class::builder(ctx, "Labelled").base(jar).build()?;
            let other = Class::builder(ctx, "Other").base(jar).build()?;
            let content = halfsour_runtime::Traced::new(ctx, ());
            let it = Value::from(halfsour_runtime::Instance::native(ctx, labelled, content));
            it.set_attr(ctx, "__class__", other)?;
            let refused = it.set_attr(ctx, "__class__", tin).unwrap_err();
            assert_eq!(
                refused.message(ctx),
                "__class__ assignment: 'Other' object layout differs from 'Tin'"
            );
            let list = Class::builder(ctx, "L").base(ctx.types().list).native().build();
            assert_eq!(
                message(ctx, list.map(Into::into)),
                "a class derived from 'list' cannot hold native content"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn reduce_ex_calls_an_overridden_reduce() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let own = Class::builder(ctx, "R")
                .method("__reduce__", |ctx, _, _| Ok(ctx.str("a name")))
                .build()?;
            let it = Value::from(own).call(ctx, ())?;
            for protocol in 0..3 {
                let reduced = it.call_method(ctx, "__reduce_ex__", (protocol,))?;
                assert_eq!(reduced.to::<String>(ctx)?, "a name");
            }
            let wrong = it.call_method(ctx, "__reduce_ex__", ("a",));
            assert_eq!(message(ctx, wrong), "an integer is required");
            Ok(())
        })
        .unwrap();
}

#[test]
fn special_methods_are_there_to_be_called() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let object = Value::from(ctx.types().object);
            let it = Value::from(class(ctx, "O")).call(ctx, ())?;
            let text = object.call_method(ctx, "__repr__", (it,))?.to::<String>(ctx)?;
            assert!(text.starts_with("<__main__.O object at 0x"), "{text}");
            let hash = object.call_method(ctx, "__hash__", (it,))?.to::<i64>(ctx)?;
            assert_eq!(hash, it.hash(ctx)?);
            let hook = it.call_method(ctx, "__subclasshook__", Args::new(&[Value::None]))?;
            assert!(hook.is(Value::NotImplemented));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_list_of_a_subclass_can_be_added_to_itself() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "L").base(ctx.types().list).build()?;
            let it = Value::from(class).call(ctx, (vec![1],))?;
            it.call_method(ctx, "extend", (it,))?;
            assert_eq!(it.as_list().unwrap().len(), 2);
            Ok(())
        })
        .unwrap();
}
