//! The entry points, and the hooks that they ask.

use halfsour_copyreg::copy;
use halfsour_runtime::{Class, Context, Error, Function, Result, Tuple, Value, exc};

use crate::common::{
    assert_equal, assert_is, assert_is_not, assert_raises, deep, item, list, remake, shallow,
};
use crate::python;

type Copy = for<'gc> fn(Context<'gc>, Value<'gc>) -> Result<'gc>;

const SHALLOW: Copy = |ctx, object| shallow(ctx, object);
const DEEP: Copy = |ctx, object| deep(ctx, object);

#[test]
fn test_exceptions() {
    python(|ctx| {
        let error = ctx.import_from("copy", "Error")?;
        assert_is(error, ctx.import_from("copy", "error")?);
        let Value::Class(error) = error else { panic!("copy.Error is a class") };
        assert!(error.is_subclass_of(ctx.exception_class(&exc::EXCEPTION)));
        Ok(())
    });
}

#[test]
fn test_copy_basic() {
    python(|ctx| assert_equal(ctx, shallow(ctx, 42)?, Value::Int(42)));
}

#[test]
fn test_deepcopy_basic() {
    python(|ctx| assert_equal(ctx, deep(ctx, 42)?, Value::Int(42)));
}

/// A new-style class whose `__init__` stores its argument as `foo`, with a hook that makes another such instance.
fn with_hook<'gc>(ctx: Context<'gc>, hook: &'static str) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "C")
        .method("__init__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "foo", value)?;
            Ok(Value::None)
        })
        .method(hook, |ctx, this, _| remake(ctx, this, &[this.get_attr(ctx, "foo")?]))
        .build()
}

fn check_own_hook(hook: &'static str, copy: Copy) {
    python(|ctx| {
        let class = with_hook(ctx, hook)?;
        let x = Value::from(class).call(ctx, (42,))?;
        let y = copy(ctx, x)?;
        assert_is_not(x, y);
        assert_is(y.get_attr(ctx, "__class__")?, class.into());
        assert_equal(ctx, y.get_attr(ctx, "foo")?, Value::Int(42))
    });
}

#[test]
fn test_copy_copy() {
    check_own_hook("__copy__", SHALLOW);
}

#[test]
fn test_deepcopy_deepcopy() {
    check_own_hook("__deepcopy__", DEEP);
}

/// A class whose `__new__` needs an argument can be copied once `copy_reg` knows how.
fn check_registry(copy: Copy) {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .method("__new__", |ctx, class, args| {
                let (value,): (Value<'_>,) = args.parse(ctx, "__new__")?;
                let new = Value::from(ctx.types().object).get_attr(ctx, "__new__")?;
                let object = new.call(ctx, (class,))?;
                object.set_attr(ctx, "foo", value)?;
                Ok(object)
            })
            .build()?;
        let pickle = Function::new(ctx, "pickle_C", |ctx, args| {
            let (object,): (Value<'_>,) = args.parse(ctx, "pickle_C")?;
            let args = Tuple::new(ctx, &[object.get_attr(ctx, "foo")?]);
            Ok(Tuple::new(ctx, &[object.get_attr(ctx, "__class__")?, args.into()]).into())
        });
        let x = Value::from(class).call(ctx, (42,))?;
        assert_raises(ctx, &exc::TYPE_ERROR, copy(ctx, x));
        let register = ctx.import_from(ctx.dialect().copyreg_module(), "pickle")?;
        register.call(ctx, (class, pickle, class))?;
        let y = copy(ctx, x)?;
        assert_is_not(x, y);
        assert_equal(ctx, y.get_attr(ctx, "foo")?, Value::Int(42))
    });
}

#[test]
fn test_copy_registry() {
    check_registry(SHALLOW);
}

#[test]
fn test_deepcopy_registry() {
    check_registry(DEEP);
}

fn check_reduce_ex(copy: Copy) {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .method("__reduce_ex__", |ctx, _, args| {
                args.parse::<(i64,)>(ctx, "__reduce_ex__")?;
                Ok(ctx.str(""))
            })
            .method("__reduce__", |_, _, _| panic!("shouldn't call this"))
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        assert_is(copy(ctx, x)?, x);
        Ok(())
    });
}

#[test]
fn test_copy_reduce_ex() {
    check_reduce_ex(SHALLOW);
}

#[test]
fn test_deepcopy_reduce_ex() {
    check_reduce_ex(DEEP);
}

fn check_reduce(copy: Copy) {
    python(|ctx| {
        let class =
            Class::builder(ctx, "C").method("__reduce__", |ctx, _, _| Ok(ctx.str(""))).build()?;
        let x = Value::from(class).call(ctx, ())?;
        assert_is(copy(ctx, x)?, x);
        Ok(())
    });
}

#[test]
fn test_copy_reduce() {
    check_reduce(SHALLOW);
}

#[test]
fn test_deepcopy_reduce() {
    check_reduce(DEEP);
}

fn check_cant(copy: Copy, message: &str) {
    python(|ctx| {
        let class = Class::builder(ctx, "C")
            .module("__main__")
            .method("__getattribute__", |ctx, this, args| {
                let (name,): (String,) = args.parse(ctx, "__getattribute__")?;
                if name.starts_with("__reduce") {
                    return Err(Error::new(&exc::ATTRIBUTE_ERROR, name));
                }
                let inherited =
                    Value::from(ctx.types().object).get_attr(ctx, "__getattribute__")?;
                inherited.call(ctx, (this, name))
            })
            .build()?;
        let x = Value::from(class).call(ctx, ())?;
        assert_eq!(assert_raises(ctx, &copy::ERROR, copy(ctx, x)), message);
        Ok(())
    });
}

#[test]
fn test_copy_cant() {
    check_cant(SHALLOW, "un(shallow)copyable object of type <class '__main__.C'>");
}

#[test]
fn test_deepcopy_cant() {
    check_cant(DEEP, "un(deep)copyable object of type <class '__main__.C'>");
}

#[test]
fn test_deepcopy_memo() {
    python(|ctx| {
        let inner = list(ctx, &[]);
        let x = list(ctx, &[inner, inner]);
        let y = deep(ctx, x)?;
        assert_equal(ctx, y, x)?;
        assert_is_not(y, x);
        assert_is_not(item(y, 0), item(x, 0));
        assert_is(item(y, 0), item(y, 1));
        Ok(())
    });
}

#[test]
fn test_deepcopy_issubclass() {
    python(|ctx| {
        let meta = Class::builder(ctx, "Meta").base(ctx.types().type_).build()?;
        let class = Class::builder(ctx, "C").metaclass(meta).build()?;
        assert_is(deep(ctx, class)?, class.into());
        Ok(())
    });
}
