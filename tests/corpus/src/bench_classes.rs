//! The module `bench_classes`, whose objects are in the benches' pickles; its original is
//! `benches/generator/bench_classes.py`.

use halfsour_runtime::{Class, ClassicClass, Context, Dialect, Dict, List, Result, Tuple, Value};

use crate::classes::with_self;

const MODULE: &str = "bench_classes";

/// Registers the module.
///
/// # Errors
/// Whatever defining a class or module raises.
pub fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    crate::library::install(ctx)?;
    let module = ctx.new_module(MODULE)?;
    let item = Class::builder(ctx, "Item").module(MODULE).method("__init__", |ctx, this, args| {
        let [id, name, score, parent] =
            args.bind("__init__", ["id", "name", "score", "parent"], 4)?;
        for (name, value) in [("id", id), ("name", name), ("score", score), ("parent", parent)] {
            this.set_attr(ctx, name, value)?;
        }
        Ok(Value::None)
    });
    module.class_named(ctx, item.build()?)?;
    let slotted = Class::builder(ctx, "Slotted").module(MODULE).slots(&["a", "b", "c"]);
    let slotted = slotted.method("__getstate__", |ctx, this, _| {
        let slots = Dict::new(ctx);
        for name in ["a", "b", "c"].map(|name| ctx.intern(name)) {
            slots.insert(ctx, name.value(), this.get_attr(ctx, name)?)?;
        }
        Ok(Tuple::new(ctx, &[Value::None, slots.into()]).into())
    });
    module.class_named(ctx, slotted.build()?)?;
    if ctx.dialect() == Dialect::Python2 {
        module.class_named(ctx, ClassicClass::builder(ctx, "Old").module(MODULE).build()?)?;
    } else {
        module.class_named(ctx, Class::builder(ctx, "Old").module(MODULE).build()?)?;
    }
    let node = Class::builder(ctx, "Node").module(MODULE).method("__init__", |ctx, this, args| {
        let (this, id): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
        this.set_attr(ctx, "id", id)?;
        this.set_attr(ctx, "links", List::new(ctx))?;
        this.set_attr(ctx, "meta", Dict::new(ctx))?;
        Ok(Value::None)
    });
    module.class_named(ctx, node.build()?)
}
