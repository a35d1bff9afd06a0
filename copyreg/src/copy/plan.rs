//! [`Plan`]: the short way to a deep copy, for objects whose class has no hook that would have to be asked, or none but
//! those for the state.

use halfsour_runtime::{
    Class, ClassicClass, ClassicInstance, Context, Dict, Instance, Result, Value,
};

use super::deep::Copier;
use crate::reducers::dispatch_table;

/// How the objects of a class are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// By the hooks that they or their class have: the long way, which is always right.
    Hooks,
    /// A new instance with copies of the attributes.
    Attributes,
    /// A new instance, without `__dict__`, with copies of what is in the slots.
    Slots,
    /// A new instance, to which a copy of the state is given: `__getstate__` and `__setstate__` are the only hooks.
    State,
    /// A new set with copies of the items.
    Items,
    /// A new instance with a copy of the native content.
    Content,
}

/// What was found out about classes. Code that runs may change them, or `copy_reg`; most does not.
#[derive(Debug, Default)]
pub(super) struct Plans<'gc> {
    known: Vec<(Value<'gc>, Plan)>,
    /// The reducers of `copy_reg`, as they are when the first object is copied: Python's `copy` imports the table once.
    dispatch_table: Option<Dict<'gc>>,
    /// Of which version of all classes, and of the table, `known` was found out.
    versions: (u64, u64),
    /// Whether code has run since.
    is_doubtful: bool,
}

/// With more classes than this, it is quicker to find out again than to search.
const KNOWN_CLASSES: usize = 32;

impl<'gc> Plans<'gc> {
    /// Notes that code may have run.
    pub(super) fn doubt(&mut self) {
        self.is_doubtful = true;
    }

    /// Forgets what may not be true any more, and returns the reducers.
    fn check(&mut self, ctx: Context<'gc>) -> Result<'gc, Dict<'gc>> {
        let table = match self.dispatch_table {
            Some(table) if !self.is_doubtful => return Ok(table),
            Some(table) => table,
            None => *self.dispatch_table.insert(dispatch_table(ctx)?),
        };
        let versions = (ctx.class_version(), table.version());
        if self.versions != versions {
            self.known.clear();
            self.versions = versions;
        }
        self.is_doubtful = false;
        Ok(table)
    }
}

impl<'gc> Copier<'gc> {
    /// Returns how an instance is copied.
    ///
    /// Once code has seen the memo, the long way is taken: it leaves more in it.
    pub(super) fn plan_for(&mut self, object: Value<'gc>) -> Result<'gc, Plan> {
        let attributes = match object {
            _ if !self.memo.is_private() => return Ok(Plan::Hooks),
            Value::Instance(it) => it.existing_dict(),
            Value::ClassicInstance(it) => Some(it.dict()),
            _ => None,
        };
        let plan = self.plan_of(object)?;
        if plan != Plan::Hooks && !attributes.is_none_or(|names| has_plain_names(names)) {
            return Ok(Plan::Hooks);
        }
        Ok(plan)
    }

    /// Returns how the objects of an object's class are copied, unless they have hooks of their own.
    pub(super) fn plan_of(&mut self, object: Value<'gc>) -> Result<'gc, Plan> {
        let reducers = self.plans.check(self.ctx)?;
        let class = object.class_of(self.ctx);
        let known = self.plans.known.iter().rev().find(|(known, _)| known.is(class));
        if let Some(&(_, plan)) = known {
            return Ok(plan);
        }
        let plan = match object {
            Value::Instance(instance) => plan_of_class(self.ctx, instance, reducers)?,
            Value::ClassicInstance(instance) => plan_of_classic(self.ctx, instance),
            Value::Set(_) | Value::FrozenSet(_) if !reducers.contains(self.ctx, class)? => {
                Plan::Items
            }
            _ => Plan::Hooks,
        };
        if self.plans.known.len() >= KNOWN_CLASSES {
            self.plans.known.clear();
        }
        self.plans.known.push((class, plan));
        Ok(plan)
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

/// A class has a short way if everything that counts comes from `object`, but for its state.
fn plan_of_class<'gc>(
    ctx: Context<'gc>,
    instance: Instance<'gc>,
    reducers: Dict<'gc>,
) -> Result<'gc, Plan> {
    let (class, names) = (instance.class(), ctx.names());
    if class.copies_content() && !reducers.contains(ctx, class.into())? {
        return Ok(Plan::Content);
    }
    let asked = [
        names.class,
        names.deepcopy,
        names.getattr,
        names.getattribute,
        names.getnewargs,
        names.getnewargs_ex,
        names.new,
        names.reduce,
        names.reduce_ex,
    ];
    if !class.metaclass().is(ctx.types().type_)
        || !derives_from_object_alone(ctx, class)
        || instance.native_content().is_some()
        || !asked.into_iter().all(|name| class.leaves_to_object(ctx, name))
        || reducers.contains(ctx, class.into())?
    {
        return Ok(Plan::Hooks);
    }
    if ![names.getstate, names.setstate].into_iter().all(|name| class.leaves_to_object(ctx, name)) {
        return Ok(Plan::State);
    }
    if class.has_dict() {
        let plain = class.leaves_to_object(ctx, names.slots) && has_usual_dict(ctx, class);
        return Ok(if plain { Plan::Attributes } else { Plan::Hooks });
    }
    plan_of_slots(ctx, class)
}

fn derives_from_object_alone<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> bool {
    class.mro().as_slice().iter().all(|base| match base {
        Value::Class(base) => base.is_heap_type() || base.is(ctx.types().object),
        _ => false,
    })
}

/// Returns whether `__dict__` is what the runtime gave the class: nobody else can make such a descriptor.
fn has_usual_dict<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> bool {
    let descriptor = class.lookup(ctx, ctx.names().dict);
    matches!(descriptor, Some(Value::Instance(it)) if it.class().is(ctx.types().getset_descriptor))
}

/// As many slots as fit the frame that waits for their copies.
const MOST_SLOTS: usize = 64;

/// Slots have a short way if each of them is reached by a name, and setting it runs no code.
fn plan_of_slots<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Plan> {
    let Value::List(names) = crate::slotnames(ctx, class)? else {
        return Ok(Plan::Hooks);
    };
    let is_slot = |name| match ctx.name_of(name).and_then(|name| class.lookup(ctx, name)) {
        Some(Value::Instance(it)) => it.class().is(ctx.types().member_descriptor),
        _ => false,
    };
    let plain = class.leaves_to_object(ctx, ctx.names().setattr)
        && names.len() == class.n_slots()
        && names.len() <= MOST_SLOTS
        && names.to_vec().into_iter().all(is_slot);
    Ok(if plain { Plan::Slots } else { Plan::Hooks })
}

/// A classic class has a short way if it has none of the hooks that count.
fn plan_of_classic<'gc>(ctx: Context<'gc>, instance: ClassicInstance<'gc>) -> Plan {
    let (class, names): (ClassicClass<'gc>, _) = (instance.class(), ctx.names());
    let asked = [names.deepcopy, names.getattr, names.getinitargs, names.getstate, names.setstate];
    match asked.into_iter().any(|name| class.lookup(ctx, name).is_some()) {
        true => Plan::Hooks,
        false => Plan::Attributes,
    }
}
