//! `time`: a time of day, perhaps in a zone.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Operator, Result, Value};

use super::arguments::{bind, int, is_zone, state, zone};
use super::fields::{Clock, clock_of, reduced_with_zone, zone_as_values, zone_of};
use super::timedelta::{self, Delta, incomparable};
use super::{format, iso, offset};
use crate::support::{
    self, Kind, comparisons, given_class, make, make_named, one, python3, repr, text, type_error,
};

const NAME: &str = "time";
const PARTS: [&str; 6] = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, super::MODULE, NAME, Kind::Static)
        .native()
        .copied_by(support::copied::<Clock>)
        .slots(&[])
        .method("__new__", new)
        .property("tzinfo", |_, this| Ok(zone_of(this)))
        .method("__hash__", hash)
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("__str__", |ctx, this, _| this.call_method(ctx, "isoformat", ()))
        .method("isoformat", |ctx, this, args| {
            let [precision] = if python3(ctx) {
                args.bind("isoformat", ["timespec"], 0)?
            } else {
                let [] = args.bind("isoformat", [], 0)?;
                [None]
            };
            let precision = precision.map_or_else(|| "auto".to_owned(), text);
            let mut out = iso::clock(own(ctx, this)?, &precision)?;
            if let Some(offset) = offset_of(ctx, this)? {
                out.push_str(&offset::text(offset, ":"));
            }
            Ok(ctx.str(&out))
        })
        .method("__reduce__", |ctx, this, _| reduce(ctx, this, 2));
    for (at, name) in PARTS.iter().enumerate().take(4) {
        builder = builder.property(name, move |ctx, this| {
            Ok(Value::Int(own(ctx, this)?.parts().get(at).copied().unwrap_or_default()))
        });
    }
    builder = if python3(ctx) {
        builder
            .property("fold", |ctx, this| Ok(Value::Int(own(ctx, this)?.fold.into())))
            .method("__reduce_ex__", |ctx, this, args| {
                reduce(ctx, this, one(&args, "__reduce_ex__")?.to(ctx)?)
            })
            .class_method("fromisoformat", from_iso)
    } else {
        builder.method("__nonzero__", |ctx, this, _| {
            let minutes = offset_of(ctx, this)?.map_or(0, Delta::total);
            Ok(Value::Bool(own(ctx, this)?.microseconds() != minutes))
        })
    };
    let class = asking(comparisons(builder, compare)).build()?;
    let last = Clock { hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: false };
    for (name, clock) in [("min", Clock::default()), ("max", last)] {
        class.define(ctx, name, make(ctx, class, clock, &[]))?;
    }
    class.define(ctx, "resolution", timedelta::object(ctx, Delta::of_total(1)?)?)?;
    Ok(class)
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Clock> {
    clock_of(this).ok_or_else(|| support::wrong_receiver(ctx, this, "datetime.time"))
}

pub(super) fn object<'gc>(ctx: Context<'gc>, clock: Clock, zone: Value<'gc>) -> Result<'gc> {
    make_named(ctx, super::MODULE, NAME, clock, zone_as_values(&zone))
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let fold_bit = if python3(ctx) { 0x80 } else { 0 };
    let sane = |state: [u8; 6]| state[0] & !fold_bit < 24;
    if let Some(mut bytes) = state(ctx, &args, NAME, 2, sane)? {
        let fold = bytes[0] & fold_bit != 0;
        bytes[0] &= !fold_bit;
        let zone = args.positional().get(1).copied().unwrap_or(Value::None);
        if !zone.is_none() && !is_zone(ctx, zone)? {
            return Err(type_error("bad tzinfo state arg"));
        }
        return Ok(make(ctx, class, Clock::of_bytes(bytes, fold), zone_as_values(&zone)));
    }
    let [hour, minute, second, microsecond, tzinfo, fold] = if python3(ctx) {
        bind(ctx, &args, PARTS, 0, 5)?
    } else {
        let [a, b, c, d, e] =
            bind(ctx, &args, ["hour", "minute", "second", "microsecond", "tzinfo"], 0, 5)?;
        [a, b, c, d, e, None]
    };
    let parts =
        [int(ctx, hour, 0)?, int(ctx, minute, 0)?, int(ctx, second, 0)?, int(ctx, microsecond, 0)?];
    let clock = Clock::checked(parts, int(ctx, fold, 0)?)?;
    Ok(make(ctx, class, clock, zone_as_values(&zone(ctx, tzinfo)?)))
}

fn offset_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Option<Delta>> {
    offset::offset(ctx, zone_of(this), "utcoffset", Value::None)
}

/// The state's first byte says which fold is meant, from protocol 4 on.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, protocol: i64) -> Result<'gc> {
    let clock = own(ctx, this)?;
    let mut bytes = clock.bytes();
    if clock.fold && protocol > 3 {
        bytes[0] |= 0x80;
    }
    Ok(reduced_with_zone(ctx, this, &bytes))
}

fn hash<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let offset = offset_of(ctx, this)?.map_or(0, Delta::total);
    let total = own(ctx, this)?.microseconds() - offset;
    Ok(Value::Int(Value::int(ctx, total.into()).hash(ctx)?))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let clock = own(ctx, this)?;
    let [hour, minute, second, microsecond] = clock.parts();
    let name = super::shown_name(ctx, this);
    let mut out = format!("{name}({hour}, {minute}");
    if second != 0 || microsecond != 0 {
        out.push_str(&format!(", {second}"));
    }
    if microsecond != 0 {
        out.push_str(&format!(", {microsecond}"));
    }
    out.push_str(&zone_and_fold(ctx, this, clock.fold, false)?);
    out.push(')');
    Ok(ctx.str(&out))
}

/// The end of the repr of a time or datetime, which have the two in a different order.
pub(super) fn zone_and_fold<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    fold: bool,
    fold_first: bool,
) -> Result<'gc, String> {
    let fold = if fold { ", fold=1" } else { "" };
    let zone = match zone_of(this) {
        Value::None => String::new(),
        zone => format!(", tzinfo={}", repr(ctx, zone)?),
    };
    Ok(if fold_first { format!("{fold}{zone}") } else { format!("{zone}{fold}") })
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let own = own(ctx, this)?;
    let Some(clock) = clock_of(other) else {
        return incomparable(ctx, "datetime.time", other, operator);
    };
    let offsets = if zone_of(this).is(zone_of(other)) {
        (None, None)
    } else {
        (offset_of(ctx, this)?, offset_of(ctx, other)?)
    };
    let order = match offsets {
        (None, None) => own.microseconds().cmp(&clock.microseconds()),
        (Some(a), Some(b)) => {
            (own.microseconds() - a.total()).cmp(&(clock.microseconds() - b.total()))
        }
        _ => return mixed(ctx, operator, "times"),
    };
    Ok(Value::Bool(operator.holds(order)))
}

/// What a comparison of an aware and a naive object gives: in Python 3 they are never equal.
pub(super) fn mixed<'gc>(ctx: Context<'gc>, operator: Operator, kind: &str) -> Result<'gc> {
    match support::never(operator) {
        Value::NotImplemented => Err(offset::mixed("compare", kind)),
        _ if !python3(ctx) => Err(offset::mixed("compare", kind)),
        answer => Ok(answer),
    }
}

fn from_iso<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let given = one(&args, "fromisoformat")?;
    let Value::Unicode(_) = given.content() else {
        return Err(type_error("fromisoformat: argument must be str"));
    };
    let Some((clock, offset)) = iso::parse_clock(&text(given)) else {
        return Err(iso::invalid(ctx, given));
    };
    let zone = super::timezone::of_offset(ctx, offset)?;
    let [hour, minute, second, microsecond] = clock.parts().map(Value::Int);
    class.call(ctx, (hour, minute, second, microsecond, zone))
}

fn asking(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("utcoffset", |ctx, this, _| super::timedelta_or_none(ctx, offset_of(ctx, this)?))
        .method("dst", |ctx, this, _| {
            let offset = offset::offset(ctx, zone_of(this), "dst", Value::None)?;
            super::timedelta_or_none(ctx, offset)
        })
        .method("tzname", |ctx, this, _| offset::name(ctx, zone_of(this), Value::None))
        .method("strftime", |ctx, this, args| {
            let [format] = args.bind("strftime", ["format"], 1)?;
            format::strftime(ctx, this, &text(format.unwrap_or(Value::None)))
        })
        .method("__format__", |ctx, this, args| {
            let format = one(&args, "__format__")?;
            match text(format).as_str() {
                "" => this.str(ctx),
                _ => this.call_method(ctx, "strftime", (format,)),
            }
        })
        .method("replace", replace)
}

fn replace<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let clock = own(ctx, this)?;
    let [hour, minute, second, microsecond, tzinfo, fold] = args.bind("replace", PARTS, 0)?;
    let [old_hour, old_minute, old_second, old_microsecond] = clock.parts();
    let parts = [
        int(ctx, hour, old_hour)?,
        int(ctx, minute, old_minute)?,
        int(ctx, second, old_second)?,
        int(ctx, microsecond, old_microsecond)?,
    ];
    let fold = int(ctx, fold, clock.fold.into())?;
    let clock = Clock::checked(parts, fold)?;
    let zone = zone(ctx, Some(tzinfo.unwrap_or(zone_of(this))))?;
    let mut args = Args::new(&clock.parts().map(Value::Int));
    args = args.keyword(ctx, "tzinfo", zone);
    if clock.fold {
        args = args.keyword(ctx, "fold", 1);
    }
    Value::from(this.type_of(ctx)).call(ctx, args)
}
