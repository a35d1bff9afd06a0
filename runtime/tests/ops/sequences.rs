//! Items of strings, bytearrays and ranges; slices.

use halfsour_runtime::{ByteArray, Slice};

use crate::support::*;

fn shown<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    let text = result.and_then(|it| it.repr(ctx)).and_then(|it| it.to::<String>(ctx));
    text.unwrap_or_else(|error| error.into_uncaught(ctx).to_string())
}

fn slice<'gc>(ctx: Context<'gc>, parts: [Option<i64>; 3]) -> Value<'gc> {
    let [start, stop, step] = parts.map(|part| part.into_value(ctx));
    Slice::new(ctx, start, stop, step).into()
}

fn call<'gc>(ctx: Context<'gc>, name: &str, args: &[Value<'gc>]) -> Result<'gc> {
    ctx.import("__builtin__")?.get_attr(ctx, name)?.call(ctx, args)
}

#[test]
fn items_of_strings() {
    in_python2(|ctx| {
        let text = ctx.str("abc");
        let wide = unicode(ctx, "a\u{e9}\u{12345}");
        let array = Value::from(ByteArray::from_vec(ctx, b"abc".to_vec()));
        let cases = [
            (text, 0.into(), "'a'"),
            (text, (-1).into(), "'c'"),
            (text, slice(ctx, [Some(1), None, None]), "'bc'"),
            (text, slice(ctx, [None, None, Some(-1)]), "'cba'"),
            (text, 3.into(), "IndexError: string index out of range"),
            (text, ctx.str("a"), "TypeError: string indices must be integers, not str"),
            (wide, 2.into(), r"u'\U00012345'"),
            (wide, slice(ctx, [None, None, Some(2)]), r"u'a\U00012345'"),
            (wide, ctx.str("a"), "TypeError: string indices must be integers"),
            (array, 0.into(), "97"),
            (array, slice(ctx, [None, Some(2), None]), "bytearray(b'ab')"),
            (array, 5.into(), "IndexError: bytearray index out of range"),
            (array, ctx.str("a"), "TypeError: bytearray indices must be integers"),
        ];
        for (object, key, expected) in cases {
            assert_eq!(shown(ctx, object.get_item(ctx, key)), expected);
        }
        assert!(text.get_item(ctx, slice(ctx, [None, None, None]))?.is(text));
        assert_eq!(wide.len(ctx)?, 3);
        assert_eq!(shown(ctx, text.call_method(ctx, "__len__", ())), "3");
        let message = "TypeError: 'str' object does not support item assignment";
        check_error(ctx, text.set_item(ctx, 0, "x"), message);
        check_error(
            ctx,
            text.del_item(ctx, 0),
            "TypeError: 'str' object doesn't support item deletion",
        );
        Ok(())
    });
}

#[test]
fn parts_of_strings() {
    in_python2(|ctx| {
        let (text, wide) = (ctx.str("abc"), unicode(ctx, "abc"));
        let array = Value::from(ByteArray::from_vec(ctx, b"abc".to_vec()));
        let high = Value::from(Bytes::new(ctx, b"\xff"));
        for (object, item, expected) in [
            (text, ctx.str("bc"), true),
            (text, unicode(ctx, "b"), true),
            (wide, ctx.str("b"), true),
            (wide, unicode(ctx, "x"), false),
            (text, ctx.str(""), true),
            (array, ctx.str("ab"), true),
            (array, 97.into(), true),
        ] {
            assert_eq!(object.contains(ctx, item)?, expected);
        }
        for (object, item, message) in [
            (text, 1.into(), "TypeError: 'in <string>' requires string as left operand, not int"),
            (wide, 1.into(), "TypeError: coercing to Unicode: need string or buffer, int found"),
            (array, 970.into(), "ValueError: byte must be in range(0, 256)"),
            (array, wide, "TypeError: Type unicode doesn't support the buffer API"),
            (
                wide,
                high,
                "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff in position 0: \
                ordinal not in range(128)",
            ),
        ] {
            check_error(ctx, object.contains(ctx, item), message);
        }
        Ok(())
    });
}

#[test]
fn bytearrays_change() {
    in_python2(|ctx| {
        let array = Value::from(ByteArray::from_vec(ctx, b"abcdef".to_vec()));
        let every_second = slice(ctx, [None, None, Some(2)]);
        array.set_item(ctx, slice(ctx, [Some(1), Some(3), None]), "XYZ")?;
        assert_eq!(shown(ctx, Ok(array)), "bytearray(b'aXYZdef')");
        array.set_item(ctx, every_second, "1234")?;
        assert_eq!(shown(ctx, Ok(array)), "bytearray(b'1X2Z3e4')");
        let message = "ValueError: attempt to assign bytes of size 1 to extended slice of size 4";
        check_error(ctx, array.set_item(ctx, every_second, "1"), message);
        array.del_item(ctx, every_second)?;
        assert_eq!(shown(ctx, Ok(array)), "bytearray(b'XZe')");
        array.set_item(ctx, slice(ctx, [Some(0), Some(1), None]), vec![1, 2, 3])?;
        assert_eq!(shown(ctx, Ok(array)), r"bytearray(b'\x01\x02\x03Ze')");
        array.set_item(ctx, every_second, "")?;
        assert_eq!(shown(ctx, Ok(array)), r"bytearray(b'\x02Z')");
        array.set_item(ctx, 0, "x")?;
        array.set_item(ctx, -1, 121)?;
        assert_eq!(shown(ctx, Ok(array)), "bytearray(b'xy')");
        array.del_item(ctx, 0)?;
        assert_eq!(shown(ctx, Ok(array)), "bytearray(b'y')");
        let message =
            "TypeError: can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        check_error(ctx, array.set_item(ctx, slice(ctx, [None; 3]), 5), message);
        check_error(ctx, array.set_item(ctx, 0, 300), "ValueError: byte must be in range(0, 256)");
        check_error(ctx, array.set_item(ctx, 0, "xx"), "ValueError: string must be of size 1");
        let message = "TypeError: an integer or string of size 1 is required";
        check_error(ctx, array.set_item(ctx, 0, unicode(ctx, "x")), message);
        check_error(ctx, array.del_item(ctx, 5), "IndexError: bytearray index out of range");
        Ok(())
    });
}

#[test]
fn ranges() {
    in_python2(|ctx| {
        let cases: [(&[Value<'_>], &str); 9] = [
            (&[3.into()], "xrange(3)"),
            (&[5.into(), 1.into()], "xrange(5, 5)"),
            (&[5.into(), 1.into(), (-1).into()], "xrange(5, 1, -1)"),
            (&[long(ctx, 5)], "xrange(5)"),
            (&[], "TypeError: xrange() requires 1-3 int arguments"),
            (&[ctx.str("a")], "TypeError: an integer is required"),
            (&[1.5.into()], "TypeError: integer argument expected, got float"),
            (&[1.into(), 2.into(), 0.into()], "ValueError: xrange() arg 3 must not be zero"),
            (&[0.into(), 10.into(), 3.into()], "xrange(0, 12, 3)"),
        ];
        for (args, expected) in cases {
            assert_eq!(shown(ctx, call(ctx, "xrange", args)), expected);
        }
        let three = call(ctx, "xrange", &[0.into(), 10.into(), 3.into()])?;
        assert_eq!(three.len(ctx)?, 4);
        assert_eq!(shown(ctx, three.get_item(ctx, -1)), "9");
        let message = "IndexError: xrange object index out of range";
        assert_eq!(shown(ctx, three.get_item(ctx, 4)), message);
        let message = "TypeError: sequence index must be integer, not 'slice'";
        assert_eq!(shown(ctx, three.get_item(ctx, slice(ctx, [None; 3]))), message);
        assert!(three.contains(ctx, 6.0.into())?);
        assert!(!three.contains(ctx, 10.into())?);
        let reduced = three.call_method(ctx, "__reduce__", ());
        assert_eq!(shown(ctx, reduced), "(<type 'xrange'>, (0, 12, 3))");
        let reversed = three.call_method(ctx, "__reversed__", ())?.iter(ctx)?.collect_vec(ctx)?;
        assert_eq!(shown(ctx, Ok(reversed.into_value(ctx))), "[9, 6, 3, 0]");
        Ok(())
    });
}

#[test]
fn slices() {
    in_python2(|ctx| {
        let object = call(ctx, "slice", &[1.into(), 2.into(), 3.into()])?;
        assert_eq!(shown(ctx, Ok(object)), "slice(1, 2, 3)");
        assert_eq!(shown(ctx, object.get_attr(ctx, "stop")), "2");
        assert_eq!(shown(ctx, object.call_method(ctx, "indices", (5,))), "(1, 2, 3)");
        let backwards = slice(ctx, [None, None, Some(-1)]);
        assert_eq!(shown(ctx, backwards.call_method(ctx, "indices", (5,))), "(4, -1, -1)");
        let reduced = object.call_method(ctx, "__reduce__", ());
        assert_eq!(shown(ctx, reduced), "(<type 'slice'>, (1, 2, 3))");
        let error = call(ctx, "slice", &[]);
        let message = "TypeError: slice expected at least 1 arguments, got 0";
        assert_eq!(shown(ctx, error), message);
        assert_eq!(
            shown(ctx, object.call_method(ctx, "__hash__", ())),
            "TypeError: unhashable type"
        );
        let message = "TypeError: slice.__cmp__(x,y) requires y to be a 'slice', not a 'int'";
        assert_eq!(shown(ctx, object.call_method(ctx, "__cmp__", (2,))), message);
        Ok(())
    });
}
