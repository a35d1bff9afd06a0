//! `array.array`: numbers or characters of one width in a row.

mod class;
mod items;
mod reconstruct;

use halfsour_runtime::{Context, Module, Result, Value};

use crate::support::python3;

const MODULE: &str = "array";

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let class = class::class(ctx)?;
    module.class_named(ctx, class)?;
    module.set(ctx, "ArrayType", class)?;
    if python3(ctx) {
        let codes: String = items::codes(true).collect();
        module.set(ctx, "typecodes", codes)?;
        let function = module.builtin(ctx, "_array_reconstructor", reconstruct::from_python)?;
        halfsour_copyreg::constructor(ctx, Value::from(function))?;
    }
    Ok(())
}
