//! `super`: attributes looked up behind a class.

use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, barrier::unlock};

use crate::class::Class;
use crate::context::Context;
use crate::descriptor;
use crate::error::Result;
use crate::name::Name;
use crate::value::Value;

/// The content of a `super` object; `__init__` sets it.
#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct Super<'gc> {
    view: Lock<Option<View<'gc>>>,
}

impl<'gc> Super<'gc> {
    pub(crate) fn new(ctx: Context<'gc>, view: Option<View<'gc>>) -> Gc<'gc, Self> {
        Gc::new(ctx.mc, Self { view: Lock::new(view) })
    }

    /// Returns where is looked; `None` before `__init__` ran.
    pub(crate) fn view(&self) -> Option<View<'gc>> {
        self.view.get()
    }

    pub(crate) fn set_view(ctx: Context<'gc>, object: Gc<'gc, Self>, view: View<'gc>) {
        unlock!(Gc::write(ctx.mc, object), Super, view).set(Some(view));
    }
}

/// Where a `super` object looks.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct View<'gc> {
    /// Lookup starts behind this class.
    pub(crate) class: Class<'gc>,
    /// The object, or class, that what is found is bound to; `None` for `super(C)`.
    pub(crate) object: Option<Value<'gc>>,
    /// The class in whose MRO is looked.
    pub(crate) object_class: Option<Class<'gc>>,
}

/// Looks an attribute up behind the class; `None` if it is not there, so that it is one of the `super` object itself.
pub(crate) fn find<'gc>(
    ctx: Context<'gc>,
    object: Gc<'gc, Super<'gc>>,
    name: Name<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let Some(view) = object.view() else {
        return Ok(None);
    };
    let (Some(object), Some(object_class)) = (view.object, view.object_class) else {
        return Ok(None);
    };
    if name.as_slice() == b"__class__" {
        return Ok(None);
    }
    let mro = object_class.mro();
    let behind = mro.as_slice().iter().skip_while(|entry| !entry.is(view.class.into())).skip(1);
    let found = behind.copied().find_map(|entry| match entry {
        Value::Class(class) => class.dict().get_name(ctx, name),
        Value::ClassicClass(class) => class.dict().get_name(ctx, name),
        _ => None,
    });
    let Some(found) = found else {
        return Ok(None);
    };
    // super(C, D) finds what D has: nothing is bound.
    let instance = if object.is(object_class.into()) { None } else { Some(object) };
    descriptor::get(ctx, found, instance, object_class.into()).map(Some)
}
