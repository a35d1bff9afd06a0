//! The module `gc`: garbage is collected between two `enter`s, never inside of one.
//!
//! Source of the rules: the Python documentation of `gc`.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::iter::IterState;
use crate::types::List;
use crate::value::Value;

use super::arguments::{none, one};

/// Registers the module.
pub(super) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("gc")?;
    // DIFFERENCE: CPython collects at once and returns how many objects it found; here it happens when the `enter`
    // returns, and 0 is returned.
    module.builtin(ctx, "collect", |ctx, _| {
        ctx.state.collect_requested.set(true);
        Ok(Value::Int(0))
    })?;
    module.builtin(ctx, "isenabled", |ctx, args| {
        none(&args, "isenabled")?;
        Ok(Value::Bool(ctx.state.collect_by_itself.get()))
    })?;
    module.builtin(ctx, "enable", |ctx, args| {
        none(&args, "enable")?;
        ctx.state.collect_by_itself.set(true);
        Ok(Value::None)
    })?;
    module.builtin(ctx, "disable", |ctx, args| {
        none(&args, "disable")?;
        ctx.state.collect_by_itself.set(false);
        Ok(Value::None)
    })?;
    module.builtin(ctx, "get_debug", |_, args| {
        none(&args, "get_debug")?;
        Ok(Value::Int(0))
    })?;
    // DIFFERENCE: CPython prints what it finds, or keeps all of it in `gc.garbage`; here garbage is freed unseen.
    module.builtin(ctx, "set_debug", |ctx, args| {
        match one(&args, "set_debug")?.to::<i64>(ctx)? {
            0 => Ok(Value::None),
            _ => {
                let message = "garbage is freed without a list of it";
                Err(Error::new(&exc::NOT_IMPLEMENTED_ERROR, message))
            }
        }
    })?;
    for (name, flag) in DEBUG_FLAGS {
        module.set(ctx, name, flag)?;
    }
    module.builtin(ctx, "get_referents", |ctx, args| {
        let referents = args.positional().iter().flat_map(|object| object.referents(ctx));
        Ok(List::from_vec(ctx, referents.collect()).into())
    })?;
    module.builtin(ctx, "is_tracked", |_, args| {
        Ok(Value::Bool(is_tracked(one(&args, "is_tracked")?)))
    })?;
    module.set(ctx, "garbage", ctx.state.garbage)
}

const DEBUG_FLAGS: [(&str, i64); 6] = [
    ("DEBUG_STATS", 1),
    ("DEBUG_COLLECTABLE", 2),
    ("DEBUG_UNCOLLECTABLE", 4),
    ("DEBUG_INSTANCES", 8),
    ("DEBUG_OBJECTS", 16),
    ("DEBUG_SAVEALL", 32),
];

/// Whether an object can be part of a cycle: in CPython the collector looks at it.
fn is_tracked(object: Value<'_>) -> bool {
    match object {
        Value::Tuple(tuple) => !tuple.is_empty(),
        // A dict is looked at from the moment on that it holds a container.
        Value::Dict(dict) => {
            dict.entries().into_iter().any(|(key, value)| is_container(key) || is_container(value))
        }
        Value::Class(class) => class.is_heap_type(),
        Value::Instance(instance) => is_tracked_instance(instance),
        Value::List(_)
        | Value::Set(_)
        | Value::FrozenSet(_)
        | Value::ClassicClass(_)
        | Value::ClassicInstance(_)
        | Value::Function(_)
        | Value::Builtin(_)
        | Value::Method(_)
        | Value::Module(_) => true,
        _ => false,
    }
}

fn is_container(object: Value<'_>) -> bool {
    matches!(object, Value::Dict(_)) || is_tracked(object)
}

fn is_tracked_instance(instance: Instance<'_>) -> bool {
    let traits = instance.class().traits();
    let has_room = traits.has_dict || traits.has_weakref || traits.n_slots > 0;
    match instance.payload() {
        Payload::Object => traits.heap && has_room,
        Payload::Base(content) => {
            has_room || is_container(content) || matches!(content, Value::Tuple(_))
        }
        Payload::Iterator(state) => !matches!(*state.borrow(), IterState::Range(..)),
        _ => true,
    }
}
