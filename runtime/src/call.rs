//! Calls: `f(...)` on any object, and how a class makes an instance.
//!
//! Source of the rules: the Python documentation, "Basic customization" (`__new__`, `__init__`) and "Callable types"
//! in the data model.

use crate::args::{Args, IntoArgs};
use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::descriptor;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::Method;
use crate::instance::{ClassicInstance, Instance, Payload};
use crate::name::IntoName;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Calls the object (Python's `f(...)`).
    ///
    /// # Errors
    ///
    /// `TypeError` if it cannot be called; whatever the call raises.
    pub fn call(self, ctx: Context<'gc>, args: impl IntoArgs<'gc>) -> Result<'gc> {
        let args = args.into_args(ctx);
        match self {
            Value::Function(function) => ctx.deeper(|| function.code().run(ctx, args)),
            Value::Builtin(builtin) => ctx.deeper(|| match builtin.receiver() {
                Some(receiver) => builtin.code().run(ctx, args.prepend(receiver)),
                None => builtin.code().run(ctx, args),
            }),
            Value::Method(method) => call_method(ctx, method, args),
            Value::Class(class) => call_class(ctx, class, args),
            Value::ClassicClass(class) => instantiate_classic(ctx, class, args),
            Value::Instance(instance) => call_instance(ctx, instance, args),
            _ => call_through_hook(ctx, self, args),
        }
    }

    /// Calls a method (Python's `x.name(...)`).
    ///
    /// # Errors
    ///
    /// `AttributeError` if there is none; whatever the call raises.
    pub fn call_method(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        args: impl IntoArgs<'gc>,
    ) -> Result<'gc> {
        self.get_attr(ctx, name)?.call(ctx, args)
    }

    /// Returns whether the object can be called (Python's `callable(x)`).
    #[must_use]
    pub fn is_callable(self, ctx: Context<'gc>) -> bool {
        match self {
            Value::ClassicInstance(_) => {
                matches!(self.find_attr(ctx, ctx.names().call), Ok(Some(_)))
            }
            Value::Function(_)
            | Value::Builtin(_)
            | Value::Method(_)
            | Value::Class(_)
            | Value::ClassicClass(_) => true,
            Value::Instance(it) if matches!(it.payload(), Payload::MethodDescriptor(_)) => true,
            _ => self.type_of(ctx).lookup(ctx, ctx.names().call).is_some(),
        }
    }
}

fn call_method<'gc>(ctx: Context<'gc>, method: Method<'gc>, args: Args<'gc>) -> Result<'gc> {
    if let Some(receiver) = method.receiver() {
        return method.function().call(ctx, args.prepend(receiver));
    }
    let first = args.positional().first().copied();
    if let Some(first) = first
        && crate::class::is_subclass(first.class_of(ctx), method.class())
    {
        return method.function().call(ctx, args);
    }
    Err(unbound(ctx, method, first))
}

/// The `TypeError` for an unbound method called without an instance of its class.
#[cold]
fn unbound<'gc>(ctx: Context<'gc>, method: Method<'gc>, first: Option<Value<'gc>>) -> Error<'gc> {
    let name = match method.function() {
        Value::Function(function) => crate::class::text_of(function.name()),
        _ => "?".to_owned(),
    };
    let class = match method.class() {
        Value::Class(class) => class.name(),
        Value::ClassicClass(class) => class.name(),
        _ => "?".to_owned(),
    };
    let got = match first {
        None => "nothing".to_owned(),
        Some(Value::ClassicInstance(it)) => format!("{} instance", it.class().name()),
        Some(other) => format!("{} instance", other.type_name(ctx)),
    };
    let message = format!(
        "unbound method {name}() must be called with {class} instance as first argument (got {got} instead)"
    );
    Error::new(&exc::TYPE_ERROR, message)
}

fn call_instance<'gc>(ctx: Context<'gc>, instance: Instance<'gc>, args: Args<'gc>) -> Result<'gc> {
    let Payload::MethodDescriptor(method) = instance.payload() else {
        return call_through_hook(ctx, instance.into(), args);
    };
    let Some(&first) = args.positional().first() else {
        let message = format!(
            "descriptor '{}' of '{}' object needs an argument",
            method.name.to_string_lossy(),
            method.class.type_name()
        );
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    if !first.type_of(ctx).is_subclass_of(method.class) {
        let message = format!(
            "descriptor '{}' requires a '{}' object but received a '{}'",
            method.name.to_string_lossy(),
            method.class.type_name(),
            first.type_name(ctx)
        );
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    ctx.deeper(|| method.code.run(ctx, args))
}

fn call_through_hook<'gc>(ctx: Context<'gc>, object: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    match object.special(ctx, ctx.names().call)? {
        Some(hook) => ctx.deeper(|| hook.call(ctx, args)),
        None => Err(not_callable(ctx, object)),
    }
}

#[cold]
fn not_callable<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Error<'gc> {
    let message = match object {
        Value::ClassicInstance(instance) => {
            format!("{} instance has no __call__ method", instance.class().name())
        }
        _ => format!("'{}' object is not callable", object.type_name(ctx)),
    };
    let class = if let Value::ClassicInstance(_) = object {
        &exc::ATTRIBUTE_ERROR
    } else {
        &exc::TYPE_ERROR
    };
    Error::new(class, message)
}

fn call_class<'gc>(ctx: Context<'gc>, class: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    ctx.take_allowance_for_call(args.positional())?;
    let metaclass = class.metaclass();
    if metaclass.is_heap_type()
        && let Some(hook) = metaclass.lookup(ctx, ctx.names().call)
        && crate::attr::is_own_hook(hook, ctx.names().call)
    {
        let hook = descriptor::get(ctx, hook, Some(class.into()), metaclass.into())?;
        return hook.call(ctx, args);
    }
    instantiate(ctx, class, args)
}

/// Returns the `__new__` of a class; `None` for a built-in type that programs cannot make instances of.
pub(crate) fn constructor<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Option<Value<'gc>> {
    let new = class.lookup(ctx, ctx.names().new)?;
    (class.is_heap_type() || makes_instances(ctx, class, new)).then_some(new)
}

/// What `type.__call__` does: `__new__`, then `__init__` if an instance of the class came out.
pub(crate) fn instantiate<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    if class.is(ctx.types().type_)
        && let ([object], []) = (args.positional(), args.keywords())
    {
        return Ok(object.type_of(ctx).into());
    }
    let Some(new) = constructor(ctx, class) else {
        let message = format!("cannot create '{}' instances", class.type_name());
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let new = descriptor::get(ctx, new, None, class.into())?;
    let object = new.call(ctx, args.clone().prepend(class.into()))?;
    let made = object.type_of(ctx);
    if !made.is_subclass_of(class) || made.is_made_complete(ctx) {
        return Ok(object);
    }
    if let Some(init) = made.lookup(ctx, ctx.names().init) {
        let result = call_found(ctx, init, object, made, args)?;
        if !result.is_none() {
            let message = format!("__init__() should return None, not '{}'", result.type_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    }
    Ok(object)
}

/// Calls what a class has under the name of a special method, bound to an object: mostly without making the method.
pub(crate) fn call_found<'gc>(
    ctx: Context<'gc>,
    found: Value<'gc>,
    object: Value<'gc>,
    class: Class<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    if let Value::Function(function) = found {
        return ctx.deeper(|| function.code().run(ctx, args.prepend(object)));
    }
    if let Value::Instance(it) = found
        && let Payload::MethodDescriptor(method) = it.payload()
        && class.is_subclass_of(method.class)
    {
        return ctx.deeper(|| method.code.run(ctx, args.prepend(object)));
    }
    descriptor::get(ctx, found, Some(object), class.into())?.call(ctx, args)
}

/// Whether a type of the runtime's own has a `__new__` of its own: `object`'s makes nothing but objects.
fn makes_instances<'gc>(ctx: Context<'gc>, class: Class<'gc>, new: Value<'gc>) -> bool {
    let object = ctx.types().object;
    class.is(object) || !object.lookup(ctx, ctx.names().new).is_some_and(|own| own.is(new))
}

fn instantiate_classic<'gc>(
    ctx: Context<'gc>,
    class: ClassicClass<'gc>,
    args: Args<'gc>,
) -> Result<'gc> {
    let instance = Value::from(ClassicInstance::bare(ctx, class));
    let Some(init) = class.lookup(ctx, ctx.names().init) else {
        if !args.is_empty() {
            return Err(Error::new(&exc::TYPE_ERROR, "this constructor takes no arguments"));
        }
        return Ok(instance);
    };
    let init = descriptor::get(ctx, init, Some(instance), class.into())?;
    let result = init.call(ctx, args)?;
    if !result.is_none() {
        return Err(Error::new(&exc::TYPE_ERROR, "__init__() should return None"));
    }
    Ok(instance)
}
