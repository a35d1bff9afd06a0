//! The built-in exceptions. Expected values were measured on CPython 2.7.18 and 3.13.0.

use halfsour_runtime::{Args, Class, Context, Error, Result, Runtime, Value, exc};

fn class<'gc>(ctx: Context<'gc>, name: &str) -> Value<'gc> {
    let module = ctx.dialect().exceptions_module();
    ctx.import_from(module, name).expect("a built-in exception")
}

fn make<'gc>(ctx: Context<'gc>, name: &str, args: &[Value<'gc>]) -> Result<'gc> {
    class(ctx, name).call(ctx, Args::new(args))
}

#[test]
fn every_class_has_its_base() {
    Runtime::python2().enter(|ctx| {
        let pairs = [
            ("StandardError", "Exception"),
            ("IOError", "EnvironmentError"),
            ("KeyError", "LookupError"),
            ("TabError", "IndentationError"),
            ("UnicodeTranslateError", "UnicodeError"),
            ("UserWarning", "Warning"),
            ("SystemExit", "BaseException"),
        ];
        for (name, base) in pairs {
            let Value::Class(own) = class(ctx, name) else { panic!("{name} is a class") };
            assert!(own.bases().as_slice()[0].is(class(ctx, base)), "{name}");
            assert_eq!(own.name(), name);
        }
        assert_eq!(ctx.exception_class(&exc::MODULE_NOT_FOUND_ERROR).name(), "ImportError");
        assert_eq!(ctx.exception_class(&exc::RECURSION_ERROR).name(), "RuntimeError");
    });
    Runtime::python3().enter(|ctx| {
        assert_eq!(ctx.exception_class(&exc::IO_ERROR).name(), "OSError");
        assert!(class(ctx, "IOError").is(class(ctx, "OSError")));
        let Value::Class(refused) = class(ctx, "ConnectionRefusedError") else { panic!() };
        assert_eq!(refused.mro().len(), 6);
    });
}

#[test]
fn both_modules_hold_the_same_classes() {
    Runtime::python2().enter(|ctx| {
        let builtin = ctx.import_from("__builtin__", "KeyError").expect("in __builtin__");
        assert!(builtin.is(class(ctx, "KeyError")));
        let Value::Class(own) = builtin else { panic!() };
        assert!(own.module(ctx).is_some_and(|it| it.to::<String>(ctx).unwrap() == "exceptions"));
    });
}

#[test]
fn args_and_message() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let one = make(ctx, "ValueError", &[Value::Int(7)])?;
            assert!(one.get_attr(ctx, "message")?.is(Value::Int(7)));
            assert!(one.exception_args().unwrap().as_slice()[0].is(Value::Int(7)));
            let two = make(ctx, "ValueError", &[Value::Int(7), Value::Int(8)])?;
            assert_eq!(two.get_attr(ctx, "message")?.to::<String>(ctx)?, "");
            two.set_attr(ctx, "message", "mine")?;
            assert_eq!(two.get_attr(ctx, "message")?.to::<String>(ctx)?, "mine");
            two.del_attr(ctx, "message")?;
            let gone = two.get_attr(ctx, "message").unwrap_err();
            assert!(gone.is(ctx, &exc::ATTRIBUTE_ERROR));
            two.set_attr(ctx, "args", vec![1])?;
            assert_eq!(two.exception_args().unwrap().len(), 1);
            let kept = two.del_attr(ctx, "args").unwrap_err();
            assert_eq!(kept.message(ctx), "args may not be deleted");
            let args = Args::default().keyword(ctx, "a", 1);
            let refused = class(ctx, "ValueError").call(ctx, args).unwrap_err();
            assert_eq!(
                refused.message(ctx),
                "exceptions.ValueError does not take keyword arguments"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_init_of_its_own_leaves_args_to_python3() {
    fn length<'gc>(ctx: Context<'gc>) -> Result<'gc, usize> {
        let own = Class::builder(ctx, "E")
            .base(ctx.exception_class(&exc::EXCEPTION))
            .method("__init__", |_, _, _| Ok(Value::None))
            .build()?;
        Ok(Value::from(own).call(ctx, (1,))?.exception_args().unwrap().len())
    }
    assert_eq!(Runtime::python2().try_enter(|ctx| length(ctx)).unwrap(), 0);
    assert_eq!(Runtime::python3().try_enter(|ctx| length(ctx)).unwrap(), 1);
}

#[test]
fn environment_errors() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let parts = [Value::Int(2), ctx.str("gone"), ctx.str("f")];
            let error = make(ctx, "IOError", &parts)?;
            assert!(error.get_attr(ctx, "errno")?.is(Value::Int(2)));
            assert_eq!(error.get_attr(ctx, "filename")?.to::<String>(ctx)?, "f");
            assert_eq!(error.exception_args().unwrap().len(), 2);
            let reduced: Vec<Value<'_>> = error.call_method(ctx, "__reduce__", ())?.to(ctx)?;
            assert_eq!(reduced[1].as_tuple().unwrap().len(), 3);
            let one = make(ctx, "OSError", &[Value::Int(2)])?;
            assert!(one.get_attr(ctx, "errno")?.is_none());
            Ok(())
        })
        .unwrap();
    Runtime::python3()
        .try_enter(|ctx| {
            let missing = make(ctx, "OSError", &[Value::Int(2), ctx.str("gone")])?;
            assert!(missing.type_of(ctx).name() == "FileNotFoundError");
            Ok(())
        })
        .unwrap();
}

#[test]
fn unicode_errors_check_their_arguments() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let (ascii, data, reason) = (ctx.str("ascii"), ctx.str("a\u{7f}"), ctx.str("r"));
            let parts = [ascii, data, Value::Int(1), Value::Int(2), reason];
            let error = make(ctx, "UnicodeDecodeError", &parts)?;
            assert!(error.get_attr(ctx, "start")?.is(Value::Int(1)));
            let text = error.call_method(ctx, "__str__", ())?.to::<String>(ctx)?;
            assert_eq!(text, "'ascii' codec can't decode byte 0x7f in position 1: r");
            let few = make(ctx, "UnicodeDecodeError", &[ascii]).unwrap_err();
            assert_eq!(few.message(ctx), "function takes exactly 5 arguments (1 given)");
            let ints = [Value::Int(1); 5];
            let wrong = make(ctx, "UnicodeDecodeError", &ints).unwrap_err();
            assert_eq!(wrong.message(ctx), "argument 1 must be str, not int");
            let number = error.set_attr(ctx, "start", "a").unwrap_err();
            assert_eq!(number.message(ctx), "an integer is required");
            Ok(())
        })
        .unwrap();
}

#[test]
fn several_bases_join_if_one_decides_the_layout() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let base = |name| match class(ctx, name) {
                Value::Class(class) => class,
                _ => unreachable!("exceptions are new-style classes"),
            };
            let joined =
                Class::builder(ctx, "K").base(base("KeyError")).base(base("IOError")).build()?;
            let error = Value::from(joined).call(ctx, (1, "x"))?;
            // KeyError's own __init__ comes first, and knows no errno.
            assert!(error.get_attr(ctx, "errno")?.is_none());
            let both = Class::builder(ctx, "B").base(base("IOError")).base(base("SyntaxError"));
            let conflict = both.build().unwrap_err();
            assert_eq!(conflict.message(ctx), "multiple bases have instance lay-out conflict");
            Ok(())
        })
        .unwrap();
}

#[test]
fn state_is_set_by_attributes() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let error = make(ctx, "Exception", &[Value::Int(1)])?;
            let plain: Vec<Value<'_>> = error.call_method(ctx, "__reduce__", ())?.to(ctx)?;
            assert_eq!(plain.len(), 2);
            error.set_attr(ctx, "note", 5)?;
            let full: Vec<Value<'_>> = error.call_method(ctx, "__reduce__", ())?.to(ctx)?;
            assert_eq!(full.len(), 3);
            let copy = make(ctx, "Exception", &[])?;
            copy.call_method(ctx, "__setstate__", (full[2],))?;
            assert!(copy.get_attr(ctx, "note")?.is(Value::Int(5)));
            let refused = copy.call_method(ctx, "__setstate__", (1,)).unwrap_err();
            assert_eq!(refused.message(ctx), "state is not a dictionary");
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_uncaught_exception_says_what_it_is() {
    let mut runtime = Runtime::python2();
    let uncaught =
        runtime.try_enter(|_| Err::<(), _>(Error::new(&exc::KEY_ERROR, "k"))).unwrap_err();
    assert_eq!(uncaught.class(), "KeyError");
    assert!(uncaught.is(&exc::LOOKUP_ERROR));
    assert!(!uncaught.is(&exc::VALUE_ERROR));
}
