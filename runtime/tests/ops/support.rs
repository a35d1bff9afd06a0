//! What the tests of this folder share.

pub(crate) use halfsour_runtime::{
    Bytes, Class, ClassicClass, Complex, Context, Dict, FrozenSet, Instance, IntoValue, List, Long,
    Result, Runtime, Set, Tuple, Uncaught, Unicode, Value, exc,
};

/// Runs a test in a Python 2 runtime.
#[track_caller]
pub(crate) fn in_python2(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let done: std::result::Result<(), Uncaught> = Runtime::python2().try_enter(test);
    done.unwrap();
}

/// Runs a test in a Python 3 runtime.
#[track_caller]
pub(crate) fn in_python3(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let done: std::result::Result<(), Uncaught> = Runtime::python3().try_enter(test);
    done.unwrap();
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
}

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

pub(crate) fn set<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Result<'gc> {
    Ok(Set::from_items(ctx, items)?.into())
}

pub(crate) fn frozenset<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Result<'gc> {
    Ok(FrozenSet::from_items(ctx, items)?.into())
}

pub(crate) fn dict<'gc>(ctx: Context<'gc>, entries: &[(Value<'gc>, Value<'gc>)]) -> Result<'gc> {
    let dict = Dict::new(ctx);
    for &(key, value) in entries {
        dict.insert(ctx, key, value)?;
    }
    Ok(dict.into())
}

pub(crate) fn unicode<'gc>(ctx: Context<'gc>, text: &str) -> Value<'gc> {
    Unicode::new(ctx, text).into()
}

pub(crate) fn long<'gc>(ctx: Context<'gc>, number: i64) -> Value<'gc> {
    Long::new(ctx, number).into()
}

pub(crate) fn complex<'gc>(ctx: Context<'gc>, real: f64, imaginary: f64) -> Value<'gc> {
    Complex::new(ctx, real, imaginary).into()
}

/// Checks the class and text of an exception.
#[track_caller]
pub(crate) fn check_error<'gc, T>(ctx: Context<'gc>, result: Result<'gc, T>, expected: &str) {
    let Err(error) = result else { panic!("no exception, but {expected}") };
    assert_eq!(error.into_uncaught(ctx).to_string(), expected);
}
