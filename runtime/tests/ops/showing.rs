//! `repr` and `str`.

use halfsour_runtime::{Builtin, ByteArray, Function, Range, Slice};

use crate::support::*;

/// The text with every address in it replaced by `0x..`.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_hexdigit());
        plain.push_str("0x..");
        plain.push_str(rest);
    }
    plain
}

fn repr<'gc>(ctx: Context<'gc>, value: impl Into<Value<'gc>>) -> Result<'gc, String> {
    Ok(without_addresses(&value.into().repr(ctx)?.to::<String>(ctx)?))
}

fn str<'gc>(ctx: Context<'gc>, value: impl Into<Value<'gc>>) -> Result<'gc, String> {
    Ok(without_addresses(&value.into().str(ctx)?.to::<String>(ctx)?))
}

#[test]
fn atoms_and_numbers() {
    in_python2(|ctx| {
        let big = Value::long(ctx, num_bigint::BigInt::from(10).pow(30));
        let cases: [(Value<'_>, &str, &str); 21] = [
            (Value::None, "None", "None"),
            (true.into(), "True", "True"),
            (Value::Ellipsis, "Ellipsis", "Ellipsis"),
            (Value::NotImplemented, "NotImplemented", "NotImplemented"),
            ((-5).into(), "-5", "-5"),
            (long(ctx, 5), "5L", "5"),
            (big, "1000000000000000000000000000000L", "1000000000000000000000000000000"),
            (1.0.into(), "1.0", "1.0"),
            (1e16.into(), "1e+16", "1e+16"),
            (1e-5.into(), "1e-05", "1e-05"),
            (123_456_789_012.5.into(), "123456789012.5", "1.23456789012e+11"),
            (1e11.into(), "100000000000.0", "1e+11"),
            (f64::NAN.into(), "nan", "nan"),
            ((-0.0).into(), "-0.0", "-0.0"),
            (complex(ctx, 0.0, 1.0), "1j", "1j"),
            (complex(ctx, 1.0, 2.0), "(1+2j)", "(1+2j)"),
            (complex(ctx, -0.0, -1.0), "(-0-1j)", "(-0-1j)"),
            (complex(ctx, 1.5, -0.0), "(1.5-0j)", "(1.5-0j)"),
            (complex(ctx, 0.0, f64::NAN), "nanj", "nanj"),
            (complex(ctx, f64::INFINITY, 1.0), "(inf+1j)", "(inf+1j)"),
            (
                complex(ctx, 1e20, 1.0 / 3.0),
                "(1e+20+0.3333333333333333j)",
                "(1e+20+0.333333333333j)",
            ),
        ];
        for (value, shown, text) in cases {
            assert_eq!(repr(ctx, value)?, shown);
            assert_eq!(str(ctx, value)?, text);
        }
        Ok(())
    });
    in_python3(|ctx| {
        let big = Value::long(ctx, num_bigint::BigInt::from(10).pow(30));
        assert_eq!(repr(ctx, big)?, "1000000000000000000000000000000");
        assert_eq!(str(ctx, 123_456_789_012.5)?, "123456789012.5");
        Ok(())
    });
}

#[test]
fn strings() {
    in_python2(|ctx| {
        assert_eq!(repr(ctx, ctx.str("a'b\"\n"))?, r#"'a\'b"\n'"#);
        let text = unicode(ctx, "\u{e9}\u{1234}\u{12345}'");
        assert_eq!(repr(ctx, text)?, r#"u"\xe9\u1234\U00012345'""#);
        let message = "UnicodeEncodeError: 'ascii' codec can't encode characters in position 0-2: \
                       ordinal not in range(128)";
        check_error(ctx, text.str(ctx), message);
        assert_eq!(str(ctx, unicode(ctx, "a"))?, "a");
        let array = Value::from(ByteArray::from_vec(ctx, b"a'b\xff".to_vec()));
        assert_eq!(repr(ctx, array)?, r#"bytearray(b"a\'b\xff")"#);
        assert_eq!(array.str(ctx)?.as_bytes().unwrap().as_slice(), b"a'b\xff");
        Ok(())
    });
    in_python3(|ctx| {
        assert_eq!(repr(ctx, Bytes::new(ctx, b"a'b\xff"))?, r#"b"a'b\xff""#);
        assert_eq!(str(ctx, Bytes::new(ctx, b"a"))?, "b'a'");
        assert_eq!(repr(ctx, unicode(ctx, "\u{e9}\u{200b}"))?, "'\u{e9}\\u200b'");
        Ok(())
    });
}

#[test]
fn containers_and_their_marks() {
    in_python2(|ctx| {
        let one = Value::Int(1);
        let nested = list(ctx, &[unicode(ctx, "\u{e9}"), long(ctx, 5), tuple(ctx, &[one])]);
        assert_eq!(repr(ctx, nested)?, r"[u'\xe9', 5L, (1,)]");
        assert_eq!(
            repr(ctx, dict(ctx, &[(one, 2.into()), (ctx.str("a"), nested)])?)?,
            r"{1: 2, 'a': [u'\xe9', 5L, (1,)]}"
        );
        for (value, expected) in [
            (tuple(ctx, &[]), "()"),
            (list(ctx, &[]), "[]"),
            (dict(ctx, &[])?, "{}"),
            (set(ctx, &[one])?, "set([1])"),
            (set(ctx, &[])?, "set([])"),
            (frozenset(ctx, &[one])?, "frozenset([1])"),
            (Slice::new(ctx, Value::None, one, Value::None).into(), "slice(None, 1, None)"),
            (Range::new(ctx, 0, 10, 3).unwrap().into(), "xrange(0, 12, 3)"),
            (Range::new(ctx, 1, 3, 1).unwrap().into(), "xrange(1, 3)"),
            (Range::new(ctx, 0, 3, 1).unwrap().into(), "xrange(3)"),
        ] {
            assert_eq!(repr(ctx, value)?, expected);
            assert_eq!(str(ctx, value)?, expected);
        }
        let loops = List::new(ctx);
        loops.push(ctx, loops.into());
        assert_eq!(repr(ctx, loops)?, "[[...]]");
        let table = Dict::new(ctx);
        table.insert(ctx, one, table.into())?;
        assert_eq!(repr(ctx, table)?, "{1: {...}}");
        let inner = List::new(ctx);
        let around = tuple(ctx, &[inner.into()]);
        inner.push(ctx, around);
        assert_eq!(repr(ctx, around)?, "([(...)],)");
        // What is on the way when an exception comes is not so for ever.
        assert_eq!(repr(ctx, around)?, "([(...)],)");
        Ok(())
    });
    in_python3(|ctx| {
        let one = Value::Int(1);
        assert_eq!(repr(ctx, set(ctx, &[one])?)?, "{1}");
        assert_eq!(repr(ctx, set(ctx, &[])?)?, "set()");
        assert_eq!(repr(ctx, frozenset(ctx, &[one])?)?, "frozenset({1})");
        assert_eq!(repr(ctx, frozenset(ctx, &[])?)?, "frozenset()");
        assert_eq!(repr(ctx, Range::new(ctx, 0, 3, 1).unwrap())?, "range(0, 3)");
        let named = Class::builder(ctx, "ST").base(ctx.types().set).build()?;
        let named = Instance::with_content(ctx, named, set(ctx, &[one])?);
        assert_eq!(repr(ctx, named)?, "ST({1})");
        Ok(())
    });
}

#[test]
fn depth_and_size_are_bounded() {
    in_python2(|ctx| {
        let nested = |depth: usize| (0..depth).fold(Value::None, |inner, _| list(ctx, &[inner]));
        let message =
            "RuntimeError: maximum recursion depth exceeded while getting the repr of an object";
        check_error(ctx, nested(200_000).repr(ctx), message);
        let bombs = (0..100).fold(ctx.str("ha"), |inner, _| tuple(ctx, &[inner, inner]));
        check_error(ctx, bombs.repr(ctx), "MemoryError");
        ctx.set_recursion_limit(1_000_000_000);
        assert_eq!(nested(200_000).repr(ctx)?.len(ctx)?, 400_004);
        Ok(())
    });
}

#[test]
fn built_in_contents_of_subclasses() {
    in_python2(|ctx| {
        let types = ctx.types();
        let one = Value::Int(1);
        let cases = [
            (types.list, list(ctx, &[one]), "[1]", "[1]"),
            (types.dict, dict(ctx, &[(one, one)])?, "{1: 1}", "{1: 1}"),
            (types.set, set(ctx, &[one])?, "Sub([1])", "Sub([1])"),
            (types.frozenset, frozenset(ctx, &[one])?, "Sub([1])", "Sub([1])"),
            (types.tuple, tuple(ctx, &[one]), "(1,)", "(1,)"),
            (types.int, 5.into(), "5", "5"),
            (types.long, long(ctx, 5), "5L", "5"),
            (types.float, 1.5.into(), "1.5", "1.5"),
            (types.bytes, ctx.str("a"), "'a'", "a"),
            (types.unicode, unicode(ctx, "a"), "u'a'", "a"),
            (types.complex, complex(ctx, 0.0, 1.0), "1j", "1j"),
        ];
        for (base, content, shown, text) in cases {
            let class = Class::builder(ctx, "Sub").module("m").base(base).build()?;
            let object = Instance::with_content(ctx, class, content);
            assert_eq!(repr(ctx, object)?, shown);
            assert_eq!(str(ctx, object)?, text);
        }
        Ok(())
    });
}

#[test]
fn classes_functions_and_instances() {
    in_python2(|ctx| {
        let class = Class::builder(ctx, "O")
            .module("m")
            .slots(&["a", "__dict__"])
            .method("m", |_, _, _| Ok(Value::None))
            .class_method("c", |_, _, _| Ok(Value::None))
            .build()?;
        let object = Value::from(Instance::bare(ctx, class));
        let classic = ClassicClass::builder(ctx, "C")
            .attr("__module__", "m")
            .method("m", |_, _, _| Ok(Value::None))
            .build()?;
        let classic_object = Value::from(classic).call(ctx, ())?;
        let module = ctx.new_module("nice")?;
        let function = Function::new(ctx, "f", |_, _| Ok(Value::None));
        let types = ctx.types();
        let cases: [(Value<'_>, &str); 15] = [
            (types.int.into(), "<type 'int'>"),
            (types.none_type.into(), "<type 'NoneType'>"),
            (ctx.exception_class(&exc::VALUE_ERROR).into(), "<type 'exceptions.ValueError'>"),
            (class.into(), "<class 'm.O'>"),
            (classic.into(), "<class m.C at 0x..>"),
            (object, "<m.O object at 0x..>"),
            (classic_object, "<m.C instance at 0x..>"),
            (function.into(), "<function f at 0x..>"),
            (object.get_attr(ctx, "m")?, "<bound method O.m of <m.O object at 0x..>>"),
            (Value::from(class).get_attr(ctx, "m")?, "<unbound method O.m>"),
            (object.get_attr(ctx, "c")?, "<bound method type.c of <class 'm.O'>>"),
            (classic_object.get_attr(ctx, "m")?, "<bound method C.m of <m.C instance at 0x..>>"),
            (Value::from(class).get_attr(ctx, "a")?, "<member 'a' of 'O' objects>"),
            (module.into(), "<module 'nice' (built-in)>"),
            (Builtin::new(ctx, "len", |_, _| Ok(Value::None)).into(), "<built-in function len>"),
        ];
        for (value, expected) in cases {
            assert_eq!(repr(ctx, value)?, expected);
        }
        assert_eq!(str(ctx, classic)?, "m.C");
        module.set(ctx, "__file__", "nice.py")?;
        assert_eq!(repr(ctx, module)?, "<module 'nice' from 'nice.py'>");
        let append = list(ctx, &[]).get_attr(ctx, "append")?;
        assert_eq!(repr(ctx, append)?, "<built-in method append of list object at 0x..>");
        let append = Value::from(types.list).get_attr(ctx, "append")?;
        assert_eq!(repr(ctx, append)?, "<method 'append' of 'list' objects>");
        let reduce = object.get_attr(ctx, "__reduce_ex__")?;
        assert_eq!(repr(ctx, reduce)?, "<built-in method __reduce_ex__ of O object at 0x..>");
        let wrapper = object.get_attr(ctx, "__repr__")?;
        assert_eq!(repr(ctx, wrapper)?, "<method-wrapper '__repr__' of O object at 0x..>");
        let wrapper = Value::from(types.object).get_attr(ctx, "__repr__")?;
        assert_eq!(repr(ctx, wrapper)?, "<slot wrapper '__repr__' of 'object' objects>");
        let new = Value::from(types.object).get_attr(ctx, "__new__")?;
        assert_eq!(repr(ctx, new)?, "<built-in method __new__ of type object at 0x..>");
        let iterator = list(ctx, &[]).iter(ctx)?.into_object(ctx);
        assert_eq!(repr(ctx, iterator)?, "<listiterator object at 0x..>");
        let property = Value::property(ctx, Value::None, Value::None, Value::None);
        assert_eq!(repr(ctx, property)?, "<property object at 0x..>");
        Ok(())
    });
    in_python3(|ctx| {
        let class = Class::builder(ctx, "O")
            .module("m")
            .static_method("s", |_, _| Ok(Value::None))
            .build()?;
        assert_eq!(repr(ctx, class)?, "<class 'm.O'>");
        assert_eq!(repr(ctx, ctx.types().int)?, "<class 'int'>");
        assert_eq!(repr(ctx, ctx.exception_class(&exc::VALUE_ERROR))?, "<class 'ValueError'>");
        Ok(())
    });
}

#[test]
fn special_methods_give_the_text() {
    in_python2(|ctx| {
        let build = |name: &'static str, method: &'static str| {
            Class::builder(ctx, name)
                .module("m")
                .method(method, |ctx, this, _| match this.type_of(ctx).name().as_str() {
                    "Number" => Ok(5.into()),
                    "Accent" => Ok(Unicode::new(ctx, "\u{e9}").into()),
                    _ => Ok(Unicode::new(ctx, "text").into()),
                })
                .build()
                .map(|class| Value::from(Instance::bare(ctx, class)))
        };
        let plain = build("Text", "__repr__")?;
        assert_eq!(repr(ctx, plain)?, "text");
        assert_eq!(str(ctx, plain)?, "text");
        assert_eq!(repr(ctx, list(ctx, &[plain, plain]))?, "[text, text]");
        let number = build("Number", "__repr__")?;
        let wrong = "TypeError: __repr__ returned non-string (type int)";
        check_error(ctx, number.repr(ctx), wrong);
        check_error(ctx, list(ctx, &[number]).str(ctx), wrong);
        let wrong = "TypeError: __str__ returned non-string (type int)";
        check_error(ctx, number.str(ctx), wrong);
        let number = build("Number", "__str__")?;
        check_error(ctx, number.str(ctx), wrong);
        assert_eq!(repr(ctx, number)?, "<m.Number object at 0x..>");
        let message = "UnicodeEncodeError: 'ascii' codec can't encode character u'\\xe9' in \
                       position 0: ordinal not in range(128)";
        check_error(ctx, build("Accent", "__repr__")?.repr(ctx), message);
        check_error(ctx, build("Accent", "__str__")?.str(ctx), message);
        Ok(())
    });
}

#[test]
fn exceptions_show_their_arguments() {
    in_python2(|ctx| {
        let (x, two) = (ctx.str("x"), Value::Int(2));
        let cases = [
            (Value::from(ctx.exception_class(&exc::VALUE_ERROR)), vec![], "ValueError()", ""),
            (ctx.exception_class(&exc::VALUE_ERROR).into(), vec![x], "ValueError('x',)", "x"),
            (
                ctx.exception_class(&exc::VALUE_ERROR).into(),
                vec![x, two],
                "ValueError('x', 2)",
                "('x', 2)",
            ),
            (ctx.exception_class(&exc::KEY_ERROR).into(), vec![x], "KeyError('x',)", "'x'"),
            (
                ctx.exception_class(&exc::IO_ERROR).into(),
                vec![two, x],
                "IOError(2, 'x')",
                "[Errno 2] x",
            ),
            (
                ctx.exception_class(&exc::IO_ERROR).into(),
                vec![two, x, ctx.str("file")],
                "IOError(2, 'x')",
                "[Errno 2] x: 'file'",
            ),
        ];
        for (class, args, shown, text) in cases {
            let exception = class.call(ctx, args.as_slice())?;
            assert_eq!(repr(ctx, exception)?, shown);
            assert_eq!(str(ctx, exception)?, text);
        }
        Ok(())
    });
}
