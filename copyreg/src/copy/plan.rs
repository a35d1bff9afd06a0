//! [`Plans`]: which classes have no hook that a deep copy would have to ask.

use halfsour_runtime::{
    Class, ClassicClass, ClassicInstance, Context, Dict, Instance, Result, Value,
};

use super::deep::Copier;
use crate::reducers::reducer_of;

/// What was found out about classes, valid until code runs: only code changes classes.
#[derive(Debug, Default)]
pub(super) struct Plans<'gc> {
    known: Vec<(Value<'gc>, bool)>,
}

impl Plans<'_> {
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

impl<'gc> Copier<'gc> {
    /// Returns whether the copy of an object is a new instance of its class with copies of its attributes, and making
    /// it runs no code.
    ///
    /// Only while nobody has seen the memo: the long way leaves more in it.
    pub(super) fn has_only_attributes(&mut self, object: Value<'gc>) -> Result<'gc, bool> {
        if !self.memo.is_private() {
            return Ok(false);
        }
        let (class, attributes) = match object {
            Value::Instance(it) => (it.class().into(), it.existing_dict()),
            Value::ClassicInstance(it) => (it.class().into(), Some(it.dict())),
            _ => return Ok(false),
        };
        if !self.is_plain(class, object)? {
            return Ok(false);
        }
        Ok(attributes.is_none_or(|attributes| has_plain_names(attributes)))
    }

    fn is_plain(&mut self, class: Value<'gc>, object: Value<'gc>) -> Result<'gc, bool> {
        let known = self.plans.known.iter().rev().find(|(known, _)| known.is(class));
        if let Some(&(_, plain)) = known {
            return Ok(plain);
        }
        let plain = match object {
            Value::Instance(instance) => is_plain_class(self.ctx, instance)?,
            Value::ClassicInstance(instance) => is_plain_classic(self.ctx, instance),
            _ => false,
        };
        self.plans.known.push((class, plain));
        Ok(plain)
    }
}

/// Returns whether no attribute can be taken for a hook: those of an instance count too.
fn has_plain_names(attributes: Dict<'_>) -> bool {
    let mut position = 0;
    while let Some((key, _)) = attributes.next_entry(&mut position) {
        let plain = match key {
            Value::Bytes(name) => !name.as_slice().starts_with(b"__"),
            Value::Unicode(name) => !name.as_generalised_utf8().starts_with(b"__"),
            _ => false,
        };
        if !plain {
            return false;
        }
    }
    true
}

/// Returns whether a class has everything that counts here from `object`, and its instances have attributes alone.
fn is_plain_class<'gc>(ctx: Context<'gc>, instance: Instance<'gc>) -> Result<'gc, bool> {
    let (class, names, object) = (instance.class(), ctx.names(), ctx.types().object);
    let asked = [
        names.class,
        names.deepcopy,
        names.getattr,
        names.getattribute,
        names.getnewargs,
        names.getnewargs_ex,
        names.getstate,
        names.new,
        names.reduce,
        names.reduce_ex,
        names.setstate,
        names.slots,
    ];
    let as_in_object = |name| match (class.lookup(ctx, name), object.lookup(ctx, name)) {
        (Some(own), Some(inherited)) => own.is(inherited),
        (None, None) => true,
        _ => false,
    };
    if !class.metaclass().is(ctx.types().type_)
        || !derives_from_object_alone(ctx, class)
        || instance.native_content().is_some()
        || !asked.into_iter().all(as_in_object)
        || !is_own_dict(ctx, class)
    {
        return Ok(false);
    }
    Ok(reducer_of(ctx, class.into())?.is_none())
}

/// Returns whether `__dict__` is what the runtime gave the class: nobody else can make such a descriptor.
fn is_own_dict<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> bool {
    let descriptor = class.lookup(ctx, ctx.names().dict);
    matches!(descriptor, Some(Value::Instance(it)) if it.class().is(ctx.types().getset_descriptor))
}

fn derives_from_object_alone<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> bool {
    class.has_dict()
        && class.mro().as_slice().iter().all(|base| match base {
            Value::Class(base) => base.is_heap_type() || base.is(ctx.types().object),
            _ => false,
        })
}

/// Returns whether a classic class has none of the hooks that count here.
fn is_plain_classic<'gc>(ctx: Context<'gc>, instance: ClassicInstance<'gc>) -> bool {
    let (class, names): (ClassicClass<'gc>, _) = (instance.class(), ctx.names());
    let asked = [names.deepcopy, names.getattr, names.getinitargs, names.getstate, names.setstate];
    asked.into_iter().all(|name| class.lookup(ctx, name).is_none())
}
