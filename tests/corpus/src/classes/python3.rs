//! The classes that only Python 3's side of the corpora has: enums, data classes, keyword arguments for `__new__`, state
//! setters, buffers.

use halfsour_runtime::{Class, Context, Dict, Error, List, Module, Result, Tuple, Value, exc};
use halfsour_stdlib::collections::named_tuple;
use halfsour_stdlib::enumeration::{EnumKind, Enumeration};

use super::plain::{class, holder};
use super::special::bare;
use super::{derive, global, with_self};

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    enumerations(ctx, module)?;
    module.class_named(ctx, named_tuple(ctx, super::MODULE, "Typed", &["x", "y"])?)?;
    data_classes(ctx, module)?;
    keyword_arguments(ctx, module)?;
    hooks(ctx, module)?;
    buffers(ctx, module)?;
    for (name, attribute) in [("Box", "v"), ("Größe", "x")] {
        module.class_named(ctx, holder(ctx, name, attribute).build()?)?;
    }
    module.class_named(ctx, class(ctx, "SlotsStateTuple").slots(&["a", "__dict__"]).build()?)
}

fn enumerations<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let int = Value::Int;
    let pair = Tuple::new(ctx, &[int(1), int(2)]).into();
    let red = [("RED", int(1)), ("GREEN", ctx.str("g")), ("BLUE", pair), ("CRIMSON", int(1))];
    for (name, kind, members) in [
        ("Color", EnumKind::Enum, &red[..]),
        ("Level", EnumKind::IntEnum, &[("LOW", int(1)), ("HIGH", int(10))]),
        ("Perm", EnumKind::Flag, &[("R", int(4)), ("W", int(2)), ("X", int(1))]),
        ("IPerm", EnumKind::IntFlag, &[("R", int(4)), ("W", int(2))]),
    ] {
        let mut enumeration = Enumeration::new(name, kind);
        for (name, value) in members {
            enumeration = enumeration.member(name, *value);
        }
        enumeration.define(ctx, module)?;
    }
    let shade = Enumeration::new("Shade", EnumKind::Enum).member("DARK", int(0));
    let shade = shade.qualname("Outer2.Shade").build(ctx, super::MODULE)?;
    module.class_named(ctx, class(ctx, "Outer2").attr("Shade", shade).build()?)
}

fn data_classes<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    derive(ctx, module, "Data", ctx.types().object)?;
    derive(ctx, module, "DataSub", global(ctx, "Data")?)?;
    derive(ctx, module, "DataFrozen", ctx.types().object)?;
    let slots = class(ctx, "DataSlots").slots(&["a", "b"]);
    module.class_named(ctx, slots.build()?)?;
    // A frozen one with slots gets by `dataclasses` the methods that keep it whole: a list of its fields.
    let frozen = class(ctx, "DataSlotsFrozen")
        .slots(&["a", "b"])
        .method("__getstate__", |ctx, this, _| {
            let fields = vec![this.get_attr(ctx, "a")?, this.get_attr(ctx, "b")?];
            Ok(List::from_vec(ctx, fields).into())
        })
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            for (index, name) in ["a", "b"].into_iter().enumerate() {
                this.set_attr(ctx, name, state.get_item(ctx, index as i64)?)?;
            }
            Ok(Value::None)
        });
    module.class_named(ctx, frozen.build()?)
}

fn keyword_arguments<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let key = class(ctx, "NewArgsExKwOnly")
        .method("__new__", |ctx, class, args| {
            let this = bare(ctx, class)?;
            let [key] = args.bind("__new__", ["key"], 1)?;
            this.set_attr(ctx, "key", key.unwrap_or(Value::None))?;
            Ok(this)
        })
        .method("__getnewargs_ex__", |ctx, this, _| {
            let keywords = Dict::new(ctx);
            keywords.insert(ctx, ctx.intern("key").value(), this.get_attr(ctx, "key")?)?;
            let none = Tuple::new(ctx, &[]).into();
            Ok(Tuple::new(ctx, &[none, keywords.into()]).into())
        });
    module.class_named(ctx, key.build()?)?;
    let bad = holder(ctx, "NewArgsExBad", "value")
        .method("__getnewargs_ex__", |ctx, this, _| this.get_attr(ctx, "value"));
    module.class_named(ctx, bad.build()?)?;
    let both = class(ctx, "NewArgsBoth")
        .base(global(ctx, "NewArgsEx")?)
        .method("__getnewargs__", |_, _, _| Err(Error::new(&exc::RUNTIME_ERROR, "not this one")));
    module.class_named(ctx, both.build()?)
}

fn hooks<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.function(ctx, "set_state_via", |ctx, args| {
        let (object, state): (Value<'_>, Value<'_>) = args.parse(ctx, "set_state_via")?;
        object.set_attr(ctx, "via", state)?;
        Ok(Value::None)
    })?;
    let setter = holder(ctx, "ReduceSetter", "x").method("__reduce__", |ctx, this, _| {
        let x = this.get_attr(ctx, "x")?;
        let state = Dict::new(ctx);
        state.insert(ctx, ctx.intern("s").value(), x)?;
        let args = Tuple::new(ctx, &[x]).into();
        let setter = global(ctx, "set_state_via")?;
        let class = global(ctx, "ReduceSetter")?;
        let parts = [class, args, state.into(), Value::None, Value::None, setter];
        Ok(Tuple::new(ctx, &parts).into())
    });
    module.class_named(ctx, setter.build()?)?;
    module.class_named(ctx, holder(ctx, "Override", "v").build()?)?;
    module.function(ctx, "reduce_override", |ctx, args| {
        let (object,): (Value<'_>,) = args.parse(ctx, "reduce_override")?;
        let value =
            Tuple::new(ctx, &[ctx.intern("overridden").value(), object.get_attr(ctx, "v")?]);
        let args = Tuple::new(ctx, &[value.into()]);
        Ok(Tuple::new(ctx, &[global(ctx, "Override")?, args.into()]).into())
    })?;
    Ok(())
}

fn buffers<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let types = ctx.types();
    for (name, base) in [("Buf", types.bytearray), ("RoBuf", types.bytes)] {
        module.class_named(ctx, buffer(ctx, name, base)?)?;
    }
    Ok(())
}

/// A class of bytes that protocol 5 hands over as a `PickleBuffer`.
fn buffer<'gc>(ctx: Context<'gc>, name: &'static str, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, name)
        .base(base)
        .method("__reduce_ex__", move |ctx, this, args| {
            let (this, protocol): (Value<'_>, i64) = with_self(ctx, this, args, "__reduce_ex__")?;
            let class = global(ctx, name)?;
            let remake = class.get_attr(ctx, "_remake")?;
            if protocol >= 5 {
                let buffer = halfsour_pickle::PickleBuffer::new(ctx, this)?;
                let args = Tuple::new(ctx, &[buffer.into()]).into();
                return Ok(Tuple::new(ctx, &[remake, args, Value::None]).into());
            }
            let content = class.get_attr(ctx, "__base__")?.call(ctx, (this,))?;
            Ok(Tuple::new(ctx, &[remake, Tuple::new(ctx, &[content]).into()]).into())
        })
        .class_method("_remake", |ctx, class, args| {
            let (class, object): (Value<'_>, Value<'_>) = with_self(ctx, class, args, "_remake")?;
            let base = Value::from(ctx.memoryview(object)?).get_attr(ctx, "obj")?;
            if Value::from(base.type_of(ctx)).is(class) {
                return Ok(base);
            }
            class.call(ctx, (base,))
        })
        .build()
}
