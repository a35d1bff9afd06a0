//! [`IntoValue`] and [`FromValue`]: between Rust types and Python objects.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::{List, Tuple};
use crate::value::Value;

/// Rust types that become Python objects.
pub trait IntoValue<'gc> {
    /// Makes the object.
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc>;
}

/// Rust types that can be read from Python objects.
pub trait FromValue<'gc>: Sized {
    /// Reads the object.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is of another type; `OverflowError` if a number does not fit.
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self>;

    /// What stands for an argument that was not given: nothing, unless the type is an `Option`.
    #[must_use]
    fn if_missing() -> Option<Self> {
        None
    }
}

/// The `TypeError` for an object of the wrong type.
#[cold]
pub(crate) fn expected<'gc>(ctx: Context<'gc>, kind: &str, got: Value<'gc>) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, format!("expected {kind}, got {}", got.type_name(ctx)))
}

impl<'gc, T: Into<Value<'gc>>> IntoValue<'gc> for T {
    fn into_value(self, _: Context<'gc>) -> Value<'gc> {
        self.into()
    }
}

impl From<bool> for Value<'_> {
    fn from(it: bool) -> Self {
        Self::Bool(it)
    }
}

macro_rules! small_ints {
    ($($int:ty)*) => {
        $(impl From<$int> for Value<'_> {
            fn from(it: $int) -> Self {
                Self::Int(it.into())
            }
        })*
    };
}

small_ints!(i64 i32 i16 i8 u32 u16 u8);

impl From<f64> for Value<'_> {
    fn from(it: f64) -> Self {
        Self::Float(it)
    }
}

impl From<()> for Value<'_> {
    fn from((): ()) -> Self {
        Self::None
    }
}

impl<'gc> IntoValue<'gc> for &str {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        ctx.str(self)
    }
}

impl<'gc> IntoValue<'gc> for String {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        ctx.str(&self)
    }
}

impl<'gc, T: IntoValue<'gc>> IntoValue<'gc> for Option<T> {
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        self.map_or(Value::None, |it| it.into_value(ctx))
    }
}

impl<'gc, T: IntoValue<'gc>> IntoValue<'gc> for Vec<T> {
    /// Makes a list.
    fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
        let items = self.into_iter().map(|item| item.into_value(ctx)).collect();
        List::from_vec(ctx, items).into()
    }
}

impl<'gc> FromValue<'gc> for Value<'gc> {
    fn from_value(_: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        Ok(value)
    }
}

impl<'gc> FromValue<'gc> for bool {
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        match value {
            Value::Bool(it) => Ok(it),
            other => Err(expected(ctx, "bool", other)),
        }
    }
}

impl<'gc> FromValue<'gc> for i64 {
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        match value.content() {
            Value::Int(it) => Ok(it),
            Value::Bool(it) => Ok(it.into()),
            Value::Long(it) => it.as_bigint().to_i64().ok_or_else(too_large),
            _ => Err(expected(ctx, "int", value)),
        }
    }
}

fn too_large<'gc>() -> Error<'gc> {
    Error::new(&exc::OVERFLOW_ERROR, "long int too large to convert to int")
}

impl<'gc> FromValue<'gc> for usize {
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        Self::try_from(i64::from_value(ctx, value)?).map_err(|_| too_large())
    }
}

impl<'gc> FromValue<'gc> for BigInt {
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        match value.content() {
            Value::Int(it) => Ok(it.into()),
            Value::Bool(it) => Ok(i64::from(it).into()),
            Value::Long(it) => Ok(it.as_bigint().clone()),
            _ => Err(expected(ctx, "int", value)),
        }
    }
}

impl<'gc> FromValue<'gc> for f64 {
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        match value.content() {
            Value::Float(it) => Ok(it),
            Value::Int(it) => Ok(it as f64),
            Value::Bool(it) => Ok(if it { 1.0 } else { 0.0 }),
            Value::Long(it) => {
                it.as_bigint().to_f64().filter(|it| it.is_finite()).ok_or_else(|| {
                    Error::new(&exc::OVERFLOW_ERROR, "long int too large to convert to float")
                })
            }
            _ => Err(expected(ctx, "float", value)),
        }
    }
}

impl<'gc> FromValue<'gc> for String {
    /// Reads text, or Python 2's `str` if it is UTF-8.
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        let text = match value.content() {
            Value::Unicode(it) => it.as_str(),
            Value::Bytes(it) if ctx.dialect() == crate::dialect::Dialect::Python2 => {
                std::str::from_utf8(it.as_slice()).ok()
            }
            _ => return Err(expected(ctx, "str", value)),
        };
        text.map(str::to_owned)
            .ok_or_else(|| Error::new(&exc::VALUE_ERROR, "the string is not well-formed text"))
    }
}

impl<'gc, T: FromValue<'gc>> FromValue<'gc> for Option<T> {
    /// Python's `None` is `None`.
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        match value {
            Value::None => Ok(None),
            value => T::from_value(ctx, value).map(Some),
        }
    }

    fn if_missing() -> Option<Self> {
        Some(None)
    }
}

impl<'gc, T: FromValue<'gc>> FromValue<'gc> for Vec<T> {
    /// Reads a list or a tuple.
    fn from_value(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        let items = match value.content() {
            Value::List(list) => list.to_vec(),
            Value::Tuple(tuple) => tuple.as_slice().to_vec(),
            _ => return Err(expected(ctx, "list or tuple", value)),
        };
        items.into_iter().map(|item| T::from_value(ctx, item)).collect()
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<'gc, $($name: IntoValue<'gc>),*> IntoValue<'gc> for ($($name,)*) {
            /// Makes a tuple.
            #[allow(non_snake_case, reason = "the type parameters name the fields")]
            fn into_value(self, ctx: Context<'gc>) -> Value<'gc> {
                let ($($name,)*) = self;
                Tuple::new(ctx, &[$($name.into_value(ctx)),*]).into()
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
