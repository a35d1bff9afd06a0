//! The order of lookup: C3 for new-style classes, depth first for classic ones.
//!
//! Source: the Python 2.3 method resolution order, in the documentation's `__mro__`.

use super::Class;
use super::bases::{extends, solid_base};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::types::Tuple;
use crate::value::Value;

/// Returns the order of lookup of a class: a metaclass with an `mro` of its own decides it.
///
/// # Errors
///
/// `TypeError` if the bases have no consistent order, or `mro` gives no classes that could be bases; whatever `mro`
/// raises.
pub(crate) fn order_of_lookup<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
) -> Result<'gc, Tuple<'gc>> {
    let metaclass = class.metaclass();
    let hook = metaclass
        .lookup(ctx, ctx.names().mro)
        .filter(|hook| crate::attr::is_own_hook(*hook, ctx.names().mro));
    let order = linearize(ctx, class.into(), class.bases().as_slice());
    let Some(hook) = hook else {
        return Ok(Tuple::from_vec(ctx, order?));
    };
    // What the class is while it is asked.
    let known = order.unwrap_or_else(|_| [&[class.into()], class.bases().as_slice()].concat());
    class.set_mro(ctx.mc, Tuple::from_vec(ctx, known));
    Class::changed(ctx);
    let hook = crate::descriptor::get(ctx, hook, Some(class.into()), metaclass.into())?;
    let order = hook.call(ctx, ())?.iter(ctx)?.collect_vec(ctx)?;
    for entry in &order {
        check_order(ctx, class, *entry)?;
    }
    Ok(Tuple::from_vec(ctx, order))
}

fn check_order<'gc>(ctx: Context<'gc>, class: Class<'gc>, entry: Value<'gc>) -> Result<'gc, ()> {
    let message = match entry {
        Value::ClassicClass(_) => return Ok(()),
        Value::Class(entry) if extends(solid_base(class), solid_base(entry)) => return Ok(()),
        Value::Class(entry) => {
            format!("mro() returned base with unsuitable layout ('{}')", entry.type_name())
        }
        other => format!("mro() returned a non-class ('{}')", other.type_name(ctx)),
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// Returns the C3 linearisation of a class with these bases.
///
/// # Errors
///
/// `TypeError` if the bases have no consistent order.
pub(crate) fn linearize<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    bases: &[Value<'gc>],
) -> Result<'gc, Vec<Value<'gc>>> {
    if let Some(twice) = (1..bases.len()).find(|&at| bases[..at].iter().any(|it| it.is(bases[at])))
    {
        let message = format!("duplicate base class {}", class_name(bases[twice]));
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let mut sequences: Vec<Vec<Value<'gc>>> = bases.iter().map(|base| order_of(*base)).collect();
    sequences.push(bases.to_vec());
    let mut mro = vec![class];
    loop {
        sequences.retain(|sequence| !sequence.is_empty());
        if sequences.is_empty() {
            return Ok(mro);
        }
        let Some(next) = next_class(&sequences) else {
            return Err(no_order(ctx, &sequences));
        };
        mro.push(next);
        for sequence in &mut sequences {
            if sequence.first().is_some_and(|head| head.is(next)) {
                sequence.remove(0);
            }
        }
    }
}

/// The first head that is in no other sequence's tail.
fn next_class<'gc>(sequences: &[Vec<Value<'gc>>]) -> Option<Value<'gc>> {
    let in_tail = |candidate: Value<'gc>| {
        sequences.iter().any(|sequence| sequence.iter().skip(1).any(|it| it.is(candidate)))
    };
    sequences.iter().filter_map(|sequence| sequence.first().copied()).find(|head| !in_tail(*head))
}

fn order_of(base: Value<'_>) -> Vec<Value<'_>> {
    match base {
        Value::Class(class) => class.mro().as_slice().to_vec(),
        Value::ClassicClass(class) => class.mro(),
        other => vec![other],
    }
}

fn class_name(class: Value<'_>) -> String {
    match class {
        Value::Class(class) => class.name(),
        Value::ClassicClass(class) => class.name(),
        _ => "?".to_owned(),
    }
}

#[cold]
fn no_order<'gc>(ctx: Context<'gc>, sequences: &[Vec<Value<'gc>>]) -> Error<'gc> {
    let mut names: Vec<String> = Vec::new();
    for sequence in sequences {
        let Some(&class) = sequence.first() else { continue };
        let name = class_name(class);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let end = ctx.dialect().pick("\n", " ");
    let message = format!(
        "Cannot create a consistent method resolution{end}order (MRO) for bases {}",
        names.join(", ")
    );
    Error::new(&exc::TYPE_ERROR, message)
}
