//! The little of Python's library that the corpora's pickles name: enough of each class to be made, described and
//! pickled again as CPython 2.7 does it.

mod collections;
mod datetime;
mod named_tuple;
mod others;
mod partial;

use halfsour_runtime::{Context, Error, Result, Value, exc};

pub(crate) use named_tuple::named_tuple;

/// Registers the modules.
///
/// # Errors
/// Whatever defining a class or module raises.
pub(crate) fn install<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    collections::define(ctx)?;
    datetime::define(ctx)?;
    partial::define(ctx)?;
    others::define(ctx)
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
