//! Files and hooks that lie, raise, or come back: a Python exception each, and objects that stay usable.

use halfsour_runtime::{Class, ClassicClass, Error, Function, List, Value, exc};

use crate::support::{call, file, outcome, python2, written};

#[test]
fn a_file_that_returns_nonsense() {
    python2(|ctx| {
        let file = Class::builder(ctx, "Nonsense")
            .method("read", |_, _, _| Ok(Value::Int(3)))
            .method("readline", |ctx, _, _| Ok(ctx.str("no end")))
            .build()?;
        for module in ["pickle", "cPickle"] {
            let file = Value::from(file).call(ctx, ())?;
            let error = call(ctx, module, "load", (file,)).unwrap_err();
            assert!(error.is(ctx, &exc::TYPE_ERROR), "{}", error.message(ctx));
        }
        Ok(())
    });
}

#[test]
fn hooks_that_raise_leave_everything_usable() {
    for module in ["pickle", "cPickle"] {
        python2(|ctx| {
            let raises = Function::new(ctx, "hook", |_, _| Err(Error::new(&exc::KEY_ERROR, "no")));
            let out = file(ctx, b"")?;
            let pickler = call(ctx, module, "Pickler", (out,))?;
            pickler.set_attr(ctx, "persistent_id", raises)?;
            let error = pickler.call_method(ctx, "dump", (1,)).unwrap_err();
            assert!(error.is(ctx, &exc::KEY_ERROR));
            let none = Function::new(ctx, "hook", |_, _| Ok(Value::None));
            pickler.set_attr(ctx, "persistent_id", none)?;
            pickler.call_method(ctx, "dump", (1,))?;
            assert_eq!(written(ctx, out)?, b"I1\n.");

            let source = file(ctx, b"Pa\n.Pa\n.")?;
            let unpickler = call(ctx, module, "Unpickler", (source,))?;
            unpickler.set_attr(ctx, "persistent_load", raises)?;
            let error = unpickler.call_method(ctx, "load", ()).unwrap_err();
            assert!(error.is(ctx, &exc::KEY_ERROR));
            source.call_method(ctx, "seek", (4,))?;
            unpickler.set_attr(ctx, "persistent_load", none)?;
            assert!(unpickler.call_method(ctx, "load", ())?.is_none());
            Ok(())
        });
    }
}

#[test]
fn a_hook_that_comes_back_to_its_pickler() {
    for module in ["pickle", "cPickle"] {
        python2(|ctx| {
            let pickler = call(ctx, module, "Pickler", (file(ctx, b"")?,))?;
            let hook = Function::capturing(ctx, "hook", pickler, |ctx, pickler, args| {
                pickler.call_method(ctx, "dump", args)
            });
            pickler.set_attr(ctx, "persistent_id", hook)?;
            let error = pickler.call_method(ctx, "dump", (List::new(ctx),)).unwrap_err();
            assert!(error.is(ctx, &exc::RUNTIME_ERROR));
            pickler.set_attr(
                ctx,
                "persistent_id",
                Function::new(ctx, "hook", |_, _| Ok(Value::None)),
            )?;
            pickler.call_method(ctx, "dump", (List::new(ctx),))?;
            Ok(())
        });
    }
}

#[test]
fn memos_that_are_nonsense() {
    python2(|ctx| {
        let nonsense = halfsour_runtime::Dict::new(ctx);
        nonsense.insert(ctx, ctx.str("x"), Value::None)?;
        nonsense.insert(ctx, Value::Int(-5), Value::Int(3))?;
        nonsense.insert(ctx, Value::None, List::new(ctx).into())?;
        for module in ["pickle", "cPickle"] {
            let pickler = call(ctx, module, "Pickler", (file(ctx, b"")?,))?;
            pickler.set_attr(ctx, "memo", nonsense)?;
            pickler.call_method(ctx, "dump", (List::new(ctx),))?;
            let unpickler = call(ctx, module, "Unpickler", (file(ctx, b"g-5\n.")?,))?;
            unpickler.set_attr(ctx, "memo", nonsense)?;
            assert_eq!(outcome(ctx, unpickler.call_method(ctx, "load", ())), "3");
        }
        Ok(())
    });
}

#[test]
fn an_object_without_its_init() {
    python2(|ctx| {
        for (name, method) in [("Pickler", "dump"), ("Unpickler", "load")] {
            let base: ClassicClass<'_> = ctx.import_from("pickle", name)?.to(ctx)?;
            let class = ClassicClass::builder(ctx, "Forgetful")
                .base(base)
                .method("__init__", |_, _, _| Ok(Value::None))
                .build()?;
            let this = Value::from(class).call(ctx, ())?;
            let args = if method == "dump" { vec![Value::None] } else { vec![] };
            let error = this.call_method(ctx, method, args.as_slice()).unwrap_err();
            assert!(error.is(ctx, &exc::ATTRIBUTE_ERROR));
        }
        Ok(())
    });
}

#[test]
fn a_pickler_in_its_own_memo_is_collected() {
    let mut runtime = halfsour_runtime::Runtime::python2();
    runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            halfsour_pickle::install(ctx)
        })
        .unwrap();
    let references = runtime
        .try_enter(|ctx| {
            let mut references = Vec::new();
            for module in ["pickle", "cPickle"] {
                let pickler = call(ctx, module, "Pickler", (file(ctx, b"")?,))?;
                let list = List::from_vec(ctx, vec![]);
                pickler.call_method(ctx, "dump", (list,))?;
                list.push(ctx, pickler);
                if module == "pickle" {
                    let reference = ctx.import("weakref")?.call_method(ctx, "ref", (pickler,))?;
                    references.push(ctx.stash(reference));
                }
            }
            Ok(references)
        })
        .unwrap();
    runtime.collect();
    runtime
        .try_enter(|ctx| {
            for reference in &references {
                assert!(ctx.fetch(reference).call(ctx, ())?.is_none());
            }
            Ok(())
        })
        .unwrap();
}
