//! `Flag`: members that are bits, and those that several make together.

use halfsour_runtime::{Class, ClassBuilder, Context, Error, List, Result, Value};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::{BY_VALUE, MEMBER_MAP, MODULE, NAME, VALUE, kept, member, without_members};
use crate::support::{self, Kind, given_class, one, value_error};

pub(super) fn class<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, MODULE, "Flag", Kind::Python)
        .base(base)
        .method("__bool__", |ctx, this, _| Ok(Value::Bool(!bits(ctx, this)?.is_zero())))
        .method("__contains__", |ctx, this, args| {
            let (own, other) = (bits(ctx, this)?, bits(ctx, one(&args, "__contains__")?)?);
            Ok(Value::Bool(&own & &other == other))
        })
        .method("__iter__", |ctx, this, _| {
            let own = bits(ctx, this)?;
            let members = single(ctx, this.type_of(ctx))?;
            let members = members.into_iter().filter(|(bit, _)| !(bit & &own).is_zero());
            let members = List::from_vec(ctx, members.map(|(_, member)| member).collect());
            Ok(Value::from(members).iter(ctx)?.into_object(ctx))
        })
        .method("__len__", |ctx, this, _| {
            let own = bits(ctx, this)?;
            Ok(Value::Int(i64::try_from(own.magnitude().count_ones()).unwrap_or(i64::MAX)))
        });
    without_members(ctx, operators(builder).build()?)
}

/// Whether a class is one of flags.
pub(super) fn is_flag<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, bool> {
    let mro = class.mro();
    let is_flag = |base: &Value<'gc>| match base {
        Value::Class(base) => base.dotted_name(ctx) == "enum.Flag",
        _ => false,
    };
    Ok(mro.as_slice().iter().any(is_flag))
}

/// Whether values of unknown bits are kept: in classes of ints.
fn keeps(class: Class<'_>) -> bool {
    class.holds_content()
}

fn bits<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, BigInt> {
    value.get_attr(ctx, VALUE)?.to(ctx)
}

/// The members of one bit each.
fn single<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Vec<(BigInt, Value<'gc>)>> {
    let mut single = Vec::new();
    for (_, member) in kept(ctx, class, MEMBER_MAP)?.entries() {
        let bit = bits(ctx, member)?;
        let known = single.iter().any(|(other, _)| *other == bit);
        if bit.magnitude().count_ones() == 1 && !known {
            single.push((bit, member));
        }
    }
    Ok(single)
}

/// The object of a value that no member has: what several members make together.
pub(super) fn combined<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    value: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let (Value::Int(_) | Value::Bool(_) | Value::Long(_)) = value.content() else {
        return Ok(None);
    };
    let given: BigInt = value.to(ctx)?;
    let mut mask = BigInt::zero();
    for (_, member) in kept(ctx, class, MEMBER_MAP)?.entries() {
        mask |= bits(ctx, member)?;
    }
    let all = (BigInt::one() << mask.bits()) - 1;
    let known = if given.is_negative() {
        &given & !&all == !&all
    } else {
        &given & !&mask == BigInt::zero()
    };
    if !keeps(class) && (given.is_negative() || !known) {
        return Err(outside(class, &given, &mask));
    }
    let positive = if given.is_negative() {
        let above = BigInt::max(&all + 1_u8, BigInt::one() << given.bits());
        above + &given
    } else {
        given
    };
    let value = Value::int(ctx, positive.clone());
    if let Some(found) = kept(ctx, class, BY_VALUE)?.get(ctx, value)? {
        return Ok(Some(found));
    }
    let name = name_of(ctx, class, &positive)?;
    let made = Value::from(member(ctx, class, name, value)?);
    kept(ctx, class, BY_VALUE)?.insert(ctx, value, made)?;
    Ok(Some(made))
}

/// `A|B`, with the bits that nobody has a name for as a number; None if no bit has a name.
fn name_of<'gc>(ctx: Context<'gc>, class: Class<'gc>, value: &BigInt) -> Result<'gc> {
    let (mut names, mut rest) = (Vec::new(), value.clone());
    for (bit, member) in single(ctx, class)? {
        if !(&bit & value).is_zero() {
            names.push(support::text(member.get_attr(ctx, NAME)?));
            rest -= bit;
        }
    }
    if names.is_empty() {
        return Ok(Value::None);
    }
    if !rest.is_zero() {
        names.push(rest.to_string());
    }
    Ok(ctx.str(&names.join("|")))
}

/// `re.IGNORECASE|re.MULTILINE`; bits without a name are shown as a number.
pub(super) fn show_in_module<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let class = this.type_of(ctx);
    let module = class.module(ctx).map(support::text).unwrap_or_default();
    let (mut rest, mut parts) = (bits(ctx, this)?, Vec::new());
    if rest.is_zero() {
        let name = support::text(this.get_attr(ctx, NAME)?);
        return Ok(ctx.str(&format!("{module}.{name}")));
    }
    for (bit, member) in single(ctx, class)? {
        if !(&bit & &rest).is_zero() {
            parts.push(format!("{module}.{}", support::text(member.get_attr(ctx, NAME)?)));
            rest -= bit;
        }
    }
    if !rest.is_zero() {
        parts.push(format!("{rest:#x}"));
    }
    Ok(ctx.str(&parts.join("|")))
}

#[cold]
fn outside<'gc>(class: Class<'gc>, value: &BigInt, mask: &BigInt) -> Error<'gc> {
    let width = value.bits().max(mask.bits());
    let written = |number: &BigInt| {
        let width = usize::try_from(width).unwrap_or_default();
        let (sign, number) = match number.is_negative() {
            true => (1, number + (BigInt::one() << width)),
            false => (0, number.clone()),
        };
        format!("0b{sign} {:0>width$}", number.to_str_radix(2))
    };
    value_error(format!(
        "<flag '{}'> invalid value {value}\n    given {}\n  allowed {}",
        class.name(),
        written(value),
        written(mask)
    ))
}

/// `|`, `&`, `^` and `~`, which give members of the class.
pub(super) fn operators(mut builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    type Bitwise = fn(BigInt, BigInt) -> BigInt;
    let all: [(&'static str, &'static str, Bitwise); 3] = [
        ("__or__", "__ror__", |a, b| a | b),
        ("__and__", "__rand__", |a, b| a & b),
        ("__xor__", "__rxor__", |a, b| a ^ b),
    ];
    for (name, reflected, operation) in all {
        for name in [name, reflected] {
            builder = builder.method(name, move |ctx, this, args| {
                let (class, other) = (this.type_of(ctx), one(&args, name)?);
                let other = match other.content() {
                    _ if other.is_instance(ctx, class)? => bits(ctx, other)?,
                    Value::Int(_) | Value::Bool(_) | Value::Long(_) if keeps(class) => {
                        other.to(ctx)?
                    }
                    _ => return Ok(Value::NotImplemented),
                };
                let made = Value::int(ctx, operation(bits(ctx, this)?, other));
                Value::from(class).call(ctx, (made,))
            });
        }
    }
    builder.method("__invert__", |ctx, this, _| {
        let class = given_class(ctx, this.type_of(ctx).into())?;
        let own = bits(ctx, this)?;
        let inverted = if keeps(class) {
            !own
        } else {
            let mut mask = BigInt::zero();
            for (bit, _) in single(ctx, class)? {
                mask |= bit;
            }
            mask & !own
        };
        Value::from(class).call(ctx, (Value::int(ctx, inverted),))
    })
}
