//! New-style classes with hooks: `__getnewargs__`, `__getstate__`, `__setstate__`, `__hash__`.

use halfsour_runtime::{
    Class, ClassBuilder, Context, Dict, Error, Instance, List, Module, Result, Tuple, Value, exc,
};

use super::plain::{class, holder};
use super::with_self;

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, new_args(ctx)?)?;
    module.class_named(ctx, new_args_bad(ctx)?)?;
    module.class_named(ctx, new_args_ex(class(ctx, "NewArgsEx")).build()?)?;
    module.class_named(ctx, get_state(ctx)?)?;
    module.class_named(ctx, get_set_state(ctx)?)?;
    module.class_named(ctx, set_state_only(ctx)?)?;
    module.class_named(ctx, hash_by_name(ctx)?)
}

/// Python's `object.__new__(cls)`.
pub(super) fn bare<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    let Value::Class(class) = class else {
        return Err(Error::new(&exc::TYPE_ERROR, "object.__new__(X): X is not a type object"));
    };
    Ok(Instance::bare(ctx, class).into())
}

fn new_args<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "NewArgs")
        .method("__new__", |ctx, class, args| {
            let this = bare(ctx, class)?;
            this.set_attr(ctx, "seen", args.to_tuple(ctx))?;
            Ok(this)
        })
        .method("__init__", |ctx, this, _| {
            this.set_attr(ctx, "inited", true)?;
            Ok(Value::None)
        })
        .method("__getnewargs__", |ctx, this, _| this.get_attr(ctx, "seen"))
        .build()
}

fn new_args_bad<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "NewArgsBad")
        .method("__getnewargs__", |ctx, _, _| {
            Ok(List::from_vec(ctx, vec![Value::Int(1), Value::Int(2)]).into())
        })
        .build()
}

fn new_args_ex(class: ClassBuilder<'_>) -> ClassBuilder<'_> {
    class
        .method("__new__", |ctx, class, args| {
            let keywords = Dict::new(ctx);
            for (name, value) in args.keywords() {
                keywords.insert_name(ctx, *name, *value)?;
            }
            let this = bare(ctx, class)?;
            this.set_attr(ctx, "args", args.to_tuple(ctx))?;
            this.set_attr(ctx, "kw", keywords)?;
            Ok(this)
        })
        .method("__getnewargs_ex__", |ctx, this, _| {
            Ok(Tuple::new(ctx, &[this.get_attr(ctx, "args")?, this.get_attr(ctx, "kw")?]).into())
        })
}

fn get_state<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "GetState", "given")
        .method("__getstate__", |ctx, this, _| this.get_attr(ctx, "given"))
        .build()
}

fn get_set_state<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "GetSetState", "given")
        .method("__getstate__", |ctx, this, _| this.get_attr(ctx, "given"))
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            this.set_attr(ctx, "given", state)?;
            this.set_attr(ctx, "was_set", true)?;
            Ok(Value::None)
        })
        .build()
}

fn set_state_only<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "SetStateOnly", "x")
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            this.get_attr(ctx, "__dict__")?.call_method(ctx, "update", (state,))?;
            this.set_attr(ctx, "was_set", true)?;
            Ok(Value::None)
        })
        .build()
}

fn hash_by_name<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    holder(ctx, "HashByName", "name")
        .method("__hash__", |ctx, this, _| super::builtin(ctx, "hash", this.get_attr(ctx, "name")?))
        .method("__eq__", |ctx, this, args| {
            let (this, other): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__eq__")?;
            Ok(Value::Bool(same_name(ctx, this, other)?))
        })
        .method("__ne__", |ctx, this, args| {
            let (this, other): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__ne__")?;
            Ok(Value::Bool(!same_name(ctx, this, other)?))
        })
        .build()
}

fn same_name<'gc>(ctx: Context<'gc>, this: Value<'gc>, other: Value<'gc>) -> Result<'gc, bool> {
    let Value::Class(class) = super::global(ctx, "HashByName")? else { return Ok(false) };
    if !other.type_of(ctx).is_subclass_of(class) {
        return Ok(false);
    }
    this.get_attr(ctx, "name")?.equals(ctx, other.get_attr(ctx, "name")?)
}
