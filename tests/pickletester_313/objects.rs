//! Short ways to objects, and the object that most tests are about.

use halfsour::{
    Bytes, Class, ClassBuilder, Complex, Context, Dict, Function, List, Result, Tuple, Value,
};

use crate::assertions::{assert_equal, assert_is};
use crate::classes;

/// The protocols there are.
pub(crate) const PROTOCOLS: [i32; 6] = [0, 1, 2, 3, 4, 5];

pub(crate) fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

pub(crate) fn tuple<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    Tuple::new(ctx, items).into()
}

pub(crate) fn dict<'gc>(ctx: Context<'gc>, items: &[(Value<'gc>, Value<'gc>)]) -> Result<'gc> {
    let dict = Dict::new(ctx);
    for &(key, value) in items {
        dict.insert(ctx, key, value)?;
    }
    Ok(dict.into())
}

pub(crate) fn bytes<'gc>(ctx: Context<'gc>, bytes: impl AsRef<[u8]>) -> Value<'gc> {
    Bytes::new(ctx, bytes.as_ref()).into()
}

/// A function that Python code might have defined in a module.
pub(crate) fn function<'gc>(
    ctx: Context<'gc>,
    name: &str,
    code: impl for<'a> Fn(Context<'a>, halfsour::Args<'a>) -> Result<'a> + 'static,
) -> Value<'gc> {
    Function::new(ctx, name, code).into()
}

/// A built-in function or type.
pub(crate) fn builtin<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc> {
    ctx.import_from("builtins", name)
}

/// `len(object)`
pub(crate) fn length<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, usize> {
    builtin(ctx, "len")?.call(ctx, (object,))?.to(ctx)
}

/// `list(object)`
pub(crate) fn items<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    object.iter(ctx)?.collect_vec(ctx)
}

/// `io.BytesIO(content)`
pub(crate) fn bytes_io<'gc>(ctx: Context<'gc>, content: &[u8]) -> Result<'gc> {
    ctx.import_from("io", "BytesIO")?.call(ctx, (bytes(ctx, content),))
}

/// What is in a file in memory.
pub(crate) fn content<'gc>(ctx: Context<'gc>, file: Value<'gc>) -> Result<'gc, Vec<u8>> {
    let content = file.call_method(ctx, "getvalue", ())?;
    Ok(content.as_bytes().expect("a file holds bytes").as_slice().to_vec())
}

/// The definition of a subclass of a class of the module under test.
pub(crate) fn derived<'gc>(ctx: Context<'gc>, base: &str) -> Result<'gc, ClassBuilder<'gc>> {
    let base: Class<'gc> = ctx.import_from("pickle", base)?.to(ctx)?;
    Ok(Class::builder(ctx, "Derived").module("__main__").base(base))
}

/// Equal, of the same class, with equal attributes in a dict of its own.
#[track_caller]
pub(crate) fn assert_copy<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    copy: Value<'gc>,
) -> Result<'gc, ()> {
    assert_equal(ctx, object, copy)?;
    assert_is(ctx, object.type_of(ctx).into(), copy.type_of(ctx).into());
    let attributes = |object: Value<'gc>| object.find_attr(ctx, "__dict__");
    if let (Some(own), Some(others)) = (attributes(object)?, attributes(copy)?) {
        assert_equal(ctx, own, others)?;
        assert!(!own.is(others), "the copy shares its attributes");
    }
    Ok(())
}

/// A list of numbers of every size that opcodes distinguish, of an instance that is there four times, of strings and
/// tuples that are there twice.
pub(crate) fn create_data<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let instance = classes::new(ctx, "C")?;
    instance.set_attr(ctx, "foo", 1)?;
    instance.set_attr(ctx, "bar", 2)?;
    let mut items = vec![Value::Int(0), Value::Float(1.0), Complex::new(ctx, 3.0, 0.0).into()];
    let sizes = [0xff, 0xffff, 0x7fff_ffff];
    let around = [1, -1].into_iter().chain(sizes.into_iter().flat_map(|max| [max, -max, -max - 1]));
    items.extend(around.map(Value::Int));
    let text = ctx.intern("abc").value();
    let pair = tuple(ctx, &[text, text, instance, instance]);
    items.extend([pair, pair, Value::Int(5)]);
    Ok(list(ctx, &items))
}
