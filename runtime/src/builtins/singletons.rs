//! `Ellipsis` and `NotImplemented`: in Python 3 they are pickled by name.

use super::arguments::none;
use super::define::Define;
use crate::context::Context;
use crate::dialect::Dialect;

pub(super) fn install(ctx: Context<'_>) {
    if ctx.dialect() == Dialect::Python2 {
        return;
    }
    Define::new(ctx, ctx.types().ellipsis).method("__reduce__", |ctx, _, args| {
        none(&args, "__reduce__")?;
        Ok(ctx.str("Ellipsis"))
    });
    Define::new(ctx, ctx.types().not_implemented).method("__reduce__", |ctx, _, args| {
        none(&args, "__reduce__")?;
        Ok(ctx.str("NotImplemented"))
    });
}
