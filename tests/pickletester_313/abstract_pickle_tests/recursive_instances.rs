//! Cycles through an instance.

use halfsour::{Context, Result, Set, Value};

use super::round_trip;
use crate::assertions::{assert_equal, assert_instance, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, dict, items, list, tuple};

/// The only item of a collection.
#[track_caller]
fn only<'gc>(ctx: Context<'gc>, collection: Value<'gc>) -> Result<'gc> {
    let found = items(ctx, collection)?;
    assert_eq!(found.len(), 1);
    Ok(found[0])
}

/// A set of a `K` that holds the set, from both sides. Older protocols cannot write it.
pub(super) fn test_recursive_set<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let set = Set::new(ctx);
    let key = classes::new_of(ctx, "K", &[set.into()])?;
    set.add(ctx, key)?;
    for protocol in [4, 5] {
        let loaded = round_trip(ctx, by, set.into(), protocol)?;
        assert_instance(ctx, loaded, ctx.types().set)?;
        assert_is(ctx, only(ctx, loaded)?.get_attr(ctx, "value")?, loaded);
        let loaded = round_trip(ctx, by, key, protocol)?;
        assert_instance(ctx, loaded, classes::class(ctx, "K")?)?;
        assert_is(ctx, only(ctx, loaded.get_attr(ctx, "value")?)?, loaded);
    }
    Ok(())
}

/// `dir(object)`
fn dir<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    builtin(ctx, "dir")?.call(ctx, (object,))
}

pub(super) fn test_recursive_inst<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = classes::new(ctx, "Object")?;
    original.set_attr(ctx, "attr", original)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_instance(ctx, loaded, classes::class(ctx, "Object")?)?;
        assert_equal(ctx, dir(ctx, loaded)?, dir(ctx, original)?)?;
        assert_is(ctx, loaded.get_attr(ctx, "attr")?, loaded);
    }
    Ok(())
}

/// From a list to an instance to a dict to the list.
pub(super) fn test_recursive_multi<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = list(ctx, &[]);
    let instance = classes::new(ctx, "Object")?;
    instance.set_attr(ctx, "attr", dict(ctx, &[(Value::Int(1), original)])?)?;
    original.call_method(ctx, "append", (instance,))?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        let inner = only(ctx, loaded)?;
        assert_equal(ctx, dir(ctx, inner)?, dir(ctx, instance)?)?;
        let attribute = inner.get_attr(ctx, "attr")?;
        assert_is(ctx, only(ctx, attribute)?, Value::Int(1));
        assert_is(ctx, attribute.get_item(ctx, 1)?, loaded);
    }
    Ok(())
}

/// An instance whose attribute is a collection of the instance, from both sides.
fn check_collection<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    factory: Value<'gc>,
) -> Result<'gc, ()> {
    let instance = classes::new(ctx, "Object")?;
    let collection = factory.call(ctx, (list(ctx, &[instance]),))?;
    instance.set_attr(ctx, "attr", collection)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, instance, protocol)?;
        let inner = loaded.get_attr(ctx, "attr")?;
        assert_instance(ctx, inner, collection.type_of(ctx))?;
        assert_is(ctx, only(ctx, inner)?, loaded);
        let loaded = round_trip(ctx, by, collection, protocol)?;
        assert_instance(ctx, loaded, collection.type_of(ctx))?;
        assert_is(ctx, only(ctx, loaded)?.get_attr(ctx, "attr")?, loaded);
    }
    Ok(())
}

macro_rules! collections {
    ($($test:ident: $module:literal $class:literal $(. $method:literal)?;)*) => {
        $(pub(super) fn $test<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
            let factory = ctx.import_from($module, $class)?;
            $(let factory = factory.get_attr(ctx, $method)?;)?
            check_collection(ctx, by, factory)
        })*
    };
}

collections! {
    test_recursive_list_and_inst: "builtins" "list";
    test_recursive_tuple_and_inst: "builtins" "tuple";
    test_recursive_dict_and_inst: "builtins" "dict"."fromkeys";
    test_recursive_set_and_inst: "builtins" "set";
    test_recursive_frozenset_and_inst: "builtins" "frozenset";
    test_recursive_list_subclass_and_inst: "pickletester_classes" "MyList";
    test_recursive_tuple_subclass_and_inst: "pickletester_classes" "MyTuple";
    test_recursive_dict_subclass_and_inst: "pickletester_classes" "MyDict"."fromkeys";
    test_recursive_set_subclass_and_inst: "pickletester_classes" "MySet";
    test_recursive_frozenset_subclass_and_inst: "pickletester_classes" "MyFrozenSet";
}

pub(super) fn test_recursive_inst_state<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = classes::new(ctx, "REX_state")?;
    original.set_attr(ctx, "state", original)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_instance(ctx, loaded, classes::class(ctx, "REX_state")?)?;
        assert_is(ctx, loaded.get_attr(ctx, "state")?, loaded);
    }
    Ok(())
}

/// A tuple of an instance whose state is the tuple, from both sides.
pub(super) fn test_recursive_tuple_and_inst_state<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = classes::new(ctx, "REX_state")?;
    let outer = tuple(ctx, &[inner]);
    inner.set_attr(ctx, "state", outer)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, outer, protocol)?;
        assert_instance(ctx, loaded, ctx.types().tuple)?;
        assert_is(ctx, only(ctx, loaded)?.get_attr(ctx, "state")?, loaded);
        let loaded = round_trip(ctx, by, inner, protocol)?;
        assert_instance(ctx, loaded, classes::class(ctx, "REX_state")?)?;
        assert_is(ctx, only(ctx, loaded.get_attr(ctx, "state")?)?, loaded);
    }
    Ok(())
}
