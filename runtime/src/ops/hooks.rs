//! Which code answers for an operator: a class's own special method, or what the built-in content does.

use crate::context::Context;
use crate::descriptor;
use crate::error::Result;
use crate::instance::Payload;
use crate::name::Name;
use crate::value::Value;

/// Returns the special method that a program, or another crate, gave the object's class, bound.
///
/// `None` means that the operator works on the built-in content: there is no such method, or it is the one of the
/// built-in type itself, which would only come back here.
pub(crate) fn own_hook<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: Name<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    let class = match object {
        Value::ClassicInstance(_) => return object.find_attr(ctx, name),
        Value::Instance(instance) => instance.class(),
        Value::Class(class) => class.metaclass(),
        _ => return Ok(None),
    };
    match class.lookup(ctx, name) {
        Some(found) if !is_content_operation(ctx, object, found, name) => {
            descriptor::get(ctx, found, Some(object), class.into()).map(Some)
        }
        _ => Ok(None),
    }
}

/// Whether an attribute is the special method of this name of a built-in data type, of `object` or of `type`.
fn is_content_operation<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    attribute: Value<'gc>,
    name: Name<'gc>,
) -> bool {
    let Value::Instance(attribute) = attribute else {
        return false;
    };
    let Payload::MethodDescriptor(method) = attribute.payload() else {
        return false;
    };
    if !method.name.is(name) {
        return false;
    }
    match object.content() {
        Value::Instance(_) => method.class.is(ctx.types().object),
        _ => true,
    }
}

/// Returns whether the object's class may have special methods of its own at all.
pub(crate) fn may_have_hooks(object: Value<'_>) -> bool {
    match object {
        Value::Instance(_) | Value::ClassicInstance(_) => true,
        Value::Class(class) => class.metaclass().is_heap_type(),
        _ => false,
    }
}
