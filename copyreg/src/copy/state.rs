//! How a new object gets what the old one held: its state, its items, and the arguments that it is made with.

use halfsour_runtime::{Args, Context, Dialect, Dict, Error, Iter, Result, Value, exc};

use super::hooks::has_attr;

/// Gives an object its state: through `__setstate__`, or into its `__dict__` and slots.
///
/// # Errors
///
/// `TypeError`, `ValueError` or `AttributeError` if the state is of no use; whatever a hook raises.
pub(super) fn set_state<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    state: Value<'gc>,
) -> Result<'gc, ()> {
    if has_attr(ctx, object, ctx.names().setstate)? {
        return object.call_method(ctx, ctx.names().setstate, (state,)).map(drop);
    }
    let (attributes, slots) = match state.as_tuple().map(|pair| pair.as_slice()) {
        Some(&[attributes, slots]) => (attributes, slots),
        _ => (state, Value::None),
    };
    if !attributes.is_none() {
        update_attributes(ctx, object, attributes)?;
    }
    if slots.is_none() {
        return Ok(());
    }
    if let Value::Dict(slots) = slots {
        return set_slots(ctx, object, slots);
    }
    let items = slots.call_method(ctx, ctx.dialect().pick("iteritems", "items"), ())?;
    let items = items.iter(ctx)?;
    while let Some(pair) = items.next(ctx)? {
        let (name, value) = unpack_pair(ctx, pair)?;
        set_slot(ctx, object, name, value)?;
    }
    Ok(())
}

/// Sets what a dict has, which code that is called meanwhile may not change.
fn set_slots<'gc>(ctx: Context<'gc>, object: Value<'gc>, slots: Dict<'gc>) -> Result<'gc, ()> {
    let (mut position, size) = (0, slots.len());
    while let Some((name, value)) = slots.next_entry(&mut position) {
        set_slot(ctx, object, name, value)?;
        if slots.len() != size {
            let message = "dictionary changed size during iteration";
            return Err(Error::new(&exc::RUNTIME_ERROR, message));
        }
    }
    Ok(())
}

fn set_slot<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Value<'gc>,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    let Some(name) = ctx.name_of(name) else {
        let class = name.type_name(ctx);
        let message = format!("attribute name must be string, not '{class}'");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    object.set_attr(ctx, name, value)
}

/// `object.__dict__.update(attributes)`.
pub(super) fn update_attributes<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    attributes: Value<'gc>,
) -> Result<'gc, ()> {
    let dict = object.get_attr(ctx, ctx.names().dict)?;
    if let (Value::Dict(dict), Value::Dict(attributes)) = (dict, attributes) {
        return update(ctx, dict, attributes);
    }
    dict.call_method(ctx, "update", (attributes,)).map(drop)
}

/// Adds the entries of another dict.
pub(super) fn update<'gc>(ctx: Context<'gc>, dict: Dict<'gc>, other: Dict<'gc>) -> Result<'gc, ()> {
    for (key, value) in other.entries() {
        dict.insert(ctx, key, value)?;
    }
    Ok(())
}

/// `key, value = pair`.
///
/// # Errors
///
/// `TypeError` if it cannot be iterated over, `ValueError` if it does not have two items.
pub(super) fn unpack_pair<'gc>(
    ctx: Context<'gc>,
    pair: Value<'gc>,
) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
    if let Value::Tuple(pair) = pair
        && let &[key, value] = pair.as_slice()
    {
        return Ok((key, value));
    }
    let items = iterate_to_unpack(ctx, pair)?;
    let next = || items.next(ctx);
    let (python2, python3) = match (next()?, next()?, next()?) {
        (Some(key), Some(value), None) => return Ok((key, value)),
        (None, ..) => {
            ("need more than 0 values to unpack", "not enough values to unpack (expected 2, got 0)")
        }
        (Some(_), None, _) => {
            ("need more than 1 value to unpack", "not enough values to unpack (expected 2, got 1)")
        }
        (Some(_), Some(_), Some(_)) => {
            ("too many values to unpack", "too many values to unpack (expected 2)")
        }
    };
    let message = ctx.dialect().pick(python2, python3);
    Err(Error::new(&exc::VALUE_ERROR, message))
}

fn iterate_to_unpack<'gc>(ctx: Context<'gc>, pair: Value<'gc>) -> Result<'gc, Iter<'gc>> {
    pair.iter(ctx).map_err(|error| {
        let unusable = error.is(ctx, &exc::TYPE_ERROR) && !has_iter(ctx, pair);
        if ctx.dialect() == Dialect::Python3 && unusable {
            let class = pair.type_name(ctx);
            let message = format!("cannot unpack non-iterable {class} object");
            return Error::new(&exc::TYPE_ERROR, message);
        }
        error
    })
}

fn has_iter<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> bool {
    let class = object.type_of(ctx);
    class.lookup(ctx, ctx.names().iter).is_some()
        || class.lookup(ctx, ctx.names().getitem).is_some()
}

/// `callable(*args)`.
///
/// # Errors
///
/// `TypeError` if `args` cannot be iterated over; whatever the call raises.
pub(super) fn spread_call<'gc>(
    ctx: Context<'gc>,
    callable: Value<'gc>,
    args: Value<'gc>,
) -> Result<'gc> {
    if let Value::Tuple(args) = args {
        return callable.call(ctx, args.as_slice());
    }
    if !has_iter(ctx, args) && !matches!(args, Value::ClassicInstance(_)) {
        let name = callable_name(ctx, callable)?;
        let got = args.type_name(ctx);
        let message = format!("{name} argument after * must be an iterable, not {got}");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    }
    let args = args.iter(ctx)?.collect_vec(ctx)?;
    callable.call(ctx, Args::new(&args))
}

/// What a message calls a callable.
#[cold]
fn callable_name<'gc>(ctx: Context<'gc>, callable: Value<'gc>) -> Result<'gc, String> {
    if ctx.dialect() == Dialect::Python3 {
        return dotted_name(ctx, callable);
    }
    match callable {
        Value::Function(function) => Ok(format!("{}()", function.name().to::<String>(ctx)?)),
        Value::Builtin(function) => Ok(format!("{}()", function.name().to_string_lossy())),
        Value::Method(method) => callable_name(ctx, method.function()),
        Value::ClassicClass(class) => Ok(format!("{} constructor", class.name())),
        Value::ClassicInstance(instance) => Ok(format!("{} instance", instance.class().name())),
        _ => Ok(format!("{} object", callable.type_name(ctx))),
    }
}

/// What a message of Python 3 calls a callable.
fn dotted_name<'gc>(ctx: Context<'gc>, callable: Value<'gc>) -> Result<'gc, String> {
    let Some(name) = callable.find_attr(ctx, ctx.names().qualname)? else {
        return callable.str(ctx)?.to(ctx);
    };
    let name = name.to::<String>(ctx)?;
    let module = callable.find_attr(ctx, ctx.names().module)?;
    match module.and_then(|module| module.to::<String>(ctx).ok()) {
        Some(module) if module != "builtins" => Ok(format!("{module}.{name}()")),
        _ => Ok(format!("{name}()")),
    }
}

/// `items.append(item)`.
pub(super) fn append<'gc>(
    ctx: Context<'gc>,
    items: Value<'gc>,
    item: Value<'gc>,
) -> Result<'gc, ()> {
    match items {
        Value::List(list) => {
            list.push(ctx, item);
            Ok(())
        }
        _ => items.call_method(ctx, ctx.names().append, (item,)).map(drop),
    }
}
