//! Attributes of native objects that code reads and writes, as the types of a C module have them.

use halfsour_runtime::{ClassBuilder, Context, Error, Function, Result, Value, exc};

/// Adds an attribute to a class. It cannot be deleted.
pub(super) fn attribute<'gc>(
    ctx: Context<'gc>,
    builder: ClassBuilder<'gc>,
    name: &str,
    get: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a> + 'static,
    set: impl for<'a> Fn(Context<'a>, Value<'a>, Value<'a>) -> Result<'a, ()> + 'static,
) -> ClassBuilder<'gc> {
    deletable(ctx, builder, name, get, set, |_, _| {
        Err(Error::new(&exc::TYPE_ERROR, "attribute deletion is not supported"))
    })
}

/// Adds an attribute to a class, which knows what it is to delete it.
pub(super) fn deletable<'gc>(
    ctx: Context<'gc>,
    builder: ClassBuilder<'gc>,
    name: &str,
    get: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a> + 'static,
    set: impl for<'a> Fn(Context<'a>, Value<'a>, Value<'a>) -> Result<'a, ()> + 'static,
    delete: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a, ()> + 'static,
) -> ClassBuilder<'gc> {
    let getter = Function::new(ctx, name, move |ctx, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "getter")?;
        get(ctx, this)
    });
    let setter = Function::new(ctx, name, move |ctx, args| {
        let (this, value): (Value<'_>, Value<'_>) = args.parse(ctx, "setter")?;
        set(ctx, this, value)?;
        Ok(Value::None)
    });
    let deleter = Function::new(ctx, name, move |ctx, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "deleter")?;
        delete(ctx, this)?;
        Ok(Value::None)
    });
    let property = Value::property(ctx, getter.into(), setter.into(), deleter.into());
    builder.attr(name, property)
}

/// Adds an attribute that can only be read.
pub(super) fn read_only<'gc>(
    ctx: Context<'gc>,
    builder: ClassBuilder<'gc>,
    name: &'static str,
    get: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a> + 'static,
) -> ClassBuilder<'gc> {
    attribute(ctx, builder, name, get, move |ctx, this, _| {
        let class = this.type_of(ctx).dotted_name(ctx);
        let message = format!("attribute '{name}' of '{class}' objects is not writable");
        Err(Error::new(&exc::ATTRIBUTE_ERROR, message))
    })
}
