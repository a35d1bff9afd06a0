//! Classes, functions and methods, by their names.

use halfsour::{Class, Context, Module, Result, Value, exc};

use super::round_trip;
use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes::MODULE;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, bytes, function, list, tuple};
use crate::streams::contains;

pub(super) fn test_singleton_types<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for singleton in [Value::None, Value::Ellipsis, Value::NotImplemented] {
        check_same(ctx, by, singleton.type_of(ctx).into())?;
    }
    Ok(())
}

/// An object comes back as itself.
fn check_same<'gc>(ctx: Context<'gc>, by: &Implementation, object: Value<'gc>) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        assert_is(ctx, round_trip(ctx, by, object, protocol)?, object);
    }
    Ok(())
}

/// What the module `builtins` has.
fn builtins<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let namespace = ctx.import("builtins")?.get_attr(ctx, "__dict__")?;
    let entries = namespace.as_dict().expect("a namespace is a dict").entries();
    Ok(entries.into_iter().map(|(_, value)| value).collect())
}

pub(super) fn test_builtin_types<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let exception = ctx.exception_class(&exc::BASE_EXCEPTION);
    let mut found = 0;
    for value in builtins(ctx)? {
        if let Value::Class(class) = value
            && !class.is_subclass_of(exception)
        {
            check_same(ctx, by, value)?;
            found += 1;
        }
    }
    assert!(found > 15, "{found} types");
    Ok(())
}

pub(super) fn test_builtin_exceptions<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let [base, os_error, import_error] = [&exc::BASE_EXCEPTION, &exc::OS_ERROR, &exc::IMPORT_ERROR]
        .map(|ty| ctx.exception_class(ty));
    let blocking: Class<'gc> = builtin(ctx, "BlockingIOError")?.to(ctx)?;
    for value in builtins(ctx)? {
        let Value::Class(class) = value else { continue };
        if !class.is_subclass_of(base) {
            continue;
        }
        for protocol in PROTOCOLS {
            let expected = if protocol > 2 || class.is(blocking) {
                class
            } else if class.is_subclass_of(os_error) {
                os_error
            } else if class.is_subclass_of(import_error) {
                import_error
            } else {
                class
            };
            assert_is(ctx, round_trip(ctx, by, value, protocol)?, expected.into());
        }
    }
    Ok(())
}

pub(super) fn test_builtin_functions<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let mut found = 0;
    for value in builtins(ctx)? {
        if let Value::Builtin(_) = value {
            check_same(ctx, by, value)?;
            found += 1;
        }
    }
    assert!(found > 10, "{found} functions");
    Ok(())
}

fn module<'gc>(ctx: Context<'gc>) -> Result<'gc, Module<'gc>> {
    match ctx.import(MODULE)? {
        Value::Module(module) => Ok(module),
        _ => panic!("{MODULE} is no module"),
    }
}

/// A class of the module with a name that leads to it.
fn class<'gc>(ctx: Context<'gc>, name: &str, qualname: &str) -> Result<'gc, Value<'gc>> {
    let builder = Class::builder(ctx, name).module(MODULE).attr("__qualname__", qualname);
    Ok(builder.build()?.into())
}

pub(super) fn test_nested_names<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let names = ["Nested", "Nested.A", "Nested.A.B", "Nested.A.B.C"];
    let mut outer = Value::from(module(ctx)?);
    for qualname in names {
        let name = qualname.rsplit('.').next().unwrap_or(qualname);
        let nested = class(ctx, name, qualname)?;
        outer.set_attr(ctx, name, nested)?;
        check_same(ctx, by, nested)?;
        outer = nested;
    }
    Ok(())
}

pub(super) fn test_recursive_nested_names<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let recursive = class(ctx, "Recursive", "Recursive.mod.Recursive")?;
    recursive.set_attr(ctx, "mod", module(ctx)?)?;
    module(ctx)?.set(ctx, "Recursive", recursive)?;
    check_same(ctx, by, recursive)
}

pub(super) fn test_recursive_nested_names2<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let recursive = class(ctx, "Recursive", "Recursive.ref")?;
    recursive.set_attr(ctx, "ref", recursive)?;
    module(ctx)?.set(ctx, "Recursive", recursive)?;
    check_same(ctx, by, recursive)
}

/// A class with a method of every kind.
fn with_methods<'gc>(ctx: Context<'gc>, name: &str, qualname: &str) -> Result<'gc> {
    let class = Class::builder(ctx, name)
        .module(MODULE)
        .attr("__qualname__", qualname)
        .static_method("cheese", |ctx, _| Ok(ctx.str("cheese")))
        .class_method("wine", |ctx, class, _| class.get_attr(ctx, "__qualname__"))
        .method("biscuits", |ctx, this, _| {
            Value::from(this.type_of(ctx)).get_attr(ctx, "__qualname__")
        })
        .build()?;
    let class = Value::from(class);
    for method in ["cheese", "wine", "biscuits"] {
        let function = class.get_attr(ctx, method)?;
        let function = function.find_attr(ctx, "__func__")?.unwrap_or(function);
        function.set_attr(ctx, "__qualname__", format!("{qualname}.{method}").as_str())?;
        function.set_attr(ctx, "__module__", MODULE)?;
    }
    Ok(class)
}

pub(super) fn test_py_methods<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let outer = with_methods(ctx, "PyMethodsTest", "PyMethodsTest")?;
    let nested = with_methods(ctx, "Nested", "PyMethodsTest.Nested")?;
    module(ctx)?.set(ctx, "PyMethodsTest", outer)?;
    outer.set_attr(ctx, "Nested", nested)?;
    for class in [outer, nested] {
        let instance = class.call(ctx, ())?;
        let bound = [
            class.get_attr(ctx, "cheese")?,
            class.get_attr(ctx, "wine")?,
            instance.get_attr(ctx, "biscuits")?,
        ];
        for protocol in PROTOCOLS {
            for method in bound {
                let loaded = round_trip(ctx, by, method, protocol)?;
                assert_equal(ctx, loaded.call(ctx, ())?, method.call(ctx, ())?)?;
            }
            let method = class.get_attr(ctx, "biscuits")?;
            let loaded = round_trip(ctx, by, method, protocol)?;
            assert_equal(ctx, loaded.call(ctx, (instance,))?, method.call(ctx, (instance,))?)?;
            for name in ["cheese", "wine"] {
                let descriptor = class.get_attr(ctx, "__dict__")?.get_item(ctx, name)?;
                let dumped = by.dumps(ctx, descriptor, protocol);
                assert_raises(ctx, &[&exc::TYPE_ERROR], dumped, (name, protocol));
            }
        }
    }
    Ok(())
}

pub(super) fn test_c_methods<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let subclass = Class::builder(ctx, "Subclass").module(MODULE).base(ctx.types().tuple);
    let subclass = Value::from(subclass.build()?);
    let nested = Class::builder(ctx, "Nested").module(MODULE).base(ctx.types().unicode);
    let nested = nested.attr("__qualname__", "Subclass.Nested").build()?;
    subclass.set_attr(ctx, "Nested", nested)?;
    module(ctx)?.set(ctx, "Subclass", subclass)?;
    let (two, e) = (Value::Int(2), ctx.str("e"));
    let numbers = list(ctx, &[Value::Int(1), two, two]);
    let counted = subclass.call(ctx, (numbers,))?;
    let sweet = Value::from(nested).call(ctx, ("sweet",))?;
    let set = builtin(ctx, "set")?.call(ctx, (numbers,))?;
    let pairs = tuple(ctx, &[tuple(ctx, &[e, two])]);
    let method = |object: Value<'gc>, name: &str| object.get_attr(ctx, name);
    let methods = [
        (method(ctx.str("abcd"), "index")?, vec![ctx.str("c")]),
        (method(builtin(ctx, "str")?, "index")?, vec![ctx.str("abcd"), ctx.str("c")]),
        (method(numbers, "__len__")?, vec![]),
        (method(builtin(ctx, "list")?, "__len__")?, vec![numbers]),
        (method(set, "__contains__")?, vec![two]),
        (method(builtin(ctx, "set")?, "__contains__")?, vec![set, two]),
        (method(builtin(ctx, "dict")?, "fromkeys")?, vec![pairs]),
        (
            method(builtin(ctx, "bytearray")?, "maketrans")?,
            vec![bytes(ctx, "abc"), bytes(ctx, "xyz")],
        ),
        (method(counted, "count")?, vec![two]),
        (method(subclass, "count")?, vec![counted, two]),
        (method(sweet, "count")?, vec![e]),
        (method(nested.into(), "count")?, vec![sweet, e]),
    ];
    for protocol in PROTOCOLS {
        for (method, args) in &methods {
            let loaded = round_trip(ctx, by, *method, protocol)?;
            let expected = method.call(ctx, args.as_slice())?;
            assert_equal(ctx, loaded.call(ctx, args.as_slice())?, expected)?;
        }
        for (class, name) in [("bytearray", "maketrans"), ("dict", "fromkeys")] {
            let namespace = builtin(ctx, class)?.get_attr(ctx, "__dict__")?;
            let dumped = by.dumps(ctx, namespace.get_item(ctx, name)?, protocol);
            assert_raises(ctx, &[&exc::TYPE_ERROR], dumped, (name, protocol));
        }
    }
    Ok(())
}

/// Protocols 0 to 2 name things as Python 2 does. CPython's test has a `map` too, whose iterators cannot be pickled here.
pub(super) fn test_compat_pickle<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let dbm = ctx.new_module("dbm")?;
    dbm.set(ctx, "whichdb", function(ctx, "whichdb", |_, _| Ok(Value::None)))?;
    let whichdb = ctx.import_from("dbm", "whichdb")?;
    let new = |module: &str, class: &str| ctx.import_from(module, class)?.call(ctx, ());
    for (value, name) in [
        (builtin(ctx, "range")?.call(ctx, (1, 7))?, "c__builtin__\nxrange"),
        (whichdb, "cwhichdb\nwhichdb"),
        (new("builtins", "Exception")?, "cexceptions\nException"),
        (new("collections", "UserDict")?, "cUserDict\nIterableUserDict"),
        (new("collections", "UserList")?, "cUserList\nUserList"),
        (new("collections", "defaultdict")?, "ccollections\ndefaultdict"),
    ] {
        for protocol in 0..3 {
            let stream = by.dumps(ctx, value, protocol)?;
            assert!(contains(&stream, name), "{}", stream.escape_ascii());
            let loaded = by.loads(ctx, &stream)?;
            assert_is(ctx, loaded.type_of(ctx).into(), value.type_of(ctx).into());
        }
    }
    Ok(())
}
