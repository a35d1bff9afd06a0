//! [`NativeBuilder`]: the definition of a native class.

use std::hash::Hash;
use std::marker::PhantomData;

use super::state::{self, NativeState};
use super::{NativeClass, object};
use crate::args::Args;
use crate::class::{Class, ClassBuilder};
use crate::context::Context;
use crate::convert::IntoValue;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::Function;
use crate::reduce::not_reducible;
use crate::value::Value;

/// The definition of a native class, until [`build`](Self::build).
///
/// Code gets the Rust value; what it returns is an object. Attributes that the methods of [`ClassBuilder`] could add
/// are added by [`with`](Self::with).
#[derive(Debug)]
#[must_use]
pub struct NativeBuilder<'gc, T> {
    ctx: Context<'gc>,
    class: ClassBuilder<'gc>,
    has_dict: bool,
    /// Whether objects get their value from a constructor of this class.
    constructed: bool,
    pickled: bool,
    of: PhantomData<fn() -> T>,
}

impl<'gc, T: NativeClass> NativeBuilder<'gc, T> {
    /// Begins the class of a Rust type.
    pub fn new(ctx: Context<'gc>) -> Self {
        let class = Class::builder(ctx, T::NAME).module(T::MODULE).held();
        Self { ctx, class, has_dict: false, constructed: false, pickled: false, of: PhantomData }
    }

    /// Returns the context of the runtime in which the class is defined.
    #[must_use]
    pub fn context(&self) -> Context<'gc> {
        self.ctx
    }

    /// Derives the class from another native class, part of whose values [`NativeClass::base`] gives.
    ///
    /// # Errors
    ///
    /// What defining the other class raises.
    pub fn base<B: NativeClass>(mut self) -> Result<'gc, Self> {
        self.class = self.class.base(self.ctx.class_of::<B>()?);
        Ok(self)
    }

    /// Lets instances have further attributes, in a `__dict__`.
    pub fn dict(mut self) -> Self {
        self.has_dict = true;
        self
    }

    /// Sets how a call of the class makes a value: `__init__`.
    pub fn constructor(
        mut self,
        new: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a, T> + 'static,
    ) -> Self {
        self.constructed = true;
        self.class = self.class.method("__init__", move |ctx, this, args| {
            let value = new(ctx, args)?;
            object::hold(ctx, this, value)?;
            Ok(Value::None)
        });
        self
    }

    /// Adds an attribute that can be read.
    pub fn get(
        mut self,
        name: &'static str,
        get: impl for<'a> Fn(Context<'a>, &T) -> Result<'a> + 'static,
    ) -> Self {
        self.class = self.class.property(name, move |ctx, this| get(ctx, &*this.native::<T>(ctx)?));
        self
    }

    /// Adds an attribute that can be read and set.
    pub fn get_set(
        mut self,
        name: &'static str,
        get: impl for<'a> Fn(Context<'a>, &T) -> Result<'a> + 'static,
        set: impl for<'a> Fn(Context<'a>, &mut T, Value<'a>) -> Result<'a, ()> + 'static,
    ) -> Self {
        let ctx = self.ctx;
        let get = Function::new(ctx, name, move |ctx, args| {
            let (this,): (Value<'_>,) = args.parse(ctx, name)?;
            get(ctx, &*this.native::<T>(ctx)?)
        });
        let set = Function::new(ctx, name, move |ctx, args| {
            let (this, value): (Value<'_>, Value<'_>) = args.parse(ctx, name)?;
            set(ctx, &mut *this.native_mut::<T>(ctx)?, value)?;
            Ok(Value::None)
        });
        let property = Value::property(ctx, get.into(), set.into(), Value::None);
        self.class = self.class.attr(name, property);
        self
    }

    /// Adds a method.
    pub fn method(
        mut self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, &T, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.class = self
            .class
            .method(name, move |ctx, this, args| code(ctx, &*this.native::<T>(ctx)?, args));
        self
    }

    /// Adds a method that changes the value.
    pub fn method_mut(
        mut self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, &mut T, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.class = self
            .class
            .method(name, move |ctx, this, args| code(ctx, &mut *this.native_mut::<T>(ctx)?, args));
        self
    }

    /// Adds a static method.
    pub fn static_method(
        mut self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.class = self.class.static_method(name, code);
        self
    }

    /// Adds a class method: the code gets the class first.
    pub fn class_method(
        mut self,
        name: &'static str,
        code: impl for<'a> Fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a> + 'static,
    ) -> Self {
        self.class = self.class.class_method(name, code);
        self
    }

    /// Adds a class attribute.
    pub fn attr(mut self, name: &str, value: impl IntoValue<'gc>) -> Self {
        self.class = self.class.attr(name, value);
        self
    }

    /// Adds what [`ClassBuilder`] can: methods that get the object instead of its value, base classes, a metaclass.
    pub fn with(mut self, add: impl FnOnce(ClassBuilder<'gc>) -> ClassBuilder<'gc>) -> Self {
        self.class = add(self.class);
        self
    }

    /// Lets objects be pickled and copied: their state is a dict of the fields, as that of an object that Python code
    /// defined, and the objects of a class of the same name in CPython have it too.
    pub fn pickle(mut self) -> Self
    where
        T: NativeState,
    {
        self.pickled = true;
        self.class = self
            .class
            .method("__getstate__", |ctx, this, args| {
                args.parse::<()>(ctx, "__getstate__")?;
                state::get::<T>(ctx, this)
            })
            .method("__setstate__", |ctx, this, args| {
                let (given,) = args.parse(ctx, "__setstate__")?;
                object::hold(ctx, this, state::set::<T>(ctx, this, given)?)?;
                Ok(Value::None)
            });
        self
    }

    /// Shows objects by their fields, as Python's dataclasses do: `Jar(label='dill', grams=500)`.
    pub fn repr(
        self,
        fields: impl for<'a> Fn(Context<'a>, &T) -> Result<'a, Vec<(&'static str, Value<'a>)>> + 'static,
    ) -> Self {
        self.with(|class| {
            class.method("__repr__", move |ctx, this, _| {
                let fields = fields(ctx, &*this.native::<T>(ctx)?)?;
                let show = || -> Result<'_, String> {
                    let mut shown = Vec::new();
                    for (name, value) in fields {
                        shown.push(format!("{name}={}", value.repr(ctx)?.to::<String>(ctx)?));
                    }
                    Ok(format!("{}({})", this.type_of(ctx).name(), shown.join(", ")))
                };
                let shown = this.shown_once(ctx, show).unwrap_or_else(|| Ok("...".to_owned()))?;
                Ok(ctx.str(&shown))
            })
        })
    }

    /// Compares objects as the Rust type does; an object of another class is never equal. Without a
    /// [`hash`](Self::hash) of their own, Python 3 takes objects that compare for unhashable.
    pub fn eq(self) -> Self
    where
        T: PartialEq,
    {
        let python3 = self.ctx.dialect() == Dialect::Python3;
        self.with(|class| {
            let class = if python3 { class.attr("__hash__", Value::None) } else { class };
            class
                .method("__eq__", |ctx, this, args| compare::<T>(ctx, this, &args, T::eq))
                .method("__ne__", |ctx, this, args| compare::<T>(ctx, this, &args, T::ne))
        })
    }

    /// Orders objects as the Rust type does; with an object of another class there is no order.
    pub fn ord(self) -> Self
    where
        T: PartialOrd,
    {
        self.with(|class| {
            class
                .method("__lt__", |ctx, this, args| compare::<T>(ctx, this, &args, T::lt))
                .method("__le__", |ctx, this, args| compare::<T>(ctx, this, &args, T::le))
                .method("__gt__", |ctx, this, args| compare::<T>(ctx, this, &args, T::gt))
                .method("__ge__", |ctx, this, args| compare::<T>(ctx, this, &args, T::ge))
        })
    }

    /// Hashes objects as the Rust type does, under keys of the runtime.
    pub fn hash(self) -> Self
    where
        T: Hash,
    {
        self.with(|class| {
            class.method("__hash__", |ctx, this, _| {
                Ok(Value::Int(ctx.state.hash_one(&*this.native::<T>(ctx)?)))
            })
        })
    }

    /// Lets objects be pickled by hooks that [`with`](Self::with) adds: `__reduce_ex__`, `__reduce__` or `__getstate__`.
    pub fn pickled_by_hooks(mut self) -> Self {
        self.pickled = true;
        self
    }

    /// Lets hooks that [`with`](Self::with) adds make objects: `__new__` and `__init__`.
    pub fn constructed_by_hooks(mut self) -> Self {
        self.constructed = true;
        self
    }

    /// Makes the class.
    ///
    /// # Errors
    ///
    /// `TypeError` if the bases cannot be joined.
    pub fn build(mut self) -> Result<'gc, Class<'gc>> {
        if !self.has_dict {
            self.class = self.class.slots(&[]);
        }
        if !self.constructed {
            self.class = self.class.method("__init__", |ctx, this, _| {
                let message = format!("cannot create '{}' instances", this.type_name(ctx));
                Err(Error::new(&exc::TYPE_ERROR, message))
            });
        }
        if !self.pickled {
            // Without this its objects would be written without their value.
            self.class = self.class.method("__reduce_ex__", |ctx, this, _| {
                Err(not_reducible(ctx, &this.type_name(ctx)))
            });
        }
        self.class.build()
    }
}

/// Compares two objects of the class; NotImplemented for one of another class.
fn compare<'gc, T: NativeClass>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    compare: fn(&T, &T) -> bool,
) -> Result<'gc> {
    let (other,): (Value<'gc>,) = args.parse(ctx, "comparison")?;
    if !other.is_instance(ctx, ctx.class_of::<T>()?)? {
        return Ok(Value::NotImplemented);
    }
    Ok(Value::Bool(compare(&*this.native::<T>(ctx)?, &*other.native::<T>(ctx)?)))
}
