//! `x.__class__ = C`: an object may change its class for one of the same layout.

use crate::class::{Class, Layout};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::Payload;
use crate::name::Name;
use crate::value::Value;

/// Sets `__class__` of a new-style object.
pub(super) fn set_class<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(value) = value else {
        return refuse("can't delete __class__ attribute".to_owned());
    };
    let Value::Class(new) = value else {
        let wanted = ctx.dialect().pick("new-style class", "a class");
        let got = value.type_name(ctx);
        return refuse(format!("__class__ must be set to {wanted}, not '{got}' object"));
    };
    let old = this.type_of(ctx);
    let both_modules = new.layout() == Layout::Module && old.layout() == Layout::Module;
    if !(new.is_heap_type() && old.is_heap_type() || both_modules) {
        return refuse(
            ctx.dialect()
                .pick(
                    "__class__ assignment: only for heap types",
                    "__class__ assignment only supported for mutable types or ModuleType subclasses",
                )
                .to_owned(),
        );
    }
    if !same_layout(new, old) {
        // 2.7 names the old class first, Python 3 the new one.
        let (first, second) = ctx.dialect().pick((old, new), (new, old));
        return refuse(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            first.name(),
            second.name()
        ));
    }
    match this {
        Value::Instance(instance) => instance.set_class(ctx, new),
        Value::Module(module) => module.set_class(ctx, new),
        Value::Class(class) => {
            class.set_metaclass(ctx.mc, new);
            Class::changed(ctx);
        }
        _ => {}
    }
    Ok(())
}

/// Whether instances of two classes hold the same: content, `__dict__`, slots of the same names.
fn same_layout<'gc>(a: Class<'gc>, b: Class<'gc>) -> bool {
    let (a_traits, b_traits) = (a.traits(), b.traits());
    a_traits.layout == b_traits.layout
        && a_traits.has_dict == b_traits.has_dict
        && a_traits.has_weakref == b_traits.has_weakref
        && (a_traits.layout != Layout::Native || same_native_base(a, b))
        && same_slots(a, b)
}

/// Whether two classes have their native content from the same class: only that knows what is in it.
fn same_native_base<'gc>(a: Class<'gc>, b: Class<'gc>) -> bool {
    let solid = |class: Class<'gc>| {
        class.mro().as_slice().iter().copied().find(|entry| match entry {
            Value::Class(entry) => entry.traits().solid,
            _ => false,
        })
    };
    matches!((solid(a), solid(b)), (Some(a), Some(b)) if a.is(b))
}

fn same_slots<'gc>(a: Class<'gc>, b: Class<'gc>) -> bool {
    let (a, b) = (slots_of(a), slots_of(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 && a.1.is(b.1))
}

/// The slots of an instance by their index.
fn slots_of(class: Class<'_>) -> Vec<(usize, Name<'_>)> {
    let mut slots = Vec::new();
    for entry in class.mro().as_slice() {
        let Value::Class(class) = entry else { continue };
        for (_, attribute) in class.dict().entries() {
            if let Value::Instance(descriptor) = attribute
                && let Payload::Member(member) = descriptor.payload()
                && member.class.is(*class)
            {
                slots.push((member.index, member.name));
            }
        }
    }
    slots.sort_by_key(|(index, _)| *index);
    slots
}
