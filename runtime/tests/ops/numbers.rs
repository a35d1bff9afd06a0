//! The numeric types: what they make of other objects, and their special methods.

use crate::support::*;

/// Calls a built-in type and shows the result, or the exception.
fn make<'gc>(ctx: Context<'gc>, type_name: &str, args: &[Value<'gc>]) -> String {
    let made = ctx
        .import("__builtin__")
        .and_then(|builtins| builtins.get_attr(ctx, type_name))
        .and_then(|class| class.call(ctx, args));
    shown(ctx, made)
}

/// Calls a method and shows the result, or the exception.
fn ask<'gc>(
    ctx: Context<'gc>,
    object: impl IntoValue<'gc>,
    method: &str,
    args: &[Value<'gc>],
) -> String {
    let object = object.into_value(ctx);
    shown(ctx, object.call_method(ctx, method, args))
}

fn shown<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    let text = result.and_then(|it| it.repr(ctx)).and_then(|it| it.to::<String>(ctx));
    text.unwrap_or_else(|error| error.into_uncaught(ctx).to_string())
}

#[test]
fn int_and_long_of_texts() {
    in_python2(|ctx| {
        let cases: [(&str, Option<i64>, &str); 16] = [
            ("12", None, "12"),
            (" -12 ", None, "-12"),
            ("0x10", Some(16), "16"),
            ("0x10", Some(0), "16"),
            ("010", Some(0), "8"),
            ("010", None, "10"),
            ("zz", Some(36), "1295"),
            ("9223372036854775807", None, "9223372036854775807"),
            ("9223372036854775808", None, "9223372036854775808L"),
            ("x", None, "ValueError: invalid literal for int() with base 10: 'x'"),
            ("", None, "ValueError: invalid literal for int() with base 10: ''"),
            ("9", Some(8), "ValueError: invalid literal for int() with base 8: '9'"),
            ("12L", None, "ValueError: invalid literal for int() with base 10: '12L'"),
            ("12L", Some(0), "ValueError: invalid literal for int() with base 0: '12L'"),
            ("1\0", None, "ValueError: null byte in argument for int()"),
            ("1", Some(37), "ValueError: int() base must be >= 2 and <= 36, or 0"),
        ];
        for (text, base, expected) in cases {
            let args: Vec<Value<'_>> =
                [Some(ctx.str(text)), base.map(Value::Int)].into_iter().flatten().collect();
            assert_eq!(make(ctx, "int", &args), expected);
        }
        assert_eq!(make(ctx, "long", &[ctx.str("12L")]), "12L");
        assert_eq!(make(ctx, "int", &[unicode(ctx, "12")]), "12");
        let message = "ValueError: invalid literal for long() with base 10: 'x'";
        assert_eq!(make(ctx, "long", &[ctx.str("x")]), message);
        // int() shows the text without white space before it, long() with the base that the prefix told.
        let message = "ValueError: invalid literal for int() with base 0: 'x '";
        assert_eq!(make(ctx, "int", &[ctx.str(" x "), 0.into()]), message);
        let message = "ValueError: invalid literal for long() with base 8: ' 09'";
        assert_eq!(make(ctx, "long", &[ctx.str(" 09"), 0.into()]), message);
        Ok(())
    });
}

#[test]
fn int_and_long_of_objects() {
    in_python2(|ctx| {
        assert_eq!(make(ctx, "int", &[]), "0");
        assert_eq!(make(ctx, "long", &[]), "0L");
        assert_eq!(make(ctx, "int", &[(-5.7).into()]), "-5");
        assert_eq!(make(ctx, "int", &[1e30.into()]), "1000000000000000019884624838656L");
        assert_eq!(make(ctx, "int", &[long(ctx, 5)]), "5");
        assert_eq!(make(ctx, "long", &[5.into()]), "5L");
        assert_eq!(make(ctx, "int", &[true.into()]), "1");
        for (value, message) in [
            (Value::Float(f64::NAN), "ValueError: cannot convert float NaN to integer"),
            (f64::INFINITY.into(), "OverflowError: cannot convert float infinity to integer"),
            (complex(ctx, 0.0, 1.0), "TypeError: can't convert complex to int"),
            (Value::None, "TypeError: int() argument must be a string or a number, not 'NoneType'"),
        ] {
            assert_eq!(make(ctx, "int", &[value]), message);
        }
        let message = "TypeError: int() can't convert non-string with explicit base";
        assert_eq!(make(ctx, "int", &[12.into(), 10.into()]), message);
        let hooked = |method: &'static str, text: bool| {
            let class = Class::builder(ctx, "H")
                .method(method, move |ctx, _, _| {
                    Ok(if text { ctx.str("x") } else { Value::Int(7) })
                })
                .build();
            class.map(|class| Value::from(Instance::bare(ctx, class)))
        };
        assert_eq!(make(ctx, "int", &[hooked("__int__", false)?]), "7");
        assert_eq!(make(ctx, "int", &[hooked("__trunc__", false)?]), "7");
        assert_eq!(make(ctx, "long", &[hooked("__long__", false)?]), "7L");
        let message = "TypeError: __int__ returned non-int (type str)";
        assert_eq!(make(ctx, "int", &[hooked("__int__", true)?]), message);
        let classic = Value::from(ClassicClass::builder(ctx, "O").build()?).call(ctx, ())?;
        let message = "AttributeError: O instance has no attribute '__trunc__'";
        assert_eq!(make(ctx, "int", &[classic]), message);
        Ok(())
    });
}

#[test]
fn subclasses_hold_the_number() {
    in_python2(|ctx| {
        let class = Class::builder(ctx, "I").base(ctx.types().int).build()?;
        let five = Value::from(class).call(ctx, ("5",))?;
        assert!(five.type_of(ctx).is(class));
        assert!(five.equals(ctx, 5.into())?);
        assert_eq!(five.hash(ctx)?, 5);
        assert_eq!(ask(ctx, five, "__add__", &[six(ctx)]), "11");
        assert_eq!(ask(ctx, five, "__getnewargs__", &[]), "(5,)");
        let big = Value::long(ctx, num_bigint::BigInt::from(1) << 70);
        let error = Value::from(class).call(ctx, (big,)).unwrap_err();
        assert_eq!(error.message(ctx), "Python int too large to convert to C long");
        let message = "TypeError: int.__new__(bool) is not safe, use bool.__new__()";
        let new = Value::from(ctx.types().int).get_attr(ctx, "__new__")?;
        assert_eq!(shown(ctx, new.call(ctx, (Value::from(ctx.types().bool), 1))), message);
        let message = "TypeError: int.__new__(str): str is not a subtype of int";
        assert_eq!(shown(ctx, new.call(ctx, (Value::from(ctx.types().bytes),))), message);
        Ok(())
    });
}

fn six<'gc>(_: Context<'gc>) -> Value<'gc> {
    6.into()
}

#[test]
fn bool_is_truth() {
    in_python2(|ctx| {
        assert_eq!(make(ctx, "bool", &[]), "False");
        assert_eq!(make(ctx, "bool", &[ctx.str("")]), "False");
        assert_eq!(make(ctx, "bool", &[0.5.into()]), "True");
        assert_eq!(ask(ctx, true, "__and__", &[false.into()]), "False");
        assert_eq!(ask(ctx, true, "__and__", &[1.into()]), "1");
        assert_eq!(ask(ctx, true, "__add__", &[1.into()]), "2");
        assert_eq!(ask(ctx, true, "__repr__", &[]), "'True'");
        Ok(())
    });
}

#[test]
fn float_of_objects() {
    in_python2(|ctx| {
        let cases = [
            (ctx.str("1.5"), "1.5"),
            (ctx.str(" -inf\n"), "-inf"),
            (ctx.str("1e400"), "inf"),
            (unicode(ctx, "1.5"), "1.5"),
            (long(ctx, 2), "2.0"),
            (true.into(), "1.0"),
            (ctx.str("x"), "ValueError: could not convert string to float: x"),
            (ctx.str(""), "ValueError: could not convert string to float: "),
            (ctx.str("1_0"), "ValueError: invalid literal for float(): 1_0"),
            (ctx.str("1.5\0"), "ValueError: invalid literal for float(): 1.5"),
            (Value::None, "TypeError: float() argument must be a string or a number"),
            (complex(ctx, 0.0, 1.0), "TypeError: can't convert complex to float"),
        ];
        for (value, expected) in cases {
            assert_eq!(make(ctx, "float", &[value]), expected);
        }
        let big = Value::long(ctx, num_bigint::BigInt::from(10).pow(400));
        let message = "OverflowError: long int too large to convert to float";
        assert_eq!(make(ctx, "float", &[big]), message);
        let nan = ctx.types().float.into_value(ctx).call(ctx, ("nan",))?;
        assert_eq!(nan.to::<f64>(ctx)?.to_bits(), 0xFFF8_0000_0000_0000);
        Ok(())
    });
}

#[test]
fn float_methods() {
    in_python2(|ctx| {
        assert_eq!(ask(ctx, 1.5, "is_integer", &[]), "False");
        assert_eq!(ask(ctx, 1.5, "hex", &[]), "'0x1.8000000000000p+0'");
        assert_eq!(ask(ctx, -0.0, "hex", &[]), "'-0x0.0p+0'");
        assert_eq!(ask(ctx, 5e-324, "hex", &[]), "'0x0.0000000000001p-1022'");
        assert_eq!(ask(ctx, 0.1, "hex", &[]), "'0x1.999999999999ap-4'");
        assert_eq!(ask(ctx, 1e300, "hex", &[]), "'0x1.7e43c8800759cp+996'");
        assert_eq!(ask(ctx, 1.5, "as_integer_ratio", &[]), "(3, 2)");
        assert_eq!(ask(ctx, -0.5, "as_integer_ratio", &[]), "(-1, 2)");
        let from_hex = |text: &str| ask(ctx, ctx.types().float, "fromhex", &[ctx.str(text)]);
        assert_eq!(from_hex("0x1.8p+0"), "1.5");
        assert_eq!(from_hex("0x0.0000000000001p-1022"), "5e-324");
        assert_eq!(from_hex("-inf"), "-inf");
        assert_eq!(from_hex("0x1p-1080"), "0.0");
        assert_eq!(from_hex("0x1.999999999999ap-4"), "0.1");
        let message = "OverflowError: hexadecimal value too large to represent as a float";
        assert_eq!(from_hex("0x1p1024"), message);
        assert_eq!(from_hex("x"), "ValueError: invalid hexadecimal floating-point string");
        Ok(())
    });
}

#[test]
fn complex_of_objects() {
    in_python2(|ctx| {
        let i = complex(ctx, 0.0, 1.0);
        let two = Value::Int(2);
        let cases: [(&[Value<'_>], &str); 12] = [
            (&[], "0j"),
            (&[1.into(), two], "(1+2j)"),
            (&[ctx.str("1+2j")], "(1+2j)"),
            (&[ctx.str(" (1-j) ")], "(1-1j)"),
            (&[ctx.str("nan+infj")], "(nan+infj)"),
            (&[i, two], "3j"),
            (&[i, complex(ctx, 0.0, 2.0)], "(-2+1j)"),
            (&[ctx.str("1 + 2j")], "ValueError: complex() arg is a malformed string"),
            (&[ctx.str("x")], "ValueError: complex() arg is a malformed string"),
            (
                &[ctx.str("1j"), two],
                "TypeError: complex() can't take second arg if first is a string",
            ),
            (&[two, ctx.str("1")], "TypeError: complex() second arg can't be a string"),
            (&[Value::None], "TypeError: complex() argument must be a string or a number"),
        ];
        for (args, expected) in cases {
            assert_eq!(make(ctx, "complex", args), expected);
        }
        assert_eq!(ask(ctx, i, "__getnewargs__", &[]), "(0.0, 1.0)");
        assert_eq!(ask(ctx, i, "conjugate", &[]), "-1j");
        assert_eq!(ask(ctx, complex(ctx, 3.0, 4.0), "__abs__", &[]), "5.0");
        assert_eq!(ask(ctx, i, "__int__", &[]), "TypeError: can't convert complex to int");
        Ok(())
    });
}

#[test]
fn whole_arithmetic() {
    in_python2(|ctx| {
        let two = Value::Int(2);
        let most = Value::Int(i64::MAX);
        let cases: [(Value<'_>, &str, &[Value<'_>], &str); 36] = [
            (1.into(), "__add__", &[two], "3"),
            (1.into(), "__add__", &[2.0.into()], "NotImplemented"),
            (1.into(), "__add__", &[long(ctx, 2)], "NotImplemented"),
            (long(ctx, 1), "__add__", &[two], "3L"),
            (long(ctx, 1), "__add__", &[ctx.str("a")], "NotImplemented"),
            (most, "__add__", &[1.into()], "9223372036854775808L"),
            (most, "__mul__", &[two], "18446744073709551614L"),
            (1.into(), "__rsub__", &[two], "1"),
            ((-7).into(), "__div__", &[two], "-4"),
            ((-7).into(), "__floordiv__", &[two], "-4"),
            ((-7).into(), "__mod__", &[3.into()], "2"),
            (7.into(), "__mod__", &[(-3).into()], "-2"),
            ((-7).into(), "__divmod__", &[two], "(-4, 1)"),
            (7.into(), "__truediv__", &[two], "3.5"),
            (
                1.into(),
                "__div__",
                &[0.into()],
                "ZeroDivisionError: integer division or modulo by zero",
            ),
            (
                long(ctx, 1),
                "__mod__",
                &[0.into()],
                "ZeroDivisionError: long division or modulo by zero",
            ),
            (two, "__pow__", &[3.into()], "8"),
            (two, "__pow__", &[64.into()], "18446744073709551616L"),
            (two, "__pow__", &[(-1).into()], "0.5"),
            (two, "__pow__", &[10.into(), 1000.into()], "24"),
            (two, "__pow__", &[3.into(), (-5).into()], "-2"),
            (two, "__pow__", &[3.into(), 0.into()], "ValueError: pow() 3rd argument cannot be 0"),
            (two, "__pow__", &[1_i64.checked_shl(40).unwrap().into()], "MemoryError"),
            (
                0.into(),
                "__pow__",
                &[(-1).into()],
                "ZeroDivisionError: 0.0 cannot be raised to a negative power",
            ),
            ((-1).into(), "__pow__", &[i64::MAX.into()], "-1"),
            (two, "__rpow__", &[3.into()], "9"),
            (1.into(), "__lshift__", &[70.into()], "1180591620717411303424L"),
            (1.into(), "__lshift__", &[(-1).into()], "ValueError: negative shift count"),
            (1.into(), "__lshift__", &[i64::MAX.into()], "MemoryError"),
            ((-5).into(), "__rshift__", &[1.into()], "-3"),
            (long(ctx, 1), "__rshift__", &[i64::MAX.into()], "0L"),
            (5.into(), "__xor__", &[3.into()], "6"),
            (long(ctx, 5), "__and__", &[(-3).into()], "5L"),
            (5.into(), "__invert__", &[], "-6"),
            (i64::MIN.into(), "__neg__", &[], "9223372036854775808L"),
            (i64::MIN.into(), "__abs__", &[], "9223372036854775808L"),
        ];
        for (object, method, args, expected) in cases {
            assert_eq!(ask(ctx, object, method, args), expected, "{object:?}.{method}");
        }
        let huge = Value::long(ctx, num_bigint::BigInt::from(10).pow(400));
        let tenth = Value::long(ctx, num_bigint::BigInt::from(10).pow(399));
        assert_eq!(ask(ctx, huge, "__truediv__", &[tenth]), "10.0");
        let message = "OverflowError: integer division result too large for a float";
        assert_eq!(ask(ctx, huge, "__truediv__", &[1.into()]), message);
        let third = long(ctx, 1).call_method(ctx, "__truediv__", (3,))?;
        assert!(third.is(Value::Float(1.0 / 3.0)));
        Ok(())
    });
}

#[test]
fn float_and_complex_arithmetic() {
    in_python2(|ctx| {
        let two = Value::Int(2);
        let i = complex(ctx, 0.0, 1.0);
        let one_two = complex(ctx, 1.0, 2.0);
        let cases: [(Value<'_>, &str, &[Value<'_>], &str); 23] = [
            ((-7.5).into(), "__floordiv__", &[two], "-4.0"),
            ((-7.5).into(), "__mod__", &[two], "0.5"),
            (7.5.into(), "__mod__", &[(-2).into()], "-0.5"),
            ((-7.5).into(), "__divmod__", &[two], "(-4.0, 0.5)"),
            (1.5.into(), "__floordiv__", &[0.4.into()], "3.0"),
            (1.0.into(), "__div__", &[0.into()], "ZeroDivisionError: float division by zero"),
            (1.0.into(), "__floordiv__", &[0.into()], "ZeroDivisionError: float divmod()"),
            (1.0.into(), "__mod__", &[0.into()], "ZeroDivisionError: float modulo"),
            (1.5.into(), "__rpow__", &[two], "2.8284271247461903"),
            (
                (-8.0).into(),
                "__pow__",
                &[0.5.into()],
                "ValueError: negative number cannot be raised to a fractional power",
            ),
            (
                2.0.into(),
                "__pow__",
                &[2000.into()],
                "OverflowError: (34, 'Numerical result out of range')",
            ),
            (
                1.5.into(),
                "__pow__",
                &[two, 3.into()],
                "TypeError: pow() 3rd argument not allowed unless all arguments are integers",
            ),
            (1e308.into(), "__mul__", &[10.into()], "inf"),
            (i, "__mul__", &[i], "(-1+0j)"),
            (one_two, "__div__", &[complex(ctx, 3.0, 4.0)], "(0.44+0.08j)"),
            (i, "__div__", &[0.into()], "ZeroDivisionError: complex division by zero"),
            (i, "__pow__", &[two], "(-1+0j)"),
            (complex(ctx, 0.0, 2.0), "__pow__", &[2.5.into()], "(-4.000000000000001-4j)"),
            (
                complex(ctx, 0.0, 0.0),
                "__pow__",
                &[i],
                "ZeroDivisionError: 0.0 to a negative or complex power",
            ),
            (i, "__divmod__", &[1.into()], "(0j, 1j)"),
            (one_two, "__pow__", &[5000.into()], "OverflowError: complex exponentiation"),
            (i, "__eq__", &[1.into()], "False"),
            (1.0.into(), "__lt__", &[ctx.str("a")], "NotImplemented"),
        ];
        for (object, method, args, expected) in cases {
            assert_eq!(ask(ctx, object, method, args), expected, "{object:?}.{method}");
        }
        Ok(())
    });
}

#[test]
fn comparison_and_coercion_methods() {
    in_python2(|ctx| {
        let five = Value::Int(5);
        let cases: [(Value<'_>, &str, Value<'_>, &str); 8] = [
            (1.into(), "__cmp__", 2.into(), "-1"),
            (
                1.into(),
                "__cmp__",
                ctx.str("a"),
                "TypeError: int.__cmp__(x,y) requires y to be a 'int', not a 'str'",
            ),
            (
                long(ctx, 1),
                "__cmp__",
                2.into(),
                "TypeError: long.__cmp__(x,y) requires y to be a 'long', not a 'int'",
            ),
            (five, "__coerce__", 2.into(), "(5, 2)"),
            (five, "__coerce__", 2.0.into(), "NotImplemented"),
            (long(ctx, 5), "__coerce__", 2.into(), "(5L, 2L)"),
            (5.0.into(), "__coerce__", 2.into(), "(5.0, 2.0)"),
            (complex(ctx, 0.0, 5.0), "__coerce__", 2.into(), "(5j, (2+0j))"),
        ];
        for (object, method, other, expected) in cases {
            assert_eq!(ask(ctx, object, method, &[other]), expected);
        }
        let message = "AttributeError: 'int' object has no attribute '__eq__'";
        assert_eq!(ask(ctx, five, "__eq__", &[five]), message);
        assert_eq!(ask(ctx, 255, "__hex__", &[]), "'0xff'");
        assert_eq!(ask(ctx, long(ctx, -255), "__hex__", &[]), "'-0xffL'");
        assert_eq!(ask(ctx, 8, "__oct__", &[]), "'010'");
        assert_eq!(ask(ctx, 0, "__oct__", &[]), "'0'");
        assert_eq!(ask(ctx, 255, "bit_length", &[]), "8");
        assert!(five.get_attr(ctx, "real")?.is(five));
        assert!(Value::Bool(true).get_attr(ctx, "numerator")?.is(1.into()));
        assert!(Value::Float(5.0).get_attr(ctx, "imag")?.is(0.0.into()));
        Ok(())
    });
    in_python3(|ctx| {
        let big = Value::int(ctx, num_bigint::BigInt::from(1) << 70);
        let sum = Value::Int(1).call_method(ctx, "__add__", (big,))?;
        assert_eq!(shown(ctx, Ok(sum)), "1180591620717411303425");
        assert_eq!(ask(ctx, 7, "__truediv__", &[2.into()]), "3.5");
        assert_eq!(ask(ctx, 7, "__eq__", &[7.into()]), "True");
        Ok(())
    });
}
