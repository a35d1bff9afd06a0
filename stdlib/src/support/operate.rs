//! Binary operators between any two objects.

use halfsour_runtime::{Context, Result, Value};

use super::type_error;

/// `left OPERATOR right`, where the operator is named by its special method: asks the left operand, then the right one.
pub(crate) fn operate<'gc>(
    ctx: Context<'gc>,
    left: Value<'gc>,
    method: &str,
    right: Value<'gc>,
) -> Result<'gc> {
    let reflected = method.replacen("__", "__r", 1);
    for (object, method, operand) in [(left, method, right), (right, &reflected, left)] {
        if let Some(hook) = object.special(ctx, ctx.intern(method))? {
            let made = hook.call(ctx, (operand,))?;
            if !matches!(made, Value::NotImplemented) {
                return Ok(made);
            }
        }
    }
    let (shown, left, right) = (symbol(method), left.type_name(ctx), right.type_name(ctx));
    Err(type_error(format!("unsupported operand type(s) for {shown}: '{left}' and '{right}'")))
}

fn symbol(method: &str) -> &'static str {
    match method {
        "__add__" => "+",
        "__sub__" => "-",
        "__mul__" => "*",
        "__truediv__" | "__div__" => "/",
        "__floordiv__" => "//",
        "__mod__" => "%",
        _ => "the operator",
    }
}
