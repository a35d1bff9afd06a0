//! Weak references.

use std::cell::Cell;

use gc_arena::{Collect, Gc, GcWeak};

use crate::context::Context;
use crate::instance::Instance;
use crate::value::Value;

/// What a weak reference holds: the target, weakly, and the callback.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct WeakRef<'gc>(pub(crate) Gc<'gc, WeakRefInner<'gc>>);

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct WeakRefInner<'gc> {
    pub(crate) target: Weak<'gc>,
    pub(crate) callback: Option<Value<'gc>>,
    /// The hash of the target, once it was asked for: it stays when the target is gone.
    #[collect(require_static)]
    pub(crate) hash: Cell<Option<i64>>,
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
        let inner = WeakRefInner { target, callback, hash: Cell::new(None) };
        Some(Self(Gc::new(ctx.mc, inner)))
    }
}

/// Has the callback of a weak reference called when its target is gone.
pub(crate) fn watch<'gc>(ctx: Context<'gc>, reference: Instance<'gc>) {
    let reference = Gc::downgrade(reference.0);
    ctx.state.watched.borrow_mut(ctx.mc).push(Watched { reference });
}

/// A weak reference with a callback: whoever makes one registers it, so that the runtime calls it when the target
/// is gone.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct Watched<'gc> {
    /// The weak reference object; if nobody holds it any more, its callback is not called.
    pub(crate) reference: GcWeak<'gc, crate::instance::InstanceInner<'gc>>,
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

            pub(crate) fn is_dropped(self) -> bool {
                match self {
                    $(Self::$variant(weak) => weak.is_dropped(),)*
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
    Set(gc_arena::RefLock<crate::types::Table<'gc, ()>>);
    FrozenSet(gc_arena::RefLock<crate::types::Table<'gc, ()>>);
}

/// Calls the callbacks of weak references whose target is gone; what they raise is dropped, as CPython drops it.
pub(crate) fn run_callbacks<'gc>(ctx: Context<'gc>) {
    let mut due = Vec::new();
    ctx.state.watched.borrow_mut(ctx.mc).retain(|watched| {
        let Some(reference) = watched.reference.upgrade(ctx.mc) else {
            return false;
        };
        let reference = crate::instance::Instance(reference);
        let crate::instance::Payload::WeakRef(weak) = reference.payload() else {
            return false;
        };
        if !weak.0.target.is_dropped() {
            return true;
        }
        due.extend(weak.0.callback.map(|callback| (callback, reference)));
        false
    });
    for (callback, reference) in due {
        // DIFFERENCE: CPython prints the exception to stderr and goes on; the runtime does no I/O.
        let _ = callback.call(ctx, (reference,));
    }
}
