//! What classes remember of their hooks, as it is asked for every object that is made or changed.

use std::cell::Cell;

use super::Class;
use crate::attr::is_own_hook;
use crate::context::Context;
use crate::name::Name;

impl<'gc> Class<'gc> {
    /// Returns whether instances have a `__del__`: asked for every one that is made.
    #[inline]
    pub(crate) fn finalizes(self, ctx: Context<'gc>) -> bool {
        self.is_heap_type()
            && remembered(ctx, &self.0.finalizes, || self.lookup(ctx, ctx.names().del).is_some())
    }

    /// Returns whether instances come complete out of a `__new__` of the class, which has left `__init__` to `object`:
    /// that does nothing then.
    pub(crate) fn is_made_complete(self, ctx: Context<'gc>) -> bool {
        let names = ctx.names();
        remembered(ctx, &self.0.is_made_complete, || {
            self.leaves_to_object(ctx, names.init) && !self.leaves_to_object(ctx, names.new)
        })
    }

    /// Returns whether the class has neither a `__setattr__` nor a `__delattr__` of a program's own.
    pub(crate) fn assigns_plainly(self, ctx: Context<'gc>) -> bool {
        let names = ctx.names();
        let is_own = |name| self.lookup(ctx, name).is_some_and(|hook| is_own_hook(hook, name));
        remembered(ctx, &self.0.assigns_plainly, || {
            !self.is_heap_type() || ![names.setattr, names.delattr].into_iter().any(is_own)
        })
    }

    /// Returns whether the class has no `__getattribute__` of a program's own.
    #[inline]
    pub(crate) fn reads_plainly(self, ctx: Context<'gc>) -> bool {
        let name = ctx.names().getattribute;
        !self.is_heap_type()
            || remembered(ctx, &self.0.reads_plainly, || {
                !self.lookup(ctx, name).is_some_and(|hook| is_own_hook(hook, name))
            })
    }

    /// Returns whether an attribute is looked up in the class as in `object`: both have the same, or neither has any.
    #[must_use]
    pub fn leaves_to_object(self, ctx: Context<'gc>, name: Name<'gc>) -> bool {
        match (self.lookup(ctx, name), ctx.types().object.lookup(ctx, name)) {
            (Some(own), Some(inherited)) => own.is(inherited),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Returns what was found out about a class, again if any class changed since.
#[inline]
pub(super) fn remembered<'gc>(
    ctx: Context<'gc>,
    known: &Cell<(u64, bool)>,
    find: impl FnOnce() -> bool,
) -> bool {
    let version = ctx.class_version();
    let (known_version, answer) = known.get();
    if known_version == version {
        return answer;
    }
    let answer = find();
    known.set((version, answer));
    answer
}
