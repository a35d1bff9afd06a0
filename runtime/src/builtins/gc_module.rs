//! The module `gc`: garbage is collected between two `enter`s, never inside of one.

use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

use super::arguments::none;

/// Registers the module.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("gc")?;
    // DIFFERENCE: CPython collects at once and returns how many objects it found; here it happens when the `enter`
    // returns, and 0 is returned.
    module.builtin(ctx, "collect", |ctx, _| {
        ctx.state.collect_requested.set(true);
        Ok(Value::Int(0))
    })?;
    module.builtin(ctx, "isenabled", |ctx, args| {
        none(&args, "isenabled")?;
        Ok(Value::Bool(ctx.state.collect_by_itself.get()))
    })?;
    module.builtin(ctx, "enable", |ctx, args| {
        none(&args, "enable")?;
        ctx.state.collect_by_itself.set(true);
        Ok(Value::None)
    })?;
    module.builtin(ctx, "disable", |ctx, args| {
        none(&args, "disable")?;
        ctx.state.collect_by_itself.set(false);
        Ok(Value::None)
    })?;
    Ok(())
}
