//! What `weakref.proxy` makes, as far as a pickler can tell: every attribute, `__class__` included, is the referent's.

use halfsour::{Class, Context, Result, Value};

/// Returns a proxy of an object.
pub(crate) fn proxy<'gc>(ctx: Context<'gc>, referent: Value<'gc>) -> Result<'gc> {
    let class = Class::builder(ctx, "weakproxy")
        .module(ctx.dialect().builtins_module())
        .slots(&["referent"])
        .method("__getattribute__", |ctx, this, args| {
            let (name,): (Value<'_>,) = args.parse(ctx, "__getattribute__")?;
            let object = Value::from(ctx.types().object);
            let referent =
                object.call_method(ctx, "__getattribute__", (this, ctx.str("referent")))?;
            crate::objects::builtin(ctx, "getattr")?.call(ctx, (referent, name))
        })
        .build()?;
    let proxy = super::bare(ctx, class.into())?;
    proxy.set_attr(ctx, "referent", referent)?;
    Ok(proxy)
}
