//! The classes of the suite's objects. `C`, `D`, `E`, `H`, `I` and `K` are in `__main__`, the others in [`MODULE`], whose
//! Python original is `tests/data/live/pickletester_classes.py`.

mod classic;
#[path = "../../pickletester/metaclass_classes.rs"]
mod metaclasses;
mod plain;
#[path = "../../pickletester/proxy.rs"]
mod proxy;
#[path = "../../pickletester/reduce_ex_classes.rs"]
mod reduce_ex;
mod subclasses;

use halfsour::{Class, ClassBuilder, Context, Error, Instance, Result, Value, exc};

pub(crate) use self::proxy::proxy;
pub(crate) use self::subclasses::{MY_CLASSES, WITH_PROXIES};

/// The module of most of the classes.
pub(crate) const MODULE: &str = "pickletester_classes";

/// The module of the classes that hand-written streams name.
const MAIN: &str = "__main__";

/// Defines all of them.
pub(crate) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let (main, module) = (ctx.new_module(MAIN)?, ctx.new_module(MODULE)?);
    classic::define(ctx, main, module)?;
    plain::define(ctx, main, module)?;
    metaclasses::define(ctx, module)?;
    reduce_ex::define(ctx, module)?;
    subclasses::define(ctx, module)
}

/// A class or function of the suite.
pub(crate) fn class<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    match ctx.import(MAIN)?.find_attr(ctx, name)? {
        Some(class) => Ok(class),
        None => ctx.import_from(MODULE, name),
    }
}

/// An instance of a class of the suite, made without arguments.
pub(crate) fn new<'gc>(ctx: Context<'gc>, class: &str) -> Result<'gc> {
    new_of(ctx, class, &[])
}

/// An instance of a class of the suite.
pub(crate) fn new_of<'gc>(ctx: Context<'gc>, name: &str, args: &[Value<'gc>]) -> Result<'gc> {
    class(ctx, name)?.call(ctx, args)
}

fn builder<'gc>(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).module(MODULE)
}

/// A built-in function or type.
fn builtin<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    crate::objects::builtin(ctx, name)
}

/// `type(a) is type(b) and a.NAME == b.NAME`
fn same_type_and<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>, name: &str) -> Result<'gc> {
    let same = a.type_of(ctx).is(b.type_of(ctx))
        && a.get_attr(ctx, name)?.equals(ctx, b.get_attr(ctx, name)?)?;
    Ok(Value::Bool(same))
}

/// `object.__new__(cls)`
fn bare<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    match class {
        Value::Class(class) => Ok(Instance::bare(ctx, class).into()),
        _ => Err(Error::new(&exc::TYPE_ERROR, "object.__new__(X): X is not a type object")),
    }
}
