//! `copy_reg.__newobj__` and `copyreg.__newobj_ex__`: an instance by `__new__` alone.

use halfsour_runtime::{Args, Context, Dict, Error, Result, Tuple, Value, exc};

/// `__newobj__(cls, *args)`: `cls.__new__(cls, *args)`.
pub(crate) fn newobj<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let Some(&class) = args.positional().first() else {
        let message = "__newobj__() takes at least 1 argument (0 given)";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    class.get_attr(ctx, ctx.names().new)?.call(ctx, args)
}

/// `__newobj_ex__(cls, args, kwargs)`: `cls.__new__(cls, *args, **kwargs)`.
pub(crate) fn newobj_ex<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (class, positional, keywords): (Value<'gc>, Tuple<'gc>, Dict<'gc>) =
        args.parse(ctx, "__newobj_ex__")?;
    let args = Args::new(positional.as_slice()).prepend(class).with_keywords(ctx, keywords)?;
    class.get_attr(ctx, ctx.names().new)?.call(ctx, args)
}
