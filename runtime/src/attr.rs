//! Attributes: `x.name`, `x.name = value`, `del x.name` on any object.
//!
//! Source of the rules: the Python documentation, "Customizing attribute access" and "Invoking Descriptors" in the
//! data model; for classic classes, the same chapter of Python 2.7.

use crate::args::IntoArgs;
use crate::class::{Class, ClassicClass};
use crate::context::Context;
use crate::convert::IntoValue;
use crate::descriptor;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{ClassicInstance, Instance, Payload};
use crate::module::Module;
use crate::name::{IntoName, Name};
use crate::types::Dict;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns an attribute (Python's `x.name`): through hooks and descriptors, bound.
    ///
    /// # Errors
    ///
    /// `AttributeError` if there is none; whatever a hook or descriptor raises.
    pub fn get_attr(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Result<'gc> {
        let name = name.into_name(ctx);
        match self {
            Value::ClassicInstance(instance) => get_classic(ctx, instance, name),
            Value::ClassicClass(class) => get_classic_class(ctx, class, name),
            _ => get_new_style(ctx, self, name),
        }
    }

    /// Returns an attribute, or `None` if looking it up raises `AttributeError`.
    ///
    /// # Errors
    ///
    /// Whatever else a hook or descriptor raises.
    pub fn find_attr(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        let name = name.into_name(ctx);
        if is_missing(ctx, self, name) {
            return Ok(None);
        }
        match self.get_attr(ctx, name) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is(ctx, &exc::ATTRIBUTE_ERROR) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets an attribute (Python's `x.name = value`).
    ///
    /// # Errors
    ///
    /// `AttributeError` or `TypeError` if it cannot be set; whatever a hook or descriptor raises.
    pub fn set_attr(
        self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        value: impl IntoValue<'gc>,
    ) -> Result<'gc, ()> {
        let name = name.into_name(ctx);
        let value = value.into_value(ctx);
        assign(ctx, self, name, Some(value))
    }

    /// Deletes an attribute (Python's `del x.name`).
    ///
    /// # Errors
    ///
    /// `AttributeError` if there is none; whatever a hook or descriptor raises.
    pub fn del_attr(self, ctx: Context<'gc>, name: impl IntoName<'gc>) -> Result<'gc, ()> {
        assign(ctx, self, name.into_name(ctx), None)
    }

    /// Returns a special method as operators look it up: in the class of the object, past the object itself, bound.
    /// For a classic instance, any attribute will do.
    ///
    /// # Errors
    ///
    /// Whatever a descriptor, or a classic instance's `__getattr__`, raises.
    pub fn special(self, ctx: Context<'gc>, name: Name<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        if let Value::ClassicInstance(_) = self {
            return self.find_attr(ctx, name);
        }
        let class = self.type_of(ctx);
        match class.lookup(ctx, name) {
            Some(found) => descriptor::get(ctx, found, Some(self), class.into()).map(Some),
            None => Ok(None),
        }
    }
}

impl<'gc> Value<'gc> {
    /// Calls a method, if the object has it: as [`find_attr`](Self::find_attr) and a call of what it finds, but mostly
    /// without making the bound method in between.
    ///
    /// # Errors
    ///
    /// Whatever finding or calling it raises.
    pub fn call_if_found(
        self,
        ctx: Context<'gc>,
        name: Name<'gc>,
        args: impl IntoArgs<'gc>,
    ) -> Result<'gc, Option<Value<'gc>>> {
        if let Some(found) = self.function_of_class(ctx, name) {
            return self.call_function(ctx, found, args).map(Some);
        }
        match self.find_attr(ctx, name)? {
            Some(method) => method.call(ctx, args).map(Some),
            None => Ok(None),
        }
    }

    /// Calls a method, if it is a function in the class that no attribute and no hook of the object hides; returns `None`
    /// if there is none, without having run code.
    pub fn call_function_of_class(
        self,
        ctx: Context<'gc>,
        name: Name<'gc>,
        args: impl IntoArgs<'gc>,
    ) -> Option<Result<'gc>> {
        let found = self.function_of_class(ctx, name)?;
        Some(self.call_function(ctx, found, args))
    }

    /// Calls what the class has for a method.
    fn call_function(
        self,
        ctx: Context<'gc>,
        found: Value<'gc>,
        args: impl IntoArgs<'gc>,
    ) -> Result<'gc> {
        crate::call::call_found(ctx, found, self, self.type_of(ctx), args.into_args(ctx))
    }

    /// Returns what the class of an instance has under the name of a method, if that is what an attribute of this name
    /// would be bound from, and finding it runs no code.
    pub(crate) fn function_of_class(
        self,
        ctx: Context<'gc>,
        name: Name<'gc>,
    ) -> Option<Value<'gc>> {
        let Value::Instance(instance) = self else { return None };
        let found = instance.class().lookup(ctx, name).filter(|&found| is_function(found))?;
        let is_hidden = !instance.class().reads_plainly(ctx)
            || matches!(instance.payload(), Payload::Super(_))
            || instance.existing_dict().is_some_and(|dict| dict.get_name(ctx, name).is_some());
        (!is_hidden).then_some(found)
    }
}

/// Whether something binds as functions do, and running no code.
fn is_function(found: Value<'_>) -> bool {
    match found {
        Value::Function(_) => true,
        Value::Instance(it) => matches!(it.payload(), Payload::MethodDescriptor(_)),
        _ => false,
    }
}

/// Returns whether an instance surely lacks an attribute: quicker than to make an error and drop it.
fn is_missing<'gc>(ctx: Context<'gc>, object: Value<'gc>, name: Name<'gc>) -> bool {
    let Value::Instance(instance) = object else {
        return false;
    };
    let (class, names) = (instance.class(), ctx.names());
    let hooked = class.is_heap_type() && class.lookup(ctx, names.getattr).is_some()
        || !class.reads_plainly(ctx);
    !hooked
        && !matches!(instance.payload(), Payload::Super(_))
        && class.lookup(ctx, name).is_none()
        && instance.existing_dict().is_none_or(|dict| dict.get_name(ctx, name).is_none())
}

fn get_new_style<'gc>(ctx: Context<'gc>, object: Value<'gc>, name: Name<'gc>) -> Result<'gc> {
    let class = object.type_of(ctx);
    let names = ctx.names();
    if !class.reads_plainly(ctx)
        && let Some(hook) = class.lookup(ctx, names.getattribute)
    {
        let hook = descriptor::get(ctx, hook, Some(object), class.into())?;
        let found = hook.call(ctx, (name.value(),));
        return or_getattr(ctx, object, class, name, found);
    }
    let found = generic_get(ctx, object, name);
    or_getattr(ctx, object, class, name, found)
}

/// Asks `__getattr__`, if the class has one and the attribute was not found.
fn or_getattr<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    class: Class<'gc>,
    name: Name<'gc>,
    found: Result<'gc>,
) -> Result<'gc> {
    let Err(error) = found else {
        return found;
    };
    if !class.is_heap_type() || !error.is(ctx, &exc::ATTRIBUTE_ERROR) {
        return Err(error);
    }
    let Some(hook) = class.lookup(ctx, ctx.names().getattr) else {
        return Err(error);
    };
    let hook = descriptor::get(ctx, hook, Some(object), class.into())?;
    hook.call(ctx, (name.value(),))
}

/// What `object.__getattribute__`, `type.__getattribute__` and `module.__getattribute__` do.
pub(crate) fn generic_get<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Result<'gc> {
    if let Value::Instance(instance) = object
        && let Payload::Super(view) = instance.payload()
        && let Some(found) = crate::super_object::find(ctx, view, name)?
    {
        return Ok(found);
    }
    let class = object.type_of(ctx);
    let in_class = class.lookup(ctx, name);
    if let Some(attribute) = in_class
        && descriptor::goes_first(ctx, attribute)
    {
        return descriptor::get(ctx, attribute, Some(object), class.into());
    }
    if let Value::Class(own) = object {
        if let Some(attribute) = own.lookup(ctx, name) {
            return descriptor::get(ctx, attribute, None, object);
        }
    } else if let Some(value) = own_dict(object).and_then(|dict| dict.get_name(ctx, name)) {
        return Ok(value);
    }
    match in_class {
        Some(attribute) => descriptor::get(ctx, attribute, Some(object), class.into()),
        None => match object {
            // A method has the attributes of its function.
            Value::Method(method) => method.function().get_attr(ctx, name),
            _ => Err(no_attribute(ctx, object, name)),
        },
    }
}

/// The object's `__dict__`, if it has one with something in it.
fn own_dict(object: Value<'_>) -> Option<Dict<'_>> {
    match object {
        Value::Instance(instance) => instance.existing_dict(),
        Value::Module(module) => Some(module.dict()),
        Value::Function(function) => function.existing_dict(),
        _ => None,
    }
}

/// The `AttributeError` for a missing attribute.
#[cold]
pub(crate) fn no_attribute<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Error<'gc> {
    let attribute = name.to_string_lossy();
    let message = match (object, ctx.dialect()) {
        (Value::Class(class), _) => {
            format!("type object '{}' has no attribute '{attribute}'", class.name())
        }
        (Value::ClassicClass(class), _) => {
            format!("class {} has no attribute '{attribute}'", class.name())
        }
        (Value::ClassicInstance(instance), _) => {
            format!("{} instance has no attribute '{attribute}'", instance.class().name())
        }
        (Value::Module(module), Dialect::Python3) => {
            format!("module '{}' has no attribute '{attribute}'", module.name(ctx))
        }
        _ => format!("'{}' object has no attribute '{attribute}'", object.type_name(ctx)),
    };
    Error::new(&exc::ATTRIBUTE_ERROR, message)
}

fn get_classic<'gc>(
    ctx: Context<'gc>,
    instance: ClassicInstance<'gc>,
    name: Name<'gc>,
) -> Result<'gc> {
    match name.as_slice() {
        b"__dict__" => return Ok(instance.dict().into()),
        b"__class__" => return Ok(instance.class().into()),
        _ => {}
    }
    let object = Value::ClassicInstance(instance);
    if let Some(found) = generic_get_classic(ctx, instance, name)? {
        return Ok(found);
    }
    match instance.class().lookup(ctx, ctx.names().getattr) {
        Some(hook) => {
            let hook = descriptor::get(ctx, hook, Some(object), instance.class().into())?;
            hook.call(ctx, (name.value(),))
        }
        None => Err(no_attribute(ctx, object, name)),
    }
}

/// An attribute of a classic instance, past its `__getattr__`.
pub(crate) fn generic_get_classic<'gc>(
    ctx: Context<'gc>,
    instance: ClassicInstance<'gc>,
    name: Name<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    if let Some(value) = instance.dict().get_name(ctx, name) {
        return Ok(Some(value));
    }
    let class = instance.class();
    match class.lookup(ctx, name) {
        Some(found) => descriptor::get(ctx, found, Some(instance.into()), class.into()).map(Some),
        None => Ok(None),
    }
}

fn get_classic_class<'gc>(
    ctx: Context<'gc>,
    class: ClassicClass<'gc>,
    name: Name<'gc>,
) -> Result<'gc> {
    match name.as_slice() {
        b"__dict__" => return Ok(class.dict().into()),
        b"__bases__" => return Ok(class.bases().into()),
        b"__name__" => return Ok(class.name_value()),
        _ => {}
    }
    match class.lookup(ctx, name) {
        Some(found) => descriptor::get(ctx, found, None, class.into()),
        // What every classobj has, such as __class__: asked of its type, and quietly.
        None => Err(no_attribute(ctx, class.into(), name)),
    }
}

/// Sets or deletes (`None`) an attribute of any object, through its hooks.
fn assign<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let hook_name = match value {
        Some(_) => ctx.names().setattr,
        None => ctx.names().delattr,
    };
    let hook = match object {
        Value::ClassicClass(class) => return assign_classic_class(ctx, class, name, value),
        Value::ClassicInstance(instance) => match instance.class().lookup(ctx, hook_name) {
            None => return assign_classic(ctx, instance, name, value),
            Some(hook) => descriptor::get(ctx, hook, Some(object), instance.class().into())?,
        },
        _ => {
            let class = object.type_of(ctx);
            if class.assigns_plainly(ctx) {
                return generic_assign(ctx, object, name, value);
            }
            match class.lookup(ctx, hook_name) {
                Some(hook) if is_own_hook(hook, hook_name) => {
                    descriptor::get(ctx, hook, Some(object), class.into())?
                }
                _ => return generic_assign(ctx, object, name, value),
            }
        }
    };
    match value {
        Some(value) => hook.call(ctx, (name.value(), value)).map(drop),
        None => hook.call(ctx, (name.value(),)).map(drop),
    }
}

/// Whether a hook found in a class is a program's own, not the one of this name of a built-in type.
pub(crate) fn is_own_hook<'gc>(hook: Value<'gc>, name: Name<'gc>) -> bool {
    match hook {
        Value::Instance(hook) => match hook.payload() {
            Payload::MethodDescriptor(method) => !method.name.is(name),
            _ => true,
        },
        _ => true,
    }
}

/// What `object.__setattr__` and `object.__delattr__`, and those of `type` and `module`, do.
pub(crate) fn generic_assign<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = object.type_of(ctx);
    let in_class = class.lookup(ctx, name);
    if let Value::Class(own) = object {
        refuse_builtin(ctx, own, name)?;
    }
    if let Some(attribute) = in_class
        && let Some(done) = descriptor::set(ctx, attribute, object, value)
    {
        return done;
    }
    let dict = match object {
        Value::Instance(instance) => instance.dict(ctx),
        Value::Module(module) => Some(module.dict()),
        Value::Function(function) => Some(function.dict(ctx)),
        Value::Class(class) => {
            Class::changed(ctx);
            Some(class.dict())
        }
        _ => None,
    };
    let Some(dict) = dict else {
        return Err(match in_class {
            Some(_) => read_only(ctx, object, name),
            None => no_dict(ctx, object, name),
        });
    };
    match value {
        Some(value) => dict.insert_name(ctx, name, value),
        None => match dict.remove_name(ctx, name) {
            Some(_) => Ok(()),
            None if ctx.dialect() == Dialect::Python2 => {
                let name = name.to_string_lossy().into_owned();
                Err(Error::new(&exc::ATTRIBUTE_ERROR, name))
            }
            None => Err(no_attribute(ctx, object, name)),
        },
    }
}

/// The `AttributeError` for setting an attribute that the class does not know of an object without `__dict__`.
#[cold]
fn no_dict<'gc>(ctx: Context<'gc>, object: Value<'gc>, name: Name<'gc>) -> Error<'gc> {
    let missing = no_attribute(ctx, object, name);
    match ctx.dialect() {
        Dialect::Python2 => missing,
        Dialect::Python3 => {
            let message = missing.message(ctx);
            let message = format!("{message} and no __dict__ for setting new attributes");
            Error::new(&exc::ATTRIBUTE_ERROR, message)
        }
    }
}

fn refuse_builtin<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: Name<'gc>) -> Result<'gc, ()> {
    if class.is_heap_type() {
        return Ok(());
    }
    let own = class.type_name();
    let message = match ctx.dialect() {
        Dialect::Python2 => format!("can't set attributes of built-in/extension type '{own}'"),
        Dialect::Python3 => {
            let name = name.to_string_lossy();
            format!("cannot set '{name}' attribute of immutable type '{own}'")
        }
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

#[cold]
fn read_only<'gc>(ctx: Context<'gc>, object: Value<'gc>, name: Name<'gc>) -> Error<'gc> {
    let message = format!(
        "'{}' object attribute '{}' is read-only",
        object.type_name(ctx),
        name.to_string_lossy()
    );
    Error::new(&exc::ATTRIBUTE_ERROR, message)
}

fn assign_classic<'gc>(
    ctx: Context<'gc>,
    instance: ClassicInstance<'gc>,
    name: Name<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    match (name.as_slice(), value) {
        (b"__dict__", Some(Value::Dict(dict))) => {
            instance.set_dict(ctx, dict);
            Ok(())
        }
        (b"__dict__", _) => {
            Err(Error::new(&exc::TYPE_ERROR, "__dict__ must be set to a dictionary"))
        }
        (b"__class__", Some(Value::ClassicClass(class))) => {
            instance.set_class(ctx, class);
            Ok(())
        }
        (b"__class__", _) => Err(Error::new(&exc::TYPE_ERROR, "__class__ must be set to a class")),
        (_, Some(value)) => {
            if name.is(ctx.names().del) {
                crate::finalizers::register(ctx, instance);
            }
            instance.dict().insert_name(ctx, name, value)
        }
        (_, None) => match instance.dict().remove_name(ctx, name) {
            Some(_) => Ok(()),
            None => Err(no_attribute(ctx, instance.into(), name)),
        },
    }
}

fn assign_classic_class<'gc>(
    ctx: Context<'gc>,
    class: ClassicClass<'gc>,
    name: Name<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let refuse = |message: &'static str| Err(Error::new(&exc::TYPE_ERROR, message));
    match (name.as_slice(), value) {
        (b"__dict__", Some(Value::Dict(dict))) => {
            class.set_dict(ctx, dict);
            Ok(())
        }
        (b"__dict__", _) => refuse("__dict__ must be a dictionary object"),
        (b"__name__", Some(name @ Value::Bytes(_))) => {
            class.set_name(ctx, name);
            Ok(())
        }
        (b"__name__", _) => refuse("__name__ must be a string object"),
        (b"__bases__", Some(Value::Tuple(bases))) => set_classic_bases(ctx, class, bases),
        (b"__bases__", _) => refuse("__bases__ must be a tuple object"),
        (_, Some(value)) => class.define(ctx, name, value),
        (_, None) => {
            Class::changed(ctx);
            match class.dict().remove_name(ctx, name) {
                Some(_) => Ok(()),
                None => Err(no_attribute(ctx, class.into(), name)),
            }
        }
    }
}

fn set_classic_bases<'gc>(
    ctx: Context<'gc>,
    class: ClassicClass<'gc>,
    bases: crate::types::Tuple<'gc>,
) -> Result<'gc, ()> {
    for base in bases.as_slice() {
        let Value::ClassicClass(base) = base else {
            return Err(Error::new(&exc::TYPE_ERROR, "__bases__ items must be classes"));
        };
        if base.is_subclass_of(class.into()) {
            let message = "a __bases__ item causes an inheritance cycle";
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
    }
    class.set_bases(ctx, bases);
    Ok(())
}

/// `__dict__` of anything that has one, as the object itself, not as an attribute that a class may hide.
pub(crate) fn dict_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Option<Dict<'gc>> {
    match object {
        Value::Instance(instance) => Instance::dict(instance, ctx),
        Value::ClassicInstance(instance) => Some(instance.dict()),
        Value::Module(module) => Some(Module::dict(module)),
        Value::Function(function) => Some(function.dict(ctx)),
        _ => None,
    }
}
