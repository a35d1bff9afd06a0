//! `copy_reg._reduce_ex` and `_reconstructor`: new-style instances in protocols 0 and 1.
//!
//! Source: PEP 307, "The copy_reg module"; details measured on 2.7.18.

use halfsour_runtime::reduce::not_reducible;
use halfsour_runtime::{Args, Context, Error, Result, Tuple, Value, exc};

/// `_reconstructor(cls, base, state)`: an instance of `cls` with the content of its built-in base.
pub(crate) fn reconstructor<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (class, base, state): (Value<'gc>, Value<'gc>, Value<'gc>) =
        args.parse(ctx, "_reconstructor")?;
    let names = ctx.names();
    let object = Value::from(ctx.types().object);
    if base.is(object) {
        return object.get_attr(ctx, names.new)?.call(ctx, (class,));
    }
    let made = base.get_attr(ctx, names.new)?.call(ctx, (class, state))?;
    let init = base.get_attr(ctx, names.init)?;
    if !init.equals(ctx, object.get_attr(ctx, names.init)?)? {
        init.call(ctx, (made, state))?;
    }
    Ok(made)
}

/// `_reduce_ex(self, proto)`: what to call [`reconstructor`] with, and the state.
pub(crate) fn reduce_ex<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (object, protocol): (Value<'gc>, i64) = args.parse(ctx, "_reduce_ex")?;
    if protocol >= 2 {
        return Err(Error::bare(&exc::ASSERTION_ERROR));
    }
    let class = object.get_attr(ctx, ctx.names().class)?;
    let base = builtin_base(ctx, class)?;
    let content = if base.is(ctx.types().object.into()) {
        Value::None
    } else if base.is(class) {
        return Err(cannot_pickle(ctx, class));
    } else {
        base.call(ctx, (object,))?
    };
    let state = state_of(ctx, object)?;
    let copy_reg = ctx.import(ctx.dialect().copyreg_module())?;
    let function = copy_reg.get_attr(ctx, "_reconstructor")?;
    let args = Tuple::new(ctx, &[class, base, content]).into();
    let parts = match state {
        Some(state) => Tuple::new(ctx, &[function, args, state]),
        None => Tuple::new(ctx, &[function, args]),
    };
    Ok(parts.into())
}

/// The first class in the MRO that no program defined.
fn builtin_base<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    let Value::Class(known) = class else {
        // An object may lie about its class; then its own answer counts.
        let mro = class.get_attr(ctx, "__mro__")?.iter(ctx)?.collect_vec(ctx)?;
        return Ok(first_builtin(&mro).unwrap_or(ctx.types().object.into()));
    };
    Ok(first_builtin(known.mro().as_slice()).unwrap_or(ctx.types().object.into()))
}

fn first_builtin<'gc>(mro: &[Value<'gc>]) -> Option<Value<'gc>> {
    mro.iter().copied().find(|entry| matches!(entry, Value::Class(it) if !it.is_heap_type()))
}

/// The state, if there is a true one: `__getstate__()`, else `__dict__`.
fn state_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    let names = ctx.names();
    let hook = object.find_attr(ctx, names.getstate)?;
    if hook.is_none() || has_default_getstate(ctx, object) {
        refuse_slots(ctx, object)?;
    }
    let state = match hook {
        Some(hook) => Some(hook.call(ctx, ())?),
        None => object.find_attr(ctx, names.dict)?,
    };
    match state {
        Some(state) if state.truth(ctx)? => Ok(Some(state)),
        _ => Ok(None),
    }
}

/// Whether the class has only the `__getstate__` that every object has in Python 3.
fn has_default_getstate<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> bool {
    let name = ctx.names().getstate;
    let default = ctx.types().object.lookup(ctx, name);
    let own = object.type_of(ctx).lookup(ctx, name);
    matches!((own, default), (Some(own), Some(default)) if own.is(default))
}

fn refuse_slots<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
    match object.find_attr(ctx, ctx.names().slots)? {
        Some(slots) if slots.truth(ctx)? => Err(Error::new(
            &exc::TYPE_ERROR,
            "a class that defines __slots__ without defining __getstate__ cannot be pickled",
        )
        .with_hint("protocol 2 writes slots by itself; for protocols 0 and 1 define __getstate__ and __setstate__")),
        _ => Ok(()),
    }
}

#[cold]
fn cannot_pickle<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Error<'gc> {
    let name = match class {
        Value::Class(class) => class.name(),
        other => other.type_name(ctx),
    };
    not_reducible(ctx, &name)
}
