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
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct ExceptionState<'gc> {
    /// `args`.
    pub(crate) args: Tuple<'gc>,
    /// Attributes that the class keeps outside of `__dict__`, such as `errno`, in an order that the class defines.
    pub(crate) members: Vec<Value<'gc>>,
}

impl<'gc> Context<'gc> {
    /// Returns an exception with `args`, made as `class.__new__` makes it; a program's own `__init__` does not run.
    #[must_use]
    pub fn new_exception(self, class: Class<'gc>, args: Tuple<'gc>) -> Instance<'gc> {
        let state = ExceptionState { args, members: Vec::new() };
        let state = Gc::new(self.mc, RefLock::new(state));
        Instance::with_payload(self, class, Payload::Exception(state))
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
        match self {
            Value::Instance(instance) => match instance.payload() {
                Payload::Exception(state) => Some(state.borrow().args),
                _ => None,
            },
            _ => None,
        }
    }
}
