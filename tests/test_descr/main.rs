//! CPython 2.7's `test_descr.py`: the tests that pickle or copy. The others are the runtime's.

#[path = "../../runtime/tests/common/mod.rs"]
mod common;

use halfsour::pickle::{Flavour, Pickler, Unpickler};
use halfsour::{Context, Result, Runtime, Value};

#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod ClassPropertiesAndMethods;
#[allow(non_snake_case, reason = "named like the class in CPython's suite")]
mod PicklingTests;

/// Runs a test in a runtime of Python 2.7 with all modules.
#[track_caller]
fn python(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    if let Err(error) = Runtime::python2().try_enter(test) {
        panic!("the test raised {error}");
    }
}

/// The modules `pickle` and `cPickle`.
const MODULES: [Flavour; 2] = [Flavour::Pickle, Flavour::CPickle];

fn dumps<'gc>(
    ctx: Context<'gc>,
    module: Flavour,
    object: Value<'gc>,
    protocol: i32,
) -> Result<'gc, Vec<u8>> {
    Pickler::new().flavour(module).protocol(protocol).dumps(ctx, object)
}

/// `loads(dumps(object, protocol))`.
fn bounce<'gc>(
    ctx: Context<'gc>,
    module: Flavour,
    object: Value<'gc>,
    protocol: i32,
) -> Result<'gc> {
    let bytes = dumps(ctx, module, object, protocol)?;
    Unpickler::new().flavour(module).loads(ctx, &bytes)
}

fn shallow_copy<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    ctx.import_from("copy", "copy")?.call(ctx, (object,))
}

fn deep_copy<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    ctx.import_from("copy", "deepcopy")?.call(ctx, (object,))
}
