//! Short ways to objects, and the object that most tests are about.

use halfsour::{Complex, Context, List, Long, Result, Tuple, Value};

use crate::classes;

/// The protocols there are.
pub(crate) const PROTOCOLS: [i32; 3] = [0, 1, 2];

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
}

/// A built-in function or type.
pub(crate) fn builtin<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    ctx.import_from("__builtin__", name)
}

/// `len(object)`
pub(crate) fn length<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, usize> {
    builtin(ctx, "len")?.call(ctx, (object,))?.to(ctx)
}

/// A list of numbers of every size that opcodes distinguish, of a classic instance that is there four times, of strings
/// and tuples that are there twice.
pub(crate) fn create_data<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let instance = classes::new(ctx, "C")?;
    instance.set_attr(ctx, "foo", 1)?;
    instance.set_attr(ctx, "bar", 2)?;
    let zeros: [Value<'gc>; 4] = [
        Value::Int(0),
        Long::new(ctx, 1).into(),
        Value::Float(2.0),
        Complex::new(ctx, 3.0, 0.0).into(),
    ];
    let sizes = [0xff, 0xffff, 0x7fff_ffff];
    let around = [1, -1].into_iter().chain(sizes.into_iter().flat_map(|max| [max, -max, -max - 1]));
    let text = ctx.intern("abc").value();
    let pair = tuple(ctx, &[text, text, instance, instance]);
    let mut items = zeros.to_vec();
    items.extend(around.map(Value::Int));
    items.extend([pair, pair, Value::Int(5)]);
    Ok(list(ctx, &items))
}
