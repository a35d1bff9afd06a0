//! `fractions.Fraction`: a quotient of two ints in lowest terms.

use std::cmp::Ordering;

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Error, Instance, Module, Operator, Result, Value, exc,
};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::decimal;
use crate::support::{
    self, Kind, comparisons, given_class, none, one, python3, reduced, repr, text, tuple,
    type_error, value_error,
};

const MODULE: &str = "fractions";
/// The attributes that hold the numerator and the denominator.
const SLOTS: [&str; 2] = ["_numerator", "_denominator"];

type Ratio = (BigInt, BigInt);

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, class(ctx)?)
}

/// A finite float as numerator and denominator in lowest terms.
pub(crate) fn ratio_of_float(number: f64) -> Option<Ratio> {
    if !number.is_finite() {
        return None;
    }
    let (mantissa, exponent, sign) = num_traits::Float::integer_decode(number);
    let mantissa = BigInt::from(mantissa) * i64::from(sign);
    let power = BigInt::one() << exponent.unsigned_abs();
    Some(match exponent {
        0.. => (mantissa * power, BigInt::one()),
        _ => lowest(mantissa, power),
    })
}

/// A quotient in lowest terms; the denominator is not zero and becomes positive.
pub(crate) fn lowest(numerator: BigInt, denominator: BigInt) -> Ratio {
    let common = numerator.gcd(&denominator);
    let common = if denominator.is_negative() { -common } else { common };
    (numerator / &common, denominator / common)
}

/// The hash of a quotient in lowest terms: that of the int or float that is equal to it, if there is one.
pub(crate) fn hash<'gc>(
    ctx: Context<'gc>,
    numerator: &BigInt,
    denominator: &BigInt,
) -> Result<'gc, i64> {
    if denominator.is_one() {
        return Value::int(ctx, numerator.clone()).hash(ctx);
    }
    let float = quotient(numerator, denominator);
    if ratio_of_float(float).is_some_and(|exact| exact == (numerator.clone(), denominator.clone()))
    {
        return Value::Float(float).hash(ctx);
    }
    tuple(ctx, &[Value::int(ctx, numerator.clone()), Value::int(ctx, denominator.clone())])
        .hash(ctx)
}

/// The nearest float to a quotient of ints of any size.
fn quotient(numerator: &BigInt, denominator: &BigInt) -> f64 {
    // 64 bits of the quotient and one for the rest say how it rounds.
    let bits = |number: &BigInt| i64::try_from(number.bits()).unwrap_or(i64::MAX);
    let shift = 66 - (bits(numerator) - bits(denominator));
    let places = |count: i64| usize::try_from(count).unwrap_or_default();
    let (above, below) = if shift >= 0 {
        (numerator.magnitude() << places(shift), denominator.magnitude().clone())
    } else {
        (numerator.magnitude().clone(), denominator.magnitude() << places(-shift))
    };
    let (mut quotient, rest) = above.div_rem(&below);
    if !rest.is_zero() {
        quotient |= num_bigint::BigUint::one();
    }
    // Numbers too small to be normal lose bits before they are rounded.
    let lost = (shift - 1074).max(0);
    let quotient = if lost > 0 {
        let kept = &quotient >> places(lost);
        let sticky = (&kept << places(lost)) != quotient;
        (kept << 2_usize) + u8::from(sticky)
    } else {
        quotient
    };
    let shift = if lost > 0 { shift - lost + 2 } else { shift };
    let float = quotient.to_f64().unwrap_or(f64::INFINITY);
    let half = i32::try_from(shift / 2).unwrap_or(i32::MAX);
    let other = i32::try_from(shift - shift / 2).unwrap_or(i32::MAX);
    let float = float * 2.0_f64.powi(-half) * 2.0_f64.powi(-other);
    if numerator.is_negative() { -float } else { float }
}

/// The numerator and denominator of a Fraction or an int; nothing of anything else.
pub(crate) fn parts<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Option<Ratio>> {
    match value.content() {
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
            return Ok(Some((value.to(ctx)?, BigInt::one())));
        }
        Value::Instance(_) if value.is_instance(ctx, ctx.import_from(MODULE, "Fraction")?)? => {}
        _ => return Ok(None),
    }
    let [numerator, denominator] = SLOTS.map(|slot| value.get_attr(ctx, slot));
    Ok(Some((numerator?.to(ctx)?, denominator?.to(ctx)?)))
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Ratio> {
    parts(ctx, this)?.ok_or_else(|| support::wrong_receiver(ctx, this, "Fraction"))
}

fn object<'gc>(ctx: Context<'gc>, class: Class<'gc>, ratio: Ratio) -> Result<'gc> {
    let this = Value::from(Instance::bare(ctx, class));
    let (numerator, denominator) = ratio;
    for (slot, part) in SLOTS.into_iter().zip([numerator, denominator]) {
        this.set_attr(ctx, slot, Value::int(ctx, part))?;
    }
    Ok(this)
}

/// A quotient that is not yet in lowest terms. If 2.7 needs longs to reduce it, both parts are longs.
fn reduced_object<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    (numerator, denominator): Ratio,
) -> Result<'gc> {
    let long = !python3(ctx) && (numerator.to_i64().is_none() || denominator.to_i64().is_none());
    let this = object(ctx, class, lowest(numerator, denominator))?;
    if long {
        for slot in SLOTS {
            let part = this.get_attr(ctx, slot)?.to(ctx)?;
            this.set_attr(ctx, slot, Value::long(ctx, part))?;
        }
    }
    Ok(this)
}

/// A Fraction of the module's class.
fn fraction<'gc>(ctx: Context<'gc>, ratio: Ratio) -> Result<'gc> {
    object(ctx, given_class(ctx, ctx.import_from(MODULE, "Fraction")?)?, ratio)
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, MODULE, "Fraction", Kind::Python)
        .slots(&SLOTS)
        .method("__new__", new)
        .property("numerator", |ctx, this| this.get_attr(ctx, SLOTS[0]))
        .property("denominator", |ctx, this| this.get_attr(ctx, SLOTS[1]))
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            if python3(ctx) {
                let [numerator, denominator] = SLOTS.map(|slot| this.get_attr(ctx, slot));
                return Ok(reduced(ctx, this, &[numerator?, denominator?], &[]));
            }
            Ok(reduced(ctx, this, &[this.str(ctx)?], &[]))
        })
        .method("__repr__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            let name = support::class_name(ctx, this);
            Ok(ctx.str(&format!("{name}({numerator}, {denominator})")))
        })
        .method("__str__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            Ok(ctx.str(&if denominator.is_one() {
                numerator.to_string()
            } else {
                format!("{numerator}/{denominator}")
            }))
        })
        .method("__hash__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            Ok(Value::Int(hash(ctx, &numerator, &denominator)?))
        })
        .method("__copy__", |_, this, _| Ok(this))
        .method("__deepcopy__", |_, this, _| Ok(this));
    converted(ctx, operators(ctx, comparisons(builder, compare))).build()
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let [numerator, denominator] = args.bind("__new__", ["numerator", "denominator"], 0)?;
    let numerator = numerator.unwrap_or(Value::Int(0));
    let Some(denominator) = denominator.filter(|it| !it.is_none()) else {
        let ratio = of_one(ctx, numerator)?;
        return reduced_object(ctx, class, ratio);
    };
    let (Some(above), Some(below)) = (parts(ctx, numerator)?, parts(ctx, denominator)?) else {
        return Err(type_error("both arguments should be Rational instances"));
    };
    let (above, below) = (above.0 * &below.1, below.0 * &above.1);
    if below.is_zero() {
        return Err(by_zero(&above));
    }
    reduced_object(ctx, class, (above, below))
}

#[cold]
fn by_zero<'gc>(numerator: &BigInt) -> Error<'gc> {
    Error::new(&exc::ZERO_DIVISION_ERROR, format!("Fraction({numerator}, 0)"))
}

/// What `Fraction(value)` is, perhaps not in lowest terms.
fn of_one<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Ratio> {
    if let Some(ratio) = parts(ctx, value)? {
        return Ok(ratio);
    }
    if let Ok(number) = decimal::to_number(ctx, value) {
        return match decimal::ratio_of(&number) {
            Err(_) if !python3(ctx) => {
                let shown = support::shown(ctx, value)?;
                Err(type_error(format!("Cannot convert {shown} to Fraction.")))
            }
            ratio => ratio,
        };
    }
    match value.content() {
        Value::Float(number) => ratio_of_float(number).ok_or_else(|| {
            let name = decimal::special_name(number);
            match python3(ctx) {
                false => type_error(format!("Cannot convert {} to Fraction.", name.to_lowercase())),
                true if number.is_nan() => value_error("cannot convert NaN to integer ratio"),
                true => {
                    Error::new(&exc::OVERFLOW_ERROR, "cannot convert Infinity to integer ratio")
                }
            }
        }),
        Value::Unicode(_) | Value::Bytes(_) if is_string(ctx, value) => {
            let given = text(value);
            match parse(given.trim(), python3(ctx)) {
                Some((numerator, denominator)) if denominator.is_zero() => Err(by_zero(&numerator)),
                Some(ratio) => Ok(ratio),
                None => {
                    Err(value_error(format!("Invalid literal for Fraction: {}", repr(ctx, value)?)))
                }
            }
        }
        _ => {
            let message = "argument should be a string or a Rational instance";
            Err(type_error(message))
        }
    }
}

fn is_string(ctx: Context<'_>, value: Value<'_>) -> bool {
    matches!(value.content(), Value::Unicode(_)) || !python3(ctx)
}

/// `-3/7`, `1.5`, `1e-2`; Python 3 allows spaces around the stroke and underscores between digits.
fn parse(text: &str, python3: bool) -> Option<Ratio> {
    let mut text = text.to_owned();
    if python3 {
        let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
        if misplaced {
            return None;
        }
        text.retain(|character| character != '_');
    }
    let whole = |digits: &str| -> Option<BigInt> {
        (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
            .then(|| digits.parse().ok())
            .flatten()
    };
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (numerator, denominator) = match body.split_once('/') {
        Some((above, below)) if python3 => (whole(above.trim_end())?, whole(below.trim_start())?),
        Some((above, below)) => (whole(above)?, whole(below)?),
        None => {
            let number: decimal::Number = body.parse().ok()?;
            if body.starts_with(['-', '+']) {
                return None;
            }
            decimal::plain_ratio(&number)?
        }
    };
    Some((if negative { -numerator } else { numerator }, denominator))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    let (numerator, denominator) = own(ctx, this)?;
    let order = match (parts(ctx, other)?, other.content()) {
        (Some((above, below)), _) => (numerator * below).cmp(&(above * denominator)),
        (None, Value::Float(float)) => match ratio_of_float(float) {
            Some((above, below)) => (numerator * below).cmp(&(above * denominator)),
            None if float.is_nan() => {
                return Ok(Value::Bool(operator == Operator::NotEqual));
            }
            None if float > 0.0 => Ordering::Less,
            None => Ordering::Greater,
        },
        _ => return Ok(Value::NotImplemented),
    };
    Ok(Value::Bool(operator.holds(order)))
}

/// A binary operation on two quotients.
type Operation = fn(Ratio, Ratio) -> std::result::Result<Outcome, BigInt>;

/// What an operation gives.
enum Outcome {
    Ratio(Ratio),
    Int(BigInt),
}

fn add((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    Ok(Outcome::Ratio(lowest(a * &d + c * &b, b * d)))
}

fn subtract((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    add((a, b), (-c, d))
}

fn multiply((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    Ok(Outcome::Ratio(lowest(a * c, b * d)))
}

/// A zero below is an error that shows what is above.
fn divide((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    let (above, below) = (a * d, b * c);
    if below.is_zero() {
        return Err(above);
    }
    Ok(Outcome::Ratio(lowest(above, below)))
}

fn floor_divide((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    let (above, below) = (a * d, b * c);
    if below.is_zero() {
        return Err(above);
    }
    Ok(Outcome::Int(above.div_floor(&below)))
}

fn remainder((a, b): Ratio, (c, d): Ratio) -> std::result::Result<Outcome, BigInt> {
    let (above, below) = (&a * &d, &c * &b);
    if below.is_zero() {
        return Err(above);
    }
    Ok(Outcome::Ratio(lowest(above.mod_floor(&below), b * d)))
}

fn operators<'gc>(ctx: Context<'gc>, mut builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let mut all: Vec<([&'static str; 2], Operation)> = vec![
        (["__add__", "__radd__"], add),
        (["__sub__", "__rsub__"], subtract),
        (["__mul__", "__rmul__"], multiply),
        (["__truediv__", "__rtruediv__"], divide),
        (["__floordiv__", "__rfloordiv__"], floor_divide),
        (["__mod__", "__rmod__"], remainder),
    ];
    if !python3(ctx) {
        all.push((["__div__", "__rdiv__"], divide));
    }
    for ([name, reflected], operation) in all {
        builder = builder
            .method(name, move |ctx, this, args| {
                operate(ctx, name, this, one(&args, name)?, operation, false)
            })
            .method(reflected, move |ctx, this, args| {
                operate(ctx, name, this, one(&args, reflected)?, operation, true)
            });
    }
    builder
}

/// A float beside a Fraction makes the result a float.
fn operate<'gc>(
    ctx: Context<'gc>,
    name: &str,
    this: Value<'gc>,
    other: Value<'gc>,
    operation: Operation,
    swapped: bool,
) -> Result<'gc> {
    let own = own(ctx, this)?;
    if let Value::Float(other) = other.content() {
        let own = Value::Float(quotient(&own.0, &own.1));
        let (left, right) =
            if swapped { (Value::Float(other), own) } else { (own, Value::Float(other)) };
        return support::operate(ctx, left, name, right);
    }
    let Some(other) = parts(ctx, other)? else { return Ok(Value::NotImplemented) };
    let (left, right) = if swapped { (other, own) } else { (own, other) };
    match operation(left, right) {
        Ok(Outcome::Ratio(ratio)) => fraction(ctx, ratio),
        Ok(Outcome::Int(int)) => Ok(Value::int(ctx, int)),
        Err(numerator) => Err(by_zero(&numerator)),
    }
}

fn converted<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let truth = if python3(ctx) { "__bool__" } else { "__nonzero__" };
    builder
        .method(truth, |ctx, this, _| Ok(Value::Bool(!own(ctx, this)?.0.is_zero())))
        .method("__neg__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            fraction(ctx, (-numerator, denominator))
        })
        .method("__pos__", |ctx, this, _| fraction(ctx, own(ctx, this)?))
        .method("__abs__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            fraction(ctx, (numerator.abs(), denominator))
        })
        .method("__trunc__", |ctx, this, _| truncated(ctx, this))
        .method("__int__", |ctx, this, _| truncated(ctx, this))
        .method("__float__", |ctx, this, _| {
            let (numerator, denominator) = own(ctx, this)?;
            Ok(Value::Float(quotient(&numerator, &denominator)))
        })
        .class_method("from_float", |ctx, class, args| {
            let number = one(&args, "from_float")?;
            class.call(ctx, (number,))
        })
        .method("limit_denominator", |ctx, this, args| {
            let [most] = args.bind("limit_denominator", ["max_denominator"], 0)?;
            let most = most.map_or(Ok(BigInt::from(1_000_000)), |most| most.to(ctx))?;
            if !most.is_positive() {
                return Err(value_error("max_denominator should be at least 1"));
            }
            fraction(ctx, limited(own(ctx, this)?, &most))
        })
}

fn truncated<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let (numerator, denominator) = own(ctx, this)?;
    Ok(Value::int(ctx, numerator / denominator))
}

/// The nearest quotient whose denominator is no larger, by continued fractions.
fn limited((numerator, denominator): Ratio, most: &BigInt) -> Ratio {
    if denominator <= *most {
        return (numerator, denominator);
    }
    let (mut p0, mut q0, mut p1, mut q1) =
        (BigInt::zero(), BigInt::one(), BigInt::one(), BigInt::zero());
    let (mut above, mut below) = (numerator.clone(), denominator.clone());
    loop {
        let (whole, rest) = above.div_mod_floor(&below);
        let q2 = &q0 + &whole * &q1;
        if q2 > *most || rest.is_zero() {
            break;
        }
        let p2 = &p0 + &whole * &p1;
        (p0, q0, p1, q1) = (p1, q1, p2, q2);
        (above, below) = (below, rest);
    }
    let times = (most - &q0).div_floor(&q1);
    let farther = (&p0 + &times * &p1, &q0 + times * &q1);
    let distance =
        |(above, below): &Ratio| ((above * &denominator - &numerator * below).abs(), below.clone());
    let (near, far) = (distance(&(p1.clone(), q1.clone())), distance(&farther));
    if near.0 * far.1 <= far.0 * near.1 { (p1, q1) } else { farther }
}
