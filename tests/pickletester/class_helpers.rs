//! What the definitions of the suite's classes have in common.

use halfsour::{Class, ClassBuilder, Context, Error, Instance, Result, Value, exc};

/// The module of most of the classes.
pub(crate) const MODULE: &str = "pickletester_classes";

/// The module of the classes that hand-written streams name.
pub(super) const MAIN: &str = "__main__";

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

pub(super) fn builder<'gc>(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).module(MODULE)
}

/// A built-in function or type.
pub(super) fn builtin<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    crate::objects::builtin(ctx, name)
}

/// `type(a) is type(b) and a.NAME == b.NAME`
pub(super) fn same_type_and<'gc>(
    ctx: Context<'gc>,
    a: Value<'gc>,
    b: Value<'gc>,
    name: &str,
) -> Result<'gc> {
    let same = a.type_of(ctx).is(b.type_of(ctx))
        && a.get_attr(ctx, name)?.equals(ctx, b.get_attr(ctx, name)?)?;
    Ok(Value::Bool(same))
}

/// `object.__new__(cls)`
pub(super) fn bare<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc> {
    match class {
        Value::Class(class) => Ok(Instance::bare(ctx, class).into()),
        _ => Err(Error::new(&exc::TYPE_ERROR, "object.__new__(X): X is not a type object")),
    }
}
