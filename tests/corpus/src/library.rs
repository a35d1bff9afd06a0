//! The little of Python's library that the corpora's pickles name: enough of each class to be made, described and
//! pickled again as CPython does it.

mod collections;
mod datetime;
mod enumeration;
mod named_tuple;
mod others;
mod partial;
mod stand_ins;

use halfsour_runtime::{Context, Dialect, Dict, Error, Result, Value, exc};

pub(crate) use enumeration::{Kind, enumeration};
pub(crate) use named_tuple::named_tuple;

/// Registers the modules.
///
/// # Errors
/// Whatever defining a class or module raises.
pub(crate) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    collections::define(ctx)?;
    datetime::define(ctx)?;
    partial::define(ctx)?;
    match ctx.dialect() {
        Dialect::Python2 => others::define(ctx),
        _ => {
            enumeration::define(ctx)?;
            stand_ins::define(ctx)
        }
    }
}

/// The `__dict__` of an object, or None if it is empty: what Python 3's `object.__getstate__` gives without slots.
fn state<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let namespace = this.find_attr(ctx, "__dict__")?.unwrap_or(Value::None);
    let empty = namespace.as_dict().is_none_or(Dict::is_empty);
    Ok(if empty { Value::None } else { namespace })
}

fn type_error<'gc>(message: &'static str) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, message)
}

/// The two values of a pair, unpacked as `key, value = pair` does it.
fn pair<'gc>(ctx: Context<'gc>, pair: Value<'gc>) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
    match pair.iter(ctx)?.collect_vec(ctx)?.as_slice() {
        [key, value] => Ok((*key, *value)),
        [_, _, ..] => Err(Error::new(&exc::VALUE_ERROR, "too many values to unpack")),
        few => {
            let plural = if few.len() == 1 { "" } else { "s" };
            let message = format!("need more than {} value{plural} to unpack", few.len());
            Err(Error::new(&exc::VALUE_ERROR, message))
        }
    }
}
