//! `ZeroCopyBytes` and `ZeroCopyBytearray`, which protocol 5 can write outside of the pickle.

use halfsour::pickle::PickleBuffer;
use halfsour::{Class, Context, Module, Result, Tuple, Value};

use super::builder;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    for (name, base) in [("ZeroCopyBytes", types.bytes), ("ZeroCopyBytearray", types.bytearray)] {
        module.class_named(ctx, class(ctx, name, base)?)?;
    }
    Ok(())
}

fn class<'gc>(ctx: Context<'gc>, name: &str, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    builder(ctx, name)
        .base(base)
        .method("__reduce_ex__", |ctx, this, args| {
            let (protocol,): (i64,) = args.parse(ctx, "__reduce_ex__")?;
            let again = Value::from(this.type_of(ctx)).get_attr(ctx, "_reconstruct")?;
            if protocol < 5 {
                let bytes = Value::from(ctx.types().bytes).call(ctx, (this,))?;
                return Ok(Tuple::new(ctx, &[again, Tuple::new(ctx, &[bytes]).into()]).into());
            }
            let args = Tuple::new(ctx, &[PickleBuffer::new(ctx, this)?.into()]);
            Ok(Tuple::new(ctx, &[again, args.into(), Value::None]).into())
        })
        .class_method("_reconstruct", |ctx, class, args| {
            let (buffer,): (Value<'_>,) = args.parse(ctx, "_reconstruct")?;
            let object = Value::from(ctx.memoryview(buffer)?).get_attr(ctx, "obj")?;
            if Value::from(object.type_of(ctx)).is(class) {
                return Ok(object);
            }
            class.call(ctx, (object,))
        })
        .build()
}
