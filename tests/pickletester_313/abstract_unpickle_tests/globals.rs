//! Classes and functions by their names and by codes.

use halfsour::pickle::UNPICKLING_ERROR;
use halfsour::{Context, Dict, ExceptionType, Module, Result, Value, exc};

use super::malformed::check;
use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes::{self, MODULE};
use crate::implementation::{Implementation, call};
use crate::objects::{builtin, bytes_io, derived, function, tuple};

/// Modules that streams name: of the runtime's own there are few.
fn define_modules<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    for (module, name) in [("math", "log"), ("os.path", "join"), ("m\u{f6}dule", "gl\u{f6}bal")] {
        let module = ctx.new_module(module)?;
        module.set(ctx, name, function(ctx, "stub", |_, _| Ok(Value::None)))?;
    }
    Ok(())
}

/// Each of these streams names this global.
fn check_named<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    globals: &[(&[u8], Value<'gc>)],
) -> Result<'gc, ()> {
    for &(stream, expected) in globals {
        assert_is(ctx, by.loads(ctx, stream)?, expected);
    }
    Ok(())
}

fn upper<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    builtin(ctx, "str")?.get_attr(ctx, "upper")
}

pub(super) fn test_compat_unpickle<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let dbm: Module<'gc> = ctx.new_module("dbm")?;
    dbm.set(ctx, "whichdb", function(ctx, "whichdb", |_, _| Ok(Value::None)))?;
    let range = by.loads(ctx, b"\x80\x02c__builtin__\nxrange\nK\x01K\x07K\x01\x87R.")?;
    assert_equal(ctx, range, builtin(ctx, "range")?.call(ctx, (1, 7))?)?;
    check_named(ctx, by, &[(b"\x80\x02cwhichdb\nwhichdb\n.", ctx.import_from("dbm", "whichdb")?)])?;
    for name in ["Exception", "StandardError"] {
        let stream = [b"\x80\x02cexceptions\n", name.as_bytes(), b"\nU\x03ugh\x85R."].concat();
        let loaded = by.loads(ctx, &stream)?;
        assert_is(ctx, loaded.type_of(ctx).into(), ctx.exception_class(&exc::EXCEPTION).into());
        assert_equal(ctx, loaded.str(ctx)?, ctx.str("ugh"))?;
    }
    let user_dict = ctx.import_from("collections", "UserDict")?;
    for name in ["UserDict", "IterableUserDict"] {
        let stream =
            [b"\x80\x02(cUserDict\n", name.as_bytes(), b"\no}U\x04data}K\x01K\x02ssb."].concat();
        let loaded = by.loads(ctx, &stream)?;
        assert_is(ctx, loaded.type_of(ctx).into(), user_dict);
        assert_equal(ctx, loaded.get_item(ctx, 1)?, Value::Int(2))?;
    }
    Ok(())
}

pub(super) fn test_load_global<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    define_modules(ctx)?;
    let named: [(&[u8], Value<'gc>); 4] = [
        (b"cbuiltins\nstr\n.", builtin(ctx, "str")?),
        (b"cmath\nlog\n.", ctx.import_from("math", "log")?),
        (b"cos.path\njoin\n.", ctx.import_from("os.path", "join")?),
        (
            b"\x80\x04cm\xc3\xb6dule\ngl\xc3\xb6bal\n.",
            ctx.import_from("m\u{f6}dule", "gl\u{f6}bal")?,
        ),
    ];
    check_named(ctx, by, &named)?;
    assert_equal(ctx, by.loads(ctx, b"\x80\x04cbuiltins\nstr.upper\n.")?, upper(ctx)?)?;
    check(ctx, by, &[&exc::UNICODE_DECODE_ERROR], &[b"c\xff\nlog\n.", b"cmath\n\xff\n."])?;
    check(ctx, by, &[&UNPICKLING_ERROR], &[b"c\nlog\n.", b"cmath\n\n.", b"\x80\x04cmath\n\n."])
}

pub(super) fn test_load_stack_global<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    define_modules(ctx)?;
    let named: [(&[u8], Value<'gc>); 4] = [
        (b"\x8c\x08builtins\x8c\x03str\x93.", builtin(ctx, "str")?),
        (b"\x8c\x04math\x8c\x03log\x93.", ctx.import_from("math", "log")?),
        (b"\x8c\x07os.path\x8c\x04join\x93.", ctx.import_from("os.path", "join")?),
        (
            b"\x80\x04\x8c\x07m\xc3\xb6dule\x8c\x07gl\xc3\xb6bal\x93.",
            ctx.import_from("m\u{f6}dule", "gl\u{f6}bal")?,
        ),
    ];
    check_named(ctx, by, &named)?;
    let loaded = by.loads(ctx, b"\x80\x04\x8c\x08builtins\x8c\x09str.upper\x93.")?;
    assert_equal(ctx, loaded, upper(ctx)?)?;
    let undecodable: [&[u8]; 2] =
        [b"\x8c\x01\xff\x8c\x03log\x93.", b"\x8c\x04math\x8c\x01\xff\x93."];
    check(ctx, by, &[&exc::UNICODE_DECODE_ERROR], &undecodable)?;
    check(ctx, by, &[&exc::VALUE_ERROR], &[b"\x8c\x00\x8c\x03log\x93."])?;
    let nameless: [&[u8]; 2] = [b"\x8c\x04math\x8c\x00\x93.", b"\x80\x04\x8c\x04math\x8c\x00\x93."];
    check(ctx, by, &[&exc::ATTRIBUTE_ERROR], &nameless)?;
    let no_text: [&[u8]; 3] =
        [b"N\x8c\x03log\x93.", b"\x8c\x04mathN\x93.", b"\x80\x04\x8c\x04mathN\x93."];
    check(ctx, by, &[&UNPICKLING_ERROR], &no_text)
}

pub(super) fn test_find_class<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    define_modules(ctx)?;
    let plain = call(ctx, "Unpickler", &[bytes_io(ctx, b"")?], &[])?;
    let no_fix = [("fix_imports", Value::Bool(false))];
    let no_fix = call(ctx, "Unpickler", &[bytes_io(ctx, b"")?], &no_fix)?;
    let fourth = call(ctx, "Unpickler", &[bytes_io(ctx, b"\x80\x04N.")?], &[])?;
    fourth.call_method(ctx, "load", ())?;
    let find = |unpickler: Value<'gc>, module: &str, name: &str| {
        unpickler.call_method(ctx, "find_class", (module, name))
    };
    let text = builtin(ctx, "str")?;
    assert_is(ctx, find(plain, "__builtin__", "str")?, text);
    let missing: &[&'static ExceptionType] = &[&exc::MODULE_NOT_FOUND_ERROR];
    assert_raises(ctx, missing, find(no_fix, "__builtin__", "str"), "fix_imports=False");
    assert_is(ctx, find(plain, "builtins", "str")?, text);
    assert_is(ctx, find(no_fix, "builtins", "str")?, text);
    assert_is(ctx, find(plain, "math", "log")?, ctx.import_from("math", "log")?);
    assert_is(ctx, find(plain, "os.path", "join")?, ctx.import_from("os.path", "join")?);
    assert_equal(ctx, find(fourth, "builtins", "str.upper")?, upper(ctx)?)?;
    let no_attribute: &[&'static ExceptionType] = &[&exc::ATTRIBUTE_ERROR];
    assert_raises(ctx, no_attribute, find(plain, "builtins", "str.upper"), "str.upper");
    for name in ["spam", "log.spam", "log.<locals>.spam", ""] {
        for unpickler in [plain, fourth] {
            assert_raises(ctx, no_attribute, find(unpickler, "math", name), name);
        }
    }
    assert_raises(ctx, missing, find(plain, "spam", "log"), "spam");
    assert_raises(ctx, &[&exc::VALUE_ERROR], find(plain, "", "log"), "no name");
    for (module, name) in [(Value::None, ctx.str("log")), (ctx.str("math"), Value::None)] {
        for unpickler in [plain, fourth] {
            let found = unpickler.call_method(ctx, "find_class", (module, name));
            assert_raises(ctx, &[&exc::TYPE_ERROR], found, "None");
        }
    }
    Ok(())
}

/// `find_class` by a method of every kind, and by an attribute of the instance.
pub(super) fn test_custom_find_class<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let pair = || {
        function(ctx, "find_class", |ctx, args| {
            let [module, name] = args.bind("find_class", ["module_name", "global_name"], 2)?;
            let parts = [module, name].map(|part| part.unwrap_or(Value::None));
            Ok(tuple(ctx, &parts))
        })
    };
    let expected = tuple(ctx, &[ctx.str("math"), ctx.str("log")]);
    for stream in [&b"cmath\nlog\n."[..], b"\x8c\x04math\x8c\x03log\x93."] {
        let by_method = derived(ctx, "Unpickler")?.method("find_class", |ctx, _, args| {
            let parts: (Value<'_>, Value<'_>) = args.parse(ctx, "find_class")?;
            Ok(tuple(ctx, &[parts.0, parts.1]))
        });
        let by_class = derived(ctx, "Unpickler")?.class_method("find_class", |ctx, _, args| {
            let parts: (Value<'_>, Value<'_>) = args.parse(ctx, "find_class")?;
            Ok(tuple(ctx, &[parts.0, parts.1]))
        });
        let by_static =
            derived(ctx, "Unpickler")?.attr("find_class", Value::staticmethod(ctx, pair()));
        for builder in [by_method, by_class, by_static] {
            let class = Value::from(builder.build()?);
            let loaded =
                class.call(ctx, (bytes_io(ctx, stream)?,))?.call_method(ctx, "load", ())?;
            assert_equal(ctx, loaded, expected)?;
        }
        let class = Value::from(derived(ctx, "Unpickler")?.build()?);
        let unpickler = class.call(ctx, (bytes_io(ctx, stream)?,))?;
        unpickler.set_attr(ctx, "find_class", pair())?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, expected)?;
    }
    Ok(())
}

pub(super) fn test_bad_ext_code<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let unregistered: [&[u8]; 6] = [
        b"\x82\x01.",
        b"\x82\xff.",
        b"\x83\x01\x00.",
        b"\x83\xff\xff.",
        b"\x84\x01\x00\x00\x00.",
        b"\x84\xff\xff\xff\x7f.",
    ];
    check(ctx, by, &[&exc::VALUE_ERROR], &unregistered)?;
    let not_positive: [&[u8]; 5] = [
        b"\x82\x00.",
        b"\x83\x00\x00.",
        b"\x84\x00\x00\x00\x00.",
        b"\x84\x00\x00\x00\x80.",
        b"\x84\xff\xff\xff\xff.",
    ];
    check(ctx, by, &[&UNPICKLING_ERROR], &not_positive)
}

pub(super) fn test_bad_ext_inverted_registry<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let registry: Dict<'gc> = ctx.import_from("copyreg", "_inverted_registry")?.to(ctx)?;
    let (module, name) = (ctx.str(MODULE), ctx.str("MyList"));
    let either: &[&'static ExceptionType] = &[&exc::TYPE_ERROR, &exc::VALUE_ERROR];
    let value: &[&'static ExceptionType] = &[&exc::VALUE_ERROR];
    for (key, errors) in [
        (Value::None, value),
        (tuple(ctx, &[]), value),
        (tuple(ctx, &[module]), either),
        (tuple(ctx, &[module, name, ctx.str("x")]), either),
        (tuple(ctx, &[module, Value::None]), either),
        (tuple(ctx, &[Value::None, name]), either),
    ] {
        registry.insert(ctx, Value::Int(1), key)?;
        check(ctx, by, errors, &[b"\x82\x01."])?;
    }
    registry.insert(ctx, Value::Int(1), tuple(ctx, &[module, name]))?;
    assert_is(ctx, by.loads(ctx, b"\x82\x01.")?, classes::class(ctx, "MyList")?);
    Ok(())
}
