//! Text of objects, for messages and for `repr`.

use halfsour_runtime::{Context, Result, Value};

/// `repr(x)` as text.
pub(crate) fn repr<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    Ok(text(value.repr(ctx)?))
}

/// `str(x)` as text.
pub(crate) fn shown<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    Ok(text(value.str(ctx)?))
}

/// The text of a string of either type; anything else is empty.
pub(crate) fn text(value: Value<'_>) -> String {
    match value.content() {
        Value::Bytes(text) => text.to_string_lossy().into_owned(),
        Value::Unicode(text) => text.to_string_lossy().into_owned(),
        _ => String::new(),
    }
}

/// `type(x).__name__`.
pub(crate) fn class_name<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> String {
    value.type_of(ctx).name()
}

/// The `repr` that `show` makes; `inside` stands for the object inside itself.
pub(crate) fn show_once<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    inside: &str,
    show: impl FnOnce() -> Result<'gc, String>,
) -> Result<'gc> {
    let text = this.shown_once(ctx, show).unwrap_or_else(|| Ok(inside.to_owned()))?;
    Ok(ctx.str(&text))
}
