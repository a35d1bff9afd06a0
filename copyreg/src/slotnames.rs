//! `copy_reg._slotnames`: the names of the slots of a class and its bases.

use halfsour_runtime::{Args, Class, Context, List, Result, Value, mangle};

/// Returns the names of the slots of a class and its bases, mangled, in the order of the MRO.
///
/// The list is kept in the class as `__slotnames__`; a list that is there already is trusted, as in CPython.
///
/// # Errors
///
/// Whatever iterating over a strange `__slots__` raises.
pub fn slotnames<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc> {
    let names = ctx.names();
    if let Some(known) = class.own_attr(ctx, names.slotnames)
        && !known.is_none()
    {
        return Ok(known);
    }
    let found = List::new(ctx);
    for entry in class.mro().as_slice() {
        let Value::Class(base) = entry else { continue };
        let Some(slots) = base.own_attr(ctx, names.slots) else { continue };
        for name in declared(ctx, slots)? {
            if let Some(name) = slot_name(ctx, *base, name) {
                found.push(ctx, name);
            }
        }
    }
    // A class that cannot be changed is asked again the next time.
    let _ = Value::from(class).set_attr(ctx, names.slotnames, found);
    Ok(found.into())
}

fn declared<'gc>(ctx: Context<'gc>, slots: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    match slots.content() {
        Value::Bytes(_) | Value::Unicode(_) => Ok(vec![slots]),
        _ => slots.iter(ctx)?.collect_vec(ctx),
    }
}

/// The name of a slot as the attribute is called; `None` for those that hold no state.
fn slot_name<'gc>(ctx: Context<'gc>, class: Class<'gc>, name: Value<'gc>) -> Option<Value<'gc>> {
    let Ok(text) = name.to::<String>(ctx) else {
        return Some(name);
    };
    if text == "__dict__" || text == "__weakref__" {
        return None;
    }
    let mangled = mangle(&class.name(), &text);
    if mangled == text { Some(name) } else { Some(ctx.intern(&mangled).value()) }
}

pub(crate) fn from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (class,): (Class<'gc>,) = args.parse(ctx, "_slotnames")?;
    slotnames(ctx, class)
}
