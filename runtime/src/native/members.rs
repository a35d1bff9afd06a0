//! [`NativeEnum`]: a Rust enum as a Python class with a fixed set of members.
//!
//! It behaves as far as pickles show like a class derived from Python's `enum.Enum`: members are class attributes, one object
//! each, `Class(value)` finds one, and a pickle holds the class and the value.

use super::{NativeBuilder, NativeClass, object};
use crate::class::Class;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Tuple;
use crate::value::Value;

/// A native class whose values are the variants of an enum.
pub trait NativeEnum: NativeClass + Copy + PartialEq {
    /// The members by name, in the order of the enum.
    const MEMBERS: &'static [(&'static str, Self)];

    /// Returns the value of a member, as Python has it.
    fn value<'gc>(self, ctx: Context<'gc>) -> Value<'gc>;
}

/// The name of a member.
fn name<T: NativeEnum>(member: T) -> &'static str {
    T::MEMBERS.iter().find(|(_, it)| *it == member).map_or("?", |(name, _)| name)
}

impl<'gc, T: NativeEnum> NativeBuilder<'gc, T> {
    /// Defines what the members of an enum have: `name`, `value`, finding by value, and being pickled by it.
    pub fn members(self) -> Self {
        self.get("name", |ctx, member| Ok(ctx.str(name(*member))))
            .get("value", |ctx, member| Ok(member.value(ctx)))
            .pickled_by_hooks()
            .constructed_by_hooks()
            .with(|class| {
                class
                    .method("__new__", |ctx, _, args| {
                        let (value,) = args.parse(ctx, T::NAME)?;
                        find::<T>(ctx, value)
                    })
                    .method("__init__", |_, _, _| Ok(Value::None))
                    .method("__repr__", |ctx, this, _| {
                        let member = *this.native::<T>(ctx)?;
                        let value = member.value(ctx).repr(ctx)?.to::<String>(ctx)?;
                        Ok(ctx.str(&format!("<{}.{}: {value}>", T::NAME, name(member))))
                    })
                    .method("__str__", |ctx, this, _| {
                        let member = *this.native::<T>(ctx)?;
                        Ok(ctx.str(&format!("{}.{}", T::NAME, name(member))))
                    })
                    .method("__reduce_ex__", |ctx, this, _| {
                        let value = this.native::<T>(ctx)?.value(ctx);
                        let arguments = Tuple::new(ctx, &[value]);
                        let class = this.type_of(ctx);
                        Ok(Tuple::new(ctx, &[class.into(), arguments.into()]).into())
                    })
                    .method("__copy__", |_, this, _| Ok(this))
                    .method("__deepcopy__", |_, this, _| Ok(this))
            })
    }
}

/// Makes the members: what [`NativeClass::complete`] of an enum does.
///
/// # Errors
///
/// What setting class attributes raises.
pub fn complete<'gc, T: NativeEnum>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, ()> {
    for (name, member) in T::MEMBERS {
        class.define(ctx, *name, object::make(ctx, *member)?)?;
    }
    Ok(())
}

/// Returns the object of a member: what [`NativeClass::into_object`] of an enum does.
///
/// # Errors
///
/// `AttributeError` if somebody deleted it.
pub fn member<'gc, T: NativeEnum>(ctx: Context<'gc>, member: T) -> Result<'gc> {
    Value::from(ctx.class_of::<T>()?).get_attr(ctx, name(member))
}

fn find<'gc, T: NativeEnum>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc> {
    for (_, it) in T::MEMBERS {
        if it.value(ctx).equals(ctx, value)? {
            return member(ctx, *it);
        }
    }
    let shown = value.repr(ctx)?.to::<String>(ctx)?;
    let message = format!("{shown} is not a valid {}", T::NAME);
    Err(Error::new(&exc::VALUE_ERROR, message))
}
