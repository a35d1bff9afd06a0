//! `REX`, whose `__reduce_ex__` returns what it was given, and its like.

use halfsour::{Context, Module, Result, Tuple, Value};

use super::builder;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let given = builder(ctx, "REX")
        .method("__init__", |ctx, this, args| {
            let (given,): (Option<Value<'_>>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "reduce_ex", given.unwrap_or(Value::None))?;
            Ok(Value::None)
        })
        .method("__reduce_ex__", |ctx, this, _| this.get_attr(ctx, "reduce_ex"));
    module.class_named(ctx, given.build()?)?;
    let state = builder(ctx, "REX_state")
        .method("__init__", |ctx, this, args| {
            let (state,): (Option<Value<'_>>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "state", state.unwrap_or(Value::None))?;
            Ok(Value::None)
        })
        .method("__setstate__", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            this.set_attr(ctx, "state", state)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[]).into();
            let parts = [this.type_of(ctx).into(), args, this.get_attr(ctx, "state")?];
            Ok(Tuple::new(ctx, &parts).into())
        });
    module.class_named(ctx, state.build()?)?;
    let ex_none = builder(ctx, "REX_None").attr("__reduce_ex__", Value::None);
    module.class_named(ctx, ex_none.build()?)?;
    module.class_named(ctx, builder(ctx, "R_None").attr("__reduce__", Value::None).build()?)
}
