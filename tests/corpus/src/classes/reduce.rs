//! Classes that say themselves how they are made: `__reduce__`, `__reduce_ex__`, `copy_reg.pickle`.

use halfsour_runtime::{Class, Context, Dict, List, Module, Result, Tuple, Value};

use super::plain::{class, holder};
use super::special::bare;
use super::{builtin, global, with_self};

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let appends = list_no_extend(ctx)?;
    module.class_named(ctx, appends)?;
    module.class_named(ctx, list_extend(ctx, appends)?)?;
    module.class_named(ctx, dict_like(ctx)?)?;
    module.class_named(ctx, rebuilt(ctx)?)?;
    module.class_named(ctx, reduce_given(ctx)?)?;
    module.class_named(ctx, reduce_ex_proto(ctx)?)?;
    module.class_named(ctx, reduce_state(ctx)?)?;
    module.class_named(ctx, reduce_all(ctx)?)?;
    module.class_named(ctx, new_obj_call(ctx)?)?;
    module.class_named(ctx, new_obj_wrong(ctx)?)?;
    module.function(ctx, "rebuild", |ctx, args| {
        let made = global(ctx, "Rebuilt")?.call(ctx, ())?;
        made.set_attr(ctx, "args", args.to_tuple(ctx))?;
        Ok(made)
    })?;
    singletons(ctx, module)?;
    via_copy_reg(ctx, module)
}

/// The value of a `__reduce__`.
fn reduced<'gc>(ctx: Context<'gc>, parts: &[Value<'gc>]) -> Result<'gc> {
    Ok(Tuple::new(ctx, parts).into())
}

fn empty_tuple<'gc>(ctx: Context<'gc>) -> Value<'gc> {
    Tuple::new(ctx, &[]).into()
}

/// `(class, (), None, iter(self.got))`
fn reduce_to_items<'gc>(ctx: Context<'gc>, this: Value<'gc>, class: &str) -> Result<'gc> {
    let items = builtin(ctx, "iter", this.get_attr(ctx, "got")?)?;
    reduced(ctx, &[global(ctx, class)?, empty_tuple(ctx), Value::None, items])
}

fn list_no_extend<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ListNoExtend")
        .method("__init__", |ctx, this, args| {
            let (this,): (Value<'_>,) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "got", List::new(ctx))?;
            Ok(Value::None)
        })
        .method("append", |ctx, this, args| {
            this.get_attr(ctx, "got")?.call_method(ctx, "append", args)
        })
        .method("__reduce__", |ctx, this, _| reduce_to_items(ctx, this, "ListNoExtend"))
        .build()
}

fn list_extend<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ListExtend")
        .base(base)
        .method("extend", |ctx, this, args| {
            this.get_attr(ctx, "got")?.call_method(ctx, "extend", args)
        })
        .method("__reduce__", |ctx, this, _| reduce_to_items(ctx, this, "ListExtend"))
        .build()
}

fn dict_like<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "DictLike")
        .method("__init__", |ctx, this, args| {
            let (this,): (Value<'_>,) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "got", List::new(ctx))?;
            Ok(Value::None)
        })
        .method("__setitem__", |ctx, this, args| {
            let (this, key, value): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__setitem__")?;
            let pair = Tuple::new(ctx, &[key, value]);
            this.get_attr(ctx, "got")?.call_method(ctx, "append", (pair,))
        })
        .method("__reduce__", |ctx, this, _| {
            let items = builtin(ctx, "iter", this.get_attr(ctx, "got")?)?;
            let class = global(ctx, "DictLike")?;
            reduced(ctx, &[class, empty_tuple(ctx), Value::None, Value::None, items])
        })
        .build()
}

fn rebuilt<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "Rebuilt")
        .method("__reduce__", |ctx, this, _| {
            let state = this.get_attr(ctx, "__dict__")?.call_method(ctx, "copy", ())?;
            let args = state.call_method(ctx, "pop", ("args",))?;
            let rebuild = global(ctx, "rebuild")?;
            if state.as_dict().is_some_and(Dict::is_empty) {
                return reduced(ctx, &[rebuild, args]);
            }
            reduced(ctx, &[rebuild, args, state])
        })
        .build()
}

fn reduce_given<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "ReduceGiven", "value")
        .method("__reduce__", |ctx, this, _| match this.get_attr(ctx, "value")? {
            Value::Function(function) => Value::from(function).call(ctx, ()),
            value => Ok(value),
        })
        .build()
}

fn reduce_ex_proto<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ReduceExProto")
        .method("__reduce_ex__", |ctx, this, args| {
            let (_, protocol): (Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__reduce_ex__")?;
            let args = Tuple::new(ctx, &[ctx.intern("proto").value(), protocol]);
            reduced(ctx, &[global(ctx, "rebuild")?, args.into()])
        })
        .method("__reduce__", |_, _, _| {
            let message = "__reduce__ must lose to __reduce_ex__";
            Err(halfsour_runtime::Error::new(&halfsour_runtime::exc::RUNTIME_ERROR, message))
        })
        .build()
}

fn singletons<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let singleton = holder(ctx, "Singleton", "_name")
        .method("__reduce__", |ctx, this, _| this.get_attr(ctx, "_name"))
        .build()?;
    module.class_named(ctx, singleton)?;
    for (global, name) in [("THE_ONE", "THE_ONE"), ("LOST", "NO_SUCH_NAME")] {
        let one = Value::from(singleton).call(ctx, (name,))?;
        module.set(ctx, global, one)?;
    }
    Ok(())
}

fn reduce_state<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "ReduceState")
        .method("__init__", |ctx, this, args| {
            let namespace = this.get_attr(ctx, "__dict__")?;
            for (name, value) in args.keywords() {
                namespace.set_item(ctx, name.value(), *value)?;
            }
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let state = this.get_attr(ctx, "__dict__")?;
            reduced(ctx, &[global(ctx, "ReduceState")?, empty_tuple(ctx), state])
        })
        .build()
}

fn reduce_all<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "ReduceAll", "a")
        .method("__init__", |ctx, this, args| {
            let (this, a): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "a", a)?;
            this.set_attr(ctx, "list", List::new(ctx))?;
            this.set_attr(ctx, "dict", Dict::new(ctx))?;
            Ok(Value::None)
        })
        .method("append", |ctx, this, args| {
            this.get_attr(ctx, "list")?.call_method(ctx, "append", args)
        })
        .method("extend", |ctx, this, args| {
            this.get_attr(ctx, "list")?.call_method(ctx, "extend", args)
        })
        .method("__setitem__", |ctx, this, args| {
            let (this, key, value): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__setitem__")?;
            this.get_attr(ctx, "dict")?.set_item(ctx, key, value)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "a")?]);
            let state = Dict::new(ctx);
            state.insert(ctx, ctx.intern("note").value(), ctx.intern("state").value())?;
            let list = builtin(ctx, "iter", this.get_attr(ctx, "list")?)?;
            let items = this.get_attr(ctx, "dict")?.call_method(ctx, "items", ())?;
            let items = builtin(ctx, "iter", builtin(ctx, "sorted", items)?)?;
            reduced(ctx, &[global(ctx, "ReduceAll")?, args.into(), state.into(), list, items])
        })
        .build()
}

fn via_copy_reg<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.function(ctx, "reduce_via_copyreg", |ctx, args| {
        let (made,): (Value<'_>,) = args.parse(ctx, "reduce_via_copyreg")?;
        let args = Tuple::new(ctx, &[made.get_attr(ctx, "v")?]);
        reduced(ctx, &[global(ctx, "ViaCopyReg")?, args.into()])
    })?;
    let (class, reducer) = (global(ctx, "ViaCopyReg")?, global(ctx, "reduce_via_copyreg")?);
    ctx.import_from(ctx.dialect().copyreg_module(), "pickle")?.call(ctx, (class, reducer))?;
    Ok(())
}

fn new_obj_call<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "NewObjCall")
        .method("__new__", |ctx, class, args| {
            let this = bare(ctx, class)?;
            this.set_attr(ctx, "made", args.to_tuple(ctx))?;
            Ok(this)
        })
        .method("__reduce_ex__", |ctx, this, _| {
            let made = this.get_attr(ctx, "made")?;
            let mut args = vec![global(ctx, "NewObjCall")?];
            args.extend(made.as_tuple().into_iter().flat_map(Tuple::as_slice));
            let args = Tuple::from_vec(ctx, args);
            reduced(
                ctx,
                &[ctx.import_from(ctx.dialect().copyreg_module(), "__newobj__")?, args.into()],
            )
        })
        .build()
}

fn new_obj_wrong<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "NewObjWrong")
        .method("__reduce_ex__", |ctx, _, _| {
            let args = Tuple::new(ctx, &[global(ctx, "Plain")?]);
            reduced(
                ctx,
                &[ctx.import_from(ctx.dialect().copyreg_module(), "__newobj__")?, args.into()],
            )
        })
        .build()
}
