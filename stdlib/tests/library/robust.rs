//! No method of a class of the library panics, whatever it is called with.

use halfsour_runtime::{
    Args, Context, Dialect, List, Long, Result, Runtime, Slice, Tuple, Unicode, Value,
};
use num_bigint::BigInt;

use crate::prepare;

/// Constructors of both dialects, and those that only Python 3 has.
const CLASSES: &[(&str, &str)] = &[
    ("array", "array"),
    ("collections", "Counter"),
    ("collections", "OrderedDict"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("collections", "namedtuple"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "tzinfo"),
    ("decimal", "Decimal"),
    ("fractions", "Fraction"),
    ("functools", "partial"),
    ("random", "Random"),
    ("re", "compile"),
    ("time", "struct_time"),
    ("uuid", "UUID"),
];
const CLASSES_OF_3: &[(&str, &str)] = &[
    ("collections", "ChainMap"),
    ("collections", "UserDict"),
    ("collections", "UserList"),
    ("collections", "UserString"),
    ("datetime", "timezone"),
    ("ipaddress", "IPv4Address"),
    ("ipaddress", "IPv4Interface"),
    ("ipaddress", "IPv4Network"),
    ("ipaddress", "IPv6Address"),
    ("ipaddress", "IPv6Interface"),
    ("ipaddress", "IPv6Network"),
    ("pathlib", "PurePosixPath"),
    ("pathlib", "PureWindowsPath"),
    ("re", "RegexFlag"),
    ("uuid", "SafeUUID"),
];

fn classes(ctx: Context<'_>) -> Vec<(&'static str, &'static str)> {
    let of_3 = if ctx.dialect() == Dialect::Python3 { CLASSES_OF_3 } else { &[] };
    CLASSES.iter().chain(of_3).copied().collect()
}

/// Arguments that one class or another makes an object of.
fn fitting<'gc>(ctx: Context<'gc>) -> Vec<Vec<Value<'gc>>> {
    let text = |text: &str| ctx.str(text);
    let int = Value::Int;
    let delta = ctx.import_from("datetime", "timedelta").and_then(|it| it.call(ctx, (0, 60)));
    let sequence: Vec<Value<'gc>> = (1..10).map(Value::Int).collect();
    vec![
        vec![],
        vec![Value::None],
        vec![int(1)],
        vec![int(2012), int(3), int(4)],
        vec![text("d"), List::from_vec(ctx, vec![int(1), Value::Float(2.5)]).into()],
        vec![text("u"), Unicode::new(ctx, "ab").into()],
        vec![text("P"), text("x y")],
        vec![text("1.5")],
        vec![text("-Infinity")],
        vec![text("sNaN5")],
        vec![text("(?i)a[]b]\\")],
        vec![text("10.0.0.0/30")],
        vec![text("fe80::/126")],
        vec![text("a/b.c")],
        vec![text("12345678123456781234567812345678")],
        vec![List::from_vec(ctx, vec![]).into(), int(0)],
        vec![Tuple::from_vec(ctx, sequence).into()],
        vec![ctx.types().int.into(), text("7")],
        vec![delta.unwrap_or(Value::None)],
    ]
}

/// Arguments that a careful method refuses.
fn odd<'gc>(ctx: Context<'gc>) -> Vec<Value<'gc>> {
    vec![
        Value::None,
        Value::Int(i64::MAX),
        Value::Int(i64::MIN),
        Value::Float(f64::NAN),
        Value::Float(-1e300),
        Long::new(ctx, BigInt::from(-1) << 200).into(),
        ctx.str(""),
        ctx.str(":"),
        ctx.str("1E+999999999999999999"),
        Unicode::from_code_points(ctx, [0xD800, 0x1F600]).map_or(Value::None, Value::from),
        Tuple::new(ctx, &[Value::Int(3), Value::None]).into(),
        List::from_vec(ctx, vec![Value::Int(300), Value::None]).into(),
        Slice::new(ctx, Value::Int(i64::MAX), Value::None, Value::Int(i64::MIN)).into(),
    ]
}

fn object<'gc>(
    ctx: Context<'gc>,
    (module, name): (&str, &str),
    arguments: usize,
) -> Result<'gc, Value<'gc>> {
    let arguments = fitting(ctx).swap_remove(arguments);
    ctx.import_from(module, name)?.call(ctx, arguments.as_slice())
}

/// Calls every method of an object with none, one and two odd arguments.
fn call_methods<'gc>(
    ctx: Context<'gc>,
    class: (&str, &str),
    arguments: usize,
) -> Result<'gc, usize> {
    let Ok(first_made) = object(ctx, class, arguments) else { return Ok(0) };
    let builtins = ctx.import(ctx.dialect().builtins_module())?;
    let names = builtins.call_method(ctx, "dir", (first_made,))?.iter(ctx)?.collect_vec(ctx)?;
    let all = odd(ctx);
    let mut calls = 0;
    for name in names {
        let name = name.to::<String>(ctx)?;
        let owner = first_made.type_of(ctx).lookup_owner(ctx, &name);
        if owner.is_some_and(|owner| owner.is(ctx.types().object.into())) {
            continue;
        }
        let firsts = all.iter().step_by(5);
        let pairs = firsts.flat_map(|a| all.iter().step_by(7).map(move |b| vec![*a, *b]));
        let given = std::iter::once(Vec::new()).chain(all.iter().map(|a| vec![*a])).chain(pairs);
        for args in given {
            let object = object(ctx, class, arguments)?;
            // An exception is an answer; only a panic is not.
            let method = object.get_attr(ctx, &name);
            let made = method.and_then(|method| method.call(ctx, Args::new(&args)));
            let _ = made.and_then(|made| made.repr(ctx));
            let _ = object.repr(ctx).and_then(|_| object.hash(ctx));
            calls += 1;
        }
    }
    Ok(calls)
}

/// How many objects of a class are tried.
const MOST_OBJECTS: usize = 4;

fn check(mut runtime: Runtime) {
    let (classes, kinds) = runtime
        .try_enter(|ctx| {
            prepare(ctx)?;
            Ok((classes(ctx), fitting(ctx).len()))
        })
        .expect("the modules are installed");
    let mut calls = 0;
    for class in classes {
        let counts = (0..kinds).map(|arguments| {
            runtime
                .try_enter(|ctx| call_methods(ctx, class, arguments))
                .expect("what a method raises is caught")
        });
        // A few objects of each class are enough.
        let own: usize = counts.filter(|count| *count > 0).take(MOST_OBJECTS).sum();
        assert!(own > 0, "no arguments suit {class:?}");
        calls += own;
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
