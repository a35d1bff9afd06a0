//! The built-in types.

use halfsour_runtime::{
    Builtin, ByteArray, Bytes, Class, ClassicClass, Complex, Context, Dialect, Dict, FrozenSet,
    Function, List, Method, Range, Result, Set, Slice, Tuple, Unicode, Value, exc,
};

use crate::common::{
    assert_equal, assert_is, assert_is_not, assert_raises, deep, installed, ints, item, list,
    shallow, tuple,
};
use crate::python;

fn atoms<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
    let mut atoms = vec![
        Value::None,
        Value::Int(42),
        Value::long(ctx, num_bigint::BigInt::from(1) << 100),
        Value::Float(3.25),
        Value::Bool(true),
        Value::Bool(false),
        Complex::new(ctx, 0.0, 1.0).into(),
        ctx.str("hello"),
        Unicode::new(ctx, "hello\u{1234}").into(),
        Class::builder(ctx, "NewStyle").build()?.into(),
        Range::new(ctx, 0, 10, 1).expect("the step is not 0").into(),
        Builtin::new(ctx, "max", |_, _| Ok(Value::None)).into(),
    ];
    if ctx.dialect() == Dialect::Python2 {
        atoms.push(ClassicClass::builder(ctx, "Classic").build()?.into());
    } else {
        atoms.extend([
            Value::NotImplemented,
            Value::Ellipsis,
            Bytes::new(ctx, b"world").into(),
            Value::property(ctx, Value::None, Value::None, Value::None),
        ]);
    }
    Ok(atoms)
}

#[test]
fn test_copy_atomic() {
    python(|ctx| {
        let mut atoms = atoms(ctx)?;
        atoms.push(Value::Ellipsis);
        if ctx.dialect() == Dialect::Python3 {
            atoms.push(Slice::new(ctx, Value::Int(1), Value::Int(10), Value::Int(2)).into());
        }
        for x in atoms {
            assert_is(shallow(ctx, x)?, x);
        }
        Ok(())
    });
}

#[test]
fn test_deepcopy_atomic() {
    python(|ctx| {
        for x in atoms(ctx)? {
            assert_is(deep(ctx, x)?, x);
        }
        Ok(())
    });
}

#[track_caller]
fn assert_new<'gc>(ctx: Context<'gc>, x: impl Into<Value<'gc>>) -> Result<'gc, ()> {
    let x = x.into();
    let y = shallow(ctx, x)?;
    assert_equal(ctx, y, x)?;
    assert_is_not(y, x);
    Ok(())
}

#[test]
fn test_copy_list() {
    python(|ctx| {
        assert_new(ctx, ints(ctx, &[1, 2, 3]))?;
        assert_new(ctx, List::new(ctx))
    });
}

#[test]
fn test_copy_tuple() {
    python(|ctx| {
        let (one, two) = (Value::Int(1), Value::Int(2));
        for x in [tuple(ctx, &[one, two]), tuple(ctx, &[]), tuple(ctx, &[one, two, list(ctx, &[])])]
        {
            assert_is(shallow(ctx, x)?, x);
        }
        Ok(())
    });
}

#[test]
fn test_copy_dict() {
    python(|ctx| {
        let x = Dict::new(ctx);
        x.insert(ctx, ctx.str("foo"), Value::Int(1))?;
        x.insert(ctx, ctx.str("bar"), Value::Int(2))?;
        assert_new(ctx, x)?;
        assert_new(ctx, Dict::new(ctx))
    });
}

#[test]
fn test_copy_set() {
    python(|ctx| {
        assert_new(ctx, Set::from_items(ctx, &[Value::Int(1), Value::Int(2)])?)?;
        assert_new(ctx, Set::new(ctx))
    });
}

#[test]
fn test_copy_frozenset() {
    python(|ctx| {
        for x in [FrozenSet::from_items(ctx, &[Value::Int(1)])?, FrozenSet::new(ctx)] {
            assert_is(shallow(ctx, x)?, x.into());
        }
        Ok(())
    });
}

#[test]
fn test_copy_bytearray() {
    python(|ctx| {
        assert_new(ctx, ByteArray::from_vec(ctx, b"abc".to_vec()))?;
        assert_new(ctx, ByteArray::from_vec(ctx, Vec::new()))
    });
}

#[test]
fn test_deepcopy_list() {
    python(|ctx| {
        let x = list(ctx, &[ints(ctx, &[1, 2]), Value::Int(3)]);
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(x, y);
        assert_is_not(item(x, 0), item(y, 0));
        Ok(())
    });
}

#[track_caller]
fn assert_endless<'gc>(ctx: Context<'gc>, a: Value<'gc>, b: Value<'gc>) {
    let outcome = match ctx.dialect() {
        Dialect::Python2 => a.compare(ctx, b).map(|order| order.is_eq()),
        _ => a.equals(ctx, b),
    };
    assert_raises(ctx, &exc::RUNTIME_ERROR, outcome);
}

#[test]
fn test_deepcopy_reflexive_list() {
    python(|ctx| {
        let x = List::new(ctx);
        x.push(ctx, x.into());
        let y = deep(ctx, x)?;
        assert_endless(ctx, y, x.into());
        assert_is_not(y, x.into());
        assert_is(item(y, 0), y);
        assert_eq!(y.to::<List<'_>>(ctx)?.len(), 1);
        Ok(())
    });
}

#[test]
fn test_deepcopy_tuple() {
    python(|ctx| {
        let x = tuple(ctx, &[ints(ctx, &[1, 2]), Value::Int(3)]);
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(x, y);
        assert_is_not(item(x, 0), item(y, 0));
        Ok(())
    });
}

#[test]
fn test_deepcopy_reflexive_tuple() {
    python(|ctx| {
        let inner = List::new(ctx);
        let x = Value::from(Tuple::new(ctx, &[inner.into()]));
        inner.push(ctx, x);
        let y = deep(ctx, x)?;
        assert_endless(ctx, y, x);
        assert_is_not(y, x);
        assert_is_not(item(y, 0), item(x, 0));
        assert_is(item(item(y, 0), 0), y);
        Ok(())
    });
}

#[test]
fn test_deepcopy_dict() {
    python(|ctx| {
        let (foo, bar) = (ctx.str("foo"), ctx.str("bar"));
        let x = Dict::new(ctx);
        x.insert(ctx, foo, ints(ctx, &[1, 2]))?;
        x.insert(ctx, bar, Value::Int(3))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x.into())?;
        assert_is_not(x.into(), y);
        let copied = y.to::<Dict<'_>>(ctx)?.get(ctx, foo)?.expect("foo was copied");
        assert!(x.get(ctx, foo)?.is_some_and(|value| !value.is(copied)));
        Ok(())
    });
}

#[test]
fn test_deepcopy_reflexive_dict() {
    python(|ctx| {
        let foo = ctx.str("foo");
        let x = Dict::new(ctx);
        x.insert(ctx, foo, x.into())?;
        let y = deep(ctx, x)?;
        assert_endless(ctx, y, x.into());
        assert_is_not(y, x.into());
        let copied = y.to::<Dict<'_>>(ctx)?;
        assert!(copied.get(ctx, foo)?.is_some_and(|value| value.is(y)));
        assert_eq!(copied.len(), 1);
        Ok(())
    });
}

fn functions<'gc>(ctx: Context<'gc>) -> Result<'gc, [Value<'gc>; 3]> {
    let module = ctx.new_module("test_copy")?;
    Ok([
        module.function(ctx, "global_foo", |_, _| Ok(Value::None))?.into(),
        Function::new(ctx, "foo", |_, _| Ok(Value::None)).into(),
        Function::new(ctx, "<lambda>", |_, _| Ok(Value::None)).into(),
    ])
}

#[test]
fn test_copy_function() {
    python(|ctx| {
        for function in functions(ctx)? {
            assert_is(shallow(ctx, function)?, function);
        }
        Ok(())
    });
}

#[test]
fn test_deepcopy_function() {
    python(|ctx| {
        for function in functions(ctx)? {
            assert_is(deep(ctx, function)?, function);
        }
        Ok(())
    });
}

/// A weak reference is an atom, alive or dead.
fn check_weakref(copy: for<'gc> fn(Context<'gc>, Value<'gc>) -> Result<'gc>) {
    let mut runtime = installed(crate::new_runtime());
    let reference = runtime
        .try_enter(|ctx| {
            let object = Value::from(Class::builder(ctx, "C").build()?).call(ctx, ())?;
            let reference = Value::from(ctx.types().weakref).call(ctx, (object,))?;
            assert_is(copy(ctx, reference)?, reference);
            assert_is(reference.call(ctx, ())?, object);
            Ok(ctx.stash(reference))
        })
        .expect("a living reference is copied");
    runtime.collect();
    runtime
        .try_enter(|ctx| {
            let reference = ctx.fetch(&reference);
            assert_is(reference.call(ctx, ())?, Value::None);
            assert_is(copy(ctx, reference)?, reference);
            Ok(())
        })
        .expect("a dead reference is copied");
}

#[test]
fn test_copy_weakref() {
    check_weakref(|ctx, object| shallow(ctx, object));
}

#[test]
fn test_deepcopy_weakref() {
    check_weakref(|ctx, object| deep(ctx, object));
}

#[test]
fn test_deepcopy_bound_method() {
    python(|ctx| {
        let class = Class::builder(ctx, "Foo").method("m", |_, _, _| Ok(Value::None)).build()?;
        let f = Value::from(class).call(ctx, ())?;
        f.set_attr(ctx, "b", f.get_attr(ctx, "m")?)?;
        let g = deep(ctx, f)?;
        let copied = g.get_attr(ctx, "b")?.to::<Method<'_>>(ctx)?;
        let own = g.get_attr(ctx, "m")?.to::<Method<'_>>(ctx)?;
        assert!(copied.receiver().is_some_and(|receiver| receiver.is(g)));
        assert_is(copied.function(), own.function());
        assert_is(copied.class(), class.into());
        Ok(())
    });
}
