//! `assertEqual` and its like.

use halfsour::{Context, ExceptionType, Result, Value};

#[track_caller]
pub(crate) fn assert_equal<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, ()> {
    assert!(a.equals(ctx, b)?, "{} != {}", shown(ctx, a), shown(ctx, b));
    Ok(())
}

#[track_caller]
pub(crate) fn assert_is<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) {
    assert!(a.is(b), "{} is not {}", shown(ctx, a), shown(ctx, b));
}

#[track_caller]
pub(crate) fn assert_instance<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    class: impl Into<Value<'gc>>,
) -> Result<'gc, ()> {
    assert!(object.is_instance(ctx, class)?, "{} is another type's", shown(ctx, object));
    Ok(())
}

/// Checks that two objects have equal attributes of a name.
#[track_caller]
pub(crate) fn assert_same_attr<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    name: &str,
) -> Result<'gc, ()> {
    assert_equal(ctx, a.get_attr(ctx, name)?, b.get_attr(ctx, name)?)
}

/// Checks that something raised one of some exceptions.
#[track_caller]
pub(crate) fn assert_raises<'gc, T>(
    ctx: Context<'gc>,
    classes: &[&'static ExceptionType],
    result: Result<'gc, T>,
    what: impl std::fmt::Debug,
) {
    let expected: Vec<_> = classes.iter().map(|class| class.name()).collect();
    match result {
        Ok(_) => panic!("{what:?} raised none of {expected:?}"),
        Err(error) => {
            let caught = classes.iter().any(|class| error.is(ctx, class));
            assert!(caught, "{what:?} raised {error:?}, none of {expected:?}");
        }
    }
}

fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    value.repr(ctx).and_then(|text| text.to(ctx)).unwrap_or_else(|error| format!("{error:?}"))
}
