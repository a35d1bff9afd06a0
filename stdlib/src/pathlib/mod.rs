//! `pathlib`: paths as text, of either system. Nothing here looks at a file.

mod class;
mod flavour;

use halfsour_runtime::{Context, Module, Result};

/// Where 3.13 says that its classes are.
const MODULE: &str = "pathlib._local";
const NAMES: [&str; 6] =
    ["PurePath", "PurePosixPath", "PureWindowsPath", "Path", "PosixPath", "WindowsPath"];

/// Fills `pathlib`, which older Pythons' pickles name, with the classes of `pathlib._local`.
pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    // A part of a package is found once the package is.
    ctx.modules().insert_name(ctx, ctx.intern("pathlib"), module.into())?;
    for name in NAMES {
        module.set(ctx, name, ctx.import_from(MODULE, name)?)?;
    }
    Ok(())
}

pub(crate) fn fill_local<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    for class in class::classes(ctx)? {
        module.class_named(ctx, class)?;
    }
    Ok(())
}
