//! Classes without anything special, whose instances are made and filled without asking them.

use halfsour_runtime::{Class, Context, Dict, Name, Result, Value};

use super::Machine;

/// What a class leaves to `object`. Nearly every class leaves all of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain<'gc> {
    class: Class<'gc>,
    /// What is found out stays true while no class changes.
    version: u64,
    /// `__new__` is that of `object`, and makes nothing but a `__dict__` and slots.
    pub(super) makes: bool,
    /// The class has no `__setstate__`, and no hook that could supply one.
    lacks_setstate: bool,
    /// Instances have a `__dict__`, and the class puts nothing else in its place.
    has_dict: bool,
}

impl<'gc> Machine<'_, 'gc> {
    /// Returns what a class leaves to `object`. It remembers the class asked about last.
    #[inline]
    pub(super) fn plain(&mut self, class: Class<'gc>) -> Plain<'gc> {
        match self.plain {
            Some(plain) if plain.is_about(self.ctx, class) => plain,
            _ => *self.plain.insert(Plain::of(self.ctx, class)),
        }
    }

    /// Returns an object's `__setstate__`.
    pub(super) fn setstate(&mut self, object: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
        if self.lacks_setstate(object) {
            return Ok(None);
        }
        object.find_attr(self.ctx, self.ctx.names().setstate)
    }

    /// Whether an object has no `__setstate__`, which can be said without asking it.
    fn lacks_setstate(&mut self, object: Value<'gc>) -> bool {
        let (ctx, names) = (self.ctx, self.ctx.names());
        let own = match object {
            Value::Instance(instance) if self.plain(instance.class()).lacks_setstate => {
                instance.existing_dict()
            }
            Value::ClassicInstance(instance) => {
                let class = instance.class();
                let has = |name: Name<'gc>| class.lookup(ctx, name).is_some();
                if has(names.setstate) || has(names.getattr) {
                    return false;
                }
                Some(instance.dict())
            }
            _ => return false,
        };
        own.is_none_or(|own| own.get_name(ctx, names.setstate).is_none())
    }

    /// Returns an object's `__dict__`, if that can be said without asking it.
    pub(super) fn plain_dict(&mut self, object: Value<'gc>) -> Option<Dict<'gc>> {
        match object {
            Value::Instance(instance) if self.plain(instance.class()).has_dict => {
                instance.dict(self.ctx)
            }
            Value::ClassicInstance(instance) => Some(instance.dict()),
            _ => None,
        }
    }
}

impl<'gc> Plain<'gc> {
    /// Returns whether this is about a class as it is now.
    #[inline]
    fn is_about(&self, ctx: Context<'gc>, class: Class<'gc>) -> bool {
        self.class.is(class) && self.version == ctx.class_version()
    }

    fn of(ctx: Context<'gc>, class: Class<'gc>) -> Self {
        let names = ctx.names();
        let lacks = |name: Name<'gc>| class.lookup(ctx, name).is_none();
        // What gives instances their `__dict__`, unless a class puts something of its own there.
        let usual_dict = matches!(
            class.lookup(ctx, names.dict),
            Some(Value::Instance(it)) if it.class().is(ctx.types().getset_descriptor)
        );
        let asks_nobody = class.is_heap_type() && class.leaves_to_object(ctx, names.getattribute);
        Plain {
            class,
            version: ctx.class_version(),
            makes: !class.holds_content() && class.leaves_to_object(ctx, names.new),
            lacks_setstate: asks_nobody && lacks(names.getattr) && lacks(names.setstate),
            has_dict: asks_nobody && class.has_dict() && usual_dict,
        }
    }
}
