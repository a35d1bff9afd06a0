//! Classes without a base of their own, and those whose instances cannot be pickled.

use halfsour::{
    Args, Class, ClassBuilder, Context, Error, Function, Module, Result, Tuple, Value, exc,
};

use super::{MAIN, builder, class};

pub(super) fn define<'gc>(
    ctx: Context<'gc>,
    main: Module<'gc>,
    module: Module<'gc>,
) -> Result<'gc, ()> {
    let compared = in_main(ctx, "C").method("__eq__", equal_attributes).build()?;
    main.class_named(ctx, compared)?;
    let needs_argument = in_main(ctx, "D").base(compared).method("__init__", |ctx, _, args| {
        let (_,): (Value<'_>,) = args.parse(ctx, "__init__")?;
        Ok(Value::None)
    });
    main.class_named(ctx, needs_argument.build()?)?;
    let init_args = in_main(ctx, "E")
        .base(compared)
        .method("__getinitargs__", |ctx, _, _| Ok(Tuple::new(ctx, &[]).into()));
    main.class_named(ctx, init_args.build()?)?;

    module.class_named(ctx, with_init_args(ctx, compared).build()?)?;
    module.class_named(ctx, builder(ctx, "Object").build()?)?;
    module.class_named(ctx, builder(ctx, "Clearer").build()?)?;
    module.class_named(ctx, mutable_key(ctx).build()?)?;
    let none_setter = builder(ctx, "C_None_setstate")
        .method("__getstate__", |_, _, _| Ok(Value::Int(1)))
        .attr("__setstate__", Value::None);
    module.class_named(ctx, none_setter.build()?)?;
    // def __getattr__(self, key): self.foo
    let bad =
        builder(ctx, "BadGetattr").method("__getattr__", |ctx, this, _| this.get_attr(ctx, "foo"));
    module.class_named(ctx, bad.build()?)?;
    let error = builder(ctx, "CustomError").base(ctx.exception_class(&exc::EXCEPTION));
    module.class_named(ctx, error.build()?)?;
    let unpickleable = builder(ctx, "Unpickleable").method("__reduce__", raise_custom);
    module.class_named(ctx, unpickleable.build()?)?;
    let callable = builder(ctx, "UnpickleableCallable")
        .method("__reduce__", raise_custom)
        .method("__call__", |_, _, _| Ok(Value::None));
    module.class_named(ctx, callable.build()?)?;
    // def __getattribute__: __new__ is missing
    let no_new = builder(ctx, "NoNew").method("__getattribute__", |ctx, this, args| {
        let (name,): (String,) = args.parse(ctx, "__getattribute__")?;
        if name == "__new__" {
            return Err(Error::bare(&exc::ATTRIBUTE_ERROR));
        }
        let object = Value::from(ctx.types().object);
        object.call_method(ctx, "__getattribute__", (this, name))
    });
    module.class_named(ctx, no_new.build()?)?;
    by_tables(ctx, module)
}

fn in_main<'gc>(ctx: Context<'gc>, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).module(MAIN)
}

/// `self.__dict__ == other.__dict__`
fn equal_attributes<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
    let (own, others) = (this.get_attr(ctx, "__dict__")?, other.get_attr(ctx, "__dict__")?);
    Ok(Value::Bool(own.equals(ctx, others)?))
}

fn raise_custom<'gc>(ctx: Context<'gc>, _: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    Err(Error::raise(super::new(ctx, "CustomError")?))
}

/// Checks that something raised `CustomError`.
#[track_caller]
pub(crate) fn assert_custom_error<'gc, T>(
    ctx: Context<'gc>,
    result: Result<'gc, T>,
    what: impl std::fmt::Debug,
) -> Result<'gc, ()> {
    let expected = class(ctx, "CustomError")?;
    match result {
        Ok(_) => panic!("{what:?} raised nothing"),
        Err(error) => assert!(error.class(ctx).is(expected), "{what:?} raised {error:?}"),
    }
    Ok(())
}

/// `initarg`: has `__getinitargs__`, which nobody calls.
fn with_init_args<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> ClassBuilder<'gc> {
    builder(ctx, "initarg")
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
}

/// `K`: can be a key, and can be changed. Its `__reduce__` holds all of it in the arguments.
fn mutable_key<'gc>(ctx: Context<'gc>) -> ClassBuilder<'gc> {
    builder(ctx, "K")
        .method("__init__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "value", value)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "value")?]);
            Ok(Tuple::new(ctx, &[class(ctx, "K")?, args.into()]).into())
        })
}

/// `AAA`, `BBB`, and a function that sets the state of a `BBB`.
fn by_tables<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let reduced = builder(ctx, "AAA").method("__reduce__", |ctx, _, _| {
        let args = Tuple::new(ctx, &[ctx.str("reduce_A")]);
        Ok(Tuple::new(ctx, &[ctx.types().unicode.into(), args.into()]).into())
    });
    module.class_named(ctx, reduced.build()?)?;
    let with_state = builder(ctx, "BBB")
        .method("__init__", |ctx, this, _| {
            this.set_attr(ctx, "a", "some attribute")?;
            Ok(Value::None)
        })
        .method("__setstate__", |ctx, this, _| {
            this.set_attr(ctx, "a", "BBB.__setstate__")?;
            Ok(Value::None)
        });
    module.class_named(ctx, with_state.build()?)?;
    let setter = Function::new(ctx, "setstate_bbb", |ctx, args| {
        let (object, _): (Value<'_>, Value<'_>) = args.parse(ctx, "setstate_bbb")?;
        object.set_attr(ctx, "a", "custom state_setter")?;
        Ok(Value::None)
    });
    module.set(ctx, "setstate_bbb", setter)
}
