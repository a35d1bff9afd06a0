//! What `__reduce_ex__` must not return.

#![allow(non_snake_case, reason = "the tests have CPython's names")]

use halfsour::pickle::PICKLING_ERROR;
use halfsour::{Class, Context, ExceptionType, Result, Value, exc};

use crate::assertions::assert_raises;
use crate::classes::{self, assert_custom_error};
use crate::implementation::Implementation;
use crate::objects::{PROTOCOLS, builtin, dict, list, tuple};

type Errors = [&'static ExceptionType];

/// `REX(tuple(parts))`
fn rex<'gc>(ctx: Context<'gc>, parts: &[Value<'gc>]) -> Result<'gc> {
    classes::new_of(ctx, "REX", &[tuple(ctx, parts)])
}

/// Dumping raises one of these exceptions, from a protocol on.
fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    object: Value<'gc>,
    from: i32,
    errors: &Errors,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS.into_iter().filter(|&protocol| protocol >= from) {
        assert_raises(ctx, errors, by.dumps(ctx, object, protocol), protocol);
    }
    Ok(())
}

/// Dumping raises `CustomError`.
pub(super) fn check_custom<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    object: Value<'gc>,
) -> Result<'gc, ()> {
    for protocol in PROTOCOLS {
        assert_custom_error(ctx, by.dumps(ctx, object, protocol), protocol)?;
    }
    Ok(())
}

pub(super) fn unpickleable<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    classes::new(ctx, "Unpickleable")
}

/// The objects that the tests are made of.
struct Things<'gc> {
    print: Value<'gc>,
    none: Value<'gc>,
    empty: Value<'gc>,
    rex: Value<'gc>,
    newobj: Value<'gc>,
    newobj_ex: Value<'gc>,
}

fn things<'gc>(ctx: Context<'gc>) -> Result<'gc, Things<'gc>> {
    Ok(Things {
        print: builtin(ctx, "len")?,
        none: Value::None,
        empty: tuple(ctx, &[]),
        rex: classes::class(ctx, "REX")?,
        newobj: ctx.import_from("copyreg", "__newobj__")?,
        newobj_ex: ctx.import_from("copyreg", "__newobj_ex__")?,
    })
}

pub(super) fn test_bad_reduce_result<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, none, empty, .. } = things(ctx)?;
    let as_list = classes::new_of(ctx, "REX", &[list(ctx, &[print, empty])])?;
    check(ctx, by, as_list, 0, &[&PICKLING_ERROR])?;
    check(ctx, by, rex(ctx, &[print])?, 0, &[&PICKLING_ERROR])?;
    let seven = rex(ctx, &[print, empty, none, none, none, none, none])?;
    check(ctx, by, seven, 0, &[&PICKLING_ERROR])
}

pub(super) fn test_bad_reconstructor<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { empty, .. } = things(ctx)?;
    check(ctx, by, rex(ctx, &[Value::Int(42), empty])?, 0, &[&PICKLING_ERROR])
}

pub(super) fn test_unpickleable_reconstructor<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let callable = classes::new(ctx, "UnpickleableCallable")?;
    check_custom(ctx, by, rex(ctx, &[callable, tuple(ctx, &[])])?)
}

pub(super) fn test_bad_reconstructor_args<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, .. } = things(ctx)?;
    check(ctx, by, rex(ctx, &[print, list(ctx, &[])])?, 0, &[&PICKLING_ERROR])
}

pub(super) fn test_unpickleable_reconstructor_args<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, .. } = things(ctx)?;
    let args = tuple(ctx, &[Value::Int(1), Value::Int(2), unpickleable(ctx)?]);
    check_custom(ctx, by, rex(ctx, &[print, args])?)
}

pub(super) fn test_bad_newobj_args<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let Things { newobj, empty, rex: class, .. } = things(ctx)?;
    check(ctx, by, rex(ctx, &[newobj, empty])?, 2, &[&PICKLING_ERROR])?;
    check(ctx, by, rex(ctx, &[newobj, list(ctx, &[class])])?, 2, &[&PICKLING_ERROR])
}

pub(super) fn test_bad_newobj_class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj, .. } = things(ctx)?;
    let args = tuple(ctx, &[classes::new(ctx, "NoNew")?]);
    check(ctx, by, rex(ctx, &[newobj, args])?, 2, &[&PICKLING_ERROR])
}

pub(super) fn test_wrong_newobj_class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj, .. } = things(ctx)?;
    let args = tuple(ctx, &[builtin(ctx, "str")?]);
    check(ctx, by, rex(ctx, &[newobj, args])?, 2, &[&PICKLING_ERROR])
}

/// A class that is in no module, and an instance of it with a reduce value.
fn local<'gc>(ctx: Context<'gc>, reduced: impl Fn(Value<'gc>) -> Value<'gc>) -> Result<'gc> {
    let base: Class<'gc> = classes::class(ctx, "REX")?.to(ctx)?;
    let class = Class::builder(ctx, "LocalREX").module(classes::MODULE).base(base);
    let class = Value::from(class.attr("__qualname__", "test.<locals>.LocalREX").build()?);
    class.call(ctx, (reduced(class),))
}

pub(super) fn test_unpickleable_newobj_class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj, .. } = things(ctx)?;
    let object = local(ctx, |class| tuple(ctx, &[newobj, tuple(ctx, &[class])]))?;
    check(ctx, by, object, 0, &[&PICKLING_ERROR, &exc::ATTRIBUTE_ERROR])
}

pub(super) fn test_unpickleable_newobj_args<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj, rex: class, .. } = things(ctx)?;
    let args = tuple(ctx, &[class, Value::Int(1), unpickleable(ctx)?]);
    check_custom(ctx, by, rex(ctx, &[newobj, args])?)
}

pub(super) fn test_bad_newobj_ex_args<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj_ex, empty, rex: class, .. } = things(ctx)?;
    let no_keywords = dict(ctx, &[])?;
    check(ctx, by, rex(ctx, &[newobj_ex, empty])?, 2, &[&PICKLING_ERROR])?;
    check(ctx, by, rex(ctx, &[newobj_ex, Value::Int(42)])?, 2, &[&PICKLING_ERROR])?;
    for args in [[class, Value::Int(42), no_keywords], [class, empty, list(ctx, &[])]] {
        let object = rex(ctx, &[newobj_ex, tuple(ctx, &args)])?;
        check(ctx, by, object, 2, &[&PICKLING_ERROR, &exc::TYPE_ERROR])?;
    }
    Ok(())
}

pub(super) fn test_bad_newobj_ex__class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj_ex, empty, .. } = things(ctx)?;
    let args = tuple(ctx, &[classes::new(ctx, "NoNew")?, empty, dict(ctx, &[])?]);
    check(ctx, by, rex(ctx, &[newobj_ex, args])?, 2, &[&PICKLING_ERROR])
}

pub(super) fn test_unpickleable_newobj_ex_class<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj_ex, empty, .. } = things(ctx)?;
    let keywords = dict(ctx, &[])?;
    let reduced = |class| tuple(ctx, &[newobj_ex, tuple(ctx, &[class, empty, keywords])]);
    check(ctx, by, local(ctx, reduced)?, 0, &[&PICKLING_ERROR, &exc::ATTRIBUTE_ERROR])
}

pub(super) fn test_unpickleable_newobj_ex_args<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj_ex, rex: class, .. } = things(ctx)?;
    let args = tuple(ctx, &[Value::Int(1), unpickleable(ctx)?]);
    let args = tuple(ctx, &[class, args, dict(ctx, &[])?]);
    check_custom(ctx, by, rex(ctx, &[newobj_ex, args])?)
}

pub(super) fn test_unpickleable_newobj_ex_kwargs<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { newobj_ex, empty, rex: class, .. } = things(ctx)?;
    let keywords = dict(ctx, &[(ctx.str("a"), unpickleable(ctx)?)])?;
    check_custom(ctx, by, rex(ctx, &[newobj_ex, tuple(ctx, &[class, empty, keywords])])?)
}

pub(super) fn test_unpickleable_state<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    check_custom(ctx, by, classes::new_of(ctx, "REX_state", &[unpickleable(ctx)?])?)
}

pub(super) fn test_bad_state_setter<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, empty, none, .. } = things(ctx)?;
    let object = rex(ctx, &[print, empty, ctx.str("state"), none, none, Value::Int(42)])?;
    check(ctx, by, object, 0, &[&PICKLING_ERROR])
}

pub(super) fn test_unpickleable_state_setter<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, empty, none, .. } = things(ctx)?;
    let setter = classes::new(ctx, "UnpickleableCallable")?;
    check_custom(ctx, by, rex(ctx, &[print, empty, ctx.str("state"), none, none, setter])?)
}

pub(super) fn test_unpickleable_state_with_state_setter<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { print, empty, none, .. } = things(ctx)?;
    check_custom(ctx, by, rex(ctx, &[print, empty, unpickleable(ctx)?, none, none, print])?)
}

/// Neither a number nor a list is an iterator.
pub(super) fn test_bad_object_list_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { empty, none, .. } = things(ctx)?;
    for items in [Value::Int(42), list(ctx, &[])] {
        let object = rex(ctx, &[builtin(ctx, "list")?, empty, none, items])?;
        check(ctx, by, object, 0, &[&exc::TYPE_ERROR, &PICKLING_ERROR])?;
    }
    Ok(())
}

pub(super) fn test_bad_object_dict_items<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
) -> Result<'gc, ()> {
    let Things { empty, none, .. } = things(ctx)?;
    for items in [Value::Int(42), list(ctx, &[])] {
        let object = rex(ctx, &[builtin(ctx, "dict")?, empty, none, none, items])?;
        check(ctx, by, object, 0, &[&exc::TYPE_ERROR, &PICKLING_ERROR])?;
    }
    for protocol in PROTOCOLS {
        let lone = list(ctx, &[tuple(ctx, &[ctx.str("a")])]);
        let items = lone.iter(ctx)?.into_object(ctx);
        let object = rex(ctx, &[builtin(ctx, "dict")?, empty, none, none, items])?;
        let dumped = by.dumps(ctx, object, protocol);
        assert_raises(ctx, &[&exc::VALUE_ERROR, &exc::TYPE_ERROR], dumped, protocol);
    }
    Ok(())
}

pub(super) fn test_reduce_ex_None<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, classes::new(ctx, "REX_None")?, 0, &[&exc::TYPE_ERROR])
}

pub(super) fn test_reduce_None<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, classes::new(ctx, "R_None")?, 0, &[&exc::TYPE_ERROR])
}
