//! `collections`: containers beside the built-in ones.

mod chain_map;
mod counter;
mod default_dict;
mod deque;
mod deque_iterator;
mod named_tuple;
mod ordered_dict;
mod updating;
mod user_classes;

use halfsour_runtime::{Context, Module, Result};

pub use self::named_tuple::named_tuple;
pub(crate) use self::user_classes::fill_python2_module;
use crate::support::python3;

/// The module's name.
const MODULE: &str = "collections";

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, ordered_dict::class(ctx)?)?;
    module.class_named(ctx, default_dict::class(ctx)?)?;
    module.class_named(ctx, deque::class(ctx)?)?;
    module.class_named(ctx, counter::class(ctx)?)?;
    if python3(ctx) {
        module.class_named(ctx, deque_iterator::class(ctx)?)?;
        module.class_named(ctx, chain_map::class(ctx)?)?;
        user_classes::fill(ctx, module)?;
    } else {
        module.class_named(ctx, deque_iterator::class(ctx)?)?;
    }
    named_tuple::fill(ctx, module)
}
