//! Classes with a metaclass: one with nothing special, and one whose classes are pickled by a call.

use halfsour::{Context, Dict, Module, Result, Tuple, Value};

use super::{builder, class, same_type_and};

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let metaclass = builder(ctx, "metaclass").base(ctx.types().type_).build()?;
    module.class_named(ctx, metaclass)?;
    module.class_named(ctx, builder(ctx, "use_metaclass").metaclass(metaclass).build()?)?;
    let pickling = builder(ctx, "pickling_metaclass")
        .base(ctx.types().type_)
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            same_type_and(ctx, this, other, "reduce_args")
        })
        .method("__reduce__", |ctx, this, _| {
            let parts = [class(ctx, "create_dynamic_class")?, this.get_attr(ctx, "reduce_args")?];
            Ok(Tuple::new(ctx, &parts).into())
        })
        .attr("__hash__", Value::None);
    module.class_named(ctx, pickling.build()?)?;
    module.function(ctx, "create_dynamic_class", |ctx, args| {
        let (name, bases): (Value<'_>, Value<'_>) = args.parse(ctx, "create_dynamic_class")?;
        let made = class(ctx, "pickling_metaclass")?.call(ctx, (name, bases, Dict::new(ctx)))?;
        made.set_attr(ctx, "reduce_args", Tuple::new(ctx, &[name, bases]))?;
        Ok(made)
    })?;
    Ok(())
}
