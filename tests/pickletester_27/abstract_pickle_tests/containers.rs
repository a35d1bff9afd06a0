//! Objects of several kinds together, many of them, and large ones.

use halfsour::{Bytes, Context, Dict, Result, Value};

use super::round_trip;
use crate::assertions::{assert_equal, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, create_data, length, list, tuple};

pub(super) fn test_misc<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let number = classes::new_of(ctx, "myint", &[Value::Int(4)])?;
    let nested = tuple(ctx, &[Value::Int(1), tuple(ctx, &[])]);
    let instance = classes::new_of(ctx, "initarg", &[Value::Int(1), nested])?;
    for protocol in PROTOCOLS {
        for object in [number, nested, instance] {
            assert_equal(ctx, object, round_trip(ctx, by, object, protocol)?)?;
        }
    }
    Ok(())
}

pub(super) fn test_roundtrip_equality<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let expected = create_data(ctx)?;
    for protocol in PROTOCOLS {
        assert_equal(ctx, expected, round_trip(ctx, by, expected, protocol)?)?;
    }
    Ok(())
}

pub(super) fn test_many_puts_and_gets<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let large = Dict::new(ctx);
    for number in 0..100 {
        let numbers = list(ctx, &[Value::Int(4), Value::Int(5), Value::Int(6)]);
        large.insert(ctx, ctx.str(&format!("aaa{number}")), numbers)?;
    }
    let copies = [(); 3].map(|()| large.shallow_copy(ctx).into());
    let object = list(ctx, &copies);
    for protocol in PROTOCOLS {
        assert_equal(ctx, round_trip(ctx, by, object, protocol)?, object)?;
    }
    Ok(())
}

pub(super) fn test_attribute_name_interning<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let original = classes::new(ctx, "C")?;
        original.set_attr(ctx, "foo", 42)?;
        original.set_attr(ctx, "bar", "hello")?;
        let loaded = round_trip(ctx, by, original, protocol)?;
        let (expected, names) = (names(ctx, original)?, names(ctx, loaded)?);
        assert_eq!((expected.len(), names.len()), (2, 2));
        for (expected, name) in expected.into_iter().zip(names) {
            assert_is(ctx, expected, name);
        }
    }
    Ok(())
}

/// `sorted(object.__dict__)`
fn names<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let names = builtin(ctx, "sorted")?.call(ctx, (object.get_attr(ctx, "__dict__")?,))?;
    names.to(ctx)
}

pub(super) fn test_large_pickles<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let text = Bytes::new(ctx, "xy".repeat(30 * 1024).as_bytes()).into();
    let data = tuple(ctx, &[Value::Int(1), builtin(ctx, "min")?, text, builtin(ctx, "len")?]);
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, data, protocol)?;
        assert_eq!(length(ctx, loaded)?, 4);
        assert_equal(ctx, loaded, data)?;
    }
    Ok(())
}
