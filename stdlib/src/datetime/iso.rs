//! ISO 8601: text of dates and times, and back; and moments from timestamps.

use halfsour_runtime::{Context, Error, Result, Value, exc};
use jiff::civil;

use super::fields::{Clock, Day, MICROSECONDS_OF_DAY, MICROSECONDS_OF_SECOND, Moment};
use super::timedelta::Delta;
use crate::support::{repr, value_error};

/// `2012-03-04`
pub(super) fn day(day: Day) -> String {
    let [year, month, day] = day.parts();
    format!("{year:04}-{month:02}-{day:02}")
}

/// `05:06:07.000008`, to the precision that Python calls `timespec`.
pub(super) fn clock<'gc>(clock: Clock, precision: &str) -> Result<'gc, String> {
    let [hour, minute, second, microsecond] = clock.parts();
    Ok(match precision {
        "auto" if microsecond == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
        "hours" => format!("{hour:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "milliseconds" => {
            format!("{hour:02}:{minute:02}:{second:02}.{:03}", microsecond / 1000)
        }
        _ => return Err(value_error("Unknown timespec value")),
    })
}

/// A day as ISO 8601 writes it: `2012-03-04`, `20120304`, `2012-W09-7`.
pub(super) fn parse_day(text: &str) -> Option<Day> {
    if let Some((year, week)) = text.split_once('W') {
        let (year, week) = (year.strip_suffix('-').unwrap_or(year), week.replace('-', ""));
        let number = |range: std::ops::Range<usize>| week.get(range)?.parse::<i64>().ok();
        let day = if week.len() == 2 { 1 } else { number(2..3)? };
        if year.len() != 4 || !(2..=3).contains(&week.len()) {
            return None;
        }
        return day_of_week_date([year.parse().ok()?, number(0..2)?, day]).ok();
    }
    let digits = match text.len() {
        8 => text.to_owned(),
        10 if text.get(4..5) == Some("-") && text.get(7..8) == Some("-") => text.replace('-', ""),
        _ => return None,
    };
    if digits.len() != 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let month = i8::try_from(number(4..6)?).ok()?;
    let day = i8::try_from(number(6..8)?).ok()?;
    let date = civil::Date::new(number(0..4)?, month, day).ok()?;
    (date.year() > 0).then(|| Day::of_civil(date))
}

/// A time as ISO 8601 writes it, with the offset behind it.
pub(super) fn parse_clock(text: &str) -> Option<(Clock, Option<Delta>)> {
    let text = text.strip_prefix('T').unwrap_or(text);
    let end = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (time, zone) = text.split_at_checked(end)?;
    let clock = Clock::of_microseconds(reading(time, 24)?);
    let offset = match zone {
        "" => None,
        "Z" => Some(0),
        _ => {
            let total = reading(zone.get(1..)?, 24)?;
            Some(if zone.starts_with('-') { -total } else { total })
        }
    };
    let offset = match offset {
        None => None,
        Some(total) => Some(Delta::of_total(total).ok()?),
    };
    Some((clock, offset))
}

/// `05`, `05:06`, `0506`, `05:06:07`, `05:06:07.008` as microseconds.
fn reading(text: &str, hours: i128) -> Option<i128> {
    let (whole, fraction) = match text.find(['.', ',']) {
        Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
        None => (text, None),
    };
    let separated = whole.contains(':');
    let digits = whole.replace(':', "");
    if ![2, 4, 6].contains(&digits.len()) {
        return None;
    }
    let separators = if separated { digits.len() / 2 - 1 } else { 0 };
    if whole.len() != digits.len() + separators
        || !digits.bytes().all(|digit| digit.is_ascii_digit())
        || fraction.is_some() && digits.len() != 6
    {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i128> {
        digits.get(range).map_or(Some(0), |part| part.parse().ok())
    };
    let (hour, minute, second) = (number(0..2)?, number(2..4)?, number(4..6)?);
    if hour >= hours || minute > 59 || second > 59 {
        return None;
    }
    let microseconds = match fraction {
        None => 0,
        Some(fraction) => {
            if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
            six.parse().ok()?
        }
    };
    Some(((hour * 60 + minute) * 60 + second) * MICROSECONDS_OF_SECOND + microseconds)
}

#[cold]
pub(super) fn invalid<'gc>(ctx: Context<'gc>, text: Value<'gc>) -> Error<'gc> {
    match repr(ctx, text) {
        Ok(shown) => value_error(format!("Invalid isoformat string: {shown}")),
        Err(error) => error,
    }
}

/// The day of a year's week.
pub(super) fn day_of_week_date<'gc>([year, week, day]: [i64; 3]) -> Result<'gc, Day> {
    let range = |what: &str, number: i64| format!("Invalid {what}: {number}");
    if !(1..=9999).contains(&year) {
        return Err(value_error(format!("Year is out of range: {year}")));
    }
    let weekday = match i8::try_from(day) {
        Ok(day @ 1..=7) => civil::Weekday::from_monday_one_offset(day).ok(),
        _ => None,
    };
    let Some(weekday) = weekday else {
        return Err(value_error(format!("{} (range is [1, 7])", range("weekday", day))));
    };
    let parts = (i16::try_from(year), i8::try_from(week));
    let date = match parts {
        (Ok(year), Ok(week)) => civil::ISOWeekDate::new(year, week, weekday).ok(),
        _ => None,
    };
    match date {
        Some(date) if date.date().year() > 0 => Ok(Day::of_civil(date.date())),
        _ => Err(value_error(range("week", week))),
    }
}

/// 1 January 1970.
const EPOCH: i128 = 719_163 * MICROSECONDS_OF_DAY;

/// The moment of a timestamp, in UTC: there is no local time zone here.
// DIFFERENCE: CPython gives the local time; a runtime does no I/O and knows no zone but UTC.
pub(super) fn of_timestamp<'gc>(_: Context<'gc>, seconds: f64) -> Result<'gc, Moment> {
    if !seconds.is_finite() || seconds.abs() > 1e12 {
        return Err(value_error("timestamp out of range for platform time_t"));
    }
    let microseconds = (seconds * 1e6).round_ties_even() as i128;
    let out_of_range = |_| Error::new(&exc::VALUE_ERROR, "year is out of range");
    Moment::of_microseconds(EPOCH + microseconds).map_err(out_of_range)
}

/// The seconds since 1 January 1970 of a moment in UTC.
pub(super) fn timestamp(moment: i128) -> f64 {
    (moment - EPOCH) as f64 / 1e6
}
