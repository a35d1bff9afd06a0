//! The modules that Python-shaped code of Python 2 imports, with what the documentation names of each.

use halfsour::{Runtime, Uncaught, Value};

/// Each module, with some of what it has.
const MODULES: [(&str, &[&str]); 12] = [
    ("__builtin__", &["int", "str", "unicode", "object", "getattr", "len", "xrange", "Exception"]),
    ("exceptions", &["Exception", "StandardError", "KeyError", "EOFError"]),
    ("types", &["ClassType", "InstanceType", "FunctionType", "NoneType", "StringType"]),
    ("sys", &["setrecursionlimit", "getrecursionlimit", "modules", "maxint"]),
    ("StringIO", &["StringIO"]),
    ("cStringIO", &["StringIO"]),
    ("gc", &["collect", "garbage", "get_referents"]),
    ("copy", &["copy", "deepcopy", "Error"]),
    ("copy_reg", &["pickle", "constructor", "add_extension", "remove_extension"]),
    ("pickle", &["dump", "dumps", "load", "loads", "Pickler", "Unpickler", "PickleError"]),
    ("cPickle", &["dump", "dumps", "load", "loads", "Pickler", "Unpickler", "BadPickleGet"]),
    ("io", &["BytesIO"]),
];

#[test]
fn every_module_is_imported_with_what_it_has() -> Result<(), Uncaught> {
    Runtime::python2().try_enter(|ctx| {
        for (module, names) in MODULES {
            let module = ctx.import(module)?;
            for name in names {
                module.get_attr(ctx, *name)?;
            }
        }
        Ok(())
    })
}

#[test]
fn the_recursion_limit_bounds_what_is_pickled() -> Result<(), Uncaught> {
    let mut runtime = Runtime::python2();
    runtime.try_enter(|ctx| {
        let mut nested = ctx.import("__builtin__")?.call_method(ctx, "list", ())?;
        for _ in 0..3000 {
            nested = ctx.import("__builtin__")?.call_method(ctx, "list", (vec![nested],))?;
        }
        for module in ["pickle", "cPickle"] {
            let module = ctx.import(module)?;
            let sys = ctx.import("sys")?;
            sys.call_method(ctx, "setrecursionlimit", (1000,))?;
            let too_deep = module.call_method(ctx, "dumps", (nested, 2)).unwrap_err();
            assert!(too_deep.is(ctx, &halfsour::exc::RUNTIME_ERROR));
            sys.call_method(ctx, "setrecursionlimit", (10_000,))?;
            let text = module.call_method(ctx, "dumps", (nested, 2))?;
            assert!(matches!(module.call_method(ctx, "loads", (text,))?, Value::List(_)));
        }
        Ok(())
    })
}
