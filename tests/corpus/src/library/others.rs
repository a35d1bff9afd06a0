//! `decimal.Decimal`, `uuid.UUID`, `os.path.join`, `_codecs.encode`, and classes that are pickled by name alone.

use halfsour_runtime::{Class, ClassicClass, Context, Error, Instance, Result, Tuple, Value, exc};
use num_bigint::BigInt;

use super::type_error;

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    for (module, name) in
        [("UserDict", "UserDict"), ("Queue", "Queue"), ("ConfigParser", "ConfigParser")]
    {
        let class = ClassicClass::builder(ctx, name).module(module).build()?;
        ctx.new_module(module)?.class_named(ctx, class)?;
    }
    ctx.new_module("decimal")?.class_named(ctx, decimal(ctx)?)?;
    ctx.new_module("uuid")?.class_named(ctx, uuid(ctx)?)?;
    let encode = ctx.new_module("_codecs")?.builtin(ctx, "encode", |ctx, args| {
        let (text, encoding): (Value<'_>, Option<Value<'_>>) = args.parse(ctx, "encode")?;
        text.call_method(ctx, "encode", (encoding.unwrap_or_else(|| ctx.str("ascii")),))
    })?;
    ctx.new_module("codecs")?.set(ctx, "encode", encode)?;
    paths(ctx)
}

/// `os.path` is the module `posixpath` under another name.
fn paths<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let path = ctx.new_module("posixpath")?;
    path.function(ctx, "join", |ctx, args| {
        let mut joined = String::new();
        for part in args.positional() {
            let part: String = part.to(ctx)?;
            if part.starts_with('/') {
                joined.clear();
            } else if !joined.is_empty() && !joined.ends_with('/') {
                joined.push('/');
            }
            joined.push_str(&part);
        }
        Ok(ctx.str(&joined))
    })?;
    ctx.new_module("os")?.set(ctx, "path", path)?;
    ctx.modules().insert_name(ctx, ctx.intern("os.path"), path.into())
}

/// A decimal number as its text: no pickle of the corpora calculates with one.
fn decimal<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "Decimal")
        .module("decimal")
        .slots(&["_text"])
        .method("__new__", |ctx, class, args| {
            let (text,): (String,) = args.parse(ctx, "__new__")?;
            let Value::Class(class) = class else {
                return Err(type_error("Decimal needs a class"));
            };
            if !is_number(&text) {
                let message = format!("Invalid literal for Decimal: {text:?}");
                return Err(Error::new(&exc::VALUE_ERROR, message));
            }
            let this = Value::from(Instance::bare(ctx, class));
            this.set_attr(ctx, "_text", text)?;
            Ok(this)
        })
        .method("__str__", |ctx, this, _| this.get_attr(ctx, "_text"))
        .method("__reduce__", |ctx, this, _| {
            let args = Tuple::new(ctx, &[this.get_attr(ctx, "_text")?]);
            Ok(Tuple::new(ctx, &[this.type_of(ctx).into(), args.into()]).into())
        })
        .build()
}

/// A sign, digits with at most one point; no exponent, which `str()` would write another way.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let some = digits.contains(|c: char| c.is_ascii_digit());
    (all && some && digits.matches('.').count() <= 1) || ["Infinity", "NaN"].contains(&digits)
}

/// A UUID is an int in its `__dict__`.
fn uuid<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "UUID")
        .module("uuid")
        .method("__str__", |ctx, this, _| {
            let number: BigInt = this.get_attr(ctx, "int")?.to(ctx)?;
            let digits = format!("{number:032x}");
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            let last = digits.get(20..).unwrap_or_default();
            Ok(ctx.str(&[part(0, 8), part(8, 12), part(12, 16), part(16, 20), last].join("-")))
        })
        .method("__setattr__", |_, _, _| Err(type_error("UUID objects are immutable")))
        .build()
}
