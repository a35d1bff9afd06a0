//! The class `Decimal`.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Error, Result, Value, exc};
use num_bigint::BigInt;

use super::arithmetic::{Operation, apply, rounded};
use super::number::{Kind, Number};
use super::{MODULE, compare, from_number, questions, source, to_number};
use crate::support::{
    self, Kind as ClassKind, comparisons, given_class, make, none, one, python3, reduced, tuple,
    type_error, value_error,
};

/// The attributes in which 2.7's class, which is written in Python, keeps the number.
const SLOTS: [&str; 4] = ["_exp", "_int", "_sign", "_is_special"];

pub(super) fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let kind = if python3(ctx) { ClassKind::Made } else { ClassKind::Python };
    let slots: &[&str] = if python3(ctx) { &[] } else { &SLOTS };
    let builder = support::class(ctx, MODULE, "Decimal", kind)
        .native()
        .slots(slots)
        .method("__new__", new)
        .method("__reduce__", |ctx, this, args| {
            none(&args, "__reduce__")?;
            Ok(reduced(ctx, this, &[this.str(ctx)?], &[]))
        })
        .method("__str__", |ctx, this, _| Ok(ctx.str(&to_number(ctx, this)?.to_string())))
        .method("__repr__", |ctx, this, _| {
            Ok(ctx.str(&format!("Decimal('{}')", to_number(ctx, this)?)))
        })
        .method("__hash__", |ctx, this, _| {
            Ok(Value::Int(compare::hash(ctx, &to_number(ctx, this)?)?))
        })
        .method("__copy__", |_, this, _| Ok(this))
        .method("__deepcopy__", |_, this, _| Ok(this))
        .class_method("from_float", |ctx, class, args| {
            let (number,): (f64,) = args.parse(ctx, "from_float")?;
            class.call(ctx, (from_number(ctx, source::of_float(number))?,))
        });
    let builder = converted(ctx, signed(operators(ctx, comparisons(builder, compare::compare))));
    questions::define(builder).build()
}

/// An object of the class; 2.7's has the number in attributes too.
pub(super) fn made<'gc>(ctx: Context<'gc>, class: Class<'gc>, number: Number) -> Result<'gc> {
    if python3(ctx) {
        return Ok(make(ctx, class, number, &[]));
    }
    let exponent = match number.kind {
        Kind::Finite { exponent } => Value::Int(exponent),
        Kind::Infinity => ctx.str("F"),
        Kind::NotANumber { signaling } => ctx.str(if signaling { "N" } else { "n" }),
    };
    let digits = if number.kind == Kind::Infinity { "0" } else { &number.digits };
    let parts = [
        exponent,
        ctx.str(digits),
        Value::Int(number.negative.into()),
        Value::Bool(number.exponent().is_none()),
    ];
    let this = make(ctx, class, number, &[]);
    for (name, part) in SLOTS.into_iter().zip(parts) {
        this.set_attr(ctx, name, part)?;
    }
    Ok(this)
}

fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let class = given_class(ctx, class)?;
    let given = args.positional().len() + args.keywords().len();
    if given > 2 {
        return Err(type_error(if python3(ctx) {
            format!("function takes at most 2 arguments ({given} given)")
        } else {
            format!("__new__() takes at most 3 arguments ({} given)", given + 1)
        }));
    }
    let [value, _context] = args.bind("__new__", ["value", "context"], 0)?;
    let number = match value {
        Some(value) => source::number(ctx, value)?,
        None => Number::finite(false, "0", 0),
    };
    made(ctx, class, number)
}

/// Adds an operator and the one with swapped operands.
fn operator<'gc>(
    builder: ClassBuilder<'gc>,
    names: [&'static str; 2],
    operation: Operation,
) -> ClassBuilder<'gc> {
    let [name, reflected] = names;
    builder
        .method(name, move |ctx, this, args| {
            let own = to_number(ctx, this)?;
            match source::operand(ctx, one(&args, name)?)? {
                Some(other) => from_number(ctx, apply(ctx, operation, &own, &other)?),
                None => Ok(Value::NotImplemented),
            }
        })
        .method(reflected, move |ctx, this, args| {
            let own = to_number(ctx, this)?;
            match source::operand(ctx, one(&args, reflected)?)? {
                Some(other) => from_number(ctx, apply(ctx, operation, &other, &own)?),
                None => Ok(Value::NotImplemented),
            }
        })
}

fn operators<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let mut builder = builder;
    for (names, operation) in [
        (["__add__", "__radd__"], Operation::Add),
        (["__sub__", "__rsub__"], Operation::Subtract),
        (["__mul__", "__rmul__"], Operation::Multiply),
        (["__truediv__", "__rtruediv__"], Operation::Divide),
        (["__floordiv__", "__rfloordiv__"], Operation::FloorDivide),
        (["__mod__", "__rmod__"], Operation::Remainder),
    ] {
        builder = operator(builder, names, operation);
    }
    if python3(ctx) {
        return builder;
    }
    operator(builder, ["__div__", "__rdiv__"], Operation::Divide)
}

/// A number with another sign, rounded; zero has none.
fn with_sign<'gc>(ctx: Context<'gc>, number: Number, negative: bool) -> Result<'gc> {
    let negative = negative && !number.is_zero();
    from_number(ctx, rounded(ctx, Number { negative, ..number })?)
}

fn signed(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .method("__neg__", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            let negative = !number.negative;
            with_sign(ctx, number, negative)
        })
        .method("__pos__", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            let negative = number.negative;
            with_sign(ctx, number, negative)
        })
        .method("__abs__", |ctx, this, _| with_sign(ctx, to_number(ctx, this)?, false))
}

fn converted<'gc>(ctx: Context<'gc>, builder: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    let truth = if python3(ctx) { "__bool__" } else { "__nonzero__" };
    builder
        .method(truth, |ctx, this, _| Ok(Value::Bool(!to_number(ctx, this)?.is_zero())))
        .method("__int__", |ctx, this, _| to_int(ctx, &to_number(ctx, this)?))
        .method("__trunc__", |ctx, this, _| to_int(ctx, &to_number(ctx, this)?))
        .method("__float__", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            if number.is_signaling() {
                return Err(value_error("cannot convert signaling NaN to float"));
            }
            let text = match number.kind {
                Kind::NotANumber { .. } => "nan".to_owned(),
                _ => number.to_string(),
            };
            Ok(Value::Float(text.parse().unwrap_or(f64::NAN)))
        })
        .method("__round__", |ctx, this, args| {
            let [digits] = args.bind("__round__", ["ndigits"], 0)?;
            let Some(digits) = digits.filter(|digits| !digits.is_none()) else {
                let whole = this.call_method(ctx, "to_integral_value", ())?;
                return to_int(ctx, &to_number(ctx, whole)?);
            };
            let exponent = digits.to::<i64>(ctx)?.saturating_neg();
            let like = Number::finite(false, "1", exponent);
            this.call_method(ctx, "quantize", (from_number(ctx, like)?,))
        })
        .method("as_integer_ratio", |ctx, this, _| {
            let number = to_number(ctx, this)?;
            let (numerator, denominator) = whole_ratio(&number)?;
            Ok(tuple(ctx, &[Value::int(ctx, numerator), Value::int(ctx, denominator)]))
        })
}

/// A finite number as a fraction.
pub(super) fn whole_ratio<'gc>(number: &Number) -> Result<'gc, (BigInt, BigInt)> {
    let overflow = |message| Error::new(&exc::OVERFLOW_ERROR, message);
    match number.kind {
        Kind::NotANumber { .. } => Err(value_error("cannot convert NaN to integer ratio")),
        Kind::Infinity => Err(overflow("cannot convert Infinity to integer ratio")),
        Kind::Finite { .. } => {
            compare::ratio(number).ok_or_else(|| Error::new(&exc::MEMORY_ERROR, "too large"))
        }
    }
}

fn to_int<'gc>(ctx: Context<'gc>, number: &Number) -> Result<'gc> {
    let refused = |what: &str, python3_what: &str| {
        let (verb, what) = if python3(ctx) { ("cannot", python3_what) } else { ("Cannot", what) };
        format!("{verb} convert {what} to integer")
    };
    match number.kind {
        Kind::NotANumber { .. } => Err(value_error(refused("NaN", "NaN"))),
        Kind::Infinity => Err(Error::new(&exc::OVERFLOW_ERROR, refused("infinity", "Infinity"))),
        // Nothing is left of a number below one, however small.
        Kind::Finite { .. } if number.adjusted() < 0 => Ok(Value::Int(0)),
        Kind::Finite { .. } => {
            let (numerator, denominator) = whole_ratio(number)?;
            Ok(Value::int(ctx, numerator / denominator))
        }
    }
}
