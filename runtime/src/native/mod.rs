//! [`NativeClass`]: Rust types as Python classes.
//!
//! An object of such a class holds a Rust value. It is made empty, as pickle and Python's `__new__` make objects, and
//! gets its value from the constructor or from the state of a pickle.

mod arguments;
mod builder;
mod convert;
pub mod members;
mod object;
mod state;

use std::any::{Any, TypeId};

pub use self::arguments::{argument, required};
pub use self::builder::NativeBuilder;
pub use self::convert::NativeValue;
pub use self::members::NativeEnum;
pub use self::state::{NativeState, StateEntries};
use crate::class::Class;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// A Rust type whose values are the content of objects of a Python class.
///
/// `#[derive(NativeClass)]` writes the implementation for a struct with its fields as attributes; by hand it is
/// [`define`](Self::define).
///
/// While a method runs, the value is borrowed: a method that takes `&mut` and comes back to the same object raises
/// `RuntimeError`, as does one that finds it so.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{NativeBuilder, NativeClass, Result, Runtime, Value, value};
///
/// struct Jar {
///     grams: i64,
/// }
///
/// impl NativeClass for Jar {
///     const NAME: &'static str = "Jar";
///     const MODULE: &'static str = "larder";
///
///     fn define<'gc>(class: NativeBuilder<'gc, Self>) -> Result<'gc, NativeBuilder<'gc, Self>> {
///         Ok(class
///             .constructor(|ctx, args| args.parse(ctx, "Jar").map(|(grams,)| Jar { grams }))
///             .get("grams", |_, jar| Ok(Value::Int(jar.grams)))
///             .method_mut("take", |ctx, jar, args| {
///                 let (grams,): (i64,) = args.parse(ctx, "take")?;
///                 jar.grams -= grams;
///                 Ok(Value::None)
///             }))
///     }
/// }
///
/// Runtime::python3().try_enter(|ctx| {
///     let jar = Value::from(ctx.class_of::<Jar>()?).call(ctx, (500,))?;
///     jar.call_method(ctx, "take", (100,))?;
///     assert_eq!(jar.get_attr(ctx, "grams")?.to::<i64>(ctx)?, 400);
///     assert_eq!(jar.native::<Jar>(ctx)?.grams, 400);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub trait NativeClass: Sized + 'static {
    /// The name of the class.
    const NAME: &'static str;

    /// The module where the class is found; it is made if there is none.
    const MODULE: &'static str = "__main__";

    /// Defines the class: what its instances have beyond what `object` gives them.
    ///
    /// # Errors
    ///
    /// What defining it raises.
    fn define<'gc>(class: NativeBuilder<'gc, Self>) -> Result<'gc, NativeBuilder<'gc, Self>>;

    /// What is left to do when the class is there: class attributes that are its own instances.
    ///
    /// # Errors
    ///
    /// What setting them raises.
    fn complete<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, ()> {
        let _ = (ctx, class);
        Ok(())
    }

    /// Returns the part of the value that belongs to the base class, if that is a native class too.
    fn base(&self) -> Option<&dyn NativeObject> {
        None
    }

    /// Returns the part of the value that belongs to the base class, to change it.
    fn base_mut(&mut self) -> Option<&mut dyn NativeObject> {
        None
    }

    /// Makes an object of the class with this value.
    ///
    /// # Errors
    ///
    /// What [`Context::class_of`] raises when it defines the class.
    fn into_object<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        object::make(ctx, self)
    }
}

/// A value of a native class, of which the parts for its base classes can be asked.
pub trait NativeObject: Any {
    /// Returns the part that is of a type.
    fn part(&self, wanted: TypeId) -> Option<&dyn Any>;

    /// Returns the part that is of a type, to change it.
    fn part_mut(&mut self, wanted: TypeId) -> Option<&mut dyn Any>;
}

impl<T: NativeClass> NativeObject for T {
    fn part(&self, wanted: TypeId) -> Option<&dyn Any> {
        if wanted == TypeId::of::<T>() { Some(self) } else { self.base()?.part(wanted) }
    }

    fn part_mut(&mut self, wanted: TypeId) -> Option<&mut dyn Any> {
        if wanted == TypeId::of::<T>() { Some(self) } else { self.base_mut()?.part_mut(wanted) }
    }
}

/// What `#[native_methods]` writes: the methods of a native class.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no native methods",
    note = "write #[native_methods] before an `impl` block of it, or leave `methods` out of #[class(..)]"
)]
pub trait NativeMethods: NativeClass {
    /// Adds the methods.
    fn define_methods<'gc>(class: NativeBuilder<'gc, Self>) -> NativeBuilder<'gc, Self>;
}

/// The type of a native class, as the key of its class.
#[derive(Clone, Copy, PartialEq, Eq, gc_arena::Collect)]
#[collect(require_static)]
pub(crate) struct NativeKey(TypeId);

impl<'gc> Context<'gc> {
    /// Returns the class of a Rust type, and defines it in its module at the first time. A pickle finds it from then on.
    ///
    /// # Errors
    ///
    /// What [`NativeClass::define`] raises; `TypeError` if what `sys.modules` holds under the module's name is no module.
    pub fn class_of<T: NativeClass>(self) -> Result<'gc, Class<'gc>> {
        let key = NativeKey(TypeId::of::<T>());
        let known = self.state.native_classes.borrow().iter().find(|it| it.0 == key).map(|it| it.1);
        if let Some(class) = known {
            return Ok(class);
        }
        let class = T::define(NativeBuilder::new(self))?.build()?;
        let module = match self.modules().get_name(self, self.intern(T::MODULE)) {
            None => self.new_module(T::MODULE)?,
            Some(Value::Module(module)) => module,
            Some(other) => return Err(crate::convert::expected(self, "module", other)),
        };
        module.class_named(self, class)?;
        self.state.native_classes.borrow_mut(self.mc).push((key, class));
        T::complete(self, class)?;
        Ok(class)
    }
}

/// The `AttributeError` of an object that has not got its value yet.
#[cold]
fn no_value<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Error<'gc> {
    let class = this.type_name(ctx);
    Error::new(&exc::ATTRIBUTE_ERROR, format!("the '{class}' object has no value yet"))
        .with_hint("objects get it from __init__ or from the state of a pickle (__setstate__)")
}
