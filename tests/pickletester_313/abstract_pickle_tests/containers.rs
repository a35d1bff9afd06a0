//! Objects of several kinds together, many of them, and large ones.

#![allow(non_snake_case, reason = "the tests have CPython's names")]

use std::cell::Cell;
use std::rc::Rc;

use halfsour::{Class, Context, Dict, Result, Set, Value, exc};

use super::{check, round_trip};
use crate::assertions::{assert_equal, assert_is, assert_raises};
use crate::classes::{self, MODULE};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, bytes, create_data, length, list, tuple};

pub(super) fn test_misc<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let number = classes::new_of(ctx, "myint", &[Value::Int(4)])?;
    let nested = tuple(ctx, &[Value::Int(1), tuple(ctx, &[])]);
    let instance = classes::new_of(ctx, "initarg", &[Value::Int(1), nested])?;
    for object in [number, nested, instance] {
        check(ctx, by, object)?;
    }
    Ok(())
}

pub(super) fn test_roundtrip_equality<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check(ctx, by, create_data(ctx)?)
}

pub(super) fn test_reduce<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, classes::new(ctx, "AAA")?, protocol)?;
        assert_equal(ctx, loaded, ctx.str("reduce_A"))?;
    }
    Ok(())
}

pub(super) fn test_getinitargs<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, classes::new_of(ctx, "initarg", &[Value::Int(1), Value::Int(2)])?)
}

pub(super) fn test_pickle_setstate_None<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let stream = by.dumps(ctx, classes::new(ctx, "C_None_setstate")?, 4)?;
    assert_raises(ctx, &[&exc::TYPE_ERROR], by.loads(ctx, &stream), "__setstate__ = None");
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
    check(ctx, by, list(ctx, &copies))
}

pub(super) fn test_attribute_name_interning<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        let original = classes::new(ctx, "C")?;
        original.set_attr(ctx, "foo", 42)?;
        original.set_attr(ctx, "bar", "hello")?;
        let names = |object: Value<'gc>| {
            let names = builtin(ctx, "sorted")?.call(ctx, (object.get_attr(ctx, "__dict__")?,))?;
            names.to::<Vec<Value<'gc>>>(ctx)
        };
        let (expected, found) =
            (names(original)?, names(round_trip(ctx, by, original, protocol)?)?);
        assert_eq!((expected.len(), found.len()), (2, 2));
        for (expected, found) in expected.into_iter().zip(found) {
            assert_is(ctx, expected, found);
        }
    }
    Ok(())
}

/// The bytes are those that Python 2.7 writes.
pub(super) fn test_pickle_to_2x<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let range = builtin(ctx, "range")?.call(ctx, (5,))?;
    let python2 = b"\x80\x02c__builtin__\nxrange\nq\x00K\x00K\x05K\x01\x87q\x01Rq\x02.";
    assert_eq!(by.dumps(ctx, range, 2)?, python2);
    let set = Set::from_items(ctx, &[Value::Int(3)])?.into();
    let python2 = b"\x80\x02c__builtin__\nset\nq\x00]q\x01K\x03a\x85q\x02Rq\x03.";
    assert_eq!(by.dumps(ctx, set, 2)?, python2);
    Ok(())
}

pub(super) fn test_large_pickles<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let text = bytes(ctx, "xy".repeat(30 * 1024));
    let data = tuple(ctx, &[Value::Int(1), builtin(ctx, "min")?, text, builtin(ctx, "len")?]);
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, data, protocol)?;
        assert_eq!(length(ctx, loaded)?, 4);
        assert_equal(ctx, loaded, data)?;
    }
    Ok(())
}

/// A `__reduce__` that empties the dict may end in RuntimeError, and in nothing else. In place of chance, it does so when
/// it is called for one of a row of times.
pub(super) fn test_evil_class_mutating_dict<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let (left, equal) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let collection = Dict::new(ctx);
    let (calls, enabled) = (left.clone(), equal.clone());
    let class = Class::builder(ctx, "Bad")
        .attr("kept", collection)
        .method("__eq__", move |_, _, _| Ok(Value::Bool(enabled.get())))
        .method("__hash__", |_, _, _| Ok(Value::Int(42)))
        .method("__reduce__", move |ctx, this, _| {
            calls.set(calls.get() - 1);
            if calls.get() == 0 {
                this.get_attr(ctx, "kept")?.call_method(ctx, "clear", ())?;
            }
            Ok(tuple(ctx, &[classes::class(ctx, "Bad")?, tuple(ctx, &[])]))
        });
    let Value::Module(module) = ctx.import(MODULE)? else { panic!("{MODULE} is no module") };
    module.class_named(ctx, class.build()?)?;
    for protocol in PROTOCOLS {
        for times in [1, 2, 3, 19, 20, 21, 39, 40] {
            equal.set(false);
            collection.clear(ctx);
            for _ in 0..20 {
                let value = classes::new(ctx, "Bad")?;
                collection.insert(ctx, classes::new(ctx, "Bad")?, value)?;
            }
            left.set(times);
            equal.set(true);
            let done = by
                .dumps(ctx, collection.into(), protocol)
                .and_then(|stream| by.loads(ctx, &stream));
            if let Err(error) = done {
                assert!(error.is(ctx, &exc::RUNTIME_ERROR), "{error:?}");
                let message = error.message(ctx);
                assert!(message.contains("changed size during iteration"), "{message}");
            }
        }
    }
    Ok(())
}
