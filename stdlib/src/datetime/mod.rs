//! `datetime`: days, times, durations, zones; and from and to the types of the crate `jiff`.

mod arguments;
mod conversion;
mod date;
#[allow(clippy::module_inception, reason = "Python has a class of its module's name")]
mod datetime;
mod fields;
mod format;
mod iso;
mod offset;
mod time;
mod timedelta;
mod timezone;
mod tzinfo;

use halfsour_runtime::{Class, Context, Module, Result, Tuple, Value};

pub use self::conversion::{
    FromJiff, date_from_jiff, from_jiff, to_jiff, to_jiff_date, to_jiff_time,
};
use crate::support::python3;

/// The module's name.
const MODULE: &str = "datetime";

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    // The classes refer to each other by name, so the module must be there.
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    module.set(ctx, "MINYEAR", 1)?;
    module.set(ctx, "MAXYEAR", 9999)?;
    timedelta::fill(ctx, module)?;
    let tzinfo = tzinfo::class(ctx)?;
    module.class_named(ctx, tzinfo)?;
    let date = date::class(ctx)?;
    module.class_named(ctx, date)?;
    module.class_named(ctx, time::class(ctx)?)?;
    module.class_named(ctx, datetime::class(ctx, date)?)?;
    if python3(ctx) {
        let timezone = timezone::class(ctx, tzinfo)?;
        module.class_named(ctx, timezone)?;
        module.set(ctx, "UTC", Value::from(timezone).get_attr(ctx, "utc")?)?;
        module.class_named(ctx, week_date(ctx)?)?;
    }
    Ok(())
}

/// A timedelta, or None.
fn timedelta_or_none<'gc>(ctx: Context<'gc>, delta: Option<timedelta::Delta>) -> Result<'gc> {
    delta.map_or(Ok(Value::None), |delta| timedelta::object(ctx, delta))
}

/// The class's name as its `repr` has it: that of a class of this module with the module.
fn shown_name<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> String {
    let class = this.type_of(ctx);
    match class.module(ctx).map(crate::support::text) {
        Some(module) if module == MODULE => format!("{MODULE}.{}", class.name()),
        _ => class.name(),
    }
}

/// What Python 3's `isocalendar()` returns, which is pickled as a plain tuple.
fn week_date<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let fields = ["year", "week", "weekday"];
    let base = crate::collections::named_tuple(ctx, MODULE, "IsoCalendarDate", &fields)?;
    Class::builder(ctx, "IsoCalendarDate")
        .module(MODULE)
        .base(base)
        .slots(&[])
        .method("__repr__", |ctx, this, _| {
            let [year, week, weekday] = items(this)[..] else { return Ok(ctx.str("")) };
            let part = |part| crate::support::repr(ctx, part);
            let (year, week, weekday) = (part(year)?, part(week)?, part(weekday)?);
            let shown =
                format!("{MODULE}.IsoCalendarDate(year={year}, week={week}, weekday={weekday})");
            Ok(ctx.str(&shown))
        })
        .method("__reduce__", |ctx, this, _| {
            let plain = Tuple::from_vec(ctx, items(this)).into();
            let args = Tuple::new(ctx, &[plain]).into();
            Ok(Tuple::new(ctx, &[ctx.types().tuple.into(), args]).into())
        })
        .build()
}

fn items(week_date: Value<'_>) -> Vec<Value<'_>> {
    week_date.as_tuple().map_or(&[][..], Tuple::as_slice).to_vec()
}
