//! The views that `keys()`, `values()` and `items()` return in Python 3.

use halfsour_runtime::{Class, Context, Module, Result, Value};

use super::mapping::{each, item_of, value_of};

/// Where the classes are, for the modules of this crate.
const MODULE: &str = "shelve";

/// Adds the classes of the views to the module `shelve`.
// DIFFERENCE: CPython's are those of `collections.abc`, which also have the algebra of sets.
pub(super) fn install<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let base = Class::builder(ctx, "MappingView")
        .module("collections.abc")
        .slots(&["_mapping"])
        .method("__init__", |ctx, this, args| {
            let (mapping,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "_mapping", mapping)?;
            Ok(Value::None)
        })
        .method("__len__", |ctx, this, args| {
            let () = args.parse(ctx, "__len__")?;
            Ok(Value::Int(this.get_attr(ctx, "_mapping")?.len(ctx)? as i64))
        })
        .build()?;
    let keys = Class::builder(ctx, "KeysView")
        .module("collections.abc")
        .base(base)
        .slots(&[])
        .method("__iter__", |ctx, this, _| {
            Ok(this.get_attr(ctx, "_mapping")?.iter(ctx)?.into_object(ctx))
        })
        .method("__contains__", |ctx, this, args| {
            let (key,): (Value<'_>,) = args.parse(ctx, "__contains__")?;
            Ok(this.get_attr(ctx, "_mapping")?.contains(ctx, key)?.into())
        })
        .build()?;
    let values = Class::builder(ctx, "ValuesView")
        .module("collections.abc")
        .base(base)
        .slots(&[])
        .method("__iter__", |ctx, this, _| {
            Ok(each(ctx, this.get_attr(ctx, "_mapping")?, value_of)?.into_object(ctx))
        })
        .build()?;
    let items = Class::builder(ctx, "ItemsView")
        .module("collections.abc")
        .base(base)
        .slots(&[])
        .method("__iter__", |ctx, this, _| {
            Ok(each(ctx, this.get_attr(ctx, "_mapping")?, item_of)?.into_object(ctx))
        })
        .build()?;
    for class in [keys, values, items] {
        module.set(ctx, format!("_{}", class.name()).as_str(), Value::from(class))?;
    }
    Ok(())
}

/// Returns a view of a mapping.
pub(super) fn view<'gc>(ctx: Context<'gc>, class: &str, mapping: Value<'gc>) -> Result<'gc> {
    ctx.import_from(MODULE, &format!("_{class}"))?.call(ctx, (mapping,))
}
