//! The classes and functions that the corpora's pickles name, defined as a program that embeds the runtime would: the
//! module `golden_classes`, whose Python original is `tests/data/live/golden_classes.py`.

mod by_name;
mod classic;
mod exceptions;
mod plain;
mod python3;
mod reduce;
mod special;
mod subclasses;
mod zone;

use halfsour_runtime::{Args, Context, Dialect, FromArgs, Module, Result, Value};

use crate::library;

/// Defines everything that a pickle of the corpora may name, beyond what the runtime has.
///
/// # Errors
/// Whatever defining a class or module raises.
pub fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    library::install(ctx)?;
    let module = ctx.new_module(MODULE)?;
    classic::define(ctx, module)?;
    plain::define(ctx, module)?;
    special::define(ctx, module)?;
    subclasses::define(ctx, module)?;
    reduce::define(ctx, module)?;
    by_name::define(ctx, module)?;
    exceptions::define(ctx, module)?;
    zone::define(ctx, module)?;
    match ctx.dialect() {
        Dialect::Python2 => Ok(()),
        _ => python3::define(ctx, module),
    }
}

/// The module's name.
const MODULE: &str = "golden_classes";

/// Arguments with the receiver as the first, which is how Python counts them in its messages.
pub(crate) fn with_self<'gc, T: FromArgs<'gc>>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: Args<'gc>,
    function: &str,
) -> Result<'gc, T> {
    args.prepend(this).parse(ctx, function)
}

/// Calls a built-in function.
pub(crate) fn builtin<'gc>(ctx: Context<'gc>, name: &str, argument: Value<'gc>) -> Result<'gc> {
    ctx.import_from(ctx.dialect().builtins_module(), name)?.call(ctx, (argument,))
}

/// A global of the module `golden_classes`, as it is when a method runs.
pub(crate) fn global<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    ctx.import_from(MODULE, name)
}

/// Sets two attributes in the order in which an `__init__` does; 2.7 keeps them in the order of their hashes, which for
/// `x` and `y` is the other one.
pub(crate) fn set_both<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    first: (&str, Value<'gc>),
    second: (&str, Value<'gc>),
) -> Result<'gc, ()> {
    for (name, value) in ctx.dialect().pick([second, first], [first, second]) {
        this.set_attr(ctx, name, value)?;
    }
    Ok(())
}

/// Defines a class of the form `class Name(base): pass`.
pub(crate) fn derive<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    name: &str,
    base: impl Into<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = halfsour_runtime::Class::builder(ctx, name).module(MODULE).base(base).build()?;
    module.class_named(ctx, class)
}
