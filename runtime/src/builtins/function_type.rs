//! The attributes of functions, built-in functions and methods.
//!
//! Source of the rules: the Python documentation, "Callable types" in the data model; the texts were measured on
//! 2.7.18 and 3.13.0.

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::convert::expected;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::function::{Builtin, Function, Method};
use crate::value::Value;

use super::define::Define;
use super::descriptors::get_hook;

pub(super) fn install(ctx: Context<'_>) {
    install_function(ctx);
    Define::new(ctx, ctx.types().code).new_with(new_code);
    install_builtin(ctx);
    install_method_wrapper(ctx);
    install_method(ctx);
}

/// `f.__call__(...)`: the object itself is called.
pub(super) fn call<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    this.call(ctx, args)
}

fn install_function(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().function)
        .new_with(new_function)
        .getset("__code__", code_object, Some(set_code))
        .special("__call__", call)
        .special("__get__", get_hook)
        .getset("__name__", |ctx, this| Ok(function(ctx, this)?.name()), Some(set_name))
        .getset("__dict__", |ctx, this| Ok(function(ctx, this)?.dict(ctx).into()), Some(set_dict))
        .getset("__module__", |ctx, this| Ok(function(ctx, this)?.module()), Some(set_module))
        .getset("__doc__", |ctx, this| Ok(function(ctx, this)?.doc()), Some(set_doc))
        .member("__defaults__", |_, _| Ok(Value::None));
    match ctx.dialect() {
        Dialect::Python2 => define
            .getset("func_name", |ctx, this| Ok(function(ctx, this)?.name()), Some(set_name))
            .getset(
                "func_dict",
                |ctx, this| Ok(function(ctx, this)?.dict(ctx).into()),
                Some(set_dict),
            )
            .getset("func_doc", |ctx, this| Ok(function(ctx, this)?.doc()), Some(set_doc))
            .getset("func_code", code_object, Some(set_code))
            .member("func_defaults", |_, _| Ok(Value::None)),
        Dialect::Python3 => define.getset(
            "__qualname__",
            |ctx, this| Ok(function(ctx, this)?.qualname()),
            Some(set_qualname),
        ),
    };
}

fn function<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Function<'gc>> {
    match this {
        Value::Function(function) => Ok(function),
        other => Err(expected(ctx, "function", other)),
    }
}

fn code_object<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    Ok(function(ctx, this)?.code_object(ctx).into())
}

fn set_code<'gc>(ctx: Context<'gc>, _: Value<'gc>, value: Option<Value<'gc>>) -> Result<'gc, ()> {
    let message = match value {
        // DIFFERENCE: CPython takes the code of another function.
        Some(code) if code.type_of(ctx).is(ctx.types().code) => {
            "the code of a native function cannot be replaced"
        }
        _ => "__code__ must be set to a code object",
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// `types.FunctionType(code, globals)`: without an interpreter, no code can be had that a function could be made of.
fn new_function<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let message = match args.positional().first() {
        None => "Required argument 'code' (pos 1) not found".to_owned(),
        Some(code) if code.type_of(ctx).is(ctx.types().code) => {
            "native code makes no other function; define one with Function::new".to_owned()
        }
        Some(code) => format!("function() argument 1 must be code, not {}", code.type_name(ctx)),
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

/// `types.CodeType(...)`: there is no interpreter to run it.
fn new_code<'gc>(_: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let message = match args.positional().len() {
        given @ ..12 => format!("code() takes at least 12 arguments ({given} given)"),
        _ => "there is no interpreter that could run code; use Function::new".to_owned(),
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn is_str<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> bool {
    match ctx.dialect() {
        Dialect::Python2 => value.as_bytes().is_some(),
        Dialect::Python3 => value.as_unicode().is_some(),
    }
}

fn checked_name<'gc>(ctx: Context<'gc>, attribute: &str, value: Option<Value<'gc>>) -> Result<'gc> {
    match value {
        Some(name) if is_str(ctx, name) => Ok(name),
        _ => {
            let message = format!("{attribute} must be set to a string object");
            Err(Error::new(&exc::TYPE_ERROR, message))
        }
    }
}

fn set_name<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let name = checked_name(ctx, "__name__", value)?;
    function(ctx, this)?.set_name(ctx, name);
    Ok(())
}

fn set_qualname<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let name = checked_name(ctx, "__qualname__", value)?;
    function(ctx, this)?.set_qualname(ctx, name);
    Ok(())
}

fn set_dict<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(value) = value else {
        let message = ctx
            .dialect()
            .pick("function's dictionary may not be deleted", "cannot delete __dict__");
        return refuse(message.to_owned());
    };
    let Some(dict) = value.as_dict() else {
        return refuse(match ctx.dialect() {
            Dialect::Python2 => "setting function's dictionary to a non-dict".to_owned(),
            Dialect::Python3 => {
                let got = value.type_name(ctx);
                format!("__dict__ must be set to a dictionary, not a '{got}'")
            }
        });
    };
    function(ctx, this)?.set_dict(ctx, dict);
    Ok(())
}

fn set_module<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    function(ctx, this)?.set_module(ctx, value.unwrap_or(Value::None));
    Ok(())
}

fn set_doc<'gc>(ctx: Context<'gc>, this: Value<'gc>, value: Option<Value<'gc>>) -> Result<'gc, ()> {
    function(ctx, this)?.set_doc(ctx, value.unwrap_or(Value::None));
    Ok(())
}

fn install_builtin(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().builtin_function)
        .special("__call__", call)
        .getset("__name__", |ctx, this| Ok(builtin(ctx, this)?.name().value()), None)
        .getset("__self__", builtin_self, None)
        .getset(
            "__module__",
            |ctx, this| Ok(builtin(ctx, this)?.module()),
            Some(set_builtin_module),
        )
        .getset("__doc__", |_, _| Ok(Value::None), None);
    if ctx.dialect() == Dialect::Python3 {
        define.getset("__qualname__", builtin_qualname, None).method("__reduce__", builtin_reduce);
    }
}

fn install_method_wrapper(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().method_wrapper)
        .special("__call__", call)
        .getset("__name__", |ctx, this| Ok(builtin(ctx, this)?.name().value()), None)
        .getset(
            "__objclass__",
            |ctx, this| Ok(builtin(ctx, this)?.wrapped_class().map_or(Value::None, Into::into)),
            None,
        )
        .member("__self__", builtin_self)
        .getset("__doc__", |_, _| Ok(Value::None), None);
    if ctx.dialect() == Dialect::Python3 {
        define.getset("__qualname__", builtin_qualname, None).method("__reduce__", builtin_reduce);
    }
}

fn builtin<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Builtin<'gc>> {
    match this {
        Value::Builtin(builtin) => Ok(builtin),
        other => Err(expected(ctx, "builtin_function_or_method", other)),
    }
}

/// The object that a built-in method is bound to. A function of a module has none; in Python 3 that is the module.
fn builtin_self<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let builtin = builtin(ctx, this)?;
    if let Some(receiver) = builtin.receiver() {
        return Ok(receiver);
    }
    let module = match ctx.dialect() {
        Dialect::Python2 => None,
        Dialect::Python3 => ctx.name_of(builtin.module()),
    };
    Ok(module.and_then(|name| ctx.modules().get_name(ctx, name)).unwrap_or(Value::None))
}

fn set_builtin_module<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    builtin(ctx, this)?.set_module(ctx, value.unwrap_or(Value::None));
    Ok(())
}

/// The name of a method with that of its class before it.
fn builtin_qualname<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let builtin = builtin(ctx, this)?;
    let name = builtin.name();
    let owner = match builtin.owner().map(Value::from).or(builtin.receiver()) {
        None | Some(Value::Module(_)) => return Ok(name.value()),
        Some(Value::Class(class)) => class.qualname(),
        Some(receiver) => receiver.type_of(ctx).qualname(),
    };
    let owner = crate::class::text_of(owner);
    Ok(ctx.str(&format!("{owner}.{}", name.to_string_lossy())))
}

/// A function of a module is a global; a method is `getattr(object, name)`.
fn builtin_reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let builtin = builtin(ctx, this)?;
    match builtin.owner().map(Value::from).or(builtin.receiver()) {
        None | Some(Value::Module(_)) => Ok(builtin.name().value()),
        Some(receiver) => get_attribute_of(ctx, receiver, builtin.name().value()),
    }
}

/// `(getattr, (object, name))`.
pub(super) fn get_attribute_of<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Value<'gc>,
) -> Result<'gc> {
    let getattr = ctx.import_from(ctx.dialect().builtins_module(), "getattr")?;
    let args = crate::types::Tuple::new(ctx, &[object, name]);
    Ok(crate::types::Tuple::new(ctx, &[getattr, args.into()]).into())
}

fn install_method(ctx: Context<'_>) {
    let define = Define::new(ctx, ctx.types().method)
        .new_with(new_method)
        .special("__call__", call)
        .special("__get__", get_hook)
        .member("__func__", |ctx, this| Ok(method(ctx, this)?.function()))
        .member("__self__", |ctx, this| Ok(method(ctx, this)?.receiver().unwrap_or(Value::None)))
        .getset(
            "__doc__",
            |ctx, this| method(ctx, this)?.function().get_attr(ctx, "__doc__"),
            None,
        );
    match ctx.dialect() {
        Dialect::Python2 => define
            .member("im_func", |ctx, this| Ok(method(ctx, this)?.function()))
            .member("im_self", |ctx, this| Ok(method(ctx, this)?.receiver().unwrap_or(Value::None)))
            .member("im_class", |ctx, this| Ok(method(ctx, this)?.class())),
        Dialect::Python3 => define.method("__reduce__", method_reduce),
    };
}

fn method<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Method<'gc>> {
    match this {
        Value::Method(method) => Ok(method),
        other => Err(expected(ctx, "method", other)),
    }
}

fn method_reduce<'gc>(ctx: Context<'gc>, this: Value<'gc>, _: Args<'gc>) -> Result<'gc> {
    let method = method(ctx, this)?;
    let name = method.function().get_attr(ctx, "__name__")?;
    get_attribute_of(ctx, method.receiver().unwrap_or(Value::None), name)
}

/// `types.MethodType(function, object[, class])`.
fn new_method<'gc>(ctx: Context<'gc>, _: Class<'gc>, args: Args<'gc>) -> Result<'gc> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let name = ctx.dialect().pick("instancemethod", "method");
    let (function, receiver, class) = match (args.positional(), ctx.dialect()) {
        (&[function, receiver], _) => (function, receiver, Value::None),
        (&[function, receiver, class], Dialect::Python2) => (function, receiver, class),
        (given, dialect) => {
            let (bound, number) = match (given.len(), dialect) {
                (_, Dialect::Python3) => ("", 2),
                (0 | 1, _) => ("at least ", 2),
                _ => ("at most ", 3),
            };
            let given = given.len();
            return refuse(format!("{name} expected {bound}{number} arguments, got {given}"));
        }
    };
    if !function.is_callable(ctx) {
        return refuse("first argument must be callable".to_owned());
    }
    match (receiver, class) {
        (Value::None, Value::None) => refuse(
            ctx.dialect()
                .pick("unbound methods must have non-NULL im_class", "instance must not be None")
                .to_owned(),
        ),
        (Value::None, class) => Ok(Method::unbound(ctx, function, class).into()),
        (receiver, class) => Ok(Method::bound(ctx, function, receiver, class).into()),
    }
}
