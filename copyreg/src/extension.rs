//! Extension codes: small numbers that protocol 2 writes in the place of a module and a name.
//!
//! Source: PEP 307, "The extension registry"; texts measured on 2.7.18.

use halfsour_runtime::{Args, Context, Error, IntoValue, Result, Value, exc};

use crate::module::state_dict;

pub(crate) const REGISTRY: &str = "_extension_registry";
pub(crate) const INVERTED: &str = "_inverted_registry";
pub(crate) const CACHE: &str = "_extension_cache";

/// Registers an extension code for a global (`copy_reg.add_extension`). Doing it again is fine.
///
/// # Errors
///
/// `ValueError` if the code is out of 1 to 0x7fffffff, or taken, or if the global has another.
pub fn add_extension<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    code: i64,
) -> Result<'gc, ()> {
    add(ctx, ctx.str(module), ctx.str(name), Value::Int(code))
}

/// Takes back an extension code (`copy_reg.remove_extension`).
///
/// # Errors
///
/// `ValueError` if the global is not registered with this code.
pub fn remove_extension<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    code: i64,
) -> Result<'gc, ()> {
    remove(ctx, ctx.str(module), ctx.str(name), Value::Int(code))
}

/// Returns the extension code of a global: an int, unless a program wrote something else into the registry.
///
/// # Errors
///
/// As for `copy_reg`'s state in general: `ImportError`, `AttributeError` or `TypeError` if that is gone.
pub fn extension_code<'gc>(
    ctx: Context<'gc>,
    module: Value<'gc>,
    name: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    state_dict(ctx, REGISTRY)?.get(ctx, (module, name).into_value(ctx))
}

fn add<'gc>(
    ctx: Context<'gc>,
    module: Value<'gc>,
    name: Value<'gc>,
    code: Value<'gc>,
) -> Result<'gc, ()> {
    if !matches!(code, Value::Int(1..=0x7FFF_FFFF)) {
        return Err(Error::new(&exc::VALUE_ERROR, "code out of range"));
    }
    let key = (module, name).into_value(ctx);
    let (registry, inverted) = (state_dict(ctx, REGISTRY)?, state_dict(ctx, INVERTED)?);
    let (known_code, known_key) = (registry.get(ctx, key)?, inverted.get(ctx, code)?);
    if let (Some(known_code), Some(known_key)) = (known_code, known_key)
        && known_code.equals(ctx, code)?
        && known_key.equals(ctx, key)?
    {
        return Ok(());
    }
    if let Some(known) = known_code {
        let message = format!(
            "key {} is already registered with code {}",
            shown(ctx, key)?,
            shown(ctx, known)?
        );
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    if let Some(known) = known_key {
        let message =
            format!("code {} is already in use for key {}", shown(ctx, code)?, shown(ctx, known)?);
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    registry.insert(ctx, key, code)?;
    inverted.insert(ctx, code, key)
}

fn remove<'gc>(
    ctx: Context<'gc>,
    module: Value<'gc>,
    name: Value<'gc>,
    code: Value<'gc>,
) -> Result<'gc, ()> {
    let key = (module, name).into_value(ctx);
    let (registry, inverted) = (state_dict(ctx, REGISTRY)?, state_dict(ctx, INVERTED)?);
    let registered = match (registry.get(ctx, key)?, inverted.get(ctx, code)?) {
        (Some(known_code), Some(known_key)) => {
            known_code.equals(ctx, code)? && known_key.equals(ctx, key)?
        }
        _ => false,
    };
    if !registered {
        let message =
            format!("key {} is not registered with code {}", shown(ctx, key)?, shown(ctx, code)?);
        return Err(Error::new(&exc::VALUE_ERROR, message));
    }
    registry.remove(ctx, key)?;
    inverted.remove(ctx, code)?;
    state_dict(ctx, CACHE)?.remove(ctx, code)?;
    Ok(())
}

fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    value.repr(ctx)?.to(ctx)
}

pub(crate) fn add_from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (module, name, code): (_, _, Value<'gc>) = args.parse(ctx, "add_extension")?;
    // As in CPython, the code goes through int(): 1.9 is 1.
    let code = match code {
        Value::Int(_) => code,
        other => Value::from(ctx.types().int).call(ctx, (other,))?,
    };
    add(ctx, module, name, code)?;
    Ok(Value::None)
}

pub(crate) fn remove_from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (module, name, code) = args.parse(ctx, "remove_extension")?;
    remove(ctx, module, name, code)?;
    Ok(Value::None)
}

pub(crate) fn clear_cache<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let () = args.parse(ctx, "clear_extension_cache")?;
    state_dict(ctx, CACHE)?.clear(ctx);
    Ok(Value::None)
}
