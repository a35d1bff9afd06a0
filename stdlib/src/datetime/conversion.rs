//! From and to the types of the crate `jiff`.

use halfsour_runtime::{Context, Result, Value};
use jiff::civil;

use super::fields::{Clock, Day, Moment, clock_of, day_of, moment_of};
use super::timedelta::{self, Delta};
use super::{date, datetime, time};
use crate::support::{type_error, value_error};

/// Returns a `datetime.date` or the day of a `datetime.datetime` in jiff's words.
///
/// # Errors
///
/// `TypeError` if it is neither; `ValueError` if the calendar has no such day, which a pickle may hold.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
/// use halfsour_stdlib::datetime::to_jiff_date;
///
/// let mut runtime = Runtime::python3();
/// let day = runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let day = ctx.import_from("datetime", "date")?.call(ctx, (2012, 3, 4))?;
///     to_jiff_date(ctx, day)
/// })?;
/// assert_eq!(day, jiff::civil::date(2012, 3, 4));
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_jiff_date<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, civil::Date> {
    day_of(value).ok_or_else(|| expected(ctx, "date", value))?.civil()
}

/// Returns a `datetime.datetime` in jiff's words, as its clock shows it: the zone, if it has one, is left out.
///
/// # Errors
///
/// `TypeError` if it is none; `ValueError` if there is no such day or time, which a pickle may hold.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
/// use halfsour_stdlib::datetime::{from_jiff, to_jiff};
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let moment = jiff::civil::date(2012, 3, 4).at(5, 6, 7, 8_000);
///     let object = from_jiff(ctx, moment)?;
///     assert_eq!(object.repr(ctx)?.to::<String>(ctx)?, "datetime.datetime(2012, 3, 4, 5, 6, 7, 8)");
///     assert_eq!(to_jiff(ctx, object)?, moment);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_jiff<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, civil::DateTime> {
    moment_of(value).ok_or_else(|| expected(ctx, "datetime", value))?.civil()
}

/// Returns a `datetime.time`, or the time of a `datetime.datetime`, in jiff's words.
///
/// # Errors
///
/// `TypeError` if it is neither; `ValueError` if there is no such time, which a pickle may hold.
pub fn to_jiff_time<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, civil::Time> {
    let clock = clock_of(value).or_else(|| moment_of(value).map(|moment| moment.clock));
    let clock = clock.ok_or_else(|| expected(ctx, "time", value))?;
    let moment = Moment { day: Day { year: 1, month: 1, day: 1 }, clock };
    Ok(moment.civil()?.time())
}

/// Returns the `datetime.datetime` of a civil moment. What is below a microsecond is lost, as Python has none of it.
///
/// # Errors
///
/// `ValueError` if the year is none that Python has; `ImportError` if the module is not installed.
pub fn from_jiff<'gc>(ctx: Context<'gc>, moment: civil::DateTime) -> Result<'gc> {
    let day = python_day(moment.date())?;
    datetime::object(ctx, Moment { day, clock: python_clock(moment.time()) }, Value::None)
}

/// Returns the `datetime.date` of a civil date.
///
/// # Errors
///
/// As [`from_jiff`].
pub fn date_from_jiff<'gc>(ctx: Context<'gc>, day: civil::Date) -> Result<'gc> {
    date::object(ctx, python_day(day)?)
}

/// Types of jiff that become objects of the module `datetime`.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
/// use halfsour_stdlib::datetime::FromJiff;
///
/// let mut runtime = Runtime::python3();
/// let shown = runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let duration = jiff::SignedDuration::from_secs(-1);
///     duration.into_python(ctx)?.repr(ctx)?.to::<String>(ctx)
/// })?;
/// assert_eq!(shown, "datetime.timedelta(days=-1, seconds=86399)");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub trait FromJiff {
    /// Makes the object.
    ///
    /// # Errors
    ///
    /// `ValueError` or `OverflowError` if Python has no such date or duration; `ImportError` if the module is not
    /// installed.
    fn into_python<'gc>(self, ctx: Context<'gc>) -> Result<'gc>;
}

impl FromJiff for civil::Date {
    fn into_python<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        date_from_jiff(ctx, self)
    }
}

impl FromJiff for civil::Time {
    fn into_python<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        time::object(ctx, python_clock(self), Value::None)
    }
}

impl FromJiff for civil::DateTime {
    fn into_python<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        from_jiff(ctx, self)
    }
}

impl FromJiff for jiff::SignedDuration {
    fn into_python<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        timedelta::object(ctx, Delta::of_total(self.as_micros())?)
    }
}

fn python_day<'gc>(day: civil::Date) -> Result<'gc, Day> {
    if day.year() < 1 {
        return Err(value_error(format!("year {} is out of range", day.year())));
    }
    Ok(Day::of_civil(day))
}

fn python_clock(time: civil::Time) -> Clock {
    let [hour, minute, second] =
        [time.hour(), time.minute(), time.second()].map(|part| part.unsigned_abs());
    let microsecond = time.subsec_nanosecond().unsigned_abs() / 1000;
    Clock { hour, minute, second, microsecond, fold: false }
}

#[cold]
fn expected<'gc>(ctx: Context<'gc>, kind: &str, value: Value<'gc>) -> halfsour_runtime::Error<'gc> {
    type_error(format!("expected datetime.{kind}, got {}", value.type_name(ctx)))
}
