//! Classic classes: state by `__dict__`, `__getinitargs__`, `__getstate__` and `__setstate__`. In Python 3 they are
//! ordinary ones.

use halfsour_runtime::{
    Args, ClassBuilder, ClassicClass, ClassicClassBuilder, Context, Dialect, Dict, Error,
    IntoValue, List, Module, Result, Tuple, Value, exc,
};

use super::{MODULE, set_both, with_self};

/// A class that is classic where there are classic classes.
enum Builder<'gc> {
    Classic(ClassicClassBuilder<'gc>),
    Ordinary(ClassBuilder<'gc>),
}

fn class<'gc>(ctx: Context<'gc>, name: &str) -> Builder<'gc> {
    match ctx.dialect() {
        Dialect::Python2 => Builder::Classic(ClassicClass::builder(ctx, name).module(MODULE)),
        _ => Builder::Ordinary(super::plain::class(ctx, name)),
    }
}

impl<'gc> Builder<'gc> {
    fn base(self, base: Value<'gc>) -> Self {
        match (self, base) {
            (Self::Classic(builder), Value::ClassicClass(base)) => {
                Self::Classic(builder.base(base))
            }
            (Self::Classic(builder), _) => Self::Classic(builder),
            (Self::Ordinary(builder), base) => Self::Ordinary(builder.base(base)),
        }
    }

    fn attr(self, name: &str, value: impl IntoValue<'gc>) -> Self {
        match self {
            Self::Classic(builder) => Self::Classic(builder.attr(name, value)),
            Self::Ordinary(builder) => Self::Ordinary(builder.attr(name, value)),
        }
    }

    fn method(
        self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        match self {
            Self::Classic(builder) => Self::Classic(builder.method(name, code)),
            Self::Ordinary(builder) => Self::Ordinary(builder.method(name, code)),
        }
    }

    fn build(self) -> Result<'gc> {
        match self {
            Self::Classic(builder) => builder.build().map(Into::into),
            Self::Ordinary(builder) => builder.build().map(Into::into),
        }
    }
}

pub(super) fn define<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, class(ctx, "OldPlain").build()?)?;
    let base = class(ctx, "OldBase").attr("tag", "class attribute, never pickled").build()?;
    module.class_named(ctx, base)?;
    module.class_named(ctx, class(ctx, "OldDerived").base(base).build()?)?;
    module.class_named(ctx, init(ctx)?)?;
    module.class_named(ctx, init_empty(ctx)?)?;
    module.class_named(ctx, needs_args(ctx)?)?;
    module.class_named(ctx, state(ctx)?)?;
    module.class_named(ctx, get_state_dict(ctx)?)?;
    module.class_named(ctx, state_given(ctx)?)?;
    module.class_named(ctx, ignored(ctx)?)?;
    module.class_named(ctx, getattr(ctx)?)?;
    module.class_named(ctx, init_state(ctx)?)?;
    module.class_named(ctx, bad_init_args(ctx)?)
}

fn init<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldInit")
        .method("__init__", |ctx, this, args| {
            let (this, a, b): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "a", a)?;
            this.set_attr(ctx, "b", b)?;
            this.set_attr(ctx, "inits", 1)?;
            Ok(Value::None)
        })
        .method("__getinitargs__", |ctx, this, _| {
            let args = [this.get_attr(ctx, "a")?, this.get_attr(ctx, "b")?];
            Ok(Tuple::new(ctx, &args).into())
        })
        .build()
}

fn init_empty<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldInitEmpty")
        .method("__init__", |ctx, this, args| {
            let (this,): (Value<'_>,) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "made", "init")?;
            Ok(Value::None)
        })
        .method("__getinitargs__", |ctx, _, _| Ok(Tuple::new(ctx, &[]).into()))
        .build()
}

fn needs_args<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldNeedsArgs")
        .method("__init__", |ctx, this, args| {
            let (this, x): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "x", x)?;
            Ok(Value::None)
        })
        .build()
}

fn state<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldState")
        .method("__init__", |ctx, this, args| {
            let (this, x, y): (Value<'_>, Value<'_>, Value<'_>) =
                with_self(ctx, this, args, "__init__")?;
            set_both(ctx, this, ("x", x), ("y", y))?;
            Ok(Value::None)
        })
        .method("__getstate__", |ctx, this, _| {
            let (x, y) = (this.get_attr(ctx, "x")?, this.get_attr(ctx, "y")?);
            Ok(Tuple::new(ctx, &[x, List::from_vec(ctx, vec![y]).into()]).into())
        })
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            let y = state.get_item(ctx, 1)?.get_item(ctx, 0)?;
            set_both(ctx, this, ("x", state.get_item(ctx, 0)?), ("y", y))?;
            Ok(Value::None)
        })
        .build()
}

fn get_state_dict<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldGetStateDict")
        .method("__init__", |ctx, this, args| {
            let (this, x): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "x", x)?;
            this.set_attr(ctx, "cache", vec![1, 2, 3])?;
            Ok(Value::None)
        })
        .method("__getstate__", |ctx, this, _| {
            let state = Dict::new(ctx);
            state.insert(ctx, ctx.intern("x").value(), this.get_attr(ctx, "x")?)?;
            Ok(state.into())
        })
        .build()
}

fn state_given<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldStateGiven")
        .method("__init__", |ctx, this, args| {
            let (this, given): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "given", given)?;
            Ok(Value::None)
        })
        .method("__getstate__", |ctx, this, _| this.get_attr(ctx, "given"))
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            this.set_attr(ctx, "given", state)?;
            this.set_attr(ctx, "was_set", 1)?;
            Ok(Value::None)
        })
        .build()
}

fn ignored<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldIgnored")
        .method("__reduce__", |ctx, _, _| {
            let arguments = Tuple::new(ctx, &[ctx.str("reduced")]);
            Ok(Tuple::new(ctx, &[ctx.types().bytes.into(), arguments.into()]).into())
        })
        .method("__getnewargs__", |ctx, _, _| Ok(Tuple::new(ctx, &[Value::Int(1)]).into()))
        .build()
}

fn getattr<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldGetattr")
        .method("__getattr__", |ctx, this, args| {
            let (_, name): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__getattr__")?;
            Err(Error::with_args(&exc::ATTRIBUTE_ERROR, &[name]))
        })
        .build()
}

fn init_state<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldInitState")
        .method("__init__", |ctx, this, args| {
            let (this, a): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__init__")?;
            this.set_attr(ctx, "a", a)?;
            Ok(Value::None)
        })
        .method("__getinitargs__", |ctx, this, _| {
            Ok(Tuple::new(ctx, &[this.get_attr(ctx, "a")?]).into())
        })
        .method("__getstate__", |ctx, this, _| {
            let state = Dict::new(ctx);
            let extra = this.find_attr(ctx, "extra")?.unwrap_or(Value::None);
            state.insert(ctx, ctx.intern("extra").value(), extra)?;
            Ok(state.into())
        })
        .method("__setstate__", |ctx, this, args| {
            let (this, state): (Value<'_>, Value<'_>) = with_self(ctx, this, args, "__setstate__")?;
            this.set_attr(ctx, "extra", state.get_item(ctx, "extra")?)?;
            Ok(Value::None)
        })
        .build()
}

fn bad_init_args<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    class(ctx, "OldBadInitArgs")
        .method("__getinitargs__", |ctx, _, _| {
            Ok(List::from_vec(ctx, vec![Value::Int(1), Value::Int(2)]).into())
        })
        .method("__init__", |ctx, this, args| {
            this.set_attr(ctx, "got", args.to_tuple(ctx))?;
            Ok(Value::None)
        })
        .build()
}
