//! Atoms: values that are their own copy.

use halfsour_runtime::{Context, Dialect, Value};

/// Returns whether both `copy` and `deepcopy` return the object itself, without asking it.
#[inline]
pub(super) fn is_atom<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> bool {
    match value {
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Ellipsis
        | Value::Long(_)
        | Value::Complex(_)
        | Value::Bytes(_)
        | Value::Unicode(_)
        | Value::Range(_)
        | Value::Class(_)
        | Value::ClassicClass(_)
        | Value::Function(_)
        | Value::Builtin(_) => true,
        Value::List(_) | Value::Dict(_) | Value::Tuple(_) => false,
        Value::NotImplemented => ctx.dialect() == Dialect::Python3,
        Value::Instance(instance) => {
            let (class, types) = (instance.class(), ctx.types());
            !class.is_heap_type()
                && (class.is(types.weakref)
                    || class.is(types.property) && ctx.dialect() == Dialect::Python3)
        }
        _ => false,
    }
}

/// A longer tuple is remembered when it was walked once, so that a copy takes time for what is there, not for how
/// often it is met.
const SHORT: usize = 8;

/// Returns whether an object is an atom or a short tuple of atoms, which is its own deep copy too.
#[inline]
pub(super) fn is_unchanging<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> bool {
    match value {
        Value::Tuple(tuple) if tuple.len() <= SHORT => {
            tuple.as_slice().iter().all(|&item| is_atom(ctx, item))
        }
        _ => is_atom(ctx, value),
    }
}
