//! What the tests of `copy` share: runtimes with the modules in them, and short ways to objects and classes.

#![allow(dead_code, reason = "each test binary uses its part")]

use halfsour_copyreg::copy;
use halfsour_runtime::{
    ClassicClass, ClassicClassBuilder, Context, Error, ExceptionType, List, Result, Runtime, Tuple,
    Value,
};

/// Returns a runtime of a dialect with the modules `copy_reg` and `copy`.
pub(crate) fn installed(mut runtime: Runtime) -> Runtime {
    runtime
        .try_enter(|ctx| {
            halfsour_copyreg::install(ctx)?;
            copy::install(ctx)?;
            Ok(())
        })
        .expect("the modules install into a new runtime");
    runtime
}

/// Runs a test in a runtime of Python 2.7.
#[track_caller]
pub(crate) fn python2(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python2(), test);
}

/// Runs a test in a runtime of Python 3.
#[track_caller]
pub(crate) fn python3(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python3(), test);
}

/// Runs a test in a runtime of each.
#[track_caller]
pub(crate) fn both(test: impl for<'gc> Fn(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python2(), &test);
    run(Runtime::python3(), &test);
}

#[track_caller]
fn run(runtime: Runtime, test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    if let Err(error) = installed(runtime).try_enter(test) {
        panic!("the test raised {error}");
    }
}

/// `copy.copy(object)`, through the Python-visible module.
pub(crate) fn shallow<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) -> Result<'gc> {
    ctx.import_from("copy", "copy")?.call(ctx, (object.into(),))
}

/// `copy.deepcopy(object)`, through the Python-visible module.
pub(crate) fn deep<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) -> Result<'gc> {
    ctx.import_from("copy", "deepcopy")?.call(ctx, (object.into(),))
}

/// `copy.deepcopy(object, memo)`, through the Python-visible module.
pub(crate) fn deep_with<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    memo: impl Into<Value<'gc>>,
) -> Result<'gc> {
    ctx.import_from("copy", "deepcopy")?.call(ctx, (object.into(), memo.into()))
}

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
}

/// `[1, 2, 3]` of Rust ints.
pub(crate) fn ints<'gc>(ctx: Context<'gc>, items: &[i64]) -> Value<'gc> {
    List::from_vec(ctx, items.iter().map(|&item| Value::Int(item)).collect()).into()
}

/// The item of a list or tuple.
#[track_caller]
pub(crate) fn item<'gc>(object: Value<'gc>, index: usize) -> Value<'gc> {
    let item = match object.content() {
        Value::List(list) => list.get(index),
        Value::Tuple(tuple) => tuple.as_slice().get(index).copied(),
        other => panic!("{other:?} is no sequence"),
    };
    item.expect("the index is within the sequence")
}

#[track_caller]
pub(crate) fn assert_equal<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, ()> {
    assert!(a.equals(ctx, b)?, "{} != {}", shown(ctx, a)?, shown(ctx, b)?);
    Ok(())
}

#[track_caller]
pub(crate) fn assert_not_equal<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
) -> Result<'gc, ()> {
    assert!(!a.equals(ctx, b)?, "{} == {}", shown(ctx, a)?, shown(ctx, b)?);
    Ok(())
}

pub(crate) fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    value.repr(ctx)?.to(ctx)
}

#[track_caller]
pub(crate) fn assert_is<'gc>(a: Value<'gc>, b: Value<'gc>) {
    assert!(a.is(b), "{a:?} is not {b:?}");
}

#[track_caller]
pub(crate) fn assert_is_not<'gc>(a: Value<'gc>, b: Value<'gc>) {
    assert!(!a.is(b), "both are {a:?}");
}

/// Checks that something raised an exception of a class, and returns the message.
#[track_caller]
pub(crate) fn assert_raises<'gc, T: std::fmt::Debug>(
    ctx: Context<'gc>,
    class: &'static ExceptionType,
    result: Result<'gc, T>,
) -> String {
    let error: Error<'gc> = match result {
        Ok(value) => panic!("no {} but {value:?}", class.name()),
        Err(error) => error,
    };
    assert!(error.is(ctx, class), "{error:?} is no {}", class.name());
    error.message(ctx)
}

/// A classic class whose `__init__` stores its argument as `foo`, and whose instances compare by it.
pub(crate) fn classic_holder<'gc>(ctx: Context<'gc>) -> ClassicClassBuilder<'gc> {
    ClassicClass::builder(ctx, "C")
        .module("__main__")
        .method("__init__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "foo", value)?;
            Ok(Value::None)
        })
        .method("__cmp__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__cmp__")?;
            let (own, others) = (this.get_attr(ctx, "foo")?, other.get_attr(ctx, "foo")?);
            Ok(Value::Int(own.compare(ctx, others)? as i64))
        })
}

/// An instance of the class of another, made by a call.
pub(crate) fn remake<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    args: &[Value<'gc>],
) -> Result<'gc> {
    object.get_attr(ctx, "__class__")?.call(ctx, args)
}

/// Both APIs give the same: what the Rust one returns for an object.
pub(crate) fn rust_deep<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) -> Result<'gc> {
    copy::deepcopy(ctx, object.into())
}
