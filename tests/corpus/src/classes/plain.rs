//! New-style classes without hooks: attributes, `__slots__`, a metaclass.

use halfsour_runtime::{Class, ClassBuilder, Context, List, Module, Result, Value};

use super::{MODULE, set_both, with_self};

pub(super) fn class<'gc>(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).module(MODULE)
}

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    for name in ["Plain", "ExtA", "ExtB"] {
        module.class_named(ctx, class(ctx, name).build()?)?;
    }
    points(ctx, module)?;
    metaclass(ctx, module)?;
    slots(ctx, module)?;
    for (name, attribute) in [("Node", "name"), ("ViaCopyReg", "v")] {
        module.class_named(ctx, holder(ctx, name, attribute).build()?)?;
    }
    let reference = holder(ctx, "Ref", "pid").attr("is_persistent_ref", true).build()?;
    module.class_named(ctx, reference)
}

/// A class whose `__init__` keeps its one argument.
pub(super) fn holder<'gc>(
    ctx: Context<'gc>,
    name: &str,
    attribute: &'static str,
) -> ClassBuilder<'gc> {
    class(ctx, name).method("__init__", move |ctx, this, args| {
        let (this, value): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
        this.set_attr(ctx, attribute, value)?;
        Ok(Value::None)
    })
}

fn points<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let point = class(ctx, "Point")
        .method("__init__", |ctx, this, args| {
            let (this, x, y): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__init__")?;
            set_both(ctx, this, ("x", x), ("y", y))?;
            Ok(Value::None)
        })
        .build()?;
    module.class_named(ctx, point)?;
    let point3 = class(ctx, "Point3")
        .base(point)
        .method("__init__", |ctx, this, args| {
            type Three<'gc> = (Value<'gc>, Value<'gc>, Value<'gc>, Value<'gc>);
            let (this, x, y, z): Three<'_> = with_self(ctx, this, args, "__init__")?;
            super::global(ctx, "Point")?.get_attr(ctx, "__init__")?.call(ctx, (this, x, y))?;
            this.set_attr(ctx, "z", z)?;
            Ok(Value::None)
        })
        .build()?;
    module.class_named(ctx, point3)
}

fn metaclass<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let meta = class(ctx, "Meta").base(ctx.types().type_).build()?;
    module.class_named(ctx, meta)?;
    module.class_named(ctx, class(ctx, "MetaMade").metaclass(meta).build()?)
}

fn slots<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let slots = class(ctx, "Slots").slots(&["a", "b"]).build()?;
    module.class_named(ctx, slots)?;
    module.class_named(ctx, class(ctx, "SlotsOne").attr("__slots__", "only").build()?)?;
    module.class_named(ctx, class(ctx, "SlotsDict").slots(&["a", "__dict__"]).build()?)?;
    module.class_named(ctx, class(ctx, "SlotsMore").base(slots).slots(&["c"]).build()?)?;
    let private = class(ctx, "SlotsPrivate")
        .slots(&["__hidden", "seen"])
        .method("put", |ctx, this, args| {
            let (this, value): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "put")?;
            this.set_attr(ctx, "_SlotsPrivate__hidden", value)?;
            Ok(this)
        })
        .build()?;
    module.class_named(ctx, private)?;
    let list = class(ctx, "SlotList").base(ctx.types().list).slots(&["tag"]).build()?;
    module.class_named(ctx, list)?;
    let state = class(ctx, "SlotsState")
        .slots(&["a"])
        .method("__getstate__", |ctx, this, _| {
            Ok(List::from_vec(ctx, vec![this.get_attr(ctx, "a")?]).into())
        })
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            this.set_attr(ctx, "a", state.get_item(ctx, 0)?)?;
            Ok(Value::None)
        })
        .build()?;
    module.class_named(ctx, state)
}
