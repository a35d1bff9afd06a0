//! `C.__bases__ = ...`: another line of descent for a class and what derives from it.

use crate::class::{Class, best_base, order_of_lookup, same_layout};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Tuple;
use crate::value::Value;

use super::class_type::class_of;

/// Sets `__bases__` of a new-style class.
pub(super) fn set_bases<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let class = class_of(this)?;
    let bases = checked_bases(ctx, class, value)?;
    let new_base = best_base(ctx, bases)?;
    let old_base = best_base(ctx, class.bases())?;
    check_layouts(ctx, new_base, old_base)?;
    let old_bases = class.bases();
    class.remove_from_bases(ctx);
    class.set_bases(ctx.mc, bases);
    let result = set_orders(ctx, class);
    if result.is_err() {
        class.set_bases(ctx.mc, old_bases);
    }
    class.add_to_bases(ctx);
    result
}

fn checked_bases<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, Tuple<'gc>> {
    let own = class.name();
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(value) = value else {
        return refuse(format!("can't delete {own}.__bases__"));
    };
    let Some(bases) = value.as_tuple() else {
        let got = value.type_name(ctx);
        return refuse(format!("can only assign tuple to {own}.__bases__, not {got}"));
    };
    if bases.is_empty() {
        return refuse(format!("can only assign non-empty tuple to {own}.__bases__, not ()"));
    }
    for base in bases.as_slice() {
        match base {
            Value::Class(base) if base.is_subclass_of(class) => {
                return refuse("a __bases__ item causes an inheritance cycle".to_owned());
            }
            Value::Class(_) | Value::ClassicClass(_) => {}
            other => {
                let wanted = ctx.dialect().pick("old- or new-style classes", "classes");
                let got = other.type_name(ctx);
                return refuse(format!("{own}.__bases__ must be tuple of {wanted}, not '{got}'"));
            }
        }
    }
    Ok(bases)
}

/// Instances of both bases hold the same, so that those of the class need not change.
fn check_layouts<'gc>(ctx: Context<'gc>, new: Class<'gc>, old: Class<'gc>) -> Result<'gc, ()> {
    let same_kind = new.is_heap_type() == old.is_heap_type() && new.layout() == old.layout();
    let difference = match same_layout(ctx, new, old) {
        true => return Ok(()),
        false if same_kind => "object layout",
        false => "deallocator",
    };
    let (new, old) = (new.name(), old.name());
    let message = format!("__bases__ assignment: '{new}' {difference} differs from '{old}'");
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// Sets the new order of lookup of a class and of everything that derives from it, bases first; of all or of none.
fn set_orders<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, ()> {
    let mut affected = vec![class];
    let mut next = 0;
    while let Some(&class) = affected.get(next) {
        for subclass in class.subclasses(ctx) {
            if !affected.iter().any(|known| known.is(subclass)) {
                affected.push(subclass);
            }
        }
        next += 1;
    }
    // A class comes behind those of its bases that are affected too.
    affected.sort_by_key(|it| it.mro().len());
    let olds: Vec<Tuple<'gc>> = affected.iter().map(|it| it.mro()).collect();
    let result = affected.iter().try_for_each(|class| {
        let order = order_of_lookup(ctx, *class)?;
        class.set_mro(ctx.mc, order);
        Class::changed(ctx);
        Ok(())
    });
    if result.is_err() {
        affected.iter().zip(olds).for_each(|(class, old)| class.set_mro(ctx.mc, old));
        Class::changed(ctx);
    }
    result
}
