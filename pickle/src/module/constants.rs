//! What the modules have besides functions and classes.

use halfsour_runtime::{Bytes, Context, Dict, ExceptionType, Module, Result, Tuple, Value};

use crate::exceptions::{PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR, cpickle};
use crate::flavour::Flavour;
use crate::opcode::Opcode;

/// The formats that the modules read, by the numbers that Python gave them before it had protocols.
const COMPATIBLE_FORMATS: [&str; 8] = ["1.0", "1.1", "1.2", "1.3", "2.0", "3.0", "4.0", "5.0"];

/// What Python 3 writes unless it is told.
const DEFAULT_PROTOCOL: u8 = 4;

/// What `__all__` names in both Pythons.
const EXPORTED: [&str; 9] = [
    "PickleError",
    "PicklingError",
    "UnpicklingError",
    "Pickler",
    "Unpickler",
    "dump",
    "dumps",
    "load",
    "loads",
];

pub(super) fn install_pickle<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    install_shared(ctx, module, Flavour::Pickle, "2.0", &COMPATIBLE_FORMATS[..5])?;
    module.set(ctx, "__version__", "$Revision: 72223 $")?;
    exceptions(ctx, module, &[&PICKLE_ERROR, &PICKLING_ERROR, &UNPICKLING_ERROR])?;
    opcodes(ctx, module, Flavour::Pickle, &EXPORTED, vec!["FALSE", "HIGHEST_PROTOCOL", "TRUE"])?;
    module.set(ctx, "classmap", Dict::new(ctx))
}

/// As [`install_pickle`], of Python 3, which has classes and functions from `_pickle`.
pub(super) fn install_python3<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    install_shared(ctx, module, Flavour::Python3, "4.0", &COMPATIBLE_FORMATS)?;
    module.set(ctx, "DEFAULT_PROTOCOL", i64::from(DEFAULT_PROTOCOL))?;
    let types = [ctx.types().bytes.into(), ctx.types().bytearray.into()];
    module.set(ctx, "bytes_types", Tuple::new(ctx, &types))?;
    let mut exported = EXPORTED.to_vec();
    exported.push("PickleBuffer");
    let constants = vec!["DEFAULT_PROTOCOL", "FALSE", "HIGHEST_PROTOCOL", "TRUE"];
    opcodes(ctx, module, Flavour::Python3, &exported, constants)
}

/// Adds the opcodes that an implementation knows, `__all__`, and the table of `copy_reg`.
fn opcodes<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    flavour: Flavour,
    exported: &[&str],
    mut constants: Vec<&'static str>,
) -> Result<'gc, ()> {
    let bytes = |bytes: &[u8]| Bytes::new(ctx, bytes);
    module.set(ctx, "TRUE", bytes(b"I01\n"))?;
    module.set(ctx, "FALSE", bytes(b"I00\n"))?;
    let highest = flavour.highest_protocol();
    for opcode in Opcode::ALL.iter().filter(|it| it.protocol() <= highest) {
        module.set(ctx, opcode.name(), bytes(&[opcode.byte()]))?;
        constants.push(opcode.name());
    }
    constants.sort_unstable();
    let exported = exported.iter().copied().chain(constants);
    let exported: Vec<Value<'gc>> = exported.map(|name| ctx.str(name)).collect();
    module.set(ctx, ctx.names().all, exported)?;
    // The very dict of `copy_reg`, in a runtime that has it.
    if let Ok(table) = ctx.import_from(ctx.dialect().copyreg_module(), "dispatch_table") {
        module.set(ctx, "dispatch_table", table)?;
    }
    Ok(())
}

pub(super) fn install_cpickle<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    install_shared(ctx, module, Flavour::CPickle, "2.0", &COMPATIBLE_FORMATS[..5])?;
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

fn install_shared<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    flavour: Flavour,
    format: &str,
    compatible: &[&str],
) -> Result<'gc, ()> {
    module.set(ctx, "HIGHEST_PROTOCOL", i64::from(flavour.highest_protocol()))?;
    module.set(ctx, "format_version", format)?;
    let compatible: Vec<Value<'gc>> = compatible.iter().map(|it| ctx.str(it)).collect();
    module.set(ctx, "compatible_formats", compatible)
}

pub(super) fn exceptions<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    types: &[&'static ExceptionType],
) -> Result<'gc, ()> {
    for &ty in types {
        module.class_named(ctx, ctx.exception_class(ty))?;
    }
    Ok(())
}
