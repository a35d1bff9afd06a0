//! The operators of the numeric types as special methods.

use super::arithmetic::{Operation, compute, whole_number};
use super::whole::power_modulo;
use crate::args::Args;
use crate::builtins::arguments::operands;
use crate::builtins::define::Define;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::ops::number::Number;
use crate::value::Value;

/// Defines binary operators with their reflected forms.
macro_rules! operators {
    ($define:expr; $($name:literal, $reflected:literal = $operation:ident;)*) => {
        $define
            $(.special($name, |ctx, this, args| {
                let [other] = operands(&args, $name)?;
                found(compute(ctx, Operation::$operation, this, other, false)?)
            })
            .special($reflected, |ctx, this, args| {
                let [other] = operands(&args, $reflected)?;
                found(compute(ctx, Operation::$operation, this, other, true)?)
            }))*
    };
}

/// Defines what every number computes.
pub(super) fn install_arithmetic(define: Define<'_>) {
    let define = operators! { define;
        "__add__", "__radd__" = Add;
        "__sub__", "__rsub__" = Subtract;
        "__mul__", "__rmul__" = Multiply;
        "__truediv__", "__rtruediv__" = TrueDivide;
        "__floordiv__", "__rfloordiv__" = FloorDivide;
        "__mod__", "__rmod__" = Modulo;
        "__divmod__", "__rdivmod__" = DivMod;
    };
    if define.dialect() == Dialect::Python2 {
        operators! { define; "__div__", "__rdiv__" = Divide; };
    }
    define.special("__pow__", power).special("__rpow__", |ctx, this, args| {
        let [other] = operands(&args, "__rpow__")?;
        found(compute(ctx, Operation::Power, this, other, true)?)
    });
}

/// Defines what only whole numbers compute.
pub(super) fn install_bits(define: Define<'_>) {
    operators! { define;
        "__lshift__", "__rlshift__" = ShiftLeft;
        "__rshift__", "__rrshift__" = ShiftRight;
        "__and__", "__rand__" = And;
        "__or__", "__ror__" = Or;
        "__xor__", "__rxor__" = Xor;
    };
}

fn found<'gc>(result: Option<Value<'gc>>) -> Result<'gc> {
    Ok(result.unwrap_or(Value::NotImplemented))
}

/// `__pow__` takes a modulus too, if all are whole numbers.
fn power<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (exponent, modulus): (Value<'gc>, Option<Value<'gc>>) = args.parse(ctx, "__pow__")?;
    let Some(modulus) = modulus else {
        return found(compute(ctx, Operation::Power, this, exponent, false)?);
    };
    let numbers = [this, exponent, modulus].map(|it| Number::of(it.content()));
    let [Some(base), Some(power), Some(modulus)] = numbers else {
        return Ok(Value::NotImplemented);
    };
    let is_long = [base, power, modulus].iter().any(|it| matches!(it, Number::Long(_)));
    match (whole_number(base), whole_number(power), whole_number(modulus)) {
        (Some(base), Some(power), Some(modulus)) => {
            power_modulo(ctx, &base, &power, &modulus, is_long)
        }
        _ if matches!(base, Number::Complex(_)) => {
            Err(Error::new(&exc::VALUE_ERROR, "complex modulo"))
        }
        _ => {
            let message = "pow() 3rd argument not allowed unless all arguments are integers";
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}
