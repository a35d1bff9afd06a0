//! A runtime with the modules, and short names for what tests do with them.

use halfsour_runtime::{Context, IntoArgs, Result, Runtime, Value};

/// Runs a test inside of a runtime that has `copy_reg`, `copy`, `pickle` and `cPickle`.
#[track_caller]
pub(crate) fn python2(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python2(), test);
}

/// Runs a test inside of a runtime that has `copyreg`, `copy`, `pickle` and `_pickle`.
#[track_caller]
pub(crate) fn python3(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    run(Runtime::python3(), test);
}

#[track_caller]
fn run(mut runtime: Runtime, test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let outcome = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        halfsour_copyreg::copy::install(ctx)?;
        halfsour_pickle::install(ctx)?;
        test(ctx)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// A file in memory with some content, to be read from its beginning.
pub(crate) fn file<'gc>(ctx: Context<'gc>, content: &[u8]) -> Result<'gc> {
    let content = halfsour_runtime::Bytes::new(ctx, content);
    ctx.import("StringIO")?.call_method(ctx, "StringIO", (Value::from(content),))
}

/// What a file in memory holds.
pub(crate) fn written<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, Vec<u8>> {
    Ok(bytes(file.call_method(ctx, "getvalue", ())?))
}

/// The bytes of a string.
#[track_caller]
pub(crate) fn bytes(string: Value<'_>) -> Vec<u8> {
    string.as_bytes().expect("it is a string").as_slice().to_vec()
}

/// Calls what a module has under a name.
pub(crate) fn call<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    args: impl IntoArgs<'gc>,
) -> Result<'gc> {
    ctx.import(module)?.get_attr(ctx, name)?.call(ctx, args)
}

/// `repr`, or the class and message of the exception.
pub(crate) fn outcome<'gc>(ctx: Context<'gc>, result: Result<'gc>) -> String {
    let shown = result.and_then(|value| value.repr(ctx)?.to::<String>(ctx));
    shown.unwrap_or_else(|error| {
        let class = error.class(ctx);
        let name: String =
            class.get_attr(ctx, "__name__").and_then(|it| it.to(ctx)).expect("a class has it");
        let module: String =
            class.get_attr(ctx, "__module__").and_then(|it| it.to(ctx)).expect("a class has it");
        format!("{module}.{name}: {}", error.message(ctx))
    })
}
