//! What `__reduce__` returns.

use halfsour_runtime::{Class, ClassBuilder, Context, Error, Result, Tuple, Value, exc};

use crate::common::{
    assert_equal, assert_is, assert_is_not, assert_raises, deep, ints, item, list, shallow,
};
use crate::python;

#[test]
fn test_reconstruct_string() {
    python(|ctx| {
        let class =
            Class::builder(ctx, "C").method("__reduce__", |ctx, _, _| Ok(ctx.str(""))).build()?;
        let x = Value::from(class).call(ctx, ())?;
        assert_is(shallow(ctx, x)?, x);
        assert_is(deep(ctx, x)?, x);
        Ok(())
    });
}

/// `return (C, ()) + more`.
fn reduced<'gc>(ctx: Context<'gc>, object: Value<'gc>, more: &[Value<'gc>]) -> Result<'gc> {
    let mut parts = vec![object.get_attr(ctx, "__class__")?, Tuple::new(ctx, &[]).into()];
    parts.extend(more);
    Ok(Tuple::from_vec(ctx, parts).into())
}

#[test]
fn test_reconstruct_nostate() {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .method("__reduce__", |ctx, this, _| reduced(ctx, this, &[]))
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        x.set_attr(ctx, "foo", 42)?;
        for y in [shallow(ctx, x)?, deep(ctx, x)?] {
            assert_is(y.get_attr(ctx, "__class__")?, class.into());
            assert!(y.find_attr(ctx, "foo")?.is_none());
        }
        Ok(())
    });
}

fn check_state(hooks: for<'gc> fn(ClassBuilder<'gc>) -> ClassBuilder<'gc>) {
    python(|ctx| {
        let class = hooks(Class::builder(ctx, "C"))
            .method("__reduce__", |ctx, this, _| {
                reduced(ctx, this, &[this.get_attr(ctx, "__dict__")?])
            })
            .method("__eq__", |ctx, this, args| {
                let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
                let own = this.get_attr(ctx, "__dict__")?;
                Ok(Value::Bool(own.equals(ctx, other.get_attr(ctx, "__dict__")?)?))
            })
            .attr("__hash__", Value::None)
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        x.set_attr(ctx, "foo", ints(ctx, &[42]))?;
        assert_equal(ctx, shallow(ctx, x)?, x)?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(y.get_attr(ctx, "foo")?, x.get_attr(ctx, "foo")?);
        Ok(())
    });
}

#[test]
fn test_reconstruct_state() {
    check_state(|class| class);
}

#[test]
fn test_reconstruct_state_setstate() {
    check_state(|class| {
        class.method("__setstate__", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            this.get_attr(ctx, "__dict__")?.call_method(ctx, "update", (state,))
        })
    });
}

#[test]
fn test_reconstruct_reflexive() {
    python(|ctx| {
        let class = Class::builder(ctx, "C").build()?;
        let x = Value::from(class).call(ctx, ())?;
        x.set_attr(ctx, "foo", x)?;
        let y = deep(ctx, x)?;
        assert_is_not(y, x);
        assert_is(y.get_attr(ctx, "foo")?, y);
        Ok(())
    });
}

#[test]
fn test_reduce_4tuple() {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .base(ctx.types().list)
            .method("__reduce__", |ctx, this, _| {
                let items = this.iter(ctx)?.into_object(ctx);
                reduced(ctx, this, &[this.get_attr(ctx, "__dict__")?, items])
            })
            .attr("__hash__", Value::None)
            .build()?;
        let items = list(ctx, &[ints(ctx, &[1, 2]), Value::Int(3)]);
        let x = Value::from(class).call(ctx, (items,))?;
        let y = shallow(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_is_not(x, y);
        assert_is(item(x, 0), item(y, 0));
        let y = deep(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_is_not(x, y);
        assert_is_not(item(x, 0), item(y, 0));
        Ok(())
    });
}

fn foo_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    object.call_method(ctx, "get", ("foo",))
}

#[test]
fn test_reduce_5tuple() {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .base(ctx.types().dict)
            .method("__reduce__", |ctx, this, _| {
                let items = ctx.dialect().pick("iteritems", "items");
                let items = this.call_method(ctx, items, ())?.iter(ctx)?.into_object(ctx);
                reduced(ctx, this, &[this.get_attr(ctx, "__dict__")?, Value::None, items])
            })
            .attr("__hash__", Value::None)
            .build()?;
        let foo = list(ctx, &[ctx.str("foo"), ints(ctx, &[1, 2])]);
        let bar = list(ctx, &[ctx.str("bar"), Value::Int(3)]);
        let x = Value::from(class).call(ctx, (list(ctx, &[foo, bar]),))?;
        let y = shallow(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_is_not(x, y);
        assert_is(foo_of(ctx, x)?, foo_of(ctx, y)?);
        let y = deep(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_is_not(x, y);
        assert_is_not(foo_of(ctx, x)?, foo_of(ctx, y)?);
        Ok(())
    });
}

#[test]
fn test_getstate_exc() {
    python(|ctx| {
        let class = Class::builder(ctx, "EvilState")
            .method("__getstate__", |_, _, _| {
                Err(Error::new(&exc::VALUE_ERROR, "ain't got no stickin' state"))
            })
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        let message = assert_raises(ctx, &exc::VALUE_ERROR, shallow(ctx, x));
        assert_eq!(message, "ain't got no stickin' state");
        Ok(())
    });
}
