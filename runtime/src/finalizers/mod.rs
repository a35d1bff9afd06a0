//! `__del__`: called once an object is found to be unreachable.
//!
//! Objects that have a `__del__` when they are made are known here, weakly. When the collector has marked what is
//! alive, those of them that it did not reach are kept for one more round, and their `__del__` is called when the
//! runtime is entered next, which is at once. The following collection frees them, unless they made themselves
//! reachable again. A program without any `__del__` pays nothing.
//!
//! Source of the rules: the Python documentation, "Basic customization" (`object.__del__`) and `gc.garbage`.

mod cycles;

use gc_arena::Collect;
use gc_arena::Finalization;

use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::value::Value;
use crate::weakref::{self, Weak};

use self::cycles::Garbage;

/// The objects with a `__del__`.
#[derive(Collect, Default)]
#[collect(no_drop)]
pub(crate) struct Finalizers<'gc> {
    /// As far as known, these are reachable.
    waiting: Vec<Weak<'gc>>,
    /// Unreachable, and kept until their `__del__` was called, which is next.
    due: Vec<Value<'gc>>,
    /// Their `__del__` was called since the last collection.
    called: Vec<Weak<'gc>>,
}

impl Finalizers<'_> {
    /// Whether a collection has anything to find here.
    pub(crate) fn are_idle(&self) -> bool {
        self.waiting.is_empty() && self.called.is_empty()
    }
}

/// Has `__del__` of an object called when it is unreachable.
// DIFFERENCE: CPython looks for `__del__` when the object goes, so that its class may get one later.
#[cold]
pub(crate) fn register<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) {
    let object = object.into();
    if let Some(weak) = Weak::downgrade(object) {
        ctx.state.finalizers.borrow_mut(ctx.mc).waiting.push(weak);
    }
}

/// Finds the objects that the collector did not reach and whose `__del__` is to be called, and keeps them for that.
///
/// Python 2 keeps those that are in a cycle for good, in `gc.garbage`: it cannot know whose turn is first.
pub(crate) fn find_unreachable<'gc>(fc: &Finalization<'gc>, ctx: Context<'gc>) {
    let mut finalizers = std::mem::take(&mut *ctx.state.finalizers.borrow_mut(ctx.mc));
    let survivors = std::mem::take(&mut finalizers.called).into_iter().filter(|it| !it.is_dead(fc));
    // Python 3 calls `__del__` once, whatever the object does.
    if ctx.dialect() == Dialect::Python2 {
        finalizers.waiting.extend(survivors);
    }
    let mut unreachable = Vec::new();
    finalizers.waiting.retain(|weak| {
        let is_dead = weak.is_dead(fc);
        if is_dead {
            unreachable
                .extend(weak.upgrade(ctx).filter(|object| find_hook(ctx, *object).is_some()));
        }
        !is_dead
    });
    if !unreachable.is_empty() {
        let order = Garbage::new(fc, ctx, unreachable).order();
        finalizers.due.extend(&order.free);
        match ctx.dialect() {
            Dialect::Python2 => {
                // An object comes back without the weak references to it, in Python 3 only from a cycle.
                weakref::clear(ctx, &order.free);
                ctx.state.garbage.extend(ctx, &order.cyclic);
                finalizers.waiting.extend(order.cyclic.iter().filter_map(|it| keep(fc, *it)));
            }
            Dialect::Python3 => {
                weakref::clear(ctx, &order.cyclic);
                finalizers.due.extend(&order.cyclic);
            }
        }
        for &object in &finalizers.due {
            keep(fc, object);
        }
    }
    *ctx.state.finalizers.borrow_mut(ctx.mc) = finalizers;
}

/// Keeps an object, and what it refers to, through this collection.
fn keep<'gc>(fc: &Finalization<'gc>, object: Value<'gc>) -> Option<Weak<'gc>> {
    let weak = Weak::downgrade(object)?;
    weak.resurrect(fc);
    Some(weak)
}

/// Calls the `__del__` of the objects that were found; returns whether there were any.
///
/// All that were found together are called, whoever refers to others first.
// DIFFERENCE: in CPython 2 an object that its `__del__` makes reachable again keeps those that it refers to from being
// called; this is Python 3's rule.
pub(crate) fn call_due(ctx: Context<'_>) -> bool {
    let due = std::mem::take(&mut ctx.state.finalizers.borrow_mut(ctx.mc).due);
    for &object in &due {
        // DIFFERENCE: CPython prints the exception to stderr and goes on; the runtime does no I/O.
        let _ = call(ctx, object);
    }
    let called = due.iter().filter_map(|object| Weak::downgrade(*object));
    ctx.state.finalizers.borrow_mut(ctx.mc).called.extend(called);
    !due.is_empty()
}

fn call<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
    let hook = match object {
        Value::ClassicInstance(instance) => {
            crate::attr::generic_get_classic(ctx, instance, ctx.names().del)?
        }
        _ => object.special(ctx, ctx.names().del)?,
    };
    match hook {
        Some(hook) => hook.call(ctx, ()).map(drop),
        None => Ok(()),
    }
}

/// Whether an object may be alive again after it was found to be unreachable.
pub(crate) fn may_come_back<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> bool {
    find_hook(ctx, object).is_some()
}

/// Finds `__del__`, without binding it: no code runs.
fn find_hook<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Option<Value<'gc>> {
    let name = ctx.names().del;
    match object {
        Value::ClassicInstance(instance) => {
            instance.dict().get_name(ctx, name).or_else(|| instance.class().lookup(ctx, name))
        }
        _ => object.type_of(ctx).lookup(ctx, name),
    }
}
