//! Python 3's `timezone`: a fixed offset from UTC.

use halfsour_runtime::{Args, Class, Context, Operator, Result, Value};

use super::fields::{MICROSECONDS_OF_DAY, MICROSECONDS_OF_SECOND, moment_of, zone_of};
use super::offset;
use super::timedelta::{self, Delta};
use crate::support::{
    self, Kind, content, given_class, make, one, operate, repr, tuple, type_error, value_error,
};

/// The offset; the values are the timedelta and the name, if one was given.
#[derive(Clone, Copy, Debug)]
struct Zone(Delta);

const NAME: &str = "timezone";

pub(super) fn class<'gc>(ctx: Context<'gc>, base: Class<'gc>) -> Result<'gc, Class<'gc>> {
    let class = support::class(ctx, super::MODULE, NAME, Kind::Static)
        .base(base)
        .native()
        .slots(&[])
        .method("__new__", new)
        .method("__getinitargs__", |ctx, this, _| {
            let (_, parts) = own(ctx, this)?;
            Ok(tuple(ctx, &parts))
        })
        .method("__eq__", |ctx, this, args| equals(ctx, this, &args, Operator::Equal))
        .method("__ne__", |ctx, this, args| equals(ctx, this, &args, Operator::NotEqual))
        .method("__hash__", |ctx, this, _| {
            let total = own(ctx, this)?.0.total();
            Ok(Value::Int(Value::int(ctx, total.into()).hash(ctx)?))
        })
        .method("__repr__", |ctx, this, _| show(ctx, this))
        .method("__str__", |ctx, this, _| named(ctx, this))
        .method("utcoffset", |ctx, this, args| {
            check_moment(ctx, "utcoffset", one(&args, "utcoffset")?)?;
            Ok(own(ctx, this)?.1.first().copied().unwrap_or(Value::None))
        })
        .method("tzname", |ctx, this, args| {
            check_moment(ctx, "tzname", one(&args, "tzname")?)?;
            named(ctx, this)
        })
        .method("dst", |ctx, _, args| {
            check_moment(ctx, "dst", one(&args, "dst")?)?;
            Ok(Value::None)
        })
        .method("fromutc", |ctx, this, args| {
            let moment = one(&args, "fromutc")?;
            if moment_of(moment).is_none() {
                return Err(type_error("fromutc: argument must be a datetime instance"));
            }
            if !zone_of(moment).is(this) {
                return Err(value_error("fromutc: dt.tzinfo is not self"));
            }
            let offset = own(ctx, this)?.1.first().copied().unwrap_or(Value::None);
            operate(ctx, moment, "__add__", offset)
        })
        .build()?;
    for (name, minutes) in [("utc", 0), ("min", -1439), ("max", 1439)] {
        let offset = Delta::of_total(minutes * 60 * MICROSECONDS_OF_SECOND)?;
        let object = timedelta::object(ctx, offset)?;
        class.define(ctx, name, make(ctx, class, Zone(offset), &[object]))?;
    }
    Ok(class)
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, (Delta, Vec<Value<'gc>>)> {
    let content = content::<Zone>(this)
        .ok_or_else(|| support::wrong_receiver(ctx, this, "datetime.timezone"))?;
    let offset = content.data::<Zone>()?.0;
    Ok((offset, (0..content.len()).filter_map(|at| content.get(at)).collect()))
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let [offset, name] = args.bind(NAME, ["offset", "name"], 0)?;
    let Some(offset) = offset else {
        return Err(type_error("timezone() missing required argument 'offset' (pos 1)"));
    };
    let Some(delta) = timedelta::of(offset) else {
        let found = offset.type_name(ctx);
        let message = format!("timezone() argument 1 must be datetime.timedelta, not {found}");
        return Err(type_error(message));
    };
    if let Some(name) = name
        && !matches!(name.content(), Value::Unicode(_))
    {
        let found = name.type_name(ctx);
        return Err(type_error(format!("timezone() argument 2 must be str, not {found}")));
    }
    if delta.total() == 0 && name.is_none() {
        return Value::from(given_class(ctx, ctx.import_from(super::MODULE, NAME)?)?)
            .get_attr(ctx, "utc");
    }
    if delta.total().abs() >= MICROSECONDS_OF_DAY {
        let shown = repr(ctx, offset)?;
        let message = format!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and \
             timedelta(hours=24), not {shown}."
        );
        return Err(value_error(message));
    }
    let values: Vec<Value<'gc>> = std::iter::once(offset).chain(name).collect();
    Ok(make(ctx, class, Zone(delta), &values))
}

/// The zone of an offset that was read from text; None of none.
pub(super) fn of_offset<'gc>(ctx: Context<'gc>, offset: Option<Delta>) -> Result<'gc> {
    let Some(offset) = offset else { return Ok(Value::None) };
    let offset = timedelta::object(ctx, offset)?;
    ctx.import_from(super::MODULE, NAME)?.call(ctx, (offset,))
}

fn equals<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let other = one(args, "__eq__")?;
    let Some(other) = content::<Zone>(other) else { return Ok(Value::NotImplemented) };
    let order = own(ctx, this)?.0.cmp(&other.data::<Zone>()?.0);
    Ok(Value::Bool(operator.holds(order)))
}

fn show<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let (_, parts) = own(ctx, this)?;
    let utc = Value::from(this.type_of(ctx)).find_attr(ctx, "utc")?;
    if utc.is_some_and(|utc| utc.is(this)) {
        return Ok(ctx.str("datetime.timezone.utc"));
    }
    let parts = parts.into_iter().map(|part| repr(ctx, part)).collect::<Result<'_, Vec<_>>>()?;
    let name = super::shown_name(ctx, this);
    Ok(ctx.str(&format!("{name}({})", parts.join(", "))))
}

/// The name, or one made of the offset: `UTC+01:00`.
fn named<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let (offset, parts) = own(ctx, this)?;
    if let Some(name) = parts.get(1) {
        return Ok(*name);
    }
    if offset.total() == 0 {
        return Ok(ctx.str("UTC"));
    }
    Ok(ctx.str(&format!("UTC{}", offset::text(offset, ":"))))
}

fn check_moment<'gc>(ctx: Context<'gc>, method: &str, moment: Value<'gc>) -> Result<'gc, ()> {
    if moment.is_none() || moment_of(moment).is_some() {
        return Ok(());
    }
    let found = moment.type_name(ctx);
    let message = format!("{method}(dt) argument must be a datetime instance or None, not {found}");
    Err(type_error(message))
}
