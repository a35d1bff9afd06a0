//! The fields of dates and times as Python keeps them, and the calendar over them.

use halfsour_runtime::{Bytes, Context, Error, Result, Value, exc};
use jiff::civil;

use crate::support::{content, python3, reduced, value_error};

pub(super) const MICROSECONDS_OF_SECOND: i128 = 1_000_000;
pub(super) const MICROSECONDS_OF_DAY: i128 = 86_400 * MICROSECONDS_OF_SECOND;

/// A day. A pickle may hold one that the calendar has not, as CPython checks no more of it than the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) microsecond: u32,
    /// Which of two equal readings is meant when clocks go back (Python 3).
    pub(super) fold: bool,
}

/// A day and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) clock: Clock,
}

impl Day {
    /// The days since the one before 1 January of the year 1.
    pub(super) fn ordinal(self) -> i64 {
        let (year, month) = (i64::from(self.year) - 1, i64::from(self.month));
        let divides = |by: u16| self.year.is_multiple_of(by);
        let leap = i64::from(divides(4) && (!divides(100) || divides(400)));
        let before_month = match month {
            1 | 2 => (month - 1) * 31,
            _ => (153 * (month - 3) + 2) / 5 + 59 + leap,
        };
        year * 365 + year / 4 - year / 100 + year / 400 + before_month + i64::from(self.day)
    }

    /// The day of an ordinal, if it is in the years that Python has.
    pub(super) fn of_ordinal(ordinal: i64) -> Option<Self> {
        let days = i32::try_from(ordinal.checked_sub(1)?).ok()?;
        let first = civil::Date::constant(1, 1, 1);
        let date = first.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        (date.year() >= 1).then(|| Self::of_civil(date))
    }

    pub(super) fn of_civil(date: civil::Date) -> Self {
        let (year, month, day) = (date.year(), date.month(), date.day());
        Self { year: year.unsigned_abs(), month: month.unsigned_abs(), day: day.unsigned_abs() }
    }

    /// The same in jiff's words.
    pub(super) fn civil<'gc>(self) -> Result<'gc, civil::Date> {
        let parts = (i16::try_from(self.year), i8::try_from(self.month), i8::try_from(self.day));
        let date = match parts {
            (Ok(year), Ok(month), Ok(day)) => civil::Date::new(year, month, day).ok(),
            _ => None,
        };
        date.ok_or_else(|| value_error("day is out of range for month"))
    }

    /// Monday is 0.
    pub(super) fn weekday(self) -> i64 {
        (self.ordinal() + 6).rem_euclid(7)
    }

    pub(super) fn checked<'gc>(
        ctx: Context<'gc>,
        [year, month, day]: [i64; 3],
    ) -> Result<'gc, Self> {
        let fits = |number: i64| u8::try_from(number).unwrap_or_default();
        if !(1..=9999).contains(&year) {
            return Err(value_error(if python3(ctx) {
                format!("year {year} is out of range")
            } else {
                "year is out of range".to_owned()
            }));
        }
        if !(1..=12).contains(&month) {
            return Err(value_error("month must be in 1..12"));
        }
        let year = u16::try_from(year).unwrap_or_default();
        let made = Self { year, month: fits(month), day: fits(day) };
        made.civil()?;
        Ok(made)
    }

    pub(super) fn parts(self) -> [i64; 3] {
        [self.year.into(), self.month.into(), self.day.into()]
    }

    pub(super) fn bytes(self) -> [u8; 4] {
        let [high, low] = self.year.to_be_bytes();
        [high, low, self.month, self.day]
    }
}

impl Clock {
    pub(super) fn microseconds(self) -> i128 {
        let seconds = (i128::from(self.hour) * 60 + i128::from(self.minute)) * 60;
        (seconds + i128::from(self.second)) * MICROSECONDS_OF_SECOND + i128::from(self.microsecond)
    }

    /// The time of a number of microseconds within a day.
    pub(super) fn of_microseconds(microseconds: i128) -> Self {
        let seconds = microseconds / MICROSECONDS_OF_SECOND;
        let part = |number: i128| u8::try_from(number).unwrap_or_default();
        Self {
            hour: part(seconds / 3600),
            minute: part(seconds / 60 % 60),
            second: part(seconds % 60),
            microsecond: u32::try_from(microseconds % MICROSECONDS_OF_SECOND).unwrap_or_default(),
            fold: false,
        }
    }

    pub(super) fn checked<'gc>(
        [hour, minute, second, microsecond]: [i64; 4],
        fold: i64,
    ) -> Result<'gc, Self> {
        let limits = [
            (hour, 24, "hour must be in 0..23"),
            (minute, 60, "minute must be in 0..59"),
            (second, 60, "second must be in 0..59"),
            (microsecond, 1_000_000, "microsecond must be in 0..999999"),
            (fold, 2, "fold must be either 0 or 1"),
        ];
        for (number, limit, message) in limits {
            if !(0..limit).contains(&number) {
                return Err(value_error(message));
            }
        }
        let part = |number: i64| u8::try_from(number).unwrap_or_default();
        Ok(Self {
            hour: part(hour),
            minute: part(minute),
            second: part(second),
            microsecond: u32::try_from(microsecond).unwrap_or_default(),
            fold: fold == 1,
        })
    }

    pub(super) fn parts(self) -> [i64; 4] {
        [self.hour.into(), self.minute.into(), self.second.into(), self.microsecond.into()]
    }

    pub(super) fn bytes(self) -> [u8; 6] {
        let [_, high, middle, low] = self.microsecond.to_be_bytes();
        [self.hour, self.minute, self.second, high, middle, low]
    }

    /// The fields of a pickled state, whose first byte's highest bit was taken off for `fold`.
    pub(super) fn of_bytes(bytes: [u8; 6], fold: bool) -> Self {
        let [hour, minute, second, high, middle, low] = bytes;
        let microsecond = u32::from_be_bytes([0, high, middle, low]);
        Self { hour, minute, second, microsecond, fold }
    }
}

impl Moment {
    /// The microseconds since the day before 1 January of the year 1.
    pub(super) fn microseconds(self) -> i128 {
        i128::from(self.day.ordinal()) * MICROSECONDS_OF_DAY + self.clock.microseconds()
    }

    /// The moment of a number of microseconds.
    pub(super) fn of_microseconds<'gc>(microseconds: i128) -> Result<'gc, Self> {
        let days = i64::try_from(microseconds.div_euclid(MICROSECONDS_OF_DAY)).unwrap_or(i64::MAX);
        let day = Day::of_ordinal(days).ok_or_else(out_of_range)?;
        let clock = Clock::of_microseconds(microseconds.rem_euclid(MICROSECONDS_OF_DAY));
        Ok(Self { day, clock })
    }

    /// The same in jiff's words.
    pub(super) fn civil<'gc>(self) -> Result<'gc, civil::DateTime> {
        let Clock { hour, minute, second, microsecond, .. } = self.clock;
        let [hour, minute, second] =
            [hour, minute, second].map(|part| i8::try_from(part).unwrap_or(i8::MAX));
        let nanosecond = i32::try_from(microsecond).unwrap_or(i32::MAX).saturating_mul(1000);
        let time = civil::Time::new(hour, minute, second, nanosecond);
        let time = time.map_err(|_| value_error("the time is out of range"))?;
        Ok(self.day.civil()?.to_datetime(time))
    }
}

/// The day of a date or a datetime.
pub(super) fn day_of(value: Value<'_>) -> Option<Day> {
    if let Some(date) = crate::support::data::<Day>(value) {
        return Some(date);
    }
    moment_of(value).map(|moment| moment.day)
}

pub(super) fn moment_of(value: Value<'_>) -> Option<Moment> {
    crate::support::data(value)
}

pub(super) fn clock_of(value: Value<'_>) -> Option<Clock> {
    crate::support::data(value)
}

/// The tzinfo of a time or datetime.
pub(super) fn zone_of(value: Value<'_>) -> Value<'_> {
    let content = content::<Moment>(value).or_else(|| content::<Clock>(value));
    content.and_then(|content| content.get(0)).unwrap_or(Value::None)
}

/// The values to keep beside a moment for its zone: most have none.
pub(super) fn zone_as_values<'a, 'gc>(zone: &'a Value<'gc>) -> &'a [Value<'gc>] {
    if zone.is_none() { &[] } else { std::slice::from_ref(zone) }
}

/// The value of a `__reduce__`: the class, with the state and the zone, if there is one, as arguments.
pub(super) fn reduced_with_zone<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    state: &[u8],
) -> Value<'gc> {
    let state = Bytes::new(ctx, state).into();
    match zone_of(this) {
        Value::None => reduced(ctx, this, &[state], &[]),
        zone => reduced(ctx, this, &[state, zone], &[]),
    }
}

#[cold]
pub(super) fn out_of_range<'gc>() -> Error<'gc> {
    Error::new(&exc::OVERFLOW_ERROR, "date value out of range")
}
