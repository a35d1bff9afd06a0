//! The module of built-in names (`__builtin__`; Python 3: `builtins`), and Python 2's `exceptions`.

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::module::Module;
use crate::value::Value;

use super::{exceptions, functions, inspection, number_functions};

/// Registers the modules with the built-in types, functions, constants and exceptions.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, Module<'gc>> {
    let builtins = ctx.new_module(ctx.dialect().builtins_module())?;
    // As in CPython, it is not the string that the built-in types have as their `__module__`: a pickle shows that.
    builtins.dict().insert_name(ctx, ctx.names().name, ctx.str(ctx.dialect().builtins_module()))?;
    for class in types(ctx) {
        builtins.set(ctx, &class.name(), class)?;
    }
    if ctx.dialect() == Dialect::Python2 {
        // Another name for the same type.
        builtins.set(ctx, "bytes", ctx.types().bytes)?;
    }
    let constants = [
        ("None", Value::None),
        ("False", Value::Bool(false)),
        ("True", Value::Bool(true)),
        ("Ellipsis", Value::Ellipsis),
        ("NotImplemented", Value::NotImplemented),
        ("__debug__", Value::Bool(true)),
    ];
    for (name, value) in constants {
        builtins.set(ctx, name, value)?;
    }
    functions::install(ctx, builtins)?;
    inspection::install(ctx, builtins)?;
    number_functions::install(ctx, builtins)?;
    set_exceptions(ctx, builtins)?;
    if ctx.dialect() == Dialect::Python2 {
        set_exceptions(ctx, ctx.new_module(ctx.dialect().exceptions_module())?)?;
    }
    Ok(builtins)
}

fn set_exceptions<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    for (name, class) in exceptions::all(ctx) {
        module.set(ctx, &name, class)?;
    }
    Ok(())
}

/// The types that programs know by name.
fn types(ctx: Context<'_>) -> Vec<crate::class::Class<'_>> {
    let types = ctx.types();
    let mut named = vec![
        types.object,
        types.type_,
        types.int,
        types.bool,
        types.float,
        types.complex,
        types.bytes,
        types.unicode,
        types.bytearray,
        types.tuple,
        types.list,
        types.dict,
        types.set,
        types.frozenset,
        types.range,
        types.slice,
        types.property,
        types.staticmethod,
        types.classmethod,
        types.super_,
        types.memoryview,
        types.enumerate,
        types.reversed,
    ];
    named.extend(match ctx.dialect() {
        Dialect::Python2 => [types.long, types.basestring, types.file],
        Dialect::Python3 => [types.zip, types.map, types.filter],
    });
    named
}
