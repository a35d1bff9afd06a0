//! `__repr__` and `__str__` of the built-in types: they show the content, whatever a subclass says.

use super::arguments::operands;
use super::define::Define;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::ops::repr::content_repr;
use crate::ops::str::content_str;

pub(super) fn install(ctx: Context<'_>) {
    let types = ctx.types();
    let shown_by_content = [
        types.type_,
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
        types.super_,
    ];
    for class in shown_by_content {
        Define::new(ctx, class).special("__repr__", |ctx, this, args| {
            let [] = operands(&args, "__repr__")?;
            content_repr(ctx, this)
        });
    }
    let texts = match ctx.dialect() {
        Dialect::Python2 => vec![types.bytes, types.unicode],
        Dialect::Python3 => vec![types.unicode],
    };
    for class in texts {
        Define::new(ctx, class).special("__str__", |ctx, this, args| {
            let [] = operands(&args, "__str__")?;
            content_str(ctx, this)
        });
    }
}
