//! What a mapping is filled from: another mapping, pairs, keywords.

use halfsour_runtime::{Args, Context, Error, Result, Value, exc};

use crate::support::{python3, type_error};

/// Hands the pairs of `source` on, in order: a mapping's, or those that an iterable has.
///
/// # Errors
///
/// What walking the source raises; `TypeError` or `ValueError` if an item is no pair.
pub(super) fn pairs_of<'gc>(
    ctx: Context<'gc>,
    source: Value<'gc>,
) -> Result<'gc, Vec<(Value<'gc>, Value<'gc>)>> {
    if let Value::Dict(dict) = source {
        return Ok(dict.entries());
    }
    if let Some(keys) = source.find_attr(ctx, "keys")? {
        let keys = keys.call(ctx, ())?.iter(ctx)?.collect_vec(ctx)?;
        return keys.into_iter().map(|key| Ok((key, source.get_item(ctx, key)?))).collect();
    }
    let items = source.iter(ctx)?.collect_vec(ctx)?;
    items.into_iter().map(|item| pair(ctx, item)).collect()
}

/// Unpacks `key, value = item`.
fn pair<'gc>(ctx: Context<'gc>, item: Value<'gc>) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
    let message = match item.iter(ctx)?.collect_vec(ctx)?.as_slice() {
        &[key, value] => return Ok((key, value)),
        [_, _, ..] if python3(ctx) => "too many values to unpack (expected 2)".to_owned(),
        [_, _, ..] => "too many values to unpack".to_owned(),
        few if python3(ctx) => {
            format!("not enough values to unpack (expected 2, got {})", few.len())
        }
        few => {
            let plural = if few.len() == 1 { "" } else { "s" };
            format!("need more than {} value{plural} to unpack", few.len())
        }
    };
    Err(Error::new(&exc::VALUE_ERROR, message))
}

/// What an entry may take that code of a class sets.
pub(super) const ENTRY: u64 = 256;

/// Sets the items of one positional argument, if any, and those of the keywords, through the object's own
/// `__setitem__`.
pub(super) fn update<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    too_many: impl FnOnce(usize) -> String,
) -> Result<'gc, ()> {
    match args.positional() {
        [] => {}
        [source] => {
            for (key, value) in pairs_of(ctx, *source)? {
                ctx.take_allowance(ENTRY)?;
                this.set_item(ctx, key, value)?;
            }
        }
        given => return Err(type_error(too_many(given.len()))),
    }
    for (name, value) in args.keywords() {
        this.set_item(ctx, name.value(), *value)?;
    }
    Ok(())
}
