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
