//! Functions, methods, built-in functions and what they are made of. Expected values were measured on CPython 2.7.18.

use halfsour_runtime::{Class, ClassicClass, Context, Function, Result, Runtime, Value};

#[track_caller]
fn message<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    result.expect_err("an exception").message(ctx)
}

fn text<'gc>(ctx: Context<'gc>, value: Result<'gc>) -> String {
    value.and_then(|it| it.to::<String>(ctx)).expect("text")
}

fn function<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    Function::new(ctx, "f", |_, args| Ok(Value::Int(args.positional().len() as i64))).into()
}

#[test]
fn attributes_of_a_function() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let f = function(ctx);
            assert_eq!(text(ctx, f.get_attr(ctx, "__name__")), "f");
            assert_eq!(text(ctx, f.get_attr(ctx, "func_name")), "f");
            f.set_attr(ctx, "func_name", "g")?;
            assert_eq!(text(ctx, f.get_attr(ctx, "__name__")), "g");
            f.set_attr(ctx, "x", 1)?;
            let dict = f.get_attr(ctx, "__dict__")?;
            assert!(dict.is(f.get_attr(ctx, "func_dict")?));
            assert_eq!(dict.as_dict().unwrap().len(), 1);
            f.set_attr(ctx, "__module__", 5)?;
            assert!(f.get_attr(ctx, "__module__")?.is(Value::Int(5)));
            let wrong = f.set_attr(ctx, "__dict__", 1).unwrap_err();
            assert_eq!(wrong.message(ctx), "setting function's dictionary to a non-dict");
            let gone = f.del_attr(ctx, "__dict__").unwrap_err();
            assert_eq!(gone.message(ctx), "function's dictionary may not be deleted");
            let name = f.set_attr(ctx, "__name__", 1).unwrap_err();
            assert_eq!(name.message(ctx), "__name__ must be set to a string object");
            let code = f.get_attr(ctx, "func_code")?;
            assert!(code.is(f.get_attr(ctx, "__code__")?));
            assert_eq!(code.type_name(ctx), "code");
            let none = f.get_attr(ctx, "nope");
            assert_eq!(message(ctx, none), "'function' object has no attribute 'nope'");
            assert!(f.call_method(ctx, "__call__", (1, 2))?.is(Value::Int(2)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn attributes_of_a_method() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "O").method("m", |_, this, _| Ok(this)).build()?;
            let it = Value::from(class).call(ctx, ())?;
            let bound = it.get_attr(ctx, "m")?;
            assert!(bound.get_attr(ctx, "im_self")?.is(it));
            assert!(bound.get_attr(ctx, "__self__")?.is(it));
            assert!(bound.get_attr(ctx, "im_class")?.is(class.into()));
            assert_eq!(text(ctx, bound.get_attr(ctx, "__name__")), "m");
            let f = bound.get_attr(ctx, "im_func")?;
            f.set_attr(ctx, "mark", 3)?;
            assert!(bound.get_attr(ctx, "mark")?.is(Value::Int(3)));
            let none = bound.get_attr(ctx, "nope");
            assert_eq!(message(ctx, none), "'function' object has no attribute 'nope'");
            let own = bound.set_attr(ctx, "x", 1).unwrap_err();
            assert_eq!(own.message(ctx), "'instancemethod' object has no attribute 'x'");
            let unbound = Value::from(class).get_attr(ctx, "m")?;
            assert!(unbound.get_attr(ctx, "im_self")?.is_none());
            assert_eq!(
                message(ctx, unbound.call(ctx, (1,))),
                "unbound method m() must be called with O instance as first argument (got int instance \
                 instead)"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn functions_cannot_be_made_of_code() {
    Runtime::python2().enter(|ctx| {
        let (function, code) = (Value::from(ctx.types().function), Value::from(ctx.types().code));
        let texts = [
            (function.call(ctx, ()), "Required argument 'code' (pos 1) not found"),
            (function.call(ctx, (1,)), "function() argument 1 must be code, not int"),
            (code.call(ctx, (1,)), "code() takes at least 12 arguments (1 given)"),
            (
                Value::from(ctx.types().generator).call(ctx, ()),
                "cannot create 'generator' instances",
            ),
        ];
        for (result, text) in texts {
            assert_eq!(message(ctx, result), text);
        }
    });
}

#[test]
fn methods_made_by_hand() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = Value::from(ctx.types().method);
            let f = function(ctx);
            let bound = make.call(ctx, (f, 7))?;
            assert!(bound.call(ctx, (8,))?.is(Value::Int(2)));
            let texts = [
                (make.call(ctx, (1, 2)), "first argument must be callable"),
                (make.call(ctx, (f, Value::None)), "unbound methods must have non-NULL im_class"),
                (make.call(ctx, ()), "instancemethod expected at least 2 arguments, got 0"),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn attributes_of_built_in_functions() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let list = Value::from(halfsour_runtime::List::new(ctx));
            let append = list.get_attr(ctx, "append")?;
            assert_eq!(text(ctx, append.get_attr(ctx, "__name__")), "append");
            assert!(append.get_attr(ctx, "__self__")?.is(list));
            assert!(append.get_attr(ctx, "__module__")?.is_none());
            append.call_method(ctx, "__call__", (1,))?;
            assert_eq!(list.as_list().unwrap().len(), 1);
            let fixed = append.set_attr(ctx, "__name__", "x").unwrap_err();
            assert_eq!(
                fixed.message(ctx),
                "attribute '__name__' of 'builtin_function_or_method' objects is not writable"
            );
            let length = list.get_attr(ctx, "__len__")?;
            assert_eq!(length.type_name(ctx), "method-wrapper");
            assert!(length.get_attr(ctx, "__objclass__")?.is(ctx.types().list.into()));
            assert!(length.call(ctx, ())?.is(Value::Int(1)));
            assert!(length.is_callable(ctx));
            let shown = length.repr(ctx)?.to::<String>(ctx)?;
            assert!(shown.starts_with("<method-wrapper '__len__' of list object at 0x"), "{shown}");
            let module = length.get_attr(ctx, "__module__");
            assert_eq!(
                message(ctx, module),
                "'method-wrapper' object has no attribute '__module__'"
            );
            let raw = Value::from(ctx.types().list).get_attr(ctx, "append")?;
            assert_eq!(text(ctx, raw.get_attr(ctx, "__name__")), "append");
            assert!(raw.get_attr(ctx, "__objclass__")?.is(ctx.types().list.into()));
            raw.call(ctx, (list, 2))?;
            assert_eq!(list.as_list().unwrap().len(), 2);
            let texts = [
                (raw.call(ctx, ()), "descriptor 'append' of 'list' object needs an argument"),
                (
                    raw.call(ctx, (1,)),
                    "descriptor 'append' requires a 'list' object but received a 'int'",
                ),
                (
                    raw.call_method(ctx, "__get__", (1,)),
                    "descriptor 'append' for 'list' objects doesn't apply to 'int' object",
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
fn classic_classes_made_by_hand() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = Value::from(ctx.types().classobj);
            let (empty, dict) = (ctx_tuple(ctx), halfsour_runtime::Dict::new(ctx));
            let class = make.call(ctx, ("X", empty, dict))?;
            assert!(matches!(class, Value::ClassicClass(_)));
            assert!(class.get_attr(ctx, "__doc__")?.is_none());
            let texts = [
                (make.call(ctx, (1, empty, dict)), "argument 1 must be string, not int"),
                (make.call(ctx, ("X", empty, 1)), "PyClass_New: dict must be a dictionary"),
                (make.call(ctx, ("X", 1, dict)), "PyClass_New: bases must be a tuple"),
                (make.call(ctx, ("X",)), "Required argument 'bases' (pos 2) not found"),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            let mixed = halfsour_runtime::Tuple::new(ctx, &[ctx.types().object.into()]);
            assert!(matches!(make.call(ctx, ("X", mixed, dict))?, Value::Class(_)));
            Ok(())
        })
        .unwrap();
}

fn ctx_tuple<'gc>(ctx: Context<'gc>) -> halfsour_runtime::Tuple<'gc> {
    halfsour_runtime::Tuple::new(ctx, &[])
}

#[test]
fn classic_instances_made_by_hand() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = Value::from(ctx.types().instance);
            let old = ClassicClass::builder(ctx, "Old")
                .method("__init__", |_, _, _| panic!("types.InstanceType does not call __init__"))
                .build()?;
            let dict = halfsour_runtime::Dict::new(ctx);
            dict.insert(ctx, ctx.str("a"), Value::Int(1))?;
            let it = make.call(ctx, (old, dict))?;
            assert!(it.get_attr(ctx, "a")?.is(Value::Int(1)));
            assert!(it.get_attr(ctx, "__dict__")?.is(dict.into()));
            let texts = [
                (
                    make.call(ctx, (ctx.types().object,)),
                    "instance() argument 1 must be classobj, not type",
                ),
                (make.call(ctx, (old, 5)), "instance() second arg must be dictionary or None"),
                (make.call(ctx, ()), "instance() takes at least 1 argument (0 given)"),
                (
                    Value::from(old).get_attr(ctx, "__class__"),
                    "class Old has no attribute '__class__'",
                ),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            Ok(())
        })
        .unwrap();
}
