//! What the modules of this crate share: how a class of CPython's C code is defined, and how native objects are read.

mod arguments;
mod compare;
mod operate;
mod shown;

use std::any::Any;

use halfsour_runtime::{
    Bytes, Class, ClassBuilder, Context, Dialect, Error, Instance, Result, Traced, Tuple, Unicode,
    Value, exc,
};

pub(crate) use self::arguments::{counted, no_keywords, none, one};
pub(crate) use self::compare::{comparisons, never};
pub(crate) use self::operate::operate;
pub(crate) use self::shown::{class_name, repr, show_once, shown, text};

/// How CPython keeps the name of a type and that of its module, which shows in pickles of protocol 4: a string that is
/// met again is fetched from the memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A class as Python code defines it: both names are interned.
    Python,
    /// A type in a C structure: the module's name is interned, the type's own name is a string of its own.
    Static,
    /// A type made at run time by C code: neither is interned.
    Made,
}

/// Begins a class of the library.
pub(crate) fn class<'gc>(
    ctx: Context<'gc>,
    module: &'static str,
    name: &str,
    kind: Kind,
) -> ClassBuilder<'gc> {
    if kind == Kind::Python {
        return python_class(ctx, module, name);
    }
    let builder = Class::builder(ctx, name).extension_type(module);
    let builder = match kind {
        Kind::Made => builder.attr("__module__", unshared(ctx, module)),
        Kind::Python | Kind::Static => builder.attr("__module__", ctx.intern(module).value()),
    };
    if python3(ctx) { builder.attr("__qualname__", unshared(ctx, name)) } else { builder }
}

/// Begins a class as Python code defines it.
pub(crate) fn python_class<'gc>(ctx: Context<'gc>, module: &str, name: &str) -> ClassBuilder<'gc> {
    Class::builder(ctx, name).attr("__module__", ctx.intern(module).value())
}

/// A string that is no other object's.
fn unshared<'gc>(ctx: Context<'gc>, text: &str) -> Value<'gc> {
    if python3(ctx) {
        return Unicode::new(ctx, text).into();
    }
    Bytes::unshared(ctx, text.as_bytes()).into()
}

/// Whether the runtime speaks Python 3.
pub(crate) fn python3(ctx: Context<'_>) -> bool {
    ctx.dialect() == Dialect::Python3
}

#[cold]
pub(crate) fn type_error<'gc>(message: impl Into<std::borrow::Cow<'static, str>>) -> Error<'gc> {
    Error::new(&exc::TYPE_ERROR, message)
}

#[cold]
pub(crate) fn value_error<'gc>(message: impl Into<std::borrow::Cow<'static, str>>) -> Error<'gc> {
    Error::new(&exc::VALUE_ERROR, message)
}

/// The class that `__new__` or a class method was given.
pub(crate) fn given_class<'gc>(ctx: Context<'gc>, class: Value<'gc>) -> Result<'gc, Class<'gc>> {
    match class {
        Value::Class(class) => Ok(class),
        other => {
            let given = other.type_name(ctx);
            Err(type_error(format!("X is not a type object ({given})")))
        }
    }
}

/// Makes a native object. A class without room for native content comes from a mistaken `__new__`.
pub(crate) fn make<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    data: impl Any,
    values: &[Value<'gc>],
) -> Value<'gc> {
    Instance::native(ctx, class, Traced::with_values(ctx, data, values)).into()
}

/// How deep copies are made of values that consist of their Rust data, and of nothing else but None.
pub(crate) fn copied<'gc, T: Any + Clone>(
    ctx: Context<'gc>,
    content: Traced<'gc>,
) -> Option<Traced<'gc>> {
    let values: Vec<Value<'gc>> = (0..content.len()).filter_map(|at| content.get(at)).collect();
    if values.iter().any(|value| !value.is_none()) {
        return None;
    }
    let data = content.data::<T>().ok()?.clone();
    Some(Traced::with_values(ctx, data, &values))
}

/// Makes a native object of a class of this library, as it is in its module now.
pub(crate) fn make_named<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    data: impl Any,
    values: &[Value<'gc>],
) -> Result<'gc> {
    let class = given_class(ctx, ctx.import_from(module, name)?)?;
    Ok(make(ctx, class, data, values))
}

/// The native content of an object, if its Rust data is a `T`.
pub(crate) fn content<'gc, T: Any>(value: Value<'gc>) -> Option<Traced<'gc>> {
    match value {
        Value::Instance(instance) => instance.native_content().filter(|it| it.holds::<T>()),
        _ => None,
    }
}

/// A copy of the Rust data of an object, if that is a `T`.
pub(crate) fn data<T: Any + Clone>(value: Value<'_>) -> Option<T> {
    content::<T>(value)?.data::<T>().ok().map(|data| data.clone())
}

/// The Rust data of a method's receiver.
pub(crate) fn own<'gc, T: Any + Clone>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    name: &str,
) -> Result<'gc, T> {
    data(this).ok_or_else(|| wrong_receiver(ctx, this, name))
}

#[cold]
pub(crate) fn wrong_receiver<'gc>(ctx: Context<'gc>, this: Value<'gc>, name: &str) -> Error<'gc> {
    let found = this.type_name(ctx);
    type_error(format!("descriptor requires a '{name}' object but received a '{found}'"))
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
}

/// The value of a `__reduce__`: the class, its arguments, and what follows them.
pub(crate) fn reduced<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &[Value<'gc>],
    more: &[Value<'gc>],
) -> Value<'gc> {
    let first = [this.type_of(ctx).into(), tuple(ctx, args)];
    match more {
        [] => tuple(ctx, &first),
        _ => tuple(ctx, &[&first, more].concat()),
    }
}

/// An object's `__dict__` if it has one that is not empty, else None.
pub(crate) fn filled_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let dict = this.find_attr(ctx, ctx.names().dict)?.unwrap_or(Value::None);
    let empty = dict.as_dict().is_some_and(halfsour_runtime::Dict::is_empty);
    Ok(if empty { Value::None } else { dict })
}
