//! Slots, and subclasses of built-in types.

use halfsour_runtime::{Class, Context, List, Result, Value};

use crate::common::{
    assert_equal, assert_is, assert_is_not, assert_not_equal, deep, ints, item, list, shallow,
};
use crate::python;

fn with_slot<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let class = Class::builder(ctx, "C").slots(&["foo"]).build()?;
    let x = Value::from(class).call(ctx, ())?;
    x.set_attr(ctx, "foo", ints(ctx, &[42]))?;
    Ok(x)
}

#[test]
fn test_copy_slots() {
    python(|ctx| {
        let x = with_slot(ctx)?;
        let y = shallow(ctx, x)?;
        assert_is_not(x, y);
        assert_is(x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?);
        Ok(())
    });
}

#[test]
fn test_deepcopy_slots() {
    python(|ctx| {
        let x = with_slot(ctx)?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?)?;
        assert_is_not(x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?);
        Ok(())
    });
}

/// A dict that notes its keys, in `__init__` and `__setitem__`.
fn noting_dict<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "C")
        .base(ctx.types().dict)
        .method("__init__", |ctx, this, args| {
            let [given] = args.bind("__init__", ["d"], 0)?;
            let keys = match given {
                Some(given) => {
                    let keys = given.iter(ctx)?.collect_vec(ctx)?;
                    List::from_vec(ctx, keys).into()
                }
                None => Value::from(List::new(ctx)),
            };
            this.set_attr(ctx, "_keys", keys)?;
            let init = Value::from(ctx.types().dict).get_attr(ctx, "__init__")?;
            match given {
                Some(given) => init.call(ctx, (this, given)),
                None => init.call(ctx, (this,)),
            }
        })
        .method("__setitem__", |ctx, this, args| {
            let (key, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__setitem__")?;
            let set = Value::from(ctx.types().dict).get_attr(ctx, "__setitem__")?;
            set.call(ctx, (this, key, value))?;
            let keys = this.get_attr(ctx, "_keys")?.to::<List<'_>>(ctx)?;
            for known in keys.to_vec() {
                if known.equals(ctx, key)? {
                    return Ok(Value::None);
                }
            }
            keys.push(ctx, key);
            Ok(Value::None)
        })
        .build()
}

#[test]
fn test_deepcopy_dict_subclass() {
    python(|ctx| {
        let class = noting_dict(ctx)?;
        let given = halfsour_runtime::Dict::new(ctx);
        given.insert(ctx, ctx.str("foo"), Value::Int(0))?;
        let x = Value::from(class).call(ctx, (given,))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_equal(ctx, x.get_attr(ctx, "_keys")?, y.get_attr(ctx, "_keys")?)?;
        assert_is_not(x, y);
        x.call_method(ctx, "__setitem__", ("bar", 1))?;
        assert_not_equal(ctx, x, y)?;
        assert_not_equal(ctx, x.get_attr(ctx, "_keys")?, y.get_attr(ctx, "_keys")?)
    });
}

fn list_with_attribute<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    let class = Class::builder(ctx, "C").base(ctx.types().list).build()?;
    let items = list(ctx, &[ints(ctx, &[1, 2]), Value::Int(3)]);
    let x = Value::from(class).call(ctx, (items,))?;
    x.set_attr(ctx, "foo", ints(ctx, &[4, 5]))?;
    Ok(x)
}

#[test]
fn test_copy_list_subclass() {
    python(|ctx| {
        let x = list_with_attribute(ctx)?;
        let y = shallow(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_is_not(x, y);
        assert_is(item(x, 0), item(y, 0));
        assert_is(x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?);
        Ok(())
    });
}

#[test]
fn test_deepcopy_list_subclass() {
    python(|ctx| {
        let x = list_with_attribute(ctx)?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, x, y)?;
        assert_equal(ctx, x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?)?;
        assert_is_not(item(x, 0), item(y, 0));
        assert_is_not(x.get_attr(ctx, "foo")?, y.get_attr(ctx, "foo")?);
        Ok(())
    });
}

#[test]
fn test_copy_tuple_subclass() {
    python(|ctx| {
        let class = Class::builder(ctx, "C").base(ctx.types().tuple).build()?;
        let x = Value::from(class).call(ctx, (ints(ctx, &[1, 2, 3]),))?;
        let y = shallow(ctx, x)?;
        assert_is_not(x, y);
        assert_is(y.type_of(ctx).into(), class.into());
        assert_equal(ctx, x, y)
    });
}

#[test]
fn test_deepcopy_tuple_subclass() {
    python(|ctx| {
        let class = Class::builder(ctx, "C").base(ctx.types().tuple).build()?;
        let items = list(ctx, &[ints(ctx, &[1, 2]), Value::Int(3)]);
        let x = Value::from(class).call(ctx, (items,))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(x, y);
        assert_is_not(item(x, 0), item(y, 0));
        Ok(())
    });
}
