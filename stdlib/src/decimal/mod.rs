//! `decimal`: decimal numbers, with the exponent, the sign of zero and the special values that their text has.
//!
//! Arithmetic is that of CPython's default context: 28 digits, a half rounded to even, and an exception where it raises
//! one.
// DIFFERENCE: there is no `Context` to change: precision, rounding and traps are always the default ones.

mod arithmetic;
mod class;
mod compare;
mod number;
mod questions;
mod source;

use halfsour_runtime::{Class, Context, Error, ExceptionType, Module, Result, Value, exc};

pub use self::number::{Kind, Number};
use crate::support::{make_named, python3, type_error};

/// The module's name.
const MODULE: &str = "decimal";

/// `decimal.DecimalException`.
static EXCEPTION: ExceptionType =
    ExceptionType::new(MODULE, "DecimalException", &exc::ARITHMETIC_ERROR);
/// `decimal.InvalidOperation`.
static INVALID: ExceptionType = ExceptionType::new(MODULE, "InvalidOperation", &EXCEPTION);
/// `decimal.DivisionByZero`; CPython's is a ZeroDivisionError too.
static DIVISION_BY_ZERO: ExceptionType = ExceptionType::new(MODULE, "DivisionByZero", &EXCEPTION);
static OVERFLOW: ExceptionType = ExceptionType::new(MODULE, "Overflow", &EXCEPTION);

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    for exception in [&EXCEPTION, &INVALID, &OVERFLOW] {
        module.set(ctx, exception.name(), ctx.exception_class(exception))?;
    }
    let division = Class::builder(ctx, DIVISION_BY_ZERO.name())
        .module(MODULE)
        .base(ctx.exception_class(&EXCEPTION))
        .base(ctx.exception_class(&exc::ZERO_DIVISION_ERROR))
        .build()?;
    module.set(ctx, division.name().as_str(), division)?;
    let fields = ["sign", "digits", "exponent"];
    module
        .class_named(ctx, crate::collections::named_tuple(ctx, MODULE, "DecimalTuple", &fields)?)?;
    module.class_named(ctx, class::class(ctx)?)
}

/// Returns the number that a `decimal.Decimal` is.
///
/// # Errors
///
/// `TypeError` if it is none.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::Runtime;
/// use halfsour_stdlib::decimal::{from_number, to_number};
///
/// let mut runtime = Runtime::python3();
/// runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let price = ctx.import_from("decimal", "Decimal")?.call(ctx, ("-0.00",))?;
///     let number = to_number(ctx, price)?;
///     assert!(number.negative);
///     assert_eq!(number.to_string(), "-0.00");
///     assert_eq!(from_number(ctx, number)?.repr(ctx)?.to::<String>(ctx)?, "Decimal('-0.00')");
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn to_number<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Number> {
    crate::support::data(value).ok_or_else(|| {
        type_error(format!("expected decimal.Decimal, got {}", value.type_name(ctx)))
    })
}

/// Returns the `decimal.Decimal` of a number.
///
/// # Errors
///
/// `ImportError` if the module is not installed; `decimal.InvalidOperation` for an exponent of more than 18 digits.
pub fn from_number<'gc>(ctx: Context<'gc>, number: Number) -> Result<'gc> {
    let most = number::MOST_EXPONENT.unsigned_abs();
    if number.exponent().is_some_and(|exponent| exponent.unsigned_abs() > most) {
        return Err(invalid(ctx, "the exponent is too large", "InvalidOperation"));
    }
    if python3(ctx) {
        return make_named(ctx, MODULE, "Decimal", number, &[]);
    }
    let class = crate::support::given_class(ctx, ctx.import_from(MODULE, "Decimal")?)?;
    class::made(ctx, class, number)
}

/// The error of an operation that has no result; 3's C code names the condition, 2.7's Python code says what it was.
#[cold]
fn invalid<'gc>(ctx: Context<'gc>, message: impl Into<String>, condition: &str) -> Error<'gc> {
    if python3(ctx) {
        return Error::new(&INVALID, format!("[<class 'decimal.{condition}'>]"));
    }
    Error::new(&INVALID, message.into())
}

/// The error of a division by zero, of the class that the module has.
#[cold]
fn division_by_zero<'gc>(ctx: Context<'gc>, message: &'static str) -> Error<'gc> {
    let message = if python3(ctx) { "[<class 'decimal.DivisionByZero'>]" } else { message };
    let made = ctx
        .import_from(MODULE, DIVISION_BY_ZERO.name())
        .and_then(|class| class.call(ctx, (message,)));
    made.map_or_else(|error| error, Error::raise)
}

/// A number as a fraction in lowest terms.
///
/// # Errors
///
/// `ValueError` for a NaN, `OverflowError` for an infinity.
pub(crate) fn ratio_of<'gc>(
    number: &Number,
) -> Result<'gc, (num_bigint::BigInt, num_bigint::BigInt)> {
    class::whole_ratio(number)
}

/// A finite number of reasonable size as a fraction.
pub(crate) fn plain_ratio(number: &Number) -> Option<(num_bigint::BigInt, num_bigint::BigInt)> {
    compare::ratio(number)
}

/// The name of a float that is no number or infinite.
pub(crate) fn special_name(number: f64) -> String {
    match source::of_float(number).to_string().as_str() {
        "Infinity" => "inf".to_owned(),
        "-Infinity" => "-inf".to_owned(),
        other => other.to_owned(),
    }
}
