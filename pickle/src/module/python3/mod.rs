//! The modules `pickle` and `_pickle` of Python 3. What there is to call is in `_pickle`, as in CPython, and in `pickle`
//! too; `pickle.py`'s own classes, whose names begin with an underscore, are not there.

mod functions;
mod load_options;
mod memo;
mod pickler;
mod protocol;
mod signature;
mod unpickler;

use halfsour_runtime::{Context, Result, Value};

use super::loading::Loading;
use super::{constants, long};
use crate::exceptions::{PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR};
use crate::pickle_buffer::pickle_buffer_class;

/// What both modules have, by the name in both.
const SHARED: [&str; 10] = [
    "PickleBuffer",
    "PickleError",
    "Pickler",
    "PicklingError",
    "Unpickler",
    "UnpicklingError",
    "dump",
    "dumps",
    "load",
    "loads",
];

/// The module that all of it says that it is of.
const C_MODULE: &str = "_pickle";

pub(super) fn install<'gc>(ctx: Context<'gc>, loading: Loading) -> Result<'gc, ()> {
    // It makes the module, if the runtime has none yet.
    pickle_buffer_class(ctx)?;
    let Value::Module(c_module) = ctx.import(C_MODULE)? else { return Ok(()) };
    for ty in [&PICKLE_ERROR, &PICKLING_ERROR, &UNPICKLING_ERROR] {
        let class = ctx.exception_class(ty);
        Value::from(class).set_attr(ctx, ctx.names().module, C_MODULE)?;
        c_module.class_named(ctx, class)?;
    }
    c_module.class_named(ctx, pickler::class(ctx)?)?;
    c_module.class_named(ctx, unpickler::class(ctx, &loading)?)?;
    functions::install(ctx, c_module, &loading)?;

    let module = ctx.new_module("pickle")?;
    constants::install_python3(ctx, module)?;
    for name in SHARED {
        module.set(ctx, name, c_module.get(ctx, name).unwrap_or(Value::None))?;
    }
    module.function(ctx, "encode_long", long::encode_long)?;
    module.function(ctx, "decode_long", long::decode_long)?;
    Ok(())
}
