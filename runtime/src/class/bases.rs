//! What the instances of a class hold, and which of its bases decides that.

use super::Class;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Payload;
use crate::name::Name;
use crate::types::Tuple;
use crate::value::Value;

/// Returns the base that decides the layout.
///
/// # Errors
///
/// `TypeError` if two bases have layouts that cannot be joined, or a base cannot be derived from.
pub(crate) fn best_base<'gc>(ctx: Context<'gc>, bases: Tuple<'gc>) -> Result<'gc, Class<'gc>> {
    let mut best: Option<Class<'gc>> = None;
    for base in bases.as_slice() {
        let base = match base {
            Value::Class(base) => *base,
            Value::ClassicClass(_) => continue,
            _ => return Err(Error::new(&exc::TYPE_ERROR, "bases must be types")),
        };
        if !base.traits().subclassable {
            let message =
                format!("type '{}' is not an acceptable base type", base.dotted_name(ctx));
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        best = match best {
            None => Some(base),
            Some(known) if extends(solid_base(known), solid_base(base)) => Some(known),
            Some(known) if extends(solid_base(base), solid_base(known)) => Some(base),
            Some(_) => {
                let message = "multiple bases have instance lay-out conflict";
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
        };
    }
    best.ok_or_else(|| {
        Error::new(&exc::TYPE_ERROR, "a new-style class can't have only classic bases")
    })
}

/// Whether a class is another or derives from it.
pub(super) fn extends<'gc>(class: Class<'gc>, base: Class<'gc>) -> bool {
    class.is_subclass_of(base)
}

/// Returns the most derived class that adds to the layout.
pub(super) fn solid_base(class: Class<'_>) -> Class<'_> {
    class
        .mro()
        .as_slice()
        .iter()
        .find_map(|entry| match entry {
            Value::Class(it) if it.traits().solid => Some(*it),
            _ => None,
        })
        .unwrap_or(class)
}

/// Whether an instance of one class can become one of the other: both hold the same, and the base that the last of it
/// was added to is the same class.
pub(crate) fn same_layout<'gc>(ctx: Context<'gc>, a: Class<'gc>, b: Class<'gc>) -> bool {
    let (a, b) = (last_addition(ctx, a), last_addition(ctx, b));
    a.is(b)
        || base_of(ctx, a).zip(base_of(ctx, b)).is_some_and(|(a_base, b_base)| {
            a_base.is(b_base)
                && adds_slots_only(a, a_base)
                && adds_slots_only(b, b_base)
                && same_additions(a, b)
        })
}

/// The class, or the nearest of the bases that decide its layout, that adds something to what instances hold.
fn last_addition<'gc>(ctx: Context<'gc>, mut class: Class<'gc>) -> Class<'gc> {
    while let Some(base) = base_of(ctx, class) {
        let (own, inherited) = (class.traits(), base.traits());
        let adds = own.solid
            || own.has_dict != inherited.has_dict
            || own.has_weakref != inherited.has_weakref;
        if adds {
            break;
        }
        class = base;
    }
    class
}

/// Returns `__base__`: the base that decides the layout; `object` has none.
pub(crate) fn base_of<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Option<Class<'gc>> {
    best_base(ctx, class.bases()).ok()
}

/// Whether a class adds nothing but slots, `__dict__` and `__weakref__`: native content is known only to its class.
fn adds_slots_only(class: Class<'_>, base: Class<'_>) -> bool {
    let adds_content = class.traits().solid && class.n_slots() == base.n_slots();
    class.is_heap_type() && class.layout() == base.layout() && !adds_content
}

fn same_additions<'gc>(a: Class<'gc>, b: Class<'gc>) -> bool {
    let (a_slots, b_slots) = (own_slots(a), own_slots(b));
    a.has_dict() == b.has_dict()
        && a.traits().has_weakref == b.traits().has_weakref
        && a_slots.len() == b_slots.len()
        && a_slots.iter().zip(&b_slots).all(|(a, b)| a.0 == b.0 && a.1.is(b.1))
}

/// The slots that a class adds, by their index.
fn own_slots(class: Class<'_>) -> Vec<(usize, Name<'_>)> {
    let mut slots = Vec::new();
    for (_, attribute) in class.dict().entries() {
        if let Value::Instance(descriptor) = attribute
            && let Payload::Member(member) = descriptor.payload()
            && member.class.is(class)
        {
            slots.push((member.index, member.name));
        }
    }
    slots.sort_by_key(|(index, _)| *index);
    slots
}
