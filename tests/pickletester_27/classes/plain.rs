//! New-style classes without a base of their own: `H`, `K`, `Node`, and two whose reduce values hold no iterators.

use halfsour::{Class, ClassBuilder, Context, List, Module, Result, Tuple, Value};

use super::{MAIN, builder, class};

pub(super) fn define<'gc>(
    ctx: Context<'gc>,
    main: Module<'gc>,
    module: Module<'gc>,
) -> Result<'gc, ()> {
    main.class_named(ctx, Class::builder(ctx, "H").module(MAIN).build()?)?;
    main.class_named(ctx, mutable_key(ctx).build()?)?;
    module.class_named(ctx, builder(ctx, "Node").build()?)?;
    module.class_named(ctx, items_from_list(ctx).build()?)?;
    module.class_named(ctx, pairs_from_list(ctx).build()?)
}

/// `K`: can be a key, and can be changed. Its `__reduce__` holds all of it in the arguments.
fn mutable_key<'gc>(ctx: Context<'gc>) -> ClassBuilder<'gc> {
    Class::builder(ctx, "K")
        .module(MAIN)
        .method("__init__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "value", value)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "value")?]);
            Ok(Tuple::new(ctx, &[class(ctx, "K")?, args.into()]).into())
        })
}

/// `__reduce__` returns `(list, (), None, [], None)`.
fn items_from_list<'gc>(ctx: Context<'gc>) -> ClassBuilder<'gc> {
    builder(ctx, "ItemsFromList").method("__reduce__", |ctx, _, _| {
        let (list, none) = (ctx.types().list, Value::None);
        let args = Tuple::new(ctx, &[]);
        let parts = [list.into(), args.into(), none, List::new(ctx).into(), none];
        Ok(Tuple::new(ctx, &parts).into())
    })
}

/// `__reduce__` returns `(dict, (), None, None, [])`.
fn pairs_from_list<'gc>(ctx: Context<'gc>) -> ClassBuilder<'gc> {
    builder(ctx, "PairsFromList").method("__reduce__", |ctx, _, _| {
        let (dict, none) = (ctx.types().dict, Value::None);
        let args = Tuple::new(ctx, &[]);
        let parts = [dict.into(), args.into(), none, none, List::new(ctx).into()];
        Ok(Tuple::new(ctx, &parts).into())
    })
}
