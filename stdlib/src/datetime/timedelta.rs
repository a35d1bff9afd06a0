//! `timedelta`: a duration in days, seconds and microseconds.

use std::cmp::Ordering;

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Error, Module, Operator, Result, Value, exc,
};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::fields::{MICROSECONDS_OF_DAY, MICROSECONDS_OF_SECOND};
use crate::support::{
    self, Kind, comparisons, data, given_class, make, never, none, one, own, python3, reduced,
    tuple, type_error,
};

/// A duration. Seconds and microseconds are within their day and second; days have the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delta {
    pub(super) days: i32,
    pub(super) seconds: u32,
    pub(super) microseconds: u32,
}

const MOST_DAYS: i128 = 999_999_999;

impl Delta {
    pub(super) fn total(self) -> i128 {
        i128::from(self.days) * MICROSECONDS_OF_DAY
            + i128::from(self.seconds) * MICROSECONDS_OF_SECOND
            + i128::from(self.microseconds)
    }

    /// The duration of so many microseconds.
    pub(super) fn of_total<'gc>(total: i128) -> Result<'gc, Self> {
        let days = total.div_euclid(MICROSECONDS_OF_DAY);
        let rest = total.rem_euclid(MICROSECONDS_OF_DAY);
        match i32::try_from(days) {
            Ok(narrow) if days.abs() <= MOST_DAYS => Ok(Self {
                days: narrow,
                seconds: u32::try_from(rest / MICROSECONDS_OF_SECOND).unwrap_or_default(),
                microseconds: u32::try_from(rest % MICROSECONDS_OF_SECOND).unwrap_or_default(),
            }),
            Ok(_) => Err(overflow(format!("days={days}; must have magnitude <= {MOST_DAYS}"))),
            Err(_) => Err(too_large()),
        }
    }

    fn of_big<'gc>(total: &BigInt) -> Result<'gc, Self> {
        Self::of_total(total.to_i128().ok_or_else(too_large)?)
    }

    fn parts(self) -> [i64; 3] {
        [self.days.into(), self.seconds.into(), self.microseconds.into()]
    }
}

#[cold]
fn overflow<'gc>(message: String) -> Error<'gc> {
    Error::new(&exc::OVERFLOW_ERROR, message)
}

#[cold]
fn too_large<'gc>() -> Error<'gc> {
    Error::new(&exc::OVERFLOW_ERROR, "Python int too large to convert to C int")
}

/// The module's one timedelta of no length: Python 3 makes no other of exactly this class.
const ZERO: &str = "_zero";

/// Returns a timedelta.
pub(super) fn object<'gc>(ctx: Context<'gc>, delta: Delta) -> Result<'gc> {
    of_class(ctx, given_class(ctx, ctx.import_from(super::MODULE, NAME)?)?, delta)
}

fn of_class<'gc>(ctx: Context<'gc>, class: Class<'gc>, delta: Delta) -> Result<'gc> {
    if python3(ctx)
        && delta.total() == 0
        && let Some(zero) = ctx.import(super::MODULE)?.find_attr(ctx, ZERO)?
        && zero.type_of(ctx).is(class)
    {
        return Ok(zero);
    }
    Ok(make(ctx, class, delta, &[]))
}

/// Puts the class into its module, and Python 3's timedelta of no length.
pub(super) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    let class = class(ctx)?;
    module.class_named(ctx, class)?;
    if python3(ctx) {
        module.set(ctx, ZERO, make(ctx, class, Delta::of_total(0)?, &[]))?;
    }
    Ok(())
}

pub(super) fn of(value: Value<'_>) -> Option<Delta> {
    data(value)
}

const NAME: &str = "timedelta";
const PARTS: [&str; 7] =
    ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
/// The microseconds of each part.
const FACTORS: [i64; 7] =
    [86_400_000_000, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000, 604_800_000_000];

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, super::MODULE, NAME, Kind::Static)
        .native()
        .copied_by(support::copied::<Delta>)
        .slots(&[])
        .method("__new__", new)
        .property("days", |ctx, this| Ok(Value::Int(delta(ctx, this)?.days.into())))
        .property("seconds", |ctx, this| Ok(Value::Int(delta(ctx, this)?.seconds.into())))
        .property("microseconds", |ctx, this| Ok(Value::Int(delta(ctx, this)?.microseconds.into())))
        .method("total_seconds", |ctx, this, args| {
            none(&args, "total_seconds")?;
            Ok(Value::Float(delta(ctx, this)?.total() as f64 / 1e6))
        })
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            Ok(reduced(ctx, this, &delta(ctx, this)?.parts().map(Value::Int), &[]))
        })
        .method("__hash__", |ctx, this, _| {
            let parts = delta(ctx, this)?.parts().map(Value::Int);
            Ok(Value::Int(tuple(ctx, &parts).hash(ctx)?))
        })
        .method("__repr__", |ctx, this, _| {
            let name = super::shown_name(ctx, this);
            Ok(ctx.str(&shown(ctx, delta(ctx, this)?, &name)))
        })
        .method("__str__", |ctx, this, _| Ok(ctx.str(&text(delta(ctx, this)?))));
    let truth = if python3(ctx) { "__bool__" } else { "__nonzero__" };
    let builder =
        builder.method(truth, |ctx, this, _| Ok(Value::Bool(delta(ctx, this)?.total() != 0)));
    let builder = dividing(ctx, arithmetic(comparisons(builder, compare)));
    let class = builder.build()?;
    for (name, total) in [
        ("min", -MOST_DAYS * MICROSECONDS_OF_DAY),
        ("max", (MOST_DAYS + 1) * MICROSECONDS_OF_DAY - 1),
        ("resolution", 1),
    ] {
        class.define(ctx, name, make(ctx, class, Delta::of_total(total)?, &[]))?;
    }
    Ok(class)
}

fn delta<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Delta> {
    own(ctx, this, "datetime.timedelta")
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let given = args.positional().len() + args.keywords().len();
    if given > PARTS.len() {
        let message = format!("__new__() takes at most 7 arguments ({given} given)");
        return Err(type_error(message));
    }
    let known = |name: &str| PARTS.contains(&name);
    if let Some((name, _)) = args.keywords().iter().find(|it| !known(&it.0.to_string_lossy())) {
        let name = name.to_string_lossy();
        return Err(type_error(if python3(ctx) {
            format!("__new__() got an unexpected keyword argument '{name}'")
        } else {
            format!("'{name}' is an invalid keyword argument for this function")
        }));
    }
    let (mut whole, mut fraction) = (BigInt::default(), 0.0_f64);
    for ((name, factor), part) in PARTS.iter().zip(FACTORS).zip(args.bind("__new__", PARTS, 0)?) {
        let Some(part) = part else { continue };
        match part.content() {
            Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
                whole += part.to::<BigInt>(ctx)? * factor;
            }
            Value::Float(part) => {
                whole += whole_part(part)? * factor;
                fraction += part.fract() * factor as f64;
            }
            _ => {
                let found = part.type_name(ctx);
                let message = format!("unsupported type for timedelta {name} component: {found}");
                return Err(type_error(message));
            }
        }
    }
    whole += rounded(ctx, fraction, whole.bit(0));
    of_class(ctx, class, Delta::of_big(&whole)?)
}

fn whole_part<'gc>(number: f64) -> Result<'gc, BigInt> {
    if number.is_nan() {
        return Err(support::value_error("cannot convert float NaN to integer"));
    }
    let whole = num_traits::FromPrimitive::from_f64(number.trunc());
    whole.ok_or_else(|| overflow("cannot convert float infinity to integer".to_owned()))
}

/// Fractions of a microsecond: Python 3 rounds a half to the even sum, 2.7 away from zero.
fn rounded(ctx: Context<'_>, fraction: f64, odd: bool) -> i64 {
    let half = fraction.fract().abs() == 0.5;
    if !python3(ctx) || !half {
        return fraction.round() as i64;
    }
    let odd = f64::from(u8::from(odd));
    (2.0 * ((fraction + odd) * 0.5).round() - odd) as i64
}

fn shown(ctx: Context<'_>, delta: Delta, name: &str) -> String {
    let [days, seconds, microseconds] = delta.parts();
    if !python3(ctx) {
        return match (seconds, microseconds) {
            (0, 0) => format!("{name}({days})"),
            (_, 0) => format!("{name}({days}, {seconds})"),
            _ => format!("{name}({days}, {seconds}, {microseconds})"),
        };
    }
    let parts: Vec<String> = PARTS
        .iter()
        .zip(delta.parts())
        .filter(|(_, part)| *part != 0)
        .map(|(name, part)| format!("{name}={part}"))
        .collect();
    let parts = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
    format!("{name}({parts})")
}

pub(super) fn text(delta: Delta) -> String {
    let Delta { days, seconds, microseconds } = delta;
    let plural = if days.abs() == 1 { "" } else { "s" };
    let days = if days == 0 { String::new() } else { format!("{days} day{plural}, ") };
    let fraction = if microseconds == 0 { String::new() } else { format!(".{microseconds:06}") };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{days}{hours}:{minutes:02}:{seconds:02}{fraction}")
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let own = delta(ctx, this)?;
    match of(other) {
        Some(other) => Ok(Value::Bool(operator.holds(own.cmp(&other)))),
        None => incomparable(ctx, "datetime.timedelta", other, operator),
    }
}

/// What a comparison with an object of another type gives: 2.7 refuses an order itself.
pub(super) fn incomparable<'gc>(
    ctx: Context<'gc>,
    own: &str,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if python3(ctx) {
        return Ok(Value::NotImplemented);
    }
    match never(operator) {
        Value::NotImplemented => {
            let message = format!("can't compare {own} to {}", other.type_name(ctx));
            Err(type_error(message))
        }
        answer => Ok(answer),
    }
}

/// A sum or difference of two timedeltas.
fn joined<'gc>(ctx: Context<'gc>, left: Value<'gc>, right: Value<'gc>, sign: i128) -> Result<'gc> {
    match (of(left), of(right)) {
        (Some(left), Some(right)) => {
            object(ctx, Delta::of_total(left.total() + sign * right.total())?)
        }
        _ => Ok(Value::NotImplemented),
    }
}

fn arithmetic(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__add__", |ctx, this, args| joined(ctx, this, one(&args, "__add__")?, 1))
        .method("__radd__", |ctx, this, args| joined(ctx, this, one(&args, "__radd__")?, 1))
        .method("__sub__", |ctx, this, args| joined(ctx, this, one(&args, "__sub__")?, -1))
        .method("__rsub__", |ctx, this, args| joined(ctx, one(&args, "__rsub__")?, this, -1))
        .method("__neg__", |ctx, this, _| object(ctx, Delta::of_total(-delta(ctx, this)?.total())?))
        .method("__pos__", |ctx, this, _| object(ctx, delta(ctx, this)?))
        .method("__abs__", |ctx, this, _| {
            object(ctx, Delta::of_total(delta(ctx, this)?.total().abs())?)
        })
        .method("__mul__", |ctx, this, args| multiplied(ctx, this, one(&args, "__mul__")?))
        .method("__rmul__", |ctx, this, args| multiplied(ctx, this, one(&args, "__rmul__")?))
}

fn is_int(value: Value<'_>) -> bool {
    matches!(value.content(), Value::Int(_) | Value::Bool(_) | Value::Long(_))
}

fn multiplied<'gc>(ctx: Context<'gc>, this: Value<'gc>, by: Value<'gc>) -> Result<'gc> {
    let total = BigInt::from(delta(ctx, this)?.total());
    if is_int(by) {
        return object(ctx, Delta::of_big(&(total * by.to::<BigInt>(ctx)?))?);
    }
    match by.content() {
        Value::Float(by) if python3(ctx) => {
            let (numerator, denominator) = ratio(by)?;
            object(ctx, Delta::of_big(&nearest(&(total * numerator), &denominator))?)
        }
        _ => Ok(Value::NotImplemented),
    }
}

/// A float as a fraction.
fn ratio<'gc>(number: f64) -> Result<'gc, (BigInt, BigInt)> {
    if number.is_nan() {
        return Err(support::value_error("cannot convert NaN to integer ratio"));
    }
    crate::fractions::ratio_of_float(number)
        .ok_or_else(|| overflow("cannot convert Infinity to integer ratio".to_owned()))
}

/// A quotient, a half rounded to even.
fn nearest(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    use num_integer::Integer;
    let (mut quotient, rest) = numerator.div_mod_floor(denominator);
    let twice: BigInt = rest * 2;
    let more = match twice.abs().cmp(&denominator.abs()) {
        Ordering::Greater => true,
        Ordering::Equal => quotient.is_odd(),
        Ordering::Less => false,
    };
    if more {
        quotient += 1;
    }
    quotient
}

#[cold]
fn division_by_zero<'gc>(ctx: Context<'gc>) -> Error<'gc> {
    let message = ctx
        .dialect()
        .pick("integer division or modulo by zero", "integer division or modulo by zero");
    Error::new(&exc::ZERO_DIVISION_ERROR, message)
}

fn dividing<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let builder = builder.method("__floordiv__", |ctx, this, args| {
        floor_divided(ctx, this, one(&args, "__floordiv__")?)
    });
    if !python3(ctx) {
        return builder
            .method("__div__", |ctx, this, args| floor_divided(ctx, this, one(&args, "__div__")?));
    }
    builder
        .method("__truediv__", |ctx, this, args| divided(ctx, this, one(&args, "__truediv__")?))
        .method("__mod__", |ctx, this, args| {
            match quotient_and_rest(ctx, this, one(&args, "__mod__")?)? {
                Some((_, rest)) => object(ctx, rest),
                None => Ok(Value::NotImplemented),
            }
        })
        .method("__divmod__", |ctx, this, args| {
            match quotient_and_rest(ctx, this, one(&args, "__divmod__")?)? {
                Some((quotient, rest)) => {
                    let quotient = Value::int(ctx, quotient.into());
                    Ok(tuple(ctx, &[quotient, object(ctx, rest)?]))
                }
                None => Ok(Value::NotImplemented),
            }
        })
}

fn quotient_and_rest<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    by: Value<'gc>,
) -> Result<'gc, Option<(i128, Delta)>> {
    let Some(by) = of(by) else { return Ok(None) };
    let (own, by) = (delta(ctx, this)?.total(), by.total());
    if by == 0 {
        return Err(division_by_zero(ctx));
    }
    let quotient = num_integer::Integer::div_floor(&own, &by);
    Ok(Some((quotient, Delta::of_total(own - quotient * by)?)))
}

fn floor_divided<'gc>(ctx: Context<'gc>, this: Value<'gc>, by: Value<'gc>) -> Result<'gc> {
    if python3(ctx)
        && let Some((quotient, _)) = quotient_and_rest(ctx, this, by)?
    {
        return Ok(Value::int(ctx, quotient.into()));
    }
    if !is_int(by) {
        return Ok(Value::NotImplemented);
    }
    let (own, by) = (BigInt::from(delta(ctx, this)?.total()), by.to::<BigInt>(ctx)?);
    if by.sign() == num_bigint::Sign::NoSign {
        return Err(division_by_zero(ctx));
    }
    object(ctx, Delta::of_big(&num_integer::Integer::div_floor(&own, &by))?)
}

fn divided<'gc>(ctx: Context<'gc>, this: Value<'gc>, by: Value<'gc>) -> Result<'gc> {
    let total = delta(ctx, this)?.total();
    if let Some(by) = of(by) {
        if by.total() == 0 {
            return Err(Error::new(&exc::ZERO_DIVISION_ERROR, "division by zero"));
        }
        return Ok(Value::Float(total as f64 / by.total() as f64));
    }
    let (numerator, denominator) = match by.content() {
        Value::Float(by) => ratio(by)?,
        _ if is_int(by) => (by.to::<BigInt>(ctx)?, BigInt::from(1)),
        _ => return Ok(Value::NotImplemented),
    };
    if numerator.sign() == num_bigint::Sign::NoSign {
        return Err(division_by_zero(ctx));
    }
    object(ctx, Delta::of_big(&nearest(&(BigInt::from(total) * denominator), &numerator))?)
}
