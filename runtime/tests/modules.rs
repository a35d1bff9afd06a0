//! Modules, import, and the modules that every runtime has. Expected values were measured on CPython 2.7.18 and 3.13.0.

use halfsour_runtime::{Class, Context, Module, Result, Runtime, Value, exc};

#[track_caller]
fn message<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    result.expect_err("an exception").message(ctx)
}

#[test]
fn import_finds_what_is_registered() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let inner = ctx.new_module("a.b.c")?;
            assert!(ctx.import("a.b.c")?.is(inner.into()));
            assert!(ctx.import("a")?.get_attr(ctx, "b")?.get_attr(ctx, "c")?.is(inner.into()));
            let missing = ctx.import("a.b.nix").unwrap_err();
            assert!(missing.is(ctx, &exc::IMPORT_ERROR));
            assert_eq!(missing.message(ctx), "No module named nix");
            ctx.modules().insert(ctx, ctx.str("gone"), Value::None)?;
            assert_eq!(message(ctx, ctx.import("gone")), "No module named gone");
            assert_eq!(message(ctx, ctx.import("")), "Empty module name");
            let global = ctx.import_from("a", "nix");
            assert_eq!(message(ctx, global), "'module' object has no attribute 'nix'");
            Ok(())
        })
        .unwrap();
    Runtime::python3().enter(|ctx| {
        let missing = ctx.import("nix").unwrap_err();
        assert!(missing.is(ctx, &exc::MODULE_NOT_FOUND_ERROR));
        assert_eq!(missing.message(ctx), "No module named 'nix'");
        let global = ctx.import_from("sys", "nix");
        assert_eq!(message(ctx, global), "module 'sys' has no attribute 'nix'");
    });
}

#[test]
fn importers_are_asked_in_turn_and_once() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            ctx.add_importer(|_, _| Ok(None));
            ctx.add_importer(|ctx, name| match name {
                "late" => Module::new(ctx, name).map(Some),
                _ => Ok(None),
            });
            let late = ctx.import("late")?;
            assert!(ctx.import("late")?.is(late));
            assert!(ctx.import("later").is_err());
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_name_of_many_parts_costs_no_stack() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let long = vec!["a"; 200_000].join(".");
            assert_eq!(message(ctx, ctx.import(&long)), "No module named a");
            assert_eq!(message(ctx, ctx.import("sys..b")), "Empty module name");
            let deep = vec!["p"; 300].join(".");
            let module = ctx.new_module(&deep)?;
            assert!(ctx.import(&deep)?.is(module.into()));
            let mut found = ctx.import("p")?;
            for _ in 1..300 {
                found = found.get_attr(ctx, "p")?;
            }
            assert!(found.is(module.into()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_importer_that_imports_what_it_is_asked_for() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            ctx.add_importer(|ctx, name| match name {
                "circle" => ctx.import(name).map(|_| None),
                _ => Ok(None),
            });
            let endless = ctx.import("circle").unwrap_err();
            assert!(endless.is(ctx, &exc::RUNTIME_ERROR));
            Ok(())
        })
        .unwrap();
}

#[test]
fn modules_made_by_hand() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let make = ctx.import_from("types", "ModuleType")?;
            let module = make.call(ctx, ("m", "d"))?;
            assert_eq!(module.get_attr(ctx, "__name__")?.to::<String>(ctx)?, "m");
            assert_eq!(module.get_attr(ctx, "__doc__")?.to::<String>(ctx)?, "d");
            let dict = module.get_attr(ctx, "__dict__")?;
            dict.as_dict().unwrap().insert(ctx, ctx.str("x"), Value::Int(1))?;
            assert!(module.get_attr(ctx, "x")?.is(Value::Int(1)));
            let fixed = module.set_attr(ctx, "__dict__", dict).unwrap_err();
            assert_eq!(fixed.message(ctx), "readonly attribute");
            assert_eq!(module.del_attr(ctx, "nix").unwrap_err().message(ctx), "nix");
            let number = make.call(ctx, (1,));
            assert_eq!(
                message(ctx, number),
                "module.__init__() argument 1 must be string, not int"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_class_derived_from_module() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let class = Class::builder(ctx, "Loud")
                .base(ctx.types().module)
                .method("__getattr__", |_, _, args| Ok(args.positional()[0]))
                .build()?;
            let module = Value::from(class).call(ctx, ("m",))?;
            assert!(matches!(module, Value::Module(_)));
            assert_eq!(module.get_attr(ctx, "anything")?.to::<String>(ctx)?, "anything");
            assert_eq!(module.get_attr(ctx, "__name__")?.to::<String>(ctx)?, "m");
            ctx.modules().insert(ctx, ctx.str("m"), module)?;
            assert_eq!(ctx.import_from("m", "spam")?.to::<String>(ctx)?, "spam");
            Ok(())
        })
        .unwrap();
}

#[test]
fn classes_and_functions_take_the_modules_name() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let module = ctx.new_module("larder")?;
            let class = Class::builder(ctx, "Jar").build()?;
            module.class_named(ctx, class)?;
            assert_eq!(
                Value::from(class).get_attr(ctx, "__module__")?.to::<String>(ctx)?,
                "larder"
            );
            // A type of the runtime's own keeps its module.
            module.set(ctx, "Number", ctx.types().int)?;
            let int = Value::from(ctx.types().int).get_attr(ctx, "__module__")?;
            assert_eq!(int.to::<String>(ctx)?, "__builtin__");
            Ok(())
        })
        .unwrap();
}

#[test]
fn sys_says_what_can_be_said() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let sys = ctx.import("sys")?;
            assert!(sys.get_attr(ctx, "modules")?.is(ctx.modules().into()));
            assert!(sys.call_method(ctx, "getrecursionlimit", ())?.is(Value::Int(1000)));
            sys.call_method(ctx, "setrecursionlimit", (500,))?;
            assert_eq!(ctx.recursion_limit(), 500);
            let texts = [
                (
                    sys.call_method(ctx, "setrecursionlimit", (0,)),
                    "recursion limit must be positive",
                ),
                (sys.call_method(ctx, "setrecursionlimit", ("a",)), "an integer is required"),
                (
                    sys.call_method(ctx, "setrecursionlimit", ()),
                    "setrecursionlimit() takes exactly 1 argument (0 given)",
                ),
            ];
            for (result, text) in texts {
                assert_eq!(message(ctx, result), text);
            }
            assert!(sys.get_attr(ctx, "maxint")?.is(Value::Int(i64::MAX)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn types_names_the_types() {
    Runtime::python2().enter(|ctx| {
        let named = |name: &str| ctx.import_from("types", name).expect("a type");
        assert!(named("StringType").is(ctx.types().bytes.into()));
        assert!(named("InstanceType").is(ctx.types().instance.into()));
        assert_eq!(named("StringTypes").as_tuple().unwrap().len(), 2);
        assert!(ctx.import_from("new", "classobj").unwrap().is(named("ClassType")));
    });
    Runtime::python3().enter(|ctx| {
        assert!(ctx.import("new").is_err());
        let proxy = ctx.import_from("types", "MappingProxyType").expect("a type");
        assert!(proxy.is(ctx.types().dictproxy.into()));
    });
}

#[test]
fn calls_without_end_raise_whatever_the_limit() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            ctx.set_recursion_limit(1_000_000_000);
            let class = Class::builder(ctx, "Deep")
                .method("__call__", |ctx, this, _| this.call(ctx, ()))
                .method("__getattr__", |ctx, this, _| this.get_attr(ctx, "nowhere"))
                .method("__eq__", |ctx, this, _| {
                    Ok(Value::Bool(this.equals(ctx, this.call_method(ctx, "me", ())?)?))
                })
                .method("me", |ctx, this, _| Value::from(this.type_of(ctx)).call(ctx, ()))
                .build()?;
            let it = Value::from(class).call(ctx, ())?;
            let text = "maximum recursion depth exceeded";
            for result in [it.call(ctx, ()), it.get_attr(ctx, "x")] {
                let error = result.unwrap_err();
                assert!(error.is(ctx, &exc::RUNTIME_ERROR));
                assert!(error.message(ctx).starts_with(text));
            }
            let other = Value::from(class).call(ctx, ())?;
            let compared = it.equals(ctx, other).unwrap_err();
            assert!(compared.message(ctx).starts_with(text));
            let own = Class::builder(ctx, "Own").build()?;
            own.define(ctx, "__get__", Value::from(own).call(ctx, ())?)?;
            let holder = Class::builder(ctx, "Holder").attr("x", Value::from(own).call(ctx, ())?);
            let found = Value::from(holder.build()?).call(ctx, ())?.get_attr(ctx, "x");
            assert!(found.unwrap_err().message(ctx).starts_with(text));
            // What was deep has left no trace.
            assert_eq!(ctx.depth(), 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_module_may_change_its_class_in_python_3() {
    // Measured on 3.13.0: both share a layout, and modules can be referred to weakly.
    let mut runtime = Runtime::python3();
    runtime
        .try_enter(|ctx| {
            let derived = Class::builder(ctx, "M").base(ctx.types().module).build()?;
            let module = Value::from(ctx.new_module("plain")?);
            module.set_attr(ctx, "__class__", derived)?;
            assert!(module.type_of(ctx).is(derived));
            module.set_attr(ctx, "__class__", ctx.types().module)?;
            let weak = ctx.import_from("weakref", "ref")?.call(ctx, (module,))?;
            assert!(weak.call(ctx, ())?.is(module));
            Ok(())
        })
        .unwrap();
}
