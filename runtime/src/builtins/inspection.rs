//! The built-in functions that look into objects and modules: `dir`, `vars`, `__import__`, and Python 2's `apply`.

use super::arguments::{between, counted, named};
use crate::args::Args;
use crate::class::text_of;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::module::Module;
use crate::types::{Dict, List};
use crate::value::Value;

/// Defines the functions in the module of built-in names.
///
/// # Errors
///
/// `MemoryError`, in theory only.
pub(super) fn install<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.builtin(ctx, "__import__", |ctx, args| import(ctx, &args))?;
    module.builtin(ctx, "dir", |ctx, args| match *counted(&args, "dir", 0, 1)? {
        [object] => dir(ctx, object),
        _ => Err(no_names(ctx, "dir")),
    })?;
    module.builtin(ctx, "vars", |ctx, args| match *counted(&args, "vars", 0, 1)? {
        [object] => object.find_attr(ctx, ctx.names().dict)?.ok_or_else(|| {
            Error::new(&exc::TYPE_ERROR, "vars() argument must have __dict__ attribute")
        }),
        _ => Err(no_names(ctx, "vars")),
    })?;
    if ctx.dialect() == Dialect::Python2 {
        module.builtin(ctx, "apply", |ctx, args| apply(ctx, &args))?;
    }
    Ok(())
}

/// The exception for what would look at the caller's local names: native code has none.
#[cold]
fn no_names<'gc>(_: Context<'gc>, function: &str) -> Error<'gc> {
    let message = format!("{function}() needs an argument: native code has no local names");
    Error::new(&exc::TYPE_ERROR, message)
}

/// `__import__(name, globals, locals, fromlist, level)`: the module, or the package around it where nothing is
/// taken from the module by name.
fn import<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let parameters = ["name", "globals", "locals", "fromlist", "level"];
    let [name, _, _, from_list, _] = named(args, "__import__", parameters, 1)?;
    let name = name.unwrap_or(Value::None);
    let Ok(name) = name.to::<String>(ctx) else {
        let expected = ctx.dialect().pick("string", "str");
        let got = name.type_name(ctx);
        let message = format!("__import__() argument 1 must be {expected}, not {got}");
        return Err(Error::new(&exc::TYPE_ERROR, message));
    };
    let module = ctx.import(&name)?;
    let takes_names = from_list.map_or(Ok(false), |names| names.truth(ctx))?;
    match name.split_once('.') {
        Some((package, _)) if !takes_names => ctx.import(package),
        _ => Ok(module),
    }
}

/// The names of an object's attributes, in order: its own, and those of its class and the bases of that.
fn dir<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    if let Some(hook) = object.special(ctx, ctx.intern("__dir__"))?
        && !matches!(object, Value::Class(_))
    {
        return hook.call(ctx, ());
    }
    let names = Dict::new(ctx);
    match object {
        Value::Module(module) => {
            let Some(own) = object.get_attr(ctx, ctx.names().dict)?.as_dict() else {
                let message = format!("{}.__dict__ is not a dictionary", module.name(ctx));
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            add_names(ctx, names, own)?;
        }
        Value::Class(class) => add_names_of_bases(ctx, names, class.mro().as_slice())?,
        Value::ClassicClass(class) => add_names_of_bases(ctx, names, &class.mro())?,
        _ => {
            if let Some(own) = object.find_attr(ctx, ctx.names().dict)?.and_then(Value::as_dict) {
                add_names(ctx, names, own)?;
            }
            match object.find_attr(ctx, ctx.names().class)? {
                Some(Value::Class(class)) => {
                    add_names_of_bases(ctx, names, class.mro().as_slice())?;
                }
                Some(Value::ClassicClass(class)) => add_names_of_bases(ctx, names, &class.mro())?,
                _ => {}
            }
        }
    }
    let mut names: Vec<Value<'gc>> = names.entries().into_iter().map(|(name, _)| name).collect();
    names.sort_by_cached_key(|name| text_of(*name));
    Ok(List::from_vec(ctx, names).into())
}

fn add_names_of_bases<'gc>(
    ctx: Context<'gc>,
    names: Dict<'gc>,
    bases: &[Value<'gc>],
) -> Result<'gc, ()> {
    for base in bases {
        match base {
            Value::Class(class) => add_names(ctx, names, class.dict())?,
            Value::ClassicClass(class) => add_names(ctx, names, class.dict())?,
            _ => {}
        }
    }
    Ok(())
}

fn add_names<'gc>(ctx: Context<'gc>, names: Dict<'gc>, namespace: Dict<'gc>) -> Result<'gc, ()> {
    for (key, _) in namespace.entries() {
        if let Some(name) = ctx.name_of(key) {
            names.insert_name(ctx, name, Value::None)?;
        }
    }
    Ok(())
}

/// Python 2's `apply(function, args, keywords)`.
fn apply<'gc>(ctx: Context<'gc>, args: &Args<'gc>) -> Result<'gc> {
    let given = between(args, "apply", 1, 3)?;
    let positional = match given.get(1) {
        None => Vec::new(),
        Some(positional) => {
            positional.iter(ctx).and_then(|it| it.collect_vec(ctx)).map_err(|_| {
                let got = positional.type_name(ctx);
                Error::new(
                    &exc::TYPE_ERROR,
                    format!("apply() arg 2 expected sequence, found {got}"),
                )
            })?
        }
    };
    let mut call = Args::new(&positional);
    if let Some(keywords) = given.get(2) {
        let Some(dict) = keywords.as_dict() else {
            let got = keywords.type_name(ctx);
            let message = format!("apply() arg 3 expected dictionary, found {got}");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        };
        call = call.with_keywords(ctx, dict)?;
    }
    given[0].call(ctx, call)
}
