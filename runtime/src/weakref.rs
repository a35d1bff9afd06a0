//! Weak references.

use std::cell::Cell;

use gc_arena::Finalization;
use gc_arena::{Collect, Gc, GcWeak};

use crate::address_table::AddressTable;
use crate::context::Context;
use crate::instance::{Instance, Payload};
use crate::value::Value;

/// What a weak reference holds: the target, weakly, and the callback.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct WeakRef<'gc>(pub(crate) Gc<'gc, WeakRefInner<'gc>>);

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct WeakRefInner<'gc> {
    target: Weak<'gc>,
    pub(crate) callback: Option<Value<'gc>>,
    /// The hash of the target, once it was asked for: it stays when the target is gone.
    #[collect(require_static)]
    pub(crate) hash: Cell<Option<i64>>,
    /// Whether the target was found to be unreachable; its `__del__` may bring it back, but not for this reference.
    #[collect(require_static)]
    cleared: Cell<bool>,
}

impl<'gc> WeakRef<'gc> {
    /// Returns a weak reference to an object; `None` if its type allows none.
    pub(crate) fn new(
        ctx: Context<'gc>,
        target: Value<'gc>,
        callback: Option<Value<'gc>>,
    ) -> Option<Self> {
        if !target.type_of(ctx).traits().has_weakref {
            return None;
        }
        let target = Weak::downgrade(target)?;
        let (hash, cleared) = (Cell::new(None), Cell::new(false));
        let inner = WeakRefInner { target, callback, hash, cleared };
        Some(Self(Gc::new(ctx.mc, inner)))
    }

    /// Returns the target, if it is alive.
    pub(crate) fn target(self, ctx: Context<'gc>) -> Option<Value<'gc>> {
        if self.0.cleared.get() { None } else { self.0.target.upgrade(ctx) }
    }

    fn is_gone(self) -> bool {
        self.0.cleared.get()
    }
}

/// Has a weak reference known to the runtime: its callback is called when the target is gone, which may be before the
/// target's `__del__` is called.
pub(crate) fn watch<'gc>(ctx: Context<'gc>, reference: Instance<'gc>) {
    let reference = Gc::downgrade(reference.0);
    ctx.state.watched.borrow_mut(ctx.mc).push(Watched { reference });
}

/// A weak reference that the runtime knows, since something is to be done when the target is gone.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct Watched<'gc> {
    /// The weak reference object; if nobody holds it any more, its callback is not called.
    pub(crate) reference: GcWeak<'gc, crate::instance::InstanceInner<'gc>>,
}

impl<'gc> Watched<'gc> {
    /// Returns the content of the reference, if that is alive.
    fn content(self, ctx: Context<'gc>) -> Option<WeakRef<'gc>> {
        match Instance(self.reference.upgrade(ctx.mc)?).payload() {
            Payload::WeakRef(content) => Some(content),
            _ => None,
        }
    }
}

macro_rules! weak_kinds {
    ($($variant:ident($inner:ty);)*) => {
        /// A weak handle of any kind that Python allows weak references to.
        #[derive(Clone, Copy, Collect)]
        #[collect(no_drop)]
        pub(crate) enum Weak<'gc> {
            $($variant(GcWeak<'gc, $inner>),)*
        }

        impl<'gc> Weak<'gc> {
            /// `None` if the object allows no weak references.
            pub(crate) fn downgrade(value: Value<'gc>) -> Option<Self> {
                match value {
                    $(Value::$variant(handle) => Some(Self::$variant(Gc::downgrade(handle.0))),)*
                    _ => None,
                }
            }

            pub(crate) fn upgrade(self, ctx: Context<'gc>) -> Option<Value<'gc>> {
                match self {
                    $(Self::$variant(weak) => {
                        Some(crate::weakref::rewrap::$variant(weak.upgrade(ctx.mc)?))
                    })*
                }
            }

            /// Whether the collector did not reach the object.
            pub(crate) fn is_dead(self, fc: &Finalization<'gc>) -> bool {
                match self {
                    $(Self::$variant(weak) => weak.is_dead(fc),)*
                }
            }

            /// Keeps the object, and what it refers to, through this collection.
            pub(crate) fn resurrect(self, fc: &Finalization<'gc>) {
                match self {
                    $(Self::$variant(weak) => drop(weak.resurrect(fc)),)*
                }
            }
        }

        #[allow(non_snake_case, reason = "one function a variant, named like it")]
        mod rewrap {
            use super::{Gc, Value};
            $(pub(super) fn $variant<'gc>(gc: Gc<'gc, $inner>) -> Value<'gc> {
                Value::$variant(crate::$variant(gc))
            })*
        }
    };
}

weak_kinds! {
    Instance(crate::instance::InstanceInner<'gc>);
    ClassicInstance(crate::instance::ClassicInstanceInner<'gc>);
    Class(crate::class::ClassInner<'gc>);
    ClassicClass(crate::class::ClassicClassInner<'gc>);
    Function(crate::function::FunctionInner<'gc>);
    Method(crate::function::MethodInner<'gc>);
    Module(crate::module::ModuleInner<'gc>);
    Set(gc_arena::RefLock<crate::types::Table<'gc, ()>>);
    FrozenSet(gc_arena::RefLock<crate::types::Table<'gc, ()>>);
}

/// Clears the weak references to what the collector did not reach, all at once: no callback sees another's target.
pub(crate) fn clear_unreachable<'gc>(fc: &Finalization<'gc>, ctx: Context<'gc>) {
    for watched in ctx.state.watched.borrow().iter() {
        if let Some(reference) = watched.content(ctx)
            && reference.0.target.is_dead(fc)
        {
            reference.0.cleared.set(true);
        }
    }
}

/// Clears the weak references to objects whose `__del__` is called next.
pub(crate) fn clear<'gc>(ctx: Context<'gc>, targets: &[Value<'gc>]) {
    let mut addresses = AddressTable::new();
    targets.iter().filter_map(|it| it.addr()).for_each(|address| addresses.insert(address, 0));
    for watched in ctx.state.watched.borrow().iter() {
        if let Some(reference) = watched.content(ctx)
            && let Some(target) = reference.0.target.upgrade(ctx)
            && target.addr().is_some_and(|address| addresses.get(address).is_some())
        {
            reference.0.cleared.set(true);
        }
    }
}

/// Calls the callbacks of weak references whose target is gone; what they raise is dropped, as CPython drops it.
pub(crate) fn run_callbacks<'gc>(ctx: Context<'gc>) {
    let mut due = Vec::new();
    ctx.state.watched.borrow_mut(ctx.mc).retain(|watched| {
        let Some(content) = watched.content(ctx) else {
            return false;
        };
        if !content.is_gone() {
            return true;
        }
        let reference = watched.reference.upgrade(ctx.mc).map(Instance);
        due.extend(content.0.callback.zip(reference));
        false
    });
    for (callback, reference) in due {
        // DIFFERENCE: CPython prints the exception to stderr and goes on; the runtime does no I/O.
        let _ = callback.call(ctx, (reference,));
    }
}
