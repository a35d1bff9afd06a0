//! The classes of the suite's objects. `C`, `D`, `E`, `H`, `I` and `K` are in `__main__`, the others in [`MODULE`], whose
//! Python original is `tests/data/live/pickletester_classes.py`.

mod classic;
#[path = "../../pickletester/class_helpers.rs"]
mod helpers;
#[path = "../../pickletester/metaclass_classes.rs"]
mod metaclasses;
mod plain;
#[path = "../../pickletester/proxy.rs"]
mod proxy;
#[path = "../../pickletester/reduce_ex_classes.rs"]
mod reduce_ex;
mod subclasses;

use halfsour::{Context, Result};

use self::helpers::{MAIN, bare, builder, builtin, same_type_and};
pub(crate) use self::helpers::{MODULE, class, new, new_of};
pub(crate) use self::proxy::proxy;
pub(crate) use self::subclasses::{MY_CLASSES, WITH_PROXIES};

/// Defines all of them.
pub(crate) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let (main, module) = (ctx.new_module(MAIN)?, ctx.new_module(MODULE)?);
    classic::define(ctx, main, module)?;
    plain::define(ctx, main, module)?;
    metaclasses::define(ctx, module)?;
    reduce_ex::define(ctx, module)?;
    subclasses::define(ctx, module)
}
