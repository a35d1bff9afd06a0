//! Exceptions: plain ones, one that cannot be made again from its arguments, one that says how it is made.

use halfsour_runtime::{Class, Context, Dialect, Error, Module, Result, Tuple, Value, exc};

use super::plain::class;
use super::{derive, global, with_self};

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    derive(ctx, module, "MyError", ctx.exception_class(&exc::EXCEPTION))?;
    derive(ctx, module, "MyOSError", ctx.exception_class(&exc::OS_ERROR))?;
    module.class_named(ctx, needs_two(ctx)?)?;
    module.class_named(ctx, reduces(ctx)?)
}

/// `Exception.__init__(self, argument)`
fn init_exception<'gc>(ctx: Context<'gc>, this: Value<'gc>, argument: Value<'gc>) -> Result<'gc> {
    let exception = Value::from(ctx.exception_class(&exc::EXCEPTION));
    exception.get_attr(ctx, "__init__")?.call(ctx, (this, argument))
}

fn needs_two<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ErrNeedsTwo")
        .base(ctx.exception_class(&exc::EXCEPTION))
        .method("__init__", |ctx, this, args| {
            if ctx.dialect() == Dialect::Python3 && args.positional().len() == 1 {
                let message = "ErrNeedsTwo.__init__() missing 1 required positional argument: 'b'";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            let (this, a, b): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__init__")?;
            init_exception(ctx, this, a)?;
            this.set_attr(ctx, "b", b)?;
            Ok(Value::None)
        })
        .build()
}

fn reduces<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ErrReduce")
        .base(ctx.exception_class(&exc::EXCEPTION))
        .method("__init__", |ctx, this, args| {
            let (this, code, text): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__init__")?;
            init_exception(ctx, this, text)?;
            this.set_attr(ctx, "code", code)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let text = this.get_attr(ctx, "args")?.get_item(ctx, 0)?;
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "code")?, text]);
            Ok(Tuple::new(ctx, &[global(ctx, "ErrReduce")?, args.into()]).into())
        })
        .build()
}
