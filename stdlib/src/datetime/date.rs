//! `date`: a day.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Operator, Result, Value};

use super::arguments::{bind, int, state};
use super::fields::{Day, Moment, day_of, moment_of, out_of_range};
use super::timedelta::{self, Delta, incomparable};
use super::{format, iso};
use crate::support::{
    self, Kind, comparisons, given_class, make, make_named, none, one, python3, reduced, text,
    tuple, type_error, value_error,
};

const NAME: &str = "date";
const PARTS: [&str; 3] = ["year", "month", "day"];

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, NAME, Kind::Static)
        .native()
        .copied_by(support::copied::<Day>)
        .slots(&[])
        .method("__new__", new)
        .property("year", |ctx, this| Ok(Value::Int(own(ctx, this)?.year.into())))
        .property("month", |ctx, this| Ok(Value::Int(own(ctx, this)?.month.into())))
        .property("day", |ctx, this| Ok(Value::Int(own(ctx, this)?.day.into())))
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            let state = halfsour_runtime::Bytes::new(ctx, &own(ctx, this)?.bytes());
            Ok(reduced(ctx, this, &[state.into()], &[]))
        })
        .method("__hash__", |ctx, this, _| {
            let parts = own(ctx, this)?.parts().map(Value::Int);
            Ok(Value::Int(tuple(ctx, &parts).hash(ctx)?))
        })
        .method("__repr__", |ctx, this, _| {
            let [year, month, day] = own(ctx, this)?.parts();
            let name = super::shown_name(ctx, this);
            Ok(ctx.str(&format!("{name}({year}, {month}, {day})")))
        })
        .method("__str__", |ctx, this, _| this.call_method(ctx, "isoformat", ()));
    let builder = made_otherwise(ctx, calendar(arithmetic(comparisons(builder, compare))));
    let class = builder.build()?;
    for (name, year, month, day) in [("min", 1, 1, 1), ("max", 9999, 12, 31)] {
        class.define(ctx, name, make(ctx, class, Day { year, month, day }, &[]))?;
    }
    let day = Delta { days: 1, seconds: 0, microseconds: 0 };
    class.define(ctx, "resolution", timedelta::object(ctx, day)?)?;
    Ok(class)
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Day> {
    day_of(this).ok_or_else(|| support::wrong_receiver(ctx, this, "datetime.date"))
}

pub(super) fn object<'gc>(ctx: Context<'gc>, day: Day) -> Result<'gc> {
    make_named(ctx, super::MODULE, NAME, day, &[])
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let sane = |state: [u8; 4]| (1..=12).contains(&state[2]);
    if let Some([high, low, month, day]) = state(ctx, &args, NAME, 1, sane)? {
        let year = u16::from_be_bytes([high, low]);
        return Ok(make(ctx, class, Day { year, month, day }, &[]));
    }
    let [year, month, day] = bind(ctx, &args, PARTS, 3, 3)?;
    let parts = [int(ctx, year, 0)?, int(ctx, month, 0)?, int(ctx, day, 0)?];
    Ok(make(ctx, class, Day::checked(ctx, parts)?, &[]))
}

/// A date of the class that a class method was asked of, by calling it.
fn of_class<'gc>(ctx: Context<'gc>, class: Value<'gc>, day: Day) -> Result<'gc> {
    class.call(ctx, (day.year, day.month, day.day))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    // A datetime is no mere day.
    match day_of(other) {
        Some(day) if moment_of(other).is_none() => {
            Ok(Value::Bool(operator.holds(own(ctx, this)?.cmp(&day))))
        }
        None if !python3(ctx) && other.find_attr(ctx, "timetuple")?.is_some() => {
            Ok(Value::NotImplemented)
        }
        _ => incomparable(ctx, "datetime.date", other, operator),
    }
}

/// A date so many days later: of the object's own class in Python 3.
fn shifted<'gc>(ctx: Context<'gc>, this: Value<'gc>, days: i64) -> Result<'gc> {
    let day = Day::of_ordinal(own(ctx, this)?.ordinal() + days).ok_or_else(out_of_range)?;
    if python3(ctx) {
        return of_class(ctx, this.type_of(ctx).into(), day);
    }
    object(ctx, day)
}

fn plus<'gc>(ctx: Context<'gc>, this: Value<'gc>, other: Value<'gc>, sign: i64) -> Result<'gc> {
    match timedelta::of(other) {
        Some(delta) => shifted(ctx, this, sign * i64::from(delta.days)),
        None => Ok(Value::NotImplemented),
    }
}

fn arithmetic(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__add__", |ctx, this, args| plus(ctx, this, one(&args, "__add__")?, 1))
        .method("__radd__", |ctx, this, args| plus(ctx, this, one(&args, "__radd__")?, 1))
        .method("__sub__", |ctx, this, args| {
            let other = one(&args, "__sub__")?;
            match day_of(other) {
                Some(day) if moment_of(other).is_none() => {
                    let days = own(ctx, this)?.ordinal() - day.ordinal();
                    let total = i128::from(days) * super::fields::MICROSECONDS_OF_DAY;
                    timedelta::object(ctx, Delta::of_total(total)?)
                }
                _ => plus(ctx, this, other, -1),
            }
        })
}

fn calendar(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("toordinal", |ctx, this, _| Ok(Value::Int(own(ctx, this)?.ordinal())))
        .method("weekday", |ctx, this, _| Ok(Value::Int(own(ctx, this)?.weekday())))
        .method("isoweekday", |ctx, this, _| Ok(Value::Int(own(ctx, this)?.weekday() + 1)))
        .method("isocalendar", |ctx, this, _| {
            let week = own(ctx, this)?.civil()?.iso_week_date();
            let weekday = week.weekday().to_monday_one_offset();
            let parts = [Value::from(week.year()), week.week().into(), weekday.into()];
            if !python3(ctx) {
                return Ok(tuple(ctx, &parts));
            }
            let class = given_class(ctx, ctx.import_from(super::MODULE, "IsoCalendarDate")?)?;
            let content = tuple(ctx, &parts);
            Ok(halfsour_runtime::Instance::with_content(ctx, class, content).into())
        })
        .method("isoformat", |ctx, this, _| Ok(ctx.str(&iso::day(own(ctx, this)?))))
        .method("ctime", |ctx, this, _| {
            let moment = Moment { day: own(ctx, this)?, clock: super::fields::Clock::default() };
            Ok(ctx.str(&format::ctime(moment)))
        })
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
        .method("timetuple", |ctx, this, _| {
            let moment = Moment { day: own(ctx, this)?, clock: super::fields::Clock::default() };
            format::time_tuple(ctx, moment, -1)
        })
        .method("replace", |ctx, this, args| {
            let [year, month, day] = args.bind("replace", PARTS, 0)?;
            let [old_year, old_month, old_day] = own(ctx, this)?.parts();
            let parts =
                [int(ctx, year, old_year)?, int(ctx, month, old_month)?, int(ctx, day, old_day)?];
            of_class(ctx, this.type_of(ctx).into(), Day::checked(ctx, parts)?)
        })
}

/// The class methods that make dates.
fn made_otherwise<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let builder = builder
        .class_method("fromordinal", |ctx, class, args| {
            let ordinal = int(ctx, Some(one(&args, "fromordinal")?), 0)?;
            if ordinal < 1 {
                return Err(value_error("ordinal must be >= 1"));
            }
            let day = Day::of_ordinal(ordinal).ok_or_else(|| {
                value_error(
                    ctx.dialect().pick("year is out of range", "year 10000 is out of range"),
                )
            })?;
            of_class(ctx, class, day)
        })
        .class_method("fromtimestamp", |ctx, class, args| {
            let seconds: f64 = one(&args, "fromtimestamp")?.to(ctx)?;
            let moment = iso::of_timestamp(ctx, seconds)?;
            of_class(ctx, class, moment.day)
        });
    if !python3(ctx) {
        return builder;
    }
    builder
        .class_method("fromisoformat", |ctx, class, args| {
            let given = one(&args, "fromisoformat")?;
            let Value::Unicode(_) = given.content() else {
                return Err(type_error("fromisoformat: argument must be str"));
            };
            match iso::parse_day(&text(given)) {
                Some(day) => of_class(ctx, class, day),
                None => Err(iso::invalid(ctx, given)),
            }
        })
        .class_method("fromisocalendar", |ctx, class, args| {
            let [year, week, day] = args.bind("fromisocalendar", ["year", "week", "day"], 3)?;
            let parts = [int(ctx, year, 0)?, int(ctx, week, 0)?, int(ctx, day, 0)?];
            of_class(ctx, class, iso::day_of_week_date(parts)?)
        })
}
