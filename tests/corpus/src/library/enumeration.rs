//! `enum`: classes whose instances are a few named values.

use halfsour_runtime::{
    Class, ClassBuilder, Context, Error, Instance, List, Result, Tuple, Value, exc,
};

use crate::classes::with_self;

/// What a class of named values derives from.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Enum,
    IntEnum,
    Flag,
    IntFlag,
}

impl Kind {
    const fn base(self) -> &'static str {
        match self {
            Self::Enum => "Enum",
            Self::IntEnum => "IntEnum",
            Self::Flag => "Flag",
            Self::IntFlag => "IntFlag",
        }
    }
}

/// A name and its value; a value that was there before makes the name another one of the same member.
pub(crate) type Member<'gc> = (&'static str, Value<'gc>);

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("enum")?;
    let metaclass = Class::builder(ctx, "EnumType")
        .base(ctx.types().type_)
        .method("__call__", |ctx, class, args| {
            let (class, value): (Value<'_>, Value<'_>) = with_self(ctx, class, args, "__call__")?;
            member_of(ctx, class, value)
        })
        .build()?;
    module.class_named(ctx, metaclass)?;
    let base = Class::builder(ctx, "Enum")
        .metaclass(metaclass)
        .method("__reduce_ex__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "_value_")?]);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), args.into()]).into())
        })
        .build()?;
    module.class_named(ctx, base)?;
    let integer = ctx.types().int;
    let derived = |name| Class::builder(ctx, name).metaclass(metaclass);
    module.class_named(ctx, derived("IntEnum").base(integer).base(base).build()?)?;
    let flag = derived("Flag").base(base).attr("_is_flag_", true).build()?;
    module.class_named(ctx, flag)?;
    module.class_named(ctx, derived("IntFlag").base(integer).base(flag).build()?)
}

/// Defines a class of named values.
pub(crate) fn enumeration<'gc>(
    ctx: Context<'gc>,
    kind: Kind,
    builder: ClassBuilder<'gc>,
    members: &[Member<'gc>],
) -> Result<'gc, Class<'gc>> {
    let Value::Class(base) = ctx.import_from("enum", kind.base())? else {
        return Err(super::type_error("the module enum has classes"));
    };
    let class = builder.metaclass(base.metaclass()).base(base).build()?;
    let all = List::new(ctx);
    Value::from(class).set_attr(ctx, "_members_", all)?;
    for (name, value) in members {
        let known = find(ctx, all, *value)?;
        let member = known.map_or_else(|| add(ctx, class, all, Some(name), *value), Ok)?;
        Value::from(class).set_attr(ctx, *name, member)?;
    }
    Ok(class)
}

fn find<'gc>(
    ctx: Context<'gc>,
    all: List<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    for member in all.to_vec() {
        if member.get_attr(ctx, "_value_")?.equals(ctx, value)? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

fn add<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    all: List<'gc>,
    name: Option<&str>,
    value: Value<'gc>,
) -> Result<'gc> {
    let member = if class.is_subclass_of(ctx.types().int) {
        Instance::with_content(ctx, class, value)
    } else {
        Instance::bare(ctx, class)
    };
    let member = Value::from(member);
    member.set_attr(ctx, "_value_", value)?;
    member.set_attr(ctx, "_name_", name.map_or(Value::None, |name| ctx.str(name)))?;
    all.push(ctx, member);
    Ok(member)
}

/// `Class(value)`: the member of that value; of flags also one without a name.
fn member_of<'gc>(ctx: Context<'gc>, class: Value<'gc>, value: Value<'gc>) -> Result<'gc> {
    let all = class.find_attr(ctx, "_members_")?.and_then(Value::as_list);
    if let (Value::Class(class), Some(all)) = (class, all) {
        if let Some(member) = find(ctx, all, value)? {
            return Ok(member);
        }
        if class.lookup(ctx, "_is_flag_").is_some() && matches!(value, Value::Int(_)) {
            return add(ctx, class, all, None, value);
        }
    }
    let shown: String = value.repr(ctx)?.to(ctx)?;
    let class: String = class.get_attr(ctx, "__qualname__")?.to(ctx)?;
    Err(Error::new(&exc::VALUE_ERROR, format!("{shown} is not a valid {class}")))
}
