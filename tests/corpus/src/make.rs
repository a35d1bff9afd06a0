//! Makes the object that a recipe describes.

use std::collections::HashMap;

use halfsour_runtime::{Context, Dict, List, Result, Tuple, Unicode, Value};

use crate::{Expression, Recipe};

/// The object of a recipe.
///
/// # Errors
/// Whatever the calls in it raise.
pub fn make<'gc>(ctx: Context<'gc>, recipe: &Recipe) -> Result<'gc> {
    let mut locals = HashMap::new();
    let mut made = Value::None;
    for (name, expression) in &recipe.0 {
        made = evaluate(ctx, &locals, expression)?;
        if let Some(name) = name {
            locals.insert(name.as_str(), made);
        }
    }
    Ok(made)
}

type Locals<'r, 'gc> = HashMap<&'r str, Value<'gc>>;

fn evaluate<'gc>(
    ctx: Context<'gc>,
    locals: &Locals<'_, 'gc>,
    expression: &Expression,
) -> Result<'gc> {
    let all = |items: &[Expression]| -> Result<'gc, Vec<Value<'gc>>> {
        items.iter().map(|item| evaluate(ctx, locals, item)).collect()
    };
    Ok(match expression {
        Expression::Name(name) => global(ctx, locals, name)?,
        Expression::Int(number) => Value::Int(*number),
        Expression::Bytes(text) => ctx.str(text),
        Expression::Unicode(text) => Unicode::new(ctx, text).into(),
        Expression::List(items) => List::from_vec(ctx, all(items)?).into(),
        Expression::Tuple(items) => Tuple::from_vec(ctx, all(items)?).into(),
        Expression::Dict(pairs) => {
            let dict = Dict::new(ctx);
            for (key, value) in pairs {
                dict.insert(ctx, evaluate(ctx, locals, key)?, evaluate(ctx, locals, value)?)?;
            }
            dict.into()
        }
        Expression::Attribute(object, name) => {
            evaluate(ctx, locals, object)?.get_attr(ctx, name)?
        }
        Expression::Call(function, arguments) => {
            evaluate(ctx, locals, function)?.call(ctx, all(arguments)?.as_slice())?
        }
    })
}

/// A local name, a built-in one, or a module.
fn global<'gc>(ctx: Context<'gc>, locals: &Locals<'_, 'gc>, name: &str) -> Result<'gc> {
    if let Some(value) = locals.get(name) {
        return Ok(*value);
    }
    if name == "None" {
        return Ok(Value::None);
    }
    match ctx.import(ctx.dialect().builtins_module())?.find_attr(ctx, name)? {
        Some(value) => Ok(value),
        None => ctx.import(name),
    }
}
