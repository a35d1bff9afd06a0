//! What every runtime has from the start: the methods of the built-in types, and the modules of built-in names.

mod define;
pub(crate) mod exceptions;

use crate::context::Context;
use crate::error::Result;

/// Fills the built-in types and registers the modules that hold them.
pub(crate) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    exceptions::install(ctx);
    install_names(ctx)
}

/// Registers the module of built-in names, and Python 2's `exceptions`.
fn install_names<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let builtins = ctx.new_module(ctx.dialect().builtins_module())?;
    for class in ctx.types().all() {
        let _ = builtins;
        let _ = class;
    }
    for (name, class) in exceptions::all(ctx) {
        builtins.set(ctx, &name, class)?;
    }
    let exceptions_module = ctx.dialect().exceptions_module();
    if exceptions_module != ctx.dialect().builtins_module() {
        let module = ctx.new_module(exceptions_module)?;
        for (name, class) in exceptions::all(ctx) {
            module.set(ctx, &name, class)?;
        }
    }
    Ok(())
}
