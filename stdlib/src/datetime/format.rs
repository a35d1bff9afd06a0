//! `strftime`, `ctime` and `timetuple`.

use halfsour_runtime::{Context, Result, Value};

use super::fields::{Day, Moment, clock_of, day_of, moment_of, zone_of};
use super::offset;
use crate::support::value_error;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Sun Mar  4 05:06:07 2012`
pub(super) fn ctime(moment: Moment) -> String {
    let [year, month, day] = moment.day.parts();
    let [hour, minute, second, _] = moment.clock.parts();
    let named = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or("?")
    };
    let (weekday, month) = (named(&WEEKDAYS, moment.day.weekday()), named(&MONTHS, month - 1));
    format!("{weekday} {month} {day:>2} {hour:02}:{minute:02}:{second:02} {year:04}")
}

/// A `time.struct_time`.
pub(super) fn time_tuple<'gc>(ctx: Context<'gc>, moment: Moment, dst: i64) -> Result<'gc> {
    let [year, month, day] = moment.day.parts();
    let [hour, minute, second, _] = moment.clock.parts();
    let first = Day { year: moment.day.year, month: 1, day: 1 };
    let in_year = moment.day.ordinal() - first.ordinal() + 1;
    let parts = vec![year, month, day, hour, minute, second, moment.day.weekday(), in_year, dst];
    ctx.import_from("time", "struct_time")?.call(ctx, (parts,))
}

/// The text that a format asks for. `%f`, `%z` and `%Z` are the object's own; the calendar library knows the others.
pub(super) fn strftime<'gc>(ctx: Context<'gc>, this: Value<'gc>, format: &str) -> Result<'gc> {
    let moment = moment_of(this).unwrap_or_else(|| Moment {
        day: day_of(this).unwrap_or(Day { year: 1900, month: 1, day: 1 }),
        clock: clock_of(this).unwrap_or_default(),
    });
    let own = prepared(ctx, this, moment, format)?;
    let shown = jiff::fmt::strtime::format(own.as_bytes(), moment.civil()?);
    match shown {
        Ok(text) => Ok(ctx.str(&text)),
        Err(_) => Err(value_error("Invalid format string")),
    }
}

fn prepared<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    moment: Moment,
    format: &str,
) -> Result<'gc, String> {
    let mut out = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('f') => out.push_str(&format!("{:06}", moment.clock.microsecond)),
            Some('z') => {
                let offset = offset::offset(ctx, zone_of(this), "utcoffset", subject(this))?;
                out.push_str(&offset.map(|it| offset::text(it, "")).unwrap_or_default());
            }
            Some('Z') => {
                let name = offset::name(ctx, zone_of(this), subject(this))?;
                out.push_str(&crate::support::text(name).replace('%', "%%"));
            }
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    Ok(out)
}

/// What a tzinfo is asked about: the datetime, or None for a time.
fn subject(this: Value<'_>) -> Value<'_> {
    if moment_of(this).is_some() { this } else { Value::None }
}
