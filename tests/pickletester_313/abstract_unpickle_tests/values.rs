//! Streams of strings, numbers, constants and instances.

use halfsour::{ByteArray, Context, ExceptionType, Result, Set, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{assert_copy, bytes};

/// The class gives `__main__` a name for `X` in these.
const INSTANCES: [&[u8]; 3] = [
    b"(i__main__\nX\np0\n(dp1\nb.",
    b"(c__main__\nX\nq\x00oq\x01}q\x02b.",
    b"\x80\x02(c__main__\nX\nq\x00oq\x01}q\x02b.",
];

pub(super) fn test_load_classic_instance<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for (name, args) in [("C", &[][..]), ("D", &[ctx.str("x")]), ("E", &[])] {
        let original = classes::new_of(ctx, name, args)?;
        for stream in INSTANCES {
            let at = stream.iter().position(|&byte| byte == b'X').expect("X is in each");
            let stream = [&stream[..at], name.as_bytes(), &stream[at + 1..]].concat();
            assert_copy(ctx, original, by.loads(ctx, &stream)?)?;
        }
    }
    Ok(())
}

pub(super) fn test_maxint64<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let largest = format!("I{}\n.", i64::MAX);
    assert_copy(ctx, by.loads(ctx, largest.as_bytes())?, Value::Int(i64::MAX))?;
    let bogus = format!("I{}JUNK\n.", i64::MAX);
    assert_raises(ctx, &[&exc::VALUE_ERROR], by.loads(ctx, bogus.as_bytes()), bogus);
    Ok(())
}

/// What Python 2.7 writes at protocol 2.
pub(super) fn test_unpickle_from_2x<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let set =
        by.loads(ctx, b"\x80\x02c__builtin__\nset\nq\x00]q\x01(K\x01K\x02e\x85q\x02Rq\x03.")?;
    assert_copy(ctx, Set::from_items(ctx, &[1, 2].map(Value::Int))?.into(), set)?;
    let range = b"\x80\x02c__builtin__\nxrange\nq\x00K\x00K\x05K\x01\x87q\x01Rq\x02.";
    let expected = ctx.import_from("builtins", "range")?.call(ctx, (5,))?;
    assert_copy(ctx, expected, by.loads(ctx, range)?)?;
    let exceptions: [(&str, &ExceptionType); 7] = [
        ("StandardError", &exc::EXCEPTION),
        ("ArithmeticError", &exc::ARITHMETIC_ERROR),
        ("KeyError", &exc::KEY_ERROR),
        ("OSError", &exc::OS_ERROR),
        ("IOError", &exc::OS_ERROR),
        ("ImportError", &exc::IMPORT_ERROR),
        ("ZeroDivisionError", &exc::ZERO_DIVISION_ERROR),
    ];
    for (name, class) in exceptions {
        let stream = format!("\u{1}cexceptions\n{name}\nq\u{0})Rq\u{1}.");
        let stream = [b"\x80\x02", &stream.as_bytes()[1..]].concat();
        let loaded = by.loads(ctx, &stream)?;
        assert_is(ctx, loaded.type_of(ctx).into(), ctx.exception_class(class).into());
    }
    let error = by.loads(
        ctx,
        b"\x80\x02cexceptions\nUnicodeEncodeError\nq\x00(U\x05asciiq\x01X\x03\x00\x00\x00fooq\x02K\x00K\x01U\x03badq\x03tq\x04Rq\x05.",
    )?;
    let class = ctx.exception_class(&exc::UNICODE_ENCODE_ERROR);
    assert_is(ctx, error.type_of(ctx).into(), class.into());
    for (name, value) in [
        ("object", ctx.str("foo")),
        ("encoding", ctx.str("ascii")),
        ("start", Value::Int(0)),
        ("end", Value::Int(1)),
        ("reason", ctx.str("bad")),
    ] {
        assert_equal(ctx, error.get_attr(ctx, name)?, value)?;
    }
    Ok(())
}

fn check_as_bytes<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    streams: &[&[u8]],
    expected: Value<'gc>,
) -> Result<'gc, ()> {
    for stream in streams {
        let loaded = by.loads_with(ctx, stream, &[("encoding", ctx.str("bytes"))])?;
        assert_copy(ctx, expected, loaded)?;
    }
    Ok(())
}

pub(super) fn test_load_python2_str_as_bytes<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let streams = [&b"S'a\\x00\\xa0'\n."[..], b"U\x03a\x00\xa0.", b"\x80\x02U\x03a\x00\xa0."];
    check_as_bytes(ctx, by, &streams, bytes(ctx, b"a\x00\xa0"))
}

pub(super) fn test_load_python2_unicode_as_str<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let binary = b"\x80\x02X\x02\x00\x00\x00\xcf\x80.";
    check_as_bytes(ctx, by, &[b"V\\u03c0\n.", &binary[2..], binary], ctx.str("\u{3c0}"))
}

pub(super) fn test_load_long_python2_str_as_bytes<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let stream = [&b"T\x2c\x01\0\0"[..], &[b'x'; 300], b"."].concat();
    check_as_bytes(ctx, by, &[&stream], bytes(ctx, [b'x'; 300]))
}

pub(super) fn test_constants<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [(&[u8], Value<'gc>); 5] = [
        (b"N.", Value::None),
        (b"\x88.", Value::Bool(true)),
        (b"\x89.", Value::Bool(false)),
        (b"I01\n.", Value::Bool(true)),
        (b"I00\n.", Value::Bool(false)),
    ];
    for (stream, constant) in streams {
        assert_is(ctx, by.loads(ctx, stream)?, constant);
    }
    Ok(())
}

pub(super) fn test_empty_bytestring<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let encoding = [("encoding", ctx.str("koi8-r"))];
    let loaded = by.loads_with(ctx, b"\x80\x03U\x00q\x00.", &encoding)?;
    assert_copy(ctx, ctx.str(""), loaded)
}

pub(super) fn test_correctly_quoted_string<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let streams = [("S''\n.", ""), ("S\"\"\n.", ""), ("S\"\\n\"\n.", "\n"), ("S'\\n'\n.", "\n")];
    for (stream, expected) in streams {
        assert_copy(ctx, ctx.str(expected), by.loads(ctx, stream.as_bytes())?)?;
    }
    Ok(())
}

macro_rules! loads {
    ($($test:ident: $stream:literal => |$ctx:ident| $expected:expr;)*) => {
        $(pub(super) fn $test<'gc>($ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
            assert_copy($ctx, $expected, by.loads($ctx, $stream)?)
        })*
    };
}

loads! {
    test_short_binbytes: b"\x80\x03C\x04\xe2\x82\xac\x00." => |ctx| bytes(ctx, b"\xe2\x82\xac\x00");
    test_binbytes: b"\x80\x03B\x04\0\0\0\xe2\x82\xac\0." => |ctx| bytes(ctx, b"\xe2\x82\xac\x00");
    test_short_binunicode: b"\x80\x04\x8c\x04\xe2\x82\xac\x00." => |ctx| ctx.str("\u{20ac}\0");
    test_binbytes8: b"\x80\x04\x8e\x04\0\0\0\0\0\0\0\xe2\x82\xac\0." =>
        |ctx| bytes(ctx, b"\xe2\x82\xac\x00");
    test_binunicode8: b"\x80\x04\x8d\x04\0\0\0\0\0\0\0\xe2\x82\xac\0." => |ctx| ctx.str("\u{20ac}\0");
    test_bytearray8: b"\x80\x05\x96\x03\0\0\0\0\0\0\0xxx." =>
        |ctx| ByteArray::from_vec(ctx, b"xxx".to_vec()).into();
    test_frame_readline: b"\x80\x04\x95\x05\0\0\0\0\0\0\0I42\n." => |ctx| {
        let _: Context<'gc> = ctx;
        Value::Int(42)
    };
}
