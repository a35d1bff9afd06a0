//! `datetime`: date, datetime and timedelta. The first two keep the string of bytes that is their pickled state.

use halfsour_runtime::{
    Bytes, Class, ClassBuilder, Context, Error, Instance, Module, Result, Traced, Tuple, Value, exc,
};

use super::type_error;

const MICROSECONDS: i64 = 1_000_000;
const SECONDS: i128 = 86_400;

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let module = ctx.new_module("datetime")?;
    module.class_named(ctx, Class::builder(ctx, "tzinfo").module("datetime").build()?)?;
    let date = date(ctx)?;
    module.class_named(ctx, date)?;
    module.class_named(ctx, datetime(ctx, date)?)?;
    timedelta(ctx, module)
}

/// Adds a property that reads a number from the state: its bytes from one place up to another.
fn field<'gc>(
    builder: ClassBuilder<'gc>,
    name: &'static str,
    from: usize,
    to: usize,
) -> ClassBuilder<'gc> {
    builder.property(name, move |_, this| {
        let state = state(this)?;
        let digits = state.as_slice().get(from..to).unwrap_or_default();
        Ok(Value::Int(digits.iter().fold(0, |number, digit| number << 8 | i64::from(*digit))))
    })
}

/// The native content of a date: its state, and of a datetime the time zone too.
fn content<'gc>(this: Value<'gc>, index: usize) -> Option<Value<'gc>> {
    match this {
        Value::Instance(instance) => instance.native_content()?.get(index),
        _ => None,
    }
}

fn state<'gc>(this: Value<'gc>) -> Result<'gc, Bytes<'gc>> {
    content(this, 0).and_then(Value::as_bytes).ok_or_else(|| type_error("an integer is required"))
}

fn zone<'gc>(this: Value<'gc>) -> Value<'gc> {
    content(this, 1).unwrap_or(Value::None)
}

fn date<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = Class::builder(ctx, "date").module("datetime").native().slots(&[]);
    let builder = field(builder, "year", 0, 2);
    let builder = field(builder, "month", 2, 3);
    field(builder, "day", 3, 4)
        .method("__new__", |ctx, class, args| match args.positional() {
            [state] => from_state(ctx, class, *state, 4, Value::None),
            [year, month, day] => {
                let (year, month, day): (i64, i64, i64) =
                    (year.to(ctx)?, month.to(ctx)?, day.to(ctx)?);
                let [high, low] = u16::try_from(year).unwrap_or_default().to_be_bytes();
                let [month, day] = [month, day].map(|part| u8::try_from(part).unwrap_or_default());
                from_state(
                    ctx,
                    class,
                    Bytes::new(ctx, &[high, low, month, day]).into(),
                    4,
                    Value::None,
                )
            }
            _ => Err(type_error("Required argument 'month' (pos 2) not found")),
        })
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[state(this)?.into()]);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), args.into()]).into())
        })
        .build()
}

/// An object of `class` from its pickled state: so many bytes, of which the third is a month.
fn from_state<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    state: Value<'gc>,
    length: usize,
    zone: Value<'gc>,
) -> Result<'gc> {
    let sane = |state: &Bytes<'gc>| {
        state.len() == length
            && state.as_slice().get(2).is_some_and(|month| (1..=12).contains(month))
    };
    let (Value::Class(class), Some(state)) = (class, state.as_bytes().filter(sane)) else {
        return Err(type_error("an integer is required"));
    };
    let content = Traced::new(ctx, ());
    content.push(ctx, state.into());
    content.push(ctx, zone);
    Ok(Instance::native(ctx, class, content).into())
}

fn datetime<'gc>(ctx: Context<'gc>, date: Class<'gc>) -> Result<'gc, Class<'gc>> {
    // A class written in C has the name of its module as a string of its own.
    let builder = Class::builder(ctx, "datetime").attr("__module__", ctx.str("datetime"));
    let builder = builder.base(date).slots(&[]);
    let builder = field(builder, "hour", 4, 5);
    let builder = field(builder, "minute", 5, 6);
    let builder = field(builder, "second", 6, 7);
    field(builder, "microsecond", 7, 10)
        .property("tzinfo", |_, this| Ok(zone(this)))
        .method("__new__", |ctx, class, args| {
            let (state, zone): (Value<'_>, Option<Value<'_>>) = args.parse(ctx, "datetime")?;
            from_state(ctx, class, state, 10, zone.unwrap_or(Value::None))
        })
        .method("__reduce__", |ctx, this, _| {
            let mut args = vec![state(this)?.into()];
            args.extend(Some(zone(this)).filter(|zone| !zone.is_none()));
            let args = Tuple::from_vec(ctx, args);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), args.into()]).into())
        })
        .build()
}

const PARTS: [&str; 3] = ["days", "seconds", "microseconds"];

fn timedelta<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let class = Class::builder(ctx, "timedelta")
        .module("datetime")
        .slots(&PARTS)
        .method("__new__", |ctx, class, args| {
            let Value::Class(class) = class else {
                return Err(type_error("timedelta needs a class"));
            };
            let mut parts = [0_i64; 3];
            for (part, given) in parts.iter_mut().zip(args.bind("__new__", PARTS, 0)?) {
                *part = given.map_or(Ok(0), |given| given.to(ctx))?;
            }
            let this = Value::from(Instance::bare(ctx, class));
            for (name, part) in PARTS.iter().zip(normalized(parts)?) {
                this.set_attr(ctx, *name, part)?;
            }
            Ok(this)
        })
        .method("__reduce__", |ctx, this, _| {
            let parts = PARTS.iter().map(|name| this.get_attr(ctx, *name));
            let parts = Tuple::from_vec(ctx, parts.collect::<Result<'_, Vec<Value<'_>>>>()?);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), parts.into()]).into())
        })
        .build()?;
    module.class_named(ctx, class)
}

/// Days of any sign, seconds and microseconds within their day and second.
fn normalized<'gc>([days, seconds, microseconds]: [i64; 3]) -> Result<'gc, [i64; 3]> {
    let seconds = i128::from(seconds) + i128::from(microseconds.div_euclid(MICROSECONDS));
    let days = i128::from(days) + seconds.div_euclid(SECONDS);
    if days.abs() > 999_999_999 {
        let message = format!("days={days}; must have magnitude <= 999999999");
        return Err(Error::new(&exc::OVERFLOW_ERROR, message));
    }
    let narrow = |part: i128| i64::try_from(part).unwrap_or_default();
    Ok([narrow(days), narrow(seconds.rem_euclid(SECONDS)), microseconds.rem_euclid(MICROSECONDS)])
}
