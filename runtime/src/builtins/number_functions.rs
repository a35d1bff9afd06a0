//! The built-in functions over numbers: `abs`, `divmod`, `pow`, `round`, `sum`, and `bin`, `hex` and `oct`.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use super::arguments::{between, integer, named, one};
use super::operators::{ADD, DIVMOD, POWER};
use super::positions;
use crate::args::Args;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::module::Module;
use crate::value::Value;

/// Defines the functions in the module of built-in names.
///
/// # Errors
///
/// `MemoryError`, in theory only.
pub(super) fn install<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.builtin(ctx, "abs", |ctx, args| {
        let number = one(&args, "abs")?;
        match number.special(ctx, ctx.names().abs)? {
            Some(hook) => hook.call(ctx, ()),
            None => {
                let name = number.type_name(ctx);
                let message = format!("bad operand type for abs(): '{name}'");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    })?;
    module.builtin(ctx, "bin", |ctx, args| based(ctx, one(&args, "bin")?, "0b", 2))?;
    module.builtin(ctx, "divmod", |ctx, args| {
        let operands = between(&args, "divmod", 2, 2)?;
        DIVMOD.apply(ctx, operands[0], operands[1])
    })?;
    module.builtin(ctx, "hex", |ctx, args| match ctx.dialect() {
        Dialect::Python2 => by_hook(ctx, one(&args, "hex")?, "hex"),
        Dialect::Python3 => based(ctx, one(&args, "hex")?, "0x", 16),
    })?;
    module.builtin(ctx, "oct", |ctx, args| match ctx.dialect() {
        Dialect::Python2 => by_hook(ctx, one(&args, "oct")?, "oct"),
        Dialect::Python3 => based(ctx, one(&args, "oct")?, "0o", 8),
    })?;
    module.builtin(ctx, "pow", |ctx, args| power(ctx, &args))?;
    module.builtin(ctx, "round", |ctx, args| round(ctx, &args))?;
    module.builtin(ctx, "sum", |ctx, args| sum(ctx, &args))?;
    Ok(())
}

/// Writes a whole number in a base, behind a prefix.
fn based<'gc>(ctx: Context<'gc>, number: Value<'gc>, prefix: &str, base: u32) -> Result<'gc> {
    let number: BigInt = number.index(ctx)?.to(ctx)?;
    let sign = if number.is_negative() { "-" } else { "" };
    Ok(ctx.str(&format!("{sign}{prefix}{}", number.abs().to_str_radix(base))))
}

/// Python 2's `hex` and `oct` ask the number itself.
fn by_hook<'gc>(ctx: Context<'gc>, number: Value<'gc>, function: &str) -> Result<'gc> {
    let Some(hook) = number.special(ctx, ctx.intern(&format!("__{function}__")))? else {
        let message = format!("{function}() argument can't be converted to {function}");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let text = hook.call(ctx, ())?;
    match text.content() {
        Value::Bytes(_) => Ok(text),
        _ => {
            let name = text.type_name(ctx);
            let message = format!("__{function}__ returned non-string (type {name})");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn power<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let operands = between(args, "pow", 2, 3)?;
    let modulus = operands.get(2).copied().filter(|modulus| !modulus.is_none());
    let Some(modulus) = modulus else {
        return POWER.apply(ctx, operands[0], operands[1]);
    };
    if let Some(hook) = operands[0].special(ctx, ctx.intern("__pow__"))? {
        let made = hook.call(ctx, (operands[1], modulus))?;
        if !matches!(made, Value::NotImplemented) {
            return Ok(made);
        }
    }
    let names = [operands[0], operands[1], modulus].map(|it| it.type_name(ctx));
    let message = format!(
        "unsupported operand type(s) for pow(): '{}', '{}', '{}'",
        names[0], names[1], names[2]
    );
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn is_whole(number: Value<'_>) -> bool {
    matches!(number, Value::Int(_) | Value::Bool(_) | Value::Long(_))
}

fn sum<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let given = between(args, "sum", 1, 2)?;
    let mut total = given.get(1).copied().unwrap_or(Value::Int(0));
    let items = given[0].iter(ctx)?;
    if matches!(total.content(), Value::Bytes(_) | Value::Unicode(_)) {
        let message = "sum() can't sum strings [use ''.join(seq) instead]";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    while let Some(item) = items.next(ctx)? {
        total = match (total, item) {
            (Value::Int(a), Value::Int(b)) if a.checked_add(b).is_some() => Value::Int(a + b),
            (total, item) => ADD.apply(ctx, total, item)?,
        };
    }
    Ok(total)
}

fn round<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let [number, digits] = named(args, "round", ["number", "ndigits"], 0)?;
    let Some(number) = number else {
        let message = "Required argument 'number' (pos 1) not found";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let digits = digits.filter(|digits| !digits.is_none());
    match ctx.dialect() {
        Dialect::Python2 => {
            let float = float_of(ctx, number)?;
            let digits = digits.map_or(Ok(0), |digits| integer(ctx, digits))?;
            Ok(Value::Float(rounded(float, digits, Halves::AwayFromZero)))
        }
        Dialect::Python3 => round_python3(ctx, number, digits),
    }
}

/// Python 3 rounds ints to ints, and floats to ints where no digits are asked for.
fn round_python3<'gc>(
    ctx: Context<'gc>,
    number: Value<'gc>,
    digits: Option<Value<'gc>>,
) -> Result<'gc> {
    let count = digits.map(|digits| positions::count(ctx, digits)).transpose()?;
    match (number.content(), count) {
        (Value::Float(float), None) => match BigInt::from_f64(float.round_ties_even()) {
            Some(whole) => Ok(Value::int(ctx, whole)),
            None if float.is_nan() => {
                Err(Error::new(&exc::VALUE_ERROR, "cannot convert float NaN to integer"))
            }
            None => {
                let message = "cannot convert float infinity to integer";
                Err(Error::new(&exc::OVERFLOW_ERROR, message))
            }
        },
        (Value::Float(float), Some(count)) => {
            Ok(Value::Float(rounded(float, count, Halves::ToEven)))
        }
        (whole, None | Some(0..)) if is_whole(whole) => Ok(Value::int(ctx, whole.to(ctx)?)),
        _ => match number.special(ctx, ctx.intern("__round__"))? {
            Some(hook) => {
                let args: Vec<Value<'gc>> = digits.into_iter().collect();
                hook.call(ctx, args.as_slice())
            }
            None => {
                let name = number.type_name(ctx);
                let message = format!("type {name} doesn't define __round__ method");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        },
    }
}

fn float_of<'gc>(ctx: Context<'gc>, number: Value<'gc>) -> Result<'gc, f64> {
    let required = |error: Error<'gc>| {
        if error.is(ctx, &exc::TYPE_ERROR) {
            return Error::new(&exc::TYPE_ERROR, "a float is required");
        }
        error
    };
    if !is_whole(number.content()) && !matches!(number.content(), Value::Float(_)) {
        let hook = number.special(ctx, ctx.intern("__float__"))?;
        let hook = hook.ok_or_else(|| Error::new(&exc::TYPE_ERROR, "a float is required"))?;
        return hook.call(ctx, ())?.to(ctx).map_err(required);
    }
    number.to(ctx).map_err(required)
}

/// What becomes of a number exactly between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Halves {
    AwayFromZero,
    ToEven,
}

/// No float has digits further from the point than this.
const FARTHEST_DIGIT: i64 = 400;

/// Rounds to so many digits behind the point, exactly.
fn rounded(number: f64, digits: i64, halves: Halves) -> f64 {
    if !number.is_finite() || digits > FARTHEST_DIGIT {
        return number;
    }
    if digits < -FARTHEST_DIGIT {
        return 0.0_f64.copysign(number);
    }
    // The number is numerator / denominator units of the last digit that stays.
    let (mantissa, exponent) = parts(number.abs());
    let scale = |power: i64| BigInt::from(10).pow(u32::try_from(power.max(0)).unwrap_or(0));
    let shift = |power: i64| u64::try_from(power.max(0)).unwrap_or(0);
    let numerator = (BigInt::from(mantissa) << shift(exponent)) * scale(digits);
    let denominator = (BigInt::from(1) << shift(-exponent)) * scale(-digits);
    let mut units = &numerator / &denominator;
    let rest: BigInt = (&numerator % &denominator) * 2;
    let is_odd = units.bit(0);
    let up = match rest.cmp(&denominator) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => halves == Halves::AwayFromZero || is_odd,
        std::cmp::Ordering::Less => false,
    };
    if up {
        units += 1;
    }
    let rounded: f64 = format!("{units}e{}", -digits).parse().unwrap_or(number);
    rounded.copysign(number)
}

/// A finite float that is not negative as a whole number times a power of two.
fn parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) as i64 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}
