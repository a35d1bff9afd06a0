//! Picklers and unpicklers that are used more than once, or with another's memo.

use halfsour::{ClassicClass, Context, Error, Result, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::implementation::{Implementation, bytes};
use crate::medium::Medium;
use crate::objects::{PROTOCOLS, builtin, length, list, tuple};
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
        test_unpickling_buffering_readline,
    ],
};

/// `module.Pickler(file)`
fn pickler<'gc>(ctx: Context<'gc>, by: &Implementation, file: Value<'gc>) -> Result<'gc> {
    by.module().get(ctx, "Pickler")?.call(ctx, (file,))
}

/// `module.Pickler(file, protocol=protocol)`
fn pickler_of_protocol<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    file: Value<'gc>,
    protocol: i32,
) -> Result<'gc> {
    let args = halfsour::Args::new(&[file]).keyword(ctx, "protocol", protocol);
    by.module().get(ctx, "Pickler")?.call(ctx, args)
}

/// `module.Unpickler(file)`
fn unpickler<'gc>(ctx: Context<'gc>, by: &Implementation, file: Value<'gc>) -> Result<'gc> {
    by.module().get(ctx, "Unpickler")?.call(ctx, (file,))
}

/// `["abcdefg", "abcdefg", 44]`
fn data(ctx: Context<'_>) -> Value<'_> {
    let text = ctx.str("abcdefg");
    list(ctx, &[text, text, Value::Int(44)])
}

/// Empties a file in memory.
fn reset<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, ()> {
    file.call_method(ctx, "seek", (0,))?;
    file.call_method(ctx, "truncate", ()).map(drop)
}

/// What is in a file in memory.
fn value<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, Vec<u8>> {
    bytes(ctx, file.call_method(ctx, "getvalue", ())?)
}

fn test_clear_pickler_memo<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let data = data(ctx);
    let file = Medium::CStringIO.output(ctx)?;
    let pickler = pickler(ctx, by, file)?;
    pickler.call_method(ctx, "dump", (data,))?;
    let first = value(ctx, file)?;
    reset(ctx, file)?;
    pickler.call_method(ctx, "dump", (data,))?;
    let second = value(ctx, file)?;
    pickler.call_method(ctx, "clear_memo", ())?;
    reset(ctx, file)?;
    pickler.call_method(ctx, "dump", (data,))?;
    let third = value(ctx, file)?;
    assert_ne!(first, second);
    assert_eq!(first, third);
    Ok(())
}

/// The pickle of some data, and the one by another pickler that was given the memo.
fn first_and_primed<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    data: Value<'gc>,
) -> Result<'gc, (Vec<u8>, Vec<u8>)> {
    let file = Medium::CStringIO.output(ctx)?;
    let pickler = self::pickler(ctx, by, file)?;
    pickler.call_method(ctx, "dump", (data,))?;
    let second_file = Medium::CStringIO.output(ctx)?;
    let primed = self::pickler(ctx, by, second_file)?;
    primed.set_attr(ctx, "memo", pickler.get_attr(ctx, "memo")?)?;
    primed.call_method(ctx, "dump", (data,))?;
    Ok((value(ctx, file)?, value(ctx, second_file)?))
}

fn test_priming_pickler_memo<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let (first, primed) = first_and_primed(ctx, by, data(ctx))?;
    assert_ne!(first, primed);
    Ok(())
}

fn test_priming_unpickler_memo<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let data = data(ctx);
    let (first, primed) = first_and_primed(ctx, by, data)?;
    let first_unpickler = unpickler(ctx, by, Medium::CStringIO.input(ctx, &first)?)?;
    let first = first_unpickler.call_method(ctx, "load", ())?;
    assert_equal(ctx, first, data)?;

    let second_unpickler = unpickler(ctx, by, Medium::CStringIO.input(ctx, &primed)?)?;
    second_unpickler.set_attr(ctx, "memo", first_unpickler.get_attr(ctx, "memo")?)?;
    let second = second_unpickler.call_method(ctx, "load", ())?;
    second_unpickler.get_attr(ctx, "memo")?.call_method(ctx, "clear", ())?;
    assert_equal(ctx, second, data)?;
    assert_is(ctx, second, first);
    Ok(())
}

fn test_reusing_unpickler_objects<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let second = list(ctx, &[ctx.str("abcdefg"), Value::Int(44), Value::Int(44)]);
    let file = Medium::CStringIO.output(ctx)?;
    let unpickler = unpickler(ctx, by, file)?;
    for data in [data(ctx), second] {
        let pickled = Medium::CStringIO.output(ctx)?;
        pickler(ctx, by, pickled)?.call_method(ctx, "dump", (data,))?;
        reset(ctx, file)?;
        file.call_method(ctx, "write", (pickled.call_method(ctx, "getvalue", ())?,))?;
        file.call_method(ctx, "seek", (0,))?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, data)?;
    }
    Ok(())
}

fn test_multiple_unpicklings_seekable<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check_multiple_unpicklings(ctx, by, ctx.import_from("StringIO", "StringIO")?, true)
}

fn test_multiple_unpicklings_unseekable<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check_multiple_unpicklings(ctx, by, unseekable(ctx)?, false)
}

/// `class UnseekableIO(StringIO.StringIO)`: refuses to say where it is.
fn unseekable<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let Value::ClassicClass(base) = ctx.import_from("StringIO", "StringIO")? else {
        panic!("StringIO.StringIO is no classic class");
    };
    let mut builder = ClassicClass::builder(ctx, "UnseekableIO").module("__main__").base(base);
    for method in ["peek", "seek", "tell"] {
        builder = builder.method(method, |_, _, _| Err(Error::bare(&exc::NOT_IMPLEMENTED_ERROR)));
    }
    Ok(builder.build()?.into())
}

/// Five pickles in one file: each load leaves the file behind its own.
fn check_multiple_unpicklings<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
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
        pickler_of_protocol(ctx, by, file, protocol)?.call_method(ctx, "dump", (data,))?;
        let pickled = file.call_method(ctx, "getvalue", ())?;
        let stream = halfsour::Bytes::new(ctx, &bytes(ctx, pickled)?.repeat(TIMES));
        let file = file_class.call(ctx, (stream,))?;
        let unpickler = unpickler(ctx, by, file)?;
        for time in 1..=TIMES {
            assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, data)?;
            if seekable {
                let position: usize = file.call_method(ctx, "tell", ())?.to(ctx)?;
                assert_eq!(position, time * length(ctx, pickled)?);
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
    by: &Implementation,
) -> Result<'gc, ()> {
    let numbers: Vec<_> = (0..10).map(Value::Int).collect();
    let data = list(ctx, &numbers);
    for protocol in PROTOCOLS {
        for at_once in 1..=10 {
            let file = Value::from(ctx.new_file("numbers", "rb+", Trickling::new(at_once)));
            pickler_of_protocol(ctx, by, file, protocol)?.call_method(ctx, "dump", (data,))?;
            file.call_method(ctx, "seek", (0,))?;
            let loaded = unpickler(ctx, by, file)?.call_method(ctx, "load", ())?;
            assert_equal(ctx, loaded, data)?;
        }
    }
    Ok(())
}
