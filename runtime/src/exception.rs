//! Exception objects and their classes.

use gc_arena::{Collect, Gc, RefLock};

use crate::class::Class;
use crate::context::Context;
use crate::exception_type::ExceptionType;
use crate::instance::{Instance, Payload};
use crate::state::ExceptionKey;
use crate::types::Tuple;
use crate::value::Value;

/// What every exception holds.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct ExceptionState<'gc>(Gc<'gc, RefLock<ExceptionParts<'gc>>>);

#[derive(Collect)]
#[collect(no_drop)]
struct ExceptionParts<'gc> {
    /// `args`.
    args: Tuple<'gc>,
    /// Python 2's `message`; unset once it was deleted.
    message: Option<Value<'gc>>,
    /// Attributes that the class keeps outside of `__dict__`, such as `errno`, in an order that the class defines.
    members: Vec<Option<Value<'gc>>>,
}

impl<'gc> ExceptionState<'gc> {
    pub(crate) fn new(ctx: Context<'gc>, args: Tuple<'gc>) -> Self {
        let message = Some(ctx.str(""));
        let parts = ExceptionParts { args, message, members: Vec::new() };
        Self(Gc::new(ctx.mc, RefLock::new(parts)))
    }

    /// Returns what an exception holds; `None` if the object is none.
    pub(crate) fn of(value: Value<'gc>) -> Option<Self> {
        match value {
            Value::Instance(instance) => match instance.payload() {
                Payload::Exception(state) => Some(state),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn referents(self) -> Vec<Value<'gc>> {
        let parts = self.0.borrow();
        let values = parts.members.iter().flatten().copied().chain(parts.message);
        values.chain([parts.args.into()]).collect()
    }

    pub(crate) fn args(self) -> Tuple<'gc> {
        self.0.borrow().args
    }

    pub(crate) fn set_args(self, ctx: Context<'gc>, args: Tuple<'gc>) {
        self.0.borrow_mut(ctx.mc).args = args;
    }

    pub(crate) fn message(self) -> Option<Value<'gc>> {
        self.0.borrow().message
    }

    pub(crate) fn set_message(self, ctx: Context<'gc>, message: Option<Value<'gc>>) {
        self.0.borrow_mut(ctx.mc).message = message;
    }

    /// Returns the attribute at an index; `None` if it is unset.
    pub(crate) fn member(self, index: usize) -> Option<Value<'gc>> {
        self.0.borrow().members.get(index).copied().flatten()
    }

    pub(crate) fn set_member(self, ctx: Context<'gc>, index: usize, value: Option<Value<'gc>>) {
        let members = &mut self.0.borrow_mut(ctx.mc).members;
        if members.len() <= index {
            members.resize(index + 1, None);
        }
        members[index] = value;
    }
}

impl<'gc> Context<'gc> {
    /// Returns an exception with `args`, made as the built-in exception that its class derives from makes it; a
    /// program's own `__new__` and `__init__` do not run.
    #[must_use]
    pub fn new_exception(self, class: Class<'gc>, args: Tuple<'gc>) -> Instance<'gc> {
        crate::builtins::exceptions::make(self, class, args)
    }
}

/// Returns the class of an exception type, made now if the runtime does not have it yet.
pub(crate) fn class_of<'gc>(ctx: Context<'gc>, ty: &'static ExceptionType) -> Class<'gc> {
    let key = ExceptionKey(std::ptr::from_ref(ty).addr());
    let known = ctx.state.exceptions.borrow().iter().find(|(it, _)| *it == key).map(|(_, it)| *it);
    if let Some(class) = known {
        return class;
    }
    let class = find_or_define(ctx, ty);
    ctx.state.exceptions.borrow_mut(ctx.mc).push((key, class));
    class
}

fn find_or_define<'gc>(ctx: Context<'gc>, ty: &'static ExceptionType) -> Class<'gc> {
    let Some(base) = ty.base() else {
        return crate::builtins::exceptions::find(ctx, ty.name());
    };
    let base = class_of(ctx, base);
    let built = Class::builder(ctx, ty.name()).module(ty.module()).base(base).build();
    // A single base without metaclass or slots can always be derived from.
    built.unwrap_or(base)
}

impl<'gc> Value<'gc> {
    /// Returns `args` of an exception.
    #[must_use]
    pub fn exception_args(self) -> Option<Tuple<'gc>> {
        ExceptionState::of(self).map(ExceptionState::args)
    }
}
