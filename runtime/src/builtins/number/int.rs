//! `int`, `bool`, and Python 2's `long`.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::conversion::{Target, digits_of, long_to_float, parse, to_whole};
use super::whole::make;
use super::{instance_of, operators};
use crate::args::Args;
use crate::builtins::arguments::{integer, named, none, operands};
use crate::builtins::comparison;
use crate::builtins::define::Define;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::number::Number;
use crate::ops::number_text;
use crate::types::Tuple;
use crate::value::Value;

pub(super) fn install(ctx: Context<'_>) {
    let types = ctx.types();
    let int = Define::new(ctx, types.int).new_with(new_int);
    install_whole(int);
    if ctx.dialect() == Dialect::Python3 {
        super::bytes::install(int);
    }
    if ctx.dialect() == Dialect::Python2 {
        install_whole(Define::new(ctx, types.long).new_with(new_long));
    }
    install_bool(Define::new(ctx, types.bool).new_with(new_bool));
}

/// Defines what int and long have in common.
fn install_whole(define: Define<'_>) {
    operators::install_arithmetic(define);
    operators::install_bits(define);
    comparison::install_hash(define);
    install_text(define);
    match define.dialect() {
        Dialect::Python2 => install_python2(define),
        Dialect::Python3 => {
            comparison::install(define);
            define.special("__bool__", truth);
        }
    }
    define
        .special("__neg__", |ctx, this, _| unary(ctx, this, |it| -it))
        .special("__pos__", |ctx, this, _| unary(ctx, this, |it| it))
        .special("__abs__", |ctx, this, _| unary(ctx, this, |it| it.abs()))
        .special("__invert__", |ctx, this, _| unary(ctx, this, |it| -it - 1))
        .special("__int__", |ctx, this, _| Ok(Value::int(ctx, own(ctx, this)?)))
        .special("__index__", |ctx, this, _| unary(ctx, this, |it| it))
        .special("__float__", |ctx, this, _| long_to_float(ctx, &own(ctx, this)?).map(Value::Float))
        .method("__trunc__", |ctx, this, _| unary(ctx, this, |it| it))
        .method("conjugate", |ctx, this, _| unary(ctx, this, |it| it))
        .method("__getnewargs__", |ctx, this, args| {
            none(&args, "__getnewargs__")?;
            let number = unary(ctx, this, |it| it)?;
            Ok(Tuple::new(ctx, &[number]).into())
        })
        .method("bit_length", |ctx, this, args| {
            none(&args, "bit_length")?;
            Ok(Value::int(ctx, own(ctx, this)?.bits().into()))
        })
        .getset("real", |ctx, this| unary(ctx, this, |it| it), None)
        .getset("numerator", |ctx, this| unary(ctx, this, |it| it), None)
        .getset("imag", |ctx, this| unary(ctx, this, |_| BigInt::ZERO), None)
        .getset("denominator", |ctx, this| unary(ctx, this, |_| BigInt::from(1)), None);
}

fn install_python2(define: Define<'_>) {
    define
        .special("__nonzero__", truth)
        .special("__cmp__", three_way)
        .special("__coerce__", coerce)
        .special("__long__", |ctx, this, _| Ok(Value::long(ctx, own(ctx, this)?)))
        .special("__hex__", |ctx, this, _| in_base(ctx, this, "0x", 16))
        .special("__oct__", |ctx, this, _| in_base(ctx, this, "0", 8));
}

fn install_bool(define: Define<'_>) {
    install_text(define);
    operators::install_bits(define);
}

fn install_text(define: Define<'_>) {
    define.special("__repr__", |ctx, this, args| {
        operands::<0>(&args, "__repr__")?;
        Ok(ctx.str(&number_text::repr(ctx, this.content()).unwrap_or_default()))
    });
    if define.dialect() == Dialect::Python2 {
        define.special("__str__", |ctx, this, args| {
            operands::<0>(&args, "__str__")?;
            Ok(ctx.str(&number_text::str(ctx, this.content()).unwrap_or_default()))
        });
    }
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, BigInt> {
    this.to::<BigInt>(ctx)
}

/// Computes with the number alone; the result of a subclass's or bool's is an int, or a long.
fn unary<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    compute: impl FnOnce(BigInt) -> BigInt,
) -> Result<'gc> {
    let is_long = matches!(this.content(), Value::Long(_));
    Ok(make(ctx, compute(own(ctx, this)?), is_long))
}

fn truth<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    operands::<0>(&args, "__nonzero__")?;
    let _ = ctx;
    Ok(Value::Bool(crate::ops::truth::content_truth(this)))
}

/// `int.__cmp__` and `long.__cmp__` compare only with their own type.
fn three_way<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__cmp__")?;
    match (Number::of(this.content()), Number::of(other.content())) {
        (Some(Number::Int(a)), Some(Number::Int(b))) => Ok(Value::Int(a.cmp(&b) as i64)),
        (Some(Number::Long(a)), Some(Number::Long(b))) => Ok(Value::Int(a.cmp(b) as i64)),
        (own, _) => {
            let name = if let Some(Number::Long(_)) = own { "long" } else { "int" };
            let got = other.type_name(ctx);
            let message = format!("{name}.__cmp__(x,y) requires y to be a '{name}', not a '{got}'");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

/// An int takes only ints, a long also ints, which become longs.
fn coerce<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [other] = operands(&args, "__coerce__")?;
    match (Number::of(this.content()), Number::of(other.content())) {
        (Some(Number::Int(_)), Some(Number::Int(_)))
        | (Some(Number::Long(_)), Some(Number::Long(_))) => {
            Ok(Tuple::new(ctx, &[this, other]).into())
        }
        (Some(Number::Long(_)), Some(Number::Int(other))) => {
            Ok(Tuple::new(ctx, &[this, Value::long(ctx, other.into())]).into())
        }
        _ => Ok(Value::NotImplemented),
    }
}

/// `hex(x)` and `oct(x)` of Python 2.
fn in_base<'gc>(ctx: Context<'gc>, this: Value<'gc>, prefix: &str, base: u32) -> Result<'gc> {
    let number = own(ctx, this)?;
    let digits = number.abs().to_str_radix(base);
    let sign = if number.is_negative() { "-" } else { "" };
    // Octal zero is its own prefix.
    let prefix = if base == 8 && digits == "0" { "" } else { prefix };
    let suffix = if let Value::Long(_) = this.content() { "L" } else { "" };
    Ok(ctx.str(&format!("{sign}{prefix}{digits}{suffix}")))
}

fn new_int<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    if class.is(ctx.types().bool) {
        let message = "int.__new__(bool) is not safe, use bool.__new__()";
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let number = Value::int(ctx, new_whole(ctx, Target::Int, &args)?);
    if let (Value::Long(_), Dialect::Python2, false) =
        (number, ctx.dialect(), class.is(ctx.types().int))
    {
        let message = "Python int too large to convert to C long";
        return Err(Error::new(&exc::OVERFLOW_ERROR, message));
    }
    Ok(instance_of(ctx, class, ctx.types().int, number))
}

fn new_long<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let number = Value::long(ctx, new_whole(ctx, Target::Long, &args)?);
    Ok(instance_of(ctx, class, ctx.types().long, number))
}

fn new_whole<'gc>(ctx: Context<'gc>, target: Target, args: &Args<'gc>) -> Result<'gc, BigInt> {
    let name = target.name();
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let [value, base] = named(args, name, ["x", "base"], 0)?;
    let (value, base) = match (value, base) {
        (None, None) => return Ok(BigInt::ZERO),
        (None, Some(_)) => return refuse(format!("{name}() missing string argument")),
        (Some(value), None) => return to_whole(ctx, target, value),
        (Some(value), Some(base)) => (value, integer(ctx, base)?),
    };
    let Some(text) = digits_of(ctx, value)? else {
        return refuse(format!("{name}() can't convert non-string with explicit base"));
    };
    let base = match base {
        0 => None,
        2..=36 => base.to_u32(),
        _ => {
            let message = format!("{name}() base must be >= 2 and <= 36, or 0");
            return Err(Error::new(&exc::VALUE_ERROR, message));
        }
    };
    parse(ctx, target, value, &text, base)
}

fn new_bool<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [value] = named(&args, "bool", ["x"], 0)?;
    match value {
        Some(value) => value.truth(ctx).map(Value::Bool),
        None => Ok(Value::Bool(false)),
    }
}
