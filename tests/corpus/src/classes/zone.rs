//! A tzinfo that says what it is made of.

use halfsour_runtime::{Context, Module, Result, Tuple, Value};

use super::plain::class;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let base = ctx.import_from("datetime", "tzinfo")?;
    let Value::Class(base) = base else { return Ok(()) };
    let zone = class(ctx, "FixedTZ")
        .base(base)
        .method("__init__", |ctx, this, args| {
            let [minutes, name] = args.bind("__init__", ["minutes", "name"], 0)?;
            this.set_attr(ctx, "minutes", minutes.unwrap_or(Value::Int(0)))?;
            this.set_attr(ctx, "name", name.unwrap_or_else(|| ctx.intern("X").value()))?;
            Ok(Value::None)
        })
        .method("__getinitargs__", |ctx, this, _| {
            let parts = [this.get_attr(ctx, "minutes")?, this.get_attr(ctx, "name")?];
            Ok(Tuple::new(ctx, &parts).into())
        })
        .method("utcoffset", |ctx, this, _| {
            let minutes: i64 = this.get_attr(ctx, "minutes")?.to(ctx)?;
            ctx.import_from("datetime", "timedelta")?.call(ctx, (0, 60 * minutes))
        })
        .method("dst", |_, _, _| Ok(Value::None))
        .method("tzname", |ctx, this, _| this.get_attr(ctx, "name"))
        .build()?;
    module.class_named(ctx, zone)
}
