//! Streams that raise.

use halfsour::pickle::UNPICKLING_ERROR;
use halfsour::{Context, ExceptionType, Result, Value, exc};

use crate::assertions::{assert_equal, assert_raises};
use crate::implementation::{Implementation, Load};
use crate::objects::{list, tuple};

/// Each of these streams raises one of these exceptions.
pub(super) fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    errors: &[&'static ExceptionType],
    streams: &[&[u8]],
) -> Result<'gc, ()> {
    for stream in streams {
        assert_raises(ctx, errors, by.loads(ctx, stream), stream.escape_ascii().to_string());
    }
    Ok(())
}

pub(super) fn test_misc_get<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, &[&UNPICKLING_ERROR], &[b"g0\np0", b"jens:", b"hens:"])?;
    let pair = tuple(ctx, &[Value::Int(100)]);
    let loaded = by.loads(ctx, b"((Kdtp0\nh\x00l.))")?;
    assert_equal(ctx, loaded, list(ctx, &[pair, pair]))
}

pub(super) fn test_negative_put<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, &[&exc::VALUE_ERROR], &[b"Va\np-1\n."])
}

pub(super) fn test_badly_escaped_string<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, &[&exc::VALUE_ERROR], &[b"S'\\'\n."])
}

pub(super) fn test_badly_quoted_string<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let streams: [&[u8]; 14] = [
        b"S'\n.",
        b"S\"\n.",
        b"S' \n.",
        b"S\" \n.",
        b"S'\"\n.",
        b"S\"'\n.",
        b"S' ' \n.",
        b"S\" \" \n.",
        b"S ''\n.",
        b"S \"\"\n.",
        b"S \n.",
        b"S\n.",
        b"S.",
        b"S''.",
    ];
    check(ctx, by, &[&UNPICKLING_ERROR], &streams)
}

pub(super) fn test_bad_reduce<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    assert_equal(ctx, by.loads(ctx, b"cbuiltins\nint\n)R.")?, Value::Int(0))?;
    check(ctx, by, &[&exc::TYPE_ERROR], &[b"N)R.", b"cbuiltins\nint\nNR."])
}

pub(super) fn test_bad_newobj<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    assert_equal(ctx, by.loads(ctx, b"cbuiltins\nint\n)\x81.")?, Value::Int(0))?;
    let streams: [&[u8]; 2] = [b"cbuiltins\nlen\n)\x81.", b"cbuiltins\nint\nN\x81."];
    check(ctx, by, &[&UNPICKLING_ERROR, &exc::TYPE_ERROR], &streams)
}

pub(super) fn test_bad_newobj_ex<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    assert_equal(ctx, by.loads(ctx, b"cbuiltins\nint\n)}\x92.")?, Value::Int(0))?;
    let streams: [&[u8]; 3] =
        [b"cbuiltins\nlen\n)}\x92.", b"cbuiltins\nint\nN}\x92.", b"cbuiltins\nint\n)N\x92."];
    check(ctx, by, &[&UNPICKLING_ERROR, &exc::TYPE_ERROR], &streams)
}

pub(super) fn test_bad_stack<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [&[u8]; 44] = [
        b".",
        b"0",
        b"1",
        b"2",
        b"(2",
        b"R",
        b")R",
        b"a",
        b"Na",
        b"b",
        b"Nb",
        b"d",
        b"e",
        b"(e",
        b"ibuiltins\nlist\n",
        b"l",
        b"o",
        b"(o",
        b"p1\n",
        b"q\0",
        b"r\0\0\0\0",
        b"s",
        b"Ns",
        b"NNs",
        b"t",
        b"u",
        b"(u",
        b"}(Nu",
        b"\x81",
        b")\x81",
        b"\x85",
        b"\x86",
        b"N\x86",
        b"\x87",
        b"N\x87",
        b"NN\x87",
        b"\x90",
        b"(\x90",
        b"\x91",
        b"\x92",
        b")}\x92",
        b"\x93",
        b"Vlist\n\x93",
        b"\x94",
    ];
    check(ctx, by, &[&UNPICKLING_ERROR], &streams)
}

pub(super) fn test_bad_mark<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [&[u8]; 30] = [
        b"N(.",
        b"N(2",
        b"cbuiltins\nlist\n)(R",
        b"cbuiltins\nlist\n()R",
        b"]N(a",
        b"cbuiltins\nValueError\n)R}(b",
        b"cbuiltins\nValueError\n)R(}b",
        b"(Nd",
        b"N(p1\n",
        b"N(q\0",
        b"N(r\0\0\0\0",
        b"}NN(s",
        b"}N(Ns",
        b"}(NNs",
        b"}((u",
        b"cbuiltins\nlist\n)(\x81",
        b"cbuiltins\nlist\n()\x81",
        b"N(\x85",
        b"NN(\x86",
        b"N(N\x86",
        b"NNN(\x87",
        b"NN(N\x87",
        b"N(NN\x87",
        b"]((\x90",
        b"cbuiltins\nlist\n)}(\x92",
        b"cbuiltins\nlist\n)(}\x92",
        b"cbuiltins\nlist\n()}\x92",
        b"Vbuiltins\n(Vlist\n\x93",
        b"Vbuiltins\nVlist\n(\x93",
        b"N(\x94",
    ];
    check(ctx, by, &[&UNPICKLING_ERROR], &streams)
}

/// Every stream is cut off everywhere behind its last opcode.
pub(super) fn test_truncated_data<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, &[&exc::EOF_ERROR], &[b"", b"N"])?;
    for (whole, opcode) in WHOLE {
        for end in opcode + 1..whole.len() {
            check(ctx, by, &[&UNPICKLING_ERROR], &[&whole[..end]])?;
        }
    }
    // In a file, a frame that is longer than the rest is no mistake here: COMPATIBILITY.md lists it.
    let frame: &[u8] = b"\x95\x02\0\0\0\0\0\0\0N";
    let by_file = by.load == Load::Unpickler;
    for end in 1..=frame.len() {
        let error = if by_file && end >= 9 { &exc::EOF_ERROR } else { &UNPICKLING_ERROR };
        check(ctx, by, &[error], &[&frame[..end]])?;
    }
    Ok(())
}

/// A stream that ends with an opcode and its argument, and where that opcode begins.
const WHOLE: &[(&[u8], usize)] = &[
    (b"B\x03\0\0\0abc", 0),
    (b"C\x03abc", 0),
    (b"F0.00\n", 0),
    (b"G\0\0\0\0\0\0\0\0", 0),
    (b"I0\n", 0),
    (b"J\0\0\0\0", 0),
    (b"K\0", 0),
    (b"L10L\n", 0),
    (b"M\0\0", 0),
    (b"S'abc'\n", 0),
    (b"T\x03\0\0\0abc", 0),
    (b"U\x03abc", 0),
    (b"Vabc\n", 0),
    (b"X\x03\0\0\0abc", 0),
    (b"(cbuiltins\nlist\n", 1),
    (b"Ng0\n", 1),
    (b"(ibuiltins\nlist\n", 1),
    (b"Nh\0", 1),
    (b"Nj\0\0\0\0", 1),
    (b"Np0\n", 1),
    (b"Nq\0", 1),
    (b"Nr\0\0\0\0", 1),
    (b"\x80\x04", 0),
    (b"\x82\x01", 0),
    (b"\x83\x01\0", 0),
    (b"\x84\x01\0\0\0", 0),
    (b"\x8a\x01\x01", 0),
    (b"\x8b\x01\0\0\0\x01", 0),
    (b"\x8c\x03abc", 0),
    (b"\x8d\x03\0\0\0\0\0\0\0abc", 0),
    (b"\x8e\x03\0\0\0\0\0\0\0abc", 0),
    (b"\x96\x03\0\0\0\0\0\0\0abc", 0),
];
