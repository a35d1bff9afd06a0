//! Cycles through subclasses of built-in types, and through an instance and what it is in.

use halfsour::{Context, Result, Value};

use super::recursive::{check_holds_itself, check_key_holds_it};
use super::round_trip;
use crate::assertions::{assert_instance, assert_is};
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, length, list};

pub(super) fn test_recursive_list_subclass<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = classes::new(ctx, "MyList")?;
    original.call_method(ctx, "append", (original,))?;
    let loaded = round_trip(ctx, by, original, 2)?;
    assert_instance(ctx, loaded, classes::class(ctx, "MyList")?)?;
    assert_eq!(length(ctx, loaded)?, 1);
    assert_is(ctx, loaded.get_item(ctx, 0)?, loaded);
    Ok(())
}

pub(super) fn test_recursive_dict_subclass<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = classes::new(ctx, "MyDict")?;
    original.set_item(ctx, 1, original)?;
    let loaded = round_trip(ctx, by, original, 2)?;
    assert_instance(ctx, loaded, classes::class(ctx, "MyDict")?)?;
    check_holds_itself(ctx, loaded)
}

pub(super) fn test_recursive_dict_subclass_key<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let original = classes::new(ctx, "MyDict")?;
    original.set_item(ctx, classes::new_of(ctx, "K", &[original])?, 1)?;
    let loaded = round_trip(ctx, by, original, 2)?;
    assert_instance(ctx, loaded, classes::class(ctx, "MyDict")?)?;
    check_key_holds_it(ctx, loaded)
}

/// A collection of one instance, whose attribute is the collection.
fn check_with_instance<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    factory: Value<'gc>,
) -> Result<'gc, ()> {
    let instance = classes::new(ctx, "H")?;
    let original = factory.call(ctx, (list(ctx, &[instance]),))?;
    instance.set_attr(ctx, "attr", original)?;
    for protocol in PROTOCOLS {
        let loaded = round_trip(ctx, by, original, protocol)?;
        assert_instance(ctx, loaded, original.type_of(ctx))?;
        assert_eq!(length(ctx, loaded)?, 1);
        let instance = loaded.iter(ctx)?.collect_vec(ctx)?[0];
        assert_instance(ctx, instance, classes::class(ctx, "H")?)?;
        assert_is(ctx, instance.get_attr(ctx, "attr")?, loaded);
    }
    Ok(())
}

/// `class.fromkeys`
fn from_keys<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    class.get_attr(ctx, "fromkeys")
}

macro_rules! with_instance {
    ($($test:ident: $factory:expr;)*) => {
        $(pub(super) fn $test<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
            let factory: fn(Context<'gc>) -> Result<'gc> = $factory;
            check_with_instance(ctx, by, factory(ctx)?)
        })*
    };
}

with_instance! {
    test_recursive_list_and_inst: |ctx| Ok(ctx.types().list.into());
    test_recursive_tuple_and_inst: |ctx| Ok(ctx.types().tuple.into());
    test_recursive_dict_and_inst: |ctx| from_keys(ctx, ctx.types().dict.into());
    test_recursive_set_and_inst: |ctx| Ok(ctx.types().set.into());
    test_recursive_frozenset_and_inst: |ctx| Ok(ctx.types().frozenset.into());
    test_recursive_list_subclass_and_inst: |ctx| classes::class(ctx, "MyList");
    test_recursive_tuple_subclass_and_inst: |ctx| classes::class(ctx, "MyTuple");
    test_recursive_dict_subclass_and_inst: |ctx| from_keys(ctx, classes::class(ctx, "MyDict")?);
}
