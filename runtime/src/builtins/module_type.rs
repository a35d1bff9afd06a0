//! The methods of `module`.

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::module::Module;
use crate::value::Value;

use super::define::Define;

pub(super) fn install(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().module)
        .new_with(new)
        .special("__init__", init)
        .member("__dict__", dict);
}

/// A module without a name; `__init__` gives it one.
pub(super) fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, _: Args<'gc>) -> Result<'gc> {
    Ok(Module::bare(ctx, class).into())
}

fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name, doc] = args.bind("module.__init__", ["name", "doc"], 1)?;
    let (Value::Module(module), Some(name)) = (this, name) else {
        return Err(crate::convert::expected(ctx, "module", this));
    };
    if ctx.name_of(name).is_none() {
        let wanted = ctx.dialect().pick("string", "str");
        let message =
            format!("module.__init__() argument 1 must be {wanted}, not {}", name.type_name(ctx));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let names = ctx.names();
    module.dict().insert_name(ctx, names.name, name)?;
    module.dict().insert_name(ctx, names.doc, doc.unwrap_or(Value::None))?;
    Ok(Value::None)
}

fn dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    match this {
        Value::Module(module) => Ok(module.dict().into()),
        _ => Err(crate::convert::expected(ctx, "module", this)),
    }
}
