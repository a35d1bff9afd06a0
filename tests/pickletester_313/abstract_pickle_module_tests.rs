//! The functions and classes of the module, with files.

use halfsour::pickle::{PICKLING_ERROR, UNPICKLING_ERROR};
use halfsour::{Class, ClassBuilder, Context, Error, Result, Value, exc};

use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes::{self, assert_custom_error};
use crate::implementation::{Implementation, Keywords, call};
use crate::objects::{PROTOCOLS, builtin, bytes, bytes_io, content, derived, dict, items, list};
use crate::row::{Group, rows};
use crate::streams::contains;

pub(crate) const GROUP: Group = Group {
    name: "AbstractPickleModuleTests",
    rows: rows![
        test_dump_closed_file,
        test_load_closed_file,
        test_load_from_and_dump_to_file,
        test_highest_protocol,
        test_callapi,
        test_dump_text_file,
        test_incomplete_input,
        test_bad_init,
        test_unpickler_bad_file,
        test_pickler_bad_file,
        test_dumps_loads_oob_buffers,
        test_dump_load_oob_buffers,
    ],
};

fn test_dump_closed_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let file = bytes_io(ctx, b"")?;
    file.call_method(ctx, "close", ())?;
    let dumped = call(ctx, "dump", &[Value::Int(123), file], &[]);
    assert_raises(ctx, &[&exc::VALUE_ERROR], dumped, "dump");
    Ok(())
}

/// CPython's test of this name dumps; this one loads.
fn test_load_closed_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let file = bytes_io(ctx, b"N.")?;
    file.call_method(ctx, "close", ())?;
    assert_raises(ctx, &[&exc::VALUE_ERROR], call(ctx, "load", &[file], &[]), "load");
    Ok(())
}

fn test_load_from_and_dump_to_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let file = bytes_io(ctx, b"")?;
    let data = list(ctx, &[Value::Int(123), dict(ctx, &[])?, Value::Int(124)]);
    call(ctx, "dump", &[data, file], &[])?;
    file.call_method(ctx, "seek", (0,))?;
    assert_equal(ctx, call(ctx, "load", &[file], &[])?, data)
}

fn test_highest_protocol<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    assert_equal(ctx, ctx.import_from("pickle", "HIGHEST_PROTOCOL")?, Value::Int(5))
}

/// Arguments by position and by keyword.
fn test_callapi<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let file = bytes_io(ctx, b"")?;
    let (number, highest) = (Value::Int(123), Value::Int(-1));
    call(ctx, "dump", &[number, file, highest], &[])?;
    call(ctx, "dump", &[number], &[("file", file), ("protocol", highest)])?;
    call(ctx, "dumps", &[number, highest], &[])?;
    call(ctx, "dumps", &[number], &[("protocol", highest)])?;
    call(ctx, "Pickler", &[file, highest], &[])?;
    call(ctx, "Pickler", &[file], &[("protocol", highest)])?;
    Ok(())
}

fn test_dump_text_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let file = ctx.import_from("io", "StringIO")?.call(ctx, ())?;
    for protocol in PROTOCOLS {
        let args = [Value::Int(123), file, Value::Int(protocol.into())];
        assert_raises(ctx, &[&exc::TYPE_ERROR], call(ctx, "dump", &args, &[]), protocol);
    }
    Ok(())
}

fn test_incomplete_input<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let loaded = call(ctx, "load", &[bytes_io(ctx, b"X''.")?], &[]);
    assert_raises(ctx, &[&exc::EOF_ERROR, &UNPICKLING_ERROR], loaded, "X''.");
    Ok(())
}

fn test_bad_init<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let bad = |base| {
        let class = derived(ctx, base)?.method("__init__", |_, _, _| Ok(Value::None));
        Value::from(class.build()?).call(ctx, ())
    };
    let dumped = bad("Pickler")?.call_method(ctx, "dump", (0,));
    assert_raises(ctx, &[&PICKLING_ERROR], dumped, "dump");
    let loaded = bad("Unpickler")?.call_method(ctx, "load", ());
    assert_raises(ctx, &[&UNPICKLING_ERROR], loaded, "load");
    Ok(())
}

/// A method that raises OSError.
fn good<'gc>(class: ClassBuilder<'gc>, name: &'static str) -> ClassBuilder<'gc> {
    class.method(name, |_, _, _| Err(Error::bare(&exc::OS_ERROR)))
}

/// A property that raises `CustomError`.
fn bad<'gc>(class: ClassBuilder<'gc>, name: &'static str) -> ClassBuilder<'gc> {
    class.property(name, |ctx, _| Err(Error::raise(classes::new(ctx, "CustomError")?)))
}

fn test_unpickler_bad_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let class = || Class::builder(ctx, "F");
    let open = |class: ClassBuilder<'gc>| {
        let file = Value::from(class.build()?).call(ctx, ())?;
        call(ctx, "Unpickler", &[file], &[])
    };
    for (lacking, what) in [
        (class(), "neither"),
        (good(class(), "readline"), "no read"),
        (good(class(), "read"), "no readline"),
    ] {
        assert_raises(ctx, &[&exc::ATTRIBUTE_ERROR, &exc::TYPE_ERROR], open(lacking), what);
    }
    for (raising, what) in [
        (good(bad(class(), "read"), "readline"), "bad read"),
        (good(bad(class(), "readline"), "read"), "bad readline"),
        (bad(class(), "readline"), "bad readline, no read"),
    ] {
        assert_custom_error(ctx, open(raising), what)?;
    }
    assert!(open(bad(class(), "read")).is_err(), "bad read, no readline");
    for ignored in ["peek", "readinto"] {
        let class = good(good(bad(class(), ignored), "read"), "readline");
        if let error @ Err(_) = open(class) {
            assert_custom_error(ctx, error, ignored)?;
        }
    }
    Ok(())
}

fn test_pickler_bad_file<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let open = |class: ClassBuilder<'gc>| {
        let file = Value::from(class.build()?).call(ctx, ())?;
        call(ctx, "Pickler", &[file], &[])
    };
    let lacking = Class::builder(ctx, "F");
    assert_raises(ctx, &[&exc::TYPE_ERROR], open(lacking), "no write");
    assert_custom_error(ctx, open(bad(Class::builder(ctx, "F"), "write")), "bad write")
}

/// The functions hand their arguments on, by which the bytes stay outside of the pickle.
fn check_out_of_band<'gc>(
    ctx: Context<'gc>,
    dumps: impl Fn(Value<'gc>, Keywords<'_, 'gc>) -> Result<'gc, Vec<u8>>,
    loads: impl Fn(&[u8], Keywords<'_, 'gc>) -> Result<'gc>,
) -> Result<'gc, ()> {
    let object = classes::new_of(ctx, "ZeroCopyBytes", &[bytes(ctx, b"foo")])?;
    for protocol in PROTOCOLS {
        let taken = list(ctx, &[]);
        let append = ("buffer_callback", taken.get_attr(ctx, "append")?);
        let dumped = dumps(object, &[("protocol", Value::Int(protocol.into())), append]);
        if protocol < 5 {
            assert_raises(ctx, &[&exc::VALUE_ERROR], dumped, protocol);
            continue;
        }
        let stream = dumped?;
        assert!(!contains(&stream, "foo"));
        let buffer = items(ctx, taken)?[0];
        assert_equal(ctx, builtin(ctx, "bytes")?.call(ctx, (buffer,))?, bytes(ctx, b"foo"))?;
        assert_raises(ctx, &[&UNPICKLING_ERROR], loads(&stream, &[]), "no buffers");
        assert_is(ctx, loads(&stream, &[("buffers", taken)])?, object);
    }
    Ok(())
}

fn test_dumps_loads_oob_buffers<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let dumps = |object, keywords: Keywords<'_, 'gc>| {
        let stream = call(ctx, "dumps", &[object], keywords)?;
        Ok(stream.as_bytes().expect("dumps gives bytes").as_slice().to_vec())
    };
    check_out_of_band(ctx, dumps, |stream, keywords| {
        call(ctx, "loads", &[bytes(ctx, stream)], keywords)
    })
}

fn test_dump_load_oob_buffers<'gc>(ctx: Context<'gc>, _: &Implementation) -> Result<'gc, ()> {
    let dumps = |object, keywords: Keywords<'_, 'gc>| {
        let file = bytes_io(ctx, b"")?;
        call(ctx, "dump", &[object, file], keywords)?;
        content(ctx, file)
    };
    check_out_of_band(ctx, dumps, |stream, keywords| {
        call(ctx, "load", &[bytes_io(ctx, stream)?], keywords)
    })
}
