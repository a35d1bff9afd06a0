//! Instances of classic classes.

use halfsour_runtime::{ClassicClass, ClassicClassBuilder, Context, Dict, Tuple, Value};

use crate::common::{
    assert_equal, assert_is, assert_is_not, classic_holder, deep, deep_with, ints, list, python2,
    remake, shallow,
};

type Hooks = for<'gc> fn(ClassicClassBuilder<'gc>) -> ClassicClassBuilder<'gc>;

fn foo_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> halfsour_runtime::Result<'gc> {
    object.get_attr(ctx, "foo")
}

/// `copy.copy(C(42)) == C(42)`.
fn check_shallow(hooks: Hooks) {
    python2(|ctx| {
        let class = hooks(classic_holder(ctx)).build()?;
        let x = Value::from(class).call(ctx, (42,))?;
        let y = shallow(ctx, x)?;
        assert_is_not(y, x);
        assert_equal(ctx, y, x)
    });
}

/// `copy.deepcopy(C([42])) == C([42])`, with a list of its own.
fn check_deep(hooks: Hooks) {
    python2(|ctx| {
        let class = hooks(classic_holder(ctx)).build()?;
        let x = Value::from(class).call(ctx, (ints(ctx, &[42]),))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_is_not(foo_of(ctx, y)?, foo_of(ctx, x)?);
        Ok(())
    });
}

fn getinitargs<'gc>(class: ClassicClassBuilder<'gc>) -> ClassicClassBuilder<'gc> {
    class
        .method("__getinitargs__", |ctx, this, _| Ok(Tuple::new(ctx, &[foo_of(ctx, this)?]).into()))
}

fn getstate_dict<'gc>(class: ClassicClassBuilder<'gc>) -> ClassicClassBuilder<'gc> {
    class.method("__getstate__", |ctx, this, _| {
        let state = Dict::new(ctx);
        state.insert(ctx, ctx.str("foo"), foo_of(ctx, this)?)?;
        Ok(state.into())
    })
}

fn setstate_dict<'gc>(class: ClassicClassBuilder<'gc>) -> ClassicClassBuilder<'gc> {
    class.method("__setstate__", |ctx, this, args| {
        let (state,): (Dict<'_>,) = args.parse(ctx, "__setstate__")?;
        let value = state.get(ctx, ctx.str("foo"))?;
        this.set_attr(ctx, "foo", value.expect("the state has foo"))?;
        Ok(Value::None)
    })
}

fn getstate_setstate<'gc>(class: ClassicClassBuilder<'gc>) -> ClassicClassBuilder<'gc> {
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
    python2(|ctx| {
        // A false state is a state.
        let class = getstate_setstate(classic_holder(ctx)).build()?;
        let x = Value::from(class).call(ctx, (0.0,))?;
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
    python2(|ctx| {
        // A false state is a state.
        let class = getstate_setstate(classic_holder(ctx)).build()?;
        let x = Value::from(class).call(ctx, (list(ctx, &[]),))?;
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_is_not(foo_of(ctx, y)?, foo_of(ctx, x)?);
        Ok(())
    });
}

#[test]
fn test_deepcopy_reflexive_inst() {
    python2(|ctx| {
        let class = ClassicClass::builder(ctx, "C").build()?;
        let x = Value::from(class).call(ctx, ())?;
        x.set_attr(ctx, "foo", x)?;
        let y = deep(ctx, x)?;
        assert_is_not(y, x);
        assert_is(foo_of(ctx, y)?, y);
        Ok(())
    });
}
