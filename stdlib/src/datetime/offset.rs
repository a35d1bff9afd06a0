//! What a tzinfo says of a moment: its offset from UTC, its name.

use halfsour_runtime::{Context, Error, Result, Value, exc};

use super::fields::{MICROSECONDS_OF_DAY, MICROSECONDS_OF_SECOND};
use super::timedelta::{self, Delta};
use crate::support::{python3, type_error, value_error};

/// What `zone.utcoffset(moment)` or `zone.dst(moment)` returns, checked; nothing if there is no zone or it does not say.
pub(super) fn offset<'gc>(
    ctx: Context<'gc>,
    zone: Value<'gc>,
    method: &'static str,
    moment: Value<'gc>,
) -> Result<'gc, Option<Delta>> {
    if zone.is_none() {
        return Ok(None);
    }
    let given = zone.call_method(ctx, method, (moment,))?;
    if given.is_none() {
        return Ok(None);
    }
    let Some(offset) = timedelta::of(given) else {
        let found = given.type_name(ctx);
        let message = format!("tzinfo.{method}() must return None or a timedelta, not '{found}'");
        return Err(type_error(message));
    };
    let total = offset.total();
    if python3(ctx) {
        if total.abs() >= MICROSECONDS_OF_DAY {
            let message = "offset must be a timedelta strictly between -timedelta(hours=24) and \
                           timedelta(hours=24).";
            return Err(value_error(message));
        }
        return Ok(Some(offset));
    }
    let minute = 60 * MICROSECONDS_OF_SECOND;
    if total % minute != 0 {
        let message = format!("tzinfo.{method}() must return a whole number of minutes");
        return Err(value_error(message));
    }
    let minutes = total / minute;
    if minutes.abs() >= 1440 {
        let message = format!("{method}() returned {minutes}; must be in -1439 .. 1439");
        return Err(value_error(message));
    }
    Ok(Some(offset))
}

/// What `zone.tzname(moment)` returns, checked.
pub(super) fn name<'gc>(ctx: Context<'gc>, zone: Value<'gc>, moment: Value<'gc>) -> Result<'gc> {
    if zone.is_none() {
        return Ok(Value::None);
    }
    let name = zone.call_method(ctx, "tzname", (moment,))?;
    match (name.content(), python3(ctx)) {
        (Value::None | Value::Unicode(_), true) | (Value::None | Value::Bytes(_), false) => {
            Ok(name)
        }
        _ => {
            let found = name.type_name(ctx);
            Err(type_error(format!("tzinfo.tzname() must return None or a string, not '{found}'")))
        }
    }
}

/// `+01:00`, with seconds and their fraction where there are some.
pub(super) fn text(offset: Delta, separator: &str) -> String {
    let total = offset.total();
    let sign = if total < 0 { '-' } else { '+' };
    let (seconds, fraction) =
        (total.abs() / MICROSECONDS_OF_SECOND, total.abs() % MICROSECONDS_OF_SECOND);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut out = format!("{sign}{hours:02}{separator}{minutes:02}");
    if seconds != 0 || fraction != 0 {
        out.push_str(&format!("{separator}{seconds:02}"));
    }
    if fraction != 0 {
        out.push_str(&format!(".{fraction:06}"));
    }
    out
}

/// The error for a comparison or difference of an aware and a naive object.
#[cold]
pub(super) fn mixed<'gc>(verb: &str, kind: &str) -> Error<'gc> {
    let message = format!("can't {verb} offset-naive and offset-aware {kind}");
    Error::new(&exc::TYPE_ERROR, message)
}
