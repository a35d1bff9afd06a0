//! Lists, tuples, dicts and classic instances that contain themselves.

use halfsour::{Context, Dict, List, Result, Value};

use super::round_trip;
use crate::assertions::{assert_equal, assert_instance, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, length, list, tuple};

pub(super) fn test_recursive_list<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = List::new(ctx);
    original.push(ctx, original.into());
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original.into(), protocol)?;
        assert_instance(ctx, loaded, ctx.types().list)?;
        assert_eq!(length(ctx, loaded)?, 1);
        assert_is(ctx, loaded.get_item(ctx, 0)?, loaded);
    }
    Ok(())
}

pub(super) fn test_recursive_tuple_and_list<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = List::new(ctx);
    let original = tuple(ctx, &[inner.into()]);
    inner.push(ctx, original);
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_instance(ctx, loaded, ctx.types().tuple)?;
        assert_eq!(length(ctx, loaded)?, 1);
        let inner = loaded.get_item(ctx, 0)?;
        assert_instance(ctx, inner, ctx.types().list)?;
        assert_eq!(length(ctx, inner)?, 1);
        assert_is(ctx, inner.get_item(ctx, 0)?, loaded);
    }
    Ok(())
}

pub(super) fn test_recursive_dict<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = Dict::new(ctx);
    original.insert(ctx, Value::Int(1), original.into())?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original.into(), protocol)?;
        assert_instance(ctx, loaded, ctx.types().dict)?;
        check_holds_itself(ctx, loaded)?;
    }
    Ok(())
}

/// A dict is `{1: itself}`.
pub(super) fn check_holds_itself<'gc>(ctx: Context<'gc>, dict: Value<'gc>) -> Result<'gc, ()> {
    assert_equal(ctx, dict.call_method(ctx, "keys", ())?, list(ctx, &[Value::Int(1)]))?;
    assert_is(ctx, dict.get_item(ctx, 1)?, dict);
    Ok(())
}

pub(super) fn test_recursive_dict_key<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = Dict::new(ctx);
    let key = classes::new_of(ctx, "K", &[original.into()])?;
    original.insert(ctx, key, Value::Int(1))?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original.into(), protocol)?;
        assert_instance(ctx, loaded, ctx.types().dict)?;
        check_key_holds_it(ctx, loaded)?;
    }
    Ok(())
}

/// A dict has one key, a `K` whose value is the dict.
pub(super) fn check_key_holds_it<'gc>(ctx: Context<'gc>, dict: Value<'gc>) -> Result<'gc, ()> {
    let keys: Vec<Value<'_>> = dict.call_method(ctx, "keys", ())?.to(ctx)?;
    assert_eq!(keys.len(), 1);
    assert_instance(ctx, keys[0], classes::class(ctx, "K")?)?;
    assert_is(ctx, keys[0].get_attr(ctx, "value")?, dict);
    Ok(())
}

pub(super) fn test_recursive_inst<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = classes::new(ctx, "C")?;
    original.set_attr(ctx, "attr", original)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_instance(ctx, loaded, classes::class(ctx, "C")?)?;
        assert_equal(ctx, dir(ctx, loaded)?, dir(ctx, original)?)?;
        assert_is(ctx, loaded.get_attr(ctx, "attr")?, loaded);
    }
    Ok(())
}

/// `dir(object)`
fn dir<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    builtin(ctx, "dir")?.call(ctx, (object,))
}

/// From a list to an instance to a dict to the list.
pub(super) fn test_recursive_multi<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = List::new(ctx);
    let attributes = Dict::new(ctx);
    attributes.insert(ctx, Value::Int(1), original.into())?;
    let instance = classes::new(ctx, "C")?;
    instance.set_attr(ctx, "attr", attributes)?;
    original.push(ctx, instance);
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original.into(), protocol)?;
        assert_instance(ctx, loaded, ctx.types().list)?;
        assert_eq!(length(ctx, loaded)?, 1);
        let inner = loaded.get_item(ctx, 0)?;
        assert_equal(ctx, dir(ctx, inner)?, dir(ctx, instance)?)?;
        let attributes = inner.get_attr(ctx, "attr")?;
        let keys = attributes.call_method(ctx, "keys", ())?;
        assert_equal(ctx, keys, list(ctx, &[Value::Int(1)]))?;
        assert_is(ctx, attributes.get_item(ctx, 1)?, loaded);
    }
    Ok(())
}

/// Without a memo, and deeper than where cPickle begins to look for cycles.
pub(crate) fn test_nonrecursive_deep<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let nested = (0..60).fold(list(ctx, &[]), |inner, _| list(ctx, &[inner]));
    assert_equal(ctx, nested, by.loads(ctx, &by.dumps(ctx, nested, 0)?)?)
}
