//! No method of a built-in type panics, whatever it is called with.

use halfsour_runtime::{
    Args, ByteArray, Bytes, Context, Dict, FrozenSet, List, Long, Range, Result, Runtime, Set,
    Slice, Tuple, Unicode, Value,
};
use num_bigint::BigInt;

/// Objects of every built-in type, made anew for each call: methods may change them.
fn objects<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let items = [Value::Int(1), Value::Int(2), ctx.str("a")];
    let dict = Dict::new(ctx);
    dict.insert(ctx, Value::Int(1), Value::None)?;
    let list = Value::from(List::from_vec(ctx, items.to_vec()));
    let file = ctx.new_file("f", "r+", std::io::Cursor::new(b"a\nb".to_vec()));
    let mut objects = vec![
        Value::None,
        Value::Bool(true),
        Value::Int(3),
        Value::Float(-1.5),
        Long::new(ctx, BigInt::from(1) << 70).into(),
        Bytes::new(ctx, b"a\tB\nc\xFF").into(),
        Unicode::from_code_points(ctx, [0x61, 0x09, 0xD800, 0x1_2345])
            .map_or(Value::None, Value::from),
        ByteArray::from_vec(ctx, b"a\tb\nc".to_vec()).into(),
        Tuple::new(ctx, &items).into(),
        list,
        dict.into(),
        Set::from_items(ctx, &items)?.into(),
        FrozenSet::from_items(ctx, &items)?.into(),
        Range::new(ctx, 0, i64::MAX, i64::MAX - 1).map_or(Value::None, Value::from),
        Range::new(ctx, i64::MAX, i64::MIN, i64::MIN).map_or(Value::None, Value::from),
        Slice::new(ctx, Value::Int(i64::MIN), Value::Int(i64::MAX), Value::Int(i64::MIN)).into(),
        ctx.memoryview(Bytes::new(ctx, b"abc").into())?.into(),
        file.into(),
        list.iter(ctx)?.into_object(ctx),
    ];
    if ctx.dialect() == halfsour_runtime::Dialect::Python2 {
        for view in ["viewkeys", "viewvalues", "viewitems", "iteritems"] {
            objects.push(Value::from(dict).call_method(ctx, view, ())?);
        }
        objects.push(ctx.import_from("cStringIO", "StringIO")?.call(ctx, ())?);
        objects.push(ctx.import_from("StringIO", "StringIO")?.call(ctx, ("ab",))?);
    }
    objects.push(ctx.import_from("io", "BytesIO")?.call(ctx, ())?);
    objects.push(ctx.import_from("io", "StringIO")?.call(ctx, ())?);
    Ok(objects)
}

/// Arguments that a careful method refuses.
fn odd_arguments<'gc>(ctx: Context<'gc>) -> Vec<Value<'gc>> {
    vec![
        Value::None,
        Value::Int(-1),
        Value::Int(i64::MAX),
        Value::Int(i64::MIN),
        Value::Float(f64::NAN),
        Long::new(ctx, BigInt::from(-1) << 70).into(),
        ctx.str(""),
        ctx.str("a"),
        Unicode::from_code_points(ctx, [0xD800]).map_or(Value::None, Value::from),
        Tuple::new(ctx, &[]).into(),
        List::from_vec(ctx, vec![Value::Int(300), Value::None]).into(),
        Slice::new(ctx, Value::Int(i64::MAX), Value::None, Value::Int(i64::MIN)).into(),
    ]
}

/// Calls every method of the object at an index with odd arguments, up to two.
fn call_methods(ctx: Context<'_>, index: usize) -> Result<'_, usize> {
    let object = objects(ctx)?[index];
    let builtins = ctx.import(ctx.dialect().builtins_module())?;
    let names = builtins.call_method(ctx, "dir", (object,))?.iter(ctx)?.collect_vec(ctx)?;
    let mut calls = 0;
    for name in names {
        let name = name.to::<String>(ctx)?;
        for count in 0..3 {
            for first in 0..odd_arguments(ctx).len() {
                for second in (0..odd_arguments(ctx).len()).step_by(3) {
                    if count < 2 && second > 0 || count < 1 && first > 0 {
                        continue;
                    }
                    let object = objects(ctx)?[index];
                    let odd = odd_arguments(ctx);
                    let args = Args::new(&[odd[first], odd[second]][..count]);
                    // An exception is an answer; only a panic is not.
                    let made = object.get_attr(ctx, &name).and_then(|it| it.call(ctx, args));
                    let _ = made.and_then(|made| made.repr(ctx));
                    calls += 1;
                }
            }
        }
    }
    Ok(calls)
}

fn check(mut runtime: Runtime) {
    let count = runtime.try_enter(|ctx| Ok(objects(ctx)?.len())).expect("the objects are made");
    let mut calls = 0;
    for index in 0..count {
        calls += runtime
            .try_enter(|ctx| call_methods(ctx, index))
            .expect("what a method raises is caught");
    }
    assert!(calls > 10_000, "only {calls} calls");
}

#[test]
fn no_method_panics() {
    check(Runtime::python2());
}

#[test]
fn no_method_panics_in_python3() {
    check(Runtime::python3());
}
