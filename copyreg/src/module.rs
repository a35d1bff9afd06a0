//! The Python module `copy_reg` (Python 3: `copyreg`).

use halfsour_runtime::{Args, Context, Dialect, Dict, Error, Module, Result, Value, exc};

use crate::{extension, newobj, reconstruct, reducers, slotnames};

/// Registers the module, so that `import` finds it; `object.__reduce_ex__` and `pickle` need it.
///
/// # Errors
///
/// None in practice: the module is made without running a program's code.
pub fn install(ctx: Context<'_>) -> Result<'_, ()> {
    let module = ctx.new_module(ctx.dialect().copyreg_module())?;
    for name in [
        reducers::DISPATCH_TABLE,
        reducers::SAFE_CONSTRUCTORS,
        extension::REGISTRY,
        extension::INVERTED,
        extension::CACHE,
    ] {
        module.set(ctx, name, Dict::new(ctx))?;
    }
    module.function(ctx, "pickle", reducers::pickle_from_python)?;
    module.function(ctx, "constructor", reducers::constructor_from_python)?;
    module.function(ctx, "_reduce_ex", reconstruct::reduce_ex)?;
    module.function(ctx, "_slotnames", slotnames::from_python)?;
    module.function(ctx, "add_extension", extension::add_from_python)?;
    module.function(ctx, "remove_extension", extension::remove_from_python)?;
    module.function(ctx, "clear_extension_cache", extension::clear_cache)?;
    install_helpers(ctx, module)?;
    install_complex(ctx, module)?;
    install_exports(ctx, module)
}

/// The functions that pickles name; they are constructors that a pickle may call.
fn install_helpers<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let mut helpers = vec![
        module.function(ctx, "_reconstructor", reconstruct::reconstructor)?,
        module.function(ctx, "__newobj__", newobj::newobj)?,
    ];
    if ctx.dialect() == Dialect::Python3 {
        helpers.push(module.function(ctx, "__newobj_ex__", newobj::newobj_ex)?);
    }
    for helper in helpers {
        reducers::constructor(ctx, helper.into())?;
    }
    // Python 3 writes bytes so below protocol 3.
    reducers::constructor(ctx, ctx.import_from("_codecs", "encode")?)
}

fn install_complex<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let reducer = module.function(ctx, "pickle_complex", pickle_complex)?;
    let complex = Value::from(ctx.types().complex);
    reducers::pickle(ctx, complex, reducer.into(), Some(complex))
}

fn pickle_complex<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (number,): (Value<'gc>,) = args.parse(ctx, "pickle_complex")?;
    let Some(complex) = number.as_complex() else {
        let message = format!("'{}' object has no attribute 'real'", number.type_name(ctx));
        return Err(Error::new(&exc::ATTRIBUTE_ERROR, message));
    };
    let parts = (complex.get().re, complex.get().im);
    Ok(halfsour_runtime::IntoValue::into_value((Value::from(ctx.types().complex), parts), ctx))
}

/// `__all__`, as CPython has it.
fn install_exports<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let names =
        ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache"];
    module.set(ctx, "__all__", names.map(|name| ctx.str(name)).to_vec())
}

/// Returns a dict of the module, as it stands there now.
///
/// # Errors
///
/// `ImportError` if the module is not installed; `AttributeError` or `TypeError` if a program took the dict away or
/// replaced it by something else.
pub(crate) fn state_dict<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Dict<'gc>> {
    ctx.import_from(ctx.dialect().copyreg_module(), name)?.to(ctx)
}
