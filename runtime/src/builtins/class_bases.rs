//! `C.__bases__ = ...`: another line of descent for a class and what derives from it.

use crate::class::{Class, best_base, linearize};
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
    if !compatible(new_base, old_base) {
        let message = format!(
            "__bases__ assignment: '{}' deallocator differs from '{}'",
            new_base.name(),
            old_base.name()
        );
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    // The orders are worked out before anything changes: one may have none.
    let old_bases = class.bases();
    class.set_bases(ctx.mc, bases);
    let orders = match new_orders(ctx, class) {
        Ok(orders) => orders,
        Err(error) => {
            class.set_bases(ctx.mc, old_bases);
            return Err(error);
        }
    };
    for (class, order) in orders {
        class.set_mro(ctx.mc, Tuple::from_vec(ctx, order));
    }
    for base in bases.as_slice() {
        if let Value::Class(base) = base {
            base.add_subclass(ctx, class);
        }
    }
    Class::changed(ctx);
    Ok(())
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

/// Whether instances of both bases hold the same, so that those of the class need not change.
fn compatible<'gc>(new: Class<'gc>, old: Class<'gc>) -> bool {
    let (new, old) = (new.traits(), old.traits());
    new.layout == old.layout
        && new.n_slots == old.n_slots
        && new.has_dict == old.has_dict
        && new.has_weakref == old.has_weakref
}

/// The new order of lookup of a class and of everything that derives from it, bases first.
fn new_orders<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
) -> Result<'gc, Vec<(Class<'gc>, Vec<Value<'gc>>)>> {
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
    let olds: Vec<(Class<'gc>, Tuple<'gc>)> = affected.iter().map(|it| (*it, it.mro())).collect();
    let mut orders = Vec::new();
    for class in affected {
        match linearize(ctx, class.into(), class.bases().as_slice()) {
            Ok(order) => {
                class.set_mro(ctx.mc, Tuple::new(ctx, &order));
                orders.push((class, order));
            }
            Err(error) => {
                for (class, mro) in olds {
                    class.set_mro(ctx.mc, mro);
                }
                return Err(error);
            }
        }
    }
    Ok(orders)
}
