//! Streams that raise.

use halfsour::{Context, Result, exc};

use crate::assertions::assert_raises;
use crate::implementation::Implementation;
use crate::modules::Errors;

/// Each of these streams raises one of these exceptions.
fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    errors: Errors,
    streams: &[&[u8]],
) -> Result<'gc, ()> {
    for stream in streams {
        assert_raises(ctx, &errors, by.loads(ctx, stream), stream.escape_ascii().to_string());
    }
    Ok(())
}

pub(super) fn test_garyp<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, by.module().bad_get(), &[b"garyp"])
}

pub(super) fn test_misc_get<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, by.module().bad_get(), &[b"g0\np0\n", b"h\x00q\x00"])
}

pub(super) fn test_insecure_strings<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let without_quotes = ["abc", "2 + 2", " "];
    let unfinished = ["'abc", r"'\'", "'", "\""];
    let unlike = ["'abc\"", "'\"", "\"'"];
    let with_more = ["'abc'   ?", "' ", "\" ", " ''", " \"\""];
    for argument in [&without_quotes[..], &unfinished, &unlike, &with_more].concat() {
        let stream = format!("S{argument}\n.");
        check(ctx, by, vec![&exc::VALUE_ERROR], &[stream.as_bytes()])?;
    }
    Ok(())
}

pub(super) fn test_bad_stack<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [&[u8]; 33] = [
        b".", // STOP
        b"0", // POP
        b"1", // POP_MARK
        b"2", // DUP
        b"R", // REDUCE
        b")R",
        b"a", // APPEND
        b"Na",
        b"b", // BUILD
        b"Nb",
        b"d",                    // DICT
        b"e",                    // APPENDS
        b"i__builtin__\nlist\n", // INST
        b"l",                    // LIST
        b"o",                    // OBJ
        b"(o",
        b"p1\n",              // PUT
        b"q\x00",             // BINPUT
        b"r\x00\x00\x00\x00", // LONG_BINPUT
        b"s",                 // SETITEM
        b"Ns",
        b"NNs",
        b"t", // TUPLE
        b"u", // SETITEMS
        b"}(Nu",
        b"\x81", // NEWOBJ
        b")\x81",
        b"\x85", // TUPLE1
        b"\x86", // TUPLE2
        b"N\x86",
        b"\x87", // TUPLE3
        b"N\x87",
        b"NN\x87",
    ];
    check(ctx, by, by.module().bad_stack(), &streams)
}

pub(super) fn test_bad_mark<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let streams: [&[u8]; 22] = [
        b"N(2",                     // DUP
        b"c__builtin__\nlist\n)(R", // REDUCE
        b"c__builtin__\nlist\n()R",
        b"]N(a",                            // APPEND
        b"c__builtin__\nValueError\n)R}(b", // BUILD
        b"c__builtin__\nValueError\n)R(}b",
        b"(Nd",                 // DICT
        b"N(p1\n",              // PUT
        b"N(q\x00",             // BINPUT
        b"N(r\x00\x00\x00\x00", // LONG_BINPUT
        b"}NN(s",               // SETITEM
        b"}N(Ns",
        b"}(NNs",
        b"}((u",                       // SETITEMS
        b"c__builtin__\nlist\n)(\x81", // NEWOBJ
        b"c__builtin__\nlist\n()\x81",
        b"N(\x85",  // TUPLE1
        b"NN(\x86", // TUPLE2
        b"N(N\x86",
        b"NNN(\x87", // TUPLE3
        b"NN(N\x87",
        b"N(NN\x87",
    ];
    check(ctx, by, by.module().bad_mark(), &streams)
}

pub(super) fn test_truncated_data<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, vec![&exc::EOF_ERROR], &[b"", b"N"])?;
    for (whole, opcode) in WHOLE {
        for end in opcode + 1..whole.len() {
            check(ctx, by, by.module().truncated(), &[&whole[..end]])?;
        }
    }
    Ok(())
}

/// A stream that ends with an opcode and its argument, and where that opcode begins.
const WHOLE: &[(&[u8], usize)] = &[
    (b"F0.00\n", 0),
    (b"G\0\0\0\0\0\0\0\0", 0),
    (b"I0\n", 0),
    (b"J\0\0\0\0", 0),
    (b"K\0", 0),
    (b"L10L\n", 0),
    (b"L0L\n", 0),
    (b"M\0\0", 0),
    (b"S'abc'\n", 0),
    (b"T\x03\0\0\0abc", 0),
    (b"U\x03abc", 0),
    (b"Vabc\n", 0),
    (b"X\x03\0\0\0abc", 0),
    (b"(c__builtin__\nlist\n", 1),
    (b"Ng0\n", 1),
    (b"(i__builtin__\nlist\n", 1),
    (b"Nh\0", 1),
    (b"Nj\0\0\0\0", 1),
    (b"Np0\n", 1),
    (b"Nq\0", 1),
    (b"Nr\0\0\0\0", 1),
    (b"\x80\x02", 0),
    (b"\x82\x01", 0),
    (b"\x83\x01\0", 0),
    (b"\x84\x01\0\0\0", 0),
    (b"\x8a\x01\x01", 0),
    (b"\x8b\x01\0\0\0\x01", 0),
];
