//! Classic classes: `C`, `D`, `E`, `I`, `initarg`, `BadGetattr`.

use halfsour::{
    Class, ClassicClass, ClassicClassBuilder, Context, Error, Module, Result, Tuple, Value, exc,
};

use super::{MAIN, MODULE};

pub(super) fn define<'gc>(
    ctx: Context<'gc>,
    main: Module<'gc>,
    module: Module<'gc>,
) -> Result<'gc, ()> {
    let compared = class(ctx, "C").method("__cmp__", compare).build()?;
    main.class_named(ctx, compared)?;
    let needs_argument = class(ctx, "D").base(compared).method("__init__", |ctx, _, args| {
        let (_,): (Value<'_>,) = args.parse(ctx, "__init__")?;
        Ok(Value::None)
    });
    main.class_named(ctx, needs_argument.build()?)?;
    main.class_named(
        ctx,
        class(ctx, "E").base(compared).method("__getinitargs__", no_args).build()?,
    )?;
    main.class_named(ctx, refusing(ctx, module)?)?;
    module.class_named(ctx, with_init_args(ctx, compared)?)?;
    // def __getattr__(self, key): self.foo
    let bad = ClassicClass::builder(ctx, "BadGetattr")
        .method("__getattr__", |ctx, this, _| this.get_attr(ctx, "foo"));
    module.class_named(ctx, bad.module(MODULE).build()?)
}

fn class<'gc>(ctx: Context<'gc>, name: &str) -> ClassicClassBuilder<'gc> {
    ClassicClass::builder(ctx, name).module(MAIN)
}

/// `cmp(self.__dict__, other.__dict__)`
fn compare<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: halfsour::Args<'gc>) -> Result<'gc> {
    let (other,): (Value<'_>,) = args.parse(ctx, "__cmp__")?;
    let (own, others) = (this.get_attr(ctx, "__dict__")?, other.get_attr(ctx, "__dict__")?);
    Ok(Value::Int(own.compare(ctx, others)? as i64))
}

fn no_args<'gc>(ctx: Context<'gc>, _: Value<'gc>, _: halfsour::Args<'gc>) -> Result<'gc> {
    Ok(Tuple::new(ctx, &[]).into())
}

/// `I`, whose `__init__` raises `MyErr`.
fn refusing<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ClassicClass<'gc>> {
    let error = Class::builder(ctx, "MyErr")
        .base(ctx.exception_class(&exc::EXCEPTION))
        .method("__init__", |_, _, _| Ok(Value::None));
    module.class_named(ctx, error.module(MODULE).build()?)?;
    class(ctx, "I")
        .method("__init__", |ctx, _, _| Err(Error::raise(super::new(ctx, "MyErr")?)))
        .method("__getinitargs__", no_args)
        .build()
}

fn with_init_args<'gc>(
    ctx: Context<'gc>,
    base: ClassicClass<'gc>,
) -> Result<'gc, ClassicClass<'gc>> {
    ClassicClass::builder(ctx, "initarg")
        .module(MODULE)
        .base(base)
        .method("__init__", |ctx, this, args| {
            let (a, b): (Value<'_>, Value<'_>) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "a", a)?;
            this.set_attr(ctx, "b", b)?;
            Ok(Value::None)
        })
        .method("__getinitargs__", |ctx, this, _| {
            Ok(Tuple::new(ctx, &[this.get_attr(ctx, "a")?, this.get_attr(ctx, "b")?]).into())
        })
        .build()
}
