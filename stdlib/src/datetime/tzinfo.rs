//! `tzinfo`: the base of what says how far a moment is from UTC.

use halfsour_runtime::{Args, Class, Context, Error, Result, Tuple, Value, exc};

use super::fields::{moment_of, zone_of};
use super::offset;
use crate::support::{
    self, Kind, filled_dict, none, one, operate, python3, tuple, type_error, value_error,
};

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let mut builder = support::class(ctx, super::MODULE, "tzinfo", Kind::Static)
        .slots(&[])
        .method("__reduce__", reduce)
        .method("fromutc", |ctx, this, args| from_utc(ctx, this, one(&args, "fromutc")?));
    for name in ["utcoffset", "dst", "tzname"] {
        builder = builder.method(name, move |_, _, args| {
            one(&args, name)?;
            let message = format!("a tzinfo subclass must implement {name}()");
            Err(Error::new(&exc::NOT_IMPLEMENTED_ERROR, message))
        });
    }
    builder.build()
}

/// The class, what `__getinitargs__` returns, and the state: None if there is none in Python 3, left out in 2.7.
fn reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    none(&args, "__reduce__")?;
    let given = match this.find_attr(ctx, ctx.names().getinitargs)? {
        Some(hook) => {
            let items = hook.call(ctx, ())?.iter(ctx)?.collect_vec(ctx)?;
            Tuple::from_vec(ctx, items).into()
        }
        None => tuple(ctx, &[]),
    };
    let class = Value::from(this.type_of(ctx));
    if python3(ctx) {
        let state = this.call_method(ctx, "__getstate__", ())?;
        return Ok(tuple(ctx, &[class, given, state]));
    }
    let state = match this.find_attr(ctx, "__getstate__")? {
        Some(hook) => hook.call(ctx, ())?,
        None => filled_dict(ctx, this)?,
    };
    if state.is_none() {
        return Ok(tuple(ctx, &[class, given]));
    }
    Ok(tuple(ctx, &[class, given, state]))
}

/// A moment in UTC as this zone's clocks show it.
fn from_utc<'gc>(ctx: Context<'gc>, this: Value<'gc>, moment: Value<'gc>) -> Result<'gc> {
    if moment_of(moment).is_none() {
        return Err(type_error("fromutc: argument must be a datetime"));
    }
    if !zone_of(moment).is(this) {
        return Err(value_error("fromutc: dt.tzinfo is not self"));
    }
    let ask = |method, moment| offset::offset(ctx, zone_of(moment), method, moment);
    let kinds = ["utcoffset", "dst"];
    let [Some(offset), Some(saving)] = [ask(kinds[0], moment)?, ask(kinds[1], moment)?] else {
        let message = "fromutc: non-None utcoffset() result required";
        return Err(value_error(if ask(kinds[0], moment)?.is_none() {
            message
        } else {
            "fromutc: non-None dst() result required"
        }));
    };
    let standard = super::timedelta::Delta::of_total(offset.total() - saving.total())?;
    let shifted = operate(ctx, moment, "__add__", super::timedelta::object(ctx, standard)?)?;
    match ask(kinds[1], shifted)? {
        Some(saving) => operate(ctx, shifted, "__add__", super::timedelta::object(ctx, saving)?),
        None => Err(value_error("fromutc: tz.dst() gave inconsistent results; cannot convert")),
    }
}
