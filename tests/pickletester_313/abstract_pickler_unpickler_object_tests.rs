//! Pickler and Unpickler objects that are used several times.

use halfsour::{Bytes, Class, Context, Result, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::implementation::{Implementation, call};
use crate::objects::{PROTOCOLS, builtin, bytes_io, content, derived, dict, list, tuple};
use crate::row::{Group, rows};
use crate::trickling::Trickling;

pub(crate) const GROUP: Group = Group {
    name: "AbstractPicklerUnpicklerObjectTests",
    rows: rows![
        test_clear_pickler_memo,
        test_priming_pickler_memo,
        test_priming_unpickler_memo,
        test_reusing_unpickler_objects,
        test_multiple_unpicklings_seekable,
        test_multiple_unpicklings_unseekable,
        test_multiple_unpicklings_minimal,
        test_unpickling_buffering_readline,
        test_pickle_invalid_reducer_override,
    ],
};

/// What the class has besides.
pub(crate) const OWN: Group =
    Group { name: "CPicklerUnpicklerObjectTests", rows: rows![test_issue18339] };

/// `["abcdefg", "abcdefg", 44]`
fn data(ctx: Context<'_>) -> Value<'_> {
    let text = ctx.str("abcdefg");
    list(ctx, &[text, text, Value::Int(44)])
}

fn pickler<'gc>(ctx: Context<'gc>, file: Value<'gc>, protocol: i32) -> Result<'gc> {
    call(ctx, "Pickler", &[file, Value::Int(protocol.into())], &[])
}

fn unpickler<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc> {
    call(ctx, "Unpickler", &[file], &[])
}

/// Empties a file in memory.
fn reset<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, ()> {
    file.call_method(ctx, "seek", (0,))?;
    file.call_method(ctx, "truncate", ()).map(drop)
}

fn test_clear_pickler_memo<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let data = data(ctx);
    for protocol in PROTOCOLS {
        let file = bytes_io(ctx, b"")?;
        let pickler = pickler(ctx, file, protocol)?;
        let dump = || {
            reset(ctx, file)?;
            pickler.call_method(ctx, "dump", (data,))?;
            content(ctx, file)
        };
        let (first, second) = (dump()?, dump()?);
        pickler.call_method(ctx, "clear_memo", ())?;
        let third = dump()?;
        assert_ne!(first, second);
        assert_eq!(first, third);
    }
    Ok(())
}

/// The pickle of some data, and the one by another pickler that was given the memo.
fn first_and_primed<'gc>(ctx: Context<'gc>, data: Value<'gc>) -> Result<'gc, (Vec<u8>, Vec<u8>)> {
    let (file, second_file) = (bytes_io(ctx, b"")?, bytes_io(ctx, b"")?);
    let first = pickler(ctx, file, 4)?;
    first.call_method(ctx, "dump", (data,))?;
    let primed = pickler(ctx, second_file, 4)?;
    primed.set_attr(ctx, "memo", first.get_attr(ctx, "memo")?)?;
    primed.call_method(ctx, "dump", (data,))?;
    Ok((content(ctx, file)?, content(ctx, second_file)?))
}

fn test_priming_pickler_memo<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let (first, primed) = first_and_primed(ctx, data(ctx))?;
    assert_ne!(first, primed);
    Ok(())
}

fn test_priming_unpickler_memo<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let data = data(ctx);
    let (first, primed) = first_and_primed(ctx, data)?;
    let first_unpickler = unpickler(ctx, bytes_io(ctx, &first)?)?;
    let first = first_unpickler.call_method(ctx, "load", ())?;
    assert_equal(ctx, first, data)?;
    let second_unpickler = unpickler(ctx, bytes_io(ctx, &primed)?)?;
    second_unpickler.set_attr(ctx, "memo", first_unpickler.get_attr(ctx, "memo")?)?;
    let second = second_unpickler.call_method(ctx, "load", ())?;
    second_unpickler.get_attr(ctx, "memo")?.call_method(ctx, "clear", ())?;
    assert_equal(ctx, second, data)?;
    assert_is(ctx, second, first);
    Ok(())
}

fn test_reusing_unpickler_objects<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let second = list(ctx, &[ctx.str("abcdefg"), Value::Int(44), Value::Int(44)]);
    let file = bytes_io(ctx, b"")?;
    let unpickler = unpickler(ctx, file)?;
    for data in [data(ctx), second] {
        let pickled = bytes_io(ctx, b"")?;
        pickler(ctx, pickled, 4)?.call_method(ctx, "dump", (data,))?;
        reset(ctx, file)?;
        file.call_method(ctx, "write", (pickled.call_method(ctx, "getvalue", ())?,))?;
        file.call_method(ctx, "seek", (0,))?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, data)?;
    }
    Ok(())
}

fn test_multiple_unpicklings_seekable<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    check_multiple_unpicklings(ctx, ctx.import_from("io", "BytesIO")?, true)
}

/// A file that refuses to say where it is.
fn test_multiple_unpicklings_unseekable<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let base: Class<'gc> = ctx.import_from("io", "BytesIO")?.to(ctx)?;
    let mut builder = Class::builder(ctx, "UnseekableIO").module("__main__").base(base);
    for method in ["peek", "seek", "tell"] {
        builder = builder
            .method(method, |_, _, _| Err(halfsour::Error::bare(&exc::NOT_IMPLEMENTED_ERROR)));
    }
    check_multiple_unpicklings(ctx, builder.build()?.into(), false)
}

/// A file that has nothing but what it must have.
fn test_multiple_unpicklings_minimal<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let builder = Class::builder(ctx, "MinimalIO").method("__init__", |ctx, this, args| {
        let file = ctx.import_from("io", "BytesIO")?.call(ctx, args)?;
        for method in ["getvalue", "read", "readline", "write"] {
            this.set_attr(ctx, method, file.get_attr(ctx, method)?)?;
        }
        Ok(Value::None)
    });
    check_multiple_unpicklings(ctx, builder.build()?.into(), false)
}

/// Five pickles in one file: each load leaves the file behind its own.
fn check_multiple_unpicklings<'gc>(
    ctx: Context<'gc>,
    file_class: Value<'gc>,
    seekable: bool,
) -> Result<'gc, ()> {
    const TIMES: usize = 5;
    let mut items: Vec<_> = (0..2000)
        .map(|number| tuple(ctx, &[Value::Int(number), ctx.str(&number.to_string())]))
        .collect();
    items.extend([ctx.str("abcde"), builtin(ctx, "len")?]);
    let data = list(ctx, &items);
    for protocol in PROTOCOLS {
        let file = file_class.call(ctx, ())?;
        pickler(ctx, file, protocol)?.call_method(ctx, "dump", (data,))?;
        let pickled = content(ctx, file)?;
        let file = file_class.call(ctx, (Bytes::new(ctx, &pickled.repeat(TIMES)),))?;
        let unpickler = unpickler(ctx, file)?;
        for time in 1..=TIMES {
            assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, data)?;
            if seekable {
                let position: usize = file.call_method(ctx, "tell", ())?.to(ctx)?;
                assert_eq!(position, time * pickled.len());
            }
        }
        let loaded = unpickler.call_method(ctx, "load", ());
        assert_raises(ctx, &[&exc::EOF_ERROR], loaded, "the end");
    }
    Ok(())
}

/// Lines of which a read gives only a part. In place of `io.BufferedRandom`, which is not here, a `file` whose host hands
/// out a few bytes at a time.
fn test_unpickling_buffering_readline<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let numbers: Vec<_> = (0..10).map(Value::Int).collect();
    let data = list(ctx, &numbers);
    for protocol in PROTOCOLS {
        for at_once in 1..=10 {
            let file = Value::from(ctx.new_file("numbers", "rb+", Trickling::new(at_once)));
            pickler(ctx, file, protocol)?.call_method(ctx, "dump", (data,))?;
            file.call_method(ctx, "seek", (0,))?;
            let loaded = unpickler(ctx, file)?.call_method(ctx, "load", ())?;
            assert_equal(ctx, loaded, data)?;
        }
    }
    Ok(())
}

fn test_pickle_invalid_reducer_override<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let class = Value::from(derived(ctx, "Pickler")?.build()?);
    for hook in [Value::None, Value::Int(10)] {
        let pickler = class.call(ctx, (bytes_io(ctx, b"")?,))?;
        pickler.set_attr(ctx, "reducer_override", hook)?;
        let object = Value::from(ctx.types().object).call(ctx, ())?;
        let dumped = pickler.call_method(ctx, "dump", (object,));
        assert_raises(ctx, &[&exc::TYPE_ERROR], dumped, hook);
    }
    Ok(())
}

fn test_issue18339<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let unpickler = unpickler(ctx, bytes_io(ctx, b"")?)?;
    let memo = |memo: Value<'gc>| unpickler.set_attr(ctx, "memo", memo);
    assert_raises(ctx, &[&exc::TYPE_ERROR], memo(Value::from(ctx.types().object)), "object");
    let negative = dict(ctx, &[(Value::Int(-1), Value::None)])?;
    assert_raises(ctx, &[&exc::VALUE_ERROR], memo(negative), "-1");
    memo(dict(ctx, &[(Value::Int(1), Value::None)])?)
}
