//! `copy_reg.pickle` and `copy_reg.constructor`: reducers by type, and what pickles may call.

use halfsour_runtime::{Args, Context, Dict, Error, Result, Value, exc};

use crate::module::state_dict;

pub(crate) const DISPATCH_TABLE: &str = "dispatch_table";
/// Not in CPython since 2.3, though the documentation still describes it: a pickle's REDUCE may call what was
/// declared a constructor.
pub(crate) const SAFE_CONSTRUCTORS: &str = "safe_constructors";

/// Declares that instances of exactly `class` are reduced by `reducer`, and perhaps made again by `constructor`
/// (`copy_reg.pickle`).
///
/// # Errors
///
/// `TypeError` for a classic class, and if `reducer` or `constructor` cannot be called.
pub fn pickle<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    reducer: Value<'gc>,
    constructor_object: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    if let Value::ClassicClass(_) = class {
        return Err(refusal("copy_reg is not intended for use with classes"));
    }
    if !reducer.is_callable(ctx) {
        return Err(refusal("reduction functions must be callable"));
    }
    // As in CPython, the reducer stays if the constructor is refused.
    state_dict(ctx, DISPATCH_TABLE)?.insert(ctx, class, reducer)?;
    match constructor_object {
        Some(object) => constructor(ctx, object),
        None => Ok(()),
    }
}

/// Declares that a pickle may call an object (`copy_reg.constructor`).
///
/// # Errors
///
/// `TypeError` if it cannot be called.
// DIFFERENCE: 2.7.18 only checks that it can be called. Here it is remembered, as the documentation says.
pub fn constructor<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
    if !object.is_callable(ctx) {
        return Err(refusal("constructors must be callable"));
    }
    match state_dict(ctx, SAFE_CONSTRUCTORS)?.insert(ctx, object, Value::Int(1)) {
        // What cannot be a key of a dict could never be remembered.
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => Ok(()),
        other => other,
    }
}

/// Returns whether an object was declared a constructor.
///
/// # Errors
///
/// As for `copy_reg`'s state in general: `ImportError`, `AttributeError` or `TypeError` if that is gone.
pub fn is_constructor<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, bool> {
    match state_dict(ctx, SAFE_CONSTRUCTORS)?.contains(ctx, object) {
        Err(error) if error.is(ctx, &exc::TYPE_ERROR) => Ok(false),
        other => other,
    }
}

/// Returns the reducer that was declared for exactly this class.
///
/// # Errors
///
/// As for `copy_reg`'s state in general: `ImportError`, `AttributeError` or `TypeError` if that is gone; whatever the
/// `__hash__` of a metaclass raises.
pub fn reducer_of<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc, Option<Value<'gc>>> {
    dispatch_table(ctx)?.get(ctx, class)
}

/// The reducers by class.
pub(crate) fn dispatch_table<'gc>(ctx: Context<'gc>) -> Result<'gc, Dict<'gc>> {
    state_dict(ctx, DISPATCH_TABLE)
}

pub(crate) fn pickle_from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let parameters = ["ob_type", "pickle_function", "constructor_ob"];
    let [class, reducer, constructor] = args.bind("pickle", parameters, 2)?;
    let (Some(class), Some(reducer)) = (class, reducer) else {
        return Err(refusal("pickle() takes at least 2 arguments"));
    };
    let constructor = constructor.filter(|it| !it.is_none());
    pickle(ctx, class, reducer, constructor)?;
    Ok(Value::None)
}

pub(crate) fn constructor_from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (object,): (Value<'gc>,) = args.parse(ctx, "constructor")?;
    constructor(ctx, object)?;
    Ok(Value::None)
}

#[cold]
fn refusal<'gc>(message: &'static str) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, message)
}
