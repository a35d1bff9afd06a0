//! `IPv4Network`, `IPv6Network`, and the interfaces: an address in its network.

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Error, Function, Iter, List, Operator, Result, Value, exc,
};
use num_bigint::{BigInt, BigUint};

use super::{MODULE, Version, address, parse};
use crate::support::{
    self, Kind, class_name, comparisons, never, one, reduced, repr, tuple, type_error, value_error,
};

/// An address and the length of a prefix.
struct Given {
    number: u128,
    zone: Option<String>,
    prefix: u8,
}

/// What a network or an interface is made of: text with a stroke, a pair, or an address alone.
fn given<'gc>(ctx: Context<'gc>, version: Version, value: Value<'gc>) -> Result<'gc, Given> {
    let (whole, prefix) = match value.content() {
        Value::Tuple(pair) => match *pair.as_slice() {
            [address, prefix] => (address, Some(support::shown(ctx, prefix)?)),
            [address] => (address, None),
            _ => return Err(value_error("the pair has too many parts")),
        },
        Value::Unicode(_) => {
            let text = support::text(value);
            match text.split_once('/') {
                Some((_, prefix)) if prefix.contains('/') => {
                    let shown = repr(ctx, value)?;
                    return Err(parse::refused(format!("Only one '/' permitted in {shown}")));
                }
                Some((address, prefix)) => (ctx.str(address), Some(prefix.to_owned())),
                None => (value, None),
            }
        }
        _ => (value, None),
    };
    let (number, zone) = address::given(ctx, version, whole)?;
    let prefix = match prefix {
        Some(prefix) => parse::prefix(version, &prefix)?,
        None => version.bits(),
    };
    Ok(Given { number, zone, prefix })
}

fn prefix<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, u8> {
    let prefix: i64 = this.get_attr(ctx, "_prefixlen")?.to(ctx)?;
    u8::try_from(prefix).map_err(|_| value_error("the prefix is too long"))
}

/// The number of the first address.
fn first<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, u128> {
    address::number(ctx, this.get_attr(ctx, "network_address")?)
}

/// The number of the last address.
fn last<'gc>(ctx: Context<'gc>, this: Value<'gc>, version: Version) -> Result<'gc, u128> {
    Ok(first(ctx, this)? | version.all() & !version.mask(prefix(ctx, this)?))
}

pub(super) fn network_class<'gc>(ctx: Context<'gc>, version: Version) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, MODULE, &version.class("Network"), Kind::Python)
        .attr("version", version.number())
        .attr("max_prefixlen", version.bits())
        .method("__init__", move |ctx, this, args: Args<'_>| {
            let [source, strict] = args.bind("__init__", ["address", "strict"], 1)?;
            let source = source.unwrap_or(Value::None);
            let strict = strict.map_or(Ok(true), |strict| strict.truth(ctx))?;
            let Given { number, zone, prefix } = given(ctx, version, source)?;
            let own = number & version.mask(prefix);
            if own != number && strict {
                let shown = match source.content() {
                    Value::Unicode(_) => support::text(source),
                    _ => repr(ctx, source)?,
                };
                return Err(value_error(format!("{shown} has host bits set")));
            }
            let network = address::object(ctx, version, own, zone.as_deref())?;
            this.set_attr(ctx, "network_address", network)?;
            set_mask(ctx, this, version, prefix)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| Ok(reduced(ctx, this, &[this.str(ctx)?], &[])))
        .method("__str__", |ctx, this, _| {
            let network = address::text(ctx, this.get_attr(ctx, "network_address")?)?;
            Ok(ctx.str(&format!("{network}/{}", prefix(ctx, this)?)))
        })
        .method("__repr__", |ctx, this, _| {
            let shown = repr(ctx, this.str(ctx)?)?;
            Ok(ctx.str(&format!("{}({shown})", class_name(ctx, this))))
        })
        .method("__hash__", |ctx, this, _| {
            let parts = [this.get_attr(ctx, "network_address")?, this.get_attr(ctx, "_prefixlen")?];
            Ok(Value::Int(tuple(ctx, &parts).hash(ctx)?))
        });
    let builder = masks(comparisons(builder, compare), version);
    members(builder, version).build()
}

fn set_mask<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    version: Version,
    prefix: u8,
) -> Result<'gc, ()> {
    let mask = address::object(ctx, version, version.mask(prefix), None)?;
    this.set_attr(ctx, "netmask", mask)?;
    this.set_attr(ctx, "_prefixlen", prefix)
}

fn masks(builder: ClassBuilder<'_>, version: Version) -> ClassBuilder<'_> {
    builder
        .property("prefixlen", |ctx, this| this.get_attr(ctx, "_prefixlen"))
        .property("hostmask", move |ctx, this| {
            let mask = version.all() & !version.mask(prefix(ctx, this)?);
            address::object(ctx, version, mask, None)
        })
        .property("with_prefixlen", |ctx, this| this.str(ctx))
        .property("compressed", |ctx, this| this.str(ctx))
        .property("with_netmask", |ctx, this| {
            let shown = support::shown(ctx, this)?;
            let address = shown.split('/').next().unwrap_or_default();
            let mask = address::text(ctx, this.get_attr(ctx, "netmask")?)?;
            Ok(ctx.str(&format!("{address}/{mask}")))
        })
}

fn members(builder: ClassBuilder<'_>, version: Version) -> ClassBuilder<'_> {
    builder
        .property("broadcast_address", move |ctx, this| {
            address::object(ctx, version, last(ctx, this, version)?, None)
        })
        .property("num_addresses", move |ctx, this| {
            let count = BigInt::from(last(ctx, this, version)? - first(ctx, this)?) + 1;
            Ok(Value::int(ctx, count))
        })
        .method("__contains__", move |ctx, this, args| {
            let other = one(&args, "__contains__")?;
            let known = other.find_attr(ctx, "_ip")?.is_some();
            if !known || address::version_of(ctx, other)? != version {
                return Ok(Value::Bool(false));
            }
            let mask = version.mask(prefix(ctx, this)?);
            Ok(Value::Bool(address::number(ctx, other)? & mask == first(ctx, this)?))
        })
        .method("__getitem__", move |ctx, this, args| {
            let at: BigInt = one(&args, "__getitem__")?.to(ctx)?;
            let (low, high) =
                (BigInt::from(first(ctx, this)?), BigInt::from(last(ctx, this, version)?));
            let number =
                if at.sign() == num_bigint::Sign::Minus { &high + 1 + at } else { &low + at };
            match num_traits::ToPrimitive::to_u128(&number) {
                Some(found) if number >= low && number <= high => {
                    address::object(ctx, version, found, None)
                }
                _ => Err(Error::new(&exc::INDEX_ERROR, "address out of range")),
            }
        })
        .method("__iter__", move |ctx, this, _| {
            addresses(ctx, version, first(ctx, this)?, last(ctx, this, version)?)
        })
        .method("hosts", move |ctx, this, _| {
            let (low, high) = (first(ctx, this)?, last(ctx, this, version)?);
            // A network of one or two addresses has no room for special ones.
            let (low, high) = match (high - low, version) {
                (0 | 1, _) => (low, high),
                (_, Version::Four) => (low + 1, high - 1),
                (_, Version::Six) => (low + 1, high),
            };
            addresses(ctx, version, low, high)
        })
        .method("subnet_of", move |ctx, this, args| {
            let other = one(&args, "subnet_of")?;
            let within = first(ctx, other)? <= first(ctx, this)?
                && last(ctx, other, version)? >= last(ctx, this, version)?;
            Ok(Value::Bool(within))
        })
}

/// An iterator over addresses, which makes them one by one. Where it stands is the one item of a list.
fn addresses<'gc>(ctx: Context<'gc>, version: Version, low: u128, high: u128) -> Result<'gc> {
    let state = List::from_vec(ctx, vec![Value::int(ctx, BigUint::from(low).into())]);
    let next = Function::capturing(ctx, "addresses", state, move |ctx, state, _| {
        let number: BigInt = state.get_item(ctx, 0)?.to(ctx)?;
        match num_traits::ToPrimitive::to_u128(&number).filter(|number| *number <= high) {
            Some(found) => {
                state.set_item(ctx, 0, Value::int(ctx, number + 1))?;
                address::object(ctx, version, found, None)
            }
            None => Err(Error::bare(&exc::STOP_ITERATION)),
        }
    });
    Ok(Iter::generator(ctx, next.into()).into_object(ctx))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if other.find_attr(ctx, "network_address")?.is_none() {
        return Ok(Value::NotImplemented);
    }
    if address::version_of(ctx, this)? != address::version_of(ctx, other)? {
        return match never(operator) {
            Value::NotImplemented => {
                let (this, other) = (support::shown(ctx, this)?, support::shown(ctx, other)?);
                Err(type_error(format!("{this} and {other} are not of the same version")))
            }
            answer => Ok(answer),
        };
    }
    let key = |value: Value<'gc>| -> Result<'gc, (u128, u8)> {
        Ok((first(ctx, value)?, prefix(ctx, value)?))
    };
    Ok(Value::Bool(operator.holds(key(this)?.cmp(&key(other)?))))
}

pub(super) fn interface_class<'gc>(
    ctx: Context<'gc>,
    version: Version,
    base: Class<'gc>,
) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, MODULE, &version.class("Interface"), Kind::Python)
        .base(base)
        .method("__init__", move |ctx, this, args: Args<'_>| {
            let [source] = args.bind("__init__", ["address"], 1)?;
            let Given { number, zone, prefix } =
                given(ctx, version, source.unwrap_or(Value::None))?;
            address::set(ctx, this, version, number, zone.as_deref())?;
            let whole = ctx.str(&format!("{}/{prefix}", parse::text(version, number)));
            let network = ctx.import_from(MODULE, &version.class("Network"))?;
            let network = network.call(ctx, (whole, false))?;
            this.set_attr(ctx, "network", network)?;
            set_mask(ctx, this, version, prefix)?;
            Ok(Value::None)
        })
        .method("__reduce__", |ctx, this, _| Ok(reduced(ctx, this, &[this.str(ctx)?], &[])))
        .method("__str__", |ctx, this, _| {
            Ok(ctx.str(&format!("{}/{}", address::text(ctx, this)?, prefix(ctx, this)?)))
        })
        .method("__hash__", |ctx, this, _| {
            let parts = [this.get_attr(ctx, "_ip")?, this.get_attr(ctx, "network")?];
            Ok(Value::Int(tuple(ctx, &parts).hash(ctx)?))
        })
        .property("ip", move |ctx, this| {
            let zone = address::zone(ctx, this)?;
            address::object(ctx, version, address::number(ctx, this)?, zone.as_deref())
        });
    masks(comparisons(builder, compare_interfaces), version).build()
}

/// Interfaces are equal in the same network; they are ordered by their networks first.
fn compare_interfaces<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let networks = (this.get_attr(ctx, "network")?, other.find_attr(ctx, "network")?);
    let (own, Some(network)) = networks else {
        return Ok(if other.find_attr(ctx, "_ip")?.is_some() {
            never(operator)
        } else {
            Value::NotImplemented
        });
    };
    if !own.equals(ctx, network)? {
        return match never(operator) {
            Value::NotImplemented => own.rich_compare(ctx, network, operator),
            answer => Ok(answer),
        };
    }
    let order = address::number(ctx, this)?.cmp(&address::number(ctx, other)?);
    Ok(Value::Bool(operator.holds(order)))
}
