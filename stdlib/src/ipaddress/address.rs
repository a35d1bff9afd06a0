//! `IPv4Address` and `IPv6Address`.

use halfsour_runtime::{
    Args, Bytes, Class, ClassBuilder, Context, Instance, Operator, Result, Value,
};
use num_bigint::{BigInt, BigUint};
use num_traits::{Signed, ToPrimitive};

use super::parse::{self, refused};
use super::{MODULE, Version};
use crate::support::{
    self, Kind, class_name, comparisons, given_class, never, one, reduced, repr, tuple, type_error,
};

const NUMBER: &str = "_ip";
const ZONE: &str = "_scope_id";

pub(super) fn class<'gc>(ctx: Context<'gc>, version: Version) -> Result<'gc, Class<'gc>> {
    let slots: &[&str] = match version {
        Version::Four => &[NUMBER, "__weakref__"],
        Version::Six => &[NUMBER, ZONE, "__weakref__"],
    };
    let builder = support::class(ctx, MODULE, &version.class("Address"), Kind::Python)
        .slots(slots)
        .attr("version", version.number())
        .attr("max_prefixlen", version.bits())
        .method("__init__", move |ctx, this, args: Args<'_>| {
            let [address] = args.bind("__init__", ["address"], 1)?;
            let (number, zone) = given(ctx, version, address.unwrap_or(Value::None))?;
            set(ctx, this, version, number, zone.as_deref())?;
            Ok(Value::None)
        })
        // IPv4Address is pickled as a number, IPv6Address as text, which has the zone.
        .method("__reduce__", move |ctx, this, _| {
            let given = match version {
                Version::Four => this.get_attr(ctx, NUMBER)?,
                Version::Six => this.str(ctx)?,
            };
            Ok(reduced(ctx, this, &[given], &[]))
        })
        .method("__str__", |ctx, this, _| Ok(ctx.str(&text(ctx, this)?)))
        .method("__repr__", |ctx, this, _| {
            let shown = repr(ctx, this.str(ctx)?)?;
            Ok(ctx.str(&format!("{}({shown})", class_name(ctx, this))))
        })
        .method("__int__", |ctx, this, _| this.get_attr(ctx, NUMBER))
        .method("__hash__", move |ctx, this, _| {
            let zone = this.find_attr(ctx, ZONE)?.unwrap_or(Value::None);
            let parts =
                [this.get_attr(ctx, NUMBER)?, zone, Value::Int(i64::from(version.number()))];
            Ok(Value::Int(tuple(ctx, &parts).hash(ctx)?))
        });
    parts(comparisons(builder, compare), version).build()
}

/// The number and zone of what an address is made of: a number, bytes, or text.
pub(super) fn given<'gc>(
    ctx: Context<'gc>,
    version: Version,
    address: Value<'gc>,
) -> Result<'gc, (u128, Option<String>)> {
    let (name, bits) = (version.number(), version.bits());
    match address.content() {
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
            let number: BigInt = address.to(ctx)?;
            if number.is_negative() {
                let message = format!("{number} (< 0) is not permitted as an IPv{name} address");
                return Err(refused(message));
            }
            let small = number.to_u128().filter(|small| *small <= version.all());
            let too_large = || {
                refused(format!("{number} (>= 2**{bits}) is not permitted as an IPv{name} address"))
            };
            Ok((small.ok_or_else(too_large)?, None))
        }
        Value::Bytes(bytes) => {
            let expected = usize::from(bits / 8);
            if bytes.len() != expected {
                let (shown, length) = (repr(ctx, address)?, bytes.len());
                return Err(refused(format!(
                    "{shown} (len {length} != {expected}) is not permitted as an IPv{name} address"
                )));
            }
            let number = BigUint::from_bytes_be(bytes.as_slice());
            Ok((number.to_u128().unwrap_or_default(), None))
        }
        _ => parse::address(version, &support::shown(ctx, address)?),
    }
}

pub(super) fn set<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    version: Version,
    number: u128,
    zone: Option<&str>,
) -> Result<'gc, ()> {
    this.set_attr(ctx, NUMBER, Value::int(ctx, BigUint::from(number).into()))?;
    if version == Version::Six {
        this.set_attr(ctx, ZONE, zone)?;
    }
    Ok(())
}

/// An address of the module's class.
pub(super) fn object<'gc>(
    ctx: Context<'gc>,
    version: Version,
    number: u128,
    zone: Option<&str>,
) -> Result<'gc> {
    let class = given_class(ctx, ctx.import_from(MODULE, &version.class("Address"))?)?;
    let this = Value::from(Instance::bare(ctx, class));
    set(ctx, this, version, number, zone)?;
    Ok(this)
}

pub(super) fn number<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, u128> {
    let number: BigInt = this.get_attr(ctx, NUMBER)?.to(ctx)?;
    number.to_u128().ok_or_else(|| refused(format!("{number} is no address")))
}

pub(super) fn zone<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Option<String>> {
    this.find_attr(ctx, ZONE)?.unwrap_or(Value::None).to(ctx)
}

pub(super) fn version_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Version> {
    let version: i64 = this.get_attr(ctx, "version")?.to(ctx)?;
    Ok(if version == 4 { Version::Four } else { Version::Six })
}

/// The text of the address alone, with its zone.
pub(super) fn text<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, String> {
    let text = parse::text(version_of(ctx, this)?, number(ctx, this)?);
    Ok(match zone(ctx, this)? {
        Some(zone) => format!("{text}%{zone}"),
        None => text,
    })
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if other.find_attr(ctx, NUMBER)?.is_none() || !other.is_instance(ctx, ctx.types().object)? {
        return Ok(Value::NotImplemented);
    }
    let key = |value| -> Result<'gc, (u128, Option<String>)> {
        Ok((number(ctx, value)?, zone(ctx, value)?))
    };
    if version_of(ctx, this)? != version_of(ctx, other)? {
        return match never(operator) {
            Value::NotImplemented => {
                let (this, other) = (support::shown(ctx, this)?, support::shown(ctx, other)?);
                Err(type_error(format!("{this} and {other} are not of the same version")))
            }
            answer => Ok(answer),
        };
    }
    let (own, other) = (key(this)?, key(other)?);
    let order = match operator {
        Operator::Equal | Operator::NotEqual => own.cmp(&other),
        _ => own.0.cmp(&other.0),
    };
    Ok(Value::Bool(operator.holds(order)))
}

/// An address so many further on.
fn moved<'gc>(ctx: Context<'gc>, this: Value<'gc>, by: Value<'gc>, back: bool) -> Result<'gc> {
    let (Value::Int(_) | Value::Bool(_) | Value::Long(_)) = by.content() else {
        return Ok(Value::NotImplemented);
    };
    let by: BigInt = by.to(ctx)?;
    let number: BigInt = this.get_attr(ctx, NUMBER)?.to(ctx)?;
    let moved = Value::int(ctx, if back { number - by } else { number + by });
    Value::from(this.type_of(ctx)).call(ctx, (moved,))
}

/// Whether an address is in a network, given by its first address and the length of its prefix.
fn is_in<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    version: Version,
    (network, prefix): (u128, u8),
) -> Result<'gc> {
    Ok(Value::Bool(number(ctx, this)? & version.mask(prefix) == network))
}

fn parts(builder: ClassBuilder<'_>, version: Version) -> ClassBuilder<'_> {
    builder
        .method("__add__", |ctx, this, args| moved(ctx, this, one(&args, "__add__")?, false))
        .method("__sub__", |ctx, this, args| moved(ctx, this, one(&args, "__sub__")?, true))
        .property("packed", move |ctx, this| {
            let number = number(ctx, this)?.to_be_bytes();
            let from = number.len() - usize::from(version.bits() / 8);
            Ok(Bytes::new(ctx, number.get(from..).unwrap_or_default()).into())
        })
        .property("compressed", |ctx, this| this.str(ctx))
        .property("exploded", move |ctx, this| {
            if version == Version::Four {
                return this.str(ctx);
            }
            let digits = format!("{:032x}", number(ctx, this)?);
            let groups: Vec<&str> =
                (0..8).filter_map(|group| digits.get(4 * group..4 * group + 4)).collect();
            Ok(ctx.str(&groups.join(":")))
        })
        .property("is_loopback", move |ctx, this| {
            let network = if version == Version::Four { (127 << 24, 8) } else { (1, 128) };
            is_in(ctx, this, version, network)
        })
        .property("is_multicast", move |ctx, this| {
            let network = if version == Version::Four { (224 << 24, 4) } else { (0xff << 120, 8) };
            is_in(ctx, this, version, network)
        })
        .property("is_unspecified", |ctx, this| Ok(Value::Bool(number(ctx, this)? == 0)))
        .property("is_link_local", move |ctx, this| {
            let four = (169 << 24 | 254 << 16, 16);
            let network = if version == Version::Four { four } else { (0xfe80 << 112, 10) };
            is_in(ctx, this, version, network)
        })
        .property("scope_id", |ctx, this| Ok(this.find_attr(ctx, ZONE)?.unwrap_or(Value::None)))
}
