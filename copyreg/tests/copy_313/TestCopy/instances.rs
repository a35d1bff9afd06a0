//! Instances.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, Dict, Result, Tuple, Value};

use crate::common::{
    assert_equal, assert_is, assert_is_not, deep, deep_with, ints, list, remake, shallow, tuple,
};
use crate::python;

type Hooks = for<'gc> fn(ClassBuilder<'gc>) -> ClassBuilder<'gc>;

fn foo_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc> {
    object.get_attr(ctx, "foo")
}

/// A class whose `__init__` stores its argument as `foo`, and whose instances compare by it.
fn holder<'gc>(ctx: Context<'gc>, hooks: Hooks) -> Result<'gc, Class<'gc>> {
    let class = Class::builder(ctx, "C")
        .method("__init__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "foo", value)?;
            Ok(Value::None)
        })
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            Ok(Value::Bool(foo_of(ctx, this)?.equals(ctx, foo_of(ctx, other)?)?))
        });
    hooks(class).build()
}

fn check_shallow(hooks: Hooks) {
    python(|ctx| {
        let x = Value::from(holder(ctx, hooks)?).call(ctx, (42,))?;
        let y = shallow(ctx, x)?;
        assert_is_not(y, x);
        assert_equal(ctx, y, x)
    });
}

fn check_deep(hooks: Hooks) {
    python(|ctx| {
        let x = Value::from(holder(ctx, hooks)?).call(ctx, (ints(ctx, &[42]),))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_is_not(foo_of(ctx, y)?, foo_of(ctx, x)?);
        Ok(())
    });
}

fn getinitargs<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__getinitargs__", |_, _, _| panic!("Python 3 does not ask for it"))
}

fn getstate_dict<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__getstate__", |ctx, this, _| {
        let state = Dict::new(ctx);
        state.insert(ctx, ctx.str("foo"), foo_of(ctx, this)?)?;
        Ok(state.into())
    })
}

fn setstate_dict<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__setstate__", |ctx, this, args| {
        let (state,): (Dict<'_>,) = args.parse(ctx, "__setstate__")?;
        let value = state.get(ctx, ctx.str("foo"))?;
        this.set_attr(ctx, "foo", value.expect("the state has foo"))?;
        Ok(Value::None)
    })
}

fn getstate_setstate<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__getstate__", |ctx, this, _| foo_of(ctx, this)).method(
        "__setstate__",
        |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            this.set_attr(ctx, "foo", value)?;
            Ok(Value::None)
        },
    )
}

#[test]
fn test_copy_inst_vanilla() {
    check_shallow(|class| class);
}

#[test]
fn test_copy_inst_copy() {
    check_shallow(|class| {
        class.method("__copy__", |ctx, this, _| remake(ctx, this, &[foo_of(ctx, this)?]))
    });
}

#[test]
fn test_copy_inst_getinitargs() {
    check_shallow(getinitargs);
}

#[test]
fn test_copy_inst_getstate() {
    check_shallow(getstate_dict);
}

#[test]
fn test_copy_inst_setstate() {
    check_shallow(setstate_dict);
}

#[test]
fn test_copy_inst_getstate_setstate() {
    check_shallow(getstate_setstate);
    python(|ctx| {
        // A false state is a state.
        let x = Value::from(holder(ctx, getstate_setstate)?).call(ctx, (0.0,))?;
        assert_equal(ctx, shallow(ctx, x)?, x)
    });
}

#[test]
fn test_deepcopy_inst_vanilla() {
    check_deep(|class| class);
}

#[test]
fn test_deepcopy_inst_deepcopy() {
    check_deep(|class| {
        class.method("__deepcopy__", |ctx, this, args| {
            let (memo,): (Dict<'_>,) = args.parse(ctx, "__deepcopy__")?;
            let copied = deep_with(ctx, foo_of(ctx, this)?, memo)?;
            remake(ctx, this, &[copied])
        })
    });
}

#[test]
fn test_deepcopy_inst_getinitargs() {
    check_deep(getinitargs);
}

#[test]
fn test_deepcopy_inst_getstate() {
    check_deep(getstate_dict);
}

#[test]
fn test_deepcopy_inst_setstate() {
    check_deep(setstate_dict);
}

#[test]
fn test_deepcopy_inst_getstate_setstate() {
    check_deep(getstate_setstate);
    python(|ctx| {
        // A false state is a state.
        let x = Value::from(holder(ctx, getstate_setstate)?).call(ctx, (list(ctx, &[]),))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(foo_of(ctx, y)?, foo_of(ctx, x)?);
        Ok(())
    });
}

#[test]
fn test_deepcopy_reflexive_inst() {
    python(|ctx| {
        let x = Value::from(Class::builder(ctx, "C").build()?).call(ctx, ())?;
        x.set_attr(ctx, "foo", x)?;
        let y = deep(ctx, x)?;
        assert_is_not(y, x);
        assert_is(foo_of(ctx, y)?, y);
        Ok(())
    });
}

/// `class C(int)` whose `__new__` takes `foo` and makes the int of its first item, or of itself.
fn int_subclass<'gc>(ctx: Context<'gc>, hooks: Hooks) -> Result<'gc, Class<'gc>> {
    let class =
        Class::builder(ctx, "C").base(ctx.types().int).method("__new__", |ctx, class, args| {
            let [value] = args.bind("__new__", ["foo"], 1)?;
            let value = value.unwrap_or(Value::None);
            let number = match value {
                Value::List(items) => items.get(0).unwrap_or(Value::Int(0)),
                other => other,
            };
            let new = Value::from(ctx.types().int).get_attr(ctx, "__new__")?;
            let object = new.call(ctx, (class, number))?;
            object.set_attr(ctx, "foo", value)?;
            Ok(object)
        });
    hooks(class).build()
}

fn getnewargs<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__getnewargs__", |ctx, this, _| Ok(tuple(ctx, &[foo_of(ctx, this)?])))
}

fn getnewargs_ex<'gc>(class: ClassBuilder<'gc>) -> ClassBuilder<'gc> {
    class.method("__getnewargs_ex__", |ctx, this, _| {
        let keywords = Dict::new(ctx);
        keywords.insert(ctx, ctx.str("foo"), foo_of(ctx, this)?)?;
        Ok(Tuple::new(ctx, &[tuple(ctx, &[]), keywords.into()]).into())
    })
}

fn check_new_args(hooks: Hooks) {
    python(|ctx| {
        let class = int_subclass(ctx, hooks)?;
        let items = ints(ctx, &[42]);
        let x = Value::from(class).call(ctx, Args::new(&[items]))?;
        let y = shallow(ctx, x)?;
        assert_is(y.type_of(ctx).into(), class.into());
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_is(foo_of(ctx, y)?, items);
        let y = deep(ctx, x)?;
        assert_is(y.type_of(ctx).into(), class.into());
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_equal(ctx, foo_of(ctx, y)?, items)?;
        assert_is_not(foo_of(ctx, y)?, items);
        Ok(())
    });
}

#[test]
fn test_copy_inst_getnewargs() {
    check_new_args(getnewargs);
}

#[test]
fn test_deepcopy_inst_getnewargs() {
    check_new_args(getnewargs);
}

#[test]
fn test_copy_inst_getnewargs_ex() {
    check_new_args(getnewargs_ex);
}

#[test]
fn test_deepcopy_inst_getnewargs_ex() {
    check_new_args(getnewargs_ex);
}
