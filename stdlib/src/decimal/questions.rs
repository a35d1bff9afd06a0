//! What can be asked of a Decimal, and how it is written in another way.

use halfsour_runtime::{ClassBuilder, Context, Result, Value};

use super::arithmetic::{of_nans, rounded, shortened};
use super::number::{Kind, Number};
use super::{MODULE, compare, from_number, invalid, source, to_number};
use crate::support::{tuple, type_error};

pub(super) fn define(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    let builder = ask(builder, "is_nan", |number| number.is_nan());
    let builder = ask(builder, "is_qnan", |number| number.is_nan() && !number.is_signaling());
    let builder = ask(builder, "is_snan", |number| number.is_signaling());
    let builder = ask(builder, "is_infinite", |number| number.kind == Kind::Infinity);
    let builder = ask(builder, "is_finite", |number| number.exponent().is_some());
    let builder = ask(builder, "is_zero", |number| number.is_zero());
    let builder = ask(builder, "is_signed", |number| number.negative);
    let builder = change(builder, "copy_abs", |number| Number { negative: false, ..number });
    let builder = change(builder, "copy_negate", |number| {
        let negative = !number.negative;
        Number { negative, ..number }
    });
    let builder = change(builder, "canonical", |number| number);
    builder
        .method("adjusted", |ctx, this, _| Ok(Value::Int(to_number(ctx, this)?.adjusted())))
        .method("as_tuple", |ctx, this, _| as_tuple(ctx, &to_number(ctx, this)?))
        .method("normalize", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            if let Some(nan) = of_nans(ctx, &[&number])? {
                return from_number(ctx, nan);
            }
            from_number(ctx, normalized(rounded(ctx, number)?))
        })
        .method("compare", |ctx, this, args| {
            let [other] = args.bind("compare", ["other"], 1)?;
            let (own, other) = (to_number(ctx, this)?, operand(ctx, other)?);
            if let Some(nan) = of_nans(ctx, &[&own, &other])? {
                return from_number(ctx, nan);
            }
            let order = compare::order(&own, &other) as i64;
            from_number(ctx, source::of_int(&order.into()))
        })
        .method("quantize", |ctx, this, args| {
            let [exponent, ..] = args.bind("quantize", ["exp", "rounding", "context"], 1)?;
            let (own, like) = (to_number(ctx, this)?, operand(ctx, exponent)?);
            from_number(ctx, quantized(ctx, own, &like)?)
        })
        .method("to_integral_value", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            match number.exponent() {
                Some(exponent) if exponent < 0 => {
                    from_number(ctx, shortened(&number, -exponent, exponent))
                }
                _ => from_number(ctx, number),
            }
        })
}

fn ask<'gc>(
    builder: ClassBuilder<'gc>,
    name: &'static str,
    question: fn(&Number) -> bool,
) -> ClassBuilder<'gc> {
    builder.method(name, move |ctx, this, _| Ok(Value::Bool(question(&to_number(ctx, this)?))))
}

fn change<'gc>(
    builder: ClassBuilder<'gc>,
    name: &'static str,
    change: fn(Number) -> Number,
) -> ClassBuilder<'gc> {
    builder.method(name, move |ctx, this, _| from_number(ctx, change(to_number(ctx, this)?)))
}

fn operand<'gc>(ctx: Context<'gc>, value: Option<Value<'gc>>) -> Result<'gc, Number> {
    let value = value.unwrap_or(Value::None);
    source::operand(ctx, value)?.ok_or_else(|| {
        let found = value.type_name(ctx);
        type_error(format!("conversion from {found} to Decimal is not supported"))
    })
}

/// `DecimalTuple(sign, digits, exponent)`
fn as_tuple<'gc>(ctx: Context<'gc>, number: &Number) -> Result<'gc> {
    let digits = match number.kind {
        Kind::Infinity => "0",
        _ => &number.digits,
    };
    let digits: Vec<Value<'gc>> =
        digits.bytes().map(|digit| Value::Int(i64::from(digit) - i64::from(b'0'))).collect();
    let exponent = match number.kind {
        Kind::Finite { exponent } => Value::Int(exponent),
        Kind::Infinity => ctx.str("F"),
        Kind::NotANumber { signaling } => ctx.str(if signaling { "N" } else { "n" }),
    };
    let class = ctx.import_from(MODULE, "DecimalTuple")?;
    class.call(ctx, (i64::from(number.negative), tuple(ctx, &digits), exponent))
}

/// The number without zeros at its end.
fn normalized(number: Number) -> Number {
    let Some(exponent) = number.exponent() else { return number };
    if number.is_zero() {
        return Number::finite(number.negative, "0", 0);
    }
    let digits = number.digits.trim_end_matches('0');
    let dropped = i64::try_from(number.digits.len() - digits.len()).unwrap_or_default();
    Number::finite(number.negative, digits, exponent + dropped)
}

/// The number with the exponent of another.
fn quantized<'gc>(ctx: Context<'gc>, own: Number, like: &Number) -> Result<'gc, Number> {
    if let Some(nan) = of_nans(ctx, &[&own, like])? {
        return Ok(nan);
    }
    let (exponent, target) = match (own.exponent(), like.exponent()) {
        (Some(exponent), Some(target)) => (exponent, target),
        (None, None) => return Ok(own),
        _ => return Err(invalid(ctx, "quantize with one INF", "InvalidOperation")),
    };
    let too_long = || {
        invalid(ctx, "quantize result has too many digits for current context", "InvalidOperation")
    };
    if own.adjusted() - target >= 28 && !own.is_zero() {
        return Err(too_long());
    }
    if target > exponent {
        return Ok(match shortened(&own, target - exponent, exponent) {
            // Rounding up may have taken one digit more.
            longer if longer.exponent() != Some(target) => {
                Number::finite(longer.negative, &format!("{}0", longer.digits), target)
            }
            made => made,
        });
    }
    let zeros = usize::try_from(exponent - target).unwrap_or_default();
    if own.is_zero() {
        return Ok(Number::finite(own.negative, "0", target));
    }
    Ok(Number::finite(own.negative, &(own.digits.clone() + &"0".repeat(zeros)), target))
}
