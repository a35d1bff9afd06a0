//! The modules by name, and how they come to be when they are imported.

use halfsour_runtime::{Context, Module, Result};

use crate::support::python3;
use crate::{
    array, collections, datetime, decimal, enumeration, fractions, functools, ipaddress, pathlib,
    random, re, time, uuid,
};

/// Puts the classes of a module into it.
type Fill = for<'gc> fn(Context<'gc>, Module<'gc>) -> Result<'gc, ()>;

/// Makes the library's modules known: `import` finds them. A module of the same name that is registered already stays.
///
/// # Errors
///
/// None in practice.
pub fn install(ctx: Context<'_>) -> Result<'_, ()> {
    ctx.add_importer(|ctx, name| {
        let Some(fill) = filler(ctx, name) else { return Ok(None) };
        let module = Module::new(ctx, name)?;
        fill(ctx, module)?;
        Ok(Some(module))
    });
    Ok(())
}

/// What fills a module, if the dialect has it.
fn filler(ctx: Context<'_>, name: &str) -> Option<Fill> {
    let both: Option<Fill> = match name {
        "collections" => Some(collections::fill),
        "datetime" => Some(datetime::fill),
        "decimal" => Some(decimal::fill),
        "fractions" => Some(fractions::fill),
        "functools" => Some(functools::fill),
        "uuid" => Some(uuid::fill),
        "array" => Some(array::fill),
        "re" => Some(re::fill),
        "random" => Some(random::fill),
        "time" => Some(time::fill),
        _ => None,
    };
    let own: Option<Fill> = match (python3(ctx), name) {
        (false, "UserDict") => {
            Some(|ctx, it| collections::fill_python2_module(ctx, it, "UserDict"))
        }
        (false, "UserList") => {
            Some(|ctx, it| collections::fill_python2_module(ctx, it, "UserList"))
        }
        (false, "UserString") => {
            Some(|ctx, it| collections::fill_python2_module(ctx, it, "UserString"))
        }
        (true, "enum") => Some(enumeration::fill),
        (true, "ipaddress") => Some(ipaddress::fill),
        (true, "pathlib") => Some(pathlib::fill),
        (true, "pathlib._local") => Some(pathlib::fill_local),
        _ => None,
    };
    both.or(own)
}
