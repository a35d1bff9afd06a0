//! [`NativeState`]: the state of a native object in a pickle.
//!
//! It is a dict of the fields by their Python names, what `__dict__` would be if the class were written in Python, so that
//! either side reads what the other wrote. Attributes that the object has beyond its fields follow in the same dict.

use super::{NativeClass, NativeValue};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::reduce::slot_state;
use crate::types::{Dict, Tuple};
use crate::value::Value;

/// The entry that holds the version of the state.
const VERSION_ENTRY: &str = "__version__";

/// A native class whose objects have a state.
pub trait NativeState: NativeClass {
    /// The version of the state; 0 writes none into it.
    const VERSION: u32 = 0;

    /// Puts the fields into the state.
    ///
    /// # Errors
    ///
    /// What making an object of a field raises.
    fn write_state<'gc>(&self, ctx: Context<'gc>, state: Dict<'gc>) -> Result<'gc, ()>;

    /// Takes the fields out of a state.
    ///
    /// # Errors
    ///
    /// `AttributeError` if a field is missing that has no default; `TypeError`, `OverflowError` if one is of another type.
    fn read_state<'gc>(ctx: Context<'gc>, state: &StateEntries<'gc>) -> Result<'gc, Self>;

    /// Changes a state of an earlier version into one of this version; 0 if it says none.
    ///
    /// # Errors
    ///
    /// What it raises.
    fn upgrade<'gc>(ctx: Context<'gc>, version: u32, state: Dict<'gc>) -> Result<'gc, ()> {
        let _ = (ctx, version, state);
        Ok(())
    }
}

/// The entries of a state that nobody took yet.
#[derive(Clone, Copy, Debug)]
pub struct StateEntries<'gc> {
    class: &'static str,
    entries: Dict<'gc>,
}

impl<'gc> StateEntries<'gc> {
    /// Takes a field.
    ///
    /// # Errors
    ///
    /// `AttributeError` if it is missing; `TypeError`, `OverflowError` if it is of another type.
    pub fn field<T: NativeValue<'gc>>(&self, ctx: Context<'gc>, name: &str) -> Result<'gc, T> {
        self.optional(ctx, name)?.ok_or_else(|| {
            let message = format!("the state of '{}' has no '{name}'", self.class);
            Error::new(&exc::ATTRIBUTE_ERROR, message)
                .with_hint("give the field a default, or upgrade the states of earlier versions")
        })
    }

    /// Takes a field that may be missing.
    ///
    /// # Errors
    ///
    /// `TypeError`, `OverflowError` if it is of another type.
    pub fn optional<T: NativeValue<'gc>>(
        &self,
        ctx: Context<'gc>,
        name: &str,
    ) -> Result<'gc, Option<T>> {
        match self.entries.remove_name(ctx, ctx.intern(name)) {
            Some(value) => T::from_object(ctx, value).map(Some).map_err(|error| {
                error.with_hint(format!("it is '{name}' in the state of '{}'", self.class))
            }),
            None => Ok(None),
        }
    }
}

/// `__getstate__`.
pub(super) fn get<'gc, T: NativeState>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let state = Dict::new(ctx);
    if T::VERSION > 0 {
        state.insert_name(ctx, ctx.intern(VERSION_ENTRY), i64::from(T::VERSION).into())?;
    }
    this.native::<T>(ctx)?.write_state(ctx, state)?;
    if let Value::Instance(instance) = this
        && let Some(more) = instance.existing_dict()
    {
        for (name, value) in more.entries() {
            state.insert(ctx, name, value)?;
        }
    }
    match slot_state(ctx, this, this.type_of(ctx).into())? {
        Some(slots) => Ok(Tuple::new(ctx, &[state.into(), slots.into()]).into()),
        None => Ok(state.into()),
    }
}

/// The value in what `__setstate__` got; what is no field becomes an attribute of the object.
pub(super) fn set<'gc, T: NativeState>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    given: Value<'gc>,
) -> Result<'gc, T> {
    let (fields, slots) = parts(ctx, given)?;
    let fields = fields.shallow_copy(ctx);
    if T::VERSION > 0 {
        let version = match fields.remove_name(ctx, ctx.intern(VERSION_ENTRY)) {
            Some(version) => u32::from_object(ctx, version)?,
            None => 0,
        };
        if version > T::VERSION {
            let message = format!(
                "the state of '{}' is of version {version}, which is later than {}",
                T::NAME,
                T::VERSION
            );
            return Err(Error::new(&exc::VALUE_ERROR, message));
        }
        if version < T::VERSION {
            T::upgrade(ctx, version, fields)?;
        }
    }
    let value = T::read_state(ctx, &StateEntries { class: T::NAME, entries: fields })?;
    for (name, attribute) in
        fields.entries().into_iter().chain(slots.map_or_else(Vec::new, Dict::entries))
    {
        let Some(name) = ctx.name_of(name) else {
            return Err(Error::new(&exc::TYPE_ERROR, "the names in a state must be strings"));
        };
        this.set_attr(ctx, name, attribute)?;
    }
    Ok(value)
}

/// The dict of a state, and that of the slots if it is a pair.
fn parts<'gc>(ctx: Context<'gc>, state: Value<'gc>) -> Result<'gc, (Dict<'gc>, Option<Dict<'gc>>)> {
    if let Some(fields) = state.as_dict() {
        return Ok((fields, None));
    }
    if let Some(pair) = state.as_tuple()
        && let &[fields, slots] = pair.as_slice()
        && let Some(slots) = slots.as_dict()
    {
        match fields {
            Value::None => return Ok((Dict::new(ctx), Some(slots))),
            fields => {
                if let Some(fields) = fields.as_dict() {
                    return Ok((fields, Some(slots)));
                }
            }
        }
    }
    Err(crate::convert::expected(ctx, "a dict of attributes as the state", state))
}
