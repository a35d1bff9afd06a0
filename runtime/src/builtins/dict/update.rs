//! `dict(...)` and `dict.update`: filling a dict from a mapping, from pairs and from keywords.

use super::super::arguments::counted;
use crate::allowance;
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Dict;
use crate::value::Value;

/// Fills a dict from the arguments of `dict.__init__` or `dict.update`.
pub(super) fn update<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    dict: Dict<'gc>,
    args: &Args<'gc>,
    function: &str,
) -> Result<'gc, ()> {
    let positional = counted(args, function, 0, 1)?;
    if let Some(&source) = positional.first()
        && !source.is(this)
    {
        update_from(ctx, dict, source)?;
    }
    for &(name, value) in args.keywords() {
        dict.insert_name(ctx, name, value)?;
    }
    Ok(())
}

fn update_from<'gc>(ctx: Context<'gc>, dict: Dict<'gc>, source: Value<'gc>) -> Result<'gc, ()> {
    if let Some(content) = plain_dict(ctx, source) {
        dict.reserve(ctx, content.len());
        for (key, value) in content.entries() {
            dict.insert(ctx, key, value)?;
        }
        return Ok(());
    }
    match source.find_attr(ctx, "keys")? {
        Some(keys) => {
            let keys = keys.call(ctx, ())?.iter(ctx)?;
            while let Some(key) = keys.next(ctx)? {
                ctx.take_allowance(allowance::ENTRY)?;
                dict.insert(ctx, key, source.get_item(ctx, key)?)?;
            }
            Ok(())
        }
        None => update_from_pairs(ctx, dict, source),
    }
}

/// The dict whose entries are copied as they are: Python 3 asks a subclass that iterates in its own way.
fn plain_dict<'gc>(ctx: Context<'gc>, source: Value<'gc>) -> Option<Dict<'gc>> {
    let content = source.as_dict()?;
    if ctx.dialect() == Dialect::Python3
        && let Value::Instance(instance) = source
    {
        let iter = ctx.names().iter;
        let own = instance.class().lookup(ctx, iter)?;
        if !ctx.types().dict.lookup(ctx, iter)?.is(own) {
            return None;
        }
    }
    Some(content)
}

fn update_from_pairs<'gc>(
    ctx: Context<'gc>,
    dict: Dict<'gc>,
    source: Value<'gc>,
) -> Result<'gc, ()> {
    let pairs = source.iter(ctx)?;
    let mut at = 0;
    while let Some(pair) = pairs.next(ctx)? {
        ctx.take_allowance(allowance::ENTRY)?;
        let pair = match pair.iter(ctx) {
            Ok(pair) => pair.collect_vec(ctx)?,
            Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {
                let message = format!(
                    "cannot convert dictionary update sequence element #{at} to a sequence"
                );
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
            Err(error) => return Err(error),
        };
        let [key, value] = pair[..] else {
            let message = format!(
                "dictionary update sequence element #{at} has length {}; 2 is required",
                pair.len()
            );
            return Err(Error::new(&exc::VALUE_ERROR, message));
        };
        dict.insert(ctx, key, value)?;
        at += 1;
    }
    Ok(())
}
