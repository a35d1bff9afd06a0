//! Collections with a part that cannot be pickled, or that changes them.

use halfsour::{Context, Dict, FrozenSet, Result, Set, Value, exc};

use super::reduce::{check_custom, unpickleable};
use crate::assertions::assert_raises;
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, bytes_io, derived, dict, list, tuple};

/// How many items come before the one at fault: on both sides of where a batch ends.
const BEFORE: [i64; 4] = [0, 1, 1000, 1005];

pub(super) fn test_unpickleable_object_list_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let items = list(ctx, &[Value::Int(1), Value::Int(2), unpickleable(ctx)?]);
    check_custom(ctx, by, classes::new_of(ctx, "REX_six", &[items])?)
}

pub(super) fn test_unpickleable_object_dict_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let table = dict(ctx, &[(ctx.str("a"), unpickleable(ctx)?)])?;
    check_custom(ctx, by, classes::new_of(ctx, "REX_seven", &[table])?)
}

pub(super) fn test_unpickleable_list_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = list(ctx, &[Value::Int(2), unpickleable(ctx)?]);
    check_custom(ctx, by, list(ctx, &[Value::Int(1), inner]))?;
    for before in BEFORE {
        let mut items: Vec<_> = (0..before).map(Value::Int).collect();
        items.push(unpickleable(ctx)?);
        check_custom(ctx, by, list(ctx, &items))?;
    }
    Ok(())
}

pub(super) fn test_unpickleable_tuple_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = tuple(ctx, &[Value::Int(2), Value::Int(3), unpickleable(ctx)?]);
    check_custom(ctx, by, tuple(ctx, &[Value::Int(1), inner]))?;
    let mut items: Vec<_> = (0..10).map(Value::Int).collect();
    items.push(unpickleable(ctx)?);
    check_custom(ctx, by, tuple(ctx, &items))
}

pub(super) fn test_unpickleable_dict_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = dict(ctx, &[(ctx.str("b"), unpickleable(ctx)?)])?;
    check_custom(ctx, by, dict(ctx, &[(ctx.str("a"), inner)])?)?;
    for before in BEFORE {
        let table = Dict::new(ctx);
        for number in 0..before {
            table.insert(ctx, Value::Int(number), Value::None)?;
        }
        table.insert(ctx, ctx.str("a"), unpickleable(ctx)?)?;
        check_custom(ctx, by, table.into())?;
    }
    Ok(())
}

pub(super) fn test_unpickleable_set_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check_custom(ctx, by, Set::from_items(ctx, &[unpickleable(ctx)?])?.into())
}

pub(super) fn test_unpickleable_frozenset_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let inner = FrozenSet::from_items(ctx, &[unpickleable(ctx)?])?;
    check_custom(ctx, by, FrozenSet::from_items(ctx, &[inner.into()])?.into())
}

/// A `__getattr__` that never ends is called at protocols 0 and 1 only.
pub(super) fn test_bad_getattr<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let original = classes::new(ctx, "BadGetattr")?;
    for protocol in PROTOCOLS {
        let dumped = by.dumps(ctx, original, protocol);
        if protocol < 2 {
            assert_raises(ctx, &[&exc::RUNTIME_ERROR], dumped, protocol);
        } else {
            dumped?;
        }
    }
    Ok(())
}

/// A `persistent_id` that empties the collection that is being dumped may end in RuntimeError, and in nothing else.
pub(super) fn test_evil_pickler_mutating_collection<'gc>(
    ctx: Context<'gc>,
    _: &Implementation,
) -> Result<'gc, ()> {
    let clearer = || classes::new(ctx, "Clearer");
    for protocol in PROTOCOLS {
        let one = Value::Int(1);
        let collections = [
            list(ctx, &[clearer()?]),
            list(ctx, &[clearer()?, clearer()?]),
            Set::from_items(ctx, &[clearer()?])?.into(),
            Set::from_items(ctx, &[clearer()?, clearer()?])?.into(),
            dict(ctx, &[(clearer()?, one)])?,
            dict(ctx, &[(clearer()?, one), (clearer()?, Value::Int(2))])?,
            dict(ctx, &[(one, clearer()?), (Value::Int(2), clearer()?)])?,
        ];
        for collection in collections {
            let class = derived(ctx, "Pickler")?.attr("collection", collection).method(
                "persistent_id",
                |ctx, this, args| {
                    let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
                    if object.is_instance(ctx, classes::class(ctx, "Clearer")?)? {
                        this.get_attr(ctx, "collection")?.call_method(ctx, "clear", ())?;
                    }
                    Ok(Value::None)
                },
            );
            let class = Value::from(class.build()?);
            let pickler = class.call(ctx, (bytes_io(ctx, b"")?, protocol))?;
            if let Err(error) = pickler.call_method(ctx, "dump", (collection,)) {
                assert!(error.is(ctx, &exc::RUNTIME_ERROR), "{error:?}");
                let message = error.message(ctx);
                assert!(message.contains("changed size during iteration"), "{message}");
            }
        }
    }
    Ok(())
}
