//! Descriptors: what decides about an attribute that is found in a class.
//!
//! Source of the rules: the Python documentation, "Implementing Descriptors" in the data model.

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, barrier::unlock};

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Builtin, Code, Method};
use crate::instance::{Instance, Payload};
use crate::name::Name;
use crate::value::Value;

/// The content of a `property`; `__init__` sets it.
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct Property<'gc> {
    pub(crate) parts: Lock<PropertyParts<'gc>>,
}

#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct PropertyParts<'gc> {
    pub(crate) get: Value<'gc>,
    pub(crate) set: Value<'gc>,
    pub(crate) delete: Value<'gc>,
    pub(crate) doc: Value<'gc>,
}

/// The content of a slot descriptor (`member_descriptor`).
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct Member<'gc> {
    pub(crate) class: Class<'gc>,
    pub(crate) name: Name<'gc>,
    pub(crate) index: usize,
}

/// The content of a `getset_descriptor`: an attribute that native code answers for.
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct GetSet<'gc> {
    pub(crate) class: Class<'gc>,
    pub(crate) name: Name<'gc>,
    #[collect(require_static)]
    pub(crate) get: Getter,
    /// `None` is a read-only attribute.
    #[collect(require_static)]
    pub(crate) set: Option<Setter>,
}

/// Reads an attribute of an object.
pub(crate) type Getter = for<'a> fn(Context<'a>, Value<'a>) -> Result<'a>;
/// Sets an attribute of an object, or deletes it (`None`).
pub(crate) type Setter = for<'a> fn(Context<'a>, Value<'a>, Option<Value<'a>>) -> Result<'a, ()>;

/// The content of a `method_descriptor` or `wrapper_descriptor`: a built-in method before it is bound.
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct MethodDescriptor<'gc> {
    pub(crate) class: Class<'gc>,
    pub(crate) name: Name<'gc>,
    pub(crate) code: Code<'gc>,
    #[collect(require_static)]
    pub(crate) kind: MethodKind,
}

/// How CPython shows a built-in method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodKind {
    /// `method_descriptor`; bound, `builtin_function_or_method`.
    Method,
    /// `wrapper_descriptor` ("slot wrapper"); bound, `method-wrapper`.
    Wrapper,
    /// `classmethod_descriptor`; binds to the class.
    ClassMethod,
}

/// Returns what an attribute found in a class gives when it is read through `instance`, or through `owner` itself.
pub(crate) fn get<'gc>(
    ctx: Context<'gc>,
    attribute: Value<'gc>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Result<'gc> {
    match attribute {
        Value::Function(_) => Ok(bind_function(ctx, attribute, instance, owner)),
        Value::Method(method) if method.receiver().is_none() => {
            Ok(rebind(ctx, method, instance, owner))
        }
        Value::Instance(descriptor) => get_instance(ctx, descriptor, instance, owner),
        Value::ClassicInstance(_) => get_through_hook(ctx, attribute, instance, owner),
        _ => Ok(attribute),
    }
}

fn bind_function<'gc>(
    ctx: Context<'gc>,
    function: Value<'gc>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Value<'gc> {
    match (instance, ctx.dialect()) {
        (Some(receiver), _) => Method::bound(ctx, function, receiver, owner).into(),
        (None, Dialect::Python2) => Method::unbound(ctx, function, owner).into(),
        // Python 3 has no unbound methods.
        (None, Dialect::Python3) => function,
    }
}

/// An unbound method found in a class binds only to instances of the class that it came from.
fn rebind<'gc>(
    ctx: Context<'gc>,
    method: Method<'gc>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Value<'gc> {
    match instance {
        Some(receiver) if crate::class::is_subclass(owner, method.class()) => {
            Method::bound(ctx, method.function(), receiver, owner).into()
        }
        _ => method.into(),
    }
}

fn get_instance<'gc>(
    ctx: Context<'gc>,
    descriptor: Instance<'gc>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Result<'gc> {
    match descriptor.payload() {
        Payload::StaticMethod(function) => Ok(function),
        Payload::ClassMethod(function) => {
            let metaclass = owner.type_of(ctx).into();
            Ok(Method::bound(ctx, function, owner, metaclass).into())
        }
        Payload::Property(property) => match (instance, property.parts.get().get) {
            (None, _) => Ok(descriptor.into()),
            (Some(_), Value::None) => {
                Err(Error::new(&exc::ATTRIBUTE_ERROR, "unreadable attribute"))
            }
            (Some(instance), get) => get.call(ctx, (instance,)),
        },
        Payload::Member(member) => match instance {
            None => Ok(descriptor.into()),
            Some(instance) => get_member(ctx, &member, instance),
        },
        Payload::GetSet(getset) => match instance {
            None => Ok(descriptor.into()),
            Some(instance) => {
                check_receiver(ctx, getset.class, getset.name, instance)?;
                (getset.get)(ctx, instance)
            }
        },
        Payload::MethodDescriptor(method) => bind_builtin(ctx, descriptor, method, instance, owner),
        _ => get_through_hook(ctx, descriptor.into(), instance, owner),
    }
}

fn bind_builtin<'gc>(
    ctx: Context<'gc>,
    descriptor: Instance<'gc>,
    method: Gc<'gc, MethodDescriptor<'gc>>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Result<'gc> {
    let receiver = match (method.kind, instance) {
        (MethodKind::ClassMethod, _) => owner,
        (_, None) => return Ok(descriptor.into()),
        (_, Some(instance)) => {
            check_receiver(ctx, method.class, method.name, instance)?;
            instance
        }
    };
    let code = method.code.clone();
    Ok(match method.kind {
        MethodKind::Wrapper => {
            Builtin::method_wrapper(ctx, method.name, receiver, method.class, code).into()
        }
        MethodKind::Method | MethodKind::ClassMethod => {
            Builtin::with_code(ctx, method.name, Some(receiver), code).into()
        }
    })
}

/// Whether a bound built-in method runs the code of a method found in a class.
pub(crate) fn is_code_of<'gc>(attribute: Value<'gc>, bound: Builtin<'gc>) -> bool {
    match attribute {
        Value::Instance(descriptor) => match descriptor.payload() {
            Payload::MethodDescriptor(method) => method.code.is(bound.code()),
            _ => false,
        },
        _ => false,
    }
}

fn get_member<'gc>(ctx: Context<'gc>, member: &Member<'gc>, instance: Value<'gc>) -> Result<'gc> {
    check_receiver(ctx, member.class, member.name, instance)?;
    let found = match instance {
        Value::Instance(instance) => instance.slot(member.index),
        _ => None,
    };
    found.ok_or_else(|| match ctx.dialect() {
        Dialect::Python2 => {
            Error::new(&exc::ATTRIBUTE_ERROR, member.name.to_string_lossy().into_owned())
        }
        Dialect::Python3 => crate::attr::no_attribute(ctx, instance, member.name),
    })
}

fn check_receiver<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    name: Name<'gc>,
    instance: Value<'gc>,
) -> Result<'gc, ()> {
    if instance.type_of(ctx).is_subclass_of(class) {
        return Ok(());
    }
    let message = format!(
        "descriptor '{}' for '{}' objects doesn't apply to {}'{}' object",
        name.to_string_lossy(),
        class.type_name(),
        ctx.dialect().pick("", "a "),
        instance.type_name(ctx)
    );
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// Calls the descriptor's own `__get__`, if its class has one.
fn get_through_hook<'gc>(
    ctx: Context<'gc>,
    descriptor: Value<'gc>,
    instance: Option<Value<'gc>>,
    owner: Value<'gc>,
) -> Result<'gc> {
    let Some(hook) = descriptor.type_of(ctx).lookup(ctx, ctx.names().get) else {
        return Ok(descriptor);
    };
    // The hook may be a descriptor in turn, even this very one.
    ctx.deeper(|| {
        let hook = get(ctx, hook, Some(descriptor), descriptor.type_of(ctx).into())?;
        hook.call(ctx, (instance.unwrap_or(Value::None), owner))
    })
}

/// Returns whether an attribute found in a class is read before the instance's `__dict__` is: it is a data descriptor
/// with a `__get__`.
pub(crate) fn goes_first<'gc>(ctx: Context<'gc>, attribute: Value<'gc>) -> bool {
    let Value::Instance(descriptor) = attribute else {
        return false;
    };
    match descriptor.payload() {
        Payload::Property(_) | Payload::Member(_) | Payload::GetSet(_) => true,
        _ => is_data(ctx, attribute) && descriptor.class().lookup(ctx, ctx.names().get).is_some(),
    }
}

/// Returns whether an attribute found in a class is a data descriptor: it decides what is set.
pub(crate) fn is_data<'gc>(ctx: Context<'gc>, attribute: Value<'gc>) -> bool {
    let Value::Instance(descriptor) = attribute else {
        return false;
    };
    match descriptor.payload() {
        Payload::Property(_) | Payload::Member(_) | Payload::GetSet(_) => true,
        Payload::StaticMethod(_) | Payload::ClassMethod(_) | Payload::MethodDescriptor(_) => false,
        _ => {
            let class = descriptor.class();
            class.lookup(ctx, ctx.names().set).is_some()
                || class.lookup(ctx, ctx.names().delete).is_some()
        }
    }
}

/// Sets (or deletes) an attribute through a data descriptor; `None` if `attribute` is none.
pub(crate) fn set<'gc>(
    ctx: Context<'gc>,
    attribute: Value<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Option<Result<'gc, ()>> {
    let Value::Instance(descriptor) = attribute else {
        return None;
    };
    match descriptor.payload() {
        Payload::Property(property) => Some(set_property(ctx, &property, instance, value)),
        Payload::Member(member) => Some(set_member(ctx, &member, instance, value)),
        Payload::GetSet(getset) => Some(set_getset(ctx, &getset, instance, value)),
        _ => set_through_hook(ctx, descriptor, instance, value),
    }
}

fn set_property<'gc>(
    ctx: Context<'gc>,
    property: &Property<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let (function, refusal) = match value {
        Some(_) => (property.parts.get().set, "can't set attribute"),
        None => (property.parts.get().delete, "can't delete attribute"),
    };
    if function.is_none() {
        return Err(Error::new(&exc::ATTRIBUTE_ERROR, refusal));
    }
    let mut args = Args::new(&[instance]);
    if let Some(value) = value {
        args = Args::new(&[instance, value]);
    }
    function.call(ctx, args).map(drop)
}

fn set_member<'gc>(
    ctx: Context<'gc>,
    member: &Member<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    check_receiver(ctx, member.class, member.name, instance)?;
    let Value::Instance(instance) = instance else {
        return Ok(());
    };
    if value.is_none() && instance.slot(member.index).is_none() {
        let name = member.name.to_string_lossy().into_owned();
        return Err(Error::new(&exc::ATTRIBUTE_ERROR, name));
    }
    instance.set_slot(ctx, member.index, value);
    Ok(())
}

fn set_getset<'gc>(
    ctx: Context<'gc>,
    getset: &GetSet<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    check_receiver(ctx, getset.class, getset.name, instance)?;
    match getset.set {
        Some(set) => set(ctx, instance, value),
        None => {
            let message = format!(
                "attribute '{}' of '{}' objects is not writable",
                getset.name.to_string_lossy(),
                getset.class.type_name()
            );
            Err(Error::new(&exc::ATTRIBUTE_ERROR, message))
        }
    }
}

fn set_through_hook<'gc>(
    ctx: Context<'gc>,
    descriptor: Instance<'gc>,
    instance: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Option<Result<'gc, ()>> {
    let class = descriptor.class();
    let name = if value.is_some() { ctx.names().set } else { ctx.names().delete };
    let Some(hook) = class.lookup(ctx, name) else {
        if !is_data(ctx, descriptor.into()) {
            return None;
        }
        return Some(Err(Error::new(&exc::ATTRIBUTE_ERROR, name.to_string_lossy().into_owned())));
    };
    let call = || {
        let hook = get(ctx, hook, Some(descriptor.into()), class.into())?;
        let mut args = Args::new(&[instance]);
        if let Some(value) = value {
            args = Args::new(&[instance, value]);
        }
        hook.call(ctx, args).map(drop)
    };
    Some(call())
}

impl<'gc> Value<'gc> {
    /// Returns a `property` of native functions.
    #[must_use]
    pub fn property(
        ctx: Context<'gc>,
        get: Value<'gc>,
        set: Value<'gc>,
        delete: Value<'gc>,
    ) -> Self {
        let parts = PropertyParts { get, set, delete, doc: Value::None };
        Property::instance(ctx, ctx.types().property, parts)
    }

    /// Returns a `staticmethod` of a function.
    #[must_use]
    pub fn staticmethod(ctx: Context<'gc>, function: Value<'gc>) -> Self {
        let payload = Payload::StaticMethod(function);
        Instance::with_payload(ctx, ctx.types().staticmethod, payload).into()
    }

    /// Returns a `classmethod` of a function.
    #[must_use]
    pub fn classmethod(ctx: Context<'gc>, function: Value<'gc>) -> Self {
        let payload = Payload::ClassMethod(function);
        Instance::with_payload(ctx, ctx.types().classmethod, payload).into()
    }
}

impl<'gc> Property<'gc> {
    /// Returns a property object of a class.
    pub(crate) fn instance(
        ctx: Context<'gc>,
        class: Class<'gc>,
        parts: PropertyParts<'gc>,
    ) -> Value<'gc> {
        let property = Gc::new(ctx.mc, Property { parts: Lock::new(parts) });
        Instance::with_payload(ctx, class, Payload::Property(property)).into()
    }

    pub(crate) fn set_parts(ctx: Context<'gc>, property: Gc<'gc, Self>, parts: PropertyParts<'gc>) {
        unlock!(Gc::write(ctx.mc, property), Property, parts).set(parts);
    }
}
