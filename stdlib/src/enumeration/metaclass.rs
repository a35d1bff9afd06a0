//! `EnumType`, the class of enums: what can be done with an enum itself.

use halfsour_runtime::{Args, Class, Context, Dict, Error, Result, Value, exc};

use super::{BY_VALUE, MEMBER_MAP, MEMBER_NAMES, MODULE, VALUE, flags, kept};
use crate::support::{self, Kind, given_class, one, repr, type_error, value_error};

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    support::class(ctx, MODULE, "EnumType", Kind::Python)
        .base(ctx.types().type_)
        .method("__call__", call)
        .method("__getitem__", |ctx, this, args| {
            let name = one(&args, "__getitem__")?;
            let found = kept(ctx, given_class(ctx, this)?, MEMBER_MAP)?.get(ctx, name)?;
            found.ok_or_else(|| Error::with_args(&exc::KEY_ERROR, &[name]))
        })
        .method("__iter__", |ctx, this, _| {
            let members = members(ctx, given_class(ctx, this)?)?;
            let members = halfsour_runtime::List::from_vec(ctx, members);
            Ok(Value::from(members).iter(ctx)?.into_object(ctx))
        })
        .method("__len__", |ctx, this, _| {
            Ok(Value::int(ctx, members(ctx, given_class(ctx, this)?)?.len().into()))
        })
        .method("__bool__", |_, _, _| Ok(Value::Bool(true)))
        .method("__contains__", |ctx, this, args| {
            let value = one(&args, "__contains__")?;
            let is_member = value.is_instance(ctx, this)?;
            Ok(Value::Bool(is_member || find(ctx, given_class(ctx, this)?, value)?.is_some()))
        })
        .property("__members__", |ctx, this| {
            Ok(kept(ctx, given_class(ctx, this)?, MEMBER_MAP)?.shallow_copy(ctx).into())
        })
        .method("__setattr__", |ctx, this, args| {
            let (name, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setattr__")?;
            if kept(ctx, given_class(ctx, this)?, MEMBER_MAP)?.contains(ctx, name)? {
                let message = format!("cannot reassign member {}", repr(ctx, name)?);
                return Err(Error::new(&exc::ATTRIBUTE_ERROR, message));
            }
            let set = Value::from(ctx.types().type_).get_attr(ctx, "__setattr__")?;
            set.call(ctx, (this, name, value))
        })
        .method("__repr__", |ctx, this, _| {
            let class = given_class(ctx, this)?;
            let kind = if flags::is_flag(ctx, class)? { "flag" } else { "enum" };
            Ok(ctx.str(&format!("<{kind} '{}'>", class.name())))
        })
        .build()
}

fn members<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let map = kept(ctx, class, MEMBER_MAP)?;
    let names = class.lookup(ctx, MEMBER_NAMES).unwrap_or(Value::None);
    let names = names.iter(ctx)?.collect_vec(ctx)?;
    names.into_iter().filter_map(|name| map.get(ctx, name).transpose()).collect()
}

/// `Colour(1)`: the member of a value.
fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, this)?;
    let [value] = args.bind("__call__", ["value"], 0)?;
    let Some(value) = value else {
        let message = "EnumType.__call__() missing 1 required positional argument: 'value'";
        return Err(type_error(message));
    };
    if let Value::Instance(instance) = value
        && instance.class().is(class)
    {
        return Ok(value);
    }
    if let Some(found) = find(ctx, class, value)? {
        return Ok(found);
    }
    if flags::is_flag(ctx, class)?
        && let Some(made) = flags::combined(ctx, class, value)?
    {
        return Ok(made);
    }
    Err(invalid(ctx, class, value))
}

#[cold]
fn invalid<'gc>(ctx: Context<'gc>, class: Class<'gc>, value: Value<'gc>) -> Error<'gc> {
    match repr(ctx, value) {
        Ok(shown) => {
            let name = support::text(class.qualname());
            value_error(format!("{shown} is not a valid {name}"))
        }
        Err(error) => error,
    }
}

/// The member of a value; one whose value has no hash is searched for.
fn find<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    match kept(ctx, class, BY_VALUE)?.get(ctx, value) {
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => {}
        found => return found,
    }
    for (_, member) in kept(ctx, class, MEMBER_MAP).map(Dict::entries)? {
        if member.get_attr(ctx, VALUE)?.equals(ctx, value)? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}
