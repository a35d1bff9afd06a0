//! Items, membership, length and truth, `isinstance` and `issubclass`.

use crate::support::*;

#[test]
fn items_are_read_set_and_deleted() {
    in_python2(|ctx| {
        let items = list(ctx, &[1.into(), 2.into(), 3.into()]);
        assert!(items.get_item(ctx, 0)?.is(1.into()));
        assert!(items.get_item(ctx, -1)?.is(3.into()));
        items.set_item(ctx, -1, "three")?;
        items.del_item(ctx, 0)?;
        assert!(items.equals(ctx, list(ctx, &[2.into(), ctx.str("three")]))?);
        assert!(tuple(ctx, &[1.into()]).get_item(ctx, 0)?.is(1.into()));
        let table = dict(ctx, &[(1.into(), 2.into())])?;
        table.set_item(ctx, "a", 5)?;
        assert!(table.get_item(ctx, 1.0)?.is(2.into()));
        table.del_item(ctx, "a")?;
        assert_eq!(table.len(ctx)?, 1);
        Ok(())
    });
}

#[test]
fn refusals_are_in_the_words_of_2_7() {
    in_python2(|ctx| {
        let items = list(ctx, &[1.into()]);
        check_error(ctx, items.get_item(ctx, 5), "IndexError: list index out of range");
        let message = "TypeError: list indices must be integers, not str";
        check_error(ctx, items.get_item(ctx, "a"), message);
        let message = "IndexError: list assignment index out of range";
        check_error(ctx, items.set_item(ctx, 5, 1), message);
        check_error(ctx, dict(ctx, &[])?.get_item(ctx, 0), "KeyError: 0");
        check_error(ctx, dict(ctx, &[])?.del_item(ctx, 0), "KeyError: 0");
        let message = "TypeError: 'int' object has no attribute '__getitem__'";
        check_error(ctx, Value::Int(5).get_item(ctx, 0), message);
        let message = "TypeError: 'set' object does not support indexing";
        check_error(ctx, set(ctx, &[])?.get_item(ctx, 0), message);
        let message = "TypeError: 'int' object does not support item assignment";
        check_error(ctx, Value::Int(5).set_item(ctx, 0, 1), message);
        let message = "TypeError: 'tuple' object does not support item assignment";
        check_error(ctx, tuple(ctx, &[]).set_item(ctx, 0, 1), message);
        let message = "TypeError: 'tuple' object doesn't support item deletion";
        check_error(ctx, tuple(ctx, &[]).del_item(ctx, 0), message);
        let message = "TypeError: 'int' object does not support item deletion";
        check_error(ctx, Value::Int(5).del_item(ctx, 0), message);
        let message = "TypeError: object of type 'int' has no len()";
        check_error(ctx, Value::Int(5).len(ctx), message);
        let message = "TypeError: argument of type 'int' is not iterable";
        check_error(ctx, Value::Int(5).contains(ctx, 1.into()), message);
        let message = "TypeError: 'float' object cannot be interpreted as an index";
        check_error(ctx, Value::Float(1.0).index(ctx), message);
        let class = ClassicClass::builder(ctx, "C").build()?;
        let c = Value::from(class).call(ctx, ())?;
        let message = "AttributeError: C instance has no attribute '__getitem__'";
        check_error(ctx, c.get_item(ctx, 0), message);
        let message = "AttributeError: C instance has no attribute '__delitem__'";
        check_error(ctx, c.del_item(ctx, 0), message);
        check_error(ctx, c.len(ctx), "AttributeError: C instance has no attribute '__len__'");
        let message = "TypeError: argument of type 'instance' is not iterable";
        check_error(ctx, c.contains(ctx, 1.into()), message);
        let object = Value::from(Instance::bare(ctx, Class::builder(ctx, "O").build()?));
        let message = "TypeError: 'O' object does not support indexing";
        check_error(ctx, object.get_item(ctx, 0), message);
        Ok(())
    });
}

#[test]
fn membership_and_truth() {
    in_python2(|ctx| {
        let nan = Value::Float(f64::NAN);
        assert!(list(ctx, &[1.into(), nan]).contains(ctx, nan)?);
        assert!(tuple(ctx, &[1.into()]).contains(ctx, true.into())?);
        assert!(!tuple(ctx, &[1.into()]).contains(ctx, ctx.str("1"))?);
        assert!(dict(ctx, &[(1.into(), 2.into())])?.contains(ctx, 1.into())?);
        let class = Class::builder(ctx, "Digits")
            .method("__getitem__", |ctx, _, args| {
                let (index,): (i64,) = args.parse(ctx, "__getitem__")?;
                if index > 9 {
                    Err(halfsour_runtime::Error::bare(&exc::INDEX_ERROR))
                } else {
                    Ok(index.into())
                }
            })
            .build()?;
        let digits = Value::from(Instance::bare(ctx, class));
        assert!(digits.contains(ctx, 9.into())?);
        assert!(!digits.contains(ctx, 10.into())?);
        let falsy = [
            Value::None,
            false.into(),
            0.into(),
            long(ctx, 0),
            0.0.into(),
            complex(ctx, 0.0, 0.0),
            ctx.str(""),
            tuple(ctx, &[]),
            list(ctx, &[]),
            dict(ctx, &[])?,
            frozenset(ctx, &[])?,
        ];
        for value in falsy {
            assert!(!value.truth(ctx)?, "{value:?}");
        }
        for value in [nan, 1.into(), ctx.str("0"), Value::Ellipsis, list(ctx, &[Value::None])] {
            assert!(value.truth(ctx)?, "{value:?}");
        }
        Ok(())
    });
}

#[test]
fn truth_asks_nonzero_and_len() {
    in_python2(|ctx| {
        let check = |name: &'static str, code: fn() -> Value<'static>| {
            let class =
                Class::builder(ctx, "L").method(name, move |_, _, _| Ok(as_any(code()))).build()?;
            Value::from(Instance::bare(ctx, class)).truth(ctx)
        };
        assert!(!check("__nonzero__", || Value::Bool(false))?);
        assert!(check("__nonzero__", || Value::Int(-1))?);
        assert!(!check("__len__", || Value::Int(0))?);
        let message = "ValueError: __len__() should return >= 0";
        check_error(ctx, check("__len__", || Value::Int(-1)), message);
        check_error(ctx, check("__len__", || Value::None), "TypeError: an integer is required");
        let message = "TypeError: __nonzero__ should return bool or int, returned NoneType";
        check_error(ctx, check("__nonzero__", || Value::None), message);
        let classic = |name: &'static str, code: fn() -> Value<'static>| {
            let class = ClassicClass::builder(ctx, "L")
                .method(name, move |_, _, _| Ok(as_any(code())))
                .build()?;
            Value::from(class).call(ctx, ())?.truth(ctx)
        };
        let message = "TypeError: __nonzero__ should return an int";
        check_error(ctx, classic("__nonzero__", || Value::None), message);
        check_error(ctx, classic("__len__", || Value::None), message);
        let message = "ValueError: __nonzero__ should return >= 0";
        check_error(ctx, classic("__len__", || Value::Int(-1)), message);
        Ok(())
    });
}

/// An inline value, in any heap.
fn as_any<'gc>(value: Value<'_>) -> Value<'gc> {
    match value {
        Value::Bool(it) => it.into(),
        Value::Int(it) => it.into(),
        _ => Value::None,
    }
}

#[test]
fn instances_and_subclasses() {
    in_python2(|ctx| {
        let types = ctx.types();
        assert!(Value::Bool(true).is_instance(ctx, types.int)?);
        assert!(!Value::Int(1).is_instance(ctx, types.bool)?);
        let either = tuple(ctx, &[types.list.into(), tuple(ctx, &[types.int.into()])]);
        assert!(Value::Int(1).is_instance(ctx, either)?);
        assert!(!Value::Int(1).is_instance(ctx, tuple(ctx, &[]))?);
        assert!(Value::from(types.bool).is_subclass(ctx, types.int)?);
        assert!(!Value::from(types.int).is_subclass(ctx, types.bool)?);
        let base = ClassicClass::builder(ctx, "Base").build()?;
        let derived = ClassicClass::builder(ctx, "Derived").base(base).build()?;
        let instance = Value::from(derived).call(ctx, ())?;
        assert!(instance.is_instance(ctx, base)?);
        assert!(instance.is_instance(ctx, types.object)?);
        assert!(!instance.is_instance(ctx, types.int)?);
        assert!(Value::from(derived).is_subclass(ctx, base)?);
        assert!(!Value::from(derived).is_subclass(ctx, types.object)?);
        let message =
            "TypeError: isinstance() arg 2 must be a class, type, or tuple of classes and types";
        check_error(ctx, instance.is_instance(ctx, 5), message);
        let message = "TypeError: issubclass() arg 1 must be a class";
        check_error(ctx, Value::Int(1).is_subclass(ctx, types.int), message);
        let message = "TypeError: issubclass() arg 2 must be a class or tuple of classes";
        check_error(ctx, Value::from(base).is_subclass(ctx, 1), message);
        let nested = (0..2000).fold(tuple(ctx, &[]), |inner, _| tuple(ctx, &[inner]));
        let message = "RuntimeError: maximum recursion depth exceeded in __instancecheck__";
        check_error(ctx, Value::Int(1).is_instance(ctx, nested), message);
        Ok(())
    });
}

#[test]
fn a_metaclass_decides_about_its_instances() {
    in_python2(|ctx| {
        let metaclass = Class::builder(ctx, "Meta")
            .base(ctx.types().type_)
            .method("__instancecheck__", |ctx, _, args| {
                let (object,): (Value<'_>,) = args.parse(ctx, "__instancecheck__")?;
                Ok(object.is(7.into()).into())
            })
            .method("__subclasscheck__", |_, _, _| Ok(true.into()))
            .build()?;
        let seven = Class::builder(ctx, "Seven").metaclass(metaclass).build()?;
        assert!(Value::Int(7).is_instance(ctx, seven)?);
        assert!(!Value::Int(8).is_instance(ctx, seven)?);
        assert!(Value::Int(8).is_subclass(ctx, seven)?);
        Ok(())
    });
}
