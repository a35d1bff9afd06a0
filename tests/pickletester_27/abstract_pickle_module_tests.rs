//! The functions of the modules, with files.

use halfsour::{Args, Context, Dict, Result, Value, exc};

use crate::assertions::{assert_equal, assert_raises};
use crate::implementation::Implementation;
use crate::medium::Medium;
use crate::objects::list;
use crate::row::{Group, rows};

pub(crate) const GROUP: Group = Group {
    name: "AbstractPickleModuleTests",
    rows: rows![
        test_dump_closed_file,
        test_load_closed_file,
        test_load_from_and_dump_to_file,
        test_highest_protocol,
        test_callapi,
        test_incomplete_input,
        test_bad_input,
    ],
};

fn test_dump_closed_file<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let file = Medium::File.output(ctx)?;
    file.call_method(ctx, "close", ())?;
    let dumped = by.module().get(ctx, "dump")?.call(ctx, (123, file));
    assert_raises(ctx, &[&exc::VALUE_ERROR], dumped, "dump");
    Ok(())
}

/// CPython's test of this name dumps too; this one also loads.
fn test_load_closed_file<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let file = Medium::File.input(ctx, b"N.")?;
    file.call_method(ctx, "close", ())?;
    let dumped = by.module().get(ctx, "dump")?.call(ctx, (123, file));
    assert_raises(ctx, &[&exc::VALUE_ERROR], dumped, "dump");
    let loaded = by.module().get(ctx, "load")?.call(ctx, (file,));
    assert_raises(ctx, &[&exc::VALUE_ERROR], loaded, "load");
    Ok(())
}

fn test_load_from_and_dump_to_file<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let stream = Medium::CStringIO.output(ctx)?;
    let data = list(ctx, &[Value::Int(123), Dict::new(ctx).into(), Value::Int(124)]);
    by.module().get(ctx, "dump")?.call(ctx, (data, stream))?;
    stream.call_method(ctx, "seek", (0,))?;
    let loaded = by.module().get(ctx, "load")?.call(ctx, (stream,))?;
    assert_equal(ctx, loaded, data)
}

fn test_highest_protocol<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    assert_equal(ctx, by.module().get(ctx, "HIGHEST_PROTOCOL")?, Value::Int(2))
}

/// Arguments by position and by keyword.
fn test_callapi<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let file = Medium::CStringIO.output(ctx)?;
    let (number, highest) = (Value::Int(123), Value::Int(-1));
    let call = |function, positional: &[Value<'gc>], keywords: &[(&str, Value<'gc>)]| {
        let args = keywords
            .iter()
            .fold(Args::new(positional), |args, &(name, value)| args.keyword(ctx, name, value));
        by.module().get(ctx, function)?.call(ctx, args)
    };
    call("dump", &[number, file, highest], &[])?;
    call("dump", &[number], &[("file", file), ("protocol", highest)])?;
    call("dumps", &[number, highest], &[])?;
    call("dumps", &[number], &[("protocol", highest)])?;
    call("Pickler", &[file, highest], &[])?;
    call("Pickler", &[file], &[("protocol", highest)])?;
    Ok(())
}

fn test_incomplete_input<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let file = ctx.import_from("StringIO", "StringIO")?.call(ctx, ("X''.",))?;
    let loaded = by.module().get(ctx, "load")?.call(ctx, (file,));
    assert_raises(ctx, &[&exc::EOF_ERROR], loaded, "X''.");
    Ok(())
}

/// A text that claims more than a gigabyte and has nothing.
fn test_bad_input<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let loaded = by.module().get(ctx, "loads")?.call(ctx, ("X\0\0\0T",));
    assert_raises(ctx, &[&exc::EOF_ERROR], loaded, "X\0\0\0T");
    Ok(())
}
