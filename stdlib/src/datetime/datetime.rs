//! `datetime`: a day and a time of day, perhaps in a zone.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Operator, Result, Value};

use super::arguments::{bind, int, is_zone, state, zone};
use super::fields::{
    Clock, Day, Moment, clock_of, day_of, moment_of, reduced_with_zone, zone_as_values, zone_of,
};
use super::timedelta::{self, Delta, incomparable};
use super::{date, format, iso, offset, time};
use crate::support::{
    self, Kind, comparisons, given_class, make, make_named, one, python3, text, type_error,
};

const NAME: &str = "datetime";
const PARTS: [&str; 9] =
    ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];

pub(super) fn class<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, super::MODULE, NAME, Kind::Static)
        .base(base)
        .native()
        .copied_by(support::copied::<Moment>)
        .slots(&[])
        .method("__new__", new)
        .property("tzinfo", |_, this| Ok(zone_of(this)))
        .method("__hash__", |ctx, this, _| {
            let total = own(ctx, this)?.microseconds();
            let offset = offset_without_fold(ctx, this)?.map_or(0, Delta::total);
            Ok(Value::Int(Value::int(ctx, (total - offset).into()).hash(ctx)?))
        })
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("__str__", |ctx, this, _| this.call_method(ctx, "isoformat", (" ",)))
        .method("isoformat", iso_format)
        .method("__reduce__", |ctx, this, _| reduce(ctx, this, 2));
    for (at, name) in PARTS.iter().enumerate().skip(3).take(4) {
        builder = builder.property(name, move |ctx, this| {
            let parts = own(ctx, this)?.clock.parts();
            Ok(Value::Int(parts.get(at - 3).copied().unwrap_or_default()))
        });
    }
    builder = builder
        .method("__add__", |ctx, this, args| plus(ctx, this, one(&args, "__add__")?, 1))
        .method("__radd__", |ctx, this, args| plus(ctx, this, one(&args, "__radd__")?, 1))
        .method("__sub__", |ctx, this, args| minus(ctx, this, one(&args, "__sub__")?));
    builder = made_otherwise(asking(parts(comparisons(builder, compare))));
    if python3(ctx) {
        builder = parts_of_python3(builder);
    }
    let class = builder.build()?;
    let last = Clock { hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: false };
    for (name, parts, clock) in
        [("min", (1, 1, 1), Clock::default()), ("max", (9999, 12, 31), last)]
    {
        let (year, month, day) = parts;
        let moment = Moment { day: Day { year, month, day }, clock };
        class.define(ctx, name, make(ctx, class, moment, &[]))?;
    }
    class.define(ctx, "resolution", timedelta::object(ctx, Delta::of_total(1)?)?)?;
    Ok(class)
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Moment> {
    moment_of(this).ok_or_else(|| support::wrong_receiver(ctx, this, "datetime.datetime"))
}

pub(super) fn object<'gc>(ctx: Context<'gc>, moment: Moment, zone: Value<'gc>) -> Result<'gc> {
    make_named(ctx, super::MODULE, NAME, moment, zone_as_values(&zone))
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let fold_bit = if python3(ctx) { 0x80 } else { 0 };
    let sane = |state: [u8; 10]| (1..=12).contains(&(state[2] & !fold_bit));
    if let Some(bytes) = state(ctx, &args, NAME, 2, sane)? {
        let [high, low, month, day, a, b, c, d, e, f] = bytes;
        let zone = args.positional().get(1).copied().unwrap_or(Value::None);
        if !zone.is_none() && !is_zone(ctx, zone)? {
            return Err(type_error("bad tzinfo state arg"));
        }
        let year = u16::from_be_bytes([high, low]);
        let day = Day { year, month: month & !fold_bit, day };
        let clock = Clock::of_bytes([a, b, c, d, e, f], month & fold_bit != 0);
        return Ok(make(ctx, class, Moment { day, clock }, zone_as_values(&zone)));
    }
    let [year, month, day, hour, minute, second, microsecond, tzinfo, fold] = if python3(ctx) {
        bind(ctx, &args, PARTS, 3, 8)?
    } else {
        let [a, b, c, d, e, f, g, h, _] = PARTS;
        let [a, b, c, d, e, f, g, h] = bind(ctx, &args, [a, b, c, d, e, f, g, h], 3, 8)?;
        [a, b, c, d, e, f, g, h, None]
    };
    let day = [int(ctx, year, 0)?, int(ctx, month, 0)?, int(ctx, day, 0)?];
    let clock =
        [int(ctx, hour, 0)?, int(ctx, minute, 0)?, int(ctx, second, 0)?, int(ctx, microsecond, 0)?];
    let fold = int(ctx, fold, 0)?;
    let moment = Moment { day: Day::checked(ctx, day)?, clock: Clock::checked(clock, fold)? };
    Ok(make(ctx, class, moment, zone_as_values(&zone(ctx, tzinfo)?)))
}

/// A datetime by calling the class.
fn of_class<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    moment: Moment,
    zone: Value<'gc>,
) -> Result<'gc> {
    let parts: Vec<Value<'gc>> =
        moment.day.parts().into_iter().chain(moment.clock.parts()).map(Value::Int).collect();
    let mut args = Args::new(&parts).keyword(ctx, "tzinfo", zone);
    if moment.clock.fold {
        args = args.keyword(ctx, "fold", 1);
    }
    class.call(ctx, args)
}

fn offset_of<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Option<Delta>> {
    offset::offset(ctx, zone_of(this), "utcoffset", this)
}

/// The offset of the first of two equal readings, which decides over the hash.
fn offset_without_fold<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Option<Delta>> {
    let mut moment = own(ctx, this)?;
    if !moment.clock.fold || zone_of(this).is_none() {
        return offset_of(ctx, this);
    }
    moment.clock.fold = false;
    let other = object(ctx, moment, zone_of(this))?;
    offset_of(ctx, other)
}

/// The state's third byte says which fold is meant, from protocol 4 on.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, protocol: i64) -> Result<'gc> {
    let moment = own(ctx, this)?;
    let ([high, low, mut month, day], [a, b, c, d, e, f]) =
        (moment.day.bytes(), moment.clock.bytes());
    if moment.clock.fold && protocol > 3 {
        month |= 0x80;
    }
    Ok(reduced_with_zone(ctx, this, &[high, low, month, day, a, b, c, d, e, f]))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let moment = own(ctx, this)?;
    let mut parts: Vec<i64> = moment.day.parts().into_iter().chain(moment.clock.parts()).collect();
    while parts.len() > 5 && parts.last() == Some(&0) {
        parts.pop();
    }
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    let end = time::zone_and_fold(ctx, this, moment.clock.fold, true)?;
    let name = super::shown_name(ctx, this);
    Ok(ctx.str(&format!("{name}({}{end})", parts.join(", "))))
}

fn iso_format<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [separator, precision] = if python3(ctx) {
        args.bind("isoformat", ["sep", "timespec"], 0)?
    } else {
        let [separator] = args.bind("isoformat", ["sep"], 0)?;
        [separator, None]
    };
    let separator = separator.map_or_else(|| "T".to_owned(), text);
    let precision = precision.map_or_else(|| "auto".to_owned(), text);
    let moment = own(ctx, this)?;
    let mut out = iso::day(moment.day) + &separator + &iso::clock(moment.clock, &precision)?;
    if let Some(offset) = offset_of(ctx, this)? {
        out.push_str(&offset::text(offset, ":"));
    }
    Ok(ctx.str(&out))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let own = own(ctx, this)?;
    let Some(moment) = moment_of(other) else {
        return compare_with_date(ctx, other, operator);
    };
    let offsets = if zone_of(this).is(zone_of(other)) {
        (None, None)
    } else {
        (offset_of(ctx, this)?, offset_of(ctx, other)?)
    };
    let order = match offsets {
        (None, None) => own.microseconds().cmp(&moment.microseconds()),
        (Some(a), Some(b)) => {
            (own.microseconds() - a.total()).cmp(&(moment.microseconds() - b.total()))
        }
        _ => return time::mixed(ctx, operator, "datetimes"),
    };
    Ok(Value::Bool(operator.holds(order)))
}

/// A date is neither equal to a datetime nor before or behind it.
fn compare_with_date<'gc>(ctx: Context<'gc>, other: Value<'gc>, operator: Operator) -> Result<'gc> {
    if day_of(other).is_none() {
        if !python3(ctx) && other.find_attr(ctx, "timetuple")?.is_some() {
            return Ok(Value::NotImplemented);
        }
        return incomparable(ctx, "datetime.datetime", other, operator);
    }
    match support::never(operator) {
        Value::NotImplemented if !python3(ctx) => {
            Err(type_error("can't compare datetime.datetime to datetime.date"))
        }
        answer => Ok(answer),
    }
}

fn plus<'gc>(ctx: Context<'gc>, this: Value<'gc>, other: Value<'gc>, sign: i128) -> Result<'gc> {
    let Some(delta) = timedelta::of(other) else { return Ok(Value::NotImplemented) };
    let total = own(ctx, this)?.microseconds() + sign * delta.total();
    let moment = Moment::of_microseconds(total)?;
    if python3(ctx) {
        return of_class(ctx, this.type_of(ctx).into(), moment, zone_of(this));
    }
    object(ctx, moment, zone_of(this))
}

fn minus<'gc>(ctx: Context<'gc>, this: Value<'gc>, other: Value<'gc>) -> Result<'gc> {
    let Some(moment) = moment_of(other) else { return plus(ctx, this, other, -1) };
    let own = own(ctx, this)?;
    let shift = if zone_of(this).is(zone_of(other)) {
        0
    } else {
        match (offset_of(ctx, this)?, offset_of(ctx, other)?) {
            (None, None) => 0,
            (Some(a), Some(b)) => a.total() - b.total(),
            _ => return Err(offset::mixed("subtract", "datetimes")),
        }
    };
    let total = own.microseconds() - moment.microseconds() - shift;
    timedelta::object(ctx, Delta::of_total(total)?)
}

fn asking(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("utcoffset", |ctx, this, _| super::timedelta_or_none(ctx, offset_of(ctx, this)?))
        .method("dst", |ctx, this, _| {
            super::timedelta_or_none(ctx, offset::offset(ctx, zone_of(this), "dst", this)?)
        })
        .method("tzname", |ctx, this, _| offset::name(ctx, zone_of(this), this))
        .method("astimezone", |ctx, this, args| {
            let [tz] = args.bind("astimezone", ["tz"], 0)?;
            as_zone(ctx, this, tz.unwrap_or(Value::None))
        })
}

/// The same moment on the clocks of another zone.
// DIFFERENCE: without a zone CPython takes the local one; here it must be given.
fn as_zone<'gc>(ctx: Context<'gc>, this: Value<'gc>, zone: Value<'gc>) -> Result<'gc> {
    if !is_zone(ctx, zone)? {
        let found = zone.type_name(ctx);
        return Err(type_error(format!("tzinfo argument must be a tzinfo subclass, not {found}")));
    }
    if zone.is(zone_of(this)) {
        return Ok(this);
    }
    let Some(offset) = offset_of(ctx, this)? else {
        let message = "astimezone() cannot be applied to a naive datetime";
        return Err(support::value_error(message));
    };
    let moment = Moment::of_microseconds(own(ctx, this)?.microseconds() - offset.total())?;
    let utc = object(ctx, moment, zone)?;
    zone.call_method(ctx, "fromutc", (utc,))
}

fn parts(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("date", |ctx, this, _| date::object(ctx, own(ctx, this)?.day))
        .method("time", |ctx, this, _| time::object(ctx, own(ctx, this)?.clock, Value::None))
        .method("timetz", |ctx, this, _| time::object(ctx, own(ctx, this)?.clock, zone_of(this)))
        .method("ctime", |ctx, this, _| Ok(ctx.str(&format::ctime(own(ctx, this)?))))
        .method("timetuple", |ctx, this, _| {
            let saving = offset::offset(ctx, zone_of(this), "dst", this)?;
            let saving = saving.map_or(-1, |saving| i64::from(saving.total() != 0));
            format::time_tuple(ctx, own(ctx, this)?, saving)
        })
        .method("utctimetuple", |ctx, this, _| {
            let offset = offset_of(ctx, this)?.map_or(0, Delta::total);
            let moment = Moment::of_microseconds(own(ctx, this)?.microseconds() - offset)?;
            format::time_tuple(ctx, moment, 0)
        })
        .method("replace", replace)
}

fn replace<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let moment = own(ctx, this)?;
    let given = args.bind("replace", PARTS, 0)?;
    let [.., zone_given, fold_given] = given;
    let mut parts = [0; 7];
    let old = moment.day.parts().into_iter().chain(moment.clock.parts());
    for ((part, given), old) in parts.iter_mut().zip(given).zip(old) {
        *part = int(ctx, given, old)?;
    }
    let [year, month, day, hour, minute, second, microsecond] = parts;
    let fold = int(ctx, fold_given, moment.clock.fold.into())?;
    let moment = Moment {
        day: Day::checked(ctx, [year, month, day])?,
        clock: Clock::checked([hour, minute, second, microsecond], fold)?,
    };
    let zone = zone(ctx, Some(zone_given.unwrap_or(zone_of(this))))?;
    of_class(ctx, this.type_of(ctx).into(), moment, zone)
}

/// The class methods that make datetimes.
fn made_otherwise(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .class_method("combine", |ctx, class, args| {
            let [day, clock, tzinfo] = args.bind("combine", ["date", "time", "tzinfo"], 2)?;
            let (day, clock) = (day.unwrap_or(Value::None), clock.unwrap_or(Value::None));
            let (Some(own_day), Some(own_clock)) = (day_of(day), clock_of(clock)) else {
                let (wrong, at, kind) =
                    if day_of(day).is_none() { (day, 1, "date") } else { (clock, 2, "time") };
                let found = wrong.type_name(ctx);
                let message =
                    format!("combine() argument {at} must be datetime.{kind}, not {found}");
                return Err(type_error(message));
            };
            let zone = zone(ctx, Some(tzinfo.unwrap_or(zone_of(clock))))?;
            of_class(ctx, class, Moment { day: own_day, clock: own_clock }, zone)
        })
        .class_method("fromtimestamp", |ctx, class, args| {
            let [timestamp, tz] = args.bind("fromtimestamp", ["timestamp", "tz"], 1)?;
            let moment = iso::of_timestamp(ctx, timestamp.unwrap_or(Value::None).to(ctx)?)?;
            let zone = zone(ctx, tz)?;
            let made = of_class(ctx, class, moment, zone)?;
            if zone.is_none() { Ok(made) } else { zone.call_method(ctx, "fromutc", (made,)) }
        })
        .class_method("utcfromtimestamp", |ctx, class, args| {
            let moment = iso::of_timestamp(ctx, one(&args, "utcfromtimestamp")?.to(ctx)?)?;
            of_class(ctx, class, moment, Value::None)
        })
        .class_method("fromordinal", |ctx, class, args| {
            let ordinal = int(ctx, Some(one(&args, "fromordinal")?), 0)?;
            let day = Day::of_ordinal(ordinal).filter(|_| ordinal >= 1);
            let day = day.ok_or_else(|| support::value_error("ordinal must be >= 1"))?;
            of_class(ctx, class, Moment { day, clock: Clock::default() }, Value::None)
        })
}

fn parts_of_python3(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .property("fold", |ctx, this| Ok(Value::Int(own(ctx, this)?.clock.fold.into())))
        .method("__reduce_ex__", |ctx, this, args| {
            reduce(ctx, this, one(&args, "__reduce_ex__")?.to(ctx)?)
        })
        .method("timestamp", |ctx, this, _| {
            // DIFFERENCE: CPython takes a naive datetime for local time; here it is UTC.
            let offset = offset_of(ctx, this)?.map_or(0, Delta::total);
            Ok(Value::Float(iso::timestamp(own(ctx, this)?.microseconds() - offset)))
        })
        .class_method("fromisoformat", |ctx, class, args| {
            let given = one(&args, "fromisoformat")?;
            let Value::Unicode(_) = given.content() else {
                return Err(type_error("fromisoformat: argument must be str"));
            };
            let Some((moment, offset)) = parsed(&text(given)) else {
                return Err(iso::invalid(ctx, given));
            };
            let zone = super::timezone::of_offset(ctx, offset)?;
            of_class(ctx, class, moment, zone)
        })
}

/// A day, any one character, and a time; or a day alone.
fn parsed(text: &str) -> Option<(Moment, Option<Delta>)> {
    let end = [10, 8, 7].into_iter().find(|end| {
        text.get(..*end).and_then(iso::parse_day).is_some()
            && text.get(*end..).is_none_or(|rest| !rest.starts_with('-'))
    })?;
    let day = iso::parse_day(text.get(..end)?)?;
    let rest = text.get(end..)?;
    if rest.is_empty() {
        return Some((Moment { day, clock: Clock::default() }, None));
    }
    let separator = rest.chars().next()?;
    let (clock, offset) = iso::parse_clock(rest.get(separator.len_utf8()..)?)?;
    Some((Moment { day, clock }, offset))
}
