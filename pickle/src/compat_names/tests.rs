use halfsour_runtime::{Runtime, Value, exc};

use super::*;

#[test]
fn the_tables_are_in_order() {
    assert!(MODULES_TO_PYTHON3.is_sorted_by(|a, b| a.0 < b.0));
    assert!(MODULES_TO_PYTHON2.is_sorted_by(|a, b| a.0 < b.0));
    assert!(NAMES_TO_PYTHON3.is_sorted_by(|a, b| a.0 < b.0));
    assert!(NAMES_TO_PYTHON2.is_sorted_by(|a, b| a.0 < b.0));
}

#[test]
fn names_and_modules_of_the_other_python() {
    assert_eq!(to_python3(("__builtin__", "xrange")), ("builtins", "range"));
    assert_eq!(to_python3(("__builtin__", "len")), ("builtins", "len"));
    assert_eq!(to_python2(("builtins", "str")), ("__builtin__", "unicode"));
    assert_eq!(to_python2(("copyreg", "__newobj__")), ("copy_reg", "__newobj__"));
    assert_eq!(to_python2(("shop", "Cheese")), ("shop", "Cheese"));
}

/// CPython 3.13's `CompatPickleTests`, under their names. They ask of the tables what makes them of use: that what goes one
/// way comes back, but for what the two Pythons cannot tell apart.
#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod CompatPickleTests {
    use super::*;

    /// Modules of Python 2 that share one of Python 3 with another.
    const SHARED_MODULES: [(&str, &str); 4] = [
        ("StringIO", "io"),
        ("_elementtree", "xml.etree.ElementTree"),
        ("cPickle", "pickle"),
        ("cStringIO", "io"),
    ];

    /// Names of Python 2 that share one of Python 3 with another.
    const SHARED_NAMES: [Global<'static>; 4] = [
        ("UserDict", "UserDict"),
        ("__builtin__", "basestring"),
        ("exceptions", "StandardError"),
        ("socket", "_socketobject"),
    ];

    fn is_private(module: &str) -> bool {
        module.starts_with('_')
    }

    fn module_to_python2(module: &'static str) -> &'static str {
        let found = MODULES_TO_PYTHON2.iter().find(|&&(from, _)| from == module);
        found.map_or(module, |&(_, to)| to)
    }

    fn module_to_python3(module: &'static str) -> &'static str {
        let found = MODULES_TO_PYTHON3.iter().find(|&&(from, _)| from == module);
        found.map_or(module, |&(_, to)| to)
    }

    #[test]
    fn test_import_mapping() {
        for (new, old) in MODULES_TO_PYTHON2 {
            assert!(is_private(new) || module_to_python3(old) == new, "{new}");
        }
    }

    #[test]
    fn test_reverse_import_mapping() {
        for (old, new) in MODULES_TO_PYTHON3 {
            let comes_back = module_to_python2(new) == old
                || SHARED_MODULES.contains(&(old, new))
                || NAMES_TO_PYTHON2.iter().any(|&(from, to)| (from.0, to.0) == (new, old));
            assert!(comes_back, "{old}");
            assert_eq!(module_to_python3(module_to_python2(new)), new, "{old}");
        }
    }

    #[test]
    fn test_name_mapping() {
        for (new, old) in NAMES_TO_PYTHON2 {
            let is_shared = old.0 == "exceptions" && matches!(old.1, "OSError" | "ImportError");
            assert!(is_shared || is_private(new.0) || to_python3(old) == new, "{new:?}");
        }
    }

    #[test]
    fn test_reverse_name_mapping() {
        for (old, new) in NAMES_TO_PYTHON3 {
            assert!(SHARED_NAMES.contains(&old) || to_python2(new) == old, "{old:?}");
            assert_eq!(to_python3(to_python2(new)), new, "{old:?}");
        }
    }

    /// Exceptions that Python 2 has nothing for.
    const NEW: [&str; 9] = [
        "BaseExceptionGroup",
        "BlockingIOError",
        "EncodingWarning",
        "ExceptionGroup",
        "PythonFinalizationError",
        "RecursionError",
        "ResourceWarning",
        "StopAsyncIteration",
        "_IncompleteInputError",
    ];

    #[test]
    fn test_exceptions() {
        assert_eq!(to_python3(("exceptions", "StandardError")), ("builtins", "Exception"));
        assert_eq!(to_python2(("builtins", "Exception")), ("exceptions", "Exception"));
        let mut seen = 0;
        let outcome = Runtime::python3().try_enter(|ctx| {
            let Value::Module(builtins) = ctx.import("builtins")? else { return Ok(()) };
            for (name, class) in builtins.dict().entries() {
                let (Value::Class(class), name) = (class, name.to::<String>(ctx)?) else {
                    continue;
                };
                // `IOError` and its like are names of OSError.
                if !class.is_subclass_of(ctx.exception_class(&exc::BASE_EXCEPTION))
                    || class.name() != name
                    || NEW.contains(&&*name)
                {
                    continue;
                }
                seen += 1;
                let (new, old) = (("builtins", &*name), ("exceptions", &*name));
                let [of_system, of_import] = [&exc::OS_ERROR, &exc::IMPORT_ERROR]
                    .map(|base| class.is_subclass_of(ctx.exception_class(base)));
                if name != "OSError" && of_system {
                    assert_eq!(to_python2(new), ("exceptions", "OSError"), "{name}");
                } else if name != "ImportError" && of_import {
                    assert_eq!(to_python2(new), ("exceptions", "ImportError"), "{name}");
                    assert_eq!(to_python3(old), old, "{name}");
                } else {
                    assert_eq!(to_python2(new), old, "{name}");
                    assert_eq!(to_python3(old), new, "{name}");
                }
            }
            Ok(())
        });
        outcome.expect("no exception");
        assert!(seen > 40, "{seen} exceptions");
    }

    #[test]
    fn test_multiprocessing_exceptions() {
        for name in ["ProcessError", "BufferTooShort", "TimeoutError", "AuthenticationError"] {
            let (old, new) = (("multiprocessing", name), ("multiprocessing.context", name));
            assert_eq!(to_python2(new), old);
            assert_eq!(to_python3(old), new);
        }
    }
}
