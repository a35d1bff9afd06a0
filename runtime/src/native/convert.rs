//! [`NativeValue`]: what fields, arguments and results of native classes may be.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::convert::{FromValue, IntoValue, expected};
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Builtin, Function, Method};
use crate::instance::{ClassicInstance, Instance};
use crate::module::Module;
use crate::types::{ByteArray, Bytes, Dict, FrozenSet, List, Range, Set, Slice, Tuple, Unicode};
use crate::value::Value;

/// A Rust type that a field, an argument or a result of a native class may have.
///
/// It is copied on the way: a field that is a `Vec` gives a new list each time. A native class is one itself when its derive
/// says `#[class(value)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field, argument or result of a native class",
    note = "numbers, bool, String, Option, Vec, tuples, maps and sets of such can, `Value` can as argument or result, \
            and a native class that derives with #[class(value)]; a field may be left out with #[class(skip)]"
)]
pub trait NativeValue<'gc>: Sized {
    /// Reads an object.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is of another type; `OverflowError` if a number does not fit; `ValueError` for text that is none.
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self>;

    /// Makes an object.
    ///
    /// # Errors
    ///
    /// What defining the class of a native value raises; `TypeError` for a key that has no hash.
    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc>;

    /// What stands for an argument that was not given: nothing, unless the type is an `Option`.
    #[must_use]
    fn if_missing() -> Option<Self> {
        None
    }
}

macro_rules! by_value {
    ($($name:ty)*) => {
        $(impl<'gc> NativeValue<'gc> for $name {
            fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
                FromValue::from_value(ctx, object)
            }

            fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
                Ok(self.clone().into_value(ctx))
            }
        })*
    };
}

by_value!(bool f64 BigInt Value<'gc> Bytes<'gc> Unicode<'gc> ByteArray<'gc> Tuple<'gc> List<'gc> Dict<'gc> Set<'gc>
    FrozenSet<'gc> Slice<'gc> Range<'gc> Class<'gc> ClassicClass<'gc> Instance<'gc> ClassicInstance<'gc> Module<'gc>
    Function<'gc> Builtin<'gc> Method<'gc>);

macro_rules! integers {
    ($($name:ty, $from_big:ident;)*) => {
        $(impl<'gc> NativeValue<'gc> for $name {
            fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
                let number = match object.content() {
                    Value::Int(it) => Self::try_from(it).ok(),
                    Value::Bool(it) => Some(Self::from(it)),
                    Value::Long(it) => it.as_bigint().$from_big(),
                    _ => return Err(expected(ctx, "int", object)),
                };
                number.ok_or_else(|| {
                    Error::new(&exc::OVERFLOW_ERROR, concat!("the number does not fit ", stringify!($name)))
                })
            }

            fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
                Ok(match i64::try_from(*self) {
                    Ok(small) => Value::Int(small),
                    Err(_) => Value::int(ctx, BigInt::from(*self)),
                })
            }
        })*
    };
}

integers! {
    i8, to_i8; i16, to_i16; i32, to_i32; i64, to_i64; i128, to_i128; isize, to_isize;
    u8, to_u8; u16, to_u16; u32, to_u32; u64, to_u64; u128, to_u128; usize, to_usize;
}

impl<'gc> NativeValue<'gc> for f32 {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        // As C's conversion does it, to the nearest.
        f64::from_object(ctx, object).map(|it| it as f32)
    }

    fn to_object(&self, _: Context<'gc>) -> Result<'gc> {
        Ok(Value::Float((*self).into()))
    }
}

impl<'gc> NativeValue<'gc> for () {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        if object.is_none() { Ok(()) } else { Err(expected(ctx, "None", object)) }
    }

    fn to_object(&self, _: Context<'gc>) -> Result<'gc> {
        Ok(Value::None)
    }
}

impl<'gc> NativeValue<'gc> for String {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        FromValue::from_value(ctx, object)
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(ctx.str(self))
    }
}

impl<'gc> NativeValue<'gc> for char {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        let text = String::from_object(ctx, object)?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => Err(expected(ctx, "a string of one character", object)),
        }
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(ctx.str(self.encode_utf8(&mut [0; 4])))
    }
}

impl<'gc, T: NativeValue<'gc>> NativeValue<'gc> for Option<T> {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        if object.is_none() { Ok(None) } else { T::from_object(ctx, object).map(Some) }
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        self.as_ref().map_or(Ok(Value::None), |it| it.to_object(ctx))
    }

    fn if_missing() -> Option<Self> {
        Some(None)
    }
}

impl<'gc, T: NativeValue<'gc>> NativeValue<'gc> for Box<T> {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        // A chain of boxes goes as deep as the objects do.
        ctx.deeper(|| T::from_object(ctx, object)).map(Box::new)
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        ctx.deeper(|| T::to_object(self, ctx))
    }
}

/// Reads the items of any iterable but a string, which is more likely a mistake.
fn read_items<'gc, T: NativeValue<'gc>, C: FromIterator<T>>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    kind: &str,
) -> Result<'gc, C> {
    let items = match object.content() {
        Value::Bytes(_) | Value::Unicode(_) => return Err(expected(ctx, kind, object)),
        _ => object.iter(ctx)?.collect_vec(ctx)?,
    };
    ctx.deeper(|| items.into_iter().map(|item| T::from_object(ctx, item)).collect())
}

fn read_entries<'gc, K: NativeValue<'gc>, V: NativeValue<'gc>, C: FromIterator<(K, V)>>(
    ctx: Context<'gc>,
    object: Value<'gc>,
) -> Result<'gc, C> {
    let Some(dict) = object.as_dict() else { return Err(expected(ctx, "dict", object)) };
    let entry = |(key, value)| Ok((K::from_object(ctx, key)?, V::from_object(ctx, value)?));
    ctx.deeper(|| dict.entries().into_iter().map(entry).collect())
}

fn objects<'a, 'gc, T: NativeValue<'gc> + 'a>(
    ctx: Context<'gc>,
    items: impl Iterator<Item = &'a T>,
) -> Result<'gc, Vec<Value<'gc>>> {
    ctx.deeper(|| items.map(|item| item.to_object(ctx)).collect())
}

fn dict_of<'a, 'gc, K: NativeValue<'gc> + 'a, V: NativeValue<'gc> + 'a>(
    ctx: Context<'gc>,
    entries: impl Iterator<Item = (&'a K, &'a V)>,
) -> Result<'gc> {
    let dict = Dict::new(ctx);
    for (key, value) in entries {
        let (key, value) = ctx.deeper(|| Ok((key.to_object(ctx)?, value.to_object(ctx)?)))?;
        dict.insert(ctx, key, value)?;
    }
    Ok(dict.into())
}

impl<'gc, T: NativeValue<'gc>> NativeValue<'gc> for Vec<T> {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        read_items(ctx, object, "list")
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(List::from_vec(ctx, objects(ctx, self.iter())?).into())
    }
}

impl<'gc, T: NativeValue<'gc>, const N: usize> NativeValue<'gc> for [T; N] {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        let items: Vec<T> = read_items(ctx, object, "list")?;
        items.try_into().map_err(|items: Vec<T>| {
            let message = format!("expected {N} items, got {}", items.len());
            Error::new(&exc::VALUE_ERROR, message)
        })
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(List::from_vec(ctx, objects(ctx, self.iter())?).into())
    }
}

impl<'gc, T: NativeValue<'gc> + Eq + Hash, S: BuildHasher + Default> NativeValue<'gc>
    for HashSet<T, S>
{
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        read_items(ctx, object, "set")
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(Set::from_items(ctx, &objects(ctx, self.iter())?)?.into())
    }
}

impl<'gc, T: NativeValue<'gc> + Ord> NativeValue<'gc> for BTreeSet<T> {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        read_items(ctx, object, "set")
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        Ok(Set::from_items(ctx, &objects(ctx, self.iter())?)?.into())
    }
}

impl<'gc, K, V, S> NativeValue<'gc> for HashMap<K, V, S>
where
    K: NativeValue<'gc> + Eq + Hash,
    V: NativeValue<'gc>,
    S: BuildHasher + Default,
{
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        read_entries(ctx, object)
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        dict_of(ctx, self.iter())
    }
}

impl<'gc, K: NativeValue<'gc> + Ord, V: NativeValue<'gc>> NativeValue<'gc> for BTreeMap<K, V> {
    fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
        read_entries(ctx, object)
    }

    fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
        dict_of(ctx, self.iter())
    }
}

macro_rules! tuples {
    ($($name:ident)*, $count:literal) => {
        impl<'gc, $($name: NativeValue<'gc>),*> NativeValue<'gc> for ($($name,)*) {
            #[allow(non_snake_case, reason = "the type parameters name the items")]
            fn from_object(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Self> {
                let items: Vec<Value<'gc>> = read_items(ctx, object, "tuple")?;
                let &[$($name),*] = items.as_slice() else {
                    let message = format!("expected {} items, got {}", $count, items.len());
                    return Err(Error::new(&exc::VALUE_ERROR, message));
                };
                ctx.deeper(|| Ok(($($name::from_object(ctx, $name)?,)*)))
            }

            #[allow(non_snake_case, reason = "the type parameters name the items")]
            fn to_object(&self, ctx: Context<'gc>) -> Result<'gc> {
                let ($($name,)*) = self;
                let items = ctx.deeper(|| Ok([$($name.to_object(ctx)?),*]))?;
                Ok(Tuple::new(ctx, &items).into())
            }
        }
    };
}

tuples!(A, 1);
tuples!(A B, 2);
tuples!(A B C, 3);
tuples!(A B C D, 4);
tuples!(A B C D E, 5);
tuples!(A B C D E F, 6);
