//! The module `sys`: what of it makes sense without an interpreter.

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Tuple;
use crate::value::Value;

/// Registers the module.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("sys")?;
    module.set(ctx, "modules", ctx.modules())?;
    module.set(ctx, "maxsize", i64::MAX)?;
    module.set(ctx, "maxunicode", 0x0010_FFFF)?;
    module.set(ctx, "byteorder", if cfg!(target_endian = "big") { "big" } else { "little" })?;
    let (major, minor, micro): (i64, i64, i64) = match ctx.dialect() {
        Dialect::Python2 => (2, 7, 18),
        Dialect::Python3 => (3, 13, 0),
    };
    let version = [major.into(), minor.into(), micro.into(), ctx.str("final"), Value::Int(0)];
    // DIFFERENCE: CPython's has a class of its own, with the parts as attributes too.
    module.set(ctx, "version_info", Tuple::new(ctx, &version))?;
    module.set(ctx, "hexversion", major << 24 | minor << 16 | micro << 8 | 0xF0)?;
    module.set(ctx, "version", format!("{major}.{minor}.{micro}"))?;
    if ctx.dialect() == Dialect::Python2 {
        module.set(ctx, "maxint", i64::MAX)?;
    }
    module.builtin(ctx, "getrecursionlimit", |ctx, args| {
        super::arguments::none(&args, "getrecursionlimit")?;
        Ok(Value::Int(i64::try_from(ctx.recursion_limit()).unwrap_or(i64::MAX)))
    })?;
    module.builtin(ctx, "setrecursionlimit", |ctx, args| {
        let (limit,): (Value<'_>,) = args.parse(ctx, "setrecursionlimit")?;
        let limit = super::arguments::integer(ctx, limit)?;
        match usize::try_from(limit) {
            Ok(limit) if limit > 0 => {
                ctx.set_recursion_limit(limit);
                Ok(Value::None)
            }
            _ => Err(Error::new(
                &exc::VALUE_ERROR,
                ctx.dialect().pick(
                    "recursion limit must be positive",
                    "recursion limit must be greater or equal than 1",
                ),
            )),
        }
    })?;
    module.builtin(ctx, "getdefaultencoding", |ctx, args| {
        super::arguments::none(&args, "getdefaultencoding")?;
        Ok(ctx.str(ctx.dialect().pick("ascii", "utf-8")))
    })?;
    Ok(())
}
