//! What the modules have besides functions and classes.

use halfsour_runtime::{Context, Dict, ExceptionType, Module, Result, Value};

use crate::exceptions::{PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR, cpickle};
use crate::opcode::Opcode;
use crate::pickler::HIGHEST_PROTOCOL;

/// The formats that the modules read, by the numbers that Python gave them before it had protocols.
const COMPATIBLE_FORMATS: [&str; 5] = ["1.0", "1.1", "1.2", "1.3", "2.0"];

pub(super) fn install_pickle<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    install_shared(ctx, module)?;
    module.set(ctx, "__version__", "$Revision: 72223 $")?;
    exceptions(ctx, module, &[&PICKLE_ERROR, &PICKLING_ERROR, &UNPICKLING_ERROR])?;
    let mut exported = vec!["PickleError", "PicklingError", "UnpicklingError"];
    exported.extend(["Pickler", "Unpickler", "dump", "dumps", "load", "loads"]);
    let mut constants = vec!["FALSE", "HIGHEST_PROTOCOL", "TRUE"];
    module.set(ctx, "TRUE", "I01\n")?;
    module.set(ctx, "FALSE", "I00\n")?;
    for opcode in Opcode::ALL.iter().filter(|it| i32::from(it.protocol()) <= HIGHEST_PROTOCOL) {
        let byte = halfsour_runtime::Bytes::new(ctx, &[opcode.byte()]);
        module.set(ctx, opcode.name(), byte)?;
        constants.push(opcode.name());
    }
    constants.sort_unstable();
    exported.extend(constants);
    let exported: Vec<Value<'gc>> = exported.into_iter().map(|name| ctx.str(name)).collect();
    module.set(ctx, ctx.names().all, exported)?;
    // The very dict of `copy_reg`, in a runtime that has it.
    if let Ok(table) = ctx.import_from(ctx.dialect().copyreg_module(), "dispatch_table") {
        module.set(ctx, "dispatch_table", table)?;
    }
    module.set(ctx, "classmap", Dict::new(ctx))
}

pub(super) fn install_cpickle<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    install_shared(ctx, module)?;
    module.set(ctx, "__version__", "1.71")?;
    let all = [
        &cpickle::PICKLE_ERROR,
        &cpickle::PICKLING_ERROR,
        &cpickle::UNPICKLEABLE_ERROR,
        &cpickle::UNPICKLING_ERROR,
        &cpickle::BAD_PICKLE_GET,
    ];
    exceptions(ctx, module, &all)
}

fn install_shared<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.set(ctx, "HIGHEST_PROTOCOL", i64::from(HIGHEST_PROTOCOL))?;
    module.set(ctx, "format_version", "2.0")?;
    module.set(ctx, "compatible_formats", COMPATIBLE_FORMATS.map(|it| ctx.str(it)).to_vec())
}

fn exceptions<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    types: &[&'static ExceptionType],
) -> Result<'gc, ()> {
    for &ty in types {
        module.class_named(ctx, ctx.exception_class(ty))?;
    }
    Ok(())
}
