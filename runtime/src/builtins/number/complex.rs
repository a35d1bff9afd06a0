//! `complex`.

use num_complex::Complex64;

use super::arithmetic::Operation;
use super::conversion::{digits_of, find_float, real_to_float};
use super::{instance_of, operators};
use crate::args::Args;
use crate::builtins::arguments::{named, none, operands};
use crate::builtins::comparison;
use crate::builtins::define::Define;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::number::Number;
use crate::ops::number_text;
use crate::text::float_literal;
use crate::types::{Complex, Tuple};
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().complex).new_with(new);
    comparison::install(define);
    comparison::install_hash(define);
    operators::install_arithmetic(define);
    let truth = ctx.dialect().pick("__nonzero__", "__bool__");
    define
        .special("__repr__", |ctx, this, args| {
            operands::<0>(&args, "__repr__")?;
            Ok(ctx.str(&number_text::repr(ctx, this.content()).unwrap_or_default()))
        })
        .special(truth, |ctx, this, _| Ok(Value::Bool(own(ctx, this)? != Complex64::new(0.0, 0.0))))
        .special("__neg__", |ctx, this, _| Ok(make(ctx, -own(ctx, this)?)))
        .special("__pos__", |ctx, this, _| Ok(make(ctx, own(ctx, this)?)))
        .special("__abs__", |ctx, this, _| {
            let number = own(ctx, this)?;
            let size = number.re.hypot(number.im);
            if size.is_infinite() && number.re.is_finite() && number.im.is_finite() {
                return Err(Error::new(&exc::OVERFLOW_ERROR, "absolute value too large"));
            }
            Ok(Value::Float(size))
        })
        .method("conjugate", |ctx, this, args| {
            none(&args, "conjugate")?;
            Ok(make(ctx, own(ctx, this)?.conj()))
        })
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            let number = own(ctx, this)?;
            Ok(Tuple::new(ctx, &[number.re.into(), number.im.into()]).into())
        })
        .getset("real", |ctx, this| Ok(Value::Float(own(ctx, this)?.re)), None)
        .getset("imag", |ctx, this| Ok(Value::Float(own(ctx, this)?.im)), None);
    if ctx.dialect() == Dialect::Python2 {
        install_python2(define);
    }
}

fn install_python2(define: Define<'_>) {
    define
        .special("__str__", |ctx, this, args| {
            operands::<0>(&args, "__str__")?;
            Ok(ctx.str(&number_text::str(ctx, this.content()).unwrap_or_default()))
        })
        .special("__int__", |_, _, _| Err(no_real("int")))
        .special("__long__", |_, _, _| Err(no_real("long")))
        .special("__float__", |_, _, _| Err(no_real("float")))
        .special("__coerce__", |ctx, this, args| {
            let [other] = operands(&args, "__coerce__")?;
            match Number::of(other.content()) {
                Some(other) => {
                    let other = make(ctx, of_number(ctx, other)?);
                    Ok(Tuple::new(ctx, &[this, other]).into())
                }
                None => Ok(Value::NotImplemented),
            }
        });
}

#[cold]
fn no_real<'gc>(target: &str) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, format!("can't convert complex to {target}"))
}

fn make<'gc>(ctx: Context<'gc>, number: Complex64) -> Value<'gc> {
    Complex::new(ctx, number.re, number.im).into()
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Complex64> {
    match this.as_complex() {
        Some(complex) => Ok(complex.get()),
        None => Err(crate::convert::expected(ctx, "complex", this)),
    }
}

fn new<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [real, imaginary] = named(&args, "complex", ["real", "imag"], 0)?;
    let refuse = |message: &'static str| Err(Error::new(&exc::TYPE_ERROR, message));
    let own_type = ctx.types().complex;
    if let (Some(exact @ Value::Complex(_)), None, true) = (real, imaginary, class.is(own_type)) {
        return Ok(exact);
    }
    let is_text =
        |value: Value<'gc>| matches!(value.content(), Value::Bytes(_) | Value::Unicode(_));
    if let Some(text) = real.filter(|&it| is_text(it)) {
        if imaginary.is_some() {
            return refuse("complex() can't take second arg if first is a string");
        }
        let digits = digits_of(ctx, text)?.unwrap_or_default();
        let Some(number) = float_literal::complex(&digits, ctx.dialect()) else {
            let message = "complex() arg is a malformed string";
            return Err(Error::new(&exc::VALUE_ERROR, message));
        };
        return Ok(instance_of(ctx, class, own_type, make(ctx, number)));
    }
    if imaginary.is_some_and(is_text) {
        return refuse("complex() second arg can't be a string");
    }
    let mut number = match real {
        Some(real) => to_complex(ctx, real)?,
        None => Complex64::new(0.0, 0.0),
    };
    if let Some(given) = imaginary {
        let imaginary = to_complex(ctx, given)?;
        // A real number has no imaginary part to add or subtract, which counts for `complex(-0.0, -0.0)` and for
        // signalling NaNs.
        let has_no_part = |part: f64, it: Value<'gc>| part == 0.0 && it.as_complex().is_none();
        let is_real = real.is_none_or(|it| has_no_part(number.im, it));
        let im = if is_real { imaginary.re } else { number.im + imaginary.re };
        let is_real = has_no_part(imaginary.im, given);
        let re = if is_real { number.re } else { number.re - imaginary.im };
        number = Complex64::new(re, im);
    }
    Ok(instance_of(ctx, class, own_type, make(ctx, number)))
}

/// Returns the complex number of an object, by `__complex__` or `__float__`, or of a number.
fn to_complex<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Complex64> {
    if let Value::Instance(_) | Value::ClassicInstance(_) = value
        && let Some(hook) = value.special(ctx, ctx.intern("__complex__"))?
    {
        let result = hook.call(ctx, ())?;
        return match Number::of(result.content()) {
            Some(number) if ctx.dialect() == Dialect::Python2 => of_number(ctx, number),
            Some(Number::Complex(number)) => Ok(number),
            _ => {
                let name = result.type_name(ctx);
                let message = format!("__complex__ returned non-complex (type {name})");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        };
    }
    if let Some(Number::Complex(number)) = Number::of(value.content()) {
        return Ok(number);
    }
    let is_number =
        !matches!(value, Value::ClassicInstance(_)) || value.find_attr(ctx, "__float__")?.is_some();
    match if is_number { find_float(ctx, value)? } else { None } {
        Some(real) => Ok(Complex64::new(real, 0.0)),
        None => Err(Error::new(
            &exc::TYPE_ERROR,
            match ctx.dialect() {
                Dialect::Python2 => "complex() argument must be a string or a number".to_owned(),
                Dialect::Python3 => format!(
                    "complex() argument must be a string or a number, not {}",
                    value.type_name(ctx)
                ),
            },
        )),
    }
}

/// Returns any number as a complex one.
///
/// # Errors
///
/// `OverflowError` if it is too large for a float.
pub(super) fn of_number<'gc>(ctx: Context<'gc>, number: Number<'gc>) -> Result<'gc, Complex64> {
    match number {
        Number::Complex(it) => Ok(it),
        real => Ok(Complex64::new(real_to_float(ctx, real)?, 0.0)),
    }
}

/// Computes with two complex numbers.
pub(super) fn compute<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    a: Complex64,
    b: Complex64,
) -> Result<'gc> {
    let result = match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        Operation::Divide | Operation::TrueDivide => divide(a, b)
            .ok_or_else(|| Error::new(&exc::ZERO_DIVISION_ERROR, "complex division by zero"))?,
        Operation::Power => {
            let result = power(a, b)?;
            let is_finite = |number: Complex64| number.re.is_finite() && number.im.is_finite();
            if is_finite(a) && is_finite(b) && (result.re.is_infinite() || result.im.is_infinite())
            {
                return Err(Error::new(&exc::OVERFLOW_ERROR, "complex exponentiation"));
            }
            result
        }
        Operation::FloorDivide | Operation::Modulo | Operation::DivMod => {
            return floor_divide(ctx, operation, a, b);
        }
        _ => return Ok(Value::NotImplemented),
    };
    Ok(make(ctx, result))
}

/// Divides by the larger part of the divisor first, as CPython does, so that little is lost.
fn divide(a: Complex64, b: Complex64) -> Option<Complex64> {
    if b.re.abs() >= b.im.abs() {
        if b.re == 0.0 {
            return None;
        }
        let ratio = b.im / b.re;
        let scale = b.re + b.im * ratio;
        return Some(Complex64::new((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale));
    }
    let ratio = b.re / b.im;
    let scale = b.re * ratio + b.im;
    Some(Complex64::new((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale))
}

/// Python 2's `//`, `%` and `divmod` of complex numbers: the quotient's real part, rounded down.
fn floor_divide<'gc>(
    ctx: Context<'gc>,
    operation: Operation,
    a: Complex64,
    b: Complex64,
) -> Result<'gc> {
    if ctx.dialect() == Dialect::Python3 {
        return Ok(Value::NotImplemented);
    }
    let message = match operation {
        Operation::Modulo => "complex remainder",
        _ => "complex divmod()",
    };
    let quotient = divide(a, b).ok_or_else(|| Error::new(&exc::ZERO_DIVISION_ERROR, message))?;
    let quotient = Complex64::new(quotient.re.floor(), 0.0);
    let remainder = a - b * quotient;
    Ok(match operation {
        Operation::FloorDivide => make(ctx, quotient),
        Operation::Modulo => make(ctx, remainder),
        _ => Tuple::new(ctx, &[make(ctx, quotient), make(ctx, remainder)]).into(),
    })
}

/// `a ** b`: by multiplication for small whole powers, else by logarithm.
fn power<'gc>(a: Complex64, b: Complex64) -> Result<'gc, Complex64> {
    let is_small = b.im == 0.0 && b.re.fract() == 0.0 && b.re.abs() <= 100.0;
    if is_small && b.re > 0.0 {
        return Ok(whole_power(a, b.re as u32));
    }
    if b == Complex64::new(0.0, 0.0) {
        return Ok(Complex64::new(1.0, 0.0));
    }
    if a == Complex64::new(0.0, 0.0) {
        if b.im != 0.0 || b.re < 0.0 {
            let message = "0.0 to a negative or complex power";
            return Err(Error::new(&exc::ZERO_DIVISION_ERROR, message));
        }
        return Ok(Complex64::new(0.0, 0.0));
    }
    if is_small {
        let inverse = whole_power(a, -b.re as u32);
        return divide(Complex64::new(1.0, 0.0), inverse)
            .ok_or_else(|| Error::new(&exc::ZERO_DIVISION_ERROR, "complex division by zero"));
    }
    let size = a.re.hypot(a.im);
    let angle = a.im.atan2(a.re);
    let mut length = size.powf(b.re);
    let mut phase = angle * b.re;
    if b.im != 0.0 {
        length /= (angle * b.im).exp();
        phase += b.im * size.ln();
    }
    Ok(Complex64::new(length * phase.cos(), length * phase.sin()))
}

/// Multiplies the squares that make up the power.
fn whole_power(base: Complex64, power: u32) -> Complex64 {
    let (mut result, mut square) = (Complex64::new(1.0, 0.0), base);
    let mut rest = power;
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        rest >>= 1;
        square *= square;
    }
    result
}
