//! What the tests under the names of CPython's suites share: short ways to classes, objects and assertions.

#![allow(dead_code, reason = "each test binary uses its part")]

use halfsour_runtime::{
    Args, Class, ClassBuilder, ClassicClass, ClassicClassBuilder, Context, Error, ExceptionType,
    Function, IntoValue, List, Result, Runtime, Tuple, Value,
};

/// Runs a test in a runtime of Python 2.7.
#[track_caller]
pub(crate) fn python(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    enter(&mut Runtime::python2(), test);
}

/// Runs a part of a test in a runtime that it keeps.
#[track_caller]
pub(crate) fn enter<T>(
    runtime: &mut Runtime,
    part: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, T>,
) -> T {
    match runtime.try_enter(part) {
        Ok(result) => result,
        Err(error) => panic!("the test raised {error}"),
    }
}

/// Starts a new-style class of the module `__main__`.
pub(crate) fn class<'gc>(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).module("__main__")
}

/// Starts a classic class of the module `__main__`.
pub(crate) fn classic<'gc>(ctx: Context<'gc>, name: &str) -> ClassicClassBuilder<'gc> {
    ClassicClass::builder(ctx, name).module("__main__")
}

/// `class NAME(BASES): pass`.
pub(crate) fn plain<'gc>(ctx: Context<'gc>, name: &str, bases: &[Class<'gc>]) -> Class<'gc> {
    let builder = bases.iter().fold(class(ctx, name), |builder, base| builder.base(*base));
    builder.build().expect("the bases can be joined")
}

/// `class NAME(BASES): pass`, all of it classic.
pub(crate) fn plain_classic<'gc>(
    ctx: Context<'gc>,
    name: &str,
    bases: &[ClassicClass<'gc>],
) -> ClassicClass<'gc> {
    let builder = bases.iter().fold(classic(ctx, name), |builder, base| builder.base(*base));
    builder.build().expect("classic classes can always be joined")
}

/// `class()`.
pub(crate) fn make<'gc>(ctx: Context<'gc>, class: impl Into<Value<'gc>>) -> Result<'gc> {
    class.into().call(ctx, ())
}

/// A function that refers to a Python value, which its code gets first.
pub(crate) fn function<'gc>(
    ctx: Context<'gc>,
    name: &str,
    captured: impl IntoValue<'gc>,
    code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
) -> Value<'gc> {
    Function::capturing(ctx, name, captured, code).into()
}

/// A function that refers to no Python value.
pub(crate) fn lambda<'gc>(
    ctx: Context<'gc>,
    code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
) -> Value<'gc> {
    Function::new(ctx, "<lambda>", code).into()
}

/// A name of the module of built-in names.
pub(crate) fn builtin<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    ctx.import_from("__builtin__", name)
}

/// Calls a built-in function.
pub(crate) fn call_builtin<'gc>(ctx: Context<'gc>, name: &str, args: &[Value<'gc>]) -> Result<'gc> {
    builtin(ctx, name)?.call(ctx, args)
}

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
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

/// `weakref.ref(target)`.
pub(crate) fn weak<'gc>(ctx: Context<'gc>, target: impl Into<Value<'gc>>) -> Result<'gc> {
    ctx.import_from("weakref", "ref")?.call(ctx, (target.into(),))
}

/// `hasattr(object, name)`.
pub(crate) fn has_attr<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    name: &str,
) -> Result<'gc, bool> {
    Ok(object.into().find_attr(ctx, name)?.is_some())
}

/// `type(name, bases, {})`.
pub(crate) fn new_type<'gc>(ctx: Context<'gc>, name: &str, bases: &[Value<'gc>]) -> Result<'gc> {
    let dict = halfsour_runtime::Dict::new(ctx);
    Value::from(ctx.types().type_).call(ctx, (name, tuple(ctx, bases), dict))
}

pub(crate) fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    value.repr(ctx)?.to(ctx)
}

/// Checks that an object equals a Rust value made into one.
#[track_caller]
pub(crate) fn assert_equal<'gc>(
    ctx: Context<'gc>,
    a: impl IntoValue<'gc>,
    b: impl IntoValue<'gc>,
) -> Result<'gc, ()> {
    let (a, b) = (a.into_value(ctx), b.into_value(ctx));
    assert!(a.equals(ctx, b)?, "{} != {}", shown(ctx, a)?, shown(ctx, b)?);
    Ok(())
}

#[track_caller]
pub(crate) fn assert_not_equal<'gc>(
    ctx: Context<'gc>,
    a: impl IntoValue<'gc>,
    b: impl IntoValue<'gc>,
) -> Result<'gc, ()> {
    let (a, b) = (a.into_value(ctx), b.into_value(ctx));
    assert!(!a.equals(ctx, b)?, "{} == {}", shown(ctx, a)?, shown(ctx, b)?);
    Ok(())
}

/// Checks what an attribute is equal to.
#[track_caller]
pub(crate) fn assert_attr<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    name: &str,
    expected: impl IntoValue<'gc>,
) -> Result<'gc, ()> {
    assert_equal(ctx, object.into().get_attr(ctx, name)?, expected)
}

/// Checks what a method without arguments gives.
#[track_caller]
pub(crate) fn assert_call<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    method: &str,
    expected: impl IntoValue<'gc>,
) -> Result<'gc, ()> {
    assert_equal(ctx, object.into().call_method(ctx, method, ())?, expected)
}

#[track_caller]
pub(crate) fn assert_is<'gc>(a: impl Into<Value<'gc>>, b: impl Into<Value<'gc>>) {
    let (a, b) = (a.into(), b.into());
    assert!(a.is(b), "{a:?} is not {b:?}");
}

#[track_caller]
pub(crate) fn assert_has<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    name: &str,
) -> Result<'gc, ()> {
    assert!(has_attr(ctx, object, name)?, "there is no {name}");
    Ok(())
}

#[track_caller]
pub(crate) fn assert_lacks<'gc>(
    ctx: Context<'gc>,
    object: impl Into<Value<'gc>>,
    name: &str,
) -> Result<'gc, ()> {
    assert!(!has_attr(ctx, object, name)?, "there is a {name}");
    Ok(())
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

/// Checks `__mro__` of a class.
#[track_caller]
pub(crate) fn assert_mro<'gc>(class: Class<'gc>, expected: &[Value<'gc>]) {
    let mro = class.mro();
    let same = mro.len() == expected.len()
        && mro.as_slice().iter().zip(expected).all(|(found, expected)| found.is(*expected));
    assert!(same, "{:?}", mro.as_slice());
}
