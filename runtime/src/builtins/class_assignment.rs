//! `x.__class__ = C`: an object may change its class for one of the same layout.

use crate::class::{Class, Layout, same_layout};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::value::Value;

/// Sets `__class__` of a new-style object.
pub(super) fn set_class<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    value: Option<Value<'gc>>,
) -> Result<'gc, ()> {
    let refuse = |message: String| Err(Error::new(&exc::TYPE_ERROR, message));
    let Some(value) = value else {
        return refuse("can't delete __class__ attribute".to_owned());
    };
    let Value::Class(new) = value else {
        let wanted = ctx.dialect().pick("new-style class", "a class");
        let got = value.type_name(ctx);
        return refuse(format!("__class__ must be set to {wanted}, not '{got}' object"));
    };
    let old = this.type_of(ctx);
    let both_modules = new.layout() == Layout::Module && old.layout() == Layout::Module;
    if !(new.is_heap_type() && old.is_heap_type() || both_modules) {
        return refuse(
            ctx.dialect()
                .pick(
                    "__class__ assignment: only for heap types",
                    "__class__ assignment only supported for mutable types or ModuleType subclasses",
                )
                .to_owned(),
        );
    }
    if !same_layout(ctx, new, old) {
        // 2.7 names the old class first, Python 3 the new one.
        let (first, second) = ctx.dialect().pick((old, new), (new, old));
        return refuse(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            first.name(),
            second.name()
        ));
    }
    match this {
        Value::Instance(instance) => instance.set_class(ctx, new),
        Value::Module(module) => module.set_class(ctx, new),
        Value::Class(class) => {
            class.set_metaclass(ctx.mc, new);
            Class::changed(ctx);
        }
        _ => {}
    }
    Ok(())
}
