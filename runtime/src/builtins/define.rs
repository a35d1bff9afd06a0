//! How the methods of a built-in type are defined.

use gc_arena::Gc;

use crate::args::Args;
use crate::class::{Class, Layout};
use crate::context::Context;
use crate::convert::{FromValue, IntoValue};
use crate::descriptor::{GetSet, Getter, MethodDescriptor, MethodKind, Setter};
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Builtin, Code};
use crate::instance::{Instance, Payload};
use crate::value::Value;

/// A method of a built-in type: its receiver, of that type or a subclass, comes first.
pub(super) type MethodFn = for<'a> fn(Context<'a>, Value<'a>, Args<'a>) -> Result<'a>;
/// A static method of a built-in type.
pub(super) type StaticFn = for<'a> fn(Context<'a>, Args<'a>) -> Result<'a>;
/// What `__new__` of a built-in type does for a class: the type itself or a subclass.
pub(super) type NewFn = for<'a> fn(Context<'a>, Class<'a>, Args<'a>) -> Result<'a>;

/// Adds to the namespace of a built-in type.
#[derive(Clone, Copy)]
pub(super) struct Define<'gc> {
    ctx: Context<'gc>,
    class: Class<'gc>,
}

impl<'gc> Define<'gc> {
    pub(super) fn new(ctx: Context<'gc>, class: Class<'gc>) -> Self {
        Self { ctx, class }
    }

    /// Returns which Python the type belongs to.
    pub(super) fn dialect(self) -> crate::dialect::Dialect {
        self.ctx.dialect()
    }

    /// Adds a method, as a `method_descriptor`.
    pub(super) fn method(self, name: &'static str, code: MethodFn) -> Self {
        self.descriptor(name, code, MethodKind::Method, self.ctx.types().method_descriptor)
    }

    /// Adds a special method, as a `wrapper_descriptor`.
    pub(super) fn special(self, name: &'static str, code: MethodFn) -> Self {
        self.descriptor(name, code, MethodKind::Wrapper, self.ctx.types().wrapper_descriptor)
    }

    /// Adds a class method: the receiver is the class.
    pub(super) fn class_method(self, name: &'static str, code: MethodFn) -> Self {
        let kind = MethodKind::ClassMethod;
        self.descriptor(name, code, kind, self.ctx.types().classmethod_descriptor)
    }

    /// Adds a static method.
    pub(super) fn static_method(self, name: &'static str, code: StaticFn) -> Self {
        let code = Code::closure(move |ctx, args| code(ctx, args));
        let method = Builtin::of_class(self.ctx, name, self.class, code);
        self.attr(name, Value::staticmethod(self.ctx, method.into()))
    }

    fn descriptor(
        self,
        name: &'static str,
        code: MethodFn,
        kind: MethodKind,
        class: Class<'gc>,
    ) -> Self {
        let code = Code::method(name, code);
        let name_ = self.ctx.intern(name);
        let method = MethodDescriptor { class: self.class, name: name_, code, kind };
        let payload = Payload::MethodDescriptor(Gc::new(self.ctx.mc, method));
        self.attr(name, Value::from(Instance::with_payload(self.ctx, class, payload)))
    }

    /// Adds `__new__`; it checks that it is given this type or a subclass.
    pub(super) fn new_with(self, code: NewFn) -> Self {
        // Bound to the type, as in CPython: `object.__new__.__self__` is `object`.
        let code = Code::method("__new__", move |ctx, own, mut args| {
            let class = checked_class(ctx, Class::from_value(ctx, own)?, args.take_first())?;
            code(ctx, class, args)
        });
        let new = Builtin::with_code(self.ctx, "__new__", Some(self.class.into()), code);
        self.attr("__new__", Value::from(new))
    }

    /// Adds an attribute that native code answers for; without `set` it is read-only.
    pub(super) fn getset(self, name: &'static str, get: Getter, set: Option<Setter>) -> Self {
        let getset = GetSet { class: self.class, name: self.ctx.intern(name), get, set };
        let payload = Payload::GetSet(Gc::new(self.ctx.mc, getset));
        let class = self.ctx.types().getset_descriptor;
        self.attr(name, Value::from(Instance::with_payload(self.ctx, class, payload)))
    }

    /// Adds a read-only attribute that CPython keeps as a member of a C structure.
    pub(super) fn member(self, name: &'static str, get: Getter) -> Self {
        self.getset(name, get, Some(read_only))
    }

    /// Adds a plain attribute.
    pub(super) fn attr(self, name: &str, value: impl IntoValue<'gc>) -> Self {
        // The namespaces of the built-in types are far from the size limit of a dict.
        let _ = self.class.define(self.ctx, name, value);
        self
    }
}

fn read_only<'gc>(ctx: Context<'gc>, _: Value<'gc>, _: Option<Value<'gc>>) -> Result<'gc, ()> {
    let class = ctx.dialect().pick(&exc::TYPE_ERROR, &exc::ATTRIBUTE_ERROR);
    Err(Error::new(class, "readonly attribute"))
}

/// Reads the class that `__new__` of a built-in type is given, with CPython's words if it is none of its own.
fn checked_class<'gc>(
    ctx: Context<'gc>,
    own: Class<'gc>,
    first: Option<Value<'gc>>,
) -> Result<'gc, Class<'gc>> {
    // Names are made for messages alone: classes are called often.
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, own.type_name() + &message));
    let Some(first) = first else {
        return refuse(".__new__(): not enough arguments".to_owned());
    };
    let Value::Class(class) = first else {
        let got = first.type_name(ctx);
        return refuse(format!(".__new__(X): X is not a type object ({got})"));
    };
    if class.is(own) {
        return Ok(class);
    }
    if !class.is_subclass_of(own) {
        let (name, own) = (class.type_name(), own.type_name());
        return refuse(format!(".__new__({name}): {name} is not a subtype of {own}"));
    }
    let base = builtin_base(class);
    let held = own.layout() == Layout::Object && class.traits().held;
    if !held && !allocates_the_same(own, base) {
        let (name, base) = (class.type_name(), base.type_name());
        return refuse(format!(".__new__({name}) is not safe, use {base}.__new__()"));
    }
    Ok(class)
}

/// Returns the runtime's own class that decides what an instance of the class holds.
fn builtin_base(class: Class<'_>) -> Class<'_> {
    let own = |entry: &Value<'_>| match entry {
        Value::Class(it) => !it.is_heap_type() && it.layout() == class.layout(),
        _ => false,
    };
    match class.mro().as_slice().iter().find(|entry| own(entry)) {
        Some(Value::Class(base)) => *base,
        _ => class,
    }
}

/// Whether the instances of two of the runtime's own classes hold the same, so that `__new__` of one will do for both.
fn allocates_the_same(a: Class<'_>, b: Class<'_>) -> bool {
    match (a.layout(), b.layout()) {
        (Layout::Exception(_), Layout::Exception(_)) => true,
        (a_layout, b_layout) => {
            a_layout == b_layout && a.traits().subclassable == b.traits().subclassable
        }
    }
}

/// Returns an object of a class with content of a built-in type: the content itself for the type, else an instance
/// of the subclass.
pub(super) fn wrap<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    content: impl Into<Value<'gc>>,
) -> Value<'gc> {
    let content = content.into();
    if class.is_heap_type() {
        return Instance::with_content(ctx, class, content).into();
    }
    content
}
