//! `super`: how it is made, and its attributes.

use gc_arena::Gc;

use crate::args::Args;
use crate::class::Class;
use crate::context::Context;
use crate::convert::expected;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::instance::{Instance, Payload};
use crate::super_object::{Super, View};
use crate::value::Value;

use super::arguments::refuse_keywords;
use super::define::Define;

pub(super) fn install(ctx: Context<'_>) {
    Define::new(ctx, ctx.types().super_)
        .new_with(|ctx, class, _| Ok(instance(ctx, class, None)))
        .special("__init__", init)
        .special("__get__", get)
        .member("__thisclass__", |ctx, this| {
            Ok(view(ctx, this)?.map_or(Value::None, |view| view.class.into()))
        })
        .member("__self__", |ctx, this| {
            Ok(view(ctx, this)?.and_then(|view| view.object).unwrap_or(Value::None))
        })
        .member("__self_class__", |ctx, this| {
            let class = view(ctx, this)?.and_then(|view| view.object_class);
            Ok(class.map_or(Value::None, Into::into))
        });
}

fn instance<'gc>(ctx: Context<'gc>, class: Class<'gc>, view: Option<View<'gc>>) -> Value<'gc> {
    Instance::with_payload(ctx, class, Payload::Super(Super::new(ctx, view))).into()
}

/// `super(C)`, `super(C, object)`, `super(C, D)`. Python 3's `super()` needs an interpreter's frames.
fn init<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    refuse_keywords(ctx, &args, "super")?;
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let (start, object) = match (args.positional(), ctx.dialect()) {
        (&[start], _) => (start, None),
        (&[start, object], _) => (start, Some(object).filter(|it| !it.is_none())),
        ([], Dialect::Python3) => {
            return Err(Error::new(&exc::RUNTIME_ERROR, "super(): no arguments"));
        }
        ([], Dialect::Python2) => {
            return refuse("super() takes at least 1 argument (0 given)".to_owned());
        }
        (given, _) => {
            return refuse(format!("super() takes at most 2 arguments ({} given)", given.len()));
        }
    };
    let Value::Class(start) = start else {
        let wanted = ctx.dialect().pick("type", "a type");
        let got = start.type_name(ctx);
        return refuse(format!("super() argument 1 must be {wanted}, not {got}"));
    };
    let view = checked_view(ctx, start, object)?;
    Super::set_view(ctx, content(ctx, this)?, view);
    Ok(Value::None)
}

fn checked_view<'gc>(
    ctx: Context<'gc>,
    class: Class<'gc>,
    object: Option<Value<'gc>>,
) -> Result<'gc, View<'gc>> {
    let object_class = match object {
        Some(object) => Some(class_behind(ctx, class, object)?),
        None => None,
    };
    Ok(View { class, object, object_class })
}

/// The class in whose order is looked: the object itself, its type, or what it says is its class.
fn class_behind<'gc>(
    ctx: Context<'gc>,
    start: Class<'gc>,
    object: Value<'gc>,
) -> Result<'gc, Class<'gc>> {
    if let Value::Class(object) = object
        && object.is_subclass_of(start)
    {
        return Ok(object);
    }
    let class = object.type_of(ctx);
    if class.is_subclass_of(start) {
        return Ok(class);
    }
    if let Some(Value::Class(shown)) = object.find_attr(ctx, ctx.names().class)?
        && shown.is_subclass_of(start)
    {
        return Ok(shown);
    }
    let message = match ctx.dialect() {
        Dialect::Python2 => {
            "super(type, obj): obj must be an instance or subtype of type".to_owned()
        }
        Dialect::Python3 => {
            let got = object.type_name(ctx);
            let start = start.name();
            format!(
                "super(type, obj): obj (instance of {got}) is not an instance or subtype of type ({start})."
            )
        }
    };
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn content<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Gc<'gc, Super<'gc>>> {
    match this {
        Value::Instance(instance) => match instance.payload() {
            Payload::Super(content) => Ok(content),
            _ => Err(expected(ctx, "super", this)),
        },
        _ => Err(expected(ctx, "super", this)),
    }
}

fn view<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Option<View<'gc>>> {
    Ok(content(ctx, this)?.view())
}

/// An unbound `super(C)` kept in a class binds when it is looked up; one of a derived class is made by a call of that.
fn get<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let object = args.positional().first().copied().filter(|it| !it.is_none());
    let (Some(object), Some(own)) = (object, view(ctx, this)?) else {
        return Ok(this);
    };
    if own.object.is_some() {
        return Ok(this);
    }
    let class = this.type_of(ctx);
    if class.is_heap_type() {
        return Value::from(class).call(ctx, (own.class, object));
    }
    Ok(instance(ctx, class, Some(checked_view(ctx, own.class, Some(object))?)))
}
